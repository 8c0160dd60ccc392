/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SNAP: 1 and the bispectrum; of quadratic SNAP in the full form also their products. */
#include <stdlib.h>
#include <string.h>

#include "grade/canonical.h"
#include "grade/descriptors.h"
#include "xpot/snap.h"

typedef struct snap_descriptors {
  xp_snap_basis *basis;
  int nlinear;    /* bispectrum components */
  bool quadratic; /* their products, too */
} snap_descriptors;

typedef struct snap_scratch {
  xp_snap_scratch *basis;
  double *values; /* [capacity][nlinear] */
  size_t capacity;
  xp_canonical canonical;
  int *sorted, *species; /* [nneighbours], of canonical order; owned */
  double (*displacements)[3];
  size_t nneighbours;
} snap_scratch;

static void release(void *data) {
  snap_descriptors *d = data;
  if (!d) return;
  xp_snap_basis_free(d->basis);
  free(d);
}

static const xp_snap_element *find_element(const xp_snap_model *model, const char *symbol) {
  for (int e = 0; e < model->nelements; ++e)
    if (strcmp(model->elements[e].symbol, symbol) == 0) return &model->elements[e];
  return NULL;
}

static xp_status fill(snap_descriptors *d, const xp_snap_model *model, xp_grade_form form, const char *const *elements,
                      int nelements, double *sizes, xp_error *error) {
  double *radelem = sizes, *wj = sizes + nelements;
  for (int e = 0; e < nelements; ++e) {
    const xp_snap_element *element = find_element(model, elements[e]);
    if (!element)
      return xp_error_set(error, XP_ERROR_INPUT, "element %s is not in the potential; give one of its own",
                          elements[e]);
    radelem[e] = element->radelem;
    wj[e] = element->wj;
  }
  xp_status status = xp_snap_basis_new(&d->basis, &model->parameters, radelem, wj, nelements, error);
  if (status) return status;
  d->nlinear = xp_snap_basis_size(d->basis);
  d->quadratic = form == XP_GRADE_FULL && model->parameters.quadraticflag;
  return XP_OK;
}

static xp_status create(void **data, const xp_potential *potential, xp_grade_form form, const char *const *elements,
                        int nelements, xp_error *error) {
  *data = NULL;
  snap_descriptors *d = calloc(1, sizeof *d);
  double *sizes = calloc(2 * (size_t)nelements + 1, sizeof *sizes);
  xp_status status = d && sizes ? fill(d, potential->snap, form, elements, nelements, sizes, error)
                                : xp_error_memory(error, "descriptors");
  free(sizes);
  if (status)
    release(d);
  else
    *data = d;
  return status;
}

static int size(const xp_potential *potential, xp_grade_form form, const char *element, int nelements) {
  xp_snap_parameters parameters = potential->snap->parameters;
  if (!find_element(potential->snap, element)) return 0;
  if (form == XP_GRADE_LINEAR) parameters.quadraticflag = false;
  return xp_snap_ncoeff(&parameters, nelements);
}

static double cutoff(const void *data) {
  return xp_snap_basis_cutoff(((const snap_descriptors *)data)->basis);
}

static void scratch_free(void *scratch) {
  snap_scratch *s = scratch;
  if (!s) return;
  xp_snap_scratch_free(s->basis);
  free(s->values);
  xp_canonical_clear(&s->canonical);
  free(s->sorted);
  free(s->species);
  free(s->displacements);
  free(s);
}

static xp_status scratch_new(void **scratch, const void *data, xp_error *error) {
  const snap_descriptors *d = data;
  snap_scratch *s = *scratch = calloc(1, sizeof *s);
  if (!s) return xp_error_memory(error, "scratch memory for descriptors");
  xp_status status = xp_snap_scratch_new(&s->basis, d->basis, error);
  if (status == XP_OK) return XP_OK;
  scratch_free(s);
  *scratch = NULL;
  return status;
}

