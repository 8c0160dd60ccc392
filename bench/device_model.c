/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an atom and step of a potential take on a device by the kernel of lammps-plugin/device and, for ACE, by LAMMPS's pace/kk,
 * counted over the file, and how fast that can be at most. docs/performance-model.md explains the numbers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ace_device_work.h"
#include "device_limits.h"
#include "pace_kokkos_work.h"
#include "snap_device_work.h"

/* Parts of the limit that are likely: docs/performance-model.md says why. */
#define LIKELY_LOW 0.25
#define LIKELY_HIGH 0.6

#define NEIGHBOURS_DEFAULT 48.0
enum { NEIGHBOURS_MAX = 1000, LANES_MAX = 32 };

typedef struct options {
  const char *neighbours;   /* as given, or NULL */
  const char *structure;    /* file, or NULL */
  int lanes;                /* 0: as the plugin chooses */
  const char *const *files; /* of the potential */
  int nfiles;
} options;

static const char usage[] =
    "usage: bench-device-model [option ...] POTENTIAL [POTENTIAL2]\n"
    "  --neighbours N[,N...]   neighbours of an atom within the cutoff, of each element of the file, or of all "
    "together in\n"
    "                          equal parts (default 48)\n"
    "  --structure FILE.xyz    count them in the first structure of an extended XYZ file instead\n"
    "  --lanes L               atoms of a team in scratch memory, 1, 2, 4, 8, 16 or 32 (default: 4 where they fit,\n"
    "                          else 1, else 4 in a buffer, as the plugin does)\n"
    "POTENTIAL is a .yace or .ace file, or a .snapcoeff and a .snapparam. Prints for one atom and step: operations, "
    "bytes and\n"
    "atomic additions of each stage of the device kernel and of LAMMPS's pace/kk, memory of an atom in flight, and "
    "limits on\n"
    "A100, H100 and MI300A.\n"
    "All numbers are counted or published, none is measured.\n";

typedef struct model {
  xp_potential *potential;
  xp_plan *plan;
  xp_ace_image *ace; /* this or snap, as the potential is */
  xp_snap_image *snap;
  xp_device_neighbours neighbours;
} model;

static xp_status compile(model *m, xp_error *error) {
  int count = xp_potential_nelements(m->potential);
  const char **elements = malloc((size_t)count * sizeof *elements);
  if (!elements) return xp_error_memory(error, "elements");
  for (int i = 0; i < count; ++i) elements[i] = xp_potential_element(m->potential, i);
  xp_status status = xp_plan_new(&m->plan, m->potential, elements, count, XP_PRECISION_DOUBLE, error);
  free(elements);
  if (status != XP_OK) return status;
  if (m->potential->kind == XP_KIND_ACE) return xp_ace_image_new(&m->ace, m->plan, error);
  return xp_snap_image_new(&m->snap, m->plan, error);
}

/* Neighbours of each element from N or N,N,... */
static xp_status parse_neighbours(const char *text, int nelements, double *given, xp_error *error) {
  int count = 0;
  for (const char *at = text; count < nelements; ++at) {
    char *end;
    given[count] = strtod(at, &end);
    if (end == at || !(given[count] >= 0.0 && given[count] <= NEIGHBOURS_MAX) || (*end != ',' && *end != '\0')) break;
    at = end;
    ++count;
    if (*end != '\0') continue;
    if (count == nelements) return XP_OK;
    if (count > 1) break;
    for (int j = nelements - 1; j >= 0; --j) given[j] = given[0] / nelements;
    return XP_OK;
  }
  return xp_error_set(error, XP_ERROR_INPUT,
                      "--neighbours: expected one number, or %d separated by commas, from 0 to %d, found '%s'",
                      nelements, (int)NEIGHBOURS_MAX, text);
}

