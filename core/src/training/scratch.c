/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "training/scratch.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

/* An array of the batch that has the same size for every batch, or grows with its neighbours. */
typedef struct array {
  size_t member; /* offset in xp_training_batch */
  size_t count;  /* vectors, or vectors a neighbour */
} array;

enum { FIXED_ARRAYS = 20, NEIGHBOUR_ARRAYS = 10 };

#define MEMBER(name) offsetof(xp_training_batch, name)

static void list_fixed(const xp_ace_fit *fit, size_t lanes, array arrays[FIXED_ARRAYS]) {
  size_t lmax = (size_t)fit->lmax + 1, lm = lmax * (lmax + 1) / 2, p = (size_t)fit->ndensity_max;
  size_t primitives = (size_t)fit->nprimitives_max, slots = (size_t)fit->nslots_max, leaves = (size_t)fit->nleaves_max;
  size_t functions = (size_t)fit->nfunctions_max;
  const array list[FIXED_ARRAYS] = {{MEMBER(primitives), primitives},
                                    {MEMBER(motions), primitives},
                                    {MEMBER(contracted), primitives},
                                    {MEMBER(values), slots},
                                    {MEMBER(tangents), slots},
                                    {MEMBER(adjoints), slots},
                                    {MEMBER(second), slots},
                                    {MEMBER(z), 2 * (size_t)fit->nz_max},
                                    {MEMBER(leaves), functions},
                                    {MEMBER(leaf_tangents), leaves},
                                    {MEMBER(densities), p},
                                    {MEMBER(density_tangents), p},
                                    {MEMBER(phi), p},
                                    {MEMBER(alpha), p},
                                    {MEMBER(polynomials), 2 * lm},
                                    {MEMBER(powers), 2 * lmax},
                                    {MEMBER(coefficients), leaves * p},
                                    {MEMBER(function_gradient), functions * p},
                                    {MEMBER(radial_gradient), (size_t)fit->layout.nradial},
                                    {MEMBER(moved), lanes * slots}};
  memcpy(arrays, list, sizeof list);
}

static void list_neighbours(const xp_ace_fit *fit, array arrays[NEIGHBOUR_ARRAYS]) {
  size_t y = xp_training_harmonics_stride(fit), g = xp_training_basis_stride(fit);
  const array list[NEIGHBOUR_ARRAYS] = {{MEMBER(unit), 3},    {MEMBER(inverse), 1},  {MEMBER(basis), g},
                                        {MEMBER(slopes), g},  {MEMBER(velocity), 3}, {MEMBER(harmonics), y},
                                        {MEMBER(turning), y}, {MEMBER(approach), g}, {MEMBER(sums), 2 * y},
                                        {MEMBER(gradient), 3}};
  memcpy(arrays, list, sizeof list);
}

static double **member_of(xp_training_batch *batch, const array *a) {
  return (double **)((char *)batch + a->member);
}

/* Zeroed vectors. */
static double *new_vectors(size_t lanes, size_t count) {
  size_t bytes = (count * lanes * sizeof(double) + 2 * ALIGNMENT) / ALIGNMENT * ALIGNMENT;
  double *data = aligned_alloc(ALIGNMENT, bytes);
  if (data) memset(data, 0, bytes);
  return data;
}

/* Makes all arrays of a list anew, those without vectors, too; false: out of memory. */
static bool make(xp_ace_fit_scratch *s, const array *arrays, int narrays, size_t factor) {
  bool ok = true;
  for (int a = 0; a < narrays; ++a) {
    double **member = member_of(&s->batch, &arrays[a]);
    free(*member);
    *member = new_vectors((size_t)s->lanes, arrays[a].count * factor);
    ok = ok && *member;
  }
  return ok;
}

static void drop(xp_ace_fit_scratch *s, const array *arrays, int narrays) {
  for (int a = 0; a < narrays; ++a) free(*member_of(&s->batch, &arrays[a]));
}

void xp_ace_fit_scratch_free(xp_ace_fit_scratch *s) {
  if (!s) return;
  array fixed[FIXED_ARRAYS], neighbours[NEIGHBOUR_ARRAYS];
  list_fixed(s->batch.fit, (size_t)s->lanes, fixed);
  list_neighbours(s->batch.fit, neighbours);
  drop(s, fixed, FIXED_ARRAYS);
  drop(s, neighbours, NEIGHBOUR_ARRAYS);
  free(s->batch.first);
  free(s->own);
  free(s->jets);
  free(s->moves);
  free(s->row_values);
  free(s->row_changes);
  free(s->leaf_changes);
  free(s->row_room);
  free(s);
}

