/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The CPU kernel alone, on one core: microseconds an atom for every structure of a file, and how much of the core's peak
 * that is. Neighbour lists are not timed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "peak.h"
#include "xpot/extxyz.h"
#include "xpot/neighbour.h"
#include "xpot/potential.h"

#define PEAK_SECONDS 0.1
#define PEAK_ROUNDS 100000

typedef struct options {
  int level;
  xp_precision precision;
  double budget; /* seconds for all structures */
  int first;     /* of the arguments that are no options */
} options;

typedef struct bench {
  const xp_plan *plan;
  xp_workspace *workspace;
  double budget; /* seconds a structure */
} bench;

static const char usage[] =
    "usage: bench-evaluate [option ...] STRUCTURES.xyz POTENTIAL [POTENTIAL2]\n"
    "  --precision double|mixed  arithmetic (default double)\n"
    "  --level 1|2|3|4           highest level of x86-64 that is used: base, SSE4.2, AVX2, AVX-512 (default: what "
    "there is)\n"
    "  --seconds S               time for all structures (default 10); the best evaluation of each counts\n"
    "Prints for each structure atoms, neighbours within the cutoff, microseconds an atom and, where the potential's "
    "plan\n"
    "counts its operations (xpot-opt info), GFLOP/s and the part of the peak that chains of multiply-adds reach in "
    "the\n"
    "same precision, level and run.\n";

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Operations a second of the multiply-add chains, the best of several short runs. */
static double measure_peak(xp_precision precision) {
  double best = 0.0, end = seconds() + PEAK_SECONDS;
  while (seconds() < end) {
    double start = seconds();
    double operations = XP_KERNEL_SELECT(xp_peak_run, precision)(PEAK_ROUNDS);
    best = fmax(best, operations / (seconds() - start));
  }
  return best;
}

static int species_of(const xp_plan *plan, const char *symbol) {
  for (int s = 0; s < xp_plan_nelements(plan); ++s)
    if (strcmp(xp_plan_element(plan, s), symbol) == 0) return s;
  return -1;
}

/* Best time of one evaluation in seconds; NAN with an error set. */
static double best_time(const bench *b, const xp_neighbourhoods *view, xp_error *error) {
  double best = INFINITY, end = seconds() + b->budget;
  double *energy = malloc(((size_t)view->natoms + 1) * sizeof *energy);
  double(*gradient)[3] = malloc((view->first[view->natoms] + 1) * sizeof *gradient);
  xp_evaluation out = {energy, gradient, NULL};
  if (!energy || !gradient) xp_error_memory(error, "results");
  while (error->status == XP_OK && (seconds() < end || isinf(best))) {
    double start = seconds();
    xp_evaluate(b->plan, b->workspace, view, &out, error);
    best = fmin(best, seconds() - start);
  }
  free(energy);
  free(gradient);
  return error->status == XP_OK ? best : NAN;
}

/* Neighbours that are evaluated: those within the cutoff of their pair. */
static double count_neighbours(const xp_plan *plan, const xp_neighbourhoods *view, int i) {
  double count = 0.0;
  for (size_t j = view->first[i]; j < view->first[i + 1]; ++j) {
    const double *d = view->displacements[j];
    double cutoff = xp_plan_cutoff(plan, view->species[i], view->neighbour_species[j]);
    count += d[0] * d[0] + d[1] * d[1] + d[2] * d[2] < cutoff * cutoff;
  }
  return count;
}

static void print_result(const bench *b, const xp_neighbourhoods *view, double time, double peak) {
  double neighbours = 0.0, operations = 0.0;
  for (int i = 0; i < view->natoms; ++i) {
    xp_plan_facts facts = xp_plan_describe(b->plan, view->species[i]);
    double near = count_neighbours(b->plan, view, i);
    neighbours += near;
    operations += facts.methods[0].operations + facts.fixed_operations + near * facts.neighbour_operations;
  }
  printf("%d atoms, %.1f neighbours: %.2f microseconds an atom", view->natoms, neighbours / view->natoms,
         time / view->natoms * 1e6);
  if (operations > 0.0)
    printf(", %.0f operations an atom, %.1f GFLOP/s, %.1f %% of the peak", operations / view->natoms,
           operations / time * 1e-9, 100.0 * operations / time / peak);
  printf("\n");
}

