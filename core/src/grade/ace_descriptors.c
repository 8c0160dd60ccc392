/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACE: the B functions of pacemaker's basis, by the kernels that fitting uses. */
#include <stdlib.h>
#include <string.h>

#include "ace/model.h"
#include "grade/ace_gather.h"
#include "grade/descriptors.h"

typedef struct ace_descriptors {
  xp_ace_fit *fit;
  double *parameters;
  xp_grade_form form;
  int *elements; /* [nelements] species of the simulation in the basis; owned */
  int nelements;
  xp_training_order *orders; /* [elements of the basis]; owned */
} ace_descriptors;

typedef struct ace_scratch {
  xp_ace_fit_scratch *fit;
  xp_ace_gather gather;
} ace_scratch;

static void release(void *data) {
  ace_descriptors *d = data;
  if (!d) return;
  for (int e = 0; d->orders && e < d->fit->nelements; ++e) xp_training_order_clear(&d->orders[e]);
  free(d->orders);
  free(d->elements);
  free(d->parameters);
  xp_ace_fit_free(d->fit);
  free(d);
}

static int find_element(const xp_ace_basis *basis, const char *symbol) {
  int e = basis->nelements - 1;
  while (e >= 0 && strcmp(basis->elements[e], symbol) != 0) --e;
  return e;
}

static xp_status fill(ace_descriptors *d, const xp_ace_basis *basis, const char *const *elements, int nelements,
                      xp_error *error) {
  xp_status status = xp_ace_fit_new(&d->fit, basis, error);
  if (status) return status;
  d->nelements = nelements;
  d->elements = calloc((size_t)nelements, sizeof *d->elements);
  d->parameters = calloc((size_t)d->fit->layout.ntotal + 1, sizeof *d->parameters);
  d->orders = calloc((size_t)d->fit->nelements, sizeof *d->orders);
  if (!d->elements || !d->parameters || !d->orders) return xp_error_memory(error, "descriptors");
  for (int e = 0; e < d->fit->nelements && !status; ++e)
    status = xp_training_order_new(&d->orders[e], &d->fit->centres[e], error);
  xp_ace_fit_get(d->fit, basis, d->parameters);
  for (int e = 0; e < nelements && !status; ++e) {
    d->elements[e] = find_element(basis, elements[e]);
    if (d->elements[e] < 0)
      status =
          xp_error_set(error, XP_ERROR_INPUT, "element %s is not in the potential; give one of its own", elements[e]);
  }
  return status;
}

static xp_status create(void **data, const xp_potential *potential, xp_grade_form form, const char *const *elements,
                        int nelements, xp_error *error) {
  *data = NULL;
  if (!potential->basis)
    return xp_error_set(
        error, XP_ERROR_INPUT,
        "extrapolation grades of ACE need the potential's .yaml file: this file has plain products, from "
        "which the B functions cannot be had; give the .yaml that it was made of");
  ace_descriptors *d = calloc(1, sizeof *d);
  if (!d) return xp_error_memory(error, "descriptors");
  d->form = form;
  xp_status status = fill(d, potential->basis, elements, nelements, error);
  if (status)
    release(d);
  else
    *data = d;
  return status;
}

static int size(const xp_potential *potential, xp_grade_form form, const char *element, int nelements) {
  const xp_ace_basis *basis = potential->basis;
  int e = basis ? find_element(basis, element) : -1;
  (void)nelements;
  if (e < 0) return 0;
  return basis->nfunctions[e] * (form == XP_GRADE_FULL ? basis->embeddings[e].ndensity : 1);
}

static double cutoff(const void *data) {
  return xp_ace_fit_cutoff(((const ace_descriptors *)data)->fit);
}

static void scratch_free(void *scratch) {
  ace_scratch *s = scratch;
  if (!s) return;
  xp_ace_fit_scratch_free(s->fit);
  xp_ace_gather_clear(&s->gather);
  free(s);
}

static xp_status scratch_new(void **scratch, const void *data, xp_error *error) {
  const ace_descriptors *d = data;
  ace_scratch *s = *scratch = calloc(1, sizeof *s);
  if (!s) return xp_error_memory(error, "scratch memory for descriptors");
  xp_status status = xp_ace_fit_scratch_new(&s->fit, d->fit, error);
  if (status == XP_OK) {
    s->fit->batch.leaves_only = d->form == XP_GRADE_LINEAR;
    return XP_OK;
  }
  scratch_free(s);
  *scratch = NULL;
  return status;
}

/* Density slowest: w F' times the functions. */
static void widen(const xp_ace_fit_scratch *fit, int lane, int nfunctions, double *row) {
  const xp_ace_atom_rule *rule = &fit->batch.centre->rule;
  for (int p = rule->ndensity - 1; p >= 0; --p) {
    double f[3], w = rule->parameters[2 * p];
    xp_ace_embed(rule->npoti, fit->batch.densities[p * fit->lanes + lane], rule->parameters[2 * p + 1], f);
    for (int q = 0; q < nfunctions; ++q) row[(size_t)p * (size_t)nfunctions + (size_t)q] = w * f[1] * row[q];
  }
}

static void write_rows(const ace_descriptors *d, xp_ace_fit_scratch *fit, int natoms, double *rows, size_t stride) {
  double *lanes[XP_TRAINING_LANES_MAX];
  for (int lane = 0; lane < natoms; ++lane) lanes[lane] = rows + (size_t)fit->atoms[lane] * stride;
  const xp_training_order *order = &d->orders[fit->batch.centre - d->fit->centres];
  XP_KERNEL_SELECT_DOUBLE(xp_training_functions)(&fit->batch, order, natoms, lanes);
  for (int lane = 0; lane < natoms && d->form == XP_GRADE_FULL; ++lane)
    widen(fit, lane, fit->batch.centre->nfunctions, lanes[lane]);
}

static xp_status evaluate(const void *data, void *scratch, const xp_neighbourhoods *neighbourhoods, double *rows,
                          size_t stride, xp_error *error) {
  const ace_descriptors *d = data;
  ace_scratch *s = scratch;
  xp_status status = xp_ace_gather_sort(&s->gather, d->fit, d->elements, d->nelements, neighbourhoods, error);
  for (int at = 0, natoms; at < neighbourhoods->natoms && !status; at += natoms) {
    status = xp_ace_gather_batch(&s->gather, s->fit, d->elements, neighbourhoods, at, &natoms, error);
    if (status) break;
    if (s->fit->loaded != s->fit->batch.centre) xp_training_load(s->fit, s->fit->batch.centre, d->parameters);
    XP_KERNEL_SELECT_DOUBLE(xp_training_forward)(&s->fit->batch, false);
    write_rows(d, s->fit, natoms, rows, stride);
  }
  return status;
}

const xp_descriptors_table xp_descriptors_ace = {
    .create = create,
    .release = release,
    .size = size,
    .cutoff = cutoff,
    .scratch_new = scratch_new,
    .scratch_free = scratch_free,
    .evaluate = evaluate,
};
