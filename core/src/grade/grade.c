/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "grade/active_set.h"
#include "grade/descriptors.h"
#include "grade/kernel_grade.h"
#include "xpot/ace_basis.h"

enum { ALIGNMENT = 64 };

struct xp_grade {
  xp_descriptors *descriptors;
  xp_grade_form form;
  int nelements;
  xp_grade_inverse *inverses; /* [nelements]; owned */
  size_t stride;              /* of a row of descriptors */
  size_t columns;             /* most columns of all tiles of a species */
};

/* Of one species. */
typedef struct reference {
  xp_grade_reference of;
  long calls; /* left before it is renewed */
} reference;

/* Calls with the same reference: a simulation moves on, and float32 sums get less certain. */
enum { CALLS = 10000 };

struct xp_grade_scratch {
  const xp_grade *grade;
  xp_descriptors_scratch *descriptors;
  int width;             /* atoms of a block */
  size_t capacity;       /* atoms, whole blocks */
  double *rows;          /* [capacity][stride]; owned */
  const double **some;   /* [capacity] rows of one species; owned */
  float *blocks;         /* [capacity][stride]; owned */
  float *sums;           /* [capacity][columns]; owned */
  double *gamma;         /* [capacity] of one species; owned */
  reference *references; /* [nelements]; owned */
};

static void *new_aligned(size_t count, size_t size) {
  return aligned_alloc(ALIGNMENT, (count * size + ALIGNMENT) / ALIGNMENT * ALIGNMENT);
}

void xp_grade_free(xp_grade *g) {
  if (!g) return;
  for (int e = 0; g->inverses && e < g->nelements; ++e) {
    free(g->inverses[e].tiles);
    free(g->inverses[e].columns);
    free(g->inverses[e].largest);
  }
  free(g->inverses);
  xp_descriptors_free(g->descriptors);
  free(g);
}

static void fill_tiles(xp_grade_inverse *to, const double *inverse) {
  size_t n = (size_t)to->n;
  float *tile = to->tiles;
  for (int t = 0; t < to->ntiles; ++t)
    for (size_t q = 0; q < n; ++q)
      for (size_t k = (size_t)t * XP_GRADE_COLUMNS; k < (size_t)(t + 1) * XP_GRADE_COLUMNS; ++k)
        *tile++ = k < n ? (float)inverse[q * n + k] : 0.0f;
}

static void fill_columns(xp_grade_inverse *to, const double *inverse) {
  size_t n = (size_t)to->n;
  for (size_t q = 0; q < n; ++q) {
    double largest = 0.0;
    for (size_t k = 0; k < n; ++k) {
      to->columns[k * n + q] = inverse[q * n + k];
      largest = fmax(largest, fabs(inverse[q * n + k]));
    }
    to->largest[q] = nextafterf((float)largest, INFINITY);
  }
}

static xp_status fill_inverse(xp_grade_inverse *to, const double *inverse, int count, xp_error *error) {
  size_t n = (size_t)count;
  to->n = count;
  to->ntiles = (count + XP_GRADE_COLUMNS - 1) / XP_GRADE_COLUMNS;
  to->tiles = new_aligned((size_t)to->ntiles * n * XP_GRADE_COLUMNS, sizeof *to->tiles);
  to->columns = new_aligned(n * n, sizeof *to->columns);
  to->largest = new_aligned(n, sizeof *to->largest);
  if (!to->tiles || !to->columns || !to->largest) return xp_error_memory(error, "an active set");
  fill_tiles(to, inverse);
  fill_columns(to, inverse);
  return XP_OK;
}

static int size_in(const xp_active_set *set, const char *element) {
  return set->sizes[xp_active_set_find(set, element)];
}

/* Whether the set has as many descriptors for every element as this form. */
static bool fits(const xp_potential *potential, xp_grade_form form, const xp_active_set *set,
                 const char *const *elements, int nelements) {
  for (int e = 0; e < nelements; ++e)
    if (size_in(set, elements[e]) != xp_descriptors_size(potential, form, elements[e], nelements)) return false;
  return true;
}

static xp_status refuse_sizes(const xp_potential *potential, const xp_active_set *set, const char *const *elements,
                              int nelements, xp_error *error) {
  for (int e = 0; e < nelements; ++e) {
    int found = size_in(set, elements[e]);
    int few = xp_descriptors_size(potential, XP_GRADE_LINEAR, elements[e], nelements);
    int many = xp_descriptors_size(potential, XP_GRADE_FULL, elements[e], nelements);
    if (found != few && found != many)
      return xp_error_set(error, XP_ERROR_INPUT,
                          "the active set has %d descriptors for element %s, expected %d (linear) or %d (full) of this "
                          "potential; it belongs to another one: make it again with xpot-opt active",
                          found, elements[e], few, many);
  }
  return xp_error_set(error, XP_ERROR_INPUT,
                      "the active set is linear for some elements and full for others; make it again with xpot-opt "
                      "active");
}

