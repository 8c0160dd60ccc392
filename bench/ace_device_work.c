/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace_device_work.h"

#include <math.h>
#include <stdbool.h>

/* Operations of the formulas in lammps-plugin/device, by hand. */
enum {
  OPERATIONS_DISTANCE = 12,           /* load_tile: difference, norm, direction */
  OPERATIONS_BIN = 3,                 /* find_bin */
  OPERATIONS_QUINTIC_VALUE = 31 + 11, /* value_weights, interpolate */
  OPERATIONS_QUINTIC_SLOPE = 30 + 11, /* derivative_weights, interpolate */
  OPERATIONS_CUBIC_VALUE = 11 + 7,
  OPERATIONS_CUBIC_SLOPE = 14 + 7,
  OPERATIONS_POWER = 7,     /* begin_column: Q_mm and (x + i y)^m from those of m - 1 */
  OPERATIONS_Q = 4,         /* fill_harmonics: Q_lm from those of l - 1 and l - 2 */
  OPERATIONS_Q_SLOPE = 5,   /* add_column: dQ_lm/dz besides */
  OPERATIONS_COMPONENT = 6, /* ColumnSums */
  OPERATIONS_COLUMN = 14,   /* add_column: its four pieces */
  OPERATIONS_GRADIENT = 18, /* finish_tile, besides the sums of pieces */
  OPERATIONS_SCATTER = 6,   /* scale of add, sum_own */
  OPERATIONS_EMBEDDING = 40 /* embed: a density, its functions counting one each */
};

/* Fields of a type that couple reads: first, terms and weights. */
enum { BYTES_TYPE = 3 * sizeof(int) };

/* One central species and its neighbours. */
typedef struct context {
  const xp_ace_image *image;
  const xp_ace_image_centre *centre;
  const xp_ace_image_pair *pairs; /* of the centre */
  const double *within, *tiled;   /* neighbours by species */
  const xp_device_team *team;
  double real, workers; /* of the team */
} context;

static size_t largest(size_t a, size_t b) {
  return a > b ? a : b;
}

static size_t harmonics(int lmax) {
  return (size_t)((lmax + 1) * (lmax + 1));
}

static double groups_of(double items, int size) {
  return ceil(items / size);
}

xp_device_layout xp_ace_device_layout(const xp_ace_image *image, int workers) {
  size_t slots = 0, adjoints = 0, base = 0, densities = 0, basis = 0, columns = 0, l = (size_t)image->lmax + 1;
  for (int i = 0; i < image->nelements; ++i) {
    slots = largest(slots, (size_t)image->centres[i].nslots);
    adjoints = largest(adjoints, (size_t)image->centres[i].nadjoints);
    base = largest(base, (size_t)image->centres[i].nbase_slots);
    densities = largest(densities, (size_t)image->centres[i].ndensity);
  }
  for (int p = 0; p < image->nelements * image->nelements; ++p) {
    basis = largest(basis, (size_t)image->pairs[p].nbase + 1);
    columns = largest(columns, (size_t)image->pairs[p].ncolumns);
    slots = largest(slots, harmonics(image->pairs[p].lmax) * (size_t)image->pairs[p].nbase); /* contracted */
  }
  size_t tile = XP_DEVICE_TILE * (2 * basis + columns + 2 * l * l + 4 * l + 1) + basis;
  return (xp_device_layout){slots + 2 * XP_DEVICE_TILE * 3 + base + largest(adjoints - base, tile),
                            XP_DEVICE_TILE * (2 + 3) + basis + densities * ((size_t)workers + 2) + 1 +
                                XP_DEVICE_OWN_SUMS + XP_DEVICE_RESULTS};
}

static void touch(xp_device_work *w, const context *c, double reals, double doubles) {
  xp_device_team_touch(c->team, w, reals, doubles);
}

static void stream(xp_device_work *w, const context *c, double requested, double distinct) {
  xp_device_team_stream(c->team, w, requested, distinct);
}

static double tiles(const context *c, int s) {
  return c->tiled[s] / XP_DEVICE_TILE;
}

/* load_tile */
static void count_distances(xp_device_work *w, const context *c, int s) {
  w->exact += OPERATIONS_DISTANCE * c->within[s];
  touch(w, c, 3.0 * c->within[s], c->within[s]);
  xp_device_count_loads(w, c->within[s]);
}

