/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/gnuplot.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* What an exec that fails ends with, and shells say of a command that is not there. */
enum { NOT_FOUND = 127 };

bool xp_gnuplot_run(const char *folder, const char *name) {
  char file[64];
  int state = 0;
  snprintf(file, sizeof file, "%s.gnuplot", name);
  pid_t child = fork();
  if (child == 0) {
    if (chdir(folder) == 0 && freopen("/dev/null", "w", stderr)) execlp("gnuplot", "gnuplot", file, (char *)NULL);
    _exit(NOT_FOUND);
  }
  while (child > 0 && waitpid(child, &state, 0) < 0)
    if (errno != EINTR) return false;
  return child > 0 && WIFEXITED(state) && WEXITSTATUS(state) == 0;
}