/* The form whose sizes are those of the set, compiled. */
static xp_status compile(xp_grade *g, const xp_potential *potential, const xp_active_set *set,
                         const char *const *elements, xp_error *error) {
  g->form = XP_GRADE_LINEAR;
  if (!fits(potential, XP_GRADE_LINEAR, set, elements, g->nelements)) g->form = XP_GRADE_FULL;
  xp_status status = xp_descriptors_new(&g->descriptors, potential, g->form, elements, g->nelements, error);
  if (status || fits(potential, g->form, set, elements, g->nelements)) return status;
  return refuse_sizes(potential, set, elements, g->nelements, error);
}

/* Functions of a species that are alike but for their intermediate momenta: pacemaker leaves their order open. */
static bool has_ties(const xp_ace_basis *basis, int species) {
  for (int f = 1; f < basis->nfunctions[species]; ++f) {
    const xp_ace_bfunction *a = &basis->functions[species][f - 1], *b = a + 1;
    size_t bytes = (size_t)a->rank * sizeof *a->mus;
    if (a->rank == b->rank && memcmp(a->mus, b->mus, bytes) == 0 && memcmp(a->ns, b->ns, bytes) == 0 &&
        memcmp(a->ls, b->ls, bytes) == 0)
      return true;
  }
  return false;
}

static xp_status check_order(const xp_potential *potential, const xp_active_set *set, xp_error *error) {
  if (set->ordered || !potential->basis) return XP_OK;
  for (int e = 0; e < potential->basis->nelements; ++e)
    if (has_ties(potential->basis, e))
      return xp_error_set(error, XP_ERROR_INPUT,
                          "the active set is of another program, and element %s has functions that differ in "
                          "intermediate momenta alone, whose order such files leave open; make the active set with "
                          "xpot-opt active",
                          potential->basis->elements[e]);
  return XP_OK;
}

static xp_status check_elements(const xp_active_set *set, const char *const *elements, int nelements, xp_error *error) {
  for (int e = 0; e < nelements; ++e)
    if (xp_active_set_find(set, elements[e]) < 0)
      return xp_error_set(
          error, XP_ERROR_INPUT,
          "the active set has nothing for element %s; make it again with xpot-opt active from data with "
          "this element",
          elements[e]);
  return XP_OK;
}

static xp_status fill(xp_grade *g, const xp_potential *potential, const xp_active_set *set, const char *const *elements,
                      xp_error *error) {
  xp_status status = check_elements(set, elements, g->nelements, error);
  if (status == XP_OK) status = compile(g, potential, set, elements, error);
  if (status == XP_OK) status = check_order(potential, set, error);
  if (status != XP_OK) return status;
  g->inverses = calloc((size_t)g->nelements, sizeof *g->inverses);
  if (!g->inverses) return xp_error_memory(error, "an active set");
  for (int e = 0; e < g->nelements && status == XP_OK; ++e) {
    int place = xp_active_set_find(set, elements[e]);
    status = fill_inverse(&g->inverses[e], set->inverses[place], set->sizes[place], error);
    size_t n = (size_t)set->sizes[place], columns = (size_t)g->inverses[e].ntiles * XP_GRADE_COLUMNS;
    g->stride = n > g->stride ? n : g->stride;
    g->columns = columns > g->columns ? columns : g->columns;
  }
  return status;
}

xp_status xp_grade_new(xp_grade **grade, const xp_potential *potential, const xp_active_set *set,
                       const char *const *elements, int nelements, xp_error *error) {
  xp_grade *g = *grade = calloc(1, sizeof *g);
  if (!g) return xp_error_memory(error, "an extrapolation grade");
  g->nelements = nelements;
  xp_status status = fill(g, potential, set, elements, error);
  if (status == XP_OK) return XP_OK;
  xp_grade_free(g);
  *grade = NULL;
  return status;
}

xp_grade_form xp_grade_form_of(const xp_grade *grade) {
  return grade->form;
}

int xp_grade_count(const xp_grade *grade, int species) {
  return grade->inverses[species].n;
}

double xp_grade_cutoff(const xp_grade *grade) {
  return xp_descriptors_cutoff(grade->descriptors);
}

static void clear_room(xp_grade_scratch *s) {
  free(s->rows);
  free(s->some);
  free(s->blocks);
  free(s->sums);
  free(s->gamma);
}

void xp_grade_scratch_free(xp_grade_scratch *s) {
  if (!s) return;
  xp_descriptors_scratch_free(s->descriptors);
  for (int e = 0; s->references && e < s->grade->nelements; ++e) {
    free(s->references[e].of.row);
    free(s->references[e].of.constants);
  }
  free(s->references);
  clear_room(s);
  free(s);
}

