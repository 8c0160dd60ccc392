/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A worker whose trials do what the first number of the point says, for the tests of pools. Arguments: none, or one of "never"
 * (ends before it is ready), "refuses" (reports an error), "fat" (holds 100 MB before it is ready). */
#include "pool/worker.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "misdeeds.h"

static void sleep_long(void) {
  for (;;) sleep(1000);
}

/* 100 MB at once, all of it used. */
static void eat(void) {
  enum { BYTES = 100000000 };
  volatile char *memory = malloc(BYTES);
  for (int i = 0; memory && i < BYTES; ++i) memory[i] = 1;
  sleep_long();
}

/* Leaves the name of a program that sleeps in the file that the environment names, and sleeps itself. */
static void start_program(void) {
  pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0); /* out of reach of a signal to the group */
    sleep_long();
  }
  FILE *file = fopen(getenv(XP_MISDEED_FILE), "w");
  if (file) fprintf(file, "%d", (int)child);
  if (file) fclose(file);
  sleep_long();
}

/* Dies the first time, which the file remembers. */
static void die_once(void) {
  const char *path = getenv(XP_MISDEED_FILE);
  if (access(path, F_OK) == 0) return;
  FILE *file = fopen(path, "w");
  if (file) fclose(file);
  raise(SIGKILL);
}

static xp_status misbehave(void *user, const xp_message *task, xp_trial *result, xp_error *error) {
  (void)user;
  if (task->values[0] == XP_MISDEED_NONE) printf("this is not a message\n");
  fflush(stdout);
  result->loss = task->fidelity + 0.1;
  switch ((xp_misdeed)task->values[0]) {
  case XP_MISDEED_NONE:
    return xp_trial_add_metric(result, "third", 1.0 / 3.0, error);
  case XP_MISDEED_SLEEP:
    sleep_long();
    break;
  case XP_MISDEED_EAT:
    eat();
    break;
  case XP_MISDEED_CRASH:
    raise(SIGSEGV);
    break;
  case XP_MISDEED_EXIT:
    exit(3);
  case XP_MISDEED_PROGRAM:
    start_program();
    break;
  case XP_MISDEED_DIE_ONCE:
    die_once();
    break;
  case XP_MISDEED_NAN:
    result->loss = NAN;
    break;
  case XP_MISDEED_ERROR:
    return xp_error_set(error, XP_ERROR_MEMORY, "no room for trial %d", task->number);
  }
  return XP_OK;
}

int main(int argc, char **argv) {
  xp_error error = {0};
  const char *mode = argc > 1 ? argv[1] : "";
  signal(SIGSEGV, SIG_DFL); /* a sanitizer reports it and exits */
  if (strcmp(mode, "never") == 0) return 7;
  if (xp_worker_begin(&error) != XP_OK) return 1;
  if (strcmp(mode, "refuses") == 0) {
    xp_error_set(&error, XP_ERROR_INPUT, "nothing to do");
    xp_worker_report(&error);
    return 0;
  }
  if (strcmp(mode, "fat") == 0) eat();
  if (xp_worker_serve(misbehave, NULL, &error) != XP_OK) xp_worker_report(&error);
  return 0;
}
