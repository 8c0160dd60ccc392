/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pool/crew.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cjson/cJSON.h>

#include "parallel/parallel.h"
#include "pool/message.h"
#include "report/report.h"
#include "space/number.h"

/* What processes say to each other; tasks, results and errors are lines of message.h. */
enum { BEGIN, TASK, RESULT, DISMISS, END };

/* Between looks at messages of MPI, which have no descriptor to wait for: short to a trial, long to a processor. */
#define SECONDS_BETWEEN_MESSAGES 0.002

struct xp_crew {
  xp_pool_settings settings; /* of each process */
  xp_pool *pool;             /* NULL before the first task */
  int size;                  /* processes */
  int *busy;                 /* [size] workers with a task */
};

/* ---- settings as text ---- */

static bool add_settings(cJSON *object, const xp_pool_settings *settings) {
  cJSON *argv = cJSON_AddArrayToObject(object, "argv");
  for (char **argument = settings->argv; argv && *argument; ++argument)
    if (!cJSON_AddItemToArray(argv, cJSON_CreateString(*argument))) return false;
  return argv && xp_number_add(object, "workers", settings->workers) &&
         xp_number_add(object, "seconds", settings->seconds) && xp_number_add(object, "memory", settings->memory);
}

static xp_status settings_text(const xp_pool_settings *settings, char **text, xp_error *error) {
  cJSON *object = cJSON_CreateObject();
  *text = object && add_settings(object, settings) ? cJSON_PrintUnformatted(object) : NULL;
  cJSON_Delete(object);
  return *text ? XP_OK : xp_error_memory(error, "the settings of the workers");
}

/* A limit that is not finite has been written as null. */
static double read_limit(const cJSON *object, const char *key) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
  return cJSON_IsNumber(item) ? item->valuedouble : INFINITY;
}

/* Starts a pool from settings another process has written. *object holds the arguments, as long as the pool lives. */
static xp_status read_settings(const char *text, cJSON **object, char ***argv, xp_pool **pool, xp_error *error) {
  *object = cJSON_Parse(text);
  const cJSON *list = cJSON_GetObjectItemCaseSensitive(*object, "argv"), *item;
  *argv = calloc((size_t)cJSON_GetArraySize(list) + 1, sizeof **argv);
  if (!*object || !*argv) return xp_error_memory(error, "the settings of the workers");
  int count = 0;
  cJSON_ArrayForEach(item, list)(*argv)[count++] = item->valuestring;
  xp_pool_settings settings = {.argv = *argv,
                               .workers = (int)read_limit(*object, "workers"),
                               .seconds = read_limit(*object, "seconds"),
                               .memory = read_limit(*object, "memory")};
  return xp_pool_new(pool, &settings, error);
}

/* ---- the first process ---- */

static xp_status tell_all(const xp_crew *crew, int tag, const char *text, xp_error *error) {
  xp_status status = XP_OK;
  for (int rank = 1; rank < crew->size && status == XP_OK; ++rank) status = xp_parallel_post(rank, tag, text, error);
  return status;
}

xp_status xp_crew_new(xp_crew **crew, const xp_pool_settings *settings, xp_error *error) {
  xp_crew *new = calloc(1, sizeof *new);
  *crew = NULL;
  if (!new) return xp_error_memory(error, "the workers");
  *new = (xp_crew){.settings = *settings, .size = xp_parallel_processes()};
  new->busy = calloc((size_t) new->size, sizeof *new->busy);
  *crew = new;
  if (new->busy) return XP_OK;
  xp_crew_free(new);
  *crew = NULL;
  return xp_error_memory(error, "the workers");
}

static xp_status begin(xp_crew *crew, xp_error *error) {
  char *text = NULL;
  xp_status status = settings_text(&crew->settings, &text, error);
  if (status == XP_OK) status = tell_all(crew, BEGIN, text, error);
  if (status == XP_OK) status = xp_pool_new(&crew->pool, &crew->settings, error);
  free(text);
  return status;
}

xp_status xp_crew_dismiss(xp_crew *crew, xp_error *error) {
  xp_pool_free(crew->pool);
  crew->pool = NULL;
  return tell_all(crew, DISMISS, "", error);
}

void xp_crew_free(xp_crew *crew) {
  xp_error ignored = {0};
  if (!crew) return;
  xp_pool_free(crew->pool);
  tell_all(crew, END, "", &ignored); /* an MPI that does not work any more ends them by itself */
  free(crew->busy);
  free(crew);
}

int xp_crew_idle(const xp_crew *crew) {
  int idle = 0;
  for (int rank = 0; rank < crew->size; ++rank) idle += crew->settings.workers - crew->busy[rank];
  return idle;
}

