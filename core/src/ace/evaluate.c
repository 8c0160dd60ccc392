/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gathers atoms of one species into batches, runs the kernel on them and hands the results out. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ace/batch.h"
#include "neighbour/order.h"

enum { ALIGNMENT = 64, NO_ATOM = -1 };

/* Not a neighbour: a place in a list that is only padding. */
static const size_t PADDING = SIZE_MAX;

struct xp_ace_workspace {
  xp_ace_batch batch;
  void (*run)(xp_ace_batch *batch);
  int lanes;
  xp_order order;
  int neighbour_capacity;           /* padded neighbours */
  size_t *source;                   /* [neighbour][lane] index in the caller's list, or PADDING */
  int *lane_count;                  /* [nelements] neighbours of one lane by species */
  int atoms[XP_ACE_LANES_MAX];      /* of the batch, NO_ATOM: lane not used */
  size_t nearest[XP_ACE_LANES_MAX]; /* zbl: the most compressed bond, index in the caller's list, or PADDING */
};

/* Zeroed vectors of numbers of the given size. */
static void *new_vectors(const xp_ace_workspace *w, size_t count, size_t size) {
  size_t bytes = count * (size_t)w->lanes * size;
  void *data = aligned_alloc(ALIGNMENT, (bytes + ALIGNMENT) / ALIGNMENT * ALIGNMENT);
  if (data) memset(data, 0, bytes);
  return data;
}

static void *new_reals(const xp_ace_workspace *w, size_t count) {
  return new_vectors(w, count, xp_real_size(w->batch.plan->precision));
}

static void free_neighbour_arrays(xp_ace_workspace *w) {
  free(w->source);
  free(w->batch.unit);
  free(w->batch.distance);
  free(w->batch.inverse);
  free(w->batch.radial);
  free(w->batch.slope);
  free(w->batch.harmonics);
  free(w->batch.gradient);
}

void xp_ace_workspace_free(xp_ace_workspace *workspace) {
  if (!workspace) return;
  xp_ace_batch *b = &workspace->batch;
  free_neighbour_arrays(workspace);
  free(workspace->lane_count);
  xp_order_clear(&workspace->order);
  free(b->first);
  free(b->values);
  free(b->adjoints);
  free(b->leaves);
  free(b->z);
  free(b->products);
  free(b->contracted);
  free(b->basis);
  free(b->polynomials);
  free(b->powers);
  free(b->projected);
  free(b->sums);
  free(b->densities);
  free(b->slopes);
  free(b->exact);
  free(b->jets);
  free(workspace);
}

static bool allocate(xp_ace_workspace *w) {
  xp_ace_batch *b = &w->batch;
  const xp_ace_plan *plan = b->plan;
  size_t lmax = (size_t)(plan->lmax + 1), lm = lmax * (lmax + 1) / 2, row = (size_t)plan->row_max;
  b->first = calloc((size_t)plan->nelements + 1, sizeof *b->first);
  w->lane_count = calloc((size_t)plan->nelements, sizeof *w->lane_count);
  b->values = new_reals(w, (size_t)plan->nslots_max);
  b->adjoints = new_reals(w, (size_t)plan->nslots_max);
  b->leaves = new_reals(w, (size_t)plan->leaves_max);
  b->z = new_reals(w, (size_t)plan->nz_max);
  b->products = new_reals(w, 4 * (size_t)plan->nproduct_max);
  b->contracted = new_reals(w, (size_t)plan->ncontracted_max);
  b->basis = new_reals(w, XP_ACE_TOGETHER_MAX * ((size_t)plan->nbase_max + XP_ACE_ROW));
  b->polynomials = new_reals(w, 2 * lm);
  b->powers = new_reals(w, 2 * lmax);
  b->projected = new_reals(w, 2 * lmax * lmax * XP_ACE_TOGETHER_MAX);
  b->sums = new_vectors(w, row, sizeof(double));
  b->densities = new_vectors(w, (size_t)plan->ndensity_max, sizeof(double));
  b->slopes = new_vectors(w, (size_t)plan->ndensity_max, sizeof(double));
  b->exact = new_vectors(w, 6 * row, sizeof(double));
  b->jets = malloc((row + (size_t)plan->nscratch_max) * sizeof *b->jets);
  return b->first && w->lane_count && b->values && b->adjoints && b->leaves && b->z && b->products && b->contracted &&
         b->basis && b->polynomials && b->powers && b->projected && b->sums && b->densities && b->slopes && b->exact &&
         b->jets;
}

xp_status xp_ace_workspace_new(xp_ace_workspace **workspace, const xp_ace_plan *plan, xp_error *error) {
  xp_ace_workspace *w = *workspace = calloc(1, sizeof *w);
  if (!w) return xp_error_memory(error, "an ACE workspace");
  w->run = XP_KERNEL_SELECT(xp_ace_kernel_run, plan->precision);
  w->lanes = XP_KERNEL_SELECT(xp_ace_kernel_lanes, plan->precision)();
  w->batch.plan = plan;
  if (allocate(w)) return XP_OK;
  xp_ace_workspace_free(w);
  *workspace = NULL;
  return xp_error_memory(error, "an ACE workspace");
}