/* fill_basis; the outermost segment counts for all. */
static void count_basis(xp_device_work *w, const context *c, int s, bool slopes) {
  const xp_ace_image_pair *pair = &c->pairs[s];
  bool quintic = c->image->segments[pair->end_segment - 1].quintic;
  double functions = c->within[s] * (pair->nbase + 1.0), rows = quintic ? 6.0 : 4.0, passes = slopes ? 2.0 : 1.0;
  w->exact += functions * (OPERATIONS_BIN + (quintic ? OPERATIONS_QUINTIC_VALUE : OPERATIONS_CUBIC_VALUE));
  if (slopes) w->exact += functions * (quintic ? OPERATIONS_QUINTIC_SLOPE : OPERATIONS_CUBIC_SLOPE);
  touch(w, c, passes * functions, functions);
  w->requests += passes * functions * rows * sizeof(double);
  w->l2 += functions * rows * sizeof(double);
}

/* begin_column of all m, and the recursion for l > m with so many operations a step. */
static void count_columns(xp_device_work *w, const context *c, int s, double step) {
  double l = c->pairs[s].lmax + 1.0, above = 0.5 * l * (l - 1.0), numbers = 3.0 * above + l;
  w->operations += c->within[s] * above * (OPERATIONS_POWER + step);
  touch(w, c, c->within[s] * 3.0 * l, 0.0);
  stream(w, c, c->within[s] * numbers * c->real, tiles(c, s) * numbers * c->real);
}

/* fill_harmonics */
static void count_harmonics(xp_device_work *w, const context *c, int s) {
  double components = (double)harmonics(c->pairs[s].lmax);
  count_columns(w, c, s, OPERATIONS_Q);
  w->operations += c->within[s] * components;
  touch(w, c, c->within[s] * components, 0.0);
}

/* fill_radial: every tile reads the matrix, some columns an item. */
static void count_radial(xp_device_work *w, const context *c, int s) {
  const xp_ace_image_pair *pair = &c->pairs[s];
  double items = c->within[s] * groups_of(pair->ncolumns, XP_DEVICE_COLUMNS), row = pair->nbase * c->real;
  w->operations += items * XP_DEVICE_COLUMNS * 2.0 * pair->nbase;
  touch(w, c, items * pair->nbase + c->within[s] * pair->ncolumns, 0.0);
  stream(w, c, items * XP_DEVICE_COLUMNS * row, tiles(c, s) * pair->ncolumns * row);
}

/* sum_basis, add_to_densities */
static void count_densities(xp_device_work *w, const context *c, int s) {
  double functions = c->pairs[s].nbase + 1.0, densities = c->centre->ndensity;
  double coefficients = densities * c->pairs[s].nbase;
  w->exact += c->within[s] * functions + 2.0 * coefficients;
  touch(w, c, c->within[s] * functions, 2.0 * tiles(c, s) * functions + coefficients + 2.0 * densities);
  stream(w, c, coefficients * sizeof(double), coefficients * sizeof(double));
}

/* add_to_base */
static void count_base(xp_device_work *w, const context *c, int s) {
  double components = c->pairs[s].ncomponents, bytes = tiles(c, s) * components * 3.0 * sizeof(int);
  w->operations += 2.0 * c->within[s] * components;
  touch(w, c, 2.0 * components * (c->within[s] + tiles(c, s)), 0.0);
  stream(w, c, bytes, bytes);
}

/* clear */
static void count_clearing(xp_device_work *w, const context *c) {
  double densities = c->centre->ndensity;
  touch(w, c, c->centre->nbase_slots, densities + 1.0 + c->workers * densities);
}

/* couple: outputs are sorted by type. */
static void count_level(xp_device_work *w, const context *c, const xp_ace_image_level *level) {
  int last = -1;
  for (int o = 0; o < level->noutputs; ++o) {
    const int *output = c->image->indices + level->outputs + 2 * o;
    int which = c->image->couplings[c->centre->first_coupling + output[0]].type;
    const xp_ace_image_type *type = &c->image->types[which];
    const int *first = c->image->indices + type->first + output[1];
    double terms = first[1] - first[0], record = sizeof(xp_ace_image_coupling), term = sizeof(int) + c->real;
    w->operations += 3.0 * terms;
    touch(w, c, 2.0 * terms + 1.0, 0.0);
    stream(w, c, 4.0 * sizeof(int) + record + BYTES_TYPE + terms * term, 2.0 * sizeof(int));
    if (output[1] == 0) stream(w, c, 0.0, record);
    if (which != last) stream(w, c, 0.0, sizeof *type + (type->noutputs + 1.0) * sizeof(int) + type->nterms * term);
    last = which;
  }
}

