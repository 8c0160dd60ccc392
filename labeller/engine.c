/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"
#include "xpot/frame.h"

/* Values of library.h that it names only in comments or in anonymous enums of some versions. */
enum { STYLE_GLOBAL = 0, TYPE_VECTOR = 1, GATHER_DOUBLE = 1, ERROR_ONE = 1, ABORTED_ONE_RANK = 2 };

#define COMMAND_SIZE 8192
#define CELL_TOLERANCE 1e-9 /* of a length, relative above 1 Angstrom: rounding of the turn to LAMMPS's frame */

#ifdef LAMMPS_BIGBIG
typedef int64_t atom_id;
#else
typedef int atom_id;
#endif

struct xp_engine {
  void *lammps;
  int rank;
  xp_structure *structure; /* what xp_engine_start was given; owned */
  xp_frame frame;
  bool moved; /* since xp_engine_start, so positions are LAMMPS's */
};

/* Leaves the first line of a message, without " (FILE.cpp:LINE)" at its end. */
static void cut_source_line(char *message) {
  message[strcspn(message, "\n")] = '\0';
  char *open = strrchr(message, '(');
  if (open && open > message && strstr(open, ".cpp:")) open[-1] = '\0';
}

/* The sentence of LAMMPS's last error: without "ERROR: ", its source line and the echo of the input line. */
static xp_status take_error(xp_engine *engine, xp_error *error) {
  char text[XP_ERROR_SIZE] = "";
  int kind = lammps_get_last_error_message(engine->lammps, text, sizeof text);
  char *start = strstr(text, "ERROR");
  start = start ? strchr(start, ':') : NULL;
  start = start ? start + 1 + strspn(start + 1, " ") : text;
  cut_source_line(start);
  xp_status status = xp_error_set(error, XP_ERROR_RANGE, "LAMMPS: %s", start);
  if (kind == ABORTED_ONE_RANK && lammps_extract_setting(engine->lammps, "world_size") > 1) {
    /* The other ranks wait for this one: say why, and end all. */
    fprintf(stderr, "error: LAMMPS: %s\n", start);
    lammps_error(engine->lammps, ERROR_ONE, start);
  }
  return status;
}

static xp_status check(xp_engine *engine, xp_error *error) {
  return lammps_has_error(engine->lammps) ? take_error(engine, error) : XP_OK;
}

