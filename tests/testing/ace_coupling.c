/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/ace_coupling.h"

#include <math.h>
#include <stdlib.h>

static double factorial(int n) {
  return tgamma(n + 1.0);
}

/* The sum in Racah's formula. */
static double racah_sum(int j1, int m1, int j2, int m2, int j) {
  double sum = 0.0;
  for (int k = 0; k <= j1 + j2 - j; ++k) {
    int d[] = {j1 + j2 - j - k, j1 - m1 - k, j2 + m2 - k, j - j2 + m1 + k, j - j1 - m2 + k};
    bool inside = true;
    double product = factorial(k);
    for (int i = 0; i < 5; ++i) {
      inside = inside && d[i] >= 0;
      product *= d[i] >= 0 ? factorial(d[i]) : 1.0;
    }
    if (inside) sum += (k % 2 ? -1.0 : 1.0) / product;
  }
  return sum;
}

double xp_coupling_clebsch_gordan(int j1, int m1, int j2, int m2, int j, int m) {
  if (m1 + m2 != m || abs(m1) > j1 || abs(m2) > j2 || abs(m) > j || j > j1 + j2 || j < abs(j1 - j2)) return 0.0;
  double delta = (2 * j + 1) * factorial(j + j1 - j2) * factorial(j - j1 + j2) * factorial(j1 + j2 - j) /
                 factorial(j1 + j2 + j + 1);
  double squares = factorial(j + m) * factorial(j - m) * factorial(j1 - m1) * factorial(j1 + m1) * factorial(j2 - m2) *
                   factorial(j2 + m2);
  return sqrt(delta * squares) * racah_sum(j1, m1, j2, m2, j);
}

xp_coupling_tree xp_coupling_tree_of(int rank) {
  xp_coupling_tree tree = {.rank = rank};
  int pairs = rank / 2, count = 0;
  for (; count < pairs; ++count) {
    tree.left[count] = 2 * count;
    tree.right[count] = 2 * count + 1;
  }
  for (int oldest = 0; count - oldest > 1; oldest += 2, ++count) {
    tree.left[count] = rank + oldest;
    tree.right[count] = rank + oldest + 1;
  }
  if (rank % 2 && rank > 1) {
    tree.left[count] = rank + count - 1;
    tree.right[count] = rank - 1;
  }
  return tree;
}

double xp_coupling_coefficient(const xp_coupling_tree *tree, const int *ls, const int *lint, const int *ms) {
  int l[XP_COUPLING_NODES_MAX], m[XP_COUPLING_NODES_MAX], rank = tree->rank;
  double product = 1.0;
  for (int t = 0; t < rank; ++t) {
    l[t] = ls[t];
    m[t] = ms[t];
  }
  for (int c = 0; c + 1 < rank && product != 0.0; ++c) {
    int a = tree->left[c], b = tree->right[c], node = rank + c;
    l[node] = c + 2 < rank ? lint[c] : 0;
    m[node] = m[a] + m[b];
    product *= xp_coupling_clebsch_gordan(l[a], m[a], l[b], m[b], l[node], m[node]);
  }
  return product;
}

int xp_coupling_multiplicity(const int *ms, int rank) {
  int sum = 0, leading = 0;
  for (int t = 0; t < rank; ++t) {
    sum += ms[t];
    if (leading == 0) leading = ms[t];
  }
  return sum || leading < 0 ? 0 : leading > 0 ? 2 : 1;
}

bool xp_coupling_next(const int *ls, int rank, int *ms) {
  for (int t = rank - 1; t >= 0; --t) {
    if (ms[t]++ < ls[t]) return true;
    ms[t] = -ls[t];
  }
  return false;
}
