/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/flags.h"
#include "data/data.h"
#include "objective/survival_deck.h"
#include "objective/survival_folder.h"
#include "objective/survival_report.h"
#include "parallel/parallel.h"
#include "report/folder.h"
#include "xpot/potential.h"

#define MOST_STEPS 1000000000

static const xp_flag flags[] = {
    {"--structures", "FILE", "extended XYZ", "none", "structures to start from; required"},
    {"--runs", "N", "1 to 10000", "20", "runs"},
    {"--atoms", "N", "1 to 1000000", "200", "a structure is repeated to at least so many atoms"},
    {"--temperature", "K", "above 0, to 1e6", "3000", "temperature at the start and of the thermostat"},
    {"--time", "PS", "above 0, to 1e6", "10", "length of a run"},
    {"--steps", "N", "1 to 1000000000", "as --time says", "length of a run, in steps"},
    {"--timestep", "FS", "above 0, to 100", "1", "time step"},
    {"--explode", "X", "above 1, to 1e6", "3",
     "a run that is ever hotter than this multiple of the temperature is dead"},
    {"--every", "N", "1 to 1000000000", "a hundredth of the steps", "steps between looks for lost atoms"},
    {"--seed", "N", "0 to 2147483647", "1", "of the choice of structures and of velocities"},
    {"--parallel", "N", "1 to 1024", "1", "runs at a time; results do not depend on it"},
    {"--lammps", "COMMAND", "a shell command", "lmp", "runs LAMMPS, in the folder of a run; -in DECK is added"},
    {"--plugin", "FILE", "a file", "none", "xpotaceplugin.so; none: LAMMPS knows pair_style xpotace already"},
    {"--out", "FOLDER", "a folder", "survival", "where runs and results are kept"},
    XP_FLAG_QUIET,
    {0}};
_Static_assert(sizeof flags / sizeof *flags <= XP_COMMAND_FLAGS + 1, "too many flags");

typedef struct survive {
  xp_potential *potential;
  char *files[XP_POTENTIAL_FILES]; /* absolute paths */
  xp_symbol *elements;
  xp_data *data;
  char *plugin, *folder; /* absolute */
  xp_survival_settings settings;
  int parallel;
  xp_survival *survival;
  xp_survival_fate *fates;
} survive;

static void clear(survive *s) {
  for (int f = 0; f < XP_POTENTIAL_FILES; ++f) free(s->files[f]);
  free(s->plugin);
  free(s->folder);
  free(s->fates);
  free(s->elements);
  xp_survival_free(s->survival);
  xp_data_free(s->data);
  xp_potential_free(s->potential);
}

/* ---- the command line ---- */

static xp_status real(const xp_call *call, const char *name, double above, double high, double standard, double *value,
                      xp_error *error) {
  const char *text = xp_call_value(call, name);
  char *end;
  *value = standard;
  if (!text) return XP_OK;
  *value = strtod(text, &end);
  if (end != text && !*end && *value > above && *value <= high) return XP_OK;
  return xp_error_set(error, XP_ERROR_INPUT, "option %s: expected a number above %g, up to %g, found \"%s\"", name,
                      above, high, text);
}

/* --time or --steps. */
static xp_status steps_of(const xp_call *call, double timestep, int *steps, xp_error *error) {
  double time;
  if (xp_call_value(call, "--steps")) {
    if (!xp_call_value(call, "--time")) return xp_call_integer(call, "--steps", 1, MOST_STEPS, 1, steps, error);
    return xp_error_set(error, XP_ERROR_INPUT, "expected --time or --steps, found both");
  }
  xp_status status = real(call, "--time", 0.0, 1e6, 10.0, &time, error);
  if (status != XP_OK) return status;
  if (time / timestep > MOST_STEPS)
    return xp_error_set(error, XP_ERROR_INPUT, "option --time: expected up to %d steps, found %g; see --timestep",
                        MOST_STEPS, time / timestep);
  *steps = (int)fmax(round(time / timestep), 1.0);
  return XP_OK;
}

