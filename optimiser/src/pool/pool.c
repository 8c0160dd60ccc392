/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pool/pool.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "pool/message.h"
#include "pool/process.h"
#include "report/report.h"

/* Limits are looked at so often. Memory that grows by 2 GB/s passes its limit by half of that at most. */
#define SECONDS_BETWEEN_LOOKS 0.2

/* A trial whose worker dies is made once more: it may have been the kernel's choice when another program took the memory. */
enum { ATTEMPTS = 2 };

/* Workers in a row that die before they are ready. */
enum { STILLBORN_MOST = 5 };

#define SECONDS_AN_HOUR 3600.0
#define BYTES_A_GB 1e9

typedef struct worker {
  xp_process process; /* id 0: none runs */
  bool ready;
  int number;   /* of the trial in hand; 0: none */
  char *task;   /* its line; owned */
  int attempts; /* to make it, with this one */
  double begun; /* when the worker had it and was ready */
  char *text;   /* [used] bytes of lines that have not been taken; owned */
  size_t used, capacity;
} worker;

struct xp_pool {
  xp_pool_settings settings;
  worker *workers; /* [settings.workers] */
  struct pollfd *sockets;
  int stillborn;
  double looked; /* when limits were last looked at */
};

static xp_status start(xp_pool *pool, worker *w, xp_error *error) {
  w->ready = false;
  w->used = 0;
  return xp_process_start(&w->process, pool->settings.argv, error);
}

xp_status xp_pool_new(xp_pool **pool, const xp_pool_settings *settings, xp_error *error) {
  xp_pool *new = calloc(1, sizeof *new);
  xp_status status = XP_OK;
  *pool = NULL;
  if (new) {
    new->settings = *settings;
    new->workers = calloc((size_t)settings->workers, sizeof *new->workers);
    new->sockets = calloc((size_t)settings->workers, sizeof *new->sockets);
  }
  if (!new || !new->workers || !new->sockets) status = xp_error_memory(error, "the workers");
  for (int w = 0; w < settings->workers && status == XP_OK; ++w) status = start(new, &new->workers[w], error);
  if (status == XP_OK)
    *pool = new;
  else
    xp_pool_free(new);
  return status;
}

void xp_pool_free(xp_pool *pool) {
  if (!pool) return;
  for (int w = 0; pool->workers && w < pool->settings.workers; ++w) {
    if (pool->workers[w].process.id) xp_process_end(&pool->workers[w].process);
    free(pool->workers[w].task);
    free(pool->workers[w].text);
  }
  free(pool->workers);
  free(pool->sockets);
  free(pool);
}

int xp_pool_idle(const xp_pool *pool) {
  int idle = 0;
  for (int w = 0; w < pool->settings.workers; ++w) idle += pool->workers[w].number == 0;
  return idle;
}

/* ---- tasks ---- */

/* A worker that is gone is noticed when it is listened to; the task is then given to its successor. */
static void give(worker *w) {
  size_t size = strlen(w->task), sent = 0;
  while (sent < size) {
    ssize_t bytes = send(w->process.socket, w->task + sent, size - sent, MSG_NOSIGNAL);
    if (bytes < 0 && errno != EINTR) return;
    if (bytes > 0) sent += (size_t)bytes;
  }
  w->begun = xp_report_clock();
}

/* A worker that is ready answers sooner than one that has its data to read. */
static worker *choose(xp_pool *pool) {
  worker *chosen = NULL;
  for (int i = 0; i < pool->settings.workers; ++i) {
    worker *w = &pool->workers[i];
    if (w->number == 0 && (!chosen || (w->ready && !chosen->ready))) chosen = w;
  }
  return chosen;
}

xp_status xp_pool_submit(xp_pool *pool, int number, const char *task, xp_error *error) {
  worker *w = choose(pool);
  w->task = strdup(task);
  if (!w->task) return xp_error_memory(error, "a task");
  w->number = number;
  w->attempts = 1;
  if (w->ready) give(w);
  return XP_OK;
}

static void release(worker *w) {
  free(w->task);
  w->task = NULL;
  w->number = 0;
}

/* The trial in hand becomes a failed one for this reason. */
static xp_status fail(worker *w, const char *reason, char **result, xp_error *error) {
  xp_message message = {.kind = XP_MESSAGE_RESULT, .number = w->number, .seconds = xp_report_clock() - w->begun};
  xp_trial_fail(&message.trial, "%s", reason);
  xp_status status = xp_message_text(&message, result, error);
  release(w);
  return status;
}

/* ---- the end of a worker ---- */

