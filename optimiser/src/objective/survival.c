/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/survival.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/replicate.h"
#include "objective/program.h"
#include "objective/scratch.h"
#include "objective/sets.h"
#include "objective/survival_deck.h"
#include "objective/survival_log.h"
#include "search/random.h"

/* What LAMMPS says up to the end of a run fits in here. */
#define OUTPUT_SIZE 65536
/* Seeds of LAMMPS's velocities are from 1 to this. */
#define SEEDS 100000000
/* A stream of random numbers apart from those of a search, which are numbered by trials. */
#define STREAM 0x20000000
/* Lines of thermodynamic output of a run of a trial. */
#define OUTPUT_LINES 10

struct xp_survival {
  xp_survival_settings settings;
  char *command;        /* owned */
  char sha256[65];      /* of the file of the structures */
  xp_structure **cells; /* [settings.runs], owned */
  int *seeds;           /* [settings.runs], owned */
};

/* ---- once a search ---- */

static xp_status check_masses(const xp_survival_settings *settings, xp_error *error) {
  for (int e = 0; e < settings->nelements; ++e)
    if (xp_atomic_mass(settings->elements[e]) == 0.0)
      return xp_error_at(error, (xp_place){settings->place, 0, 0},
                         "survival: expected chemical elements, whose masses are known, found %s",
                         settings->elements[e]);
  return XP_OK;
}

/* One of the structures of a group. */
static const xp_structure *draw(const xp_data *data, int group, xp_random *random) {
  int n = 0;
  for (int s = 0; s < data->set->nstructures; ++s) n += data->group[s] == group;
  int wanted = xp_random_below(random, n), s = 0;
  while (data->group[s] != group || wanted-- > 0) ++s;
  return data->set->structures[s];
}

static char *copy_text(const char *text) {
  return text ? strdup(text) : NULL;
}

/* The cell of a run remembers where its structure is from. */
static xp_status make_cell(xp_structure **cell, const xp_structure *structure, int atoms, xp_error *error) {
  xp_status status = xp_replicate(cell, structure, atoms, NULL, error);
  if (status != XP_OK) return status;
  free((*cell)->config_type);
  (*cell)->config_type = copy_text(structure->config_type);
  (*cell)->file = copy_text(structure->file);
  (*cell)->line = structure->line;
  bool copied = (*cell)->config_type && (!structure->file || (*cell)->file);
  return copied ? XP_OK : xp_error_memory(error, "the runs of survival");
}

/* Runs go round the config_types. */
static xp_status choose_cells(xp_survival *survival, const xp_data *data, xp_error *error) {
  const xp_survival_settings *settings = &survival->settings;
  xp_random random = xp_random_start(settings->seed, STREAM);
  xp_status status = XP_OK;
  memcpy(survival->sha256, data->sha256, sizeof survival->sha256);
  survival->cells = calloc((size_t)settings->runs, sizeof(xp_structure *));
  survival->seeds = calloc((size_t)settings->runs, sizeof *survival->seeds);
  if (!survival->cells || !survival->seeds) return xp_error_memory(error, "the runs of survival");
  for (int r = 0; r < settings->runs && status == XP_OK; ++r) {
    const xp_structure *structure = draw(data, r % data->ngroups, &random);
    survival->seeds[r] = 1 + xp_random_below(&random, SEEDS);
    status = make_cell(&survival->cells[r], structure, settings->atoms, error);
  }
  return status;
}

static xp_status make_command(xp_survival *survival, xp_error *error) {
  static const char before[] = "exec 2>&1; ", behind[] = " -log none -nocite -in";
  size_t size = sizeof before + strlen(survival->settings.lammps) + sizeof behind;
  survival->command = malloc(size);
  if (!survival->command) return xp_error_memory(error, "the command of LAMMPS");
  snprintf(survival->command, size, "%s%s%s", before, survival->settings.lammps, behind);
  return XP_OK;
}

/* LAMMPS that is missing is found before the first trial. */
static xp_status probe(const xp_survival *survival, xp_error *error) {
  const xp_survival_settings *settings = &survival->settings;
  char scratch[XP_FOLDER_PATH], deck[XP_FOLDER_PATH], output[4096] = "";
  int exit_status = 0;
  xp_status status = xp_scratch_make(scratch, NULL, 0, error);
  if (status != XP_OK) return status;
  status = xp_folder_join(deck, scratch, "in.probe", error);
  if (status == XP_OK) status = xp_survival_write_probe(deck, settings, error);
  if (status == XP_OK)
    status = xp_program_run(survival->command, deck, scratch, output, sizeof output, &exit_status, error);
  xp_scratch_remove(scratch);
  if (status != XP_OK || xp_survival_is_ready(output, exit_status)) return status;
  const char *line;
  int length = xp_survival_complaint(output, &line);
  return xp_error_at(error, (xp_place){settings->place, 0, 0},
                     "%slammps: expected a command that runs LAMMPS with pair_style xpotace, \"%s\" ended with exit "
                     "status %d: %.*s; see %splugin",
                     settings->prefix, settings->lammps, exit_status, length, line, settings->prefix);
}

