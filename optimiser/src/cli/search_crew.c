/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/search_crew.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/search_worker.h"
#include "pool/message.h"
#include "report/table.h"

#define SECONDS_AN_HOUR 3600.0
#define BYTES_A_GB 1e9
#define SELF "/proc/self/exe"

/* The name of the running program, where the file of that name still is this program. */
static void find_program(char program[XP_SEARCH_PROGRAM_SIZE]) {
  struct stat named, self;
  ssize_t length = readlink(SELF, program, XP_SEARCH_PROGRAM_SIZE - 1);
  program[length < 0 ? 0 : length] = '\0';
  bool same = stat(program, &named) == 0 && stat(SELF, &self) == 0 && named.st_ino == self.st_ino &&
              named.st_dev == self.st_dev;
  if (!same) strcpy(program, SELF);
}

static double limit_of(double value, double unit) {
  return value > 0.0 ? value * unit : INFINITY;
}

xp_status xp_search_crew_open(xp_search_crew *crew, const xp_study *study, const char *fingerprint, const char *timings,
                              xp_error *error) {
  const xp_config *config = study->config;
  int parallel = (int)config->parallel.value;
  int threads = study->threads / parallel;
  *crew = (xp_search_crew){.ndims = xp_space_count(config->space), .timings = timings};
  find_program(crew->program);
  snprintf(crew->threads, sizeof crew->threads, "%d", threads > 1 ? threads : 1);
  char *argv[] = {crew->program,       "search",    config->path,  XP_SEARCH_WORKER_FLAG,
                  (char *)fingerprint, "--threads", crew->threads, "--output",
                  config->output,      "--quiet",   NULL};
  memcpy(crew->argv, argv, sizeof argv);
  xp_pool_settings settings = {.argv = crew->argv,
                               .workers = parallel,
                               .seconds = limit_of(config->trial_hours.value, SECONDS_AN_HOUR),
                               .memory = limit_of(config->trial_memory.value, BYTES_A_GB)};
  return xp_crew_new(&crew->crew, &settings, error);
}

void xp_search_crew_close(xp_search_crew *crew) {
  xp_crew_free(crew->crew);
  *crew = (xp_search_crew){0};
}

static int count_idle(void *user) {
  const xp_search_crew *crew = user;
  return xp_crew_idle(crew->crew);
}

static xp_status submit(void *user, int number, const double *values, double fidelity, xp_error *error) {
  const xp_search_crew *crew = user;
  char *text = NULL;
  xp_message task = {.kind = XP_MESSAGE_TASK,
                     .number = number,
                     .values = (double *)values,
                     .nvalues = crew->ndims,
                     .fidelity = fidelity};
  xp_status status = xp_message_text(&task, &text, error);
  if (status == XP_OK) status = xp_crew_submit(crew->crew, number, text, error);
  free(text);
  return status;
}

/* The table of timings is written before the journal: a kill between them costs a trial, not a line. */
static xp_status wait_for(void *user, double seconds, int *number, xp_trial *result, xp_error *error) {
  const xp_search_crew *crew = user;
  char *text = NULL;
  xp_message message;
  *number = 0;
  xp_status status = xp_crew_wait(crew->crew, seconds, &text, error);
  if (status != XP_OK || !text) return status;
  status = xp_message_read(&message, text, error);
  free(text);
  if (status != XP_OK) return status;
  xp_timing timing = {message.number, message.seconds, message.peak_memory_mb};
  status = xp_table_add_timing(crew->timings, &timing, error);
  if (status == XP_OK) {
    *number = message.number;
    *result = message.trial;
    message.trial = (xp_trial){0};
  }
  xp_message_clear(&message);
  return status;
}

xp_executor xp_search_crew_executor(xp_search_crew *crew) {
  return (xp_executor){crew, count_idle, submit, wait_for};
}
