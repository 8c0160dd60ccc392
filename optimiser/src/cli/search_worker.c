/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/search_worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pool/worker.h"

xp_status xp_search_fingerprint(const xp_objective *objective, char digest[65], xp_error *error) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (!stream) return xp_error_memory(error, "the fingerprint");
  xp_status status = xp_objective_print_fingerprint(objective, stream, error);
  bool failed = ferror(stream) != 0;
  failed |= fclose(stream) != 0;
  if (status == XP_OK && failed) status = xp_error_memory(error, "the fingerprint");
  if (status == XP_OK) xp_bytes_sha256(text, size, digest);
  free(text);
  return status;
}

/* What trials are made of. */
typedef struct bench {
  xp_config *config;
  xp_objective *objective;
} bench;

/* A worker may start hours behind its search; trials of another input have no place in its journal. */
static xp_status check_fingerprint(const bench *b, const char *expected, xp_error *error) {
  char digest[65];
  xp_status status = xp_search_fingerprint(b->objective, digest, error);
  if (status != XP_OK || strcmp(digest, expected) == 0) return status;
  return xp_error_set(error, XP_ERROR_IO,
                      "%s, or data it names, changed while the search runs; restore them, or start in a new output "
                      "folder",
                      b->config->path);
}

static xp_status set_up(bench *b, const xp_call *call, xp_error *error) {
  xp_status status = xp_call_config(call, &b->config, error);
  if (status == XP_OK) status = xp_objective_new(&b->objective, b->config, xp_fit_threads(b->config), NULL, error);
  if (status == XP_OK) status = check_fingerprint(b, xp_call_value(call, XP_SEARCH_WORKER_FLAG), error);
  return status;
}

static xp_status make_trial(void *user, const xp_message *message, xp_trial *result, xp_error *error) {
  const bench *b = user;
  xp_task task = {message->number, message->values, message->fidelity, b->config->output};
  if (message->nvalues != xp_space_count(b->config->space))
    return xp_error_set(error, XP_ERROR_IO, "%s: expected a point of %d values, found %d", b->config->path,
                        xp_space_count(b->config->space), message->nvalues);
  return xp_objective_run(b->objective, &task, result, error);
}

xp_status xp_search_worker(const xp_call *call, xp_error *error) {
  bench b = {0};
  xp_status status = xp_worker_begin(error);
  if (status != XP_OK) return status;
  status = set_up(&b, call, error);
  if (status == XP_OK) status = xp_worker_serve(make_trial, &b, error);
  if (status != XP_OK) {
    xp_worker_report(error); /* who says it */
    xp_error_clear(error);
  }
  xp_objective_free(b.objective);
  xp_config_free(b.config);
  return XP_OK;
}
