/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <cblas.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"

#define VARIABLE "OPENBLAS_CORETYPE"

/* The library reads the variable while it is loaded, before main: hence the new start. */
void xp_blas_prepare(char **argv) {
  openblas_set_num_threads(1);
#if defined(__x86_64__)
  const char *core = openblas_get_corename();
  if (getenv(VARIABLE) || !core || (strcmp(core, "Prescott") != 0 && strcmp(core, "Core2") != 0)) return;
  const char *type = __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") ? "SkylakeX"
                     : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")        ? "Haswell"
                                                                                              : NULL;
  char program[4096];
  ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  if (!type || length < 0 || setenv(VARIABLE, type, 1) != 0) return;
  program[length] = '\0';
  execv(program, argv); /* comes back only when it fails; then the slow code does */
#else
  (void)argv;
#endif
}