static xp_status find_neighbours(model *m, const options *o, xp_error *error) {
  if (o->structure) return xp_device_neighbours_counted(&m->neighbours, m->plan, o->structure, XP_DEVICE_TILE, error);
  int n = xp_plan_nelements(m->plan);
  double *given = malloc((size_t)n * sizeof *given);
  if (!given) return xp_error_memory(error, "numbers of neighbours");
  for (int j = 0; j < n; ++j) given[j] = NEIGHBOURS_DEFAULT / n;
  xp_status status = o->neighbours ? parse_neighbours(o->neighbours, n, given, error) : XP_OK;
  if (status == XP_OK) status = xp_device_neighbours_given(&m->neighbours, m->plan, given, XP_DEVICE_TILE, error);
  free(given);
  return status;
}

static xp_status open_model(model *m, const options *o, xp_error *error) {
  xp_status status = xp_potential_read(&m->potential, o->files, o->nfiles, error);
  if (status == XP_OK) status = compile(m, error);
  if (status == XP_OK) status = find_neighbours(m, o, error);
  return status;
}

static void close_model(model *m) {
  xp_device_neighbours_clear(&m->neighbours);
  xp_ace_image_free(m->ace);
  xp_snap_image_free(m->snap);
  xp_plan_free(m->plan);
  xp_potential_free(m->potential);
}

static const char *precision_name(xp_precision precision) {
  return precision == XP_PRECISION_MIXED ? "mixed" : "double";
}

static xp_device_team team_of(xp_precision precision, int lanes) {
  return (xp_device_team){precision, lanes, XP_DEVICE_THREADS / lanes};
}

static size_t atom_bytes(const model *m, const xp_device_team *team) {
  xp_device_layout layout =
      m->ace ? xp_ace_device_layout(m->ace, team->workers) : xp_snap_device_layout(m->snap, team->workers);
  return xp_device_layout_bytes(&layout, team->precision);
}

static void count_kernel(xp_device_cost *cost, const model *m, const xp_device_team *team) {
  if (m->ace)
    xp_ace_device_count(cost, m->ace, &m->neighbours, team);
  else
    xp_snap_device_count(cost, m->snap, &m->neighbours, team);
}

static void print_neighbours(const model *m) {
  const xp_device_neighbours *n = &m->neighbours;
  for (int i = 0; i < n->nelements; ++i) {
    printf("neighbours of %s (%.0f %% of the atoms):", xp_plan_element(m->plan, i), 100.0 * n->share[i]);
    for (int j = 0; j < n->nelements; ++j)
      printf(" %s %.1f", xp_plan_element(m->plan, j), n->within[i * n->nelements + j]);
    printf("; in LAMMPS's list with a skin of %.1f Angstrom %.1f\n", XP_DEVICE_SKIN, n->candidates[i]);
  }
}

static void print_work(const xp_device_work *w) {
  printf("%-30s %10.0f %10.0f %9.1f %9.1f %9.1f %9.2f %9.0f\n", w->stage, w->operations, w->exact, w->scratch * 1e-3,
         w->requests * 1e-3, w->l2 * 1e-3, w->dram * 1e-3, w->atomics);
}

static void print_cost(const xp_device_cost *cost) {
  printf("%-30s %10s %10s %9s %9s %9s %9s %9s\n", "", "operations", "in double", "scratch", "L1", "L2", "DRAM",
         "atomics");
  printf("%-30s %10s %10s %9s %9s %9s %9s %9s\n", "", "", "always", "kB", "kB", "kB", "kB", "");
  for (int s = 0; s < cost->nstages; ++s) print_work(&cost->stages[s]);
  xp_device_work total = xp_device_cost_total(cost);
  print_work(&total);
}

static void print_kernel(const model *m, const xp_device_team *team) {
  xp_device_cost cost;
  count_kernel(&cost, m, team);
  printf("\nxpotace, %s precision, teams of %d atoms and %d workers, tiles of %d neighbours, one atom and step:\n",
         precision_name(team->precision), team->lanes, team->workers, (int)XP_DEVICE_TILE);
  print_cost(&cost);
}

static bool fits(const model *m, const xp_device_team *team, size_t scratch) {
  return atom_bytes(m, team) * (size_t)team->lanes + XP_DEVICE_RESERVE <= scratch;
}

