/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "device_models.h"

#include "ace_testing.h"
#include "cases.h"
#include "coupled_functions.h"

enum { ATOMS = 11 };

static void add_atoms(device_model *m, double distance, uint64_t seed) {
  xp_error error = {0};
  xp_test_random random = {seed};
  const char *symbols[XP_SYMBOL_SIZE];
  int n = xp_plan_nelements(m->plan), species[ATOMS];
  for (int s = 0; s < n; ++s) symbols[s] = xp_plan_element(m->plan, s);
  m->structure = xp_test_structure(&random, ATOMS, 0.0, distance, symbols, n);
  for (int i = 0; i < ATOMS; ++i)
    for (int s = 0; s < n; ++s)
      if (strcmp(m->structure->symbols[i], symbols[s]) == 0) species[i] = s;
  xp_assert_ok(xp_neighbour_list_new(&m->list, m->structure, species, xp_plan_cutoff_max(m->plan) + 0.1, &error),
               &error);
}

typedef enum functions { PRODUCTS, COUPLINGS, BOTH } functions;

/* Functions of ranks 1 to 5: products of complex numbers, which are not invariant, or coupled tensors. */
static device_model synthetic(const char *name, functions which, ace_options options) {
  xp_error error = {0};
  device_model m = {.name = name};
  xp_ace_model *model = ace_test_model(&options);
  if (which == COUPLINGS) coupled_clear_functions(model);
  if (which != PRODUCTS) coupled_append_examples(model);
  xp_potential potential = {.kind = XP_KIND_ACE, .ace = model};
  xp_assert_ok(xp_plan_new(&m.plan, &potential, ace_test_elements, options.nelements, XP_PRECISION_DOUBLE, &error),
               &error);
  xp_ace_model_free(model);
  add_atoms(&m, 1.45, options.seed);
  return m;
}

/* path is freed; NULL: absent. */
static device_model fitted(const char *name, char *path, const char *const *elements, int nelements) {
  xp_error error = {0};
  device_model m = {.name = name};
  xp_potential *potential = NULL;
  if (!path) return m;
  xp_assert_ok(xp_potential_read(&potential, (const char *const[]){path}, 1, &error), &error);
  xp_assert_ok(xp_plan_new(&m.plan, potential, elements, nelements, XP_PRECISION_DOUBLE, &error), &error);
  xp_potential_free(potential);
  free(path);
  add_atoms(&m, 2.2, 5);
  return m;
}

static device_model published(const char *file, const char *const *elements, int nelements) {
  char relative[256];
  snprintf(relative, sizeof relative, "conformance/potentials/%s", file);
  return fitted(file, xp_test_shared(relative), elements, nelements);
}

enum { ACE_MODELS = 8 };

static device_model ace_model(int which) {
  switch (which) {
  case 0:
    return synthetic("products and couplings, zbl", BOTH,
                     (ace_options){3, XP_ACE_SBESSEL, XP_ACE_INNER_ZBL, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 2, 7});
  case 1:
    return synthetic("products, density", PRODUCTS,
                     (ace_options){2, XP_ACE_CHEB_EXP_COS, XP_ACE_INNER_DENSITY, XP_ACE_FINNIS_SINCLAIR, 3, 8});
  case 2:
    return synthetic("couplings, distance", COUPLINGS,
                     (ace_options){3, XP_ACE_CHEB_POW, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR, 2, 9});
  case 3:
    return synthetic("one density", COUPLINGS,
                     (ace_options){1, XP_ACE_SBESSEL, XP_ACE_INNER_ZBL, XP_ACE_FINNIS_SINCLAIR, 1, 10});
  case 4:
    return fitted("mlearn-Ge-ace", xp_test_source("potentials/mlearn-Ge-ace/potential.yace"),
                  (const char *const[]){"Ge"}, 1);
  case 5:
    return published("XPOT-Si.yace", (const char *const[]){"Si"}, 1);
  case 6:
    return published("XPOT-Sb2Te3.yace", (const char *const[]){"Te", "Sb"}, 2);
  default:
    return published("SbTe-zbl.yace", (const char *const[]){"Sb", "Te"}, 2);
  }
}

static device_model snap_model(const snap_case *which) {
  xp_error error = {0};
  xp_test_random random = {3};
  device_model m = {.name = which->name};
  xp_potential potential = {.kind = XP_KIND_SNAP, .snap = snap_case_model(which, &random)};
  xp_assert_ok(xp_plan_new(&m.plan, &potential, snap_symbols, which->nelements, XP_PRECISION_DOUBLE, &error), &error);
  xp_snap_model_free(potential.snap);
  add_atoms(&m, 1.6, 5);
  return m;
}

int device_models(void) {
  return ACE_MODELS + snap_ncases;
}

device_model device_model_make(int which) {
  return which < ACE_MODELS ? ace_model(which) : snap_model(&snap_cases[which - ACE_MODELS]);
}

void device_model_clear(device_model *model) {
  xp_plan_free(model->plan);
  xp_neighbour_list_free(model->list);
  xp_structure_free(model->structure);
}

void device_model_evaluate(const device_model *model, double *energies, double (*gradients)[3]) {
  xp_error error = {0};
  xp_workspace *workspace = NULL;
  xp_neighbourhoods atoms = xp_neighbour_list_view(model->list);
  xp_evaluation out = {energies, gradients, NULL};
  xp_assert_ok(xp_workspace_new(&workspace, model->plan, &error), &error);
  xp_assert_ok(xp_evaluate(model->plan, workspace, &atoms, &out, &error), &error);
  xp_workspace_free(workspace);
}
