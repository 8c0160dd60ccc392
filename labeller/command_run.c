/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands that run LAMMPS: label and sample. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "engine.h"
#include "options.h"
#include "xpot/extxyz.h"
#include "xpot/file.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))
#define MAX_ELEMENTS 100
#define MAX_SEED 800000000

/* Langevin damping time, ps: short enough to take the heat of a random packing within a few hundred steps. */
#define DAMPING 0.05

typedef struct settings {
  const char *in, *out, *commands, *commands_file, *elements_text, *plugin, *config_type;
  int kokkos, frames, every, equilibrate, seed;
  double temperature, timestep;
} settings;

typedef struct job {
  settings s;
  bool sampling;
  char *commands; /* owned */
  xp_symbol elements[MAX_ELEMENTS];
  int nelements;
  xp_dataset *input, *output;
  xp_engine *engine;
} job;

static xp_status take_commands(job *j, xp_error *error) {
  const settings *s = &j->s;
  if ((s->commands != NULL) == (s->commands_file != NULL))
    return xp_error_set(error, XP_ERROR_INPUT, "expected either --commands TEXT or --commands-file FILE");
  xp_bytes bytes = {0};
  xp_status status = XP_OK;
  if (s->commands_file) status = xp_bytes_read(&bytes, s->commands_file, error);
  if (status != XP_OK) return status;
  j->commands = strdup(s->commands ? s->commands : bytes.data);
  xp_bytes_free(&bytes);
  if (!j->commands) return xp_error_memory(error, "LAMMPS commands");
  if (j->commands[strspn(j->commands, "; \t\r\n")]) return XP_OK;
  return xp_error_set(error, XP_ERROR_INPUT, "expected LAMMPS commands that choose a potential, found none");
}

/* Whether the output can be written is better known now than after hours of dynamics. A pipe would take the trial for the
 * whole output. */
static xp_status try_output(job *j, xp_error *error) {
  struct stat old;
  if (stat(j->s.out, &old) == 0 && S_ISFIFO(old.st_mode)) return XP_OK;
  xp_output *output = NULL;
  xp_status status = xp_output_open(&output, j->s.out, error);
  xp_output_discard(output);
  return status;
}

/* Adds the element of an atom to the list unless it is there. */
static xp_status note_element(job *j, const xp_structure *structure, int atom, xp_error *error) {
  const char *symbol = structure->symbols[atom];
  for (int e = 0; e < j->nelements; ++e)
    if (strcmp(j->elements[e], symbol) == 0) return XP_OK;
  xp_place place = {structure->file, structure->line, 0};
  if (j->nelements == MAX_ELEMENTS)
    return xp_error_at(error, place, "expected at most %d elements, found more", MAX_ELEMENTS);
  if (xp_atomic_mass(symbol) == 0.0)
    return xp_error_at(error, place, "expected a chemical element, found '%s' (atom %d)", symbol, atom + 1);
  memcpy(j->elements[j->nelements++], symbol, sizeof *j->elements);
  return XP_OK;
}

/* Elements in order of first appearance in the file, unless they are given. */
static xp_status take_elements(job *j, xp_error *error) {
  if (j->s.elements_text) {
    j->nelements = xp_command_elements(j->elements, MAX_ELEMENTS, j->s.elements_text, "--elements", error);
    return j->nelements < 0 ? error->status : XP_OK;
  }
  xp_status status = XP_OK;
  for (int f = 0; f < j->input->nstructures && status == XP_OK; ++f) {
    const xp_structure *structure = j->input->structures[f];
    for (int i = 0; i < structure->natoms && status == XP_OK; ++i) status = note_element(j, structure, i, error);
  }
  return status;
}

static xp_status check(const settings *s, bool sampling, xp_error *error) {
  if (!s->in || !s->out) return xp_error_set(error, XP_ERROR_INPUT, "expected an input file and --out FILE");
  if (sampling && s->temperature == 0.0)
    return xp_error_set(error, XP_ERROR_INPUT, "sample: --temperature T is needed");
  return XP_OK;
}

