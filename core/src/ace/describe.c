/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts of what evaluating a compiled plan takes. */
#include <string.h>

#include "ace/batch.h"

/* Flops, a multiply-add being two: one function of one table row set (value and derivative from six rows); one (l, m) of the
 * recursion of harmonics, which runs for the base and again for gradients; one component added up over l. */
enum { OPERATIONS_TABLE = 24, OPERATIONS_HARMONIC = 2 * 12, OPERATIONS_SUM = 6 };

/* Components of the base of one pair: sum of (2l + 1) over all n and l. */
static double base_components(const xp_ace_pair *pair) {
  double sum = 0.0;
  for (int b = 0; b < pair->nblocks; ++b) sum += pair->blocks[b].count * (2.0 * pair->blocks[b].l + 1.0);
  return sum;
}

static double neighbour_operations(const xp_ace_pair *pair) {
  double components = xp_ace_pair_components(pair), base = base_components(pair), nbase = pair->nbase;
  double harmonics = 0.5 * (pair->lmax + 1) * (pair->lmax + 2) * OPERATIONS_HARMONIC;
  double forward = OPERATIONS_TABLE * (nbase + 1.0) + 2.0 * nbase * pair->ncolumns + harmonics + 2.0 * base;
  return forward + 2.0 * nbase * components + 2.0 * base + OPERATIONS_SUM * components;
}

static size_t pair_bytes(const xp_ace_pair *pair, int ndensity) {
  return pair->matrix.count * pair->matrix.size + (size_t)ndensity * (size_t)pair->nbase * sizeof(double);
}

static size_t atom_reals(const xp_ace_plan *plan, const xp_ace_centre *centre) {
  return 2 * (size_t)centre->coupled.nslots + 4 * (size_t)centre->product.nslots + (size_t)plan->ncontracted_max;
}

static size_t neighbour_reals(const xp_ace_plan *plan) {
  size_t rows = xp_ace_radial_stride(plan) + xp_ace_slope_stride(plan) + xp_ace_harmonics_stride(plan);
  return rows + 7; /* direction, gradient, 1/r */
}

xp_plan_facts xp_ace_plan_describe(const xp_ace_plan *plan, int species) {
  const xp_ace_centre *centre = &plan->centres[species];
  size_t real = xp_real_size(plan->precision);
  xp_plan_facts facts = {.nmethods = centre->choice.nmethods,
                         .lanes = XP_KERNEL_SELECT(xp_ace_kernel_lanes, plan->precision)()};
  memcpy(facts.methods, centre->choice.methods, sizeof facts.methods);
  facts.stream_bytes = xp_ace_coupled_bytes(&centre->coupled) + xp_ace_product_bytes(&centre->product);
  for (int j = 0; j < plan->nelements; ++j) {
    const xp_ace_pair *pair = &centre->pairs[j];
    facts.neighbour_operations += neighbour_operations(pair) / plan->nelements;
    facts.fixed_operations += 2.0 * pair->nbase * (base_components(pair) + 2.0 * centre->rule.ndensity);
    facts.table_bytes += pair->table.nnodes * 3 * (size_t)pair->table.row * sizeof(double);
    facts.stream_bytes += pair_bytes(pair, centre->rule.ndensity);
  }
  facts.atom_bytes = atom_reals(plan, centre) * real;
  facts.neighbour_bytes = neighbour_reals(plan) * real + sizeof(double) + sizeof(size_t);
  return facts;
}
