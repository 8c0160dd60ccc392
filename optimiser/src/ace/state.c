/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checkpoint is text: a header, then numbers as hexadecimal floats, which keep every bit. */
#include "ace/state.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "xpot/file.h"

#define MAGIC "xpot-opt ACE checkpoint 1"

void xp_ace_state_clear(xp_ace_state *state) {
  free(state->parameters);
  free(state->best);
  free(state->points);
  *state = (xp_ace_state){0};
}

xp_status xp_ace_state_resize(xp_ace_state *state, int nparameters, xp_error *error) {
  size_t n = (size_t)nparameters + 1;
  free(state->parameters);
  free(state->best);
  state->parameters = calloc(n, sizeof *state->parameters);
  state->best = calloc(n, sizeof *state->best);
  state->nparameters = nparameters;
  return state->parameters && state->best ? XP_OK : xp_error_memory(error, "the parameters");
}

static bool same_place(const xp_ace_point *a, const xp_ace_point *b) {
  return a->step == b->step && a->stage == b->stage && a->iteration == b->iteration;
}

xp_status xp_ace_state_add_point(xp_ace_state *state, const xp_ace_point *point, xp_error *error) {
  if (state->npoints > 0 && same_place(&state->points[state->npoints - 1], point)) {
    state->points[state->npoints - 1] = *point;
    return XP_OK;
  }
  if (state->npoints == state->point_capacity) {
    int capacity = state->point_capacity ? 2 * state->point_capacity : 256;
    xp_ace_point *grown = realloc(state->points, (size_t)capacity * sizeof *grown);
    if (!grown) return xp_error_memory(error, "the learning curve");
    state->points = grown;
    state->point_capacity = capacity;
  }
  state->points[state->npoints++] = *point;
  return XP_OK;
}

static void put(FILE *stream, const double *numbers, int count) {
  for (int i = 0; i < count; ++i) fprintf(stream, "%a\n", numbers[i]);
}

enum { LOSS_NUMBERS = sizeof(xp_ace_loss) / sizeof(double) };

static void put_point(FILE *stream, const xp_ace_point *p) {
  fprintf(stream, "%d %d %d %d %a\n", p->step, p->stage, p->iteration, p->functions, p->kappa);
  put(stream, (const double *)&p->train, LOSS_NUMBERS);
  put(stream, (const double *)&p->validate, LOSS_NUMBERS);
}

xp_status xp_ace_state_write(const xp_ace_state *state, const char *path, const char *fingerprint, xp_error *error) {
  xp_output *output = NULL;
  xp_status status = xp_output_open(&output, path, error);
  if (status != XP_OK) return status;
  FILE *stream = xp_output_stream(output);
  fprintf(stream, "%s\n%s\n%d %d %d %d %d %d %d %a\n", MAGIC, fingerprint, state->step, state->stage, state->iteration,
          state->ended, state->nparameters, state->best_iteration, state->npoints, state->best_validate);
  put(stream, state->parameters, state->nparameters);
  put(stream, state->best, state->nparameters);
  for (int p = 0; p < state->npoints; ++p) put_point(stream, &state->points[p]);
  fprintf(stream, "end\n");
  return xp_output_commit(output, error);
}

/* What is left to read. */
typedef struct cursor {
  const char *at;
  bool ok;
} cursor;

static double number(cursor *c) {
  char *end;
  double value = strtod(c->at, &end);
  c->ok = c->ok && end != c->at;
  c->at = end;
  return value;
}

/* A whole number from 0. */
static int integer(cursor *c, size_t most) {
  double value = number(c);
  c->ok = c->ok && value >= 0.0 && value <= (double)most && value == floor(value);
  return c->ok ? (int)value : 0;
}

static void numbers(cursor *c, double *to, int count) {
  for (int i = 0; i < count && c->ok; ++i) to[i] = number(c);
}

static xp_ace_point get_point(cursor *c) {
  xp_ace_point p = {0};
  p.step = integer(c, INT_MAX);
  p.stage = integer(c, INT_MAX);
  p.iteration = integer(c, INT_MAX);
  p.functions = integer(c, INT_MAX);
  p.kappa = number(c);
  numbers(c, (double *)&p.train, LOSS_NUMBERS);
  numbers(c, (double *)&p.validate, LOSS_NUMBERS);
  return p;
}