/* LAMMPS comes first: it knows which of the ranks is to speak. */
static xp_status open_job(job *j, xp_error *error) {
  xp_engine_options options = {.kokkos_threads = j->s.kokkos, .plugins = &j->s.plugin, .nplugins = j->s.plugin != NULL};
  xp_status status = xp_engine_new(&j->engine, &options, error);
  if (status == XP_OK) status = take_commands(j, error);
  if (status == XP_OK) status = xp_extxyz_read(&j->input, j->s.in, NULL, error);
  if (status == XP_OK) status = take_elements(j, error);
  if (status == XP_OK) status = xp_dataset_new(&j->output, error);
  if (status == XP_OK) status = try_output(j, error);
  return status;
}

static void close_job(job *j) {
  bool started = j->engine != NULL;
  xp_engine_free(j->engine);
  if (started) xp_engine_finish();
  xp_dataset_free(j->input);
  xp_dataset_free(j->output);
  free(j->commands);
}

/* Labels what LAMMPS holds now and keeps it. */
static xp_status keep(job *j, xp_error *error) {
  xp_structure *labelled = NULL;
  xp_status status = xp_engine_label(j->engine, &labelled, error);
  if (status == XP_OK && j->s.config_type) {
    free(labelled->config_type);
    labelled->config_type = strdup(j->s.config_type);
    if (!labelled->config_type) status = xp_error_memory(error, "a group name");
  }
  if (status != XP_OK) {
    xp_structure_free(labelled);
    return status;
  }
  return xp_dataset_append(j->output, labelled, error);
}

/* Thermostatted steps, then one evaluation without the thermostat, whose forces are no part of a label. */
static xp_status propagate(job *j, int nsteps, int seed, xp_error *error) {
  char text[128];
  snprintf(text, sizeof text, "fix xpot_heat all langevin %.10g %.10g %.10g %d", j->s.temperature, j->s.temperature,
           DAMPING, seed);
  xp_status status = xp_engine_command(j->engine, text, error);
  if (status == XP_OK) status = xp_engine_run(j->engine, nsteps, error);
  if (status == XP_OK) status = xp_engine_command(j->engine, "unfix xpot_heat", error);
  if (status == XP_OK) status = xp_engine_run(j->engine, 0, error);
  return status;
}

/* A seed for each structure and frame, from 1 to what LAMMPS's generators take on any rank. */
static int seed_of(const settings *s, int index, int frame) {
  uint64_t number = (uint64_t)s->seed + (uint64_t)index * ((uint64_t)s->frames + 1) + (uint64_t)frame;
  return 1 + (int)((number - 1) % MAX_SEED);
}

static xp_status dynamics(job *j, int index, xp_error *error) {
  const settings *s = &j->s;
  char text[256];
  int seed = seed_of(s, index, 0);
  snprintf(text, sizeof text, "timestep %.10g; velocity all create %.10g %d mom yes; fix xpot_move all nve; thermo %d",
           s->timestep * 1e-3, s->temperature, seed, s->every);
  xp_status status = xp_engine_command(j->engine, text, error);
  if (status == XP_OK && s->equilibrate > 0) status = propagate(j, s->equilibrate, seed, error);
  for (int frame = 0; frame < s->frames && status == XP_OK; ++frame) {
    status = propagate(j, s->every, seed_of(s, index, frame + 1), error);
    if (status == XP_OK) status = keep(j, error);
  }
  return status;
}

static xp_status run_structure(job *j, int index, xp_error *error) {
  xp_status status =
      xp_engine_start(j->engine, j->input->structures[index], j->elements, j->nelements, j->commands, error);
  if (status != XP_OK) return status;
  if (j->sampling) return dynamics(j, index, error);
  status = xp_engine_run(j->engine, 0, error);
  return status == XP_OK ? keep(j, error) : status;
}