xp_status xp_crew_submit(xp_crew *crew, int number, const char *task, xp_error *error) {
  int least = 0;
  for (int rank = 1; rank < crew->size; ++rank)
    if (crew->busy[rank] < crew->busy[least]) least = rank;
  xp_status status = crew->pool ? XP_OK : begin(crew, error);
  if (status == XP_OK)
    status = least == 0 ? xp_pool_submit(crew->pool, number, task, error) : xp_parallel_post(least, TASK, task, error);
  if (status == XP_OK) ++crew->busy[least];
  return status;
}

/* What another process says: a result, or an error that ends the search. */
static xp_status hear(xp_crew *crew, char **result, xp_error *error) {
  int rank, tag;
  char *text = NULL;
  xp_message message;
  xp_status status = xp_parallel_collect(&rank, &tag, &text, error);
  if (status != XP_OK || !text) return status;
  status = xp_message_read(&message, text, error);
  if (status == XP_OK && message.kind == XP_MESSAGE_ERROR)
    status = xp_error_set(error, message.error.status, "%s", message.error.message);
  if (status == XP_OK) {
    --crew->busy[rank];
    *result = text;
    text = NULL;
  }
  xp_message_clear(&message);
  free(text);
  return status;
}

xp_status xp_crew_wait(xp_crew *crew, double seconds, char **result, xp_error *error) {
  double end = xp_report_clock() + seconds, left = seconds;
  xp_status status = XP_OK;
  *result = NULL;
  do {
    double slice = crew->size > 1 ? fmin(left, SECONDS_BETWEEN_MESSAGES) : left;
    status = xp_pool_wait(crew->pool, slice, result, error);
    if (status == XP_OK && *result) --crew->busy[0];
    if (status == XP_OK && !*result && crew->size > 1) status = hear(crew, result, error);
    left = end - xp_report_clock();
  } while (status == XP_OK && !*result && crew->size > 1 && left > 0.0);
  return status;
}

/* ---- all others ---- */

/* What one of them has at hand. */
typedef struct post {
  xp_pool *pool;
  cJSON *settings;
  char **argv;
  bool ended;
} post;

static void close_pool(post *p) {
  xp_pool_free(p->pool);
  cJSON_Delete(p->settings);
  free(p->argv);
  *p = (post){.ended = p->ended};
}

static xp_status take_task(post *p, const char *text, xp_error *error) {
  xp_message task;
  xp_status status = xp_message_read(&task, text, error);
  if (status == XP_OK) status = xp_pool_submit(p->pool, task.number, text, error);
  xp_message_clear(&task);
  return status;
}

static xp_status obey(post *p, int tag, const char *text, xp_error *error) {
  if (tag == BEGIN) return read_settings(text, &p->settings, &p->argv, &p->pool, error);
  if (tag == TASK) return take_task(p, text, error);
  if (tag == DISMISS) close_pool(p);
  p->ended = tag == END;
  return XP_OK;
}

/* One look at messages and workers. */
static xp_status turn(post *p, xp_error *error) {
  int rank, tag;
  char *text = NULL, *result = NULL;
  xp_status status = xp_parallel_collect(&rank, &tag, &text, error);
  if (status == XP_OK && text) status = obey(p, tag, text, error);
  free(text);
  if (status != XP_OK || p->ended) return status;
  if (p->pool) {
    status = xp_pool_wait(p->pool, SECONDS_BETWEEN_MESSAGES, &result, error);
  } else {
    struct timespec pause = {.tv_nsec = (long)(1e9 * SECONDS_BETWEEN_MESSAGES)};
    nanosleep(&pause, NULL);
  }
  if (status == XP_OK && result) status = xp_parallel_post(0, RESULT, result, error);
  free(result);
  return status;
}

/* Tells the first process why the search cannot go on; that one ends all. */
static void tell_error(const xp_error *reason) {
  char *text = NULL;
  xp_error ignored = {0};
  xp_message message = {.kind = XP_MESSAGE_ERROR, .error = *reason};
  if (xp_message_text(&message, &text, &ignored) == XP_OK) xp_parallel_post(0, RESULT, text, &ignored);
  free(text);
}

xp_status xp_crew_serve(xp_error *error) {
  post p = {0};
  xp_error reason = {0};
  while (!p.ended) {
    if (turn(&p, &reason) == XP_OK) continue;
    close_pool(&p);
    if (xp_parallel_orphaned()) return xp_error_set(error, reason.status, "%s", reason.message);
    tell_error(&reason);
    xp_error_clear(&reason);
  }
  close_pool(&p);
  return XP_OK;
}
