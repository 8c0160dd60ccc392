/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "cli/external_study.h"
#include "cli/flags.h"
#include "cli/study.h"

static const xp_flag flags[] = {XP_FLAG_THREADS, {0}};

static void print_data(const char *role, const xp_data *data) {
  printf("%s: %s\n  %d structures, %d atoms; with energy %d, forces %d, virial %d\n", role, data->path,
         data->set->nstructures, data->natoms, data->nenergies, data->nforces, data->nvirials);
  for (int g = 0; g < data->ngroups; ++g) {
    int structures = 0, atoms = 0;
    for (int s = 0; s < data->set->nstructures; ++s)
      if (data->group[s] == g) {
        ++structures;
        atoms += data->set->structures[s]->natoms;
      }
    printf("    %-24s %6d structures %8d atoms\n", data->groups[g][0] ? data->groups[g] : "(no config_type)",
           structures, atoms);
  }
}

static void print_conditions(const xp_range *range) {
  for (int c = 0; c < range->nconditions; ++c) {
    const xp_condition *condition = &range->conditions[c];
    printf("%s %s ", c ? " and" : "; with", condition->name);
    for (int v = 0; v < condition->nvalues; ++v) printf(v ? " or %s" : "%s", condition->texts[v]);
  }
}

static void print_space(const xp_config *config) {
  printf("search space: %d dimensions\n", xp_space_count(config->space));
  for (int d = 0; d < xp_space_count(config->space); ++d) {
    const xp_range *range = xp_space_range(config->space, d);
    printf("    %-32s ", range->name);
    for (int c = 0; c < range->nchoices; ++c) printf(c ? ", %s" : "%s", range->choices[c]);
    if (!range->choices)
      printf("%g to %g%s%s", range->low, range->high, range->kind == XP_RANGE_INTEGER ? ", whole" : "",
             range->logarithmic ? ", log" : "");
    if (range->kind == XP_RANGE_ORDERED) printf(", in this order");
    print_conditions(range);
    printf("\n");
  }
}

/* The choice with the largest number; words have none. */
static int largest_choice(const xp_range *range) {
  int largest = 0;
  for (int c = 1; c < range->nchoices; ++c)
    if (strtod(range->choices[c], NULL) > strtod(range->choices[largest], NULL)) largest = c;
  return largest;
}

/* The dearest corner of the space: every range at its high end, every choice of numbers at its largest, and of words the one
 * that makes the larger model. */
static double *dearest(const xp_config *config) {
  int n = xp_space_count(config->space);
  double *values = calloc((size_t)n + 1, sizeof *values);
  const xp_parameter *words[] = {&config->kind, &config->chemflag};
  for (int d = 0; d < n && values; ++d) {
    const xp_range *range = xp_space_range(config->space, d);
    values[d] = range->choices ? largest_choice(range) : range->high;
  }
  for (size_t p = 0; p < sizeof words / sizeof *words && values; ++p)
    for (int c = 0; c < words[p]->nchoices; ++c) {
      double *value = &values[words[p]->dimension];
      if (words[p]->choices[c] > words[p]->choices[(int)*value]) *value = c;
    }
  return values;
}

static void print_snap_size(const xp_study *study, const xp_design_size *size) {
  printf("fit%s: %d columns; rows: %ld energy, %ld force, %ld virial; about %.2f GB with %d threads\n",
         xp_space_count(study->config->space) ? " (largest of the space)" : "", size->columns,
         size->rows[XP_ROW_ENERGY], size->rows[XP_ROW_FORCE], size->rows[XP_ROW_VIRIAL], size->bytes * 1e-9,
         study->threads);
  long rows = size->rows[0] + size->rows[1] + size->rows[2];
  if (rows < size->columns)
    printf("note: there are more columns than rows; the solution of least norm will be taken\n");
}

static void print_ace_size(const xp_study *study, const xp_ace_size *size) {
  printf("fit%s: %d functions, %d coefficients, %d radial coefficients; about %.2f GB with %d threads\n",
         xp_space_count(study->config->space) ? " (largest of the space)" : "", size->functions, size->coefficients,
         size->radial, size->bytes * 1e-9, study->threads);
}

static xp_status print_size(xp_study *study, xp_error *error) {
  double *values = dearest(study->config);
  if (!values) return xp_error_memory(error, "the search space");
  xp_fit_size size;
  xp_status status = xp_fitter_measure(study->fitter, values, &size, error);
  free(values);
  if (status != XP_OK) return status;
  if (size.kind == XP_FIT_ACE)
    print_ace_size(study, &size.ace);
  else
    print_snap_size(study, &size.snap);
  return XP_OK;
}

static xp_status run(const xp_call *call, xp_error *error) {
  xp_study study;
  xp_status status = xp_study_open(&study, call, error);
  if (status != XP_OK) return status;
  if (study.train) print_data("train", study.train);
  if (study.judged && study.judged != study.train) print_data("validate", study.judged);
  print_space(study.config);
  if (study.external)
    xp_external_print_check(&study);
  else
    status = print_size(&study, error);
  if (status == XP_OK) {
    xp_study_warn(&study);
    if (!study.judged && !study.external) printf("note: no validation data; fit works without, search does not\n");
    printf("the input is good; output goes to %s\n", study.config->output);
  }
  xp_study_close(&study);
  return status;
}

const xp_command xp_command_check = {.name = "check",
                                     .arguments = "INPUT ",
                                     .summary = "check an input file and its data, and say how large a fit is",
                                     .input_help = true,
                                     .least = 1,
                                     .most = 1,
                                     .flags = flags,
                                     .run = run};
