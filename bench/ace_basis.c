/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace_basis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RANK_MAX = XP_BASIS_RANK_MAX, FUNCTIONS_MAX = 64 };

#define INDEPENDENT 1e-7 /* length of what is left of a unit vector behind which it counts as new */
#define NOTHING 1e-12    /* coupling coefficients below are rounding errors of zero */

/* One walk over a block. */
typedef struct walk {
  const xp_basis_block *block;
  const xp_basis_shape *shape;
  xp_basis_visitor *visitor;
  void *context;
  int left; /* functions still wanted */
  xp_basis_group group;
  xp_coupling_tree tree;
  int *ms;              /* [capacity][rank] the distinct sorted tuples */
  double *coefficients; /* [FUNCTIONS_MAX][capacity] */
  double *folded;       /* [FUNCTIONS_MAX][capacity] orthonormal, mirror images identified */
  int capacity, ntuples;
  int lint[RANK_MAX];
} walk;

static bool same_class(const xp_basis_group *g, int s, int t) {
  return g->mus[s] == g->mus[t] && g->ns[s] == g->ns[t];
}

/* Sorts the m of factors that are equal in all else. */
static void sort_tuple(const xp_basis_group *g, int *ms) {
  for (int t = 1; t < g->rank; ++t)
    for (int s = t; s > 0 && same_class(g, s - 1, s) && g->ls[s - 1] == g->ls[s] && ms[s - 1] > ms[s]; --s) {
      int m = ms[s];
      ms[s] = ms[s - 1];
      ms[s - 1] = m;
    }
}

static int find_tuple(const walk *w, const int *ms) {
  size_t size = (size_t)w->group.rank * sizeof *ms;
  for (int q = 0; q < w->ntuples; ++q)
    if (memcmp(w->ms + q * w->group.rank, ms, size) == 0) return q;
  return -1;
}

static int tuple_index(walk *w, const int *ms) {
  int sorted[RANK_MAX] = {0};
  memcpy(sorted, ms, (size_t)w->group.rank * sizeof *ms);
  sort_tuple(&w->group, sorted);
  int q = find_tuple(w, sorted);
  if (q >= 0) return q;
  memcpy(w->ms + w->ntuples * w->group.rank, sorted, (size_t)w->group.rank * sizeof *ms);
  return w->ntuples++;
}

static int mirror_index(const walk *w, int q) {
  int mirrored[RANK_MAX] = {0};
  for (int t = 0; t < w->group.rank; ++t) mirrored[t] = -w->ms[q * w->group.rank + t];
  sort_tuple(&w->group, mirrored);
  int other = find_tuple(w, mirrored);
  return other >= 0 && other < q ? other : q;
}

/* Coefficients of the couplings lint into row; all tuples are known after the first call for a group. */
static void couple(walk *w, double *row) {
  int rank = w->group.rank, ms[RANK_MAX];
  for (int q = 0; q < w->capacity; ++q) row[q] = 0.0;
  for (int t = 0; t < rank; ++t) ms[t] = -w->group.ls[t];
  do {
    int multiplicity = xp_coupling_multiplicity(ms, rank);
    if (multiplicity)
      row[tuple_index(w, ms)] += multiplicity * xp_coupling_coefficient(&w->tree, w->group.ls, w->lint, ms);
  } while (xp_coupling_next(w->group.ls, rank, ms));
}

/* Takes from vector what lies along the vectors before it; its length before is scaled to 1. Length of what is left. */
static double orthogonalise(const walk *w, double *vector) {
  double length = 0.0;
  for (int q = 0; q < w->ntuples; ++q) length += vector[q] * vector[q];
  if (length < NOTHING * NOTHING) return 0.0;
  for (int q = 0; q < w->ntuples; ++q) vector[q] /= sqrt(length);
  for (int f = 0; f < w->group.nfunctions; ++f) {
    const double *known = w->folded + f * w->capacity;
    double overlap = 0.0;
    for (int q = 0; q < w->ntuples; ++q) overlap += known[q] * vector[q];
    for (int q = 0; q < w->ntuples; ++q) vector[q] -= overlap * known[q];
  }
  length = 0.0;
  for (int q = 0; q < w->ntuples; ++q) length += vector[q] * vector[q];
  return sqrt(length);
}

