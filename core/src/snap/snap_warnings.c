/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is legal in a SNAP model but deserves a word to the user. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "snap/snap_model.h"
#include "snap/snap_tables.h"

/* Longest warning with its final zero byte. */
enum { WARNING_SIZE = 512 };

static xp_status __attribute__((format(printf, 3, 4)))
warn(xp_snap_model *model, xp_error *error, const char *format, ...) {
  char *text = malloc(WARNING_SIZE);
  char **warnings = realloc(model->warnings, (size_t)(model->nwarnings + 1) * sizeof *warnings);
  if (warnings) model->warnings = warnings;
  if (!text || !warnings) {
    free(text);
    return xp_error_memory(error, "a warning");
  }
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, WARNING_SIZE, format, arguments);
  va_end(arguments);
  model->warnings[model->nwarnings++] = text;
  return XP_OK;
}

/* Largest difference between a coefficient and the ones its labels may be swapped with; the linear ones alone tell, a
 * fit that keeps them equal keeps the quadratic ones equal too. */
static double largest_asymmetry(const xp_snap_tables *tables, const double *beta) {
  double largest = 0.0;
  for (int s = 0; s < tables->nslots; ++s) {
    const xp_snap_slot *slot = &tables->slots[s];
    largest = fmax(largest, fabs(beta[slot->component] - beta[slot->partner]));
  }
  return largest;
}

static xp_status warn_asymmetric(xp_snap_model *model, xp_error *error) {
  xp_snap_tables *tables = NULL;
  xp_status status = xp_snap_tables_new(&tables, &model->parameters, model->nelements, error);
  for (int i = 0; i < model->nelements && status == XP_OK; ++i) {
    const double *beta = model->elements[i].coefficients + 1;
    double scale = 0.0;
    for (int k = 0; k < tables->ncomponents; ++k) scale = fmax(scale, fabs(beta[k]));
    double difference = largest_asymmetry(tables, beta);
    if (difference > XP_SNAP_ASYMMETRY_TOLERANCE * scale)
      status =
          warn(model, error,
               "the chem-SNAP coefficients of %s differ by up to %g under swaps of labels that leave the component "
               "unchanged; forces here are the exact gradient of the energy, those of pair_style snap are not",
               model->elements[i].symbol, difference);
  }
  xp_snap_tables_free(tables);
  return status;
}

/* Radial map: where odd-j matrices change sign or the energy steps. */
static xp_status warn_radial(xp_snap_model *model, xp_error *error) {
  const xp_snap_parameters *p = &model->parameters;
  xp_status status = XP_OK;
  if (p->rfac0 > 1.0)
    status =
        warn(model, error,
             "rfac0 is %g: above 1 the energy jumps where a neighbour passes rmin0 + (Rcut - rmin0)/rfac0, %.4g of "
             "the way to the cutoff",
             p->rfac0, 1.0 / p->rfac0);
  if (status == XP_OK && p->rmin0 > 0.0)
    status = warn(model, error, "rmin0 is %g: the energy jumps where a neighbour comes closer than that", p->rmin0);
  if (status == XP_OK && !p->switchflag)
    status = warn(model, error, "switchflag is 0: the energy jumps where a neighbour passes the cutoff");
  return status;
}

xp_status xp_snap_model_warn(xp_snap_model *model, xp_error *error) {
  const xp_snap_parameters *p = &model->parameters;
  xp_status status = warn_radial(model, error);
  if (status == XP_OK && p->bnormflag != p->chemflag)
    status = warn(model, error, "bnormflag is %d and chemflag %d: they are usually equal", p->bnormflag, p->chemflag);
  if (status == XP_OK && p->chemflag) status = warn_asymmetric(model, error);
  return status;
}
