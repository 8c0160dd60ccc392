/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACE: the B functions of pacemaker's basis, by the kernels that fitting uses. */
#include <stdlib.h>
#include <string.h>

#include "ace/model.h"
#include "grade/descriptors.h"
#include "training/scratch.h"

/* Functions of one species of the simulation. */
typedef struct centre {
  int species;    /* in the basis */
  int nfunctions; /* B functions */
  int count;      /* descriptors */
  int *function;  /* [nfunctions] function of a value in the kernels' own order; owned */
} centre;

typedef struct ace_descriptors {
  xp_ace_fit *fit;
  double *parameters;
  xp_grade_form form;
  int nelements;
  centre *centres; /* [nelements] */
} ace_descriptors;

typedef struct ace_scratch {
  xp_ace_fit_scratch *fit;
  double *values;                           /* functions of one atom, in the kernels' own order */
  int *species, *neighbour_species, *index; /* of the basis */
  size_t natoms, nneighbours;               /* room for so many */
} ace_scratch;

static void release(void *data) {
  ace_descriptors *d = data;
  if (!d) return;
  for (int e = 0; d->centres && e < d->nelements; ++e) free(d->centres[e].function);
  free(d->centres);
  free(d->parameters);
  xp_ace_fit_free(d->fit);
  free(d);
}

static int find_element(const xp_ace_basis *basis, const char *symbol) {
  int e = basis->nelements - 1;
  while (e >= 0 && strcmp(basis->elements[e], symbol) != 0) --e;
  return e;
}

static xp_status set_centre(ace_descriptors *d, centre *c, int species, xp_error *error) {
  const xp_training_centre *own = &d->fit->centres[species];
  c->species = species;
  c->nfunctions = own->nfunctions;
  c->count = own->nfunctions * (d->form == XP_GRADE_FULL ? own->rule.ndensity : 1);
  c->function = malloc(((size_t)own->nfunctions + 1) * sizeof *c->function);
  if (!c->function) return xp_error_memory(error, "descriptors");
  int at = 0;
  for (int q = 0; q < own->coupled.nleaves; ++q) c->function[at++] = own->leaf_function[q];
  for (int f = 0; f < own->npair_functions; ++f) c->function[at++] = own->pair_functions[f].function;
  return XP_OK;
}

