/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "active/grades.h"

#include <stdlib.h>
#include <string.h>

#include "active/environments.h"

void xp_grades_clear(xp_grades *grades) {
  for (int s = 0; grades->gamma && s < grades->nstructures; ++s) free(grades->gamma[s]);
  free(grades->gamma);
  *grades = (xp_grades){0};
}

int xp_grades_worst(const xp_grades *grades, const xp_data *data, int structure) {
  const double *gamma = grades->gamma[structure];
  int worst = 0;
  for (int atom = 1; atom < data->set->structures[structure]->natoms; ++atom)
    if (!(gamma[atom] <= gamma[worst])) worst = atom;
  return worst;
}

static xp_status grade_structure(const xp_grades_request *request, xp_grade_scratch *scratch,
                                 const xp_structure *structure, double *gamma, xp_error *error) {
  xp_neighbour_list *list = NULL;
  int *species = calloc((size_t)structure->natoms, sizeof *species);
  if (!species) return xp_error_memory(error, "the grades");
  xp_status status = xp_data_known_species(species, structure, request->elements, request->nelements, error);
  if (status == XP_OK)
    status = xp_neighbour_list_new(&list, structure, species, xp_grade_cutoff(request->grade), error);
  if (status == XP_OK) {
    xp_neighbourhoods view = xp_neighbour_list_view(list);
    status = xp_grade_evaluate(request->grade, scratch, &view, gamma, error);
  }
  xp_neighbour_list_free(list);
  free(species);
  return status;
}

static xp_status reserve(xp_grades *grades, const xp_data *data, xp_error *error) {
  grades->nstructures = data->set->nstructures;
  grades->gamma = calloc((size_t)grades->nstructures, sizeof *grades->gamma);
  bool ok = grades->gamma != NULL;
  for (int s = 0; s < grades->nstructures && ok; ++s) {
    grades->gamma[s] = calloc((size_t)data->set->structures[s]->natoms, sizeof **grades->gamma);
    ok = grades->gamma[s] != NULL;
  }
  return ok ? XP_OK : xp_error_memory(error, "the grades");
}

/* *failed: the first structure that did, the same for any number of threads. */
static void grade_all(xp_grades *grades, const xp_grades_request *request, int *failed, xp_error *first) {
  xp_grade_scratch *scratch = NULL;
  xp_error own = {0};
  bool ready = xp_grade_scratch_new(&scratch, request->grade, &own) == XP_OK;
#pragma omp for schedule(dynamic)
  for (int s = 0; s < grades->nstructures; ++s) {
    const xp_structure *structure = request->data->set->structures[s];
    bool ok = ready && grade_structure(request, scratch, structure, grades->gamma[s], &own) == XP_OK;
#pragma omp critical(xp_grades)
    {
      if (!ok && s < *failed) {
        *failed = s;
        *first = own;
      }
      xp_report_advance(request->report, structure->natoms);
    }
  }
  xp_grade_scratch_free(scratch);
}

xp_status xp_grades_evaluate(xp_grades *grades, const xp_grades_request *request, xp_error *error) {
  xp_error first = {0};
  *grades = (xp_grades){0};
  xp_status status = reserve(grades, request->data, error);
  int failed = grades->nstructures;
  if (status == XP_OK) {
    xp_report_stage(request->report, "grades", request->data->natoms);
#pragma omp parallel num_threads(request->threads)
    grade_all(grades, request, &failed, &first);
    xp_report_end(request->report);
  }
  if (status == XP_OK && failed < grades->nstructures) {
    status = xp_error_set(error, first.status, "%s", first.message);
    xp_environments_name(request->data->set->structures[failed], failed, error);
  }
  if (status != XP_OK) xp_grades_clear(grades);
  return status;
}