static xp_status length_of(const xp_call *call, xp_survival_settings *settings, xp_error *error) {
  int steps, every;
  xp_status status = steps_of(call, settings->timestep, &steps, error);
  if (status != XP_OK) return status;
  status = xp_call_integer(call, "--every", 1, MOST_STEPS, steps > 100 ? steps / 100 : 1, &every, error);
  settings->steps = steps;
  settings->every = every;
  return status;
}

static xp_status read_numbers(survive *s, const xp_call *call, xp_error *error) {
  xp_survival_settings *settings = &s->settings;
  double femtoseconds = 0.0;
  int seed = 0;
  xp_status status = xp_call_integer(call, "--runs", 1, 10000, 20, &settings->runs, error);
  if (status == XP_OK) status = xp_call_integer(call, "--atoms", 1, 1000000, 200, &settings->atoms, error);
  if (status == XP_OK) status = xp_call_integer(call, "--seed", 0, 2147483647, 1, &seed, error);
  if (status == XP_OK) status = xp_call_integer(call, "--parallel", 1, 1024, 1, &s->parallel, error);
  if (status == XP_OK) status = real(call, "--temperature", 0.0, 1e6, 3000.0, &settings->temperature, error);
  if (status == XP_OK) status = real(call, "--explode", 1.0, 1e6, 3.0, &settings->explode, error);
  if (status == XP_OK) status = real(call, "--timestep", 0.0, 100.0, 1.0, &femtoseconds, error);
  settings->timestep = femtoseconds / 1000.0;
  settings->seed = (uint64_t)seed;
  return status == XP_OK ? length_of(call, settings, error) : status;
}

static xp_status absolute(char **path, const char *given, xp_error *error) {
  *path = realpath(given, NULL);
  return *path ? XP_OK : xp_error_set(error, XP_ERROR_IO, "cannot find %s: %s", given, strerror(errno));
}

static xp_status read_words(survive *s, const xp_call *call, xp_error *error) {
  const char *lammps = xp_call_value(call, "--lammps"), *plugin = xp_call_value(call, "--plugin"),
             *out = xp_call_value(call, "--out");
  if (!out) out = "survival";
  xp_status status = plugin ? absolute(&s->plugin, plugin, error) : XP_OK;
  if (status == XP_OK) status = xp_folder_make(out, error);
  if (status == XP_OK) status = absolute(&s->folder, out, error);
  s->settings.prefix = "--";
  s->settings.lammps = lammps ? lammps : "lmp";
  s->settings.plugin = s->plugin;
  return status;
}

/* ---- files ---- */

static xp_status read_potential(survive *s, const xp_call *call, xp_error *error) {
  xp_status status = xp_potential_read(&s->potential, (const char *const *)call->arguments, call->narguments, error);
  for (int f = 0; f < call->narguments && status == XP_OK; ++f)
    status = absolute(&s->files[f], call->arguments[f], error);
  if (status != XP_OK) return status;
  int n = xp_potential_nelements(s->potential);
  s->elements = calloc((size_t)n, sizeof *s->elements);
  if (!s->elements) return xp_error_memory(error, "the potential");
  for (int e = 0; e < n; ++e) snprintf(s->elements[e], XP_SYMBOL_SIZE, "%s", xp_potential_element(s->potential, e));
  s->settings.elements = s->elements;
  s->settings.nelements = n;
  return XP_OK;
}

/* Structures of which the potential does not know an element are refused at once. */
static xp_status check_elements(const survive *s, xp_error *error) {
  const xp_dataset *set = s->data->set;
  xp_status status = XP_OK;
  for (int i = 0; i < set->nstructures && status == XP_OK; ++i) {
    int *species = malloc((size_t)set->structures[i]->natoms * sizeof *species);
    if (!species) return xp_error_memory(error, "the structures");
    status = xp_data_known_species(species, set->structures[i], s->settings.elements, s->settings.nelements, error);
    free(species);
  }
  return status;
}

static xp_status read_structures(survive *s, const xp_call *call, xp_error *error) {
  const char *path = xp_call_value(call, "--structures");
  if (!path) return xp_error_set(error, XP_ERROR_INPUT, "expected --structures FILE; see xpot-opt survive --help");
  xp_status status = xp_data_read(&s->data, path, NULL, error);
  return status == XP_OK ? check_elements(s, error) : status;
}