/* Keeps the function of the couplings lint if it is not a sum of those before. */
static void keep_independent(walk *w) {
  double *row = w->coefficients + w->group.nfunctions * w->capacity;
  double *vector = w->folded + w->group.nfunctions * w->capacity;
  if (w->group.nfunctions == FUNCTIONS_MAX) return;
  couple(w, row);
  for (int q = 0; q < w->ntuples; ++q) vector[q] = 0.0;
  for (int q = 0; q < w->ntuples; ++q) vector[mirror_index(w, q)] += row[q];
  double length = orthogonalise(w, vector);
  if (length < INDEPENDENT) return;
  for (int q = 0; q < w->ntuples; ++q) vector[q] /= length;
  w->group.nfunctions++;
}

/* All couplings from number c on, in lexicographic order; l of all nodes before is known. */
static void choose_couplings(walk *w, int c, int *l) {
  int rank = w->group.rank, a = l[w->tree.left[c]], b = l[w->tree.right[c]];
  if (rank == 1 || c + 2 == rank) {
    if (rank == 1 || a == b) keep_independent(w);
    return;
  }
  for (int momentum = abs(a - b); momentum <= a + b; ++momentum) {
    w->lint[c] = l[rank + c] = momentum;
    choose_couplings(w, c + 1, l);
  }
}

static xp_status reserve(walk *w, xp_error *error) {
  int tuples = 1;
  for (int t = 0; t < w->group.rank; ++t) tuples *= 2 * w->group.ls[t] + 1;
  if (tuples <= w->capacity) return XP_OK;
  w->capacity = tuples;
  free(w->ms);
  free(w->coefficients);
  free(w->folded);
  w->ms = malloc((size_t)tuples * RANK_MAX * sizeof *w->ms);
  w->coefficients = malloc((size_t)tuples * FUNCTIONS_MAX * sizeof *w->coefficients);
  w->folded = malloc((size_t)tuples * FUNCTIONS_MAX * sizeof *w->folded);
  return w->ms && w->coefficients && w->folded ? XP_OK : xp_error_memory(error, "couplings");
}

/* Drops the tuples that no function of the group has and brings the rows together. */
static void pack(walk *w) {
  int kept = 0, rank = w->group.rank;
  for (int q = 0; q < w->ntuples; ++q) {
    bool used = false;
    for (int f = 0; f < w->group.nfunctions; ++f) used = used || fabs(w->coefficients[f * w->capacity + q]) > NOTHING;
    if (!used) continue;
    memmove(w->ms + kept * rank, w->ms + q * rank, (size_t)rank * sizeof *w->ms);
    for (int f = 0; f < w->group.nfunctions; ++f)
      w->coefficients[f * w->capacity + kept] = w->coefficients[f * w->capacity + q];
    kept++;
  }
  for (int f = 1; f < w->group.nfunctions; ++f)
    memmove(w->coefficients + f * kept, w->coefficients + f * w->capacity, (size_t)kept * sizeof *w->coefficients);
  w->group.ntuples = kept;
}

/* Shows the functions of the factors in the group; at most as many as are left. */
static xp_status show_group(walk *w, xp_error *error) {
  int l[XP_COUPLING_NODES_MAX];
  xp_status status = reserve(w, error);
  if (status != XP_OK) return status;
  w->tree = xp_coupling_tree_of(w->group.rank);
  w->group.nfunctions = w->ntuples = 0;
  memcpy(l, w->group.ls, sizeof w->group.ls);
  choose_couplings(w, 0, l);
  if (w->group.nfunctions > w->left) w->group.nfunctions = w->left;
  if (w->group.nfunctions == 0) return XP_OK;
  w->left -= w->group.nfunctions;
  pack(w);
  w->group.ms = w->ms;
  w->group.coefficients = w->coefficients;
  return w->visitor(w->context, &w->group, error);
}

