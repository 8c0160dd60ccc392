/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* pipe2 */
#include "objective/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* The command with "$1" behind it, so that no path needs quotes. */
static char *with_argument(const char *command, const char *argument) {
  static const char more[] = " \"$1\"";
  char *text = malloc(strlen(command) + sizeof more);
  if (text) {
    strcpy(text, command);
    if (argument) strcat(text, more);
  }
  return text;
}

/* In the child, where only system calls are allowed. */
static void become(const char *script, const char *argument, const char *folder, int output, pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(126);
  if (folder && chdir(folder) != 0) _exit(126);
  if (dup2(output, STDOUT_FILENO) < 0) _exit(126);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execl("/bin/sh", "sh", "-c", script, "sh", argument, (char *)NULL);
  _exit(127);
}

/* All of a pipe; what does not fit is dropped. */
static void read_all(int pipe, char *output, size_t size) {
  char rest[4096];
  size_t used = 0;
  for (;;) {
    char *to = used + 1 < size ? output + used : rest;
    size_t room = used + 1 < size ? size - 1 - used : sizeof rest;
    ssize_t got = read(pipe, to, room);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    if (to != rest) used += (size_t)got;
  }
  output[used] = '\0';
}

xp_status xp_program_run(const char *command, const char *argument, const char *folder, char *output, size_t size,
                         int *exit_status, xp_error *error) {
  int ends[2], status = 0;
  char *script = with_argument(command, argument);
  if (!script) return xp_error_memory(error, "a command");
  if (pipe2(ends, O_CLOEXEC) != 0) { /* programs that other threads start must not hold it open */
    free(script);
    return xp_error_set(error, XP_ERROR_IO, "cannot run %s: %s", command, strerror(errno));
  }
  pid_t parent = getpid(), child = fork();
  if (child == 0) {
    close(ends[0]);
    become(script, argument, folder, ends[1], parent);
  }
  int reason = errno;
  free(script);
  close(ends[1]);
  if (child > 0) read_all(ends[0], output, size);
  close(ends[0]);
  if (child < 0) return xp_error_set(error, XP_ERROR_IO, "cannot run %s: %s", command, strerror(reason));
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  *exit_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return XP_OK;
}