xp_status xp_ace_fit_scratch_new(xp_ace_fit_scratch **scratch, const xp_ace_fit *fit, xp_error *error) {
  xp_ace_fit_scratch *s = *scratch = calloc(1, sizeof *s);
  if (!s) return xp_error_memory(error, "scratch memory for fitting");
  size_t row = (size_t)fit->row_max, functions = (size_t)fit->nfunctions_max;
  array fixed[FIXED_ARRAYS];
  s->batch.fit = fit;
  s->lanes = XP_KERNEL_SELECT_DOUBLE(xp_training_lanes)();
  list_fixed(fit, (size_t)s->lanes, fixed);
  bool ok = make(s, fixed, FIXED_ARRAYS, 1);
  s->batch.first = calloc((size_t)fit->nelements + 1, sizeof *s->batch.first);
  s->own = calloc(6 * row * (size_t)s->lanes, sizeof *s->own);
  s->jets = malloc((row + (size_t)fit->nscratch_max + 1) * sizeof *s->jets);
  s->moves = new_vectors((size_t)s->lanes, (size_t)s->lanes * (size_t)fit->nslots_max);
  s->row_values = calloc((size_t)s->lanes * functions + 1, sizeof *s->row_values);
  s->row_changes = calloc(functions + 1, sizeof *s->row_changes);
  s->leaf_changes = calloc((size_t)s->lanes * (size_t)fit->nleaves_max + 1, sizeof *s->leaf_changes);
  s->row_room = calloc(functions * (size_t)fit->ndensity_max + 1, sizeof *s->row_room);
  if (ok && s->batch.first && s->own && s->jets && s->moves && s->row_values && s->row_changes && s->leaf_changes &&
      s->row_room)
    return XP_OK;
  xp_ace_fit_scratch_free(s);
  *scratch = NULL;
  return xp_error_memory(error, "scratch memory for fitting");
}

int xp_training_batch_size(const xp_ace_fit_structure *structure, int begin, int lanes) {
  int count = 1, species = structure->species[structure->order[begin]];
  while (count < lanes && begin + count < structure->natoms &&
         structure->species[structure->order[begin + count]] == species)
    ++count;
  return count;
}

xp_status xp_training_reserve(xp_ace_fit_scratch *s, int wanted, xp_error *error) {
  if (wanted <= s->capacity) return XP_OK;
  array neighbours[NEIGHBOUR_ARRAYS];
  int capacity = wanted + wanted / 4;
  list_neighbours(s->batch.fit, neighbours);
  bool ok = make(s, neighbours, NEIGHBOUR_ARRAYS, (size_t)capacity);
  s->capacity = ok ? capacity : 0;
  return ok ? XP_OK : xp_error_memory(error, "scratch memory for fitting");
}

static const int *species_first(const xp_ace_fit_scratch *s, const xp_ace_fit_structure *structure, int atom) {
  return structure->species_first + atom * (s->batch.fit->nelements + 1);
}

long xp_training_source(const xp_ace_fit_scratch *s, const xp_ace_fit_structure *structure, int lane, int species,
                        int row) {
  int atom = s->atoms[lane], place = row - s->batch.first[species];
  if (atom == XP_TRAINING_NO_ATOM) return -1;
  const int *first = species_first(s, structure, atom);
  if (place >= first[species + 1] - first[species]) return -1;
  return (long)(structure->first[atom] + (size_t)(first[species] + place));
}

/* Longest list of every species. */
static void count_rows(xp_ace_fit_scratch *s, const xp_ace_fit_structure *structure) {
  int nelements = s->batch.fit->nelements, *first = s->batch.first;
  memset(first, 0, ((size_t)nelements + 1) * sizeof *first);
  for (int lane = 0; lane < s->lanes; ++lane) {
    if (s->atoms[lane] == XP_TRAINING_NO_ATOM) continue;
    const int *own = species_first(s, structure, s->atoms[lane]);
    for (int j = 0; j < nelements; ++j)
      if (own[j + 1] - own[j] > first[j + 1]) first[j + 1] = own[j + 1] - own[j];
  }
  for (int j = 0; j < nelements; ++j) first[j + 1] += first[j];
}

