/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "grade/active_set.h"
#include "grade/kernel_grade.h"
#include "xpot/ace_basis.h"

enum { ALIGNMENT = 64 };

/* Inverse of one species of the simulation. */
typedef struct species_set {
  int count;     /* descriptors */
  int ntiles;    /* of columns */
  double *tiles; /* [ntiles][count][XP_GRADE_COLUMNS]; owned */
} species_set;

struct xp_grade {
  xp_descriptors *descriptors;
  xp_grade_form form;
  int nelements;
  species_set *sets; /* [nelements]; owned */
  size_t stride;     /* of a row of descriptors */
};

struct xp_grade_scratch {
  const xp_grade *grade;
  xp_descriptors_scratch *descriptors;
  int width;       /* atoms of a block */
  size_t capacity; /* atoms, whole blocks */
  double *rows;    /* [capacity][stride]; owned */
  double *blocks;  /* [capacity / width][count][width]; owned */
  double *largest; /* [capacity]; owned */
  int *members;    /* [capacity] atoms of one species; owned */
};

static double *new_aligned(size_t count) {
  return aligned_alloc(ALIGNMENT, (count * sizeof(double) + ALIGNMENT) / ALIGNMENT * ALIGNMENT);
}

void xp_grade_free(xp_grade *g) {
  if (!g) return;
  for (int e = 0; g->sets && e < g->nelements; ++e) free(g->sets[e].tiles);
  free(g->sets);
  xp_descriptors_free(g->descriptors);
  free(g);
}

static xp_status fill_tiles(species_set *to, const double *inverse, int count, xp_error *error) {
  size_t n = (size_t)count;
  to->count = count;
  to->ntiles = (count + XP_GRADE_COLUMNS - 1) / XP_GRADE_COLUMNS;
  to->tiles = new_aligned((size_t)to->ntiles * n * XP_GRADE_COLUMNS);
  if (!to->tiles) return xp_error_memory(error, "an active set");
  double *tile = to->tiles;
  for (int t = 0; t < to->ntiles; ++t)
    for (size_t q = 0; q < n; ++q)
      for (size_t k = (size_t)t * XP_GRADE_COLUMNS; k < (size_t)(t + 1) * XP_GRADE_COLUMNS; ++k)
        *tile++ = k < n ? inverse[q * n + k] : 0.0;
  return XP_OK;
}

/* Whether the set has as many descriptors for every element as this form. */
static bool fits(const xp_descriptors *descriptors, const xp_active_set *set, const char *const *elements,
                 int nelements) {
  for (int e = 0; e < nelements; ++e)
    if (set->sizes[xp_active_set_find(set, elements[e])] != xp_descriptors_count(descriptors, e)) return false;
  return true;
}

static xp_status refuse_sizes(const xp_potential *potential, const xp_active_set *set, const char *const *elements,
                              int nelements, xp_error *error) {
  xp_descriptors *linear = NULL, *full = NULL;
  xp_status status = xp_descriptors_new(&linear, potential, XP_GRADE_LINEAR, elements, nelements, error);
  if (status == XP_OK) status = xp_descriptors_new(&full, potential, XP_GRADE_FULL, elements, nelements, error);
  for (int e = 0; e < nelements && status == XP_OK; ++e) {
    int found = set->sizes[xp_active_set_find(set, elements[e])];
    int few = xp_descriptors_count(linear, e), many = xp_descriptors_count(full, e);
    if (found != few && found != many)
      status =
          xp_error_set(error, XP_ERROR_INPUT,
                       "the active set has %d descriptors for element %s, expected %d (linear) or %d (full) of this "
                       "potential; it belongs to another one: make it again with xpot-opt active",
                       found, elements[e], few, many);
  }
  if (status == XP_OK)
    status = xp_error_set(error, XP_ERROR_INPUT,
                          "the active set is linear for some elements and full for others; make it again with xpot-opt "
                          "active");
  xp_descriptors_free(linear);
  xp_descriptors_free(full);
  return status;
}