static xp_status parse(xp_ace_state *state, cursor *c, xp_error *error) {
  size_t room = strlen(c->at); /* what is counted takes room in the file */
  state->step = integer(c, INT_MAX);
  state->stage = integer(c, INT_MAX);
  state->iteration = integer(c, INT_MAX);
  state->ended = integer(c, INT_MAX);
  int n = integer(c, room);
  state->best_iteration = integer(c, INT_MAX);
  int npoints = integer(c, room);
  state->best_validate = number(c);
  if (!c->ok) return XP_OK;
  xp_status status = xp_ace_state_resize(state, n, error);
  if (status != XP_OK) return status;
  numbers(c, state->parameters, n);
  numbers(c, state->best, n);
  for (int p = 0; p < npoints && c->ok && status == XP_OK; ++p) {
    xp_ace_point point = get_point(c);
    status = xp_ace_state_add_point(state, &point, error);
  }
  c->at += strspn(c->at, "\n ");
  c->ok = c->ok && strncmp(c->at, "end", 3) == 0;
  return status;
}

/* The next line, which must be the given text. */
static bool line_is(cursor *c, const char *text) {
  size_t length = strlen(text);
  if (strncmp(c->at, text, length) != 0 || c->at[length] != '\n') return false;
  c->at += length + 1;
  return true;
}

static xp_status parse_whole(xp_ace_state *state, const xp_bytes *bytes, const char *path, const char *fingerprint,
                             xp_error *error) {
  cursor c = {bytes->data, true};
  xp_place place = {path, 1, 0};
  if (!line_is(&c, MAGIC))
    return xp_error_at(error, place,
                       "expected a checkpoint of xpot-opt fit, found something else; move it away to start anew");
  place.line = 2;
  if (!line_is(&c, fingerprint))
    return xp_error_at(
        error, place,
        "the checkpoint is of a fit with other input or data; remove it, or give another output folder, to "
        "start anew");
  xp_status status = parse(state, &c, error);
  if (status == XP_OK && !c.ok)
    return xp_error_at(error, (xp_place){path, 0, 0}, "the checkpoint is damaged; remove it to start anew");
  return status;
}

xp_status xp_ace_state_read(xp_ace_state *state, const char *path, const char *fingerprint, bool *found,
                            xp_error *error) {
  *found = access(path, F_OK) == 0;
  if (!*found) return XP_OK;
  xp_bytes bytes = {0};
  xp_status status = xp_bytes_read(&bytes, path, error);
  if (status == XP_OK) status = parse_whole(state, &bytes, path, fingerprint, error);
  xp_bytes_free(&bytes);
  return status;
}

#define MEV 1000.0

static void print_optional(FILE *stream, double value) {
  if (isnan(value))
    fprintf(stream, ",");
  else
    fprintf(stream, ",%.10g", value);
}

xp_status xp_ace_curve_write(const xp_ace_state *state, const char *path, xp_error *error) {
  xp_output *output = NULL;
  xp_status status = xp_output_open(&output, path, error);
  if (status != XP_OK) return status;
  FILE *stream = xp_output_stream(output);
  fprintf(stream, "step,functions,stage,kappa,iteration,loss,energy_part,force_part,virial_part,coefficients_part,"
                  "radial_part,energy_rmse_mev_per_atom,force_rmse_ev_per_ang,validate_loss,"
                  "validate_energy_rmse_mev_per_atom,validate_force_rmse_ev_per_ang\n");
  for (const xp_ace_point *p = state->points; p < state->points + state->npoints; ++p) {
    fprintf(stream, "%d,%d,%d,%g,%d,%.10g,%.10g,%.10g,%.10g,%.10g,%.10g", p->step, p->functions, p->stage, p->kappa,
            p->iteration, p->train.total, p->train.energy, p->train.force, p->train.virial, p->train.coefficients,
            p->train.radial);
    print_optional(stream, MEV * p->train.energy_rmse);
    print_optional(stream, p->train.force_rmse);
    print_optional(stream, p->validate.total);
    print_optional(stream, MEV * p->validate.energy_rmse);
    print_optional(stream, p->validate.force_rmse);
    fprintf(stream, "\n");
  }
  return xp_output_commit(output, error);
}
