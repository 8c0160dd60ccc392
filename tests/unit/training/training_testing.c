/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "training_testing.h"

#include <math.h>

#include "ace/model.h"

const char *const training_elements[3] = {"Al", "Ge", "Si"};

enum { RANKS = 5, DENSITIES_MAX = 4, BLOCKS_MAX = 16 };

static const char *radial_name(xp_ace_radial_type type) {
  static const char *const names[] = {"ChebExpCos", "ChebPow", "ChebLinear", "SBessel"};
  return names[type];
}

const char *training_name(const training_options *options) {
  static char name[128];
  snprintf(name, sizeof name, "%d elements, %s, %s, %s, P = %d", options->nelements, radial_name(options->radial),
           xp_ace_inner_name(options->inner), xp_ace_embedding_name(options->embedding), options->ndensity);
  return name;
}

static void fill_bond(const training_options *options, xp_ace_bond *bond, int pair) {
  bool zbl = options->inner == XP_ACE_INNER_ZBL;
  *bond = (xp_ace_bond){.lmax = -1,
                        .radbase = options->radial,
                        .radbasename = strdup(radial_name(options->radial)),
                        .radparameters = calloc(1, sizeof(double)),
                        .nradparameters = 1,
                        .prehc = zbl ? 1.0 : 25.0,
                        .lambdahc = zbl ? 1.0 : 0.6,
                        .rcut = 4.2 + 0.2 * pair,
                        .dcut = 0.8,
                        .rcut_in = 2.3,
                        .dcut_in = 0.5,
                        .inner_cutoff_type = options->inner};
  assert_true(bond->radbasename && bond->radparameters);
  bond->radparameters[0] = 2.7;
}

static void fill_embedding(const training_options *options, xp_ace_embedding *embedding, int i) {
  static const double exponents[DENSITIES_MAX] = {1.0, 0.5, 2.0, 0.75};
  int ndensity = options->ndensity + i < DENSITIES_MAX ? options->ndensity + i : DENSITIES_MAX;
  *embedding = (xp_ace_embedding){.ndensity = ndensity,
                                  .fs_parameters = calloc(2 * (size_t)ndensity, sizeof(double)),
                                  .npoti = options->embedding,
                                  .rho_core_cutoff = 6.0,
                                  .drho_core_cutoff = 5.0};
  assert_non_null(embedding->fs_parameters);
  for (int p = 0; p < ndensity; ++p) {
    embedding->fs_parameters[2 * p] = 1.0 - 0.2 * p;
    embedding->fs_parameters[2 * p + 1] = options->ndensity == 1 && i == 0 ? 1.0 : exponents[p];
  }
}

/* All blocks of one, two and three elements, a few functions of each rank. */
static void select_functions(xp_ace_basis *basis) {
  static const int nradmax[RANKS] = {3, 2, 2, 1, 1}, lmax[RANKS] = {0, 2, 2, 1, 1};
  static const int sets[7][3] = {{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}, {0, 1, 2}};
  static const int sizes[7] = {1, 1, 1, 2, 2, 2, 3};
  xp_ace_block_request blocks[BLOCKS_MAX];
  xp_error error = {0};
  int nblocks = 0;
  for (int s = 0; s < 7; ++s)
    for (int c = 0; c < sizes[s] && sets[s][sizes[s] - 1] < basis->nelements; ++c)
      blocks[nblocks++] = (xp_ace_block_request){
          sets[s][c], sizes[s], sets[s], RANKS, nradmax, lmax, sizes[s] == 1 ? 26 : 14, -1, XP_ACE_ORDER_POWER};
  xp_assert_ok(xp_ace_basis_select(basis, blocks, nblocks, &error), &error);
}

/* Keeps densities away from 0, where |rho|^0.5 is too steep for differences. */
static void lift(const xp_ace_basis *basis, int i) {
  const double away = 4.0;
  for (int f = 0; f < basis->nfunctions[i]; ++f)
    for (int p = 0; p < basis->embeddings[i].ndensity; ++p)
      if (basis->functions[i][f].rank == 1 && basis->functions[i][f].ns[0] == 1)
        basis->functions[i][f].coefficients[p] = away;
}