static xp_status reserve_neighbours(xp_ace_workspace *w, int wanted, xp_error *error) {
  if (wanted <= w->neighbour_capacity) return XP_OK;
  xp_ace_batch *b = &w->batch;
  size_t n = (size_t)wanted + (size_t)wanted / 4;
  free_neighbour_arrays(w);
  w->source = malloc(n * (size_t)w->lanes * sizeof *w->source);
  b->unit = new_reals(w, 3 * n);
  b->distance = new_vectors(w, n, sizeof(double));
  b->inverse = new_reals(w, n);
  b->radial = new_reals(w, n * xp_ace_radial_stride(b->plan));
  b->slope = new_reals(w, n * xp_ace_slope_stride(b->plan));
  b->harmonics = new_reals(w, n * xp_ace_harmonics_stride(b->plan));
  b->gradient = new_reals(w, 3 * n);
  bool ok = w->source && b->unit && b->distance && b->inverse && b->radial && b->slope && b->harmonics && b->gradient;
  w->neighbour_capacity = ok ? (int)n : 0;
  return ok ? XP_OK : xp_error_memory(error, "neighbours in an ACE workspace");
}

/* One number of an array of reals. */
static void set_real(const xp_ace_workspace *w, void *array, int index, double value) {
  if (w->batch.plan->precision == XP_PRECISION_MIXED)
    ((float *)array)[index] = (float)value;
  else
    ((double *)array)[index] = value;
}

static double get_real(const xp_ace_workspace *w, const void *array, int index) {
  return w->batch.plan->precision == XP_PRECISION_MIXED ? (double)((const float *)array)[index]
                                                        : ((const double *)array)[index];
}

static double square_of(const double d[3]) {
  return d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
}

static bool inside(const xp_ace_pair *pair, double square) {
  return square < pair->radial.cutoff * pair->radial.cutoff;
}

static xp_status too_close(const xp_ace_pair *pair, int atom, double r, xp_error *error) {
  return xp_error_set(
      error, XP_ERROR_RANGE,
      "atom %d has a neighbour %g Angstrom away, below the %g Angstrom at which the radial functions of "
      "this potential begin; has the simulation exploded, or are two atoms on top of each other?",
      atom + 1, r, pair->minimum);
}

/* For zbl: the most compressed bond of a lane's atom. */
static void find_nearest(xp_ace_workspace *w, const xp_neighbourhoods *n, int lane) {
  double nearest = w->batch.plan->nearest_limit;
  for (size_t k = n->first[w->atoms[lane]]; k < n->first[w->atoms[lane] + 1]; ++k) {
    const xp_ace_pair *pair = &w->batch.centre->pairs[n->neighbour_species[k]];
    double square = square_of(n->displacements[k]), r = sqrt(square);
    if (!inside(pair, square) || r - pair->inner_start >= nearest) continue;
    nearest = r - pair->inner_start;
    w->nearest[lane] = k;
    w->batch.core[lane].depth = pair->rcut_in - r;
    w->batch.core[lane].width = pair->dcut_in;
  }
}

/* Lengths of the padded lists: of every species the longest of the lanes. */
static xp_status count_batch(xp_ace_workspace *w, const xp_neighbourhoods *n, xp_error *error) {
  int nelements = w->batch.plan->nelements, *first = w->batch.first;
  memset(first, 0, ((size_t)nelements + 1) * sizeof *first);
  for (int lane = 0; lane < w->lanes; ++lane) {
    w->nearest[lane] = PADDING;
    w->batch.core[lane] = (xp_ace_core_state){0};
    if (w->atoms[lane] == NO_ATOM) continue;
    const int *counts = w->order.counts + (size_t)w->atoms[lane] * (size_t)nelements;
    for (int j = 0; j < nelements; ++j)
      if (counts[j] > first[j + 1]) first[j + 1] = counts[j];
    if (w->batch.centre->rule.inner == XP_ACE_INNER_ZBL) find_nearest(w, n, lane);
  }
  for (int j = 0; j < nelements; ++j) first[j + 1] += first[j];
  return reserve_neighbours(w, first[nelements], error);
}

/* A place without a neighbour: it weighs nothing. */
static void pad(xp_ace_workspace *w, int row, int lane) {
  int at = row * w->lanes + lane;
  w->source[at] = PADDING;
  w->batch.distance[at] = 0.0;
  set_real(w, w->batch.inverse, at, 0.0);
  for (int d = 0; d < 3; ++d) set_real(w, w->batch.unit, (3 * row + d) * w->lanes + lane, d == 2 ? 1.0 : 0.0);
}

