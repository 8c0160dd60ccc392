/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/survival_deck.h"

#include <stdio.h>
#include <string.h>

#include "objective/survival_log.h"
#include "report/folder.h"
#include "xpot/ace.h"
#include "xpot/frame.h"
#include "xpot/snap.h"

/* Time steps of the thermostat's period; steps between looks at the temperature. */
#define THERMOSTAT_STEPS 100
#define LOOK_STEPS 10

static void print_style(FILE *stream, const xp_survival_settings *settings) {
  if (settings->plugin) fprintf(stream, "plugin load \"%s\"\n", settings->plugin);
  fprintf(stream, "units metal\natom_style atomic\natom_modify map array\n");
}

xp_status xp_survival_write_probe(const char *path, const xp_survival_settings *settings, xp_error *error) {
  xp_output *output = NULL;
  xp_status status = xp_output_open(&output, path, error);
  if (status != XP_OK) return status;
  FILE *stream = xp_output_stream(output);
  print_style(stream, settings);
  fprintf(stream,
          "region cell block 0 10 0 10 0 10\ncreate_box 1 cell\npair_style xpotace\nprint \"" XP_SURVIVAL_READY "\"\n");
  return xp_output_commit(output, error);
}

xp_status xp_survival_print_coefficients(char *coefficients, size_t size, const char *const *files, int nfiles,
                                         const xp_survival_settings *settings, xp_error *error) {
  size_t used = 0;
  for (int f = 0; f < nfiles && used < size; ++f)
    used += (size_t)snprintf(coefficients + used, size - used, "%s\"%s\"", f ? " " : "", files[f]);
  for (int e = 0; e < settings->nelements && used < size; ++e)
    used += (size_t)snprintf(coefficients + used, size - used, " %s", settings->elements[e]);
  if (used < size) return XP_OK;
  return xp_error_set(error, XP_ERROR_IO, "the path %s is too long for LAMMPS", files[0]);
}

xp_status xp_survival_write_potential(const char *folder, const xp_survival_settings *settings,
                                      const xp_fit_result *fit, char *coefficients, size_t size, xp_error *error) {
  bool ace = fit->ace.basis != NULL;
  char first[XP_FOLDER_PATH], second[XP_FOLDER_PATH];
  xp_status status = xp_folder_join(first, folder, ace ? "potential.yace" : "potential.snapcoeff", error);
  if (status == XP_OK) status = xp_folder_join(second, folder, "potential.snapparam", error);
  if (status != XP_OK) return status;
  status = ace ? xp_ace_write_yace(fit->potential.ace, first, error)
               : xp_snap_write(fit->potential.snap, first, second, "A trial of xpot-opt search", error);
  if (status != XP_OK) return status;
  return xp_survival_print_coefficients(coefficients, size, (const char *const[]){first, second}, ace ? 1 : 2, settings,
                                        error);
}

static int type_of(const xp_survival_settings *settings, const char *symbol) {
  int e = 0;
  while (strcmp(settings->elements[e], symbol) != 0) ++e;
  return e + 1;
}

static void print_box(FILE *stream, const xp_frame *frame) {
  static const char axes[] = "xyz";
  for (int d = 0; d < 3; ++d)
    fprintf(stream, "%.17g %.17g %clo %chi\n", frame->origin[d], frame->origin[d] + frame->length[d], axes[d], axes[d]);
  if (frame->xy != 0.0 || frame->xz != 0.0 || frame->yz != 0.0)
    fprintf(stream, "%.17g %.17g %.17g xy xz yz\n", frame->xy, frame->xz, frame->yz);
}

xp_status xp_survival_write_cell(const char *path, const xp_survival_settings *settings, const xp_structure *cell,
                                 xp_error *error) {
  xp_output *output = NULL;
  xp_frame frame;
  xp_status status = xp_output_open(&output, path, error);
  if (status != XP_OK) return status;
  FILE *stream = xp_output_stream(output);
  xp_frame_set(&frame, cell);
  fprintf(stream, "A cell for a run of survival\n\n%d atoms\n%d atom types\n", cell->natoms, settings->nelements);
  print_box(stream, &frame);
  fprintf(stream, "\nMasses\n\n");
  for (int e = 0; e < settings->nelements; ++e)
    fprintf(stream, "%d %.8g\n", e + 1, xp_atomic_mass(settings->elements[e]));
  fprintf(stream, "\nAtoms # atomic\n\n");
  for (int atom = 0; atom < cell->natoms; ++atom) {
    double at[3];
    xp_frame_turn(&frame, cell->positions[atom], at);
    fprintf(stream, "%d %d %.17g %.17g %.17g\n", atom + 1, type_of(settings, cell->symbols[atom]), at[0], at[1], at[2]);
  }
  return xp_output_commit(output, error);
}

static void print_dynamics(FILE *stream, const xp_survival_settings *settings, int seed) {
  double temperature = settings->temperature, step = settings->timestep;
  fprintf(stream, "velocity all create %.17g %d mom yes rot no dist gaussian\n", temperature, seed);
  fprintf(stream, "timestep %.17g\nfix heat all nvt temp %.17g %.17g %.17g\n", step, temperature, temperature,
          THERMOSTAT_STEPS * step);
  fprintf(stream, "variable hot equal temp\nfix stop all halt %d v_hot > %.17g error hard\n", LOOK_STEPS,
          settings->explode * temperature);
  /* flushed, so that the output of a run that crashes says how far it came */
  fprintf(stream, "thermo %ld\nthermo_style custom step temp pe\nthermo_modify lost error flush yes\n",
          settings->every);
  fprintf(stream, "print \"" XP_SURVIVAL_READY "\"\nrun %ld\nprint \"" XP_SURVIVAL_END " $(step) $(temp) $(pe)\"\n",
          settings->steps);
}

xp_status xp_survival_write_deck(const char *path, const xp_survival_settings *settings, const xp_survival_deck *deck,
                                 xp_error *error) {
  xp_output *output = NULL;
  const bool *periodic = deck->structure->periodic;
  xp_status status = xp_output_open(&output, path, error);
  if (status != XP_OK) return status;
  FILE *stream = xp_output_stream(output);
  print_style(stream, settings);
  fprintf(stream, "boundary %c %c %c\nbox tilt large\nread_data \"%s\"\n", periodic[0] ? 'p' : 'f',
          periodic[1] ? 'p' : 'f', periodic[2] ? 'p' : 'f', deck->cell);
  fprintf(stream, "pair_style xpotace\npair_coeff * * %s\n", deck->coefficients);
  print_dynamics(stream, settings, deck->seed);
  return xp_output_commit(output, error);
}