static xp_status print_checksums(char *text, size_t size, const survive *s, xp_error *error) {
  size_t used = 0;
  for (int f = 0; f < XP_POTENTIAL_FILES && s->files[f]; ++f) {
    xp_bytes bytes;
    char digest[65];
    xp_status status = xp_bytes_read(&bytes, s->files[f], error);
    if (status != XP_OK) return status;
    xp_bytes_sha256(bytes.data, bytes.size, digest);
    used += (size_t)snprintf(text + used, size - used, "%s%s", f ? " " : "", digest);
    xp_bytes_free(&bytes);
  }
  return XP_OK;
}

/* ---- the work ---- */

static xp_status make_runs(survive *s, const xp_call *call, xp_error *error) {
  char coefficients[(XP_POTENTIAL_FILES + 1) * XP_FOLDER_PATH], checksums[XP_POTENTIAL_FILES * 65 + 1];
  xp_report report = xp_report_standard(xp_call_value(call, "--quiet") != NULL);
  xp_survival_task task = {s->folder, coefficients, checksums, s->parallel};
  s->fates = calloc((size_t)s->settings.runs, sizeof *s->fates);
  if (!s->fates) return xp_error_memory(error, "the runs of survival");
  xp_status status = xp_survival_print_coefficients(coefficients, sizeof coefficients, (const char *const *)s->files,
                                                    call->narguments, &s->settings, error);
  if (status == XP_OK) status = print_checksums(checksums, sizeof checksums, s, error);
  return status == XP_OK ? xp_survival_keep(s->survival, &task, &report, s->fates, error) : status;
}

static xp_status report(survive *s, xp_error *error) {
  bool drawn;
  xp_survival_print(s->survival, s->fates, stdout);
  xp_status status = xp_survival_write_report(s->survival, s->fates, s->folder, &drawn, error);
  if (status != XP_OK) return status;
  printf("written: %s/runs.csv, curve.csv%s\n", s->folder, drawn ? ", curve.png" : "");
  if (!drawn)
    printf("note: gnuplot is not installed or failed; for the picture install it and run\n"
           "    cd %s && gnuplot curve.gnuplot\n",
           s->folder);
  return XP_OK;
}

static xp_status run(const xp_call *call, xp_error *error) {
  survive s = {0};
  if (xp_parallel_processes() > 1)
    return xp_error_set(
        error, XP_ERROR_INPUT,
        "survive is one process: run it without mpirun; --lammps \"mpirun -n 2 lmp\" gives LAMMPS more");
  xp_status status = read_numbers(&s, call, error);
  if (status == XP_OK) status = read_potential(&s, call, error);
  if (status == XP_OK) status = read_structures(&s, call, error);
  if (status == XP_OK) status = read_words(&s, call, error);
  if (status == XP_OK) status = xp_survival_open(&s.survival, &s.settings, s.data, error);
  if (status == XP_OK) status = make_runs(&s, call, error);
  if (status == XP_OK) status = report(&s, error);
  clear(&s);
  return status;
}

const xp_command xp_command_survive = {
    .name = "survive",
    .arguments = "POTENTIAL [FILE2] ",
    .summary = "share of hot runs of molecular dynamics that a potential lives through, by LAMMPS",
    .details =
        "Constant volume and temperature (Nose-Hoover) from structures drawn by the seed, in turn from each\n"
        "config_type. A run is dead when LAMMPS stops, loses atoms, is too hot (looked at every ten steps), or ends\n"
        "with an energy that is no number. The folder of --out keeps\n"
        "  run-NNNN/      atoms, deck and output of a run; the deck can be run by hand\n"
        "  runs.csv       a line a run: structure, seed, survived, time (ps), reason\n"
        "  curve.csv      share alive against time; curve.png where gnuplot is installed\n"
        "Kill it whenever you like: the same command goes on with the runs that are not there; --runs may grow.\n",
    .least = 1,
    .most = XP_POTENTIAL_FILES,
    .flags = flags,
    .run = run};
