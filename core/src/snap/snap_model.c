/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap/snap_model.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *xp_snap_zeroed(size_t count, size_t size) {
  return calloc(count ? count : 1, size ? size : 1);
}

void xp_snap_parameters_default(xp_snap_parameters *parameters) {
  *parameters = (xp_snap_parameters){
      .rfac0 = 0.99363, .switchflag = true, .bzeroflag = true, .chunksize = 32768, .parallelthresh = 8192};
}

int xp_snap_nbispectrum(int twojmax) {
  int half = twojmax / 2 + 1;
  return twojmax % 2 == 0 ? half * (half + 1) * (2 * half + 1) / 6 : half * (half + 1) * (half + 2) / 3;
}

int xp_snap_ncoeff(const xp_snap_parameters *parameters, int nelements) {
  int64_t linear = xp_snap_nbispectrum(parameters->twojmax);
  if (parameters->chemflag)
    for (int label = 0; label < 3 && linear <= INT32_MAX; ++label) linear *= nelements;
  if (linear > INT32_MAX - 1) return INT32_MAX;
  int64_t count = 1 + linear;
  if (parameters->quadraticflag) count += linear * (linear + 1) / 2;
  return count > INT32_MAX ? INT32_MAX : (int)count;
}

static xp_status check_inner(const xp_snap_parameters *p, int nelements, xp_error *error) {
  if (!p->switchinnerflag) {
    if (p->sinner || p->dinner || p->ninner)
      return xp_error_set(error, XP_ERROR_INPUT,
                          "sinner and dinner are given but switchinnerflag is 0: set it to 1 or "
                          "remove them");
    return XP_OK;
  }
  if (!p->sinner || !p->dinner)
    return xp_error_set(error, XP_ERROR_INPUT, "switchinnerflag 1 needs both sinner and dinner, one value an element");
  if (nelements >= 0 && p->ninner != nelements)
    return xp_error_set(error, XP_ERROR_INPUT,
                        "sinner and dinner have %d values, but %d elements are used: give one value for each, in the "
                        "order of the elements of pair_coeff",
                        p->ninner, nelements);
  for (int i = 0; i < p->ninner; ++i)
    if (!isfinite(p->sinner[i]) || !isfinite(p->dinner[i]) || p->dinner[i] <= 0.0)
      return xp_error_set(error, XP_ERROR_INPUT,
                          "value %d of sinner is %g and of dinner %g: sinner must be finite and dinner above 0 "
                          "Angstrom",
                          i + 1, p->sinner[i], p->dinner[i]);
  return XP_OK;
}

xp_status xp_snap_parameters_check(const xp_snap_parameters *p, int nelements, xp_error *error) {
  if (!(isfinite(p->rcutfac) && p->rcutfac > 0.0))
    return xp_error_set(error, XP_ERROR_INPUT, "rcutfac is %g, expected a number above 0", p->rcutfac);
  if (p->twojmax < 0 || p->twojmax > XP_SNAP_TWOJMAX_LIMIT)
    return xp_error_set(error, XP_ERROR_INPUT,
                        "twojmax is %d, expected 0 to %d (beyond it double precision loses digits)", p->twojmax,
                        XP_SNAP_TWOJMAX_LIMIT);
  if (!(isfinite(p->rfac0) && p->rfac0 > 0.0))
    return xp_error_set(error, XP_ERROR_INPUT, "rfac0 is %g, expected a number above 0, usually 0.99363", p->rfac0);
  if (!(isfinite(p->rmin0) && p->rmin0 >= 0.0))
    return xp_error_set(error, XP_ERROR_INPUT, "rmin0 is %g, expected 0 or more Angstrom", p->rmin0);
  if (p->chunksize < 1 || p->parallelthresh < 1)
    return xp_error_set(error, XP_ERROR_INPUT, "chunksize is %d and parallelthresh %d, expected 1 or more",
                        p->chunksize, p->parallelthresh);
  return check_inner(p, nelements, error);
}

