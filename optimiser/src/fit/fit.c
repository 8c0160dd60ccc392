/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fit/fit.h"

#include <cblas.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "config/words.h"

struct xp_fitter {
  xp_fit_request request;
  xp_snap_fitter *snap; /* NULL where no point is of that kind; owned */
  xp_ace_fitter *ace;   /* the same */
};

int xp_fit_threads(const xp_config *config) {
  openblas_set_num_threads(1);
  int threads = (int)config->threads.value;
  return threads > 0 ? threads : omp_get_num_procs();
}

/* Weights for a group that the data do not have are a mistake in one of them. */
static xp_status check_groups(const xp_config *config, const xp_data *train, xp_error *error) {
  for (int g = 1; g < config->ngroups; ++g) {
    int found = 0;
    for (int d = 0; d < train->ngroups; ++d) found |= strcmp(train->groups[d], config->groups[g].name) == 0;
    if (found) continue;
    char advice[512];
    xp_word_advice(config->groups[g].name, train->groups, train->ngroups, advice, sizeof advice);
    return xp_error_at(error, config->groups[g].place, "no structure of %s has config_type \"%s\"%s", train->path,
                       config->groups[g].name, advice);
  }
  return XP_OK;
}

static xp_status check_elements(const xp_config *config, const xp_data *train, xp_error *error) {
  int *species = NULL;
  xp_status status = XP_OK;
  for (int s = 0; s < train->set->nstructures && status == XP_OK; ++s) {
    const xp_structure *structure = train->set->structures[s];
    int *more = realloc(species, (size_t)structure->natoms * sizeof *species);
    if (!more)
      status = xp_error_memory(error, "the data");
    else
      species = more;
    if (status == XP_OK) status = xp_data_species(species, structure, config->elements, config->nelements, error);
  }
  free(species);
  return status;
}

xp_status xp_fitter_new(xp_fitter **fitter, const xp_fit_request *request, xp_error *error) {
  const xp_config *config = request->config;
  xp_fitter *f = calloc(1, sizeof *f);
  *fitter = NULL;
  if (!f) return xp_error_memory(error, "the fit");
  f->request = *request;
  xp_status status = check_groups(config, request->train, error);
  if (status == XP_OK) status = check_elements(config, request->train, error);
  if (status == XP_OK && (xp_config_may_be(config, XP_FIT_SNAP) || xp_config_may_be(config, XP_FIT_QSNAP)))
    status = xp_snap_fitter_new(&f->snap, config, request->train, request->threads, request->report, error);
  if (status == XP_OK && xp_config_may_be(config, XP_FIT_ACE)) {
    xp_ace_fitter_request ace = {config, request->train, request->validate, request->threads, request->report};
    status = xp_ace_fitter_new(&f->ace, &ace, error);
  }
  if (status == XP_OK)
    *fitter = f;
  else
    xp_fitter_free(f);
  return status;
}

void xp_fitter_free(xp_fitter *f) {
  if (!f) return;
  xp_snap_fitter_free(f->snap);
  xp_ace_fitter_free(f->ace);
  free(f);
}

static xp_fit_kind kind_at(const xp_fitter *f, const double *values) {
  return (xp_fit_kind)xp_parameter_at(&f->request.config->kind, values);
}

xp_status xp_fitter_measure(xp_fitter *f, const double *values, xp_fit_size *size, xp_error *error) {
  *size = (xp_fit_size){.kind = kind_at(f, values)};
  return size->kind == XP_FIT_ACE ? xp_ace_fitter_measure(f->ace, values, &size->ace, error)
                                  : xp_snap_fitter_measure(f->snap, values, &size->snap, error);
}

xp_status xp_fitter_run(xp_fitter *f, const double *values, const xp_fit_subset *subset, const char *folder,
                        xp_fit_result *result, xp_error *error) {
  bool ace = kind_at(f, values) == XP_FIT_ACE;
  *result = (xp_fit_result){.potential.kind = ace ? XP_KIND_ACE : XP_KIND_SNAP};
  xp_status status = ace ? xp_ace_fitter_run(f->ace, values, subset, folder, &result->ace, error)
                         : xp_snap_fitter_run(f->snap, values, subset, &result->snap, error);
  if (status == XP_OK && ace) status = xp_ace_basis_convert(result->ace.basis, &result->potential.ace, error);
  result->potential.snap = result->snap.model;
  if (status != XP_OK) xp_fit_result_clear(result);
  return status;
}

xp_status xp_fitter_finish(const xp_fitter *f, const char *folder, xp_error *error) {
  return f->ace ? xp_ace_fitter_finish(f->ace, folder, error) : XP_OK;
}

void xp_fit_result_clear(xp_fit_result *result) {
  xp_snap_result_clear(&result->snap);
  xp_ace_basis_free(result->ace.basis);
  xp_ace_model_free(result->potential.ace);
  *result = (xp_fit_result){0};
}

double xp_fit_result_energy_rmse(const xp_fit_result *result) {
  return result->ace.basis ? result->ace.train.energy_rmse : result->snap.solution.rmse[XP_ROW_ENERGY];
}

double xp_fit_result_force_rmse(const xp_fit_result *result) {
  return result->ace.basis ? result->ace.train.force_rmse : result->snap.solution.rmse[XP_ROW_FORCE];
}

xp_status xp_fit_result_plan(const xp_fit_result *result, xp_plan **plan, xp_error *error) {
  int n = xp_potential_nelements(&result->potential);
  const char **elements = calloc((size_t)n, sizeof *elements);
  if (!elements) return xp_error_memory(error, "the potential");
  for (int e = 0; e < n; ++e) elements[e] = xp_potential_element(&result->potential, e);
  xp_status status = xp_plan_new(plan, &result->potential, elements, n, XP_PRECISION_DOUBLE, error);
  free(elements);
  return status;
}