/* Next tuple of low .. high; false after the last. */
static bool step(int *tuple, int rank, int low, int high) {
  for (int t = rank - 1; t >= 0; --t) {
    if (tuple[t]++ < high) return true;
    tuple[t] = low;
  }
  return false;
}

static int sum(const int *tuple, int rank) {
  int total = 0;
  for (int t = 0; t < rank; ++t) total += tuple[t];
  return total;
}

/* All ls with this sum; factors that are alike otherwise have ascending l. */
static xp_status visit_ls(walk *w, int total, xp_error *error) {
  xp_basis_group *g = &w->group;
  int lmax = w->shape->lmax[g->rank - 1];
  xp_status status = XP_OK;
  if (total < 0 || total % 2 || total > g->rank * lmax) return XP_OK;
  memset(g->ls, 0, sizeof g->ls);
  do {
    bool good = sum(g->ls, g->rank) == total;
    for (int t = 1; good && t < g->rank; ++t) good = !same_class(g, t - 1, t) || g->ls[t - 1] <= g->ls[t];
    if (good) status = show_group(w, error);
  } while (status == XP_OK && w->left > 0 && step(g->ls, g->rank, 0, lmax));
  return status;
}

/* All ns; factors of one species have ascending n. */
static xp_status visit_ns(walk *w, xp_error *error) {
  xp_basis_group *g = &w->group;
  xp_status status = XP_OK;
  for (int t = 0; t < g->rank; ++t) g->ns[t] = 1;
  do {
    bool good = true;
    for (int t = 1; t < g->rank; ++t) good = good && (g->mus[t - 1] < g->mus[t] || g->ns[t - 1] <= g->ns[t]);
    if (good) status = visit_ls(w, g->power - g->rank - sum(g->ns, g->rank), error);
  } while (status == XP_OK && w->left > 0 && step(g->ns, g->rank, 1, w->shape->nradmax[g->rank - 1]));
  return status;
}

/* Is every species of the block the centre or in mus? */
static bool complete(const walk *w) {
  for (int s = 0; s < w->block->nspecies; ++s) {
    bool found = w->block->species[s] == w->block->centre;
    for (int t = 0; t < w->group.rank; ++t) found = found || w->group.mus[t] == w->block->species[s];
    if (!found) return false;
  }
  return true;
}

/* All multisets of neighbour species. */
static xp_status visit_mus(walk *w, xp_error *error) {
  int choice[RANK_MAX] = {0};
  xp_status status = XP_OK;
  do {
    bool ascending = true;
    for (int t = 0; t < w->group.rank; ++t) {
      w->group.mus[t] = w->block->species[choice[t]];
      ascending = ascending && (t == 0 || choice[t - 1] <= choice[t]);
    }
    if (ascending && complete(w)) status = visit_ns(w, error);
  } while (status == XP_OK && w->left > 0 && step(choice, w->group.rank, 0, w->block->nspecies - 1));
  return status;
}

static int highest_power(const xp_basis_shape *shape) {
  int highest = 0;
  for (int r = 1; r <= shape->nranks; ++r) {
    int power = r * (1 + shape->nradmax[r - 1] + shape->lmax[r - 1]);
    if (power > highest) highest = power;
  }
  return highest;
}

xp_status xp_basis_visit(const xp_basis_block *block, const xp_basis_shape *shape, int most, xp_basis_visitor *visitor,
                         void *context, int *shown, xp_error *error) {
  walk w = {.block = block, .shape = shape, .visitor = visitor, .context = context, .left = most};
  xp_status status = XP_OK;
  for (int power = 2; power <= highest_power(shape); ++power)
    for (int rank = 1; rank <= shape->nranks && status == XP_OK && w.left > 0; ++rank) {
      w.group.rank = rank;
      w.group.power = power;
      status = visit_mus(&w, error);
    }
  *shown += most - w.left;
  free(w.ms);
  free(w.coefficients);
  free(w.folded);
  return status;
}