static void randomise(xp_ace_basis *basis, uint64_t seed) {
  xp_test_random random = {seed};
  int n = basis->nelements;
  for (int i = 0; i < n; ++i) {
    basis->e0[i] = -1.0 - i;
    for (int f = 0; f < basis->nfunctions[i]; ++f)
      for (int p = 0; p < basis->embeddings[i].ndensity; ++p)
        basis->functions[i][f].coefficients[p] =
            xp_test_uniform(&random, -1.0, 1.0) * pow(0.3, basis->functions[i][f].rank - 1);
    lift(basis, i);
    for (int j = i; j < n; ++j) {
      xp_ace_bond *bond = &basis->bonds[i * n + j];
      int count = bond->nradmax * (bond->lmax + 1) * bond->nradbasemax;
      for (int c = 0; c < count; ++c) bond->radcoefficients[c] += xp_test_uniform(&random, -0.4, 0.4);
      memcpy(basis->bonds[j * n + i].radcoefficients, bond->radcoefficients, (size_t)count * sizeof(double));
    }
  }
}

xp_ace_basis *training_basis(const training_options *options) {
  xp_ace_basis *basis = NULL;
  xp_error error = {0};
  int n = options->nelements;
  xp_assert_ok(xp_ace_basis_new(&basis, n, &error), &error);
  basis->delta_spline_bins = 0.001;
  for (int i = 0; i < n; ++i) {
    strcpy(basis->elements[i], training_elements[i]);
    fill_embedding(options, &basis->embeddings[i], i);
    for (int j = 0; j < n; ++j) fill_bond(options, &basis->bonds[i * n + j], i + j);
  }
  select_functions(basis);
  randomise(basis, options->seed);
  return basis;
}

static int species_of(const char *symbol) {
  for (int e = 0; e < 3; ++e)
    if (strcmp(symbol, training_elements[e]) == 0) return e;
  fail();
  return -1;
}

void training_renew(training_case *c) {
  xp_error error = {0};
  xp_neighbour_list *list = NULL;
  int *species = calloc((size_t)c->structure->natoms, sizeof *species);
  assert_non_null(species);
  for (int a = 0; a < c->structure->natoms; ++a) species[a] = species_of(c->structure->symbols[a]);
  xp_assert_ok(xp_neighbour_list_new(&list, c->structure, species, xp_ace_fit_cutoff(c->fit), &error), &error);
  xp_ace_fit_structure_free(c->prepared);
  xp_assert_ok(xp_ace_fit_structure_new(&c->prepared, c->fit, list, &error), &error);
  xp_neighbour_list_free(list);
  free(species);
}

void training_open(training_case *c, const training_options *options, int natoms, double cell, double distance) {
  xp_error error = {0};
  xp_test_random random = {options->seed + 77};
  *c = (training_case){.basis = training_basis(options)};
  xp_assert_ok(xp_ace_fit_new(&c->fit, c->basis, &error), &error);
  c->layout = xp_ace_fit_layout_of(c->fit);
  c->parameters = calloc((size_t)c->layout.ntotal, sizeof *c->parameters);
  assert_non_null(c->parameters);
  xp_ace_fit_get(c->fit, c->basis, c->parameters);
  c->structure = xp_test_structure(&random, natoms, cell, distance, training_elements, options->nelements);
  xp_assert_ok(xp_ace_fit_scratch_new(&c->scratch, c->fit, &error), &error);
  training_renew(c);
}

void training_close(training_case *c) {
  xp_ace_fit_scratch_free(c->scratch);
  xp_ace_fit_structure_free(c->prepared);
  xp_structure_free(c->structure);
  xp_ace_fit_free(c->fit);
  xp_ace_basis_free(c->basis);
  free(c->parameters);
}

xp_ace_fit_labels training_predict(const training_case *c, double (*forces)[3]) {
  xp_error error = {0};
  xp_ace_fit_labels out = {.forces = forces};
  xp_assert_ok(xp_ace_fit_predict(c->fit, c->scratch, c->prepared, c->parameters, &out, &error), &error);
  return out;
}

int training_combinations(training_options *list, int room) {
  static const xp_ace_radial_type radials[] = {XP_ACE_CHEB_EXP_COS, XP_ACE_CHEB_POW, XP_ACE_CHEB_LINEAR,
                                               XP_ACE_SBESSEL};
  int count = 0;
  for (int r = 0; r < 4; ++r)
    for (int inner = XP_ACE_INNER_DENSITY; inner <= XP_ACE_INNER_ZBL; ++inner)
      for (int embedding = 0; embedding < 2 && count < room; ++embedding, ++count)
        list[count] = (training_options){1 + (count + r) % 3,      radials[r],
                                         (xp_ace_inner_type)inner, (xp_ace_embedding_type)embedding,
                                         1 + (count + inner) % 4,  (uint64_t)(500 + count)};
  for (int p = 1; p <= 4 && count < room; ++p)
    list[count++] = (training_options){
        1, XP_ACE_SBESSEL, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, p, (uint64_t)(900 + p)};
  return count;
}
