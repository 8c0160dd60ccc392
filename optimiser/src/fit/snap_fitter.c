/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fit/snap_fitter.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fit/cells.h"

/* Everything a design depends on, as numbers; equal geometries have equal arrays. */
enum { GEOMETRY_SCALARS = 12, GEOMETRY_PER_ELEMENT = 4 };

struct xp_snap_fitter {
  const xp_config *config;
  const xp_data *train;
  xp_report *report;
  int threads;
  double *reference;           /* [nelements]; owned */
  double *geometry, *previous; /* [ngeometry]; previous belongs to design; owned */
  int ngeometry;
  xp_design *design; /* NULL at first */
  xp_cells cells;    /* of design */
};

static xp_status check_labels(const xp_snap_fitter *f, const xp_cells *cells, xp_error *error) {
  int labels[XP_ROW_TYPES] = {f->train->nenergies, f->train->nforces, f->train->nvirials};
  bool any = false;
  for (int c = 0; c < cells->count; ++c)
    for (int type = 0; type < XP_ROW_TYPES; ++type) any |= cells->types[c][type] && labels[type] > 0;
  if (any) return XP_OK;
  return xp_error_at(
      error, (xp_place){f->train->path, 0, 0},
      "found no label (energy, forces, virial) that has a weight above zero; check the keys and weights");
}

static xp_status prepare(xp_snap_fitter *f, xp_error *error) {
  const xp_config *config = f->config;
  xp_cells cells = {0};
  f->ngeometry = GEOMETRY_SCALARS + GEOMETRY_PER_ELEMENT * config->nelements;
  f->reference = calloc((size_t)config->nelements, sizeof *f->reference);
  f->geometry = calloc((size_t)f->ngeometry, sizeof *f->geometry);
  f->previous = calloc((size_t)f->ngeometry, sizeof *f->previous);
  if (!f->reference || !f->geometry || !f->previous) return xp_error_memory(error, "the fit");
  for (int e = 0; e < config->nelements; ++e) f->reference[e] = config->reference_energies[e].value;
  xp_status status = xp_cells_make(&cells, config, NULL, f->train, NULL, error);
  if (status == XP_OK) status = check_labels(f, &cells, error);
  xp_cells_clear(&cells);
  return status;
}

xp_status xp_snap_fitter_new(xp_snap_fitter **fitter, const xp_config *config, const xp_data *train, int threads,
                             xp_report *report, xp_error *error) {
  *fitter = NULL;
  xp_snap_fitter *new = calloc(1, sizeof *new);
  if (!new) return xp_error_memory(error, "the fit");
  *new = (xp_snap_fitter){.config = config, .train = train, .threads = threads, .report = report};
  xp_status status = prepare(new, error);
  if (status == XP_OK)
    *fitter = new;
  else
    xp_snap_fitter_free(new);
  return status;
}

void xp_snap_fitter_free(xp_snap_fitter *f) {
  if (!f) return;
  xp_cells_clear(&f->cells);
  free(f->reference);
  free(f->geometry);
  free(f->previous);
  xp_design_free(f->design);
  free(f);
}

/* What descriptors of a point depend on, as numbers. */
static void set_numbers(xp_snap_fitter *f, const double *values) {
  const xp_config *c = f->config;
  const xp_parameter *scalars[GEOMETRY_SCALARS] = {&c->kind,     &c->twojmax,      &c->rcutfac,         &c->rfac0,
                                                   &c->rmin0,    &c->switchflag,   &c->bzeroflag,       &c->bnormflag,
                                                   &c->chemflag, &c->wselfallflag, &c->switchinnerflag, &c->constant};
  const xp_parameter *per_element[GEOMETRY_PER_ELEMENT] = {c->radelem, c->wj, c->sinner, c->dinner};
  double *g = f->geometry;
  for (int i = 0; i < GEOMETRY_SCALARS; ++i) *g++ = xp_parameter_at(scalars[i], values);
  for (int p = 0; p < GEOMETRY_PER_ELEMENT; ++p)
    for (int e = 0; e < c->nelements; ++e) *g++ = xp_parameter_at(&per_element[p][e], values);
}