static xp_status fill(ace_descriptors *d, const xp_ace_basis *basis, const char *const *elements, int nelements,
                      xp_error *error) {
  xp_status status = xp_ace_fit_new(&d->fit, basis, error);
  if (status) return status;
  d->nelements = nelements;
  d->centres = calloc((size_t)nelements, sizeof *d->centres);
  d->parameters = calloc((size_t)d->fit->layout.ntotal + 1, sizeof *d->parameters);
  if (!d->centres || !d->parameters) return xp_error_memory(error, "descriptors");
  xp_ace_fit_get(d->fit, basis, d->parameters);
  for (int e = 0; e < nelements && !status; ++e) {
    int species = find_element(basis, elements[e]);
    status = species < 0 ? xp_error_set(error, XP_ERROR_INPUT,
                                        "element %s is not in the potential; give one of its own", elements[e])
                         : set_centre(d, &d->centres[e], species, error);
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

static int count(const void *data, int species) {
  return ((const ace_descriptors *)data)->centres[species].count;
}

static double cutoff(const void *data) {
  return xp_ace_fit_cutoff(((const ace_descriptors *)data)->fit);
}

static void scratch_free(void *scratch) {
  ace_scratch *s = scratch;
  if (!s) return;
  xp_ace_fit_scratch_free(s->fit);
  free(s->values);
  free(s->species);
  free(s->neighbour_species);
  free(s->index);
  free(s);
}

static xp_status scratch_new(void **scratch, const void *data, xp_error *error) {
  const ace_descriptors *d = data;
  ace_scratch *s = *scratch = calloc(1, sizeof *s);
  if (!s) return xp_error_memory(error, "scratch memory for descriptors");
  xp_status status = xp_ace_fit_scratch_new(&s->fit, d->fit, error);
  if (status == XP_OK) s->fit->batch.leaves_only = d->form == XP_GRADE_LINEAR;
  s->values = calloc((size_t)d->fit->nfunctions_max + 1, sizeof *s->values);
  if (!status && !s->values) status = xp_error_memory(error, "scratch memory for descriptors");
  if (!status) return XP_OK;
  scratch_free(s);
  *scratch = NULL;
  return status;
}

/* Longer arrays, zeroed: indices stay so. */
static bool grow(int **array, size_t wanted) {
  free(*array);
  *array = calloc(wanted + 1, sizeof **array);
  return *array != NULL;
}

static xp_status reserve(ace_scratch *s, size_t natoms, size_t nneighbours, xp_error *error) {
  bool ok = true;
  if (natoms > s->natoms) ok = grow(&s->species, natoms);
  if (ok && nneighbours > s->nneighbours) ok = grow(&s->neighbour_species, nneighbours) && grow(&s->index, nneighbours);
  if (!ok) {
    s->natoms = s->nneighbours = 0;
    return xp_error_memory(error, "neighbours");
  }
  s->natoms = natoms > s->natoms ? natoms : s->natoms;
  s->nneighbours = nneighbours > s->nneighbours ? nneighbours : s->nneighbours;
  return XP_OK;
}

/* The neighbourhoods with the basis's species, as fitting wants them; borrows. */
static xp_neighbour_list translate(const ace_descriptors *d, ace_scratch *s, const xp_neighbourhoods *from) {
  for (int a = 0; a < from->natoms; ++a) s->species[a] = d->centres[from->species[a]].species;
  for (size_t k = 0; k < from->first[from->natoms]; ++k)
    s->neighbour_species[k] = d->centres[from->neighbour_species[k]].species;
  return (xp_neighbour_list){.natoms = from->natoms,
                             .species = s->species,
                             .first = (size_t *)from->first,
                             .index = s->index,
                             .neighbour_species = s->neighbour_species,
                             .displacements = (double(*)[3])from->displacements};
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

static void write_row(const ace_descriptors *d, const ace_scratch *s, const centre *c, int lane, double *row) {
  xp_training_values(s->fit, lane, s->values);
  for (int q = 0; q < c->nfunctions; ++q) row[c->function[q]] = s->values[q];
  if (d->form == XP_GRADE_FULL) widen(s->fit, lane, c->nfunctions, row);
}

static xp_status describe(const ace_descriptors *d, ace_scratch *s, const xp_ace_fit_structure *structure,
                          const int *species, double *rows, size_t stride, xp_error *error) {
  xp_ace_fit_scratch *fit = s->fit;
  xp_status status = XP_OK;
  fit->loaded = NULL;
  for (int at = 0, natoms; at < structure->natoms && !status; at += natoms) {
    natoms = xp_training_batch_size(structure, at, fit->lanes);
    status = xp_training_gather(fit, structure, at, natoms, NULL, false, error);
    if (status) break;
    if (fit->loaded != fit->batch.centre) xp_training_load(fit, fit->batch.centre, d->parameters);
    XP_KERNEL_SELECT_DOUBLE(xp_training_forward)(&fit->batch, false);
    for (int lane = 0; lane < natoms; ++lane) {
      int atom = fit->atoms[lane];
      write_row(d, s, &d->centres[species[atom]], lane, rows + (size_t)atom * stride);
    }
  }
  return status;
}

static xp_status evaluate(const void *data, void *scratch, const xp_neighbourhoods *neighbourhoods, double *rows,
                          size_t stride, xp_error *error) {
  const ace_descriptors *d = data;
  ace_scratch *s = scratch;
  xp_ace_fit_structure *structure = NULL;
  xp_status status = reserve(s, (size_t)neighbourhoods->natoms, neighbourhoods->first[neighbourhoods->natoms], error);
  if (status) return status;
  const xp_neighbour_list list = translate(d, s, neighbourhoods);
  status = xp_training_structure_new(&structure, d->fit, &list, error);
  if (status == XP_OK) status = describe(d, s, structure, neighbourhoods->species, rows, stride, error);
  xp_ace_fit_structure_free(structure);
  return status;
}

const xp_descriptors_table xp_descriptors_ace = {
    .create = create,
    .release = release,
    .count = count,
    .cutoff = cutoff,
    .scratch_new = scratch_new,
    .scratch_free = scratch_free,
    .evaluate = evaluate,
};
