/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "basis_testing.h"

#include <math.h>

const char *const basis_test_elements[BASIS_ELEMENTS_MAX] = {"C", "Ge", "Sb", "Si", "Te"};

void basis_test_blocks(basis_blocks *blocks, int nelements, const xp_ace_block_request *shape) {
  blocks->count = 0;
  for (int centre = 0; centre < nelements; ++centre)
    for (unsigned set = 1; set < 1u << nelements; ++set) {
      if (!(set >> centre & 1u)) continue;
      int *species = blocks->species[blocks->count];
      xp_ace_block_request *block = &blocks->list[blocks->count++];
      *block = *shape;
      block->centre = centre;
      block->species = species;
      block->nspecies = 0;
      for (int s = 0; s < nelements; ++s)
        if (set >> s & 1u) species[block->nspecies++] = s;
    }
}

xp_ace_basis *basis_test_empty(int nelements, int ndensity) {
  xp_error error = {0};
  xp_ace_basis *basis;
  xp_assert_ok(xp_ace_basis_new(&basis, nelements, &error), &error);
  basis->delta_spline_bins = 0.001;
  for (int i = 0; i < nelements; ++i) {
    xp_ace_embedding *embedding = &basis->embeddings[i];
    strcpy(basis->elements[i], basis_test_elements[i]);
    *embedding =
        (xp_ace_embedding){ndensity, calloc(2 * (size_t)ndensity, sizeof(double)), XP_ACE_FINNIS_SINCLAIR, 5.0, 2.5};
    assert_non_null(embedding->fs_parameters);
    for (int p = 0; p < 2 * ndensity; ++p) embedding->fs_parameters[p] = p % 2 ? 1.0 / (1.0 + p) : 1.0;
  }
  for (int p = 0; p < nelements * nelements; ++p) {
    xp_ace_bond *bond = &basis->bonds[p];
    *bond = (xp_ace_bond){.lmax = -1,
                          .radbase = XP_ACE_SBESSEL,
                          .radbasename = strdup("SBessel"),
                          .radparameters = calloc(1, sizeof(double)),
                          .nradparameters = 1,
                          .prehc = 10.0,
                          .lambdahc = 1.0,
                          .rcut = 5.0,
                          .dcut = 0.01,
                          .rcut_in = 0.5,
                          .dcut_in = 0.1,
                          .inner_cutoff_type = XP_ACE_INNER_DISTANCE};
    assert_non_null(bond->radbasename);
    assert_non_null(bond->radparameters);
  }
  return basis;
}

/* A-B and B-A get the same numbers. */
static void randomise_bonds(xp_ace_basis *basis, xp_test_random *random) {
  int n = basis->nelements;
  for (int i = 0; i < n; ++i)
    for (int j = i; j < n; ++j) {
      xp_ace_bond *bond = &basis->bonds[i * n + j];
      for (int c = 0; c < bond->nradmax * (bond->lmax + 1) * bond->nradbasemax; ++c)
        basis->bonds[j * n + i].radcoefficients[c] = bond->radcoefficients[c] += xp_test_uniform(random, -0.5, 0.5);
    }
}

xp_ace_basis *basis_test_random(int nelements, int ndensity, const xp_ace_block_request *shape, uint64_t seed) {
  xp_error error = {0};
  xp_test_random random = {seed};
  basis_blocks blocks;
  xp_ace_basis *basis = basis_test_empty(nelements, ndensity);
  basis_test_blocks(&blocks, nelements, shape);
  xp_assert_ok(xp_ace_basis_select(basis, blocks.list, blocks.count, &error), &error);
  randomise_bonds(basis, &random);
  for (int i = 0; i < nelements; ++i) {
    basis->e0[i] = xp_test_uniform(&random, -2.0, -1.0);
    for (int f = 0; f < basis->nfunctions[i]; ++f)
      for (int p = 0; p < ndensity; ++p) basis->functions[i][f].coefficients[p] = xp_test_uniform(&random, -1.0, 1.0);
  }
  return basis;
}

/* What differs between the blocks of T1. */
typedef struct t1_block {
  const char *names, *embedding, *radbase;
  double lambda, rcut, r_in, delta_in, s;
  const char *functions;
} t1_block;