/* The order is that of set_numbers; constant is none of them. */
static xp_snap_parameters geometry_parameters(const xp_snap_fitter *f) {
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

/* The request points into the fitter and the cells. */
static void set_point(xp_snap_fitter *f, const double *values, const xp_cells *cells, xp_design_request *request) {
  const xp_config *c = f->config;
  set_numbers(f, values);
  *request = (xp_design_request){.data = f->train,
                                 .elements = c->elements,
                                 .reference = f->reference,
                                 .group = cells->cell,
                                 .ngroups = cells->count,
                                 .used = (const bool(*)[XP_ROW_TYPES])cells->types,
                                 .parameters = geometry_parameters(f),
                                 .radelem = f->geometry + GEOMETRY_SCALARS,
                                 .wj = f->geometry + GEOMETRY_SCALARS + c->nelements,
                                 .nelements = c->nelements,
                                 .constant = xp_parameter_at(&c->constant, values) != 0.0,
                                 .threads = f->threads};
}

static xp_status measure(xp_snap_fitter *f, const xp_design_request *request, xp_design_size *size, xp_error *error) {
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

xp_status xp_snap_fitter_measure(xp_snap_fitter *f, const double *values, xp_design_size *size, xp_error *error) {
  xp_design_request request;
  xp_cells cells;
  xp_status status = xp_cells_make(&cells, f->config, values, f->train, NULL, error);
  if (status == XP_OK) {
    set_point(f, values, &cells, &request);
    status = measure(f, &request, size, error);
  }
  xp_cells_clear(&cells);
  return status;
}

/* f->cells <- those of the point, with a design for them. */
static xp_status need_design(xp_snap_fitter *f, const xp_design_request *request, xp_cells *cells, bool *reused,
                             xp_error *error) {
  size_t bytes = (size_t)f->ngeometry * sizeof *f->geometry;
  *reused = f->design && memcmp(f->geometry, f->previous, bytes) == 0 && xp_cells_alike(&f->cells, cells);
  xp_cells_clear(&f->cells);
  f->cells = *cells;
  *cells = (xp_cells){0};
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

static xp_status make_model(xp_snap_model **model, const xp_snap_fitter *f, const xp_design_request *request,
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

xp_status xp_snap_fitter_run(xp_snap_fitter *f, const double *values, const xp_fit_subset *subset,
                             xp_snap_result *result, xp_error *error) {
  *result = (xp_snap_result){0};
  xp_design_request request;
  xp_cells cells;
  xp_status status = xp_cells_make(&cells, f->config, values, f->train, subset, error);
  if (status == XP_OK) {
    set_point(f, values, &cells, &request);
    status = need_design(f, &request, &cells, &result->reused, error);
  }
  xp_cells_clear(&cells);
  if (status == XP_OK) {
    xp_report_line(f->report, "solving for %d coefficients", f->design->layout.columns);
    xp_solve_request solve = {.weights = (const double(*)[XP_ROW_TYPES])f->cells.weights,
                              .used = f->cells.used,
                              .rcond = xp_parameter_at(&f->config->rcond, values),
                              .ridge = xp_parameter_at(&f->config->ridge, values),
                              .threads = f->threads};
    status = xp_solve(&result->solution, f->design, &solve, error);
    xp_report_end(f->report);
  }
  if (status == XP_OK) status = make_model(&result->model, f, &request, result->solution.coefficients, error);
  if (status != XP_OK) xp_snap_result_clear(result);
  return status;
}

void xp_snap_result_clear(xp_snap_result *result) {
  xp_snap_model_free(result->model);
  xp_solution_clear(&result->solution);
  *result = (xp_snap_result){0};
}
