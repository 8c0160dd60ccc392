/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every frame of a conformance file (numbers of stock LAMMPS) by the reference evaluator and by each variant of the CPU
 * kernel. Usage: conformance NAME POTENTIAL[,POTENTIAL] ELEMENT[,ELEMENT...]; prints the largest deviations. */
#include <math.h>

#include "kernel/kernel.h"
#include "potential/label.h"
#include "reference/ace_image_reference.h"
#include "reference/ace_reference.h"
#include "reference/snap_image_reference.h"
#include "reference/snap_reference.h"
#include "suite.h"

/* What the conformance set demands; forces and virials relative to max(1, size). */
static const double ENERGY_TOLERANCE = 1e-8; /* eV an atom */
static const double FORCE_TOLERANCE = 1e-6;  /* eV/Angstrom */
static const double VIRIAL_TOLERANCE = 1e-6; /* eV */

/* Largest deviations of a file, scaled as the tolerances are. */
typedef struct deviations {
  double energy, local_energy, force, virial;
} deviations;

/* NaN counts as infinitely far off. */
static void raise_to(double *largest, double deviation) {
  if (!(deviation <= *largest)) *largest = isnan(deviation) ? INFINITY : deviation;
}

static double norm(const double v[3]) {
  return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

static void compare(deviations *worst, const xp_structure *expected, const xp_structure *found) {
  raise_to(&worst->energy, fabs(found->energy - expected->energy) / expected->natoms);
  for (int i = 0; i < expected->natoms; ++i) {
    double scale = fmax(1.0, norm(expected->forces[i]));
    raise_to(&worst->local_energy, fabs(found->local_energy[i] - expected->local_energy[i]));
    for (int d = 0; d < 3; ++d) raise_to(&worst->force, fabs(found->forces[i][d] - expected->forces[i][d]) / scale);
  }
  double scale = 1.0;
  for (int k = 0; k < 9; ++k) scale = fmax(scale, fabs(expected->virial[k / 3][k % 3]));
  for (int k = 0; k < 9; ++k)
    raise_to(&worst->virial, fabs(found->virial[k / 3][k % 3] - expected->virial[k / 3][k % 3]) / scale);
}

/* Prints and judges one evaluator; true when all is well. */
static bool report(const suite *s, const char *evaluator, const deviations *worst) {
  printf("%s by %s: energy %.1e eV/atom, local energy %.1e eV, force %.1e, virial %.1e over %d frames\n", s->name,
         evaluator, worst->energy, worst->local_energy, worst->force, worst->virial, s->frames->nstructures);
  return worst->energy <= ENERGY_TOLERANCE && worst->local_energy <= ENERGY_TOLERANCE &&
         worst->force <= FORCE_TOLERANCE && worst->virial <= VIRIAL_TOLERANCE;
}

static bool check(const suite *s, const char *name, xp_evaluator evaluator, void *context) {
  deviations worst = {0};
  for (int f = 0; f < s->frames->nstructures; ++f) {
    const xp_structure *frame = s->frames->structures[f];
    xp_error error = {0};
    xp_structure *labelled = NULL;
    if (!frame->has_energy || !frame->has_virial || !frame->forces || !frame->local_energy) {
      printf("%s:%ld: the frame lacks a label\n", frame->file, frame->line);
      return false;
    }
    if (xp_label_structure(&labelled, frame, s->plan, evaluator, context, &error) != XP_OK) {
      printf("%s:%ld: %s\n", frame->file, frame->line, error.message);
      return false;
    }
    compare(&worst, frame, labelled);
    xp_structure_free(labelled);
  }
  return report(s, name, &worst);
}

static xp_status by_reference(void *context, const xp_neighbourhoods *neighbourhoods, const xp_evaluation *out,
                              xp_error *error) {
  const suite *s = context;
  if (s->potential->kind == XP_KIND_ACE)
    return xp_reference_ace(s->potential->ace, s->elements, s->nelements, neighbourhoods, out, error);
  return xp_reference_snap(s->potential->snap, s->elements, s->nelements, neighbourhoods, out, error);
}

/* What device kernels get. */
typedef struct image_run {
  xp_ace_image *ace;
  xp_snap_image *snap;
} image_run;

static xp_status by_image(void *context, const xp_neighbourhoods *neighbourhoods, const xp_evaluation *out,
                          xp_error *error) {
  const image_run *run = context;
  if (run->ace) return xp_reference_ace_image(run->ace, neighbourhoods, out, error);
  return xp_reference_snap_image(run->snap, neighbourhoods, out, error);
}

static bool check_image(const suite *s) {
  xp_error error = {0};
  image_run run = {0};
  xp_status status = s->potential->kind == XP_KIND_ACE ? xp_ace_image_new(&run.ace, s->plan, &error)
                                                       : xp_snap_image_new(&run.snap, s->plan, &error);
  bool good = status == XP_OK;
  if (good)
    good = check(s, "image", by_image, &run);
  else
    printf("%s: %s\n", s->name, error.message);
  xp_ace_image_free(run.ace);
  xp_snap_image_free(run.snap);
  return good;
}

/* A plan and a workspace of one kernel variant. */
typedef struct kernel_run {
  xp_plan *plan;
  xp_workspace *workspace;
} kernel_run;

static xp_status by_kernel(void *context, const xp_neighbourhoods *neighbourhoods, const xp_evaluation *out,
                           xp_error *error) {
  const kernel_run *run = context;
  return xp_evaluate(run->plan, run->workspace, neighbourhoods, out, error);
}

static bool check_kernel(const suite *s, int level) {
  xp_error error = {0};
  kernel_run run = {0};
  char name[32];
  xp_kernel_limit(level);
  if (xp_kernel_level() != level) return true; /* not on this processor */
  snprintf(name, sizeof name, "kernel v%d", level);
  bool good = xp_plan_new(&run.plan, s->potential, s->elements, s->nelements, XP_PRECISION_DOUBLE, &error) == XP_OK &&
              xp_workspace_new(&run.workspace, run.plan, &error) == XP_OK;
  if (good)
    good = check(s, name, by_kernel, &run);
  else
    printf("%s: %s\n", s->name, error.message);
  xp_workspace_free(run.workspace);
  xp_plan_free(run.plan);
  return good;
}

int main(int argc, char **argv) {
  static const int levels[] = {XP_KERNEL_BASE, XP_KERNEL_V2, XP_KERNEL_V3, XP_KERNEL_V4};
  if (argc != 4) {
    fprintf(stderr, "usage: conformance NAME POTENTIAL[,POTENTIAL] ELEMENT[,ELEMENT...]\n");
    return EXIT_FAILURE;
  }
  suite s = {.name = argv[1]};
  int result = suite_load(&s, argv[2], argv[3]);
  if (result == EXIT_SUCCESS) {
    bool good = check(&s, "reference", by_reference, &s);
    good &= check_image(&s);
    for (size_t l = 0; l < sizeof levels / sizeof *levels; ++l) good &= check_kernel(&s, levels[l]);
    if (!good) result = EXIT_FAILURE;
  }
  suite_clear(&s);
  return result;
}