static void describe_end(int status, char *text, size_t size) {
  if (WIFSIGNALED(status))
    snprintf(text, size, "was ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
  else
    snprintf(text, size, "ended with exit status %d", WEXITSTATUS(status));
}

/* The worker is gone, and nobody asked it to: another one takes its place and its task. */
static xp_status replace(xp_pool *pool, worker *w, char **result, xp_error *error) {
  char end[128], reason[256];
  bool ready = w->ready;
  describe_end(xp_process_end(&w->process), end, sizeof end);
  pool->stillborn = ready ? 0 : pool->stillborn + 1;
  if (pool->stillborn >= STILLBORN_MOST)
    return xp_error_set(error, XP_ERROR_IO, "the process that makes trials %s before it was ready, %d times", end,
                        pool->stillborn);
  if (ready && w->number && w->attempts++ == ATTEMPTS) {
    snprintf(reason, sizeof reason, "the process of this trial %s, %d times", end, ATTEMPTS);
    xp_status status = fail(w, reason, result, error);
    if (status != XP_OK) return status;
  }
  return start(pool, w, error);
}

/* ---- listening ---- */

static xp_status take_message(xp_pool *pool, worker *w, const char *line, char **result, xp_error *error) {
  xp_message message;
  xp_status status = xp_message_read(&message, line, error);
  if (status != XP_OK) return status;
  if (message.kind == XP_MESSAGE_READY) {
    w->ready = true;
    pool->stillborn = 0;
    if (w->number) give(w);
  } else if (message.kind == XP_MESSAGE_RESULT && message.number == w->number) {
    status = xp_message_text(&message, result, error);
    release(w);
  } else if (message.kind == XP_MESSAGE_ERROR) {
    status = xp_error_set(error, message.error.status, "%s", message.error.message);
  }
  xp_message_clear(&message);
  return status;
}

/* Takes the first line that has come; false: there is no whole one. */
static bool take_line(xp_pool *pool, worker *w, char **result, xp_status *status, xp_error *error) {
  char *newline = w->used ? memchr(w->text, '\n', w->used) : NULL;
  if (!newline) return false;
  *newline = '\0';
  *status = take_message(pool, w, w->text, result, error);
  w->used -= (size_t)(newline + 1 - w->text);
  memmove(w->text, newline + 1, w->used);
  return true;
}

/* Reads what is there; *gone: the worker has ended. */
static xp_status listen_to(worker *w, bool *gone, xp_error *error) {
  enum { ROOM = 4096 };
  if (w->capacity - w->used < ROOM) {
    char *text = realloc(w->text, w->capacity + 2 * ROOM);
    if (!text) return xp_error_memory(error, "a message about a trial");
    w->text = text;
    w->capacity += 2 * ROOM;
  }
  ssize_t bytes = recv(w->process.socket, w->text + w->used, w->capacity - w->used, MSG_DONTWAIT);
  if (bytes > 0) w->used += (size_t)bytes;
  *gone = bytes == 0 || (bytes < 0 && errno != EAGAIN && errno != EINTR);
  return XP_OK;
}

/* Everything one worker has said and done, up to a result. */
static xp_status attend(xp_pool *pool, worker *w, char **result, xp_error *error) {
  bool gone = false;
  xp_status status = listen_to(w, &gone, error);
  while (status == XP_OK && !*result && take_line(pool, w, result, &status, error)) continue;
  /* what it said last is taken first; its end will be seen again */
  if (status == XP_OK && gone && !*result) status = replace(pool, w, result, error);
  return status;
}

/* ---- limits ---- */

static xp_status stop(xp_pool *pool, worker *w, const char *reason, char **result, xp_error *error) {
  xp_process_end(&w->process);
  xp_status status = w->number ? fail(w, reason, result, error) : XP_OK;
  return status == XP_OK ? start(pool, w, error) : status;
}

static xp_status check_memory(xp_pool *pool, worker *w, char **result, xp_error *error) {
  char reason[160];
  double limit = pool->settings.memory, memory = xp_process_memory(&w->process);
  if (memory <= limit) return XP_OK;
  if (!w->ready)
    return xp_error_set(error, XP_ERROR_MEMORY,
                        "the data alone need %.3g GB, more than a trial may (search.trial_memory %.6g); raise it",
                        memory / BYTES_A_GB, limit / BYTES_A_GB);
  snprintf(reason, sizeof reason, "stopped: it needed more memory than search.trial_memory, %.6g GB",
           limit / BYTES_A_GB);
  return stop(pool, w, reason, result, error);
}

static xp_status check_limits(xp_pool *pool, worker *w, char **result, xp_error *error) {
  char reason[160];
  double limit = pool->settings.seconds;
  if (w->number && w->ready && xp_report_clock() - w->begun > limit) {
    snprintf(reason, sizeof reason, "stopped: it took longer than search.trial_hours, %.6g h", limit / SECONDS_AN_HOUR);
    return stop(pool, w, reason, result, error);
  }
  return isfinite(pool->settings.memory) ? check_memory(pool, w, result, error) : XP_OK;
}

static xp_status look(xp_pool *pool, char **result, xp_error *error) {
  xp_status status = XP_OK;
  bool limited = isfinite(pool->settings.seconds) || isfinite(pool->settings.memory);
  double now = xp_report_clock();
  if (!limited || now - pool->looked < SECONDS_BETWEEN_LOOKS) return XP_OK;
  for (int w = 0; w < pool->settings.workers && status == XP_OK && !*result; ++w)
    status = check_limits(pool, &pool->workers[w], result, error);
  /* those behind one that was over its limits are looked at in the next call */
  if (!*result) pool->looked = now;
  return status;
}

/* ---- waiting ---- */

/* false: a signal arrived. */
static bool sleep_until_heard(xp_pool *pool, double seconds) {
  int n = pool->settings.workers;
  for (int w = 0; w < n; ++w)
    pool->sockets[w] = (struct pollfd){.fd = pool->workers[w].process.socket, .events = POLLIN};
  int ms = (int)ceil(1000.0 * fmin(fmax(seconds, 0.0), SECONDS_BETWEEN_LOOKS));
  return poll(pool->sockets, (nfds_t)n, ms) >= 0;
}

xp_status xp_pool_wait(xp_pool *pool, double seconds, char **result, xp_error *error) {
  double end = xp_report_clock() + seconds;
  xp_status status = XP_OK;
  *result = NULL;
  for (bool more = true; more && status == XP_OK;) {
    for (int w = 0; w < pool->settings.workers && status == XP_OK && !*result; ++w)
      status = attend(pool, &pool->workers[w], result, error);
    if (status == XP_OK && !*result) status = look(pool, result, error);
    if (status != XP_OK || *result) break;
    double left = end - xp_report_clock();
    more = left > 0.0 && sleep_until_heard(pool, left);
  }
  return status;
}
