/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A dimer pulled through every distance where a definition changes. Where LAMMPS's own definition jumps (odd j change sign
 * at rmin0 and at theta0 = pi; no outer switch) the kernel must jump as the reference does; everywhere else energy and
 * gradient must be continuous. */
#include <math.h>

#include "cases.h"

/* Two atoms r Angstrom apart along a direction without symmetry. */
typedef struct dimer {
  int species[2];
  size_t first[3];
  int neighbour_species[2];
  double displacements[2][3];
} dimer;

static void dimer_place(dimer *d, double r, int other) {
  static const double direction[3] = {0.36, 0.48, 0.8};
  *d = (dimer){.species = {0, other}, .first = {0, 1, 2}, .neighbour_species = {other, 0}};
  for (int x = 0; x < 3; ++x) {
    d->displacements[0][x] = r * direction[x];
    d->displacements[1][x] = -r * direction[x];
  }
}

static snap_scene dimer_scene(const dimer *d) {
  return (snap_scene){.view = {2, d->species, d->first, d->neighbour_species, (const double(*)[3])d->displacements},
                      .nneighbours = 2};
}

/* Energy and the derivative along the axis. */
static void dimer_evaluate(snap_run *run, double r, int other, double *energy, double *slope) {
  dimer d;
  dimer_place(&d, r, other);
  snap_scene scene = dimer_scene(&d);
  snap_run_evaluate(run, &scene.view);
  *energy = run->energy[0] + run->energy[1];
  *slope = 0.0;
  for (int k = 0; k < 2; ++k)
    for (int x = 0; x < 3; ++x) *slope += run->gradient[k][x] * d.displacements[k][x] / r;
}

/* A place where something changes, and whether the energy is continuous there. */
typedef struct place {
  double r;
  bool continuous;
} place;

static void check_near(const xp_snap_model *model, snap_run *run, const place *where, int other) {
  /* Nearer to theta0 = pi the reference itself loses digits: its z0 = r / tan(theta0) diverges. */
  static const double distances[] = {1e-1, 1e-2, 1e-4, 1e-6};
  static const double NEAR = 1e-7, LIMIT = 1e-5;
  double energy[2], slope[2];
  for (int side = 0; side < 2; ++side)
    for (size_t k = 0; k < sizeof distances / sizeof *distances; ++k) {
      dimer d;
      dimer_place(&d, where->r + (side ? 1.0 : -1.0) * distances[k], other);
      snap_scene scene = dimer_scene(&d);
      snap_compare(model, model->nelements, &scene, 1e-8);
    }
  dimer_evaluate(run, where->r - NEAR, other, &energy[0], &slope[0]);
  dimer_evaluate(run, where->r + NEAR, other, &energy[1], &slope[1]);
  if (!where->continuous) return;
  double scale = fmax(1.0, fabs(slope[0]));
  xp_assert_close(energy[1], energy[0], LIMIT * scale);
  xp_assert_close(slope[1], slope[0], 10.0 * LIMIT * scale);
}

/* The derivative along the axis against differences over the whole range, away from the places by more than the step. */
static void check_scan(snap_run *run, const place *places, int nplaces, double end, int other) {
  static const double STEP = 1e-4, SPACING = 0.0371, BEGIN = 0.7;
  for (double r = BEGIN; r < end; r += SPACING) {
    bool clear = true;
    for (int k = 0; k < nplaces; ++k) clear = clear && fabs(r - places[k].r) > 2.0 * STEP;
    if (!clear) continue;
    double energy[4], slope, unused;
    static const double offsets[4] = {-2.0, -1.0, 1.0, 2.0};
    for (int k = 0; k < 4; ++k) dimer_evaluate(run, r + offsets[k] * STEP, other, &energy[k], &unused);
    dimer_evaluate(run, r, other, &unused, &slope);
    double difference = (energy[0] - 8.0 * energy[1] + 8.0 * energy[2] - energy[3]) / (12.0 * STEP);
    xp_assert_close(slope, difference, 1e-7 * fmax(1.0, fabs(slope)));
  }
}

static void check_case(const snap_case *which, uint64_t seed) {
  xp_test_random random = {seed};
  int other = which->nelements - 1;
  xp_snap_model *model = snap_case_model(which, &random);
  const xp_snap_parameters *p = &model->parameters;
  double cutoff = (model->elements[0].radelem + model->elements[other].radelem) * p->rcutfac;
  bool odd = which->twojmax > 0;
  place places[6];
  int n = 0;
  places[n++] = (place){cutoff, p->switchflag};
  if (p->rmin0 > 0.5) places[n++] = (place){p->rmin0, !odd};
  for (int k = 1; k < p->rfac0; ++k) places[n++] = (place){p->rmin0 + k * (cutoff - p->rmin0) / p->rfac0, !odd};
  if (p->switchinnerflag) {
    double s = 0.5 * (p->sinner[0] + p->sinner[other]), w = 0.5 * (p->dinner[0] + p->dinner[other]);
    places[n++] = (place){s - w, true};
    places[n++] = (place){s + w, true};
  }
  dimer d;
  dimer_place(&d, 1.0, other);
  snap_scene scene = dimer_scene(&d);
  snap_run run = snap_run_new(model, which->nelements, &scene);
  for (int k = 0; k < n; ++k) check_near(model, &run, &places[k], other);
  check_scan(&run, places, n, cutoff + 0.2, other);
  snap_run_free(&run);
  xp_snap_model_free(model);
}

static void dimers_through_every_cutoff(void **state) {
  (void)state;
  for (int c = 0; c < snap_ncases; ++c) {
    if (snap_cases[c].twojmax > 7) continue;
    print_message("%s\n", snap_cases[c].name);
    check_case(&snap_cases[c], 300 + (uint64_t)c);
  }
}

/* Without a jump at rmin0 and theta0 = pi nothing above would show that odd j change sign there. */
static void odd_matrices_change_sign(void **state) {
  (void)state;
  const snap_case jumping = {.twojmax = 5, .nelements = 1, .rfac0 = 1.4, .rmin0 = 1.2};
  xp_test_random random = {21};
  xp_snap_model *model = snap_case_model(&jumping, &random);
  dimer d;
  dimer_place(&d, 1.0, 0);
  snap_scene scene = dimer_scene(&d);
  snap_run run = snap_run_new(model, 1, &scene);
  const double places[] = {1.2, 1.2 + (SNAP_RCUTFAC - 1.2) / 1.4};
  for (int k = 0; k < 2; ++k) {
    double below, above, slope;
    dimer_evaluate(&run, places[k] - 1e-8, 0, &below, &slope);
    dimer_evaluate(&run, places[k] + 1e-8, 0, &above, &slope);
    assert_true(fabs(above - below) > 1e-3);
  }
  snap_run_free(&run);
  xp_snap_model_free(model);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(dimers_through_every_cutoff),
      cmocka_unit_test(odd_matrices_change_sign),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
