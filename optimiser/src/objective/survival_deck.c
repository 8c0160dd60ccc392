/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/survival_deck.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/folder.h"
#include "xpot/ace.h"
#include "xpot/frame.h"
#include "xpot/snap.h"

/* Lines by which LAMMPS says how far it came. */
#define READY "XPOT ready"
#define END "XPOT end"

/* Time steps of the thermostat's period; steps between looks at the temperature; lines of thermodynamic output. */
#define THERMOSTAT_STEPS 100
#define LOOK_STEPS 10
#define OUTPUT_LINES 10

static void print_style(FILE *stream, const xp_config *config) {
  if (config->survival_plugin) fprintf(stream, "plugin load \"%s\"\n", config->survival_plugin);
  fprintf(stream, "units metal\natom_style atomic\natom_modify map array\n");
}

xp_status xp_survival_write_probe(const char *path, const xp_config *config, xp_error *error) {
  xp_output *output = NULL;
  xp_status status = xp_output_open(&output, path, error);
  if (status != XP_OK) return status;
  FILE *stream = xp_output_stream(output);
  print_style(stream, config);
  fprintf(stream, "region cell block 0 10 0 10 0 10\ncreate_box 1 cell\npair_style xpotace\nprint \"" READY "\"\n");
  return xp_output_commit(output, error);
}

xp_status xp_survival_write_potential(const char *folder, const xp_config *config, const xp_fit_result *fit,
                                      char *coefficients, size_t size, xp_error *error) {
  bool ace = fit->ace.basis != NULL;
  char first[XP_FOLDER_PATH], second[XP_FOLDER_PATH];
  xp_status status = xp_folder_join(first, folder, ace ? "potential.yace" : "potential.snapcoeff", error);
  if (status == XP_OK) status = xp_folder_join(second, folder, "potential.snapparam", error);
  if (status != XP_OK) return status;
  status = ace ? xp_ace_write_yace(fit->potential.ace, first, error)
               : xp_snap_write(fit->potential.snap, first, second, "A trial of xpot-opt search", error);
  size_t used = (size_t)snprintf(coefficients, size, ace ? "\"%s\"" : "\"%s\" \"%s\"", first, second);
  for (int e = 0; e < config->nelements && used < size; ++e)
    used += (size_t)snprintf(coefficients + used, size - used, " %s", config->elements[e]);
  if (status == XP_OK && used >= size)
    status = xp_error_set(error, XP_ERROR_IO, "the path %s is too long for LAMMPS", folder);
  return status;
}

static int type_of(const xp_config *config, const char *symbol) {
  int e = 0;
  while (strcmp(config->elements[e], symbol) != 0) ++e;
  return e + 1;
}

static void print_box(FILE *stream, const xp_frame *frame) {
  static const char axes[] = "xyz";
  for (int d = 0; d < 3; ++d)
    fprintf(stream, "%.17g %.17g %clo %chi\n", frame->origin[d], frame->origin[d] + frame->length[d], axes[d], axes[d]);
  if (frame->xy != 0.0 || frame->xz != 0.0 || frame->yz != 0.0)
    fprintf(stream, "%.17g %.17g %.17g xy xz yz\n", frame->xy, frame->xz, frame->yz);
}

xp_status xp_survival_write_cell(const char *path, const xp_config *config, const xp_structure *cell, xp_error *error) {
  xp_output *output = NULL;
  xp_frame frame;
  xp_status status = xp_output_open(&output, path, error);
  if (status != XP_OK) return status;
  FILE *stream = xp_output_stream(output);
  xp_frame_set(&frame, cell);
  fprintf(stream, "A cell for a run of survival\n\n%d atoms\n%d atom types\n", cell->natoms, config->nelements);
  print_box(stream, &frame);
  fprintf(stream, "\nMasses\n\n");
  for (int e = 0; e < config->nelements; ++e) fprintf(stream, "%d %.8g\n", e + 1, xp_atomic_mass(config->elements[e]));
  fprintf(stream, "\nAtoms # atomic\n\n");
  for (int atom = 0; atom < cell->natoms; ++atom) {
    double at[3];
    xp_frame_turn(&frame, cell->positions[atom], at);
    fprintf(stream, "%d %d %.17g %.17g %.17g\n", atom + 1, type_of(config, cell->symbols[atom]), at[0], at[1], at[2]);
  }
  return xp_output_commit(output, error);
}

static void print_dynamics(FILE *stream, const xp_config *config, int seed) {
  double temperature = config->survival_temperature.value, step = config->survival_timestep.value;
  long steps = (long)config->survival_steps.value, every = steps / OUTPUT_LINES;
  fprintf(stream, "velocity all create %.17g %d mom yes rot no dist gaussian\n", temperature, seed);
  fprintf(stream, "timestep %.17g\nfix heat all nvt temp %.17g %.17g %.17g\n", step, temperature, temperature,
          THERMOSTAT_STEPS * step);
  fprintf(stream, "variable hot equal temp\nfix stop all halt %d v_hot > %.17g error hard\n", LOOK_STEPS,
          config->survival_explode.value * temperature);
  fprintf(stream, "thermo %ld\nthermo_style custom step temp pe\nthermo_modify lost error\n", every ? every : 1);
  fprintf(stream, "print \"" READY "\"\nrun %ld\nprint \"" END " $(step) $(temp) $(pe)\"\n", steps);
}

xp_status xp_survival_write_deck(const char *path, const xp_config *config, const xp_survival_deck *deck,
                                 xp_error *error) {
  xp_output *output = NULL;
  const bool *periodic = deck->structure->periodic;
  xp_status status = xp_output_open(&output, path, error);
  if (status != XP_OK) return status;
  FILE *stream = xp_output_stream(output);
  print_style(stream, config);
  fprintf(stream, "boundary %c %c %c\nbox tilt large\nread_data \"%s\"\n", periodic[0] ? 'p' : 'f',
          periodic[1] ? 'p' : 'f', periodic[2] ? 'p' : 'f', deck->cell);
  fprintf(stream, "pair_style xpotace\npair_coeff * * %s\n", deck->coefficients);
  print_dynamics(stream, config, deck->seed);
  return xp_output_commit(output, error);
}

/* A line that begins with a text; NULL when there is none. */
static const char *find_line(const char *output, const char *text) {
  const char *at = output;
  while ((at = strstr(at, text)) && at != output && at[-1] != '\n') ++at;
  return at;
}

xp_survival_end xp_survival_read(const char *output, int exit_status, const xp_config *config, bool probe) {
  double step, temperature, energy;
  if (!find_line(output, READY)) return XP_SURVIVAL_UNREADY;
  if (probe) return exit_status == 0 ? XP_SURVIVAL_SURVIVED : XP_SURVIVAL_UNREADY;
  const char *end = find_line(output, END);
  if (exit_status != 0 || !end || sscanf(end + strlen(END), "%lf %lf %lf", &step, &temperature, &energy) != 3)
    return XP_SURVIVAL_DIED;
  bool well = step == config->survival_steps.value && isfinite(energy) &&
              temperature <= config->survival_explode.value * config->survival_temperature.value;
  return well ? XP_SURVIVAL_SURVIVED : XP_SURVIVAL_DIED;
}

int xp_survival_complaint(const char *output, const char **line) {
  *line = find_line(output, "ERROR");
  if (!*line) *line = output[0] ? output : "it said nothing";
  return (int)strcspn(*line, "\n");
}
