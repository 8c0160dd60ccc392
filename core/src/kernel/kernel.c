/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/kernel.h"

static int limit = XP_KERNEL_V4;

static int processor_level(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd"))
    return XP_KERNEL_V4;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
    return XP_KERNEL_V3;
  if (__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("ssse3") && __builtin_cpu_supports("popcnt"))
    return XP_KERNEL_V2;
#endif
  return XP_KERNEL_BASE;
}

int xp_kernel_level(void) {
  int level = processor_level();
  return level < limit ? level : limit;
}

void xp_kernel_limit(int level) {
  limit = level;
}