/* Most atoms of a team in scratch memory, a power of two. */
static int lanes_that_fit(const model *m, xp_precision precision, size_t scratch) {
  int lanes = LANES_MAX;
  for (; lanes > 0; lanes /= 2) {
    xp_device_team team = team_of(precision, lanes);
    if (fits(m, &team, scratch)) break;
  }
  return lanes;
}

static void print_memory(const model *m) {
  printf("\nmemory of an atom in flight, and atoms of a team that fit the scratch memory it can have:\n");
  for (int p = XP_PRECISION_DOUBLE; p <= XP_PRECISION_MIXED; ++p) {
    xp_device_team team = team_of((xp_precision)p, XP_DEVICE_WIDE);
    printf("%s %zu bytes;", precision_name(team.precision), atom_bytes(m, &team));
    for (int d = 0; d < XP_DEVICES; ++d)
      printf(" %s (%zu kB) %d", xp_devices[d].name, xp_devices[d].team_scratch >> 10,
             lanes_that_fit(m, team.precision, xp_devices[d].team_scratch));
    printf("\n");
  }
}

static void print_pace_memory(const xp_pace_kokkos_facts *facts) {
  double all = facts->product_bytes + facts->base_bytes + facts->neighbour_bytes;
  printf(
      "%.0f functions, %.0f terms; an atom's products %.3f MB, base %.3f MB, neighbours %.3f MB; a chunk of %d atoms "
      "%.1f GB\n",
      facts->functions, facts->terms, facts->product_bytes * 1e-6, facts->base_bytes * 1e-6,
      facts->neighbour_bytes * 1e-6, XP_PACE_KOKKOS_CHUNK, all * XP_PACE_KOKKOS_CHUNK * 1e-9);
}

static void print_limits_head(void) {
  printf("\nlimits: microseconds an atom that each resource needs at its highest rate; millions of atoms and steps a "
         "second:\n");
  printf("%-15s %-8s %-17s", "", "", "atoms");
  for (int r = 0; r < XP_DEVICE_RESOURCES; ++r) printf(" %10s", xp_device_resource_names[r]);
  printf(" %8s  %-10s %s\n", "limit", "bound by", "likely");
}

static void print_limit(const xp_device *device, const char *kernel, const char *atoms, const xp_device_times *times) {
  double limit = 1e-6 / times->seconds[times->bound];
  printf("%-15s %-8s %-17s", device->name, kernel, atoms);
  for (int r = 0; r < XP_DEVICE_RESOURCES; ++r) printf(" %10.4f", times->seconds[r] * 1e6);
  printf(" %8.2f  %-10s %.2f to %.2f\n", limit, xp_device_resource_names[times->bound], LIKELY_LOW * limit,
         LIKELY_HIGH * limit);
}

/* The team that the plugin would run (team_engine.h), or the one asked for where it fits. */
static xp_device_times limit_of(const model *m, const xp_device *device, xp_precision precision, int wanted,
                                char *atoms, size_t size) {
  xp_device_team team = team_of(precision, wanted ? wanted : XP_DEVICE_WIDE);
  if (!wanted && !fits(m, &team, device->team_scratch)) team = team_of(precision, XP_DEVICE_NARROW);
  bool buffer = !fits(m, &team, device->team_scratch);
  if (buffer) team = team_of(precision, XP_DEVICE_WIDE);
  size_t bytes = atom_bytes(m, &team) * (size_t)team.lanes;
  double count = xp_device_atoms(device, team.lanes, XP_DEVICE_THREADS, buffer ? 0 : bytes);
  xp_device_memory memory = {precision == XP_PRECISION_MIXED, buffer, count * (double)bytes / team.lanes};
  xp_device_cost cost;
  count_kernel(&cost, m, &team);
  xp_device_work total = xp_device_cost_total(&cost);
  snprintf(atoms, size, "%d%s, %.0f", team.lanes, buffer ? " buffer" : "", count);
  return xp_device_limit(device, &total, &memory);
}