static const t1_block t1[] = {
    {"Si C", NULL, NULL, 0, 0, 0, 0, 0,
     "      - {type: Si C, nr: [2], nl: [0], c: [-0.5, 0.3]}\n"
     "      - {type: Si C Si, nr: [1, 2], nl: [2, 2], c: [0.11, -0.2]}\n"
     "      - {type: Si C Si Si, nr: [2, 1, 1], nl: [2, 1, 1], lint: [1], c: [0.08, 0.1]}\n"},
    {"C", "ndensityi: 1\n    npoti: FinnisSinclair\n    parameters: [1, 1]", "ChebExpCos", 3, 4, 1.9, 0.5, 0.1,
     "      - {type: C C, nr: [1], nl: [0], c: -0.9}\n"
     "      - {type: C C, nr: [3], nl: [0], c: [0.4]}\n"
     "      - {type: C C C, nr: [1, 1], nl: [1, 1], c: [0.35]}\n"
     "      - {type: C C C, nr: [1, 2], nl: [2, 2], c: [-0.2]}\n"
     "      - {type: C C C C, nr: [1, 1, 2], nl: [1, 1, 2], lint: [2], c: [0.15]}\n"
     "      - {type: C C C C C, nr: [1, 1, 1, 1], nl: [1, 1, 1, 1], lint: [0, 0], c: [0.05]}\n"},
    {"C Si", NULL, "ChebPow", 2, 4.5, 1.8, 0.4, -0.05,
     "      - {type: C Si, nr: [1], nl: [0], c: [-0.7]}\n"
     "      - {type: C C Si, nr: [1, 1], nl: [1, 1], c: [0.25]}\n"
     "      - {type: C C Si Si, nr: [1, 1, 2], nl: [0, 2, 2], lint: [2], c: [-0.12]}\n"
     "      - {type: C C C Si Si, nr: [1, 1, 1, 1], nl: [1, 1, 2, 2], lint: [0, 0], c: [0.06]}\n"
     "      - {type: C C C Si Si, nr: [1, 1, 1, 1], nl: [1, 1, 2, 2], lint: [2], c: [-0.04]}\n"
     "      - {type: C C, nr: [1], nl: [0], c: [1000], skip: true}\n"},
    {"Si", "ndensityi: 2\n    npoti: FinnisSinclairShiftedScaled\n    parameters: [1, 1, 0.8, 0.5]", "SBessel", 1, 5,
     2.0, 0.4, 0.07,
     "      - {type: Si Si, nr: [1], nl: [0], c: [-0.6, 0.9]}\n"
     "      - {type: Si Si, nr: [2], nl: [0], c: [0.2, 0.1]}\n"
     "      - {type: Si Si Si, nr: [2, 2], nl: [2, 2], c: [0.13, -0.07]}\n"
     "      - {type: Si Si Si Si Si Si, nr: [1, 1, 1, 1, 1], nl: [0, 1, 1, 1, 1], lint: [1, 2, 1], c: [0.03, "
     "0.02]}\n"}};

static void put_coefficients(FILE *out, double s) {
  enum { NRAD = 2, NL = 3, NBASE = 3 };
  for (int n = 0; n < NRAD; ++n) {
    fputs(n ? ", [" : "[[", out);
    for (int l = 0; l < NL; ++l) {
      fputs(l ? ", [" : "[", out);
      for (int k = 0; k < NBASE; ++k)
        fprintf(out, k ? ", %.6f" : "%.6f", n == k ? 1.0 : s * (n + 1) * (l + 1) / (k + 2));
      fputc(']', out);
    }
    fputc(']', out);
  }
  fputs("]\n", out);
}

