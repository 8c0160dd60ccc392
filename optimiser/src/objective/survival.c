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
#include "search/random.h"

/* What LAMMPS says up to the end of a run fits in here. */
#define OUTPUT_SIZE 65536
/* Seeds of LAMMPS's velocities are from 1 to this. */
#define SEEDS 100000000
/* A stream of random numbers apart from those of a search, which are numbered by trials. */
#define STREAM 0x20000000

struct xp_survival {
  const xp_config *config;
  char *command;        /* owned */
  char sha256[65];      /* of the file of the structures */
  int count;            /* runs */
  xp_structure **cells; /* [count], owned */
  int *seeds;           /* [count], owned */
};

/* ---- once a search ---- */

static xp_status check_masses(const xp_config *config, xp_error *error) {
  for (int e = 0; e < config->nelements; ++e)
    if (xp_atomic_mass(config->elements[e]) == 0.0)
      return xp_error_at(error, (xp_place){config->path, 0, 0},
                         "survival: expected chemical elements, whose masses are known, found %s", config->elements[e]);
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

/* Runs go round the config_types. */
static xp_status choose_cells(xp_survival *survival, const xp_data *data, xp_error *error) {
  xp_random random = xp_random_start((uint64_t)survival->config->seed.value, STREAM);
  xp_status status = XP_OK;
  for (int r = 0; r < survival->count && status == XP_OK; ++r) {
    const xp_structure *structure = draw(data, r % data->ngroups, &random);
    survival->seeds[r] = 1 + xp_random_below(&random, SEEDS);
    status = xp_replicate(&survival->cells[r], structure, (int)survival->config->survival_atoms.value, NULL, error);
  }
  return status;
}

static xp_status choose(xp_survival *survival, const xp_data *train, xp_error *error) {
  const xp_config *config = survival->config;
  xp_data *own = NULL;
  xp_status status = XP_OK;
  survival->cells = calloc((size_t)survival->count, sizeof(xp_structure *));
  survival->seeds = calloc((size_t)survival->count, sizeof *survival->seeds);
  if (!survival->cells || !survival->seeds) return xp_error_memory(error, "the runs of survival");
  if (config->survival_structures)
    status = xp_sets_read_file(&own, config, config->survival_structures, (xp_place){config->path, 0, 0}, error);
  memcpy(survival->sha256, own ? own->sha256 : train->sha256, sizeof survival->sha256);
  if (status == XP_OK) status = choose_cells(survival, own ? own : train, error);
  xp_data_free(own);
  return status;
}

static xp_status make_command(xp_survival *survival, xp_error *error) {
  static const char before[] = "exec 2>&1; ", behind[] = " -log none -nocite -in";
  size_t size = sizeof before + strlen(survival->config->survival_lammps) + sizeof behind;
  survival->command = malloc(size);
  if (!survival->command) return xp_error_memory(error, "the command of LAMMPS");
  snprintf(survival->command, size, "%s%s%s", before, survival->config->survival_lammps, behind);
  return XP_OK;
}

/* LAMMPS that is missing is found before the first trial. */
static xp_status probe(const xp_survival *survival, xp_error *error) {
  const xp_config *config = survival->config;
  char scratch[XP_FOLDER_PATH], deck[XP_FOLDER_PATH], output[4096] = "";
  int exit_status = 0;
  xp_status status = xp_scratch_make(scratch, NULL, 0, error);
  if (status != XP_OK) return status;
  status = xp_folder_join(deck, scratch, "in.probe", error);
  if (status == XP_OK) status = xp_survival_write_probe(deck, config, error);
  if (status == XP_OK)
    status = xp_program_run(survival->command, deck, scratch, output, sizeof output, &exit_status, error);
  xp_scratch_remove(scratch);
  if (status != XP_OK || xp_survival_read(output, exit_status, config, true) == XP_SURVIVAL_SURVIVED) return status;
  const char *line;
  int length = xp_survival_complaint(output, &line);
  return xp_error_at(
      error, (xp_place){config->path, 0, 0},
      "survival.lammps: expected a command that runs LAMMPS with pair_style xpotace, \"%s\" ended with exit "
      "status %d: %.*s; see survival.plugin",
      config->survival_lammps, exit_status, length, line);
}

xp_status xp_survival_new(xp_survival **survival, const xp_config *config, const xp_data *train, xp_error *error) {
  *survival = NULL;
  xp_survival *new = calloc(1, sizeof *new);
  if (!new) return xp_error_memory(error, "the runs of survival");
  new->config = config;
  new->count = (int)config->survival_runs.value;
  xp_status status = check_masses(config, error);
  if (status == XP_OK) status = make_command(new, error);
  if (status == XP_OK) status = choose(new, train, error);
  if (status == XP_OK) status = probe(new, error);
  if (status == XP_OK)
    *survival = new;
  else
    xp_survival_free(new);
  return status;
}

void xp_survival_free(xp_survival *survival) {
  if (!survival) return;
  for (int r = 0; r < survival->count && survival->cells; ++r) xp_structure_free(survival->cells[r]);
  free(survival->cells);
  free(survival->seeds);
  free(survival->command);
  free(survival);
}

const char *xp_survival_checksum(const xp_survival *survival) {
  return survival->sha256;
}

/* ---- once a trial ---- */

static xp_status make_run(const xp_survival *survival, int run, const char *scratch, const char *coefficients,
                          char *output, bool *survived, xp_error *error) {
  const xp_config *config = survival->config;
  char cell[XP_FOLDER_PATH], path[XP_FOLDER_PATH];
  int exit_status = 0;
  xp_survival_deck deck = {cell, coefficients, survival->cells[run], survival->seeds[run]};
  xp_status status = xp_folder_join(cell, scratch, "cell.data", error);
  if (status == XP_OK) status = xp_folder_join(path, scratch, "in.survival", error);
  if (status == XP_OK) status = xp_survival_write_cell(cell, config, survival->cells[run], error);
  if (status == XP_OK) status = xp_survival_write_deck(path, config, &deck, error);
  if (status == XP_OK)
    status = xp_program_run(survival->command, path, scratch, output, OUTPUT_SIZE, &exit_status, error);
  if (status != XP_OK) return status;
  xp_survival_end end = xp_survival_read(output, exit_status, config, false);
  *survived = end == XP_SURVIVAL_SURVIVED;
  if (end != XP_SURVIVAL_UNREADY) return XP_OK;
  const char *line;
  int length = xp_survival_complaint(output, &line);
  return xp_error_set(error, XP_ERROR_NUMERIC, "survival: LAMMPS ended before the first step with exit status %d: %.*s",
                      exit_status, length, line);
}

xp_status xp_survival_run(const xp_survival *survival, const xp_fit_result *fit, int trial, const char *folder,
                          double *share, xp_error *error) {
  char scratch[XP_FOLDER_PATH], coefficients[3 * XP_FOLDER_PATH], *output = malloc(OUTPUT_SIZE);
  int survivors = 0;
  if (!output) return xp_error_memory(error, "the output of LAMMPS");
  xp_status status = xp_scratch_make(scratch, folder, trial, error);
  if (status == XP_OK) {
    status = xp_survival_write_potential(scratch, survival->config, fit, coefficients, sizeof coefficients, error);
    for (int r = 0; r < survival->count && status == XP_OK; ++r) {
      bool survived = false;
      status = make_run(survival, r, scratch, coefficients, output, &survived, error);
      survivors += survived;
    }
    xp_scratch_remove(scratch);
  }
  *share = (double)survivors / survival->count;
  free(output);
  return status;
}