static void print_pace_limit(const xp_device *device, const xp_device_work *pace) {
  const xp_device_memory memory = {0};
  xp_device_times times = xp_device_limit(device, pace, &memory);
  char atoms[20];
  snprintf(atoms, sizeof atoms, "%d", XP_PACE_KOKKOS_CHUNK);
  print_limit(device, "pace/kk", atoms, &times);
}

/* pace: or NULL. */
static void print_limits(const model *m, const options *o, const xp_device_work *pace) {
  print_limits_head();
  for (int d = 0; d < XP_DEVICES; ++d) {
    char atoms[40];
    for (int p = XP_PRECISION_DOUBLE; p <= XP_PRECISION_MIXED; ++p) {
      xp_device_times times = limit_of(m, &xp_devices[d], (xp_precision)p, o->lanes, atoms, sizeof atoms);
      print_limit(&xp_devices[d], precision_name((xp_precision)p), atoms, &times);
    }
    if (pace) print_pace_limit(&xp_devices[d], pace);
  }
}

static xp_status print_pace(const model *m, xp_device_work *total, xp_error *error) {
  xp_device_cost pace;
  xp_pace_kokkos_facts facts;
  xp_status status = xp_pace_kokkos_count(&pace, &facts, m->potential->ace, &m->neighbours, error);
  if (status != XP_OK) return status;
  printf("\npace/kk, double precision, one atom and step:\n");
  print_cost(&pace);
  print_pace_memory(&facts);
  *total = xp_device_cost_total(&pace);
  return XP_OK;
}

static xp_status print_model(const model *m, const options *o, xp_error *error) {
  xp_device_work pace;
  print_neighbours(m);
  for (int p = XP_PRECISION_DOUBLE; p <= XP_PRECISION_MIXED; ++p) {
    xp_device_team team = team_of((xp_precision)p, o->lanes ? o->lanes : XP_DEVICE_WIDE);
    print_kernel(m, &team);
  }
  print_memory(m);
  xp_status status = m->ace ? print_pace(m, &pace, error) : XP_OK;
  if (status == XP_OK) print_limits(m, o, m->ace ? &pace : NULL);
  return status;
}

static bool parse_lanes(const char *text, int *lanes) {
  char *end;
  long value = strtol(text, &end, 10);
  *lanes = (int)value;
  return end != text && *end == '\0' && value >= 1 && value <= LANES_MAX && (value & (value - 1)) == 0;
}

static bool set_option(options *o, const char *name, const char *value) {
  if (strcmp(name, "--lanes") == 0) return parse_lanes(value, &o->lanes);
  if (strcmp(name, "--neighbours") == 0) return o->neighbours = value, true;
  if (strcmp(name, "--structure") == 0) return o->structure = value, true;
  return false;
}

static bool parse(options *o, int argc, char **argv) {
  int a = 1;
  for (; a < argc && strncmp(argv[a], "--", 2) == 0; a += 2) {
    if (a + 1 < argc && set_option(o, argv[a], argv[a + 1])) continue;
    fprintf(stderr, "%s is no option of this command or lacks a value that it takes\n%s", argv[a], usage);
    return false;
  }
  o->files = (const char *const *)argv + a;
  o->nfiles = argc - a;
  bool good = o->nfiles >= 1 && o->nfiles <= XP_POTENTIAL_FILES;
  if (!good) fputs(usage, stderr);
  return good;
}

int main(int argc, char **argv) {
  options o = {0};
  model m = {0};
  xp_error error = {0};
  if (argc == 2 && strcmp(argv[1], "--help") == 0) return fputs(usage, stdout), EXIT_SUCCESS;
  if (!parse(&o, argc, argv)) return EXIT_FAILURE;
  xp_status status = open_model(&m, &o, &error);
  if (status == XP_OK) status = print_model(&m, &o, &error);
  close_model(&m);
  if (status != XP_OK) fprintf(stderr, "%s\n", error.message);
  return status == XP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