static void count_couplings(xp_device_work *w, const context *c) {
  for (int k = c->centre->first_level + 1; k < c->centre->end_level; ++k) count_level(w, c, &c->image->levels[k]);
}

/* sum_leaves: every few densities take a round. */
static void count_leaves(xp_device_work *w, const context *c) {
  double densities = c->centre->ndensity, rounds = groups_of(densities, XP_DEVICE_FEW_DENSITIES);
  for (int r = c->centre->first_row; r < c->centre->end_row; ++r) {
    const xp_ace_image_row *row = &c->image->rows[r];
    double leaves = row->end - row->first, index = sizeof(int), coefficients = densities * c->real;
    w->operations += leaves * (rounds * (2.0 * row->n + 1.0) + densities);
    w->exact += leaves * densities;
    touch(w, c, rounds * leaves * 2.0 * row->n, 2.0 * densities);
    stream(w, c, sizeof *row + leaves * (rounds * index + coefficients), sizeof *row + leaves * (index + coefficients));
  }
  w->exact += c->workers * densities;
  touch(w, c, 0.0, (c->workers + 2.0) * densities);
}

/* embed */
static void count_embedding(xp_device_work *w, const context *c) {
  w->exact += OPERATIONS_EMBEDDING * (c->centre->ndensity + 1.0);
  touch(w, c, 0.0, 2.0 * c->centre->ndensity + XP_DEVICE_RESULTS);
}

/* add_all_leaves */
static void count_nodes(xp_device_work *w, const context *c) {
  double densities = c->centre->ndensity, few = fmin(densities, XP_DEVICE_FEW_DENSITIES);
  for (int k = c->centre->first_node; k < c->centre->end_node; ++k) {
    const xp_ace_image_node *node = &c->image->nodes[k];
    double bytes = sizeof *node + node->nleaves * (3.0 * sizeof(int) + densities * c->real);
    for (int e = 0; e < node->nleaves; ++e) {
      bool whole = c->image->indices[node->leaves + 3 * e + 2] != 0;
      double length = whole ? node->n : node->first == 0;
      w->operations += 2.0 * densities + 1.0 + 2.0 * length;
      touch(w, c, length, densities - few);
    }
    touch(w, c, node->n, few);
    stream(w, c, bytes, bytes);
  }
}

/* gather, add_parts */
static void count_gathers(xp_device_work *w, const context *c) {
  for (int k = c->centre->first_level; k < c->centre->end_level; ++k) {
    const xp_ace_image_level *level = &c->image->levels[k];
    for (int g = level->first_gather; g < level->end_gather; ++g) {
      double terms = c->image->gathers[g].nterms;
      double bytes = sizeof *c->image->gathers + terms * (2.0 * sizeof(int) + c->real);
      w->operations += 3.0 * terms;
      touch(w, c, 2.0 * terms + 1.0 + c->image->gathers[g].add, 0.0);
      stream(w, c, bytes, bytes);
    }
    for (int s = level->first_sum; s < level->end_sum; ++s) {
      double parts = c->image->sums[s].nparts, bytes = sizeof *c->image->sums + parts * sizeof(int);
      w->operations += parts;
      touch(w, c, parts + 2.0, 0.0);
      stream(w, c, bytes, bytes);
    }
  }
}

/* contract, fill_weights */
static void count_contraction(xp_device_work *w, const context *c, int s) {
  const xp_ace_image_pair *pair = &c->pairs[s];
  double nbase = pair->nbase, components = (double)harmonics(pair->lmax), densities = c->centre->ndensity;
  double coefficients = densities * nbase * sizeof(double), record = 4.0 * sizeof(int), summands = 0.0;
  for (int y = 0; y < (int)harmonics(pair->lmax); ++y) summands += c->image->indices[pair->harmonics + 4 * y + 3];
  w->operations += 2.0 * nbase * summands;
  touch(w, c, nbase * (summands + components), 0.0);
  stream(w, c, nbase * (summands * c->real + components * record),
         nbase * pair->ncolumns * c->real + components * record);
  w->exact += 2.0 * densities * nbase;
  touch(w, c, nbase + 1.0, densities * nbase + 1.0);
  stream(w, c, coefficients, coefficients);
}

