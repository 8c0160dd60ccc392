/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the densities of one atom to its energy (ace.md section 5), inline for kernels of any language and device that can
 * compile it. */
#ifndef XPOT_ACE_ATOM_H
#define XPOT_ACE_ATOM_H

#include <math.h>
#include <stdbool.h>

#include "xpot/ace.h"

/* What marks a function for a device's compiler, which defines it before. */
#ifndef XP_ACE_FUNCTION
#define XP_ACE_FUNCTION static inline
#endif

typedef struct xp_ace_atom_rule {
  int ndensity;
  xp_ace_embedding_type npoti;
  const double *parameters; /* [2 * ndensity] w_0, m_0, ...; a plan owns those of its rules */
  double rho_core_cutoff, drho_core_cutoff;
  double e0;
  xp_ace_inner_type inner;
} xp_ace_atom_rule;

/* What one atom's energy depends on besides its densities. */
typedef struct xp_ace_core_state {
  double rho_core;
  double depth; /* zbl: how far the most compressed bond is inside its inner cutoff: r_in - r; 0 or less: none */
  double width; /* zbl: dcut_in of that bond */
} xp_ace_core_state;

typedef struct xp_ace_atom_energy {
  double energy;
  double core_factor;   /* 1 - fc */
  double core_slope;    /* dE/drho_core */
  double nearest_slope; /* dE/dr of the most compressed bond beyond the other terms; zbl only */
} xp_ace_atom_energy;

#define XP_ACE_LINEAR_EXPONENT 1e-10 /* exponents this close to 1 are 1 */
#define XP_ACE_FS_SMALL 1e-10        /* below this |rho| FinnisSinclair is linear */
#define XP_ACE_FS_SLOPE 1e6          /* W of ace.md section 5 */
#define XP_ACE_FS_EXPONENT_MAX 30.0

/* F(rho; m) of FinnisSinclairShiftedScaled and its derivative. */
XP_ACE_FUNCTION double xp_ace_shifted_scaled(double rho, double m, double *slope) {
  if (fabs(m - 1.0) < XP_ACE_LINEAR_EXPONENT) {
    *slope = 1.0;
    return rho;
  }
  double a = fabs(rho), n = 1.0 / m, fade = exp(-a);
  double x = pow(n, n / (1.0 - n)) * fade, y = pow(n, 1.0 / (1.0 - n)) * fade;
  double power = pow(x + a, m);
  *slope = m * (1.0 - x) * power / (x + a) + y;
  return copysign(power - y, rho);
}

/* F(rho; m) of FinnisSinclair and its derivative. */
XP_ACE_FUNCTION double xp_ace_finnis_sinclair(double rho, double m, double *slope) {
  double a = fabs(rho), linear = pow(XP_ACE_FS_SLOPE, 1.0 - m);
  if (a <= XP_ACE_FS_SMALL) {
    *slope = linear;
    return linear * rho;
  }
  double scaled = XP_ACE_FS_SLOPE * a, cube = scaled * scaled * scaled;
  double g = cube > XP_ACE_FS_EXPONENT_MAX ? 0.0 : exp(-cube), dg = -3.0 * cube / a * g;
  double power = pow(a, m);
  *slope = m * power / a * (1.0 - g) + dg * (linear * a - power) + linear * g;
  return copysign((1.0 - g) * power + linear * g * a, rho);
}

/* The polynomial step and its derivative: 1 below b - width, 0 above b; which of the two wins for width 0 is the caller's
 * choice. */
XP_ACE_FUNCTION double xp_ace_step(double t, double b, double width, double *slope) {
  double x = 1.0 - 2.0 * (1.0 + (t - b) / width), square = x * x;
  *slope = -15.0 / (8.0 * width) * (1.0 - square) * (1.0 - square);
  return 0.5 + x * (15.0 - 10.0 * square + 3.0 * square * square) / 16.0;
}

XP_ACE_FUNCTION double xp_ace_core_fade(const xp_ace_atom_rule *rule, double rho_core, double *slope) {
  *slope = 0.0;
  if (rho_core >= rule->rho_core_cutoff) return 0.0;
  if (rho_core <= rule->rho_core_cutoff - rule->drho_core_cutoff) return 1.0;
  return xp_ace_step(rho_core, rule->rho_core_cutoff, rule->drho_core_cutoff, slope);
}

/* slope: d fc / d depth */
XP_ACE_FUNCTION double xp_ace_zbl_fade(double depth, double width, double *slope) {
  *slope = 0.0;
  if (depth <= 0.0) return 1.0;
  if (depth >= width) return 0.0;
  return xp_ace_step(depth, width, width, slope);
}

/* Fills slopes[ndensity] with dE/drho^(p). densities and slopes have the given stride. */
XP_ACE_FUNCTION xp_ace_atom_energy xp_ace_atom_formula(const xp_ace_atom_rule *rule, const double *densities,
                                                       int stride, const xp_ace_core_state *core, double *slopes) {
  double sum = 0.0, fade_slope;
  bool zbl = rule->inner == XP_ACE_INNER_ZBL;
  double fade = zbl ? xp_ace_zbl_fade(core->depth, core->width, &fade_slope)
                    : xp_ace_core_fade(rule, core->rho_core, &fade_slope);
  for (int p = 0; p < rule->ndensity; ++p) {
    double w = rule->parameters[2 * p], m = rule->parameters[2 * p + 1], rho = densities[p * stride], slope;
    sum += w * (rule->npoti == XP_ACE_FINNIS_SINCLAIR ? xp_ace_finnis_sinclair(rho, m, &slope)
                                                      : xp_ace_shifted_scaled(rho, m, &slope));
    slopes[p * stride] = fade * w * slope;
  }
  xp_ace_atom_energy result;
  result.core_factor = 1.0 - fade;
  result.energy = fade * sum + (zbl ? 1.0 - fade : 1.0) * core->rho_core + rule->e0;
  result.core_slope = zbl ? 1.0 - fade : 1.0 + sum * fade_slope;
  result.nearest_slope = zbl ? -(sum - core->rho_core) * fade_slope : 0.0; /* depth falls as r grows */
  return result;
}

#endif
