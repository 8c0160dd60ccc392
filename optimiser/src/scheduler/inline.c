/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scheduler/scheduler.h"

/* Makes the trial it is given when it is asked for the result. */
typedef struct soloist {
  xp_search_objective objective;
  void *user;
  int number; /* of the trial; 0: none */
  size_t ndims;
  double *values;
} soloist;

static int solo_idle(void *user) {
  const soloist *s = user;
  return s->number == 0;
}

static xp_status solo_submit(void *user, int number, const double *values, double fidelity, xp_error *error) {
  soloist *s = user;
  (void)fidelity, (void)error;
  s->number = number;
  memcpy(s->values, values, s->ndims * sizeof *values);
  return XP_OK;
}

static xp_status solo_wait(void *user, double seconds, int *number, xp_trial *result, xp_error *error) {
  soloist *s = user;
  (void)seconds;
  *number = s->number;
  s->number = 0;
  xp_status status = s->objective(s->user, *number, s->values, result, error);
  if (status == XP_OK && result->status == XP_TRIAL_OK && !isfinite(result->loss))
    xp_trial_fail(result, "the loss is %g, not a finite number", result->loss);
  return status;
}

xp_status xp_search_run(const xp_search_settings *settings, const xp_space *space, xp_search_objective objective,
                        void *user, const char *journal_path, xp_search_summary *summary, xp_error *error) {
  soloist s = {.objective = objective, .user = user, .ndims = (size_t)xp_space_count(space)};
  xp_executor executor = {&s, solo_idle, solo_submit, solo_wait};
  *summary = (xp_search_summary){0};
  s.values = malloc((s.ndims + 1) * sizeof *s.values);
  if (!s.values) return xp_error_memory(error, "the search");
  xp_status status = xp_search_execute(settings, space, &executor, journal_path, summary, error);
  free(s.values);
  return status;
}
