/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of the Jacobian by function coefficients: every basis function of every atom and how it changes when one of the
 * atom's neighbours moves. */
#include <string.h>

#include "ace/model.h"
#include "training/scratch.h"

/* One atom of a batch. */
typedef struct atom_state {
  int lane, atom;
  double fade;
  double slope[XP_ACE_DENSITIES_MAX];     /* [ndensity] w F' */
  double curvature[XP_ACE_DENSITIES_MAX]; /* [ndensity] w F'' */
} atom_state;

/* What rows are made with. */
typedef struct maker {
  const xp_ace_fit *fit;
  xp_ace_fit_scratch *scratch;
  const xp_ace_fit_structure *structure;
  const double *parameters;
  const xp_ace_fit_rows *rows;
  int columns;
} maker;

static void state_of(const maker *m, int lane, atom_state *state) {
  const xp_training_batch *b = &m->scratch->batch;
  const xp_ace_atom_rule *rule = &b->centre->rule;
  state->lane = lane;
  state->atom = m->scratch->atoms[lane];
  state->fade = m->structure->fade[state->atom];
  for (int p = 0; p < rule->ndensity; ++p) {
    double f[3], w = rule->parameters[2 * p];
    xp_ace_embed(rule->npoti, b->densities[p * m->scratch->lanes + lane], rule->parameters[2 * p + 1], f);
    state->slope[p] = w * f[1];
    state->curvature[p] = w * f[2];
  }
}

/* Values of all basis functions of one atom. */
static void collect_values(const maker *m, int lane, double *values) {
  const xp_training_batch *b = &m->scratch->batch;
  const xp_training_centre *centre = b->centre;
  const double *constants = centre->coupled.coefficient.data;
  int lanes = m->scratch->lanes;
  for (int q = 0; q < centre->coupled.nleaves; ++q)
    values[centre->leaf_function[q]] = constants[q] * b->leaves[q * lanes + lane];
  for (int f = 0; f < centre->npair_functions; ++f) {
    const xp_training_pair_function *function = &centre->pair_functions[f];
    const xp_training_pair *pair = &centre->pairs[function->species];
    int at = pair->primitive + function->k * xp_training_length(pair);
    values[function->function] = b->primitives[at * lanes + lane];
  }
}

/* Changes of all basis functions in one direction (a lane after xp_training_follow) into row, one number a function, and
 * changes of the densities. Rank 1: only functions of the neighbour's species change, by the slope of g_k. */
static void collect_changes(const maker *m, int direction, int species, int row, int axis, int lane, double *changes,
                            double *densities) {
  const xp_training_batch *b = &m->scratch->batch;
  const xp_training_centre *centre = b->centre;
  const double *constants = centre->coupled.coefficient.data;
  int lanes = m->scratch->lanes, ndensity = centre->rule.ndensity;
  size_t stride = xp_training_basis_stride(m->fit);
  for (int p = 0; p < ndensity; ++p) densities[p] = b->density_tangents[p * lanes + direction];
  for (int q = 0; q < centre->coupled.nleaves; ++q)
    changes[centre->leaf_function[q]] = constants[q] * b->leaf_tangents[q * lanes + direction];
  double along = b->unit[(3 * row + axis) * lanes + lane];
  for (int f = 0; f < centre->npair_functions; ++f) {
    const xp_training_pair_function *function = &centre->pair_functions[f];
    size_t at = (size_t)row * stride + (size_t)function->k;
    double change = function->species == species ? along * b->slopes[at * (size_t)lanes + (size_t)lane] : 0.0;
    const double *c = m->parameters + centre->first + function->function * ndensity;
    changes[function->function] = change;
    for (int p = 0; p < ndensity; ++p) densities[p] += c[p] * change;
  }
}

/* d(dE_i/ds)/dc of all coefficients, from changes along s. */
static void weigh(const maker *m, const atom_state *state, double dfade, const double *values, const double *changes,
                  const double *densities, double *row) {
  const xp_training_centre *centre = m->scratch->batch.centre;
  int ndensity = centre->rule.ndensity;
  for (int p = 0; p < ndensity; ++p) {
    double phi = state->fade * state->slope[p], beta = dfade * state->slope[p];
    if (state->curvature[p] != 0.0) beta += state->fade * state->curvature[p] * densities[p];
    for (int f = 0; f < centre->nfunctions; ++f) row[f * ndensity + p] = phi * changes[f] + beta * values[f];
  }
}

static void axpy(double *to, double factor, const double *from, int count) {
  for (int c = 0; c < count; ++c) to[c] += factor * from[c];
}

/* Places of (row axis b, force axis a) among xx yy zz xy xz yz; only b <= a. */
static int virial_place(int b, int a) {
  return a == b ? a : a + b + 2;
}