xp_status xp_survival_open(xp_survival **survival, const xp_survival_settings *settings, const xp_data *data,
                           xp_error *error) {
  *survival = NULL;
  xp_survival *new = calloc(1, sizeof *new);
  if (!new) return xp_error_memory(error, "the runs of survival");
  new->settings = *settings;
  xp_status status = check_masses(settings, error);
  if (status == XP_OK) status = make_command(new, error);
  if (status == XP_OK) status = choose_cells(new, data, error);
  if (status == XP_OK) status = probe(new, error);
  if (status == XP_OK)
    *survival = new;
  else
    xp_survival_free(new);
  return status;
}

xp_status xp_survival_new(xp_survival **survival, const xp_config *config, const xp_data *train, xp_error *error) {
  xp_data *own = NULL;
  long steps = (long)config->survival_steps.value, every = steps / OUTPUT_LINES;
  xp_survival_settings settings = {.place = config->path,
                                   .prefix = "survival.",
                                   .lammps = config->survival_lammps,
                                   .plugin = config->survival_plugin,
                                   .elements = config->elements,
                                   .nelements = config->nelements,
                                   .runs = (int)config->survival_runs.value,
                                   .atoms = (int)config->survival_atoms.value,
                                   .seed = (uint64_t)config->seed.value,
                                   .temperature = config->survival_temperature.value,
                                   .timestep = config->survival_timestep.value,
                                   .explode = config->survival_explode.value,
                                   .steps = steps,
                                   .every = every ? every : 1};
  xp_status status = XP_OK;
  *survival = NULL;
  if (config->survival_structures)
    status = xp_sets_read_file(&own, config, config->survival_structures, (xp_place){config->path, 0, 0}, error);
  if (status == XP_OK) status = xp_survival_open(survival, &settings, own ? own : train, error);
  xp_data_free(own);
  return status;
}

void xp_survival_free(xp_survival *survival) {
  if (!survival) return;
  for (int r = 0; r < survival->settings.runs && survival->cells; ++r) xp_structure_free(survival->cells[r]);
  free(survival->cells);
  free(survival->seeds);
  free(survival->command);
  free(survival);
}

const char *xp_survival_checksum(const xp_survival *survival) {
  return survival->sha256;
}

const xp_survival_settings *xp_survival_settings_of(const xp_survival *survival) {
  return &survival->settings;
}

const xp_structure *xp_survival_cell(const xp_survival *survival, int run) {
  return survival->cells[run];
}

int xp_survival_seed(const xp_survival *survival, int run) {
  return survival->seeds[run];
}

/* ---- once a trial ---- */

xp_status xp_survival_make_run(const xp_survival *survival, int run, const char *folder, const char *coefficients,
                               char *output, size_t size, int *exit_status, xp_error *error) {
  const xp_survival_settings *settings = &survival->settings;
  char cell[XP_FOLDER_PATH], path[XP_FOLDER_PATH];
  xp_survival_deck deck = {cell, coefficients, survival->cells[run], survival->seeds[run]};
  xp_status status = xp_folder_join(cell, folder, "cell.data", error);
  if (status == XP_OK) status = xp_folder_join(path, folder, "in.survival", error);
  if (status == XP_OK) status = xp_survival_write_cell(cell, settings, survival->cells[run], error);
  if (status == XP_OK) status = xp_survival_write_deck(path, settings, &deck, error);
  if (status != XP_OK) return status;
  status = xp_program_run(survival->command, path, folder, output, size, exit_status, error);
  /* the last line, which tells a survivor, would be among what was dropped */
  if (status == XP_OK && *exit_status == 0 && strlen(output) + 1 == size)
    return xp_error_set(
        error, XP_ERROR_NUMERIC,
        "survival: expected up to %zu characters of output of LAMMPS, found more; make %slammps say less", size - 1,
        settings->prefix);
  return status;
}

/* A run of a trial, of which nothing is kept. */
static xp_status try_run(const xp_survival *survival, int run, const char *scratch, const char *coefficients,
                         char *output, bool *survived, xp_error *error) {
  xp_survival_fate fate;
  int exit_status = 0;
  xp_status status =
      xp_survival_make_run(survival, run, scratch, coefficients, output, OUTPUT_SIZE, &exit_status, error);
  if (status != XP_OK) return status;
  xp_survival_read(&fate, output, exit_status, &survival->settings);
  *survived = fate.end == XP_SURVIVAL_SURVIVED;
  return fate.end != XP_SURVIVAL_UNREADY ? XP_OK : xp_error_set(error, XP_ERROR_NUMERIC, "survival: %s", fate.reason);
}

xp_status xp_survival_run(const xp_survival *survival, const xp_fit_result *fit, int trial, const char *folder,
                          double *share, xp_error *error) {
  char scratch[XP_FOLDER_PATH], coefficients[3 * XP_FOLDER_PATH], *output = malloc(OUTPUT_SIZE);
  int survivors = 0;
  if (!output) return xp_error_memory(error, "the output of LAMMPS");
  xp_status status = xp_scratch_make(scratch, folder, trial, error);
  if (status == XP_OK) {
    status = xp_survival_write_potential(scratch, &survival->settings, fit, coefficients, sizeof coefficients, error);
    for (int r = 0; r < survival->settings.runs && status == XP_OK; ++r) {
      bool survived = false;
      status = try_run(survival, r, scratch, coefficients, output, &survived, error);
      survivors += survived;
    }
    xp_scratch_remove(scratch);
  }
  *share = (double)survivors / survival->settings.runs;
  free(output);
  return status;
}
