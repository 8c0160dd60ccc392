/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "basis/block.h"

#include "ace/model.h"

/* One walk over a block. */
typedef struct walk {
  const xp_ace_block_request *block;
  xp_ace_patterns *patterns;
  int size_max;
  xp_ace_product_visitor *visitor;
  void *context;
  xp_ace_product product;
} walk;

static xp_status check_ranks(const xp_ace_block_request *block, xp_error *error) {
  if (block->nranks < 1 || block->nranks > XP_ACE_BASIS_RANK_MAX)
    return xp_error_set(error, XP_ERROR_INPUT,
                        "expected nradmax_by_orders and lmax_by_orders for 1 to %d ranks, found %d",
                        XP_ACE_BASIS_RANK_MAX, block->nranks);
  for (int r = 0; r < block->nranks; ++r) {
    if (block->nradmax[r] < 0 || block->nradmax[r] > XP_ACE_RADIAL_MAX)
      return xp_error_set(error, XP_ERROR_INPUT, "nradmax_by_orders of rank %d is %d, expected 0 to %d", r + 1,
                          block->nradmax[r], XP_ACE_RADIAL_MAX);
    int lmax = r == 0 ? 0 : XP_ACE_SELECT_L_MAX;
    if (block->lmax[r] < 0 || block->lmax[r] > lmax)
      return xp_error_set(error, XP_ERROR_INPUT, "lmax_by_orders of rank %d is %d, expected 0 to %d", r + 1,
                          block->lmax[r], lmax);
  }
  return XP_OK;
}

xp_status xp_ace_block_check(const xp_ace_block_request *block, int nelements, xp_error *error) {
  bool centre = false, good = block->nspecies >= 1;
  for (int s = 0; s < block->nspecies; ++s) {
    centre = centre || block->species[s] == block->centre;
    good = good && block->species[s] >= 0 && block->species[s] < nelements;
    good = good && (s == 0 || block->species[s - 1] < block->species[s]);
  }
  if (!good || !centre)
    return xp_error_set(error, XP_ERROR_INPUT,
                        "a block of functions needs ascending species below %d, its centre among them", nelements);
  return check_ranks(block, error);
}

int xp_ace_product_power(const xp_ace_product *product, const xp_ace_momenta *momenta) {
  int power = product->size;
  for (int t = 0; t < product->rank; ++t) power += momenta->ls[t];
  return power;
}

int xp_ace_block_power_end(const xp_ace_block_request *block) {
  int end = 0;
  for (int r = 1; r <= block->nranks; ++r) {
    int power = r * (1 + block->nradmax[r - 1] + block->lmax[r - 1]);
    if (power >= end) end = power + 1;
  }
  return end;
}

static xp_status show(walk *w, xp_error *error) {
  xp_ace_product *p = &w->product;
  int class[XP_ACE_BASIS_RANK_MAX] = {0};
  for (int t = 1; t < p->rank; ++t) class[t] = class[t - 1] + (p->mus[t] != p->mus[t - 1] || p->ns[t] != p->ns[t - 1]);
  xp_status status = xp_ace_patterns_find(w->patterns, p->rank, class, w->block->lmax[p->rank - 1], &p->pattern, error);
  return status == XP_OK && p->pattern->count ? w->visitor(w->context, p, error) : status;
}

/* All n of the factors from t on; those of one species ascend. */
static xp_status choose_ns(walk *w, int t, xp_error *error) {
  xp_ace_product *p = &w->product;
  if (t == p->rank) return show(w, error);
  xp_status status = XP_OK;
  int before = p->size, first = t > 0 && p->mus[t] == p->mus[t - 1] ? p->ns[t - 1] : 1;
  for (int n = first; n <= w->block->nradmax[p->rank - 1] && status == XP_OK; ++n) {
    p->ns[t] = n;
    p->size = before + n;
    if (p->size > w->size_max) break;
    status = choose_ns(w, t + 1, error);
  }
  p->size = before;
  return status;
}

/* Is every species of the block the centre or a neighbour? */
static bool complete(const walk *w) {
  for (int s = 0; s < w->block->nspecies; ++s) {
    bool occurs = w->block->species[s] == w->block->centre;
    for (int t = 0; t < w->product.rank; ++t) occurs = occurs || w->product.mus[t] == w->block->species[s];
    if (!occurs) return false;
  }
  return true;
}

/* All species of the factors from t on, ascending. */
static xp_status choose_mus(walk *w, int t, int first, xp_error *error) {
  if (t == w->product.rank) return complete(w) ? choose_ns(w, 0, error) : XP_OK;
  xp_status status = XP_OK;
  for (int s = first; s < w->block->nspecies && status == XP_OK; ++s) {
    w->product.mus[t] = w->block->species[s];
    status = choose_mus(w, t + 1, s, error);
  }
  return status;
}

xp_status xp_ace_block_visit(const xp_ace_block_request *block, xp_ace_patterns *patterns, int size_max,
                             xp_ace_product_visitor *visitor, void *context, xp_error *error) {
  walk w = {block, patterns, size_max, visitor, context, {0}};
  xp_status status = XP_OK;
  for (int rank = 1; rank <= block->nranks && status == XP_OK; ++rank) {
    w.product.rank = w.product.size = rank;
    status = choose_mus(&w, 0, 0, error);
  }
  return status;
}