static xp_status time_structure(const bench *b, const xp_structure *structure, xp_error *error) {
  xp_neighbour_list *list = NULL;
  int *species = malloc((size_t)structure->natoms * sizeof *species);
  if (!species) return xp_error_memory(error, "species");
  for (int i = 0; i < structure->natoms; ++i) species[i] = species_of(b->plan, structure->symbols[i]);
  xp_status status = xp_neighbour_list_new(&list, structure, species, xp_plan_cutoff_max(b->plan), error);
  if (status == XP_OK) {
    xp_precision precision = xp_plan_precision(b->plan);
    xp_neighbourhoods view = xp_neighbour_list_view(list);
    double peak = measure_peak(precision), best = best_time(b, &view, error);
    status = error->status;
    if (status == XP_OK) print_result(b, &view, best, fmax(peak, measure_peak(precision)));
  }
  xp_neighbour_list_free(list);
  free(species);
  return status;
}

/* A plan for all elements of a potential. */
static xp_status compile(xp_plan **plan, const xp_potential *potential, xp_precision precision, xp_error *error) {
  int count = xp_potential_nelements(potential);
  const char **elements = malloc((size_t)count * sizeof *elements);
  if (!elements) return xp_error_memory(error, "elements");
  for (int i = 0; i < count; ++i) elements[i] = xp_potential_element(potential, i);
  xp_status status = xp_plan_new(plan, potential, elements, count, precision, error);
  free(elements);
  return status;
}

static xp_status time_dataset(const options *o, const xp_dataset *dataset, const xp_potential *potential,
                              xp_error *error) {
  xp_plan *plan = NULL;
  xp_workspace *workspace = NULL;
  double start = seconds();
  xp_status status = compile(&plan, potential, o->precision, error);
  double compiled = seconds() - start;
  if (status == XP_OK)
    printf("level %d, %s precision, peak %.1f GFLOP/s, potential compiled in %.3f s\n", xp_kernel_level(),
           o->precision == XP_PRECISION_MIXED ? "mixed" : "double", measure_peak(o->precision) * 1e-9, compiled);
  if (status == XP_OK) status = xp_workspace_new(&workspace, plan, error);
  bench b = {plan, workspace, o->budget / dataset->nstructures};
  for (int s = 0; status == XP_OK && s < dataset->nstructures; ++s)
    status = time_structure(&b, dataset->structures[s], error);
  xp_workspace_free(workspace);
  xp_plan_free(plan);
  return status;
}

static bool set_option(options *o, const char *name, const char *value) {
  char *end;
  double number = strtod(value, &end);
  bool good = end != value && *end == '\0';
  if (strcmp(name, "--level") == 0) {
    o->level = (int)number;
    return good && (number >= XP_KERNEL_BASE && number <= XP_KERNEL_V4);
  }
  if (strcmp(name, "--seconds") == 0) {
    o->budget = number;
    return good && number > 0.0 && isfinite(number);
  }
  if (strcmp(name, "--precision") != 0) return false;
  o->precision = strcmp(value, "mixed") == 0 ? XP_PRECISION_MIXED : XP_PRECISION_DOUBLE;
  return o->precision == XP_PRECISION_MIXED || strcmp(value, "double") == 0;
}

static bool parse(options *o, int argc, char **argv) {
  for (o->first = 1; o->first < argc && strncmp(argv[o->first], "--", 2) == 0; o->first += 2) {
    if (o->first + 1 < argc && set_option(o, argv[o->first], argv[o->first + 1])) continue;
    fprintf(stderr, "%s is no option of this command or lacks a value that it takes\n%s", argv[o->first], usage);
    return false;
  }
  if (argc - o->first < 2) fputs(usage, stderr);
  return argc - o->first >= 2;
}

int main(int argc, char **argv) {
  options o = {XP_KERNEL_V4, XP_PRECISION_DOUBLE, 10.0, 1};
  xp_error error = {0};
  xp_potential *potential = NULL;
  xp_dataset *dataset = NULL;
  if (!parse(&o, argc, argv)) return EXIT_FAILURE;
  xp_kernel_limit(o.level);
  xp_status status = xp_extxyz_read(&dataset, argv[o.first], NULL, &error);
  if (status == XP_OK)
    status = xp_potential_read(&potential, (const char *const *)argv + o.first + 1, argc - o.first - 1, &error);
  if (status == XP_OK) status = time_dataset(&o, dataset, potential, &error);
  xp_potential_free(potential);
  xp_dataset_free(dataset);
  if (status != XP_OK) fprintf(stderr, "%s\n", error.message);
  return status == XP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
