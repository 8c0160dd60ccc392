/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Images against the kernel they were made for: every radial type, inner cutoff and embedding; functions that are invariant
 * and functions that are not; lists long enough to be cut; what is refused. */
#include <math.h>

#include "ace_testing.h"
#include "coupled_functions.h"
#include "reference/ace_image_reference.h"
#include "xpot/potential.h"

enum { CLUSTER_ATOMS = 13, CELL_ATOMS = 5 };

/* Relative to 1 + the size: energies, and components of gradients. Exact functions below half an Angstrom are tables in an
 * image. */
static const double ENERGY_TOLERANCE = 1e-10, GRADIENT_TOLERANCE = 2e-8;

static void compare_numbers(double found, double wanted, double tolerance, const char *what) {
  if (fabs(found - wanted) <= tolerance * (1.0 + fabs(wanted))) return;
  fail_msg("%s: the image gives %.15g, the kernel %.15g", what, found, wanted);
}

static void compare_atoms(const xp_plan *plan, const xp_ace_image *image, const xp_structure *structure,
                          const char *what) {
  xp_error error = {0};
  xp_neighbour_list *list = NULL;
  int species[CLUSTER_ATOMS];
  for (int i = 0; i < structure->natoms; ++i)
    for (int s = 0; s < xp_plan_nelements(plan); ++s)
      if (strcmp(structure->symbols[i], xp_plan_element(plan, s)) == 0) species[i] = s;
  xp_assert_ok(xp_neighbour_list_new(&list, structure, species, xp_plan_cutoff_max(plan) + 0.1, &error), &error);
  size_t count = list->first[list->natoms];
  double(*gradients)[3] = calloc(2 * count + 1, sizeof *gradients), energies[2][CLUSTER_ATOMS],
  factors[2][CLUSTER_ATOMS];
  assert_non_null(gradients);
  xp_neighbourhoods view = xp_neighbour_list_view(list);
  xp_workspace *workspace = NULL;
  xp_assert_ok(xp_workspace_new(&workspace, plan, &error), &error);
  xp_evaluation wanted = {energies[0], gradients, factors[0]}, found = {energies[1], gradients + count, factors[1]};
  xp_assert_ok(xp_evaluate(plan, workspace, &view, &wanted, &error), &error);
  xp_assert_ok(xp_reference_ace_image(image, &view, &found, &error), &error);
  for (int i = 0; i < list->natoms; ++i) {
    compare_numbers(energies[1][i], energies[0][i], ENERGY_TOLERANCE, what);
    compare_numbers(factors[1][i], factors[0][i], ENERGY_TOLERANCE, what);
  }
  for (size_t k = 0; k < count; ++k)
    for (int d = 0; d < 3; ++d) compare_numbers(gradients[count + k][d], gradients[k][d], GRADIENT_TOLERANCE, what);
  xp_workspace_free(workspace);
  free(gradients);
  xp_neighbour_list_free(list);
}

static void compare_model(xp_ace_model *model, int nelements, uint64_t seed, const char *what) {
  xp_error error = {0};
  xp_potential potential = {.kind = XP_KIND_ACE, .ace = model};
  xp_plan *plan = NULL;
  xp_ace_image *image = NULL;
  xp_assert_ok(xp_plan_new(&plan, &potential, ace_test_elements, nelements, XP_PRECISION_DOUBLE, &error), &error);
  xp_assert_ok(xp_ace_image_new(&image, plan, &error), &error);
  xp_test_random random = {seed};
  xp_structure *cluster = xp_test_structure(&random, CLUSTER_ATOMS, 0.0, 1.45, ace_test_elements, nelements);
  xp_structure *cell = xp_test_structure(&random, CELL_ATOMS, 4.3, 1.7, ace_test_elements, nelements);
  compare_atoms(plan, image, cluster, what);
  compare_atoms(plan, image, cell, what);
  xp_structure_free(cluster);
  xp_structure_free(cell);
  xp_ace_image_free(image);
  xp_plan_free(plan);
}

/* The functions of these models are not invariant: their products are complex. */
static void test_products(void **state) {
  (void)state;
  for (int radial = XP_ACE_CHEB_EXP_COS; radial <= XP_ACE_ZERO; ++radial)
    for (int inner = XP_ACE_INNER_DENSITY; inner <= XP_ACE_INNER_ZBL; ++inner)
      for (int embedding = 0; embedding < 2; ++embedding) {
        if (radial == XP_ACE_ACEJL && inner != XP_ACE_INNER_DENSITY) continue;
        int nelements = 1 + (radial + inner + embedding) % 3;
        ace_options options = {nelements,
                               (xp_ace_radial_type)radial,
                               (xp_ace_inner_type)inner,
                               (xp_ace_embedding_type)embedding,
                               1 + (radial + embedding) % 4,
                               (uint64_t)(radial * 100 + inner * 10 + embedding)};
        xp_ace_model *model = ace_test_model(&options);
        compare_model(model, nelements, options.seed + 17, ace_test_name(&options));
        xp_ace_model_free(model);
      }
}