static xp_status run_job(job *j, xp_error *error) {
  xp_status status = open_job(j, error);
  for (int i = 0; i < (j->input ? j->input->nstructures : 0) && status == XP_OK; ++i)
    status = run_structure(j, i, error);
  /* The other ranks of an MPI run hold the same; one file is enough. */
  if (status == XP_OK && xp_engine_rank(j->engine) == 0) status = xp_extxyz_write(j->s.out, j->output, error);
  if (status != XP_OK && j->engine) {
    /* While all ranks live: mpirun ends the others when one has failed. */
    if (xp_engine_rank(j->engine) == 0) fprintf(stderr, "error: %s\n", error->message);
    error->message[0] = '\0';
  }
  close_job(j);
  return status;
}

static void help(bool sampling, const xp_option *options, int noptions) {
  if (sampling)
    printf("xpot-label sample IN.xyz --temperature T (--commands TEXT | --commands-file FILE) --out OUT.xyz\n\n"
           "Runs molecular dynamics at a temperature from each structure, with a Langevin thermostat at constant cell, "
           "and\n"
           "writes labelled frames.\n\n");
  else
    printf("xpot-label label IN.xyz (--commands TEXT | --commands-file FILE) --out OUT.xyz\n\n"
           "Labels structures with LAMMPS: energy (eV), forces (eV/Angstrom), virial (eV, positive when the cell wants "
           "to\n"
           "expand) and local_energy (eV). Any cell is allowed.\n\n");
  printf("The commands choose the potential, for instance \"pair_style snap; pair_coeff * * X.snapcoeff X.snapparam "
         "Si\";\n"
         "units are metal, atom type N is element N of the list, ${elements} is the list. Runs under mpirun too.\n\n");
  xp_options_print(options, noptions);
}

static xp_status run_command(int argc, char **argv, bool sampling, xp_error *error) {
  job j = {.sampling = sampling, .s = {.frames = 10, .every = 100, .equilibrate = 100, .seed = 1, .timestep = 1.0}};
  settings *s = &j.s;
  const xp_option options[] = {
      {"--commands", "TEXT", "LAMMPS commands separated by ';'", XP_OPTION_TEXT, &s->commands, 0, 0},
      {"--commands-file", "FILE", "the same from a file", XP_OPTION_TEXT, &s->commands_file, 0, 0},
      {"--elements", "E[,E...]", "atom types in order (default: first appearance in the file)", XP_OPTION_TEXT,
       &s->elements_text, 0, 0},
      {"--plugin", "FILE", "LAMMPS plugin to load", XP_OPTION_TEXT, &s->plugin, 0, 0},
      {"--kokkos", "N", "use Kokkos with N threads", XP_OPTION_INTEGER, &s->kokkos, 1, 4096},
      {"--config-type", "NAME", "group name (default: that of the input)", XP_OPTION_TEXT, &s->config_type, 0, 0},
      {"--out", "FILE", "extended XYZ file to write", XP_OPTION_TEXT, &s->out, 0, 0},
      {"--temperature", "T", "K", XP_OPTION_REAL, &s->temperature, 1e-6, 1e6},
      {"--timestep", "T", "fs (default 1)", XP_OPTION_REAL, &s->timestep, 1e-6, 1e3},
      {"--equilibrate", "N", "steps before the first frame's interval (default 100)", XP_OPTION_INTEGER,
       &s->equilibrate, 0, 1e9},
      {"--every", "N", "steps between frames (default 100)", XP_OPTION_INTEGER, &s->every, 1, 1e9},
      {"--frames", "N", "frames of each structure (default 10)", XP_OPTION_INTEGER, &s->frames, 1, 1e6},
      {"--seed", "N", "of velocities and thermostat (default 1)", XP_OPTION_INTEGER, &s->seed, 1, 1e9},
  };
  const int sample_options = 6;
  const int noptions = COUNT(options) - (sampling ? 0 : sample_options);
  if (xp_command_help(argc, argv)) return help(sampling, options, noptions), XP_OK;
  xp_status status = xp_options_parse(options, noptions, argc, argv, &s->in, error);
  if (status == XP_OK) status = check(s, sampling, error);
  return status == XP_OK ? run_job(&j, error) : status;
}

xp_status xp_command_label(int argc, char **argv, xp_error *error) {
  return run_command(argc, argv, false, error);
}

xp_status xp_command_sample(int argc, char **argv, xp_error *error) {
  return run_command(argc, argv, true, error);
}