static xp_status find_form(xp_grade *g, const xp_potential *potential, const xp_active_set *set,
                           const char *const *elements, xp_error *error) {
  for (int form = XP_GRADE_LINEAR; form <= XP_GRADE_FULL; ++form) {
    g->form = (xp_grade_form)form;
    xp_status status = xp_descriptors_new(&g->descriptors, potential, g->form, elements, g->nelements, error);
    if (status) return status;
    if (fits(g->descriptors, set, elements, g->nelements)) return XP_OK;
    xp_descriptors_free(g->descriptors);
    g->descriptors = NULL;
  }
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
  if (status == XP_OK) status = find_form(g, potential, set, elements, error);
  if (status == XP_OK) status = check_order(potential, set, error);
  if (status != XP_OK) return status;
  g->sets = calloc((size_t)g->nelements, sizeof *g->sets);
  if (!g->sets) return xp_error_memory(error, "an active set");
  for (int e = 0; e < g->nelements && status == XP_OK; ++e) {
    int place = xp_active_set_find(set, elements[e]);
    status = fill_tiles(&g->sets[e], set->inverses[place], set->sizes[place], error);
    if ((size_t)set->sizes[place] > g->stride) g->stride = (size_t)set->sizes[place];
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
  return grade->sets[species].count;
}

void xp_grade_scratch_free(xp_grade_scratch *s) {
  if (!s) return;
  xp_descriptors_scratch_free(s->descriptors);
  free(s->rows);
  free(s->blocks);
  free(s->largest);
  free(s->members);
  free(s);
}

xp_status xp_grade_scratch_new(xp_grade_scratch **scratch, const xp_grade *grade, xp_error *error) {
  xp_grade_scratch *s = *scratch = calloc(1, sizeof *s);
  if (!s) return xp_error_memory(error, "scratch memory for grades");
  s->grade = grade;
  s->width = XP_KERNEL_SELECT_DOUBLE(xp_grade_width)();
  xp_status status = xp_descriptors_scratch_new(&s->descriptors, grade->descriptors, error);
  if (status == XP_OK) return XP_OK;
  xp_grade_scratch_free(s);
  *scratch = NULL;
  return status;
}

static xp_status reserve(xp_grade_scratch *s, int natoms, xp_error *error) {
  size_t width = (size_t)s->width, wanted = ((size_t)natoms + width - 1) / width * width;
  if (wanted <= s->capacity) return XP_OK;
  free(s->rows);
  free(s->blocks);
  free(s->largest);
  free(s->members);
  s->rows = new_aligned(wanted * s->grade->stride);
  s->blocks = new_aligned(wanted * s->grade->stride);
  s->largest = new_aligned(wanted);
  s->members = malloc((wanted + 1) * sizeof *s->members);
  bool ok = s->rows && s->blocks && s->largest && s->members;
  s->capacity = ok ? wanted : 0;
  return ok ? XP_OK : xp_error_memory(error, "scratch memory for grades");
}

/* Rows of some atoms side by side; atoms that fill a block up are zero. */
static void interleave(const xp_grade_scratch *s, int count, int nmembers) {
  size_t n = (size_t)count, width = (size_t)s->width;
  int nblocks = (nmembers + s->width - 1) / s->width;
  for (int at = 0; at < nblocks * s->width; ++at) {
    double *to = s->blocks + (size_t)(at / s->width) * n * width + (size_t)(at % s->width);
    if (at < nmembers) {
      const double *row = s->rows + (size_t)s->members[at] * s->grade->stride;
      for (size_t q = 0; q < n; ++q) to[q * width] = row[q];
    } else
      for (size_t q = 0; q < n; ++q) to[q * width] = 0.0;
  }
}

static bool is_finite(const double *row, int count) {
  double sum = 0.0;
  for (int q = 0; q < count; ++q) sum += 0.0 * row[q];
  return sum == 0.0;
}

static void grade_species(const xp_grade_scratch *s, const species_set *set, int nmembers, double *gamma) {
  interleave(s, set->count, nmembers);
  XP_KERNEL_SELECT_DOUBLE(xp_grade_largest)
  (set->count, set->ntiles, set->tiles, (nmembers + s->width - 1) / s->width, s->blocks, s->largest);
  for (int at = 0; at < nmembers; ++at) {
    int atom = s->members[at];
    bool finite = is_finite(s->rows + (size_t)atom * s->grade->stride, set->count);
    gamma[atom] = finite ? s->largest[at] : (double)NAN;
  }
}

xp_status xp_grade_evaluate(const xp_grade *g, xp_grade_scratch *s, const xp_neighbourhoods *neighbourhoods,
                            double *gamma, xp_error *error) {
  xp_status status = reserve(s, neighbourhoods->natoms, error);
  if (status == XP_OK)
    status = xp_descriptors_evaluate(g->descriptors, s->descriptors, neighbourhoods, s->rows, g->stride, error);
  for (int e = 0; e < g->nelements && status == XP_OK; ++e) {
    int nmembers = 0;
    for (int atom = 0; atom < neighbourhoods->natoms; ++atom)
      if (neighbourhoods->species[atom] == e) s->members[nmembers++] = atom;
    grade_species(s, &g->sets[e], nmembers, gamma);
  }
  return status;
}
