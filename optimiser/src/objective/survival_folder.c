/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/survival_folder.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/folder.h"
#include "xpot/file.h"

/* Of an output: what LAMMPS says before the first step, and a line of thermodynamic output. */
#define OUTPUT_HEAD 65536
#define OUTPUT_LINE 128
/* The last line of an output that is kept. */
#define EXIT_STATUS "exit status "

/* ---- what the runs in a folder are ---- */

static int print_identity(char *text, size_t size, const xp_survival *survival, const char *checksums) {
  const xp_survival_settings *s = xp_survival_settings_of(survival);
  return snprintf(text, size,
                  "potential %s\nstructures %s\natoms %d\ntemperature %.17g\nsteps %ld\ntimestep %.17g\nexplode %.17g\n"
                  "every %ld\nseed %llu\n",
                  checksums, xp_survival_checksum(survival), s->atoms, s->temperature, s->steps, s->timestep,
                  s->explode, s->every, (unsigned long long)s->seed);
}

/* Where two texts differ: the begin of that line. */
static size_t different_line(const char *a, const char *b) {
  size_t same = 0;
  while (a[same] && a[same] == b[same]) ++same;
  while (same > 0 && a[same - 1] != '\n') --same;
  return same;
}

static xp_status check_identity(const char *path, const char *identity, xp_error *error) {
  xp_bytes found;
  xp_status status = xp_bytes_read(&found, path, error);
  if (status != XP_OK) return status;
  if (strcmp(found.data, identity) != 0) {
    const char *there = found.data + different_line(found.data, identity),
               *here = identity + different_line(found.data, identity);
    status = xp_error_set(error, XP_ERROR_INPUT,
                          "%s: the runs of this folder are of \"%.*s\", expected \"%.*s\"; give another --out", path,
                          (int)strcspn(there, "\n"), there, (int)strcspn(here, "\n"), here);
  }
  xp_bytes_free(&found);
  return status;
}

static xp_status claim(const xp_survival *survival, const xp_survival_task *task, xp_error *error) {
  char path[XP_FOLDER_PATH], identity[1024];
  int size = print_identity(identity, sizeof identity, survival, task->checksums);
  xp_status status = xp_folder_make(task->folder, error);
  if (status == XP_OK) status = xp_folder_join(path, task->folder, "settings.txt", error);
  if (status != XP_OK) return status;
  if (access(path, F_OK) == 0) return check_identity(path, identity, error);
  return xp_file_write(path, identity, (size_t)size, error);
}

/* ---- a run ---- */

static xp_status run_paths(char *folder, char *output, const xp_survival_task *task, int run, xp_error *error) {
  char name[32];
  snprintf(name, sizeof name, "run-%04d", run + 1);
  xp_status status = xp_folder_join(folder, task->folder, name, error);
  return status == XP_OK ? xp_folder_join(output, folder, "output.txt", error) : status;
}

/* Reads the output of a run that is there. */
static xp_status look(const xp_survival *survival, const xp_survival_task *task, int run, xp_survival_fate *fate,
                      xp_error *error) {
  char folder[XP_FOLDER_PATH], path[XP_FOLDER_PATH];
  xp_bytes output;
  int exit_status;
  xp_status status = run_paths(folder, path, task, run, error);
  if (status != XP_OK || access(path, F_OK) != 0) return status;
  status = xp_bytes_read(&output, path, error);
  if (status != XP_OK) return status;
  const char *last = strstr(output.data, "\n" EXIT_STATUS);
  for (const char *next = last; next; next = strstr(next + 1, "\n" EXIT_STATUS)) last = next;
  if (last && sscanf(last + 1, EXIT_STATUS "%d", &exit_status) == 1)
    xp_survival_read(fate, output.data, exit_status, xp_survival_settings_of(survival));
  else
    status = xp_error_set(error, XP_ERROR_INPUT, "%s: expected \"" EXIT_STATUS "N\" at the end; remove the file", path);
  xp_bytes_free(&output);
  return status;
}

static bool is_killed(int exit_status) {
  int signal = exit_status - 128;
  return signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP;
}

