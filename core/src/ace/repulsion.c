/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/repulsion.h"

#include <math.h>

#include "ace/model.h"
#include "ace/plan_data.h"

/* Width of the far end of ZBL for radial functions that have none of their own, Angstrom. */
static const double FAR_WIDTH = 0.1;

/* How far the repulsion of density and distance reaches, Angstrom: to its inner cutoff or to where it counts as zero. */
static double gaussian_range(xp_ace_inner_type type, double prehc, double lambdahc, double rcut, double rcut_in) {
  if (prehc == 0.0) return 0.0;
  double end = fmin(rcut, sqrt(XP_ACE_CORE_EXPONENT_MAX / fabs(lambdahc)));
  return type == XP_ACE_INNER_DISTANCE ? fmin(end, rcut_in) : end;
}

static double bond_range(xp_ace_inner_type type, double prehc, double lambdahc, double rcut, double rcut_in) {
  if (type == XP_ACE_INNER_ZBL) return prehc == 0.0 ? 0.0 : rcut_in;
  return gaussian_range(type, prehc, lambdahc, rcut, rcut_in);
}

xp_repulsion xp_ace_plan_repulsion(const xp_ace_plan *plan, int i, int j) {
  const xp_ace_pair *pair = &plan->centres[i].pairs[j];
  const xp_ace_radial *radial = &pair->radial;
  xp_repulsion repulsion = {.nearest = pair->minimum};
  bool zbl = radial->inner == XP_ACE_INNER_ZBL, polynomials = radial->type == XP_ACE_ACEJL;
  repulsion.outer = polynomials
                        ? (radial->pair_polynomials ? radial->pair_term.ri : 0.0)
                        : bond_range(radial->inner, radial->prehc, radial->lambdahc, radial->rcut, pair->rcut_in);
  if (repulsion.outer <= 0.0) return repulsion;
  repulsion.form = zbl && !polynomials ? "ZBL" : "exponential";
  if (!polynomials && radial->inner != XP_ACE_INNER_DENSITY) repulsion.inner = fmax(0.0, pair->inner_start);
  return repulsion;
}

static bool repels(const xp_ace_bond *bond) {
  return bond_range(bond->inner_cutoff_type, bond->prehc, bond->lambdahc, bond->rcut, bond->rcut_in) > 0.0;
}

static xp_status refuse(const xp_ace_model *model, int i, int j, const char *found, xp_error *error) {
  return xp_error_set(error, XP_ERROR_INPUT,
                      "zbl: expected an ACE potential without a core repulsion other than ZBL, found %s of %s and %s; "
                      "leave the keyword out",
                      found, model->elements[i], model->elements[j]);
}

/* The kind of inner cutoff is one for the whole model. */
static xp_status check_bond(const xp_ace_model *model, int i, int j, double outer, xp_error *error) {
  const xp_ace_bond *bond = xp_ace_model_bond(model, i, j);
  if (bond->radbase == XP_ACE_ACEJL || model->pair_polynomials)
    return refuse(model, i, j, "the polynomials of ACE.jl", error);
  if (bond->inner_cutoff_type == XP_ACE_INNER_ZBL) return XP_OK;
  if (repels(bond)) return refuse(model, i, j, "an exponential one", error);
  if (outer >= bond->rcut_in && outer < bond->rcut) return XP_OK;
  return xp_error_set(error, XP_ERROR_INPUT,
                      "zbl: expected OUTER from the inner cutoff of the potential, %g Angstrom, to its cutoff, %g, for "
                      "%s and %s, found %g",
                      bond->rcut_in, bond->rcut, model->elements[i], model->elements[j], outer);
}

static void set_bond(xp_ace_bond *bond, double inner, double outer) {
  if (bond->inner_cutoff_type == XP_ACE_INNER_ZBL && repels(bond)) return;
  bond->inner_cutoff_type = XP_ACE_INNER_ZBL;
  bond->prehc = 1.0;
  bond->rcut_in = outer;
  bond->dcut_in = outer - inner;
  if (bond->radbase != XP_ACE_CHEB_EXP_COS && !(bond->dcut > 0.0 && bond->dcut < bond->rcut))
    bond->dcut = fmin(FAR_WIDTH, 0.5 * bond->rcut);
}

xp_status xp_ace_add_zbl(xp_ace_model *model, double inner, double outer, xp_error *error) {
  int n = model->nelements, without = 0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      xp_status status = check_bond(model, i, j, outer, error);
      if (status != XP_OK) return status;
      without += !repels(xp_ace_model_bond(model, i, j));
    }
  if (without == 0)
    return xp_error_set(error, XP_ERROR_INPUT,
                        "zbl: expected a potential without a core repulsion, found one that fades into ZBL for all "
                        "pairs of its elements already; leave the keyword out");
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) set_bond(xp_ace_model_bond(model, i, j), inner, outer);
  return xp_ace_model_check(model, error);
}
