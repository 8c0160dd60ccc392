/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pool/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/report.h"

static int output = -1;
static FILE *input;

/* The coordinator is gone. Programs that this process has started are in its group and must not go on, either. */
static void end_group(int signal_number) {
  (void)signal_number;
  kill(0, SIGKILL);
}

xp_status xp_worker_begin(xp_error *error) {
  if (getpgrp() == getpid()) {
    struct sigaction action = {.sa_handler = end_group};
    sigaction(SIGTERM, &action, NULL);
  }
  int tasks = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  input = tasks < 0 ? NULL : fdopen(tasks, "r");
  if (input && output >= 0 && nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 &&
      dup2(STDERR_FILENO, STDOUT_FILENO) >= 0) {
    close(nothing);
    return XP_OK;
  }
  return xp_error_set(error, XP_ERROR_IO, "cannot connect a worker to its search: %s", strerror(errno));
}

static xp_status say(const xp_message *message, xp_error *error) {
  char *text = NULL;
  xp_status status = xp_message_text(message, &text, error);
  size_t size = status == XP_OK ? strlen(text) : 0, written = 0;
  while (written < size) {
    ssize_t bytes = write(output, text + written, size - written);
    if (bytes < 0 && errno != EINTR) break;
    if (bytes > 0) written += (size_t)bytes;
  }
  free(text);
  if (written == size) return status;
  return xp_error_set(error, XP_ERROR_IO, "cannot tell the search of a result: %s", strerror(errno));
}

void xp_worker_report(const xp_error *error) {
  xp_error ignored = {0};
  xp_message message = {.kind = XP_MESSAGE_ERROR, .error = *error};
  say(&message, &ignored); /* there is nobody else to tell */
}

static xp_status make_trial(xp_worker_objective objective, void *user, const xp_message *task, xp_error *error) {
  xp_message answer = {.kind = XP_MESSAGE_RESULT, .number = task->number};
  double start = xp_report_clock();
  xp_status status = objective(user, task, &answer.trial, error);
  if (status == XP_OK && answer.trial.status == XP_TRIAL_OK && !isfinite(answer.trial.loss))
    xp_trial_fail(&answer.trial, "the loss is %g, not a finite number", answer.trial.loss);
  answer.seconds = xp_report_clock() - start;
  answer.peak_memory_mb = xp_report_peak_memory();
  if (status == XP_OK) status = say(&answer, error);
  xp_message_clear(&answer);
  return status;
}

xp_status xp_worker_serve(xp_worker_objective objective, void *user, xp_error *error) {
  char *line = NULL;
  size_t room = 0;
  xp_message ready = {.kind = XP_MESSAGE_READY};
  xp_status status = say(&ready, error);
  while (status == XP_OK && getline(&line, &room, input) > 0) {
    xp_message task;
    status = xp_message_read(&task, line, error);
    if (status == XP_OK) status = make_trial(objective, user, &task, error);
    xp_message_clear(&task);
  }
  free(line);
  return status;
}
