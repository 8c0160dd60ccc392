/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mixed_errors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "force_errors.h"

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

static void append(xp_error_list *e, double error, double force) {
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

void xp_mixed_errors_add(xp_mixed_errors *d, const xp_structure *expected, const xp_structure *found) {
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
static double print_errors(const char *what, xp_error_list *e) {
  if (e->count == 0) return 0.0;
  double force = sqrt(e->square / (double)e->count);
  xp_force_errors found = xp_force_errors_of(e->list, e->count);
  printf("  %s: force RMS %.2e; error RMS %.1e, median %.1e, 99 %% below %.1e, largest %.1e eV/Angstrom\n", what, force,
         found.rms, found.median, found.percentile_99, found.largest);
  return found.rms / fmax(1.0, force);
}

bool xp_mixed_errors_report(xp_mixed_errors *d, const char *name) {
  const tolerances *tolerance = tolerances_of(name);
  double liquid = print_errors("liquid", &d->liquid);
  print_errors("all frames", &d->all);
  printf("  of the largest of a frame: force %.1e, energy of an atom %.1e\n", d->relative, d->energy);
  return d->all.count > 0 && liquid <= tolerance->liquid && d->relative <= tolerance->frame &&
         d->energy <= tolerance->frame;
}

void xp_mixed_errors_clear(xp_mixed_errors *d) {
  free(d->liquid.list);
  free(d->all.list);
  *d = (xp_mixed_errors){0};
}
