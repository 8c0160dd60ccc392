/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of the Jacobian by function coefficients: every basis function of every atom and how it changes when one of the
 * atom's neighbours moves.
 *
 * While they are added up, rows are in the kernels' own order: for each central species and density the leaves, then the
 * functions of rank 1, side by side. */
#include <stdlib.h>
#include <string.h>

#include "ace/model.h"
#include "training/scratch.h"

/* One atom of a batch. */
typedef struct atom_state {
  int lane, atom;
  double fade;
  double slope[XP_ACE_DENSITIES_MAX];     /* [ndensity] w F' */
  double curvature[XP_ACE_DENSITIES_MAX]; /* [ndensity] w F'' */
  double *values;                         /* [nfunctions] own order */
} atom_state;

/* What rows are made with. */
typedef struct maker {
  const xp_ace_fit *fit;
  xp_ace_fit_scratch *scratch;
  const xp_ace_fit_structure *structure;
  const double *parameters;
  const xp_ace_fit_rows *rows;
  int columns; /* of one row */
} maker;

static int first_column(const maker *m, const xp_training_centre *centre) {
  return centre->first - m->fit->layout.nradial;
}

static void state_of(const maker *m, int lane, atom_state *state) {
  const xp_training_batch *b = &m->scratch->batch;
  const xp_ace_atom_rule *rule = &b->centre->rule;
  state->lane = lane;
  state->atom = m->scratch->atoms[lane];
  state->fade = m->structure->fade[state->atom];
  state->values = m->scratch->row_values + (size_t)lane * (size_t)m->fit->nfunctions_max;
  for (int p = 0; p < rule->ndensity; ++p) {
    double f[3], w = rule->parameters[2 * p];
    xp_ace_embed(rule->npoti, b->densities[p * m->scratch->lanes + lane], rule->parameters[2 * p + 1], f);
    state->slope[p] = w * f[1];
    state->curvature[p] = w * f[2];
  }
}

void xp_training_values(const xp_ace_fit_scratch *scratch, int lane, double *values) {
  const xp_training_batch *b = &scratch->batch;
  const xp_training_centre *centre = b->centre;
  const double *constants = centre->coupled.coefficient.data;
  int lanes = scratch->lanes, nleaves = centre->coupled.nleaves;
  for (int q = 0; q < nleaves; ++q) values[q] = constants[q] * b->leaves[q * lanes + lane];
  for (int f = 0; f < centre->npair_functions; ++f)
    values[nleaves + f] = b->primitives[xp_training_primitive_of(centre, f) * lanes + lane];
}

xp_status xp_training_order_new(xp_training_order *order, const xp_training_centre *centre, xp_error *error) {
  size_t count = (size_t)centre->nfunctions + 1;
  int nleaves = centre->coupled.nleaves;
  const double *constants = centre->coupled.coefficient.data;
  *order = (xp_training_order){malloc(count * sizeof *order->value), malloc(count * sizeof *order->constant)};
  if (!order->value || !order->constant) return xp_error_memory(error, "the order of functions");
  for (int q = 0; q < nleaves; ++q) {
    order->value[centre->leaf_function[q]] = q;
    order->constant[centre->leaf_function[q]] = constants[q];
  }
  for (int f = 0; f < centre->npair_functions; ++f) {
    order->value[centre->pair_functions[f].function] = nleaves + f;
    order->constant[centre->pair_functions[f].function] = 1.0;
  }
  return XP_OK;
}

void xp_training_order_clear(xp_training_order *order) {
  free(order->value);
  free(order->constant);
}

/* Where a direction is: a neighbour in a row of the batch and an axis. */
typedef struct direction {
  int number; /* lane after xp_training_follow */
  int species, row, axis;
  long neighbour; /* in the structure */
} direction;

/* Changes of the rank-1 functions, behind those of the leaves, and of the densities: only functions of the neighbour's
 * species change, by the slope of g_k. */
static void add_rank_one(const maker *m, const direction *d, int lane, double *changes, double *densities) {
  const xp_training_batch *b = &m->scratch->batch;
  const xp_training_centre *centre = b->centre;
  int lanes = m->scratch->lanes, ndensity = centre->rule.ndensity;
  size_t stride = xp_training_basis_stride(m->fit);
  double along = b->unit[(3 * d->row + d->axis) * lanes + lane];
  for (int p = 0; p < ndensity; ++p) densities[p] = b->density_tangents[p * lanes + d->number];
  for (int f = 0; f < centre->npair_functions; ++f) {
    const xp_training_pair_function *function = &centre->pair_functions[f];
    size_t at = (size_t)d->row * stride + (size_t)function->k;
    bool mine = function->species == d->species;
    double change = mine ? along * b->slopes[at * (size_t)lanes + (size_t)lane] : 0.0;
    const double *c = m->parameters + centre->first + function->function * ndensity;
    changes[f] = change;
    for (int p = 0; p < ndensity; ++p) densities[p] += c[p] * change;
  }
}

/* Places of (row axis b, force axis a) among xx yy zz xy xz yz; only b <= a. */
static int virial_place(int b, int a) {
  return a == b ? a : a + b + 2;
}

static void add_target(const maker *m, xp_training_row *row, double *rows, int index, double factor) {
  row->targets[row->ntargets] = rows + (size_t)index * (size_t)m->columns + first_column(m, m->scratch->batch.centre);
  row->factors[row->ntargets++] = factor;
}

