/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pool/process.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* ---- starting ---- */

/* By these variables a program believes that an MPI launcher has started it. Settings of a user (OMPI_MCA_btl, ...) stay. */
static bool is_of_launcher(const char *variable) {
  static const char *const prefixes[] = {"OMPI_COMM_WORLD_", "OMPI_UNIVERSE_", "OMPI_MCA_orte_", "OMPI_MCA_ess",
                                         "OMPI_MCA_pmix",    "PMIX_",          "PMI_",           "MPI_LOCAL",
                                         "PRTE_MCA_ess",     "HYDI_"};
  for (size_t p = 0; p < sizeof prefixes / sizeof *prefixes; ++p)
    if (strncmp(variable, prefixes[p], strlen(prefixes[p])) == 0) return true;
  return false;
}

/* Borrows the strings. */
static char **environment_without_launcher(void) {
  size_t count = 0, kept = 0;
  while (environ[count]) ++count;
  char **variables = malloc((count + 1) * sizeof *variables);
  for (size_t v = 0; variables && v < count; ++v)
    if (!is_of_launcher(environ[v])) variables[kept++] = environ[v];
  if (variables) variables[kept] = NULL;
  return variables;
}

/* In the child, where only system calls are allowed. */
static void become(char *const *argv, char **variables, int socket, pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  setpgid(0, 0);
  if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent) _exit(1);
  if (dup2(socket, STDIN_FILENO) < 0 || dup2(socket, STDOUT_FILENO) < 0) _exit(1);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(argv[0], argv, variables);
  _exit(127); /* as a shell says it */
}

xp_status xp_process_start(xp_process *process, char *const *argv, xp_error *error) {
  int ends[2];
  *process = (xp_process){0};
  char **variables = environment_without_launcher();
  if (!variables) return xp_error_memory(error, "the environment of a process");
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    free(variables);
    return xp_error_set(error, XP_ERROR_IO, "cannot connect a process: %s", strerror(errno));
  }
  pid_t parent = getpid(), child = fork();
  if (child == 0) become(argv, variables, ends[1], parent);
  int reason = errno;
  free(variables);
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return xp_error_set(error, XP_ERROR_IO, "cannot start a process: %s", strerror(reason));
  }
  setpgid(child, child); /* whoever comes first */
  *process = (xp_process){.id = child, .socket = ends[0]};
  return XP_OK;
}

/* ---- the processes that a process has started ---- */

typedef struct relative {
  pid_t id, parent, group;
  long pages; /* resident */
  bool found;
} relative;

/* Reads /proc/ID/stat; false when the process is gone. */
static bool read_relative(const char *id, relative *r) {
  char path[300], text[1024];
  snprintf(path, sizeof path, "/proc/%s/stat", id);
  FILE *file = fopen(path, "re");
  if (!file) return false;
  size_t size = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[size] = '\0';
  const char *end = strrchr(text, ')'); /* of the name, which may hold anything */
  *r = (relative){.id = (pid_t)atol(id)};
  /* state ppid pgrp, 17 numbers that do not matter, starttime vsize rss: fields 3 to 24 of proc(5) */
  return end &&
         sscanf(end + 1, " %*c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %*u %*u %ld",
                &r->parent, &r->group, &r->pages) == 3;
}

/* All processes of this machine; their number. Caller frees. */
static int list_processes(relative **list) {
  DIR *folder = opendir("/proc");
  int count = 0, capacity = 0;
  *list = NULL;
  for (struct dirent *entry; folder && (entry = readdir(folder));) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    if (count == capacity) {
      capacity = capacity ? 2 * capacity : 256;
      relative *more = realloc(*list, (size_t)capacity * sizeof *more);
      if (!more) break;
      *list = more;
    }
    count += read_relative(entry->d_name, &(*list)[count]);
  }
  if (folder) closedir(folder);
  return count;
}

/* Moves the process, its group and all their descendants to the front; their number. */
static int find_relatives(relative *list, int count, pid_t root) {
  int found = 0;
  for (int before = -1; before < found;) {
    before = found;
    for (int i = found; i < count; ++i) {
      bool related = list[i].id == root || list[i].group == root;
      for (int f = 0; f < found && !related; ++f) related = list[i].parent == list[f].id;
      if (!related) continue;
      relative r = list[i];
      list[i] = list[found];
      list[found++] = r;
    }
  }
  return found;
}

double xp_process_memory(const xp_process *process) {
  relative *list;
  int count = list_processes(&list);
  count = find_relatives(list, count, process->id);
  double pages = 0.0;
  for (int i = 0; i < count; ++i) pages += (double)list[i].pages;
  free(list);
  return pages * (double)sysconf(_SC_PAGESIZE);
}

int xp_process_end(xp_process *process) {
  relative *list;
  int status = 0, count = list_processes(&list);
  count = find_relatives(list, count, process->id);
  kill(-process->id, SIGKILL);
  for (int i = 0; i < count; ++i) kill(list[i].id, SIGKILL);
  free(list);
  while (waitpid(process->id, &status, 0) < 0 && errno == EINTR) continue;
  close(process->socket);
  *process = (xp_process){0};
  return status;
}