/* Coupled tensors, alone and beside products. */
static void test_couplings(void **state) {
  (void)state;
  for (int nelements = 1; nelements <= 3; ++nelements)
    for (int ndensity = 1; ndensity <= 3; ndensity += 2) {
      ace_options options = {nelements,        XP_ACE_SBESSEL,
                             XP_ACE_INNER_ZBL, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED,
                             ndensity,         (uint64_t)(10 * nelements + ndensity)};
      xp_ace_model *model = ace_test_model(&options);
      coupled_append_examples(model);
      compare_model(model, nelements, options.seed, "couplings and products");
      coupled_clear_functions(model);
      coupled_append_examples(model);
      compare_model(model, nelements, options.seed, "couplings");
      coupled_clear_functions(model);
      compare_model(model, nelements, options.seed, "no functions");
      xp_ace_model_free(model);
    }
}

/* A fitted potential, whose lists are long: they are cut, and parts are added. */
static void test_long_lists(void **state) {
  (void)state;
  static const char *const elements[] = {"Ge"};
  xp_error error = {0};
  xp_potential *potential = NULL;
  xp_plan *plan = NULL;
  xp_ace_image *image = NULL;
  char *path = xp_test_source("potentials/mlearn-Ge-ace/potential.yace");
  xp_assert_ok(xp_potential_read(&potential, (const char *const[]){path}, 1, &error), &error);
  xp_assert_ok(xp_plan_new(&plan, potential, elements, 1, XP_PRECISION_DOUBLE, &error), &error);
  xp_assert_ok(xp_ace_image_new(&image, plan, &error), &error);
  for (int k = 0; k < image->nrows; ++k) assert_in_range(image->rows[k].end - image->rows[k].first, 1, 8);
  for (int k = 0; k < image->nnodes; ++k) {
    assert_in_range(image->nodes[k].n, 1, XP_ACE_IMAGE_NODE);
    assert_in_range(image->nodes[k].nleaves, 0, 48);
  }
  for (int k = 0; k < image->ngathers; ++k) assert_in_range(image->gathers[k].nterms, 1, 64);
  assert_true(image->nsums > 0);
  xp_test_random random = {11};
  xp_structure *cluster = xp_test_structure(&random, CLUSTER_ATOMS, 0.0, 2.3, elements, 1);
  compare_atoms(plan, image, cluster, "a fitted potential");
  xp_structure_free(cluster);
  xp_ace_image_free(image);
  xp_plan_free(plan);
  xp_potential_free(potential);
  free(path);
}

/* The numbers of the image of a mixed plan are those of the double one to float32. */
static void test_mixed(void **state) {
  (void)state;
  ace_options options = {1, XP_ACE_SBESSEL, XP_ACE_INNER_DENSITY, XP_ACE_FINNIS_SINCLAIR, 1, 3};
  xp_ace_model *model = ace_test_model(&options);
  xp_potential potential = {.kind = XP_KIND_ACE, .ace = model};
  xp_ace_image *images[2] = {NULL};
  xp_error error = {0};
  for (int precision = 0; precision < 2; ++precision) {
    xp_plan *plan = NULL;
    xp_assert_ok(xp_plan_new(&plan, &potential, ace_test_elements, 1, (xp_precision)precision, &error), &error);
    xp_assert_ok(xp_ace_image_new(&images[precision], plan, &error), &error);
    xp_plan_free(plan);
  }
  assert_int_equal(images[0]->nnumbers, images[1]->nnumbers);
  double off = 0.0;
  for (int k = 0; k < images[0]->nnumbers; ++k) {
    const double exact = images[0]->numbers[k], difference = fabs(images[1]->numbers[k] - exact);
    if (!isfinite(exact)) continue; /* second derivatives that cubic bins do not use */
    assert_true(difference <= 1e-6 * fmax(1.0, fabs(exact)));
    off = fmax(off, difference);
  }
  assert_true(off > 0.0);
  xp_ace_image_free(images[0]);
  xp_ace_image_free(images[1]);
  xp_ace_model_free(model);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_products), cmocka_unit_test(test_couplings),
                                     cmocka_unit_test(test_long_lists), cmocka_unit_test(test_mixed)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
