/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "same_model.h"

static void assert_same_doubles(const double *a, const double *b, int count) {
  for (int i = 0; i < count; ++i) xp_assert_close(a[i], b[i], 0.0);
}

static void assert_same_functions(const xp_ace_function *a, const xp_ace_function *b) {
  assert_int_equal(a->rank, b->rank);
  assert_int_equal(a->num_ms_combs, b->num_ms_combs);
  assert_memory_equal(a->mus, b->mus, (size_t)a->rank * sizeof(int));
  assert_memory_equal(a->ns, b->ns, (size_t)a->rank * sizeof(int));
  assert_memory_equal(a->ls, b->ls, (size_t)a->rank * sizeof(int));
  assert_memory_equal(a->ms_combs, b->ms_combs, (size_t)(a->rank * a->num_ms_combs) * sizeof(int));
  assert_same_doubles(a->ctildes, b->ctildes, a->num_ms_combs * a->ndensity);
}

static void assert_same_polynomials(const xp_ace_acejl *a, const xp_ace_acejl *b) {
  assert_same_doubles(&a->xl, &b->xl, 6);
  assert_int_equal(a->maxn, b->maxn);
  assert_same_doubles(a->a, b->a, a->maxn);
  assert_same_doubles(a->b, b->b, a->maxn);
  assert_same_doubles(a->c, b->c, a->maxn);
}

static void assert_same_bonds(const xp_ace_bond *a, const xp_ace_bond *b) {
  assert_string_equal(a->radbasename, b->radbasename);
  assert_int_equal(a->inner_cutoff_type, b->inner_cutoff_type);
  assert_same_doubles(&a->prehc, &b->prehc, 6);
  if (a->acejl) {
    assert_same_polynomials(a->acejl, b->acejl);
    return;
  }
  assert_same_doubles(a->radparameters, b->radparameters, a->nradparameters);
  assert_same_doubles(a->radcoefficients, b->radcoefficients, a->nradmax * (a->lmax + 1) * a->nradbasemax);
}

void ace_test_assert_same(const xp_ace_model *a, const xp_ace_model *b) {
  int n = a->nelements;
  assert_int_equal(n, b->nelements);
  assert_same_doubles(a->e0, b->e0, n);
  xp_assert_close(a->delta_spline_bins, b->delta_spline_bins, 0.0);
  for (int i = 0; i < n; ++i) {
    assert_string_equal(a->elements[i], b->elements[i]);
    assert_int_equal(a->embeddings[i].npoti, b->embeddings[i].npoti);
    assert_same_doubles(a->embeddings[i].fs_parameters, b->embeddings[i].fs_parameters, 2 * a->embeddings[i].ndensity);
    assert_same_doubles(&a->embeddings[i].rho_core_cutoff, &b->embeddings[i].rho_core_cutoff, 2);
    assert_int_equal(a->nfunctions[i], b->nfunctions[i]);
    for (int f = 0; f < a->nfunctions[i]; ++f) assert_same_functions(&a->functions[i][f], &b->functions[i][f]);
  }
  for (int p = 0; p < n * n; ++p) assert_same_bonds(&a->bonds[p], &b->bonds[p]);
  assert_true((a->pair_terms != NULL) == (b->pair_terms != NULL));
  if (!a->pair_terms) return;
  xp_assert_close(a->pair_rcut, b->pair_rcut, 0.0);
  assert_same_polynomials(a->pair_polynomials, b->pair_polynomials);
  for (int p = 0; p < n * n; ++p) {
    assert_same_doubles(&a->pair_terms[p].ri, &b->pair_terms[p].ri, 4);
    assert_same_doubles(a->pair_terms[p].coefficients, b->pair_terms[p].coefficients, a->pair_polynomials->maxn);
  }
}
