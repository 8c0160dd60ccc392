/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search/random.h"
#include "space/space_data.h"

/* Points tried before a space counts as empty, and the random numbers they come from. */
enum { FEASIBLE_DRAWS = 100000, FEASIBLE_SEED = 1 };

void xp_constraints_clear(xp_space *space) {
  for (int c = 0; c < space->nconstraints; ++c) {
    xp_expression_free(space->constraints[c].expression);
    free(space->constraints[c].text);
  }
  free(space->constraints);
  free(space->numbers);
}

xp_status xp_space_add_constraint(xp_space *space, const char *text, xp_place place, xp_error *error) {
  xp_constraint *more = realloc(space->constraints, (size_t)(space->nconstraints + 1) * sizeof *more);
  if (!more) return xp_error_memory(error, "the constraints");
  space->constraints = more;
  xp_constraint *constraint = &space->constraints[space->nconstraints++];
  *constraint = (xp_constraint){.text = strdup(text), .place = place};
  return constraint->text ? XP_OK : xp_error_memory(error, "the constraints");
}

/* ---- finishing ---- */

static xp_status check_numbers(const xp_space *space, const xp_constraint *constraint, xp_error *error) {
  bool any = false;
  for (int d = 0; d < space->count; ++d) {
    const xp_range *range = &space->ranges[d];
    if (!xp_expression_uses(constraint->expression, d)) continue;
    any = true;
    for (int c = 0; c < range->nchoices; ++c)
      if (isnan(xp_range_number(range, c)))
        return xp_error_at(error, constraint->place,
                           "constraint \"%s\": %s is a choice of words (\"%s\"), expected ranges of numbers; use "
                           "\"when\" for words",
                           constraint->text, range->name, range->choices[c]);
  }
  if (any) return XP_OK;
  return xp_error_at(error, constraint->place, "constraint \"%s\": expected the names of ranges in it, found none",
                     constraint->text);
}

static bool may_be_feasible(xp_space *space, double *unit, double *values) {
  xp_random random = xp_random_start(FEASIBLE_SEED, 0);
  for (int draw = 0; draw < FEASIBLE_DRAWS; ++draw) {
    for (int d = 0; d < space->count; ++d) unit[d] = xp_random_uniform(&random);
    xp_space_sample(space, unit, values);
    if (xp_space_feasible(space, values)) return true;
  }
  return false;
}

static xp_status check_empty(xp_space *space, xp_error *error) {
  double *work = malloc((2 * (size_t)space->count + 1) * sizeof *work);
  if (!work) return xp_error_memory(error, "the constraints");
  bool feasible = may_be_feasible(space, work, work + space->count);
  free(work);
  if (feasible) return XP_OK;
  return xp_error_at(error, space->constraints[0].place,
                     "constraints: none of %d points drawn from the search space fulfils them all; relax them or make "
                     "the ranges narrower",
                     FEASIBLE_DRAWS);
}

xp_status xp_constraints_finish(xp_space *space, xp_error *error) {
  if (space->nconstraints == 0) return XP_OK;
  const char **names = calloc((size_t)space->count + 1, sizeof *names);
  space->numbers = calloc((size_t)space->count + 1, sizeof *space->numbers);
  xp_status status = names && space->numbers ? XP_OK : xp_error_memory(error, "the constraints");
  for (int d = 0; d < space->count && status == XP_OK; ++d) names[d] = space->ranges[d].name;
  for (int c = 0; c < space->nconstraints && status == XP_OK; ++c) {
    xp_constraint *constraint = &space->constraints[c];
    status =
        xp_expression_new(&constraint->expression, constraint->text, names, space->count, constraint->place, error);
    if (status == XP_OK) status = check_numbers(space, constraint, error);
  }
  free(names);
  return status == XP_OK ? check_empty(space, error) : status;
}

xp_status xp_space_finish(xp_space *space, xp_error *error) {
  xp_status status = xp_conditions_finish(space, error);
  return status == XP_OK ? xp_constraints_finish(space, error) : status;
}

/* ---- points ---- */

static bool concerns(const xp_space *space, const xp_constraint *constraint, const double *values) {
  for (int d = 0; d < space->count; ++d)
    if (xp_expression_uses(constraint->expression, d) && xp_space_active(space, values, d)) return true;
  return false;
}

bool xp_space_feasible(const xp_space *space, const double *values) {
  for (int d = 0; d < space->count && space->nconstraints; ++d) {
    const xp_range *range = &space->ranges[d];
    space->numbers[d] = xp_space_active(space, values, d) ? xp_range_number(range, values[d]) : range->otherwise;
  }
  for (int c = 0; c < space->nconstraints; ++c) {
    double value = xp_expression_value(space->constraints[c].expression, space->numbers);
    if ((value == 0.0 || isnan(value)) && concerns(space, &space->constraints[c], values)) return false;
  }
  return true;
}
