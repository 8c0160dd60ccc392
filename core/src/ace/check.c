/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes a model evaluable; the only place that knows. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ace/model.h"
#include "structure/element.h"

bool xp_ace_found(xp_ace_finding *finding, const char *field, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  finding->field = field;
  vsnprintf(finding->sentence, sizeof finding->sentence, format, arguments);
  va_end(arguments);
  return false;
}

static bool symbol_valid(const char *symbol) {
  size_t length = strspn(symbol, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
  return length > 0 && symbol[length] == 0;
}

bool xp_ace_bins_check(double delta_spline_bins, xp_ace_finding *finding) {
  if (delta_spline_bins >= XP_ACE_BINS_WIDTH_MIN && isfinite(delta_spline_bins)) return true;
  return xp_ace_found(finding, "deltaSplineBins",
                      "deltaSplineBins is %g, expected a length of at least %g (0.001 is usual)", delta_spline_bins,
                      XP_ACE_BINS_WIDTH_MIN);
}

bool xp_ace_elements_check(const xp_ace_model *model, xp_ace_finding *finding) {
  for (int i = 0; i < model->nelements; ++i) {
    if (!symbol_valid(model->elements[i]))
      return xp_ace_found(finding, "elements", "\"%s\" is not an element symbol", model->elements[i]);
    if (!isfinite(model->e0[i])) return xp_ace_found(finding, "E0", "E0 of %s is not finite", model->elements[i]);
    for (int j = 0; j < i; ++j)
      if (strcmp(model->elements[i], model->elements[j]) == 0)
        return xp_ace_found(finding, "elements", "element %s is listed twice", model->elements[i]);
  }
  return true;
}

bool xp_ace_embedding_check(const xp_ace_embedding *embedding, xp_ace_finding *finding) {
  if (embedding->ndensity < 1 || embedding->ndensity > XP_ACE_DENSITIES_MAX)
    return xp_ace_found(finding, "ndensity", "ndensity is %d, expected 1 to %d", embedding->ndensity,
                        XP_ACE_DENSITIES_MAX);
  for (int p = 0; p < embedding->ndensity; ++p) {
    double exponent = embedding->fs_parameters[2 * p + 1];
    if (!isfinite(embedding->fs_parameters[2 * p]) || !isfinite(exponent) || exponent <= 0.0)
      return xp_ace_found(finding, "FS_parameters", "the exponent of density %d is %g, expected a number above 0",
                          p + 1, exponent);
  }
  if (!isfinite(embedding->rho_core_cutoff))
    return xp_ace_found(finding, "rho_core_cutoff", "rho_core_cutoff is not finite");
  if (!(embedding->drho_core_cutoff >= 0.0) || isinf(embedding->drho_core_cutoff))
    return xp_ace_found(finding, "drho_core_cutoff", "drho_core_cutoff is %g, expected a number not below 0",
                        embedding->drho_core_cutoff);
  return true;
}

static bool in_range(xp_ace_finding *finding, const char *field, int value, int low, int high) {
  if (value >= low && value <= high) return true;
  return xp_ace_found(finding, field, "%s is %d, expected %d to %d", field, value, low, high);
}

/* A power that is fine for negative numbers too. */
static bool whole(double power) {
  return power >= 0.0 && power == floor(power) && isfinite(power);
}

bool xp_ace_polynomials_check(const xp_ace_acejl *q, xp_ace_finding *finding) {
  if (!in_range(finding, "maxn", q->maxn, 1, XP_ACE_RADIAL_MAX)) return false;
  if (!whole(q->pl)) return xp_ace_found(finding, "pl", "pl is %g, expected a whole number not below 0", q->pl);
  if (!whole(q->pr)) return xp_ace_found(finding, "pr", "pr is %g, expected a whole number not below 0", q->pr);
  if (!(q->r0 >= 0.0)) return xp_ace_found(finding, "r0", "r0 is %g, expected a number not below 0", q->r0);
  return true;
}

static bool shape_check(const xp_ace_bond *bond, xp_ace_finding *finding) {
  return in_range(finding, "nradmax", bond->nradmax, 0, XP_ACE_RADIAL_MAX) &&
         in_range(finding, "lmax", bond->lmax, 0, XP_ACE_L_MAX) &&
         in_range(finding, "nradbasemax", bond->nradbasemax, 1, XP_ACE_RADIAL_MAX);
}

static bool radial_check(const xp_ace_bond *bond, xp_ace_finding *finding) {
  bool needs_lambda = bond->radbase == XP_ACE_CHEB_EXP_COS || bond->radbase == XP_ACE_CHEB_POW;
  if (!needs_lambda) return true;
  if (bond->nradparameters < 1)
    return xp_ace_found(finding, "radparameters", "radparameters is empty, %s needs one number", bond->radbasename);
  if (bond->radbase == XP_ACE_CHEB_POW ? bond->radparameters[0] > 0.0 : bond->radparameters[0] != 0.0) return true;
  return xp_ace_found(finding, "radparameters", "lambda is %g, which %s cannot use", bond->radparameters[0],
                      bond->radbasename);
}

static bool zbl_check(const xp_ace_model *model, int i, int j, xp_ace_finding *finding) {
  int pair[2] = {i, j};
  for (int side = 0; side < 2; ++side)
    if (!xp_element_number(model->elements[pair[side]]))
      return xp_ace_found(finding, "inner_cutoff_type",
                          "zbl needs the atomic number of \"%s\", which is no element up to Lr",
                          model->elements[pair[side]]);
  const xp_ace_bond *bond = xp_ace_model_bond(model, i, j);
  if (bond->dcut > 0.0 && bond->dcut < bond->rcut) return true;
  return xp_ace_found(finding, "dcut", "dcut is %g, zbl needs a width between 0 and rcut", bond->dcut);
}

bool xp_ace_bond_check(const xp_ace_model *model, int i, int j, xp_ace_finding *finding) {
  const xp_ace_bond *bond = xp_ace_model_bond(model, i, j);
  if (!shape_check(bond, finding)) return false;
  if (!(bond->rcut > 0.0 && bond->rcut <= XP_ACE_RCUT_MAX))
    return xp_ace_found(finding, "rcut", "rcut is %g, expected a length above 0 and at most %g Angstrom", bond->rcut,
                        XP_ACE_RCUT_MAX);
  if ((bond->radbase == XP_ACE_ACEJL) != (model->bonds[0].radbase == XP_ACE_ACEJL))
    return xp_ace_found(finding, "radbasename", "ACE.jl and PACE radial functions cannot be mixed in one file");
  if (bond->inner_cutoff_type != model->bonds[0].inner_cutoff_type)
    return xp_ace_found(finding, "inner_cutoff_type",
                        "all bonds must have the same inner_cutoff_type, the first has %s",
                        xp_ace_inner_name(model->bonds[0].inner_cutoff_type));
  if (bond->radbase == XP_ACE_ACEJL) return xp_ace_polynomials_check(bond->acejl, finding);
  if (!(bond->dcut >= 0.0))
    return xp_ace_found(finding, "dcut", "dcut is %g, expected a width not below 0", bond->dcut);
  if (!(bond->rcut_in >= 0.0))
    return xp_ace_found(finding, "rcut_in", "rcut_in is %g, expected a length not below 0", bond->rcut_in);
  if (!(bond->dcut_in >= 0.0))
    return xp_ace_found(finding, "dcut_in", "dcut_in is %g, expected a width not below 0", bond->dcut_in);
  if (!(model->delta_spline_bins <= bond->rcut))
    return xp_ace_found(finding, "rcut", "rcut is %g, below one bin of the look-up tables (deltaSplineBins %g)",
                        bond->rcut, model->delta_spline_bins);
  if (!radial_check(bond, finding)) return false;
  return bond->inner_cutoff_type != XP_ACE_INNER_ZBL || zbl_check(model, i, j, finding);
}

static bool factor_check(const xp_ace_model *model, int i, const xp_ace_function *function, int t,
                         xp_ace_finding *finding) {
  int mu = function->mus[t];
  if (mu < 0 || mu >= model->nelements)
    return xp_ace_found(finding, "mus", "mus has species %d, expected 0 to %d", mu, model->nelements - 1);
  const xp_ace_bond *bond = xp_ace_model_bond(model, i, mu);
  int nmax = function->rank == 1 ? bond->nradbasemax : bond->nradmax;
  if (function->ns[t] < 1 || function->ns[t] > nmax)
    return xp_ace_found(finding, "ns", "ns has %d, expected 1 to %d (%s of bond [%d, %d])", function->ns[t], nmax,
                        function->rank == 1 ? "nradbasemax" : "nradmax", i, mu);
  int lmax = function->rank == 1 ? 0 : bond->lmax;
  if (function->ls[t] < 0 || function->ls[t] > lmax)
    return xp_ace_found(finding, "ls", "ls has %d, expected 0 to %d (%s)", function->ls[t], lmax,
                        function->rank == 1 ? "rank 1 is the pair term" : "lmax of the bond");
  for (int q = 0; q < function->num_ms_combs; ++q) {
    int m = function->ms_combs[(size_t)q * (size_t)function->rank + (size_t)t];
    if (m < -function->ls[t] || m > function->ls[t])
      return xp_ace_found(finding, "ms_combs", "ms_combs has m = %d beside l = %d, expected -l to l", m,
                          function->ls[t]);
  }
  return true;
}

bool xp_ace_function_check(const xp_ace_model *model, int i, const xp_ace_function *function, xp_ace_finding *finding) {
  if (!in_range(finding, "rank", function->rank, 1, XP_ACE_RANK_MAX)) return false;
  if (function->ndensity != model->embeddings[i].ndensity)
    return xp_ace_found(finding, "ndensity", "ndensity is %d, the embedding of %s has %d", function->ndensity,
                        model->elements[i], model->embeddings[i].ndensity);
  for (int t = 0; t < function->rank; ++t)
    if (!factor_check(model, i, function, t, finding)) return false;
  size_t ncoefficients = (size_t)function->num_ms_combs * (size_t)function->ndensity;
  for (size_t c = 0; c < ncoefficients; ++c)
    if (!isfinite(function->ctildes[c])) return xp_ace_found(finding, "ctildes", "a coefficient is not finite");
  return true;
}

static xp_status report(const xp_ace_finding *finding, xp_error *error) {
  return xp_error_set(error, XP_ERROR_INPUT, "ACE model: %s", finding->sentence);
}

xp_status xp_ace_model_check(const xp_ace_model *model, xp_error *error) {
  xp_ace_finding finding = {0};
  if (!xp_ace_elements_check(model, &finding) || !xp_ace_bins_check(model->delta_spline_bins, &finding))
    return report(&finding, error);
  for (int i = 0; i < model->nelements; ++i) {
    if (!xp_ace_embedding_check(&model->embeddings[i], &finding)) return report(&finding, error);
    for (int j = 0; j < model->nelements; ++j)
      if (!xp_ace_bond_check(model, i, j, &finding)) return report(&finding, error);
  }
  for (int i = 0; i < model->nelements; ++i)
    for (int f = 0; f < model->nfunctions[i]; ++f)
      if (!xp_ace_function_check(model, i, &model->functions[i][f], &finding)) return report(&finding, error);
  return XP_OK;
}

bool xp_ace_tuple_invariant(const xp_ace_function *function, int tuple) {
  const int *ms = function->ms_combs + (size_t)tuple * (size_t)function->rank;
  int sum = 0;
  for (int t = 0; t < function->rank; ++t) sum += ms[t];
  return sum == 0;
}

bool xp_ace_radial_from_name(const char *name, xp_ace_radial_type *type) {
  static const struct {
    const char *name;
    xp_ace_radial_type type;
  } exact[] = {{"ChebExpCos", XP_ACE_CHEB_EXP_COS},
               {"ChebPow", XP_ACE_CHEB_POW},
               {"ChebLinear", XP_ACE_CHEB_LINEAR},
               {"SBessel", XP_ACE_SBESSEL},
               {"TEST_SBessel", XP_ACE_SBESSEL}};
  for (size_t i = 0; i < sizeof exact / sizeof *exact; ++i)
    if (strcmp(name, exact[i].name) == 0) {
      *type = exact[i].type;
      return true;
    }
  *type = strncmp(name, "ACE.jl", 6) == 0 ? XP_ACE_ACEJL : XP_ACE_ZERO;
  return *type == XP_ACE_ACEJL || strncmp(name, "TEST_", 5) == 0;
}

static const char *const embedding_names[] = {"FinnisSinclair", "FinnisSinclairShiftedScaled"};
static const char *const inner_names[] = {"density", "distance", "zbl"};

bool xp_ace_embedding_from_name(const char *name, xp_ace_embedding_type *type) {
  for (int i = 0; i < 2; ++i)
    if (strcmp(name, embedding_names[i]) == 0) {
      *type = (xp_ace_embedding_type)i;
      return true;
    }
  return false;
}

bool xp_ace_inner_from_name(const char *name, xp_ace_inner_type *type) {
  for (int i = 0; i < 3; ++i)
    if (strcmp(name, inner_names[i]) == 0) {
      *type = (xp_ace_inner_type)i;
      return true;
    }
  return false;
}

const char *xp_ace_embedding_name(xp_ace_embedding_type type) {
  return embedding_names[type];
}
const char *xp_ace_inner_name(xp_ace_inner_type type) {
  return inner_names[type];
}