/* A row that holds no neighbour of a lane's atom: it weighs nothing. */
static void pad(xp_ace_fit_scratch *s, int row, int lane) {
  xp_training_batch *b = &s->batch;
  int lanes = s->lanes;
  for (int d = 0; d < 3; ++d) {
    b->unit[(3 * row + d) * lanes + lane] = d == 2 ? 1.0 : 0.0;
    b->velocity[(3 * row + d) * lanes + lane] = 0.0;
  }
  b->inverse[row * lanes + lane] = 0.0;
  s->distances[lane] = 0.0;
}

static void set_velocity(xp_ace_fit_scratch *s, const xp_ace_fit_structure *structure, const xp_training_motion *motion,
                         int row, int lane, size_t k) {
  const double(*loss)[3] = motion->loss, (*virial)[3] = motion->virial, *unit = structure->unit[k];
  int atom = s->atoms[lane], neighbour = structure->index[k];
  for (int a = 0; a < 3; ++a) {
    double v = loss ? loss[atom][a] - loss[neighbour][a] : 0.0;
    for (int b = 0; b < 3 && virial; ++b) v -= virial[b][a] * structure->distance[k] * unit[b];
    s->batch.velocity[(3 * row + a) * s->lanes + lane] = v;
  }
}

static void fill(xp_ace_fit_scratch *s, const xp_ace_fit_structure *structure, const xp_training_motion *motion,
                 int row, int lane, size_t k) {
  xp_training_batch *b = &s->batch;
  for (int d = 0; d < 3; ++d) b->unit[(3 * row + d) * s->lanes + lane] = structure->unit[k][d];
  b->inverse[row * s->lanes + lane] = 1.0 / structure->distance[k];
  s->distances[lane] = structure->distance[k];
  if (motion) set_velocity(s, structure, motion, row, lane, k);
}

/* One row of the batch: a neighbour of each lane's atom, or padding. */
static void fill_row(xp_ace_fit_scratch *s, const xp_ace_fit_structure *structure, int species,
                     const xp_training_motion *motion, int row) {
  const xp_training_pair *pair = &s->batch.centre->pairs[species];
  size_t at = (size_t)row * xp_training_basis_stride(s->batch.fit) * (size_t)s->lanes;
  for (int lane = 0; lane < s->lanes; ++lane) {
    long k = xp_training_source(s, structure, lane, species, row);
    if (k < 0)
      pad(s, row, lane);
    else
      fill(s, structure, motion, row, lane, (size_t)k);
  }
  const xp_training_radial_row radial = {pair,
                                         s->distances,
                                         s->own,
                                         6 * (size_t)s->batch.fit->row_max,
                                         s->jets,
                                         s->batch.basis + at,
                                         s->batch.slopes + at};
  XP_KERNEL_SELECT_DOUBLE(xp_training_interpolate)(&radial);
}

xp_status xp_training_gather(xp_ace_fit_scratch *s, const xp_ace_fit_structure *structure, int begin, int count,
                             const xp_training_motion *motion, xp_error *error) {
  for (int lane = 0; lane < s->lanes; ++lane)
    s->atoms[lane] = lane < count ? structure->order[begin + lane] : XP_TRAINING_NO_ATOM;
  count_rows(s, structure);
  s->batch.centre = &s->batch.fit->centres[structure->species[s->atoms[0]]];
  xp_status status = xp_training_reserve(s, s->batch.first[s->batch.fit->nelements], error);
  if (status) return status;
  for (int j = 0; j < s->batch.fit->nelements; ++j)
    for (int row = s->batch.first[j]; row < s->batch.first[j + 1]; ++row) fill_row(s, structure, j, motion, row);
  return XP_OK;
}

void xp_training_load(xp_ace_fit_scratch *s, const xp_training_centre *centre, const double *parameters) {
  int ndensity = centre->rule.ndensity;
  const double *constants = centre->coupled.coefficient.data;
  s->loaded = centre;
  s->batch.parameters = parameters;
  for (int q = 0; q < centre->coupled.nleaves; ++q) {
    const double *c = parameters + centre->first + centre->leaf_function[q] * ndensity;
    for (int p = 0; p < ndensity; ++p) s->batch.coefficients[q * ndensity + p] = constants[q] * c[p];
  }
}