/* Keeps what LAMMPS said, once it tells of a fate. */
static xp_status keep(const char *path, char *output, size_t size, int exit_status, const xp_survival_fate *fate,
                      xp_error *error) {
  if (is_killed(exit_status))
    return xp_error_set(
        error, XP_ERROR_IO,
        "%s: LAMMPS was killed from outside (signal %d; memory, time of a job?); the same command goes on", path,
        exit_status - 128);
  if (fate->end == XP_SURVIVAL_UNREADY) return xp_error_set(error, XP_ERROR_NUMERIC, "%s: %s", path, fate->reason);
  size_t used = strlen(output);
  used += (size_t)snprintf(output + used, size - used, "\n" EXIT_STATUS "%d\n", exit_status);
  return xp_file_write(path, output, used, error);
}

static xp_status make(const xp_survival *survival, const xp_survival_task *task, int run, xp_survival_fate *fate,
                      xp_error *error) {
  const xp_survival_settings *settings = xp_survival_settings_of(survival);
  char folder[XP_FOLDER_PATH], path[XP_FOLDER_PATH];
  int exit_status = 0;
  size_t size = OUTPUT_HEAD + OUTPUT_LINE * (size_t)(settings->steps / settings->every), tail = OUTPUT_LINE;
  char *output = malloc(size);
  if (!output) return xp_error_memory(error, "the output of LAMMPS");
  xp_status status = run_paths(folder, path, task, run, error);
  if (status == XP_OK) status = xp_folder_make(folder, error);
  if (status == XP_OK)
    status = xp_survival_make_run(survival, run, folder, task->coefficients, output, size - tail, &exit_status, error);
  if (status == XP_OK) {
    xp_survival_read(fate, output, exit_status, settings);
    status = keep(path, output, size, exit_status, fate, error);
  }
  free(output);
  return status;
}

/* ---- all ---- */

static void tell(xp_report *report, const xp_survival *survival, int run, const xp_survival_fate *fate) {
  double time = fate->step * xp_survival_settings_of(survival)->timestep;
  if (fate->end == XP_SURVIVAL_SURVIVED)
    xp_report_message(report, "run %d: survived", run + 1);
  else
    xp_report_message(report, "run %d: died at %.4g ps: %s", run + 1, time, fate->reason);
}

/* Runs after the first that fails are not begun. */
static xp_status make_all(const xp_survival *survival, const xp_survival_task *task, xp_report *report,
                          xp_survival_fate *fates, xp_error *error) {
  int runs = xp_survival_settings_of(survival)->runs;
  xp_status status = XP_OK;
#pragma omp parallel for schedule(dynamic) num_threads(task->parallel)
  for (int r = 0; r < runs; ++r) {
    xp_error own = {0};
    xp_status so_far;
#pragma omp atomic read
    so_far = status;
    if (fates[r].end != XP_SURVIVAL_UNREADY || so_far != XP_OK) continue;
    xp_status mine = make(survival, task, r, &fates[r], &own);
#pragma omp critical
    if (mine == XP_OK) {
      tell(report, survival, r, &fates[r]);
      xp_report_advance(report, 1.0);
    } else if (status == XP_OK) {
      *error = own;
#pragma omp atomic write
      status = mine;
    }
  }
  return status;
}

xp_status xp_survival_keep(const xp_survival *survival, const xp_survival_task *task, xp_report *report,
                           xp_survival_fate *fates, xp_error *error) {
  int runs = xp_survival_settings_of(survival)->runs, made = 0;
  xp_status status = claim(survival, task, error);
  for (int r = 0; r < runs && status == XP_OK; ++r) {
    fates[r] = (xp_survival_fate){.end = XP_SURVIVAL_UNREADY};
    status = look(survival, task, r, &fates[r], error);
    made += fates[r].end != XP_SURVIVAL_UNREADY;
  }
  if (status != XP_OK || made == runs) return status;
  if (made > 0) xp_report_message(report, "%d of %d runs are there", made, runs);
  xp_report_stage(report, "runs", runs - made);
  status = make_all(survival, task, report, fates, error);
  xp_report_end(report);
  return status;
}