xp_bytes basis_test_t1(const char *inner_cutoff_type) {
  char *text = NULL;
  size_t size = 0;
  xp_bytes bytes;
  xp_error error = {0};
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  fputs("global: {DeltaSplineBins: 0.001}\nspecies:\n", out);
  for (const t1_block *b = t1; b < t1 + sizeof t1 / sizeof *t1; ++b) {
    fprintf(out, "  - speciesblock: %s\n", b->names);
    if (b->embedding) fprintf(out, "    %s\n    rho_core_cut: 0.25\n    drho_core_cut: 0.2\n", b->embedding);
    if (b->radbase) {
      fprintf(out, "    lmaxi: 2\n    nradmaxi: 2\n    nradbaseij: 3\n    radbase: %s\n    radparameters: [%g]\n",
              b->radbase, b->lambda);
      fprintf(out, "    rcutij: %g\n    dcutij: 0.5\n    inner_cutoff_type: %s\n    r_in: %g\n    delta_in: %g\n",
              b->rcut, inner_cutoff_type, b->r_in, b->delta_in);
      fprintf(out, "    core-repulsion: %s\n    radcoefficients: ",
              strcmp(inner_cutoff_type, "zbl") == 0 ? "[1, 1]" : "[20, 1.5]");
      put_coefficients(out, b->s);
    }
    fprintf(out, "    nbody:\n%s", b->functions);
  }
  fclose(out);
  xp_assert_ok(xp_bytes_copy(&bytes, "T1.yaml", text, size, &error), &error);
  free(text);
  return bytes;
}

xp_status basis_test_parse(const char *text, xp_ace_basis **basis, xp_error *error) {
  xp_bytes bytes;
  xp_error_clear(error);
  xp_assert_ok(xp_bytes_copy(&bytes, "text", text, strlen(text), error), error);
  xp_status status = xp_ace_basis_parse(basis, &bytes, error);
  xp_bytes_free(&bytes);
  return status;
}

static void assert_same_bond(const xp_ace_bond *a, const xp_ace_bond *b) {
  assert_int_equal(a->nradmax, b->nradmax);
  assert_int_equal(a->lmax, b->lmax);
  assert_int_equal(a->nradbasemax, b->nradbasemax);
  assert_string_equal(a->radbasename, b->radbasename);
  assert_int_equal(a->nradparameters, b->nradparameters);
  assert_memory_equal(a->radparameters, b->radparameters, (size_t)a->nradparameters * sizeof(double));
  assert_memory_equal(&a->prehc, &b->prehc, 6 * sizeof(double));
  assert_int_equal(a->inner_cutoff_type, b->inner_cutoff_type);
  size_t size = (size_t)a->nradmax * (size_t)(a->lmax + 1) * (size_t)a->nradbasemax * sizeof(double);
  assert_memory_equal(a->radcoefficients, b->radcoefficients, size);
}

static void assert_same_function(const xp_ace_bfunction *a, const xp_ace_bfunction *b, int ndensity) {
  assert_int_equal(a->rank, b->rank);
  size_t size = (size_t)a->rank * sizeof(int);
  assert_memory_equal(a->mus, b->mus, size);
  assert_memory_equal(a->ns, b->ns, size);
  assert_memory_equal(a->ls, b->ls, size);
  for (int c = 0; c < a->rank - 2; ++c) assert_int_equal(a->lint[c], b->lint[c]);
  assert_memory_equal(a->coefficients, b->coefficients, (size_t)ndensity * sizeof(double));
}

void basis_test_assert_same(const xp_ace_basis *a, const xp_ace_basis *b) {
  size_t n = (size_t)a->nelements;
  assert_int_equal(a->nelements, b->nelements);
  assert_memory_equal(a->elements, b->elements, n * sizeof *a->elements);
  assert_memory_equal(a->e0, b->e0, n * sizeof *a->e0);
  assert_true(a->delta_spline_bins == b->delta_spline_bins);
  for (size_t p = 0; p < n * n; ++p) assert_same_bond(&a->bonds[p], &b->bonds[p]);
  for (size_t i = 0; i < n; ++i) {
    const xp_ace_embedding *x = &a->embeddings[i], *y = &b->embeddings[i];
    assert_int_equal(x->ndensity, y->ndensity);
    assert_memory_equal(x->fs_parameters, y->fs_parameters, 2 * (size_t)x->ndensity * sizeof(double));
    assert_int_equal(x->npoti, y->npoti);
    assert_true(x->rho_core_cutoff == y->rho_core_cutoff && x->drho_core_cutoff == y->drho_core_cutoff);
    assert_int_equal(a->nfunctions[i], b->nfunctions[i]);
    for (int f = 0; f < a->nfunctions[i]; ++f)
      assert_same_function(&a->functions[i][f], &b->functions[i][f], x->ndensity);
  }
}
