/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "known_ace.h"

#include <math.h>

#include "config/ace_input.h"
#include "xpot/extxyz.h"
#include "xpot/potential.h"

enum { ELEMENTS_MOST = 8 };

static const double CELL = 5.4, DISTANCE = 2.0; /* Angstrom */

static void randomise(xp_ace_basis *basis, uint64_t seed) {
  xp_test_random random = {seed};
  for (int i = 0; i < basis->nelements; ++i) {
    basis->e0[i] = -2.5 - i;
    for (int f = 0; f < basis->nfunctions[i]; ++f)
      for (int p = 0; p < basis->embeddings[i].ndensity; ++p)
        basis->functions[i][f].coefficients[p] =
            xp_test_uniform(&random, -1.0, 1.0) * pow(0.3, basis->functions[i][f].rank);
  }
}

xp_ace_basis *known_ace_make(const char *input, uint64_t seed, xp_error *error) {
  xp_config *config = NULL;
  xp_ace_input shape = {0};
  xp_ace_basis *basis = NULL;
  xp_status status = xp_config_read(&config, input, error);
  if (status == XP_OK) status = xp_ace_input_new(&shape, config, NULL, NULL, error);
  if (status == XP_OK) status = xp_ace_input_basis(&basis, &shape, -1, XP_ACE_ORDER_POWER, error);
  if (status == XP_OK) randomise(basis, seed);
  xp_ace_input_clear(&shape);
  xp_config_free(config);
  return basis;
}

static xp_structure *free_atom(const char *symbol, xp_error *error) {
  xp_structure *structure = NULL;
  if (xp_structure_new(&structure, 1, error) == XP_OK) snprintf(structure->symbols[0], XP_SYMBOL_SIZE, "%s", symbol);
  return structure;
}

/* Takes the structure. */
static xp_status append(xp_dataset *set, const xp_plan *plan, xp_workspace *workspace, xp_structure *structure,
                        const char *group, xp_error *error) {
  xp_structure *labelled = NULL;
  xp_status status = xp_evaluate_structure(plan, workspace, structure, &labelled, error);
  xp_structure_free(structure);
  if (status != XP_OK) return status;
  free(labelled->local_energy);
  labelled->local_energy = NULL;
  free(labelled->config_type);
  labelled->config_type = strdup(group);
  return xp_dataset_append(set, labelled, error);
}

static xp_status make_plan(const xp_ace_basis *basis, const char *const *symbols, xp_plan **plan,
                           xp_workspace **workspace, xp_error *error) {
  xp_potential potential = {.kind = XP_KIND_ACE};
  xp_status status = xp_ace_basis_convert(basis, &potential.ace, error);
  if (status == XP_OK) status = xp_plan_new(plan, &potential, symbols, basis->nelements, XP_PRECISION_DOUBLE, error);
  if (status == XP_OK) status = xp_workspace_new(workspace, *plan, error);
  xp_ace_model_free(potential.ace);
  return status;
}

xp_status known_ace_label(const xp_ace_basis *basis, const char *path, uint64_t seed, int count, bool free_atoms,
                          xp_error *error) {
  xp_test_random random = {seed};
  xp_dataset *set = NULL;
  xp_plan *plan = NULL;
  xp_workspace *workspace = NULL;
  const char *symbols[ELEMENTS_MOST];
  int n = basis->nelements;
  for (int i = 0; i < n; ++i) symbols[i] = basis->elements[i];
  xp_status status = make_plan(basis, symbols, &plan, &workspace, error);
  if (status == XP_OK) status = xp_dataset_new(&set, error);
  for (int i = 0; i < n && free_atoms && status == XP_OK; ++i)
    status = append(set, plan, workspace, free_atom(symbols[i], error), "free", error);
  for (int s = 0; s < count && status == XP_OK; ++s)
    status = append(set, plan, workspace, xp_test_structure(&random, 4 + s % 4, CELL, DISTANCE, symbols, n),
                    s % 2 ? "B" : "A", error);
  if (status == XP_OK) status = xp_extxyz_write(path, set, error);
  xp_dataset_free(set);
  xp_workspace_free(workspace);
  xp_plan_free(plan);
  return status;
}
