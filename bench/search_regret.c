/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the engine of xpot-opt's searches on a function with a known minimum, or evaluates such a function for another
 * optimiser: bench/search-regret is its front. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "search/proposal.h"
#include "search/random.h"
#include "search_functions.h"

static const char USAGE[] =
    "usage: bench-search-regret functions                          names of the functions\n"
    "       bench-search-regret space FUNCTION                     its ranges as JSON\n"
    "       bench-search-regret serve FUNCTION SEED                answers lines of values with \"observed regret\"\n"
    "       bench-search-regret run FUNCTION SEED INITIAL TRIALS   searches; a line \"observed regret\" for each "
    "trial\n"
    "Values are numbers in the order of the ranges, a choice is its index from 0. The noise of the trial of a number "
    "is the\n"
    "same for all optimisers with the same seed.\n";

typedef struct evaluator {
  const xp_function *function;
  uint64_t seed;
  uint64_t trial; /* evaluations so far */
} evaluator;

typedef struct evaluation {
  double observed; /* what the optimiser is told */
  double regret;   /* of the function without noise */
} evaluation;

static evaluation evaluate(evaluator *e, const double *values) {
  xp_random random = xp_random_start(e->seed, e->trial++);
  double value = e->function->value(values);
  double noise = e->function->noise > 0.0 ? e->function->noise * xp_random_normal(&random) : 0.0;
  return (evaluation){value + noise, value - e->function->minimum};
}

static void print(evaluation result) {
  printf("%.17g %.17g\n", result.observed, result.regret);
  fflush(stdout);
}

/* False at the end of the input. */
static bool read_values(double *values, int count) {
  for (int i = 0; i < count; ++i)
    if (scanf("%lf", &values[i]) != 1) return false;
  return true;
}

static xp_status serve(const xp_space *space, evaluator *e, xp_error *error) {
  double *values = malloc((size_t)xp_space_count(space) * sizeof *values);
  if (!values) return xp_error_memory(error, "the values of a point");
  while (read_values(values, xp_space_count(space))) print(evaluate(e, values));
  free(values);
  return XP_OK;
}

static xp_status search(const xp_space *space, evaluator *e, int initial, int trials, xp_error *error) {
  xp_proposal_settings settings = xp_proposal_settings_default(space);
  settings.initial = initial;
  settings.seed = e->seed;
  xp_history history;
  xp_history_start(&history, space, 0);
  double *values = malloc((size_t)xp_space_count(space) * sizeof *values);
  xp_status status = values ? XP_OK : xp_error_memory(error, "the values of a point");
  while (status == XP_OK && history.count < trials) {
    bool exhausted;
    status = xp_proposal_make(&settings, &history, values, &exhausted, error);
    if (status != XP_OK || exhausted) break;
    evaluation result = evaluate(e, values);
    print(result);
    xp_observation observation = {.state = XP_OBSERVED_OK, .loss = result.observed, .fidelity = 1.0};
    status = xp_history_append(&history, values, &observation, error);
  }
  xp_history_clear(&history);
  free(values);
  return status;
}

static xp_status print_space(const xp_space *space, xp_error *error) {
  char *text = NULL;
  xp_status status = xp_space_text(space, &text, error);
  if (status == XP_OK) puts(text);
  free(text);
  return status;
}

static xp_status usage_error(xp_error *error) {
  return xp_error_set(error, XP_ERROR_INPUT, "%s", USAGE);
}

static xp_status dispatch(const xp_space *space, const xp_function *function, int argc, char **argv, xp_error *error) {
  const char *verb = argv[1];
  evaluator e = {.function = function, .seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 0};
  if (!strcmp(verb, "space") && argc == 3) return print_space(space, error);
  if (!strcmp(verb, "serve") && argc == 4) return serve(space, &e, error);
  if (strcmp(verb, "run") || argc != 6) return usage_error(error);
  int initial = atoi(argv[4]), trials = atoi(argv[5]);
  return initial > 0 && trials > 0 ? search(space, &e, initial, trials, error) : usage_error(error);
}

static xp_status run(int argc, char **argv, xp_error *error) {
  const xp_function *function = argc > 2 ? xp_function_find(argv[2]) : NULL;
  xp_space *space = NULL;
  if (!function) return usage_error(error);
  xp_status status = xp_space_new(&space, error);
  if (status == XP_OK) status = function->fill(space, error);
  if (status == XP_OK) status = dispatch(space, function, argc, argv, error);
  xp_space_free(space);
  return status;
}

int main(int argc, char **argv) {
  xp_error error = {0};
  if (argc == 2 && !strcmp(argv[1], "functions")) {
    for (int i = 0; xp_function_at(i); ++i) puts(xp_function_at(i)->name);
    return EXIT_SUCCESS;
  }
  if (run(argc, argv, &error) == XP_OK) return EXIT_SUCCESS;
  fprintf(stderr, "%s\n", error.message);
  return EXIT_FAILURE;
}
