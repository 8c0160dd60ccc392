/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an extrapolation grade costs beside energies and forces, on one core, in one run: medians over rounds in which all
 * are timed in turn. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "xpot/extxyz.h"
#include "xpot/grade.h"

static const char usage[] = "usage: bench-grade STRUCTURES.xyz ACTIVE.asi POTENTIAL [POTENTIAL2]\n"
                            "Microseconds an atom of energies and forces, of the descriptors, and of the grade "
                            "(descriptors included), for the first\n"
                            "structure of the file, in calls of 64 atoms as pair_style xpotace makes them; and what "
                            "grades every 10 steps add.\n";

enum { ROUNDS = 101, ATOMS = 64, EVERY = 10 };

typedef struct bench {
  const char **elements;
  int nelements;
  xp_potential *potential;
  xp_active_set *set;
  xp_plan *plan;
  xp_workspace *workspace;
  xp_descriptors *descriptors;
  xp_descriptors_scratch *scratch;
  xp_grade *grade;
  xp_grade_scratch *grade_scratch;
  xp_neighbour_list *list;
  double *numbers;       /* rows of a call, energies, grades */
  double (*gradient)[3]; /* of a call */
  size_t stride;
} bench;

typedef xp_status (*work)(bench *b, const xp_neighbourhoods *part, xp_error *error);

static xp_status energies(bench *b, const xp_neighbourhoods *part, xp_error *error) {
  const xp_evaluation out = {b->numbers, b->gradient, NULL};
  return xp_evaluate(b->plan, b->workspace, part, &out, error);
}

static xp_status describe(bench *b, const xp_neighbourhoods *part, xp_error *error) {
  return xp_descriptors_evaluate(b->descriptors, b->scratch, part, b->numbers, b->stride, error);
}

