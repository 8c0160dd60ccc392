/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ace.md sections 4.1, 4.2 and 7.1. */
#include "reference/ace_basis_reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reference/ace_reference.h"
#include "testing/ace_coupling.h"

enum { L_MAX = 32, COMPONENTS = 2 * L_MAX + 1 };

static double complex *entry(const xp_reference_base *b, int mu, int n, int l, int m) {
  int angles = (b->lmax + 1) * (b->lmax + 1);
  return &b->a[(mu * b->nradial + n - 1) * angles + l * (l + 1) + m];
}

static void add_neighbour(xp_reference_base *b, const xp_ace_model *model, int centre, int mu, const double d[3]) {
  const xp_ace_bond *bond = &model->bonds[centre * model->nelements + mu];
  double r = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]), u[3] = {d[0] / r, d[1] / r, d[2] / r};
  double g[256], dg[256];
  if (r >= bond->rcut) return;
  xp_reference_ace_radial(model, centre, mu, r, g, dg);
  for (int k = 0; k < bond->nradbasemax; ++k) b->a1[mu * b->nbase + k] += g[k];
  for (int n = 1; n <= bond->nradmax; ++n)
    for (int l = 0; l <= bond->lmax; ++l) {
      double radial = 0.0;
      for (int k = 0; k < bond->nradbasemax; ++k)
        radial += bond->radcoefficients[((n - 1) * (bond->lmax + 1) + l) * bond->nradbasemax + k] * g[k];
      for (int m = -l; m <= l; ++m) {
        double complex gradient[3];
        *entry(b, mu, n, l, m) += radial * xp_reference_ace_harmonic(l, m, u, gradient);
      }
    }
}

bool xp_reference_base_fill(xp_reference_base *b, const xp_ace_model *model, const xp_neighbourhoods *n, int atom) {
  *b = (xp_reference_base){.nelements = model->nelements};
  for (int p = 0; p < model->nelements * model->nelements; ++p) {
    const xp_ace_bond *bond = &model->bonds[p];
    if (bond->nradbasemax > b->nbase) b->nbase = bond->nradbasemax;
    if (bond->nradmax > b->nradial) b->nradial = bond->nradmax;
    if (bond->lmax > b->lmax) b->lmax = bond->lmax;
  }
  size_t angles = (size_t)(b->lmax + 1) * (size_t)(b->lmax + 1), species = (size_t)model->nelements;
  b->a1 = calloc(species * (size_t)b->nbase, sizeof *b->a1);
  b->a = calloc(species * (size_t)b->nradial * angles + 1, sizeof *b->a);
  for (size_t q = n->first[atom]; q < n->first[atom + 1] && b->a && b->a1; ++q)
    add_neighbour(b, model, n->species[atom], n->neighbour_species[q], n->displacements[q]);
  return b->a && b->a1;
}

void xp_reference_base_free(xp_reference_base *base) {
  free(base->a1);
  free(base->a);
}

/* A coupled quantity: components m = -l .. l. */
typedef struct tensor {
  int l;
  double complex value[COMPONENTS];
} tensor;

static void couple(const tensor *a, const tensor *b, tensor *c) {
  memset(c->value, 0, sizeof c->value);
  for (int ma = -a->l; ma <= a->l; ++ma)
    for (int mb = -b->l; mb <= b->l; ++mb) {
      int m = ma + mb;
      if (abs(m) > c->l) continue;
      c->value[m + c->l] +=
          xp_coupling_clebsch_gordan(a->l, ma, b->l, mb, c->l, m) * a->value[ma + a->l] * b->value[mb + b->l];
    }
}

double xp_reference_bfunction(const xp_reference_base *base, const xp_ace_bfunction *f) {
  tensor nodes[XP_COUPLING_NODES_MAX];
  if (f->rank == 1) return base->a1[f->mus[0] * base->nbase + f->ns[0] - 1];
  for (int t = 0; t < f->rank; ++t) {
    nodes[t].l = f->ls[t];
    for (int m = -f->ls[t]; m <= f->ls[t]; ++m)
      nodes[t].value[m + f->ls[t]] = *entry(base, f->mus[t], f->ns[t], f->ls[t], m);
  }
  xp_coupling_tree tree = xp_coupling_tree_of(f->rank);
  for (int c = 0; c + 1 < f->rank; ++c) {
    tensor *node = &nodes[f->rank + c];
    node->l = c + 2 < f->rank ? f->lint[c] : 0;
    couple(&nodes[tree.left[c]], &nodes[tree.right[c]], node);
  }
  return creal(nodes[2 * f->rank - 2].value[0]);
}

double xp_reference_cfunction(const xp_reference_base *base, const xp_ace_function *f, int p) {
  if (f->rank == 1) return f->ctildes[p] * base->a1[f->mus[0] * base->nbase + f->ns[0] - 1];
  double sum = 0.0;
  for (int q = 0; q < f->num_ms_combs; ++q) {
    double complex product = 1.0;
    for (int t = 0; t < f->rank; ++t)
      product *= *entry(base, f->mus[t], f->ns[t], f->ls[t], f->ms_combs[q * f->rank + t]);
    sum += f->ctildes[q * f->ndensity + p] * creal(product);
  }
  return sum;
}