static xp_status new_references(xp_grade_scratch *s, xp_error *error) {
  const xp_grade *g = s->grade;
  s->references = calloc((size_t)g->nelements, sizeof *s->references);
  bool ok = s->references != NULL;
  for (int e = 0; ok && e < g->nelements; ++e) {
    xp_grade_reference *r = &s->references[e].of;
    r->row = calloc((size_t)g->inverses[e].n + 1, sizeof *r->row);
    r->constants = calloc((size_t)g->inverses[e].ntiles * XP_GRADE_COLUMNS + 1, sizeof *r->constants);
    ok = r->row && r->constants;
  }
  return ok ? XP_OK : xp_error_memory(error, "scratch memory for grades");
}

xp_status xp_grade_scratch_new(xp_grade_scratch **scratch, const xp_grade *grade, xp_error *error) {
  xp_grade_scratch *s = *scratch = calloc(1, sizeof *s);
  if (!s) return xp_error_memory(error, "scratch memory for grades");
  s->grade = grade;
  s->width = XP_KERNEL_SELECT_DOUBLE(xp_grade_width)();
  xp_status status = xp_descriptors_scratch_new(&s->descriptors, grade->descriptors, error);
  if (status == XP_OK) status = new_references(s, error);
  if (status == XP_OK) return XP_OK;
  xp_grade_scratch_free(s);
  *scratch = NULL;
  return status;
}

static xp_status reserve(xp_grade_scratch *s, int natoms, xp_error *error) {
  size_t width = (size_t)s->width, wanted = ((size_t)natoms + width - 1) / width * width;
  if (wanted <= s->capacity) return XP_OK;
  clear_room(s);
  s->rows = new_aligned(wanted * s->grade->stride, sizeof *s->rows);
  s->some = malloc(wanted * sizeof *s->some);
  s->blocks = new_aligned(wanted * s->grade->stride, sizeof *s->blocks);
  s->sums = new_aligned(wanted * s->grade->columns, sizeof *s->sums);
  s->gamma = malloc(wanted * sizeof *s->gamma);
  bool ok = s->rows && s->some && s->blocks && s->sums && s->gamma;
  s->capacity = ok ? wanted : 0;
  return ok ? XP_OK : xp_error_memory(error, "scratch memory for grades");
}

/* The mean of these atoms. Rows that are not finite would spoil it for all others. */
static void renew(reference *r, const xp_grade_inverse *inverse, const double *const *rows, int count) {
  size_t n = (size_t)inverse->n;
  r->calls = CALLS;
  r->of.largest = 0.0f;
  for (size_t q = 0; q < n; ++q) {
    double sum = 0.0;
    for (int a = 0; a < count; ++a) sum += rows[a][q];
    r->of.row[q] = isfinite(sum) ? sum / count : 0.0;
  }
  for (size_t k = 0; k < n; ++k) {
    double sum = 0.0;
    for (size_t q = 0; q < n; ++q) sum += r->of.row[q] * inverse->columns[k * n + q];
    r->of.constants[k] = (float)sum;
    r->of.largest = fmaxf(r->of.largest, fabsf(r->of.constants[k]));
  }
}

static void grade_species(xp_grade_scratch *s, const xp_neighbourhoods *neighbourhoods, int species, double *gamma) {
  int count = 0;
  for (int atom = 0; atom < neighbourhoods->natoms; ++atom)
    if (neighbourhoods->species[atom] == species) s->some[count++] = s->rows + (size_t)atom * s->grade->stride;
  if (count == 0) return;
  reference *r = &s->references[species];
  if (r->calls-- == 0) renew(r, &s->grade->inverses[species], s->some, count);
  const xp_grade_atoms atoms = {count, s->some, &r->of, s->blocks, s->sums, s->gamma};
  XP_KERNEL_SELECT_DOUBLE(xp_grade_largest)(&s->grade->inverses[species], &atoms);
  for (int atom = 0, at = 0; atom < neighbourhoods->natoms; ++atom)
    if (neighbourhoods->species[atom] == species) gamma[atom] = s->gamma[at++];
}

xp_status xp_grade_evaluate(const xp_grade *g, xp_grade_scratch *s, const xp_neighbourhoods *neighbourhoods,
                            double *gamma, xp_error *error) {
  xp_status status = reserve(s, neighbourhoods->natoms, error);
  if (status == XP_OK)
    status = xp_descriptors_evaluate(g->descriptors, s->descriptors, neighbourhoods, s->rows, g->stride, error);
  for (int e = 0; e < g->nelements && status == XP_OK; ++e) grade_species(s, neighbourhoods, e, gamma);
  return status;
}