static xp_status reserve(snap_scratch *s, size_t natoms, size_t nlinear, xp_error *error) {
  if (natoms <= s->capacity) return XP_OK;
  free(s->values);
  s->values = malloc(natoms * nlinear * sizeof *s->values);
  s->capacity = s->values ? natoms : 0;
  return s->values ? XP_OK : xp_error_memory(error, "scratch memory for descriptors");
}

static xp_status reserve_neighbours(snap_scratch *s, size_t wanted, xp_error *error) {
  xp_status status = xp_canonical_reserve(&s->canonical, wanted, error);
  if (status || wanted <= s->nneighbours) return status;
  free(s->sorted);
  free(s->species);
  free(s->displacements);
  s->sorted = malloc(wanted * sizeof *s->sorted);
  s->species = malloc(wanted * sizeof *s->species);
  s->displacements = malloc(wanted * sizeof *s->displacements);
  bool ok = s->sorted && s->species && s->displacements;
  s->nneighbours = ok ? wanted : 0;
  return ok ? XP_OK : xp_error_memory(error, "sorted neighbours");
}

/* The same neighbourhoods in canonical order; they borrow. */
static xp_status sort_neighbours(snap_scratch *s, const xp_neighbourhoods *from, xp_neighbourhoods *sorted,
                                 xp_error *error) {
  const size_t *first = from->first, total = first[from->natoms];
  xp_status status = reserve_neighbours(s, total, error);
  if (status) return status;
  for (size_t k = 0; k < total; ++k) {
    const double *d = from->displacements[k];
    s->canonical.squares[k] = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    s->canonical.index[k] = (int)k;
  }
  for (int a = 0; a < from->natoms; ++a)
    xp_canonical_order(&s->canonical, first[a], first[a + 1] - first[a], from->displacements, s->sorted + first[a]);
  for (size_t k = 0; k < total; ++k) {
    s->species[k] = from->neighbour_species[s->sorted[k]];
    memcpy(s->displacements[k], from->displacements[s->sorted[k]], sizeof *s->displacements);
  }
  *sorted = (xp_neighbourhoods){from->natoms, from->species, first, s->species, (const double(*)[3])s->displacements};
  return XP_OK;
}

/* 1, B_k, then the upper triangle row by row, the diagonal halved: order of the .snapcoeff file. */
static void write_row(const double *b, int nlinear, bool quadratic, double *row) {
  *row++ = 1.0;
  memcpy(row, b, (size_t)nlinear * sizeof *row);
  row += nlinear;
  for (int i = 0; i < nlinear && quadratic; ++i) {
    *row++ = 0.5 * b[i] * b[i];
    for (int j = i + 1; j < nlinear; ++j) *row++ = b[i] * b[j];
  }
}

static xp_status evaluate(const void *data, void *scratch, const xp_neighbourhoods *neighbourhoods, double *rows,
                          size_t stride, xp_error *error) {
  const snap_descriptors *d = data;
  snap_scratch *s = scratch;
  size_t nlinear = (size_t)d->nlinear;
  xp_status status = reserve(s, (size_t)neighbourhoods->natoms, nlinear, error);
  xp_neighbourhoods sorted;
  if (status == XP_OK) status = sort_neighbours(s, neighbourhoods, &sorted, error);
  if (status == XP_OK) status = xp_snap_describe(d->basis, s->basis, &sorted, s->values, NULL, error);
  for (int a = 0; a < neighbourhoods->natoms && status == XP_OK; ++a)
    write_row(s->values + (size_t)a * nlinear, d->nlinear, d->quadratic, rows + (size_t)a * stride);
  return status;
}

const xp_descriptors_table xp_descriptors_snap = {
    .create = create,
    .release = release,
    .size = size,
    .cutoff = cutoff,
    .scratch_new = scratch_new,
    .scratch_free = scratch_free,
    .evaluate = evaluate,
};
