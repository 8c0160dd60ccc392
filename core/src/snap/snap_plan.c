/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "snap/snap_model.h"
#include "snap/snap_plan_data.h"

void xp_snap_tables_zero(const xp_snap_tables *tables, const xp_snap_parameters *parameters, int element,
                         double *zero) {
  bool everywhere = !parameters->chemflag || parameters->wselfallflag;
  for (int k = 0; k < tables->ncomponents; ++k) {
    const xp_snap_component *c = &tables->components[k];
    bool removed = parameters->bzeroflag && (everywhere || (c->equal && c->label == element));
    zero[k] = removed ? c->zero : 0.0;
  }
}

static const xp_snap_element *find_element(const xp_snap_model *model, const char *symbol) {
  for (int i = 0; i < model->nelements; ++i)
    if (strcmp(model->elements[i].symbol, symbol) == 0) return &model->elements[i];
  return NULL;
}

static xp_status check_elements(const xp_snap_model *model, const char *const *elements, int nelements,
                                xp_error *error) {
  if (nelements < 1) return xp_error_set(error, XP_ERROR_INPUT, "a potential must be used for at least one element");
  for (int i = 0; i < nelements; ++i) {
    if (!find_element(model, elements[i]))
      return xp_error_set(error, XP_ERROR_INPUT, "the SNAP potential has no coefficients for the element %s",
                          elements[i]);
    for (int j = 0; j < i; ++j)
      if (strcmp(elements[i], elements[j]) == 0)
        return xp_error_set(error, XP_ERROR_INPUT, "the element %s is listed twice", elements[i]);
  }
  if (model->parameters.chemflag && nelements != model->nelements)
    return xp_error_set(error, XP_ERROR_INPUT,
                        "chemflag 1 needs all %d elements of the SNAP potential in use, but %d are: its coefficients "
                        "depend on the number of elements",
                        model->nelements, nelements);
  xp_status status = xp_snap_model_check(model, (xp_place){0}, error);
  return status == XP_OK ? xp_snap_parameters_check(&model->parameters, nelements, error) : status;
}

/* The upper triangle of the file as a full symmetric matrix. */
static void unfold_alpha(double *alpha, const double *triangle, int n) {
  for (int k = 0; k < n; ++k)
    for (int l = k; l < n; ++l) alpha[(size_t)k * n + l] = alpha[(size_t)l * n + k] = *triangle++;
}

static xp_status fill_terms(xp_snap_plan *plan, int index, const xp_snap_parameters *parameters,
                            const xp_snap_element *element, xp_error *error) {
  xp_snap_terms *terms = &plan->terms[index];
  int n = plan->tables->ncomponents;
  terms->constant = element->coefficients[0];
  terms->beta = xp_snap_zeroed((size_t)n, sizeof(double));
  terms->zero = xp_snap_zeroed((size_t)n, sizeof(double));
  if (plan->quadratic) terms->alpha = xp_snap_zeroed((size_t)n * (size_t)n, sizeof(double));
  if (!terms->beta || !terms->zero || (plan->quadratic && !terms->alpha))
    return xp_error_memory(error, "SNAP coefficients");
  memcpy(terms->beta, element->coefficients + 1, (size_t)n * sizeof(double));
  xp_snap_tables_zero(plan->tables, parameters, index, terms->zero);
  for (int k = 0; k < n; ++k) terms->shift += terms->beta[k] * terms->zero[k];
  if (plan->quadratic) unfold_alpha(terms->alpha, element->coefficients + 1 + n, n);
  return plan->folded ? xp_snap_stream_fold(&terms->folded, plan->tables, terms->beta, error) : XP_OK;
}

static xp_status fill_geometry(xp_snap_plan *plan, const xp_snap_model *model, const char *const *elements,
                               int nelements, xp_error *error) {
  double *radelem = xp_snap_zeroed((size_t)nelements, sizeof(double));
  double *wj = xp_snap_zeroed((size_t)nelements, sizeof(double));
  xp_status status = radelem && wj ? XP_OK : xp_error_memory(error, "SNAP pair parameters");
  if (status == XP_OK) {
    for (int i = 0; i < nelements; ++i) {
      radelem[i] = find_element(model, elements[i])->radelem;
      wj[i] = find_element(model, elements[i])->wj;
    }
    status = xp_snap_geometry_new(&plan->geometry, &model->parameters, radelem, wj, nelements, error);
  }
  free(radelem);
  free(wj);
  return status;
}

/* For kernels of mixed precision; last, because streams are folded in double precision. */
static void round_coefficients(xp_snap_plan *plan) {
  xp_snap_tables_round(plan->tables);
  for (int i = 0; i < plan->geometry.nelements; ++i) xp_snap_stream_round(&plan->terms[i].folded);
}

xp_status xp_snap_plan_new(xp_snap_plan **plan, const xp_snap_model *model, const char *const *elements, int nelements,
                           xp_precision precision, xp_error *error) {
  *plan = NULL;
  xp_status status = check_elements(model, elements, nelements, error);
  if (status != XP_OK) return status;
  const xp_snap_parameters *parameters = &model->parameters;
  xp_snap_plan *p = calloc(1, sizeof *p);
  if (!p) return xp_error_memory(error, "a SNAP plan");
  p->precision = precision;
  p->quadratic = parameters->quadraticflag;
  p->folded = !parameters->quadraticflag && !parameters->chemflag;
  status = fill_geometry(p, model, elements, nelements, error);
  if (status != XP_OK) goto fail;
  status = xp_snap_tables_new(&p->tables, parameters, nelements, error);
  if (status != XP_OK) goto fail;
  p->terms = xp_snap_zeroed((size_t)nelements, sizeof *p->terms);
  if (!p->terms) {
    status = xp_error_memory(error, "SNAP coefficients");
    goto fail;
  }
  for (int i = 0; i < nelements; ++i) {
    status = fill_terms(p, i, parameters, find_element(model, elements[i]), error);
    if (status != XP_OK) goto fail;
  }
  if (precision == XP_PRECISION_MIXED) round_coefficients(p);
  *plan = p;
  return XP_OK;
fail:
  xp_snap_plan_free(p);
  return status;
}

void xp_snap_plan_free(xp_snap_plan *plan) {
  if (!plan) return;
  for (int i = 0; plan->terms && i < plan->geometry.nelements; ++i) {
    free(plan->terms[i].beta);
    free(plan->terms[i].alpha);
    free(plan->terms[i].zero);
    xp_snap_stream_free(&plan->terms[i].folded);
  }
  free(plan->terms);
  xp_snap_tables_free(plan->tables);
  xp_snap_geometry_free(&plan->geometry);
  free(plan);
}

double xp_snap_plan_cutoff(const xp_snap_plan *plan, int i, int j) {
  return plan->geometry.cutoff[i * plan->geometry.nelements + j];
}