/* Adds the gradient by one neighbour's position along an axis to the rows of forces and virial. */
static void add_direction(const maker *m, const atom_state *state, const direction *d, const double *changes,
                          const double *densities) {
  const xp_training_centre *centre = m->scratch->batch.centre;
  double phi[XP_ACE_DENSITIES_MAX], beta[XP_ACE_DENSITIES_MAX];
  double dfade = m->structure->dfade ? m->structure->dfade[d->neighbour][d->axis] : 0.0;
  int neighbour = m->structure->index[d->neighbour];
  xp_training_row row = {centre->nfunctions, centre->rule.ndensity, changes, state->values, phi, beta, 0, {0}, {0}};
  for (int p = 0; p < row.ndensity; ++p) {
    phi[p] = state->fade * state->slope[p];
    beta[p] = dfade * state->slope[p];
    if (state->curvature[p] != 0.0) beta[p] += state->fade * state->curvature[p] * densities[p];
  }
  if (m->rows->forces && neighbour != state->atom) {
    add_target(m, &row, m->rows->forces, 3 * neighbour + d->axis, -1.0);
    add_target(m, &row, m->rows->forces, 3 * state->atom + d->axis, 1.0);
  }
  for (int b = 0; b <= d->axis && m->rows->virial; ++b)
    add_target(m, &row, m->rows->virial, virial_place(b, d->axis),
               -m->structure->distance[d->neighbour] * m->structure->unit[d->neighbour][b]);
  XP_KERNEL_SELECT_DOUBLE(xp_training_add_row)(&row);
}

/* All directions of one group for one atom. */
static void add_group(const maker *m, const atom_state *state, int group) {
  xp_ace_fit_scratch *s = m->scratch;
  const xp_training_centre *centre = s->batch.centre;
  double densities[XP_ACE_DENSITIES_MAX];
  int lanes = s->lanes, end = s->batch.first[m->fit->nelements], nleaves = centre->coupled.nleaves;
  XP_KERNEL_SELECT_DOUBLE(xp_training_follow)(&s->batch, state->lane, s->moves, s->leaf_changes);
  for (int number = 0; number < lanes && (group * lanes + number) / 3 < end; ++number) {
    direction d = {number, 0, (group * lanes + number) / 3, (group * lanes + number) % 3, -1};
    while (d.row >= s->batch.first[d.species + 1]) ++d.species;
    d.neighbour = xp_training_source(s, m->structure, state->lane, d.species, d.row);
    if (d.neighbour < 0) continue;
    memcpy(s->row_changes, s->leaf_changes + number * nleaves, (size_t)nleaves * sizeof *s->row_changes);
    add_rank_one(m, &d, state->lane, s->row_changes + nleaves, densities);
    add_direction(m, state, &d, s->row_changes, densities);
  }
}

static void add_energy(const maker *m, const atom_state *state) {
  const xp_training_centre *centre = m->scratch->batch.centre;
  double *row = m->rows->energy + first_column(m, centre);
  for (int p = 0; p < centre->rule.ndensity; ++p)
    for (int f = 0; f < centre->nfunctions; ++f) *row++ += state->fade * state->slope[p] * state->values[f];
}

static void add_batch(const maker *m, int count) {
  xp_ace_fit_scratch *s = m->scratch;
  atom_state states[XP_TRAINING_LANES_MAX];
  int ndirections = 3 * s->batch.first[m->fit->nelements], groups = (ndirections + s->lanes - 1) / s->lanes;
  XP_KERNEL_SELECT_DOUBLE(xp_training_forward)(&s->batch, false);
  for (int lane = 0; lane < count; ++lane) {
    state_of(m, lane, &states[lane]);
    xp_training_values(s, lane, states[lane].values);
    if (m->rows->energy) add_energy(m, &states[lane]);
  }
  for (int group = 0; group < groups && (m->rows->forces || m->rows->virial); ++group) {
    XP_KERNEL_SELECT_DOUBLE(xp_training_moves)(&s->batch, group, s->moves);
    for (int lane = 0; lane < count; ++lane) add_group(m, &states[lane], group);
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

/* One row of one species from the kernels' order to that of parameters. */
static void reorder(const xp_training_centre *centre, double *row, double *room) {
  int n = centre->nfunctions, ndensity = centre->rule.ndensity, nleaves = centre->coupled.nleaves;
  for (int p = 0; p < ndensity; ++p) {
    const double *from = row + p * n;
    for (int q = 0; q < nleaves; ++q) room[centre->leaf_function[q] * ndensity + p] = from[q];
    for (int f = 0; f < centre->npair_functions; ++f)
      room[centre->pair_functions[f].function * ndensity + p] = from[nleaves + f];
  }
  memcpy(row, room, (size_t)(n * ndensity) * sizeof *row);
}

static void reorder_all(const maker *m, double *rows, int nrows) {
  for (int r = 0; r < nrows && rows; ++r)
    for (int i = 0; i < m->fit->nelements; ++i) {
      const xp_training_centre *centre = &m->fit->centres[i];
      reorder(centre, rows + (size_t)r * (size_t)m->columns + first_column(m, centre), m->scratch->row_room);
    }
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
  reorder_all(&m, rows->energy, 1);
  reorder_all(&m, rows->forces, 3 * structure->natoms);
  reorder_all(&m, rows->virial, 6);
  return status;
}