static xp_status check_element(const xp_snap_model *model, int index, xp_place place, xp_error *error) {
  const xp_snap_parameters *p = &model->parameters;
  const xp_snap_element *element = &model->elements[index];
  if (!element->symbol[0]) return xp_error_at(error, place, "element %d has no name", index + 1);
  for (int other = 0; other < index; ++other)
    if (strcmp(element->symbol, model->elements[other].symbol) == 0)
      return xp_error_at(error, place, "element %s has two blocks of coefficients: remove one", element->symbol);
  if (!(isfinite(element->radelem) && element->radelem > 0.0))
    return xp_error_at(error, place, "the radius of %s is %g, expected a number above 0, usually 0.5", element->symbol,
                       element->radelem);
  if (!isfinite(element->wj))
    return xp_error_at(error, place, "the weight of %s is %g, expected a finite number", element->symbol, element->wj);
  if (2.0 * element->radelem * p->rcutfac <= p->rmin0)
    return xp_error_at(error, place, "the cutoff of %s, 2 * %g * rcutfac = %g Angstrom, is not above rmin0 = %g",
                       element->symbol, element->radelem, 2.0 * element->radelem * p->rcutfac, p->rmin0);
  for (int k = 0; k < model->ncoeff; ++k)
    if (!isfinite(element->coefficients[k]))
      return xp_error_at(error, place, "coefficient %d of %s is %g, expected a finite number", k, element->symbol,
                         element->coefficients[k]);
  return XP_OK;
}

xp_status xp_snap_model_check(const xp_snap_model *model, xp_place place, xp_error *error) {
  const xp_snap_parameters *p = &model->parameters;
  xp_status status = xp_snap_parameters_check(p, -1, error);
  if (status != XP_OK) return status;
  int expected = xp_snap_ncoeff(p, model->nelements);
  if (model->ncoeff != expected)
    return xp_error_at(error, place,
                       "%d coefficients an element, but twojmax %d with quadraticflag %d, chemflag %d and %d element%s "
                       "needs %d: the two files do not belong together, or a flag is wrong",
                       model->ncoeff, p->twojmax, p->quadraticflag, p->chemflag, model->nelements,
                       model->nelements == 1 ? "" : "s", expected);
  for (int i = 0; i < model->nelements && status == XP_OK; ++i) status = check_element(model, i, place, error);
  return status;
}

xp_status xp_snap_model_new(xp_snap_model **model, int nelements, int ncoeff, xp_error *error) {
  *model = NULL;
  if (nelements < 1 || ncoeff < 1)
    return xp_error_set(error, XP_ERROR_INPUT, "a SNAP model needs an element and a coefficient, found %d and %d",
                        nelements, ncoeff);
  xp_snap_model *m = calloc(1, sizeof *m);
  if (!m) return xp_error_memory(error, "a SNAP model");
  xp_snap_parameters_default(&m->parameters);
  m->ncoeff = ncoeff;
  m->elements = calloc((size_t)nelements, sizeof *m->elements);
  if (!m->elements) goto memory;
  m->nelements = nelements;
  for (int i = 0; i < nelements; ++i) {
    m->elements[i].radelem = 0.5;
    m->elements[i].wj = 1.0;
    m->elements[i].coefficients = calloc((size_t)ncoeff, sizeof(double));
    if (!m->elements[i].coefficients) goto memory;
  }
  *model = m;
  return XP_OK;
memory:
  xp_snap_model_free(m);
  return xp_error_memory(error, "SNAP coefficients");
}

void xp_snap_model_free(xp_snap_model *model) {
  if (!model) return;
  for (int i = 0; i < model->nelements; ++i) free(model->elements[i].coefficients);
  for (int i = 0; i < model->nwarnings; ++i) free(model->warnings[i]);
  free(model->elements);
  free(model->warnings);
  free(model->parameters.sinner);
  free(model->parameters.dinner);
  free(model);
}
