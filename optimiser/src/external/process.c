/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between this process and the shell stands a keeper, which starts the shell in a process group of its own, adopts what loses its
 * parent, and kills all of it when the shell has ended, when time is up, or when this process is no more. */
#include "external/process.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "report/folder.h"

extern char **environ;

/* What the shell exits with when it cannot be started. */
#define CANNOT_START 127

/* ---- the shell ---- */

static bool redirect(const char *name, const char *ending, int descriptor) {
  char file[256];
  snprintf(file, sizeof file, "%s.%s", name, ending);
  int log = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  return log >= 0 && dup2(log, descriptor) >= 0 && close(log) == 0;
}

/* A fitting code that uses MPI is not a part of the job that this program may be. */
static void forget_mpi(void) {
  static const char *const prefixes[] = {"OMPI_", "PMIX_", "PMI_", "PRTE_", "MPI_"};
  for (char **entry = environ; entry && *entry;) {
    bool drop = false;
    for (size_t p = 0; p < sizeof prefixes / sizeof *prefixes; ++p)
      drop |= strncmp(*entry, prefixes[p], strlen(prefixes[p])) == 0;
    char name[256];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(*entry, "="), *entry);
    if (!drop || unsetenv(name) != 0) ++entry;
  }
}

static void be_shell(const char *command, const char *folder, const char *name) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  forget_mpi();
  int nothing = open("/dev/null", O_RDONLY);
  if (chdir(folder) != 0 || nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || !redirect(name, "out", STDOUT_FILENO) ||
      !redirect(name, "err", STDERR_FILENO))
    _exit(CANNOT_START);
  execl("/bin/sh", "sh", "-c", command, (char *)NULL);
  _exit(CANNOT_START);
}

/* ---- the keeper ---- */

/* Kills the children that Linux lists for this thread; false where it lists none. */
static bool kill_children(void) {
  FILE *list = fopen("/proc/thread-self/children", "r");
  int child;
  if (!list) return false;
  while (fscanf(list, "%d", &child) == 1) kill(child, SIGKILL);
  return fclose(list) == 0;
}

/* Descendants of what is killed become children of the keeper, until there are none. */
static void clean_up(pid_t shell) {
  kill(-shell, SIGKILL);
  while (kill_children())
    if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD) return;
}

static struct timespec time_left(const struct timespec *start, double seconds) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  double left = seconds - (double)(now.tv_sec - start->tv_sec) - 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
  if (left < 0.0) left = 0.0;
  return (struct timespec){(time_t)left, (long)((left - floor(left)) * 1e9)};
}

/* Waits for the shell, reaping whatever else ends; false: nobody wants to know any more. */
static bool watch(pid_t shell, double seconds, const sigset_t *signals, xp_process_end *end) {
  struct timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (;;) {
    int status;
    for (pid_t ended; (ended = waitpid(-1, &status, WNOHANG)) > 0;) {
      if (ended != shell) continue;
      if (WIFEXITED(status)) end->status = WEXITSTATUS(status);
      if (WIFSIGNALED(status)) end->signal = WTERMSIG(status);
      return true;
    }
    struct timespec left = time_left(&start, seconds);
    int caught = seconds > 0.0 ? sigtimedwait(signals, NULL, &left) : sigwaitinfo(signals, NULL);
    if (caught == SIGTERM) return false;
    end->late = caught < 0 && errno == EAGAIN;
    if (end->late) return true;
  }
}

static void be_keeper(pid_t parent, const char *command, const char *folder, const char *name, double seconds,
                      int answer) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  setpgid(0, 0); /* Ctrl-C on the terminal is not for trials */
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(1);
  xp_process_end end = {.status = -1};
  pid_t shell = fork();
  if (shell == 0) be_shell(command, folder, name);
  if (shell < 0) _exit(1);
  bool wanted = watch(shell, seconds, &signals, &end);
  clean_up(shell);
  if (wanted && write(answer, &end, sizeof end) == sizeof end) _exit(0);
  _exit(1);
}

/* ---- this process ---- */

static xp_status cannot_start(xp_error *error) {
  return xp_error_set(error, XP_ERROR_IO, "cannot start a command: %s", strerror(errno));
}

xp_status xp_process_run(const char *command, const char *folder, const char *name, double seconds, xp_process_end *end,
                         xp_error *error) {
  int answer[2];
  *end = (xp_process_end){.status = -1};
  if (pipe(answer) != 0) return cannot_start(error);
  for (int i = 0; i < 2; ++i) fcntl(answer[i], F_SETFD, FD_CLOEXEC); /* not for the shell */
  pid_t parent = getpid(), keeper = fork();
  if (keeper == 0) be_keeper(parent, command, folder, name, seconds, answer[1]);
  close(answer[1]);
  if (keeper < 0) {
    close(answer[0]);
    return cannot_start(error);
  }
  ssize_t got;
  while ((got = read(answer[0], end, sizeof *end)) < 0 && errno == EINTR) continue;
  close(answer[0]);
  while (waitpid(keeper, NULL, 0) < 0 && errno == EINTR) continue;
  if (got == (ssize_t)sizeof *end) return XP_OK;
  return xp_error_set(error, XP_ERROR_IO, "%s: the process that watches the command \"%.200s\" was killed", folder,
                      command);
}