static xp_status grades(bench *b, const xp_neighbourhoods *part, xp_error *error) {
  return xp_grade_evaluate(b->grade, b->grade_scratch, part, b->numbers, error);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Some atoms of a list, numbered from their first neighbour. */
static xp_neighbourhoods part_of(const xp_neighbour_list *list, int begin, size_t first[ATOMS + 1]) {
  int natoms = list->natoms - begin < ATOMS ? list->natoms - begin : ATOMS;
  size_t start = list->first[begin];
  for (int a = 0; a <= natoms; ++a) first[a] = list->first[begin + a] - start;
  return (xp_neighbourhoods){natoms, list->species + begin, first, list->neighbour_species + start,
                             (const double(*)[3])list->displacements + start};
}

/* Microseconds an atom of one pass. */
static double pass(bench *b, work what, xp_error *error) {
  size_t first[ATOMS + 1];
  double start = seconds();
  for (int begin = 0; begin < b->list->natoms && error->status == XP_OK; begin += ATOMS) {
    const xp_neighbourhoods part = part_of(b->list, begin, first);
    what(b, &part, error);
  }
  return 1e6 * (seconds() - start) / b->list->natoms;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static xp_status measure(bench *b, xp_error *error) {
  static const work works[] = {energies, describe, grades};
  static double times[3][ROUNDS];
  for (int round = 0; round < ROUNDS && error->status == XP_OK; ++round)
    for (int w = 0; w < 3; ++w) times[w][round] = pass(b, works[w], error);
  if (error->status != XP_OK) return error->status;
  for (int w = 0; w < 3; ++w) qsort(times[w], ROUNDS, sizeof(double), compare);
  double step = times[0][ROUNDS / 2], described = times[1][ROUNDS / 2], graded = times[2][ROUNDS / 2];
  printf("%s form, %d descriptors: energies and forces %.2f, descriptors %.2f, grade %.2f microseconds an atom; grades "
         "every %d "
         "steps add %.1f %%\n",
         xp_grade_form_of(b->grade) == XP_GRADE_FULL ? "full" : "linear", xp_grade_count(b->grade, 0), step, described,
         graded, EVERY, 100.0 * graded / step / EVERY);
  return XP_OK;
}

static xp_status list_neighbours(bench *b, const xp_structure *structure, xp_error *error) {
  int *species = calloc((size_t)structure->natoms, sizeof *species);
  if (!species) return xp_error_memory(error, "species");
  for (int a = 0; a < structure->natoms; ++a)
    for (int e = 0; e < b->nelements; ++e)
      if (strcmp(structure->symbols[a], b->elements[e]) == 0) species[a] = e;
  xp_status status = xp_neighbour_list_new(&b->list, structure, species, xp_plan_cutoff_max(b->plan), error);
  free(species);
  if (status) return status;
  for (int e = 0; e < b->nelements; ++e)
    if ((size_t)xp_grade_count(b->grade, e) > b->stride) b->stride = (size_t)xp_grade_count(b->grade, e);
  b->numbers = malloc(ATOMS * (b->stride + 1) * sizeof *b->numbers);
  b->gradient = malloc((b->list->first[b->list->natoms] + 1) * sizeof *b->gradient);
  return b->numbers && b->gradient ? XP_OK : xp_error_memory(error, "results");
}

static xp_status compile(bench *b, xp_error *error) {
  b->nelements = xp_potential_nelements(b->potential);
  b->elements = malloc((size_t)b->nelements * sizeof *b->elements);
  if (!b->elements) return xp_error_memory(error, "elements");
  for (int e = 0; e < b->nelements; ++e) b->elements[e] = xp_potential_element(b->potential, e);
  xp_status status = xp_plan_new(&b->plan, b->potential, b->elements, b->nelements, XP_PRECISION_DOUBLE, error);
  if (!status) status = xp_workspace_new(&b->workspace, b->plan, error);
  if (!status) status = xp_grade_new(&b->grade, b->potential, b->set, b->elements, b->nelements, error);
  if (!status) status = xp_grade_scratch_new(&b->grade_scratch, b->grade, error);
  if (!status)
    status =
        xp_descriptors_new(&b->descriptors, b->potential, xp_grade_form_of(b->grade), b->elements, b->nelements, error);
  if (!status) status = xp_descriptors_scratch_new(&b->scratch, b->descriptors, error);
  return status;
}

static void clear(bench *b) {
  xp_neighbour_list_free(b->list);
  xp_descriptors_scratch_free(b->scratch);
  xp_descriptors_free(b->descriptors);
  xp_grade_scratch_free(b->grade_scratch);
  xp_grade_free(b->grade);
  xp_workspace_free(b->workspace);
  xp_plan_free(b->plan);
  xp_active_set_free(b->set);
  xp_potential_free(b->potential);
  free(b->elements);
  free(b->numbers);
  free(b->gradient);
}

int main(int argc, char **argv) {
  bench b = {0};
  xp_error error = {0};
  xp_dataset *dataset = NULL;
  xp_bytes active = {0};
  if (argc < 4 || argv[1][0] == '-') {
    fputs(usage, argc > 1 && strcmp(argv[1], "--help") == 0 ? stdout : stderr);
    return argc > 1 && strcmp(argv[1], "--help") == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  xp_status status = xp_extxyz_read(&dataset, argv[1], NULL, &error);
  if (!status) status = xp_bytes_read(&active, argv[2], &error);
  if (!status) status = xp_active_set_parse(&b.set, &active, &error);
  if (!status) status = xp_potential_read(&b.potential, (const char *const *)argv + 3, argc - 3, &error);
  if (!status) status = compile(&b, &error);
  if (!status) status = list_neighbours(&b, dataset->structures[0], &error);
  if (!status) status = measure(&b, &error);
  clear(&b);
  xp_bytes_free(&active);
  xp_dataset_free(dataset);
  if (status != XP_OK) fprintf(stderr, "%s\n", error.message);
  return status == XP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