/* The neighbours of one lane's atom, then padding. */
static void fill_lane(xp_ace_workspace *w, const xp_neighbourhoods *n, int lane) {
  xp_ace_batch *b = &w->batch;
  int atom = w->atoms[lane];
  memset(w->lane_count, 0, (size_t)b->plan->nelements * sizeof *w->lane_count);
  for (size_t k = atom == NO_ATOM ? 0 : n->first[atom]; atom != NO_ATOM && k < n->first[atom + 1]; ++k) {
    int j = n->neighbour_species[k];
    double square = square_of(n->displacements[k]);
    if (!inside(&b->centre->pairs[j], square)) continue;
    int row = b->first[j] + w->lane_count[j]++, at = row * w->lanes + lane;
    double r = sqrt(square), inverse = 1.0 / r;
    w->source[at] = k;
    b->distance[at] = r;
    set_real(w, b->inverse, at, inverse);
    for (int d = 0; d < 3; ++d) set_real(w, b->unit, (3 * row + d) * w->lanes + lane, n->displacements[k][d] * inverse);
  }
  for (int j = 0; j < b->plan->nelements; ++j)
    for (int row = b->first[j] + w->lane_count[j]; row < b->first[j + 1]; ++row) pad(w, row, lane);
}

/* Zero for all neighbours of the batch; those within the cutoff are overwritten. */
static void clear_gradients(const xp_ace_workspace *w, const xp_neighbourhoods *n, double (*gradient)[3]) {
  for (int lane = 0; lane < w->lanes; ++lane) {
    int atom = w->atoms[lane];
    if (atom == NO_ATOM) continue;
    memset(gradient[n->first[atom]], 0, (n->first[atom + 1] - n->first[atom]) * sizeof *gradient);
  }
}

static void hand_out_gradients(const xp_ace_workspace *w, double (*gradient)[3]) {
  const xp_ace_batch *b = &w->batch;
  for (int k = 0; k < b->first[b->plan->nelements]; ++k)
    for (int lane = 0; lane < w->lanes; ++lane) {
      size_t source = w->source[k * w->lanes + lane];
      if (source == PADDING) continue;
      double extra = source == w->nearest[lane] ? b->result[lane].nearest_slope : 0.0;
      for (int d = 0; d < 3; ++d) {
        int at = (3 * k + d) * w->lanes + lane;
        gradient[source][d] = get_real(w, b->gradient, at) + extra * get_real(w, b->unit, at);
      }
    }
}

static xp_status evaluate_batch(xp_ace_workspace *w, const xp_neighbourhoods *n, const xp_evaluation *out,
                                xp_error *error) {
  xp_status status = count_batch(w, n, error);
  if (status) return status;
  for (int lane = 0; lane < w->lanes; ++lane) fill_lane(w, n, lane);
  w->run(&w->batch);
  for (int lane = 0; lane < w->lanes; ++lane) {
    int atom = w->atoms[lane];
    if (atom == NO_ATOM) continue;
    if (out->energy) out->energy[atom] = w->batch.result[lane].energy;
    if (out->core_factor) out->core_factor[atom] = w->batch.result[lane].core_factor;
  }
  if (!out->gradient) return XP_OK;
  clear_gradients(w, n, out->gradient);
  hand_out_gradients(w, out->gradient);
  return XP_OK;
}

/* Counts one atom's neighbours by species. */
static xp_status count_neighbours(const xp_ace_plan *plan, const xp_neighbourhoods *n, int atom, int *counts,
                                  xp_error *error) {
  for (size_t k = n->first[atom]; k < n->first[atom + 1]; ++k) {
    const xp_ace_pair *pair = &plan->centres[n->species[atom]].pairs[n->neighbour_species[k]];
    double square = square_of(n->displacements[k]);
    if (square >= pair->radial.cutoff * pair->radial.cutoff) continue;
    if (!(square > 0.0 && square >= pair->minimum * pair->minimum)) /* also not-a-number */
      return too_close(pair, atom, sqrt(square), error);
    counts[n->neighbour_species[k]]++;
  }
  return XP_OK;
}

/* Orders the centres by species and number of neighbours. */
static xp_status order_atoms(xp_ace_workspace *w, const xp_neighbourhoods *n, xp_error *error) {
  int nelements = w->batch.plan->nelements;
  xp_status status = xp_order_reserve(&w->order, n->natoms, nelements, error);
  for (int atom = 0; atom < n->natoms && !status; ++atom)
    status = count_neighbours(w->batch.plan, n, atom, w->order.counts + (size_t)atom * (size_t)nelements, error);
  return status ? status : xp_order_sort(&w->order, n, nelements, error);
}

xp_status xp_ace_evaluate(const xp_ace_plan *plan, xp_ace_workspace *workspace, const xp_neighbourhoods *neighbourhoods,
                          const xp_evaluation *out, xp_error *error) {
  xp_ace_workspace *w = workspace;
  w->batch.gradients = out->gradient != NULL;
  xp_status status = order_atoms(w, neighbourhoods, error);
  for (int begin = 0; begin < neighbourhoods->natoms && !status;) {
    int count = xp_order_batch(&w->order, neighbourhoods, begin, w->lanes);
    for (int lane = 0; lane < w->lanes; ++lane) w->atoms[lane] = lane < count ? w->order.atoms[begin + lane] : NO_ATOM;
    w->batch.centre = &plan->centres[neighbourhoods->species[w->atoms[0]]];
    status = evaluate_batch(w, neighbourhoods, out, error);
    begin += count;
  }
  return status;
}