/* project: some components an item. */
static void count_projections(xp_device_work *w, const context *c, int s) {
  double components = (double)harmonics(c->pairs[s].lmax);
  double steps = c->within[s] * groups_of(components, XP_DEVICE_COMPONENTS) * c->pairs[s].nbase;
  w->operations += steps * 4.0 * XP_DEVICE_COMPONENTS;
  touch(w, c, steps * (2.0 + XP_DEVICE_COMPONENTS) + c->within[s] * 2.0 * components, 0.0);
}

/* fill_pieces */
static void count_pieces(xp_device_work *w, const context *c, int s) {
  double l = c->pairs[s].lmax + 1.0, components = (double)harmonics(c->pairs[s].lmax),
         functions = c->pairs[s].nbase + 1.0;
  count_columns(w, c, s, OPERATIONS_Q + OPERATIONS_Q_SLOPE);
  w->operations += c->within[s] * (OPERATIONS_COMPONENT * components + OPERATIONS_COLUMN * l + 2.0 * functions);
  touch(w, c, c->within[s] * (2.0 * components + 4.0 * l + 2.0 * functions + 1.0), 0.0);
}

/* finish_tile, sum_own */
static void count_gradients(xp_device_work *w, const context *c, int s) {
  double pieces = 4.0 * (c->pairs[s].lmax + 1.0) + 1.0;
  w->operations += c->within[s] * (pieces + OPERATIONS_GRADIENT);
  w->exact += c->within[s] * OPERATIONS_SCATTER;
  touch(w, c, c->within[s] * (pieces + 3.0), c->within[s] * (2.0 + 3.0 + 3.0) + tiles(c, s) * 3.0);
  w->requests += c->within[s] * XP_DEVICE_INDEX;
  w->atomics += 3.0 * c->within[s];
}

typedef void (*stage_of_pair)(xp_device_work *w, const context *c, int s);

/* A stage that is done for the neighbours of every species. */
static xp_device_work *over_pairs(xp_device_cost *cost, const char *name, const context *c, stage_of_pair count) {
  xp_device_work *w = xp_device_cost_stage(cost, name);
  for (int s = 0; s < c->image->nelements; ++s)
    if (c->within[s] > 0.0) count(w, c, s);
  return w;
}

static void count_values(xp_device_work *w, const context *c, int s) {
  count_basis(w, c, s, false);
}
static void count_slopes(xp_device_work *w, const context *c, int s) {
  count_basis(w, c, s, true);
}

static void count_centre(xp_device_cost *cost, const context *c) {
  over_pairs(cost, "forward: distances", c, count_distances);
  over_pairs(cost, "forward: radial basis", c, count_values);
  over_pairs(cost, "forward: harmonics", c, count_harmonics);
  over_pairs(cost, "forward: R_nl", c, count_radial);
  over_pairs(cost, "forward: rank 1 and core", c, count_densities);
  count_clearing(over_pairs(cost, "forward: base A_nl", c, count_base), c);
  count_couplings(xp_device_cost_stage(cost, "forward: couplings"), c);
  count_leaves(xp_device_cost_stage(cost, "forward: leaves"), c);
  count_embedding(xp_device_cost_stage(cost, "forward: embedding"), c);
  count_nodes(xp_device_cost_stage(cost, "adjoint: leaves"), c);
  count_gathers(xp_device_cost_stage(cost, "adjoint: couplings"), c);
  over_pairs(cost, "adjoint: contraction", c, count_contraction);
  over_pairs(cost, "neighbours: distances", c, count_distances);
  over_pairs(cost, "neighbours: radial basis", c, count_slopes);
  over_pairs(cost, "neighbours: projections", c, count_projections);
  over_pairs(cost, "neighbours: sums over l", c, count_pieces);
  over_pairs(cost, "neighbours: gradients", c, count_gradients);
}

void xp_ace_device_count(xp_device_cost *cost, const xp_ace_image *image, const xp_device_neighbours *neighbours,
                         const xp_device_team *team) {
  int n = image->nelements;
  *cost = (xp_device_cost){0};
  for (int i = 0; i < n; ++i) {
    context c = {
        image, &image->centres[i],        image->pairs + i * n, neighbours->within + i * n, neighbours->tiled + i * n,
        team,  xp_device_team_real(team), team->workers};
    xp_device_cost one = {0};
    xp_device_count_lists(xp_device_cost_stage(&one, "short lists"), neighbours, i);
    count_centre(&one, &c);
    xp_device_cost_add(cost, &one, neighbours->share[i]);
  }
}
