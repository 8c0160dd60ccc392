/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mixed precision against the numbers of stock LAMMPS: every frame of a conformance file by each variant of the CPU kernel.
 * Usage: conformance-mixed NAME POTENTIAL[,POTENTIAL] ELEMENT[,ELEMENT...]; prints how force errors are distributed over
 * the liquid frames and over all. */
#include <math.h>

#include "kernel/kernel.h"
#include "suite.h"
#include "testing/force_errors.h"

/* What is demanded. liquid: RMS of the force errors of liquid frames, whose atoms are at ordinary distances, relative to
 * their RMS force where that is larger than 1 eV/Angstrom. frame: any component of any frame, and energies of atoms,
 * relative to the largest of the frame; some are wild on purpose. */
typedef struct tolerances {
  const char *name;
  double liquid, frame;
} tolerances;

static const tolerances usual = {"", 1e-5, 5e-5};

static const tolerances unusual[] = {
    /* Densities are small differences of large terms: rounding the coefficients of the file to float32 and nothing else
     * changes forces of the liquid by 1.4e-5 eV/Angstrom RMS and energies by 1e-4 eV an atom. */
    {"ace-Cu-legacy", 1e-4, 1e-3},
    /* Roots of densities, one of which is near zero in a frame. */
    {"ace-SbTe-FS", 1e-5, 1e-3}};

static const tolerances *tolerances_of(const char *name) {
  for (size_t k = 0; k < sizeof unusual / sizeof *unusual; ++k)
    if (strcmp(unusual[k].name, name) == 0) return &unusual[k];
  return &usual;
}

/* Errors of many frames. */
typedef struct errors {
  size_t count;
  double *list;  /* owned */
  double square; /* of the recorded forces */
} errors;

/* Deviations of one kernel variant. */
typedef struct deviations {
  errors liquid, all;
  double relative, energy; /* largest, relative to the largest force or energy an atom of the frame */
} deviations;

static void append(errors *e, double error, double force) {
  if ((e->count & (e->count - 1)) == 0) {
    e->list = realloc(e->list, (2 * e->count + 1) * sizeof *e->list);
    if (!e->list) exit(EXIT_FAILURE);
  }
  e->list[e->count++] = error;
  e->square += force * force;
}

static bool is_liquid(const xp_structure *frame) {
  for (int k = 0; k < frame->nnotes; ++k)
    if (strcmp(frame->notes[k].key, "kind") == 0) return strncmp(frame->notes[k].value, "liquid", 6) == 0;
  return false;
}

/* NaN counts as infinitely far off. */
static void raise_to(double *largest, double deviation) {
  if (!(deviation <= *largest)) *largest = isnan(deviation) ? INFINITY : deviation;
}

static void compare(deviations *d, const xp_structure *expected, const xp_structure *found) {
  double largest = 1.0, energy = 1.0;
  for (int i = 0; i < 3 * expected->natoms; ++i) largest = fmax(largest, fabs(expected->forces[i / 3][i % 3]));
  for (int i = 0; i < expected->natoms; ++i) energy = fmax(energy, fabs(expected->local_energy[i]));
  for (int i = 0; i < 3 * expected->natoms; ++i) {
    double force = expected->forces[i / 3][i % 3], error = found->forces[i / 3][i % 3] - force;
    append(&d->all, error, force);
    if (is_liquid(expected)) append(&d->liquid, error, force);
    raise_to(&d->relative, fabs(error) / largest);
  }
  for (int i = 0; i < expected->natoms; ++i)
    raise_to(&d->energy, fabs(found->local_energy[i] - expected->local_energy[i]) / energy);
}

/* Prints one distribution; returns its RMS relative to the tolerance's scale. */
static double print_errors(const char *what, errors *e) {
  if (e->count == 0) return 0.0;
  double force = sqrt(e->square / (double)e->count);
  xp_force_errors found = xp_force_errors_of(e->list, e->count);
  printf("  %s: force RMS %.2e; error RMS %.1e, median %.1e, 99 %% below %.1e, largest %.1e eV/Angstrom\n", what, force,
         found.rms, found.median, found.percentile_99, found.largest);
  return found.rms / fmax(1.0, force);
}

static bool report(const suite *s, int level, deviations *d) {
  printf("%s in mixed precision by kernel v%d\n", s->name, level);
  const tolerances *tolerance = tolerances_of(s->name);
  double liquid = print_errors("liquid", &d->liquid);
  print_errors("all frames", &d->all);
  printf("  of the largest of a frame: force %.1e, energy of an atom %.1e\n", d->relative, d->energy);
  return d->all.count > 0 && liquid <= tolerance->liquid && d->relative <= tolerance->frame &&
         d->energy <= tolerance->frame;
}

static xp_status evaluate(const suite *s, deviations *d, xp_error *error) {
  xp_plan *plan = NULL;
  xp_workspace *workspace = NULL;
  xp_status status = xp_plan_new(&plan, s->potential, s->elements, s->nelements, XP_PRECISION_MIXED, error);
  if (status == XP_OK) status = xp_workspace_new(&workspace, plan, error);
  for (int f = 0; f < s->frames->nstructures && status == XP_OK; ++f) {
    xp_structure *labelled = NULL;
    status = xp_evaluate_structure(plan, workspace, s->frames->structures[f], &labelled, error);
    if (status == XP_OK) compare(d, s->frames->structures[f], labelled);
    xp_structure_free(labelled);
  }
  xp_workspace_free(workspace);
  xp_plan_free(plan);
  return status;
}

static bool check_level(const suite *s, int level) {
  xp_error error = {0};
  deviations d = {0};
  xp_kernel_limit(level);
  if (xp_kernel_level() != level) return true; /* not on this processor */
  bool good = evaluate(s, &d, &error) == XP_OK;
  if (good)
    good = report(s, level, &d);
  else
    printf("%s: %s\n", s->name, error.message);
  free(d.liquid.list);
  free(d.all.list);
  return good;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: conformance-mixed NAME POTENTIAL[,POTENTIAL] ELEMENT[,ELEMENT...]\n");
    return EXIT_FAILURE;
  }
  suite s = {.name = argv[1]};
  int result = suite_load(&s, argv[2], argv[3]);
  for (int level = XP_KERNEL_BASE; level <= XP_KERNEL_V4 && result == EXIT_SUCCESS; ++level)
    if (!check_level(&s, level)) result = EXIT_FAILURE;
  suite_clear(&s);
  return result;
}
