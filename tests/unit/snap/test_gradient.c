/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gradients are derivatives of the energy, for every feature. */
#include <math.h>

#include "cases.h"

static const double STEP = 1e-3; /* Angstrom */
static const double TOLERANCE = 1e-7;

/* Five-point derivative of a centre's energy by one displacement. */
static double differentiate(snap_run *run, snap_scene *scene, int atom, size_t neighbour, int d) {
  static const double offsets[4] = {-2.0, -1.0, 1.0, 2.0}, weights[4] = {1.0, -8.0, 8.0, -1.0};
  double *x = &scene->list->displacements[neighbour][d], kept = *x, sum = 0.0;
  for (int k = 0; k < 4; ++k) {
    *x = kept + offsets[k] * STEP;
    snap_run_evaluate(run, &scene->view);
    sum += weights[k] * run->energy[atom];
  }
  *x = kept;
  return sum / (12.0 * STEP);
}

/* The energy is smooth between these distances: no jump within the differences. */
static bool smooth(const xp_snap_model *model, int i, int j, const double displacement[3]) {
  const xp_snap_parameters *p = &model->parameters;
  double r =
      sqrt(displacement[0] * displacement[0] + displacement[1] * displacement[1] + displacement[2] * displacement[2]);
  double cutoff = (model->elements[i].radelem + model->elements[j].radelem) * p->rcutfac;
  double jumps[] = {p->rmin0,
                    cutoff,
                    p->rmin0 + (cutoff - p->rmin0) / p->rfac0,
                    p->rmin0 + 2.0 * (cutoff - p->rmin0) / p->rfac0,
                    p->switchinnerflag ? 0.5 * (p->sinner[i] + p->sinner[j] + p->dinner[i] + p->dinner[j]) : 0.0,
                    p->switchinnerflag ? 0.5 * (p->sinner[i] + p->sinner[j] - p->dinner[i] - p->dinner[j]) : 0.0};
  for (size_t k = 0; k < sizeof jumps / sizeof *jumps; ++k)
    if (fabs(r - jumps[k]) < 4.0 * STEP) return false;
  return true;
}

static void check_case(const snap_case *which, uint64_t seed) {
  xp_test_random random = {seed};
  xp_snap_model *model = snap_case_model(which, &random);
  snap_scene scene = snap_scene_random(&random, 5, 0.0, 1.5, which->nelements, snap_model_cutoff(model) + 0.1);
  snap_run run = snap_run_new(model, which->nelements, &scene), moved = snap_run_new(model, which->nelements, &scene);
  snap_run_evaluate(&run, &scene.view);
  double scale = 1.0;
  for (size_t k = 0; k < scene.nneighbours; ++k)
    for (int d = 0; d < 3; ++d) scale = fmax(scale, fabs(run.gradient[k][d]));
  size_t checked = 0;
  for (int atom = 0; atom < scene.view.natoms; ++atom)
    for (size_t k = scene.view.first[atom]; k < scene.view.first[atom + 1]; ++k) {
      if (!smooth(model, scene.view.species[atom], scene.view.neighbour_species[k], scene.view.displacements[k]))
        continue;
      ++checked;
      for (int d = 0; d < 3; ++d)
        xp_assert_close(run.gradient[k][d], differentiate(&moved, &scene, atom, k, d), TOLERANCE * scale);
    }
  assert_true(checked > 10);
  snap_run_free(&run);
  snap_run_free(&moved);
  snap_scene_free(&scene);
  xp_snap_model_free(model);
}

static void gradients_are_derivatives(void **state) {
  (void)state;
  for (int c = 0; c < snap_ncases; ++c) {
    print_message("%s\n", snap_cases[c].name);
    check_case(&snap_cases[c], 900 + (uint64_t)c);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(gradients_are_derivatives)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