static xp_status command(xp_engine *engine, xp_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static xp_status command(xp_engine *engine, xp_error *error, const char *format, ...) {
  char line[COMMAND_SIZE];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (length < 0 || length >= COMMAND_SIZE)
    return xp_error_set(error, XP_ERROR_INPUT, "expected LAMMPS commands of less than %d characters, found '%.40s...'",
                        COMMAND_SIZE, line);
  lammps_command(engine->lammps, line);
  return check(engine, error);
}

static bool kokkos_has_gpu(void) {
  return lammps_config_accelerator("KOKKOS", "api", "cuda") || lammps_config_accelerator("KOKKOS", "api", "hip");
}

/* The arguments LAMMPS would get on a command line. */
static int arguments_of(const xp_engine_options *options, char **arguments, char *threads, size_t size) {
  int count = 0;
  static const char *const always[] = {"xpot", "-log", "none", "-nocite", "-screen", "none"};
  for (size_t i = 0; i < sizeof always / sizeof *always; ++i) arguments[count++] = (char *)always[i];
  if (options->kokkos_threads > 0) {
    const bool gpus = kokkos_has_gpu();
    snprintf(threads, size, "%d", options->kokkos_threads);
    static const char *const before[] = {"-k", "on", "t"}, *const gpu[] = {"g", "1"}, *const after[] = {"-sf", "kk"};
    for (int i = 0; i < 3; ++i) arguments[count++] = (char *)before[i];
    arguments[count++] = threads;
    for (int i = 0; gpus && i < 2; ++i) arguments[count++] = (char *)gpu[i];
    for (int i = 0; i < 2; ++i) arguments[count++] = (char *)after[i];
  }
  return count;
}

xp_status xp_engine_new(xp_engine **out, const xp_engine_options *options, xp_error *error) {
  *out = NULL;
  xp_engine *engine = calloc(1, sizeof *engine);
  if (!engine) return xp_error_memory(error, "LAMMPS");
  char *arguments[16], threads[16];
  int count = arguments_of(options, arguments, threads, sizeof threads);
  engine->lammps = lammps_open_no_mpi(count, arguments, NULL);
  if (!engine->lammps) {
    free(engine);
    return xp_error_set(error, XP_ERROR_RANGE,
                        "LAMMPS could not be started with %d Kokkos threads; check that it was built with KOKKOS",
                        options->kokkos_threads);
  }
  engine->rank = lammps_extract_setting(engine->lammps, "world_rank");
  *out = engine;
  xp_status status = XP_OK;
  for (int i = 0; i < options->nplugins && status == XP_OK; ++i) {
    status = command(engine, error, "plugin load \"%s\"", options->plugins[i]);
    /* One that LAMMPS_PLUGIN_PATH has brought already adds nothing. */
    if (status == XP_OK && lammps_plugin_count() == 0)
      status =
          xp_error_set(error, XP_ERROR_IO, "%s: expected a plugin built for this LAMMPS, found none that it can load",
                       options->plugins[i]);
  }
  return status;
}

void xp_engine_free(xp_engine *engine) {
  if (!engine) return;
  lammps_close(engine->lammps);
  xp_structure_free(engine->structure);
  free(engine);
}

void xp_engine_finish(void) {
  lammps_kokkos_finalize();
  lammps_plugin_finalize();
  lammps_mpi_finalize();
}

int xp_engine_rank(const xp_engine *engine) {
  return engine->rank;
}

/* A line for each command. LAMMPS knows comments, quotes and continued lines; ';' between commands is ours. */
static void split_lines(char *text) {
  char quote = '\0';
  bool comment = false;
  for (char *at = text; *at; ++at) {
    if (*at == '\n') comment = false;
    if (comment) continue;
    if (quote) {
      if (*at == quote) quote = '\0';
    } else if (*at == '"' || *at == '\'') {
      quote = *at;
    } else if (*at == '#') {
      comment = true;
    } else if (*at == ';') {
      *at = '\n';
    }
  }
}

xp_status xp_engine_command(xp_engine *engine, const char *commands, xp_error *error) {
  char *text = strdup(commands);
  if (!text) return xp_error_memory(error, "LAMMPS commands");
  split_lines(text);
  lammps_commands_string(engine->lammps, text);
  free(text);
  return check(engine, error);
}

static int type_of(const char *symbol, const xp_symbol *elements, int nelements) {
  for (int e = 0; e < nelements; ++e)
    if (strcmp(symbol, elements[e]) == 0) return e + 1;
  return 0;
}

static xp_status create_box(xp_engine *engine, int nelements, xp_error *error) {
  const xp_structure *structure = engine->structure;
  const xp_frame *frame = &engine->frame;
  const double *o = frame->origin, *l = frame->length;
  xp_status status = command(engine, error, "clear");
  if (status == XP_OK) status = command(engine, error, "units metal");
  if (status == XP_OK) status = command(engine, error, "atom_style atomic");
  if (status == XP_OK) status = command(engine, error, "atom_modify map array");
  if (status == XP_OK)
    status = command(engine, error, "boundary %c %c %c", structure->periodic[0] ? 'p' : 'f',
                     structure->periodic[1] ? 'p' : 'f', structure->periodic[2] ? 'p' : 'f');
  if (status == XP_OK) status = command(engine, error, "box tilt large");
  if (status == XP_OK)
    status = command(engine, error, "region xpot prism %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g units box",
                     o[0], o[0] + l[0], o[1], o[1] + l[1], o[2], o[2] + l[2], frame->xy, frame->xz, frame->yz);
  if (status == XP_OK) status = command(engine, error, "create_box %d xpot", nelements);
  return status;
}

static xp_status create_atoms(xp_engine *engine, const xp_symbol *elements, int nelements, xp_error *error) {
  const xp_structure *structure = engine->structure;
  xp_status status = XP_OK;
  double(*positions)[3] = malloc((size_t)structure->natoms * sizeof *positions);
  int *types = malloc((size_t)structure->natoms * sizeof *types);
  atom_id *ids = malloc((size_t)structure->natoms * sizeof *ids);
  if (!positions || !types || !ids) {
    status = xp_error_memory(error, "the atoms of a LAMMPS box");
    goto end;
  }
  for (int i = 0; i < structure->natoms && status == XP_OK; ++i) {
    xp_frame_turn(&engine->frame, structure->positions[i], positions[i]);
    ids[i] = i + 1;
    types[i] = type_of(structure->symbols[i], elements, nelements);
    if (types[i] == 0)
      status = xp_error_at(error, (xp_place){structure->file, structure->line, 0},
                           "expected elements of the list given, found '%s' (atom %d)", structure->symbols[i], i + 1);
  }
  if (status != XP_OK) goto end;
  int created = lammps_create_atoms(engine->lammps, structure->natoms, ids, types, positions[0], NULL, NULL, 0);
  status = check(engine, error);
  if (status == XP_OK && created != structure->natoms)
    status = xp_error_at(error, (xp_place){structure->file, structure->line, 0},
                         "LAMMPS took %d of %d atoms into its box", created, structure->natoms);
end:
  free(positions);
  free(types);
  free(ids);
  return status;
}

static xp_status set_elements(xp_engine *engine, const xp_symbol *elements, int nelements, xp_error *error) {
  char names[COMMAND_SIZE] = "";
  xp_status status = XP_OK;
  for (int e = 0; e < nelements && status == XP_OK; ++e) {
    double mass = xp_atomic_mass(elements[e]);
    if (mass == 0.0) return xp_error_set(error, XP_ERROR_INPUT, "expected a chemical element, found '%s'", elements[e]);
    size_t used = strlen(names);
    snprintf(names + used, sizeof names - used, "%s%s", e ? " " : "", elements[e]);
    status = command(engine, error, "mass %d %.8g", e + 1, mass);
  }
  if (status == XP_OK) status = command(engine, error, "variable elements delete");
  if (status == XP_OK) status = command(engine, error, "variable elements string \"%s\"", names);
  return status;
}

/* Thermo output asks for them, so LAMMPS tallies them in the first and last step of each run. */
static xp_status add_computes(xp_engine *engine, xp_error *error) {
  xp_status status = command(engine, error, "compute xpot_virial all pressure NULL virial");
  if (status == XP_OK) status = command(engine, error, "compute xpot_energy all pe/atom");
  if (status == XP_OK) status = command(engine, error, "compute xpot_sum all reduce sum c_xpot_energy");
  if (status == XP_OK)
    status = command(engine, error, "thermo_style custom step temp pe vol c_xpot_sum c_xpot_virial[1]");
  return status;
}

xp_status xp_engine_start(xp_engine *engine, const xp_structure *structure, const xp_symbol *elements, int nelements,
                          const char *commands, xp_error *error) {
  xp_structure_free(engine->structure);
  engine->structure = NULL;
  xp_status status = xp_structure_copy(&engine->structure, structure, error);
  if (status != XP_OK) return status;
  engine->moved = false;
  xp_frame_set(&engine->frame, structure);
  status = create_box(engine, nelements, error);
  if (status == XP_OK) status = create_atoms(engine, elements, nelements, error);
  if (status == XP_OK) status = set_elements(engine, elements, nelements, error);
  if (status == XP_OK) status = xp_engine_command(engine, commands, error);
  if (status == XP_OK) status = add_computes(engine, error);
  return status;
}

xp_status xp_engine_run(xp_engine *engine, int nsteps, xp_error *error) {
  engine->moved |= nsteps > 0;
  return command(engine, error, "run %d post no", nsteps);
}

xp_status xp_engine_gather(xp_engine *engine, const char *name, int count, double *values, xp_error *error) {
  lammps_gather(engine->lammps, name, GATHER_DOUBLE, count, values);
  return check(engine, error);
}

double xp_engine_thermo(xp_engine *engine, const char *keyword) {
  return lammps_get_thermo(engine->lammps, keyword);
}

void xp_engine_turn_back(const xp_engine *engine, int n, double (*vectors)[3]) {
  for (int i = 0; i < n; ++i) {
    double from[3] = {vectors[i][0], vectors[i][1], vectors[i][2]};
    xp_frame_turn_back(&engine->frame, from, vectors[i]);
  }
}

static xp_status take_virial(xp_engine *engine, xp_structure *labelled, xp_error *error) {
  const double *pressure = lammps_extract_compute(engine->lammps, "xpot_virial", STYLE_GLOBAL, TYPE_VECTOR);
  const double *bar = lammps_extract_global(engine->lammps, "nktv2p");
  xp_status status = check(engine, error);
  if (status != XP_OK) return status;
  double virial[6], volume = xp_engine_thermo(engine, "vol");
  for (int k = 0; k < 6; ++k) virial[k] = pressure[k] * volume / *bar;
  xp_frame_turn_tensor_back(&engine->frame, virial, labelled->virial);
  labelled->has_virial = true;
  return XP_OK;
}

static xp_status take_atoms(xp_engine *engine, xp_structure *labelled, xp_error *error) {
  int n = labelled->natoms;
  if (!labelled->forces) labelled->forces = malloc((size_t)n * sizeof *labelled->forces);
  if (!labelled->local_energy) labelled->local_energy = malloc((size_t)n * sizeof *labelled->local_energy);
  if (!labelled->forces || !labelled->local_energy) return xp_error_memory(error, "labels");
  xp_status status = xp_engine_gather(engine, "f", 3, labelled->forces[0], error);
  if (status == XP_OK) status = xp_engine_gather(engine, "c_xpot_energy", 1, labelled->local_energy, error);
  xp_engine_turn_back(engine, n, labelled->forces);
  if (status != XP_OK || !engine->moved) return status;
  status = xp_engine_gather(engine, "x", 3, labelled->positions[0], error);
  xp_engine_turn_back(engine, n, labelled->positions);
  return status;
}

static bool same(double found, double expected) {
  return fabs(found - expected) <= CELL_TOLERANCE * fmax(1.0, fabs(expected));
}

/* Commands of the user may hold anything; labels are of the structure given. */
static xp_status check_unchanged(xp_engine *engine, xp_error *error) {
  const xp_frame *frame = &engine->frame;
  double low[3], high[3], xy, yz, xz, natoms = lammps_get_natoms(engine->lammps);
  int expected = engine->structure->natoms;
  if (natoms != (double)expected)
    return xp_error_set(error, XP_ERROR_RANGE,
                        "expected LAMMPS commands that leave the %d atoms of the structure alone, found %.0f atoms "
                        "afterwards",
                        expected, natoms);
  lammps_extract_box(engine->lammps, low, high, &xy, &yz, &xz, NULL, NULL);
  xp_status status = check(engine, error);
  if (status != XP_OK) return status;
  bool unchanged = same(xy, frame->xy) && same(yz, frame->yz) && same(xz, frame->xz);
  for (int d = 0; d < 3; ++d) unchanged &= same(high[d] - low[d], frame->length[d]);
  if (unchanged) return XP_OK;
  return xp_error_set(error, XP_ERROR_RANGE,
                      "expected LAMMPS commands that leave the cell of the structure alone, found another cell "
                      "afterwards; leave out fix npt, fix box/relax, change_box and the like");
}

xp_status xp_engine_label(xp_engine *engine, xp_structure **out, xp_error *error) {
  *out = NULL;
  xp_structure *labelled = NULL;
  xp_status status = check_unchanged(engine, error);
  if (status == XP_OK) status = xp_structure_copy(&labelled, engine->structure, error);
  if (status == XP_OK) status = take_atoms(engine, labelled, error);
  if (status == XP_OK) status = take_virial(engine, labelled, error);
  if (status != XP_OK) {
    xp_structure_free(labelled);
    return status;
  }
  labelled->has_energy = true;
  labelled->energy = xp_engine_thermo(engine, "pe");
  *out = labelled;
  return check(engine, error);
}
