/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes of every basis function when one neighbour moves: rows of the Jacobian. A group of directions is worked out for
 * all atoms of a batch, then the lanes turn from atoms into directions. */
#include <string.h>

#include "training/kernel_turning.h"
#include "training/scratch.h"

/* Changes of the base when neighbour n moves along an axis, for all atoms. */
static void move(const xp_training_batch *batch, const xp_training_pair *pair, size_t n, int axis, vec *out) {
  size_t stride = xp_training_harmonics_stride(batch->fit), basis = xp_training_basis_stride(batch->fit);
  vec *turning = vectors(batch->turning, n * stride), *rate = vectors(batch->approach, n * basis);
  const vec *y = vectors(batch->harmonics, n * stride), *unit = vectors(batch->unit, 3 * n);
  const vec *g = vectors(batch->basis, n * basis);
  vec *q = vectors(batch->polynomials, 0), *dq = q + lm_count(batch->fit->lmax), v[3] = {{0}};
  v[axis] = vec_all(1.0);
  harmonic_polynomials(batch->fit->recursion.data, pair->lmax, unit, q, dq, vectors(batch->powers, 0));
  turn(batch, pair->lmax, unit, *vectors(batch->inverse, n), v, turning);
  approach(unit, v, vectors(batch->slopes, n * basis), pair->nbase, rate);
  for (const xp_training_block *b = pair->blocks; b < pair->blocks + pair->nblocks; ++b)
    for (int i = 0; i < b->count; ++i) {
      const double *c = batch->parameters + pair->first + (b->n[i] * (pair->bond_lmax + 1) + b->l) * pair->nbase;
      vec radial = (vec){0}, slope = radial, *to = out + b->slot + i * (2 * b->l + 1);
      for (int k = 0; k < pair->nbase; ++k) {
        radial += c[k] * g[k];
        slope += c[k] * rate[k];
      }
      for (int m = b->l * b->l; m < (b->l + 1) * (b->l + 1); ++m) *to++ = slope * y[m] + radial * turning[m];
    }
}

static const xp_training_pair *pair_of(const xp_training_batch *batch, int neighbour) {
  int j = 0;
  while (neighbour >= batch->first[j + 1]) ++j;
  return &batch->centre->pairs[j];
}

void XP_KERNEL(xp_training_moves)(xp_training_batch *batch, int group, double *moves) {
  int nbase = batch->centre->coupled.nbase, ndirections = 3 * batch->first[batch->fit->nelements];
  vec *moved = vectors(batch->moved, 0);
  memset(moved, 0, (size_t)(W * nbase) * sizeof *moved);
  for (int d = 0; d < W && group * W + d < ndirections; ++d) {
    int direction = group * W + d;
    move(batch, pair_of(batch, direction / 3), (size_t)(direction / 3), direction % 3, moved + d * nbase);
  }
  for (int slot = 0; slot < nbase; ++slot) {
    vec rows[W];
    for (int d = 0; d < W; ++d) rows[d] = moved[d * nbase + slot];
    dvec_transpose(rows);
    for (int lane = 0; lane < W; ++lane) *vectors(moves, (size_t)(lane * nbase + slot)) = rows[lane];
  }
}

/* Changes of leaves times their constants, direction by direction. */
static void turn_leaves(const xp_training_batch *batch, double *changes) {
  const double *constants = batch->centre->coupled.coefficient.data;
  const vec *tangents = vectors(batch->leaf_tangents, 0);
  int nleaves = batch->centre->coupled.nleaves, q = 0;
  for (; q + W <= nleaves; q += W) {
    vec rows[W];
    for (int k = 0; k < W; ++k) rows[k] = constants[q + k] * tangents[q + k];
    dvec_transpose(rows);
    for (int d = 0; d < W; ++d) memcpy(changes + d * nleaves + q, &rows[d], sizeof rows[d]);
  }
  for (; q < nleaves; ++q)
    for (int d = 0; d < W; ++d) changes[d * nleaves + q] = constants[q] * tangents[q][d];
}

void XP_KERNEL(xp_training_follow)(xp_training_batch *batch, int lane, const double *moves, double *changes) {
  const xp_ace_coupled *coupled = &batch->centre->coupled;
  vec *values = vectors(batch->second, 0), *tangents = vectors(batch->tangents, 0);
  const double *all = batch->values + lane;
  for (int slot = 0; slot < coupled->nslots; ++slot) values[slot] = vec_all(all[slot * W]);
  memcpy(tangents, moves + (size_t)(lane * coupled->nbase * W), (size_t)coupled->nbase * sizeof *tangents);
  XP_KERNEL(xp_training_changes)(batch, values, NULL);
  turn_leaves(batch, changes);
}

void XP_KERNEL(xp_training_functions)(xp_training_batch *batch, const xp_training_order *order, int natoms,
                                      double *const *rows) {
  const xp_training_centre *centre = batch->centre;
  vec *values = vectors(batch->leaves, 0);
  for (int f = 0; f < centre->npair_functions; ++f)
    values[centre->coupled.nleaves + f] = *vectors(batch->primitives, (size_t)xp_training_primitive_of(centre, f));
  int f = 0;
  for (; f + W <= centre->nfunctions; f += W) {
    vec turned[W];
    for (int i = 0; i < W; ++i) turned[i] = order->constant[f + i] * values[order->value[f + i]];
    dvec_transpose(turned);
    for (int lane = 0; lane < W; ++lane)
      if (lane < natoms) memcpy(rows[lane] + f, &turned[lane], sizeof turned[lane]);
  }
  for (; f < centre->nfunctions; ++f)
    for (int lane = 0; lane < natoms; ++lane) rows[lane][f] = order->constant[f] * values[order->value[f]][lane];
}

void XP_KERNEL(xp_training_add_row)(const xp_training_row *row) {
  enum { BLOCK = 64 };
  double block[BLOCK];
  for (int p = 0; p < row->ndensity; ++p)
    for (int begin = 0; begin < row->count; begin += BLOCK) {
      int n = row->count - begin < BLOCK ? row->count - begin : BLOCK;
      const double *restrict changes = row->changes + begin, *restrict values = row->values + begin;
      double phi = row->phi[p], beta = row->beta[p];
      for (int f = 0; f < n; ++f) block[f] = phi * changes[f] + beta * values[f];
      for (int t = 0; t < row->ntargets; ++t) {
        double *restrict to = row->targets[t] + (size_t)p * (size_t)row->count + begin, factor = row->factors[t];
        for (int f = 0; f < n; ++f) to[f] += factor * block[f];
      }
    }
}