/* Adds the gradient by one neighbour's position along an axis to the rows of forces and virial. */
static void add_direction(const maker *m, const atom_state *state, long k, int axis, const double *row) {
  const xp_training_centre *centre = m->scratch->batch.centre;
  int count = centre->nfunctions * centre->rule.ndensity, first = centre->first - m->fit->layout.nradial;
  int neighbour = m->structure->index[k];
  if (m->rows->forces && neighbour != state->atom) {
    axpy(m->rows->forces + (size_t)(3 * neighbour + axis) * (size_t)m->columns + first, -1.0, row, count);
    axpy(m->rows->forces + (size_t)(3 * state->atom + axis) * (size_t)m->columns + first, 1.0, row, count);
  }
  for (int b = 0; b <= axis && m->rows->virial; ++b)
    axpy(m->rows->virial + (size_t)virial_place(b, axis) * (size_t)m->columns + first,
         -m->structure->distance[k] * m->structure->unit[k][b], row, count);
}

/* All directions of one group for one atom. */
static void add_group(const maker *m, const atom_state *state, int group, double *changes) {
  xp_ace_fit_scratch *s = m->scratch;
  double densities[XP_ACE_DENSITIES_MAX];
  int lanes = s->lanes, end = s->batch.first[m->fit->nelements];
  XP_KERNEL_SELECT_DOUBLE(xp_training_follow)(&s->batch, state->lane, s->moves);
  for (int d = 0; d < lanes && (group * lanes + d) / 3 < end; ++d) {
    int row = (group * lanes + d) / 3, axis = (group * lanes + d) % 3, species = 0;
    while (row >= s->batch.first[species + 1]) ++species;
    long k = xp_training_source(s, m->structure, state->lane, species, row);
    if (k < 0) continue;
    collect_changes(m, d, species, row, axis, state->lane, changes, densities);
    double dfade = m->structure->dfade ? m->structure->dfade[k][axis] : 0.0;
    weigh(m, state, dfade, s->values + (size_t)state->lane * (size_t)m->fit->nfunctions_max, changes, densities,
          s->row);
    add_direction(m, state, k, axis, s->row);
  }
}

static void add_energy(const maker *m, const atom_state *state, const double *values) {
  const xp_training_centre *centre = m->scratch->batch.centre;
  int ndensity = centre->rule.ndensity;
  double *row = m->rows->energy + centre->first - m->fit->layout.nradial;
  for (int f = 0; f < centre->nfunctions; ++f)
    for (int p = 0; p < ndensity; ++p) row[f * ndensity + p] += state->fade * state->slope[p] * values[f];
}

static void add_batch(const maker *m, int count) {
  xp_ace_fit_scratch *s = m->scratch;
  atom_state states[XP_TRAINING_LANES_MAX];
  size_t step = (size_t)m->fit->nfunctions_max;
  int ndirections = 3 * s->batch.first[m->fit->nelements], groups = (ndirections + s->lanes - 1) / s->lanes;
  XP_KERNEL_SELECT_DOUBLE(xp_training_forward)(&s->batch, false);
  for (int lane = 0; lane < count; ++lane) {
    double *values = s->values + (size_t)lane * step;
    state_of(m, lane, &states[lane]);
    collect_values(m, lane, values);
    if (m->rows->energy) add_energy(m, &states[lane], values);
  }
  for (int group = 0; group < groups && (m->rows->forces || m->rows->virial); ++group) {
    XP_KERNEL_SELECT_DOUBLE(xp_training_moves)(&s->batch, group, s->moves);
    for (int lane = 0; lane < count; ++lane) add_group(m, &states[lane], group, s->values + (size_t)s->lanes * step);
  }
}

/* Zero rows but for the energies of free atoms. */
static void begin(const maker *m) {
  size_t columns = (size_t)m->columns;
  const xp_ace_fit_rows *rows = m->rows;
  if (rows->forces) memset(rows->forces, 0, 3 * (size_t)m->structure->natoms * columns * sizeof(double));
  if (rows->virial) memset(rows->virial, 0, 6 * columns * sizeof(double));
  if (!rows->energy) return;
  memset(rows->energy, 0, columns * sizeof(double));
  for (int atom = 0; atom < m->structure->natoms; ++atom)
    rows->energy[m->columns - m->fit->nelements + m->structure->species[atom]] += 1.0;
}

xp_status xp_ace_fit_make_rows(const xp_ace_fit *fit, xp_ace_fit_scratch *scratch,
                               const xp_ace_fit_structure *structure, const double *parameters,
                               const xp_ace_fit_rows *rows, xp_error *error) {
  maker m = {fit, scratch, structure, parameters, rows, fit->layout.ntotal - fit->layout.nradial};
  xp_status status = XP_OK;
  begin(&m);
  scratch->loaded = NULL;
  for (int at = 0, count; at < structure->natoms && !status; at += count) {
    count = xp_training_batch_size(structure, at, scratch->lanes);
    status = xp_training_gather(scratch, structure, at, count, NULL, error);
    if (status) break;
    if (scratch->loaded != scratch->batch.centre) xp_training_load(scratch, scratch->batch.centre, parameters);
    add_batch(&m, count);
  }
  return status;
}
