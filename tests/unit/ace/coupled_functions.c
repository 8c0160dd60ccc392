/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "coupled_functions.h"

#include <math.h>

/* One choice of momenta while they are listed; node t < rank is a factor. */
typedef struct listing {
  xp_coupling_tree tree;
  int l[XP_COUPLING_NODES_MAX];
  int (*lint)[XP_COUPLING_RANK_MAX];
  int count, limit;
} listing;

static void list_from(listing *list, int c) {
  int rank = list->tree.rank, a = list->l[list->tree.left[c]], b = list->l[list->tree.right[c]];
  if (c + 2 == rank) {
    if (a == b && list->count < list->limit)
      memcpy(list->lint[list->count++], list->l + rank, (size_t)(rank - 2) * sizeof(int));
    return;
  }
  for (int l = abs(a - b); l <= a + b; ++l) {
    list->l[rank + c] = l;
    list_from(list, c + 1);
  }
}

int coupled_lints(const int *ls, int rank, int (*lint)[XP_COUPLING_RANK_MAX], int limit) {
  listing list = {.tree = xp_coupling_tree_of(rank), .lint = lint, .limit = limit};
  int sum = 0;
  for (int t = 0; t < rank; ++t) sum += list.l[t] = ls[t];
  if (sum % 2) return 0;
  list_from(&list, 0);
  return list.count;
}

static int count_tuples(const coupled_function *f) {
  int ms[XP_COUPLING_RANK_MAX], count = 0;
  for (int t = 0; t < f->rank; ++t) ms[t] = -f->ls[t];
  do
    if (xp_coupling_multiplicity(ms, f->rank)) count++;
  while (xp_coupling_next(f->ls, f->rank, ms));
  return count;
}

/* Adds the couplings' coefficients of one tuple; false: all are zero. */
static bool add_couplings(const coupled_function *f, const xp_coupling_tree *tree, const int *ms, int ndensity,
                          double *ctildes) {
  bool some = false;
  for (int p = 0; p < ndensity; ++p) ctildes[p] = 0.0;
  for (int k = 0; k < f->nlints; ++k) {
    double g = xp_coupling_multiplicity(ms, f->rank) * xp_coupling_coefficient(tree, f->ls, f->lint[k], ms);
    some = some || g != 0.0;
    for (int p = 0; p < ndensity; ++p) ctildes[p] += g * f->c[k][p];
  }
  return some;
}

xp_ace_function *coupled_append(xp_ace_model *model, const coupled_function *f) {
  xp_ace_function *out = ace_test_append(model, f->centre, f->rank, count_tuples(f));
  xp_coupling_tree tree = xp_coupling_tree_of(f->rank);
  size_t bytes = (size_t)f->rank * sizeof(int);
  int ms[XP_COUPLING_RANK_MAX], count = 0;
  memcpy(out->mus, f->mus, bytes);
  memcpy(out->ns, f->ns, bytes);
  memcpy(out->ls, f->ls, bytes);
  for (int t = 0; t < f->rank; ++t) ms[t] = -f->ls[t];
  do {
    if (!xp_coupling_multiplicity(ms, f->rank)) continue;
    if (!add_couplings(f, &tree, ms, out->ndensity, out->ctildes + count * out->ndensity)) continue;
    memcpy(out->ms_combs + count++ * f->rank, ms, bytes);
  } while (xp_coupling_next(f->ls, f->rank, ms));
  out->num_ms_combs = count;
  return out;
}

static const coupled_function examples[] = {
    {0, 2, {0}, {1, 2}, {3, 3}, 1, {{0}}, {{0.2, -0.1, 0.15}}},
    {0, 3, {0}, {1, 1, 2}, {2, 3, 1}, 1, {{1}}, {{0.1, 0.2, -0.1}}},
    {0, 4, {0}, {1, 1, 1, 1}, {2, 2, 2, 2}, 2, {{2, 2}, {4, 4}}, {{0.05, -0.02, 0.03}, {0.01, 0.03, 0.02}}},
    {0, 4, {0}, {1, 2, 3, 1}, {2, 3, 1, 2}, 2, {{1, 1}, {3, 3}}, {{0.03, 0.1, 0.04}, {-0.05, 0.02, 0.01}}},
    {0, 5, {0}, {1, 2, 1, 2, 3}, {1, 1, 1, 1, 2}, 1, {{2, 2, 2}}, {{0.02, 0.03, -0.02}}},
    {0, 6, {0}, {1, 1, 1, 2, 2, 2}, {1, 1, 1, 1, 1, 1}, 1, {{2, 2, 2, 2}}, {{0.01, 0.02, 0.03}}}};

void coupled_append_examples(xp_ace_model *model) {
  for (int i = 0; i < model->nelements; ++i)
    for (size_t k = 0; k < sizeof examples / sizeof *examples; ++k) {
      coupled_function f = examples[k];
      f.centre = i;
      for (int t = 0; t < f.rank; ++t) f.mus[t] = (t + i) % model->nelements;
      coupled_append(model, &f);
    }
}

void coupled_clear_functions(xp_ace_model *model) {
  for (int i = 0; i < model->nelements; ++i) {
    for (int f = 0; f < model->nfunctions[i]; ++f) xp_ace_function_clear(&model->functions[i][f]);
    model->nfunctions[i] = 0;
  }
}

xp_ace_model *coupled_empty_model(int nelements, int ndensity, int lmax, uint64_t seed) {
  ace_options options = {nelements, XP_ACE_ACEJL, XP_ACE_INNER_DENSITY, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED,
                         ndensity,  seed};
  xp_ace_model *model = ace_test_model(&options);
  coupled_clear_functions(model);
  for (int p = 0; p < nelements * nelements; ++p) model->bonds[p].lmax = lmax;
  return model;
}
