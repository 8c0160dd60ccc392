/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ace/problem_data.h"
#include "parallel/parallel.h"

void xp_ace_problem_free(xp_ace_problem *p) {
  if (!p) return;
  for (int s = 0; s < p->nstructures && p->structures; ++s) xp_ace_fit_structure_free(p->structures[s]);
  free(p->structures);
  free(p->part_first);
  free(p);
}

xp_ace_fit_layout xp_ace_problem_layout(const xp_ace_problem *p) {
  return p->layout;
}

/* Cuts the structures into parts of about equal numbers of atoms. */
static void cut(xp_ace_problem *p) {
  const xp_dataset *set = p->data->set;
  long total = p->data->natoms, sum = 0;
  for (int part = 0, s = 0; part < p->nparts; ++part) {
    p->part_first[part] = s;
    while (s < p->nstructures && sum < total * (part + 1) / p->nparts) sum += set->structures[s++]->natoms;
  }
  p->part_first[p->nparts] = p->nstructures;
}

/* The first part of process r is floor(r nparts / ranks), as factors are cut. */
bool xp_ace_problem_mine(int part, int nparts) {
  long ranks = xp_parallel_size();
  return ((part + 1) * ranks - 1) / nparts == xp_parallel_rank();
}

static xp_status prepare(xp_ace_problem *p, const xp_ace_problem_request *request, int s, xp_error *error) {
  const xp_structure *structure = p->data->set->structures[s];
  int *species = malloc((size_t)structure->natoms * sizeof *species);
  if (!species) return xp_error_memory(error, "the data");
  xp_neighbour_list *list = NULL;
  xp_status status = xp_data_species(species, structure, request->elements, request->nelements, error);
  if (status == XP_OK) status = xp_neighbour_list_new(&list, structure, species, xp_ace_fit_cutoff(p->fit), error);
  if (status == XP_OK) status = xp_ace_fit_structure_new(&p->structures[s], p->fit, list, error);
  if (status == XP_ERROR_RANGE) {
    char reason[XP_ERROR_SIZE];
    memcpy(reason, error->message, sizeof reason);
    status = xp_error_set(error, XP_ERROR_RANGE, "%s:%ld: %.700s", p->data->path, structure->line, reason);
  }
  xp_neighbour_list_free(list);
  free(species);
  return status;
}

/* Structures of this process's parts. */
static xp_status prepare_all(xp_ace_problem *p, const xp_ace_problem_request *request, xp_error *error) {
  int failed = p->nparts;
  xp_error first = {0};
#pragma omp parallel for schedule(dynamic) num_threads(p->threads)
  for (int part = 0; part < p->nparts; ++part) {
    if (!xp_ace_problem_mine(part, p->nparts)) continue;
    xp_error own = {0};
    xp_status status = XP_OK;
    for (int s = p->part_first[part]; s < p->part_first[part + 1] && status == XP_OK; ++s)
      status = prepare(p, request, s, &own);
#pragma omp critical(xp_ace_prepare)
    if (status != XP_OK && part < failed) {
      failed = part;
      first = own;
    }
  }
  if (failed < p->nparts) *error = first;
  return xp_parallel_agree(failed < p->nparts ? first.status : XP_OK, error);
}

xp_status xp_ace_problem_new(xp_ace_problem **problem, const xp_ace_problem_request *request, xp_error *error) {
  xp_ace_problem *p = calloc(1, sizeof *p);
  *problem = NULL;
  if (!p) return xp_error_memory(error, "the fit");
  p->fit = request->fit;
  p->layout = xp_ace_fit_layout_of(request->fit);
  p->data = request->data;
  p->weights = request->weights;
  p->threads = request->threads;
  p->nstructures = request->data->set->nstructures;
  p->nparts = p->nstructures < XP_ACE_PARTS ? p->nstructures : XP_ACE_PARTS;
  p->structures = calloc((size_t)p->nstructures, sizeof *p->structures);
  p->part_first = calloc((size_t)p->nparts + 1, sizeof *p->part_first);
  xp_status status = p->structures && p->part_first ? XP_OK : xp_error_memory(error, "the fit");
  if (status == XP_OK) {
    cut(p);
    status = prepare_all(p, request, error);
  }
  if (status == XP_OK)
    *problem = p;
  else
    xp_ace_problem_free(p);
  return status;
}

double xp_ace_problem_bytes(const xp_ace_fit *fit, const xp_data *data, int threads) {
  const double dense = 0.06; /* atoms in a cubic Angstrom, where a cell does not say */
  xp_ace_fit_layout layout = xp_ace_fit_layout_of(fit);
  double cutoff = xp_ace_fit_cutoff(fit), sphere = 4.0 / 3.0 * M_PI * cutoff * cutoff * cutoff, sum = 0.0;
  double most = 0.0, columns = layout.ntotal - layout.nradial + 1.0;
  for (int s = 0; s < data->set->nstructures; ++s) {
    const xp_structure *structure = data->set->structures[s];
    double volume = xp_structure_volume(structure), density = volume > 0.0 ? structure->natoms / volume : dense;
    sum += xp_ace_fit_structure_bytes(fit, structure->natoms, structure->natoms * density * sphere);
    most = fmax(most, structure->natoms);
  }
  double factors = xp_ace_factor_parts((int)columns) + 2.0;
  double rows = threads * (3.0 * most + 7.0) * columns * sizeof(double) * 2.0;
  return sum + factors * columns * columns * sizeof(double) + rows + XP_ACE_PARTS * layout.ntotal * sizeof(double);
}
