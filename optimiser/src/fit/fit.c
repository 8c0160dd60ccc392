/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fit/fit.h"

#include <cblas.h>
#include <limits.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "config/words.h"

/* Everything a design depends on, as numbers; equal geometries have equal arrays. */
enum { GEOMETRY_SCALARS = 11, GEOMETRY_PER_ELEMENT = 4 };

struct xp_fitter {
  const xp_config *config;
  const xp_data *train;
  xp_report *report;
  int threads;
  int *group;                      /* [nstructures] weight group; owned */
  bool (*used)[XP_ROW_TYPES];      /* [ngroups]; owned */
  double (*weights)[XP_ROW_TYPES]; /* [ngroups] of the point being fitted; owned */
  double *reference;               /* [nelements]; owned */
  double *geometry, *previous;     /* [ngeometry]; previous belongs to design; owned */
  int ngeometry;
  xp_design *design; /* NULL at first */
};

int xp_fit_threads(const xp_config *config) {
  openblas_set_num_threads(1);
  int threads = (int)config->threads.value;
  return threads > 0 ? threads : omp_get_num_procs();
}

static const xp_parameter *weight_of(const xp_group_weights *group, int type) {
  const xp_parameter *weights[XP_ROW_TYPES] = {&group->eweight, &group->fweight, &group->vweight};
  return weights[type];
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

static xp_status check_labels(const xp_fitter *f, xp_error *error) {
  int labels[XP_ROW_TYPES] = {f->train->nenergies, f->train->nforces, f->train->nvirials};
  bool any = false;
  for (int g = 0; g < f->config->ngroups; ++g)
    for (int type = 0; type < XP_ROW_TYPES; ++type) any |= f->used[g][type] && labels[type] > 0;
  if (any) return XP_OK;
  return xp_error_at(
      error, (xp_place){f->train->path, 0, 0},
      "found no label (energy, forces, virial) that has a weight above zero; check the keys and weights");
}

static xp_status prepare(xp_fitter *f, xp_error *error) {
  const xp_config *config = f->config;
  f->ngeometry = GEOMETRY_SCALARS + GEOMETRY_PER_ELEMENT * config->nelements;
  f->group = calloc((size_t)f->train->set->nstructures, sizeof *f->group);
  f->used = calloc((size_t)config->ngroups, sizeof *f->used);
  f->weights = calloc((size_t)config->ngroups, sizeof *f->weights);
  f->reference = calloc((size_t)config->nelements, sizeof *f->reference);
  f->geometry = calloc((size_t)f->ngeometry, sizeof *f->geometry);
  f->previous = calloc((size_t)f->ngeometry, sizeof *f->previous);
  if (!f->group || !f->used || !f->weights || !f->reference || !f->geometry || !f->previous)
    return xp_error_memory(error, "the fit");
  for (int s = 0; s < f->train->set->nstructures; ++s)
    f->group[s] = xp_config_group(config, f->train->set->structures[s]->config_type);
  for (int g = 0; g < config->ngroups; ++g)
    for (int type = 0; type < XP_ROW_TYPES; ++type) {
      const xp_parameter *weight = weight_of(&config->groups[g], type);
      f->used[g][type] = weight->dimension >= 0 || weight->value > 0.0;
    }
  for (int e = 0; e < config->nelements; ++e) f->reference[e] = config->reference_energies[e].value;
  return check_labels(f, error);
}

xp_status xp_fitter_new(xp_fitter **fitter, const xp_config *config, const xp_data *train, int threads,
                        xp_report *report, xp_error *error) {
  *fitter = NULL;
  xp_fitter *new = calloc(1, sizeof *new);
  if (!new) return xp_error_memory(error, "the fit");
  *new = (xp_fitter){.config = config, .train = train, .threads = threads, .report = report};
  xp_status status = check_groups(config, train, error);
  if (status == XP_OK) status = check_elements(config, train, error);
  if (status == XP_OK) status = prepare(new, error);
  if (status == XP_OK)
    *fitter = new;
  else
    xp_fitter_free(new);
  return status;
}

void xp_fitter_free(xp_fitter *f) {
  if (!f) return;
  free(f->group);
  free(f->used);
  free(f->weights);
  free(f->reference);
  free(f->geometry);
  free(f->previous);
  xp_design_free(f->design);
  free(f);
}

/* Geometry and weights of a point, as numbers. */
static void set_numbers(xp_fitter *f, const double *values) {
  const xp_config *c = f->config;
  const xp_parameter *scalars[GEOMETRY_SCALARS] = {&c->kind,     &c->twojmax,      &c->rcutfac,        &c->rfac0,
                                                   &c->rmin0,    &c->switchflag,   &c->bzeroflag,      &c->bnormflag,
                                                   &c->chemflag, &c->wselfallflag, &c->switchinnerflag};
  const xp_parameter *per_element[GEOMETRY_PER_ELEMENT] = {c->radelem, c->wj, c->sinner, c->dinner};
  double *g = f->geometry;
  for (int i = 0; i < GEOMETRY_SCALARS; ++i) *g++ = xp_parameter_at(scalars[i], values);
  for (int p = 0; p < GEOMETRY_PER_ELEMENT; ++p)
    for (int e = 0; e < c->nelements; ++e) *g++ = xp_parameter_at(&per_element[p][e], values);
  for (int i = 0; i < c->ngroups; ++i)
    for (int type = 0; type < XP_ROW_TYPES; ++type)
      f->weights[i][type] = xp_parameter_at(weight_of(&c->groups[i], type), values);
}

/* The order is that of set_numbers. */
static xp_snap_parameters geometry_parameters(const xp_fitter *f) {
  double *g = f->geometry, *arrays = g + GEOMETRY_SCALARS;
  int n = f->config->nelements;
  xp_snap_parameters parameters;
  xp_snap_parameters_default(&parameters);
  parameters.quadraticflag = (int)*g++ == XP_FIT_QSNAP;
  parameters.twojmax = (int)*g++;
  parameters.rcutfac = *g++;
  parameters.rfac0 = *g++;
  parameters.rmin0 = *g++;
  parameters.switchflag = *g++ != 0.0;
  parameters.bzeroflag = *g++ != 0.0;
  parameters.bnormflag = *g++ != 0.0;
  parameters.chemflag = *g++ != 0.0;
  parameters.wselfallflag = *g++ != 0.0;
  parameters.switchinnerflag = *g++ != 0.0;
  parameters.sinner = parameters.switchinnerflag ? arrays + 2 * n : NULL;
  parameters.dinner = parameters.switchinnerflag ? arrays + 3 * n : NULL;
  parameters.ninner = parameters.switchinnerflag ? n : 0;
  return parameters;
}

/* The request points into the fitter. */
static void set_point(xp_fitter *f, const double *values, xp_design_request *request) {
  const xp_config *c = f->config;
  set_numbers(f, values);
  *request = (xp_design_request){.data = f->train,
                                 .elements = c->elements,
                                 .reference = f->reference,
                                 .group = f->group,
                                 .ngroups = c->ngroups,
                                 .used = (const bool(*)[XP_ROW_TYPES])f->used,
                                 .parameters = geometry_parameters(f),
                                 .radelem = f->geometry + GEOMETRY_SCALARS,
                                 .wj = f->geometry + GEOMETRY_SCALARS + c->nelements,
                                 .nelements = c->nelements,
                                 .constant = c->constant.value != 0.0,
                                 .threads = f->threads};
}

static xp_status measure(xp_fitter *f, const xp_design_request *request, xp_design_size *size, xp_error *error) {
  xp_status status = xp_snap_parameters_check(&request->parameters, request->nelements, error);
  if (status != XP_OK) return status;
  if (xp_snap_ncoeff(&request->parameters, request->nelements) >= INT_MAX / request->nelements)
    return xp_error_set(
        error, XP_ERROR_RANGE,
        "%d elements with twojmax %d have more coefficients than can be counted; lower twojmax or leave "
        "chemflag out",
        request->nelements, request->parameters.twojmax);
  *size = xp_design_measure(request);
  double gigabytes = size->bytes * 1e-9, limit = f->config->memory.value;
  if (gigabytes <= limit) return XP_OK;
  return xp_error_set(error, XP_ERROR_RANGE,
                      "the fit has %d columns and needs about %.1f GB, more than fit.memory allows (%g GB); raise that "
                      "or lower twojmax or rcutfac",
                      size->columns, gigabytes, limit);
}

xp_status xp_fitter_measure(xp_fitter *f, const double *values, xp_design_size *size, xp_error *error) {
  xp_design_request request;
  set_point(f, values, &request);
  return measure(f, &request, size, error);
}

static xp_status need_design(xp_fitter *f, const double *values, xp_design_request *request, bool *reused,
                             xp_error *error) {
  size_t bytes = (size_t)f->ngeometry * sizeof *f->geometry;
  set_point(f, values, request);
  *reused = f->design && memcmp(f->geometry, f->previous, bytes) == 0;
  if (*reused) return XP_OK;
  xp_design_free(f->design);
  f->design = NULL;
  xp_design_size size;
  xp_status status = measure(f, request, &size, error);
  if (status == XP_OK) status = xp_design_new(&f->design, request, f->report, error);
  if (status == XP_OK) memcpy(f->previous, f->geometry, bytes);
  return status;
}

static xp_status copy_inner(xp_snap_model *model, const xp_snap_parameters *from, xp_error *error) {
  size_t bytes = (size_t)from->ninner * sizeof(double);
  model->parameters = *from;
  model->parameters.sinner = model->parameters.dinner = NULL;
  if (!from->switchinnerflag) return XP_OK;
  model->parameters.sinner = malloc(bytes);
  model->parameters.dinner = malloc(bytes);
  if (!model->parameters.sinner || !model->parameters.dinner) return xp_error_memory(error, "the potential");
  memcpy(model->parameters.sinner, from->sinner, bytes);
  memcpy(model->parameters.dinner, from->dinner, bytes);
  return XP_OK;
}

static xp_status make_model(xp_snap_model **model, const xp_fitter *f, const xp_design_request *request,
                            const double *coefficients, xp_error *error) {
  const xp_row_layout *layout = &f->design->layout;
  int ncoeff = layout->block + !layout->constant;
  xp_status status = xp_snap_model_new(model, layout->nelements, ncoeff, error);
  if (status == XP_OK) status = copy_inner(*model, &request->parameters, error);
  for (int e = 0; e < layout->nelements && status == XP_OK; ++e) {
    xp_snap_element *element = &(*model)->elements[e];
    memcpy(element->symbol, request->elements[e], XP_SYMBOL_SIZE);
    element->radelem = request->radelem[e];
    element->wj = request->wj[e];
    memcpy(element->coefficients + !layout->constant, coefficients + (size_t)e * (size_t)layout->block,
           (size_t)layout->block * sizeof *coefficients);
    element->coefficients[0] += request->reference[e];
  }
  return status;
}

xp_status xp_fitter_run(xp_fitter *f, const double *values, xp_fit_result *result, xp_error *error) {
  *result = (xp_fit_result){.potential.kind = XP_KIND_SNAP};
  xp_design_request request;
  xp_status status = need_design(f, values, &request, &result->reused, error);
  if (status == XP_OK) {
    xp_report_line(f->report, "solving for %d coefficients", f->design->layout.columns);
    xp_solve_request solve = {(const double(*)[XP_ROW_TYPES])f->weights, f->config->rcond.value,
                              f->config->ridge.value};
    status = xp_solve(&result->solution, f->design, &solve, error);
    xp_report_end(f->report);
  }
  if (status == XP_OK) status = make_model(&result->potential.snap, f, &request, result->solution.coefficients, error);
  if (status != XP_OK) xp_fit_result_clear(result);
  return status;
}

void xp_fit_result_clear(xp_fit_result *result) {
  xp_snap_model_free(result->potential.snap);
  xp_solution_clear(&result->solution);
  *result = (xp_fit_result){.potential.kind = XP_KIND_SNAP};
}

xp_status xp_fit_result_plan(const xp_fit_result *result, xp_plan **plan, xp_error *error) {
  const xp_snap_model *model = result->potential.snap;
  const char **elements = calloc((size_t)model->nelements, sizeof *elements);
  if (!elements) return xp_error_memory(error, "the potential");
  for (int e = 0; e < model->nelements; ++e) elements[e] = model->elements[e].symbol;
  xp_status status = xp_plan_new(plan, &result->potential, elements, model->nelements, XP_PRECISION_DOUBLE, error);
  free(elements);
  return status;
}
