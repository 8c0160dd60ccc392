/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/embedding.h"

#include <math.h>
#include <stdbool.h>

static const double LINEAR_EXPONENT = 1e-10; /* exponents this close to 1 are 1 */
static const double FS_SMALL = 1e-10;        /* below this |rho| FinnisSinclair is linear */
static const double FS_SLOPE = 1e6;          /* W of ace.md section 5 */
static const double FS_EXPONENT_MAX = 30.0;

static double shifted_scaled(double rho, double m, double *slope) {
  if (fabs(m - 1.0) < LINEAR_EXPONENT) {
    *slope = 1.0;
    return rho;
  }
  double a = fabs(rho), n = 1.0 / m, fade = exp(-a);
  double x = pow(n, n / (1.0 - n)) * fade, y = pow(n, 1.0 / (1.0 - n)) * fade;
  double power = pow(x + a, m);
  *slope = m * (1.0 - x) * power / (x + a) + y;
  return copysign(power - y, rho);
}

static double finnis_sinclair(double rho, double m, double *slope) {
  double a = fabs(rho), linear = pow(FS_SLOPE, 1.0 - m);
  if (a <= FS_SMALL) {
    *slope = linear;
    return linear * rho;
  }
  double cube = pow(FS_SLOPE * a, 3.0);
  double g = cube > FS_EXPONENT_MAX ? 0.0 : exp(-cube), dg = -3.0 * cube / a * g;
  double power = pow(a, m);
  *slope = m * power / a * (1.0 - g) + dg * (linear * a - power) + linear * g;
  return copysign((1.0 - g) * power + linear * g * a, rho);
}

static double shifted_scaled_curvature(double rho, double m) {
  if (fabs(m - 1.0) < LINEAR_EXPONENT) return 0.0;
  double a = fabs(rho), n = 1.0 / m, fade = exp(-a);
  double x = pow(n, n / (1.0 - n)) * fade, y = pow(n, 1.0 / (1.0 - n)) * fade;
  double power = pow(x + a, m - 2.0);
  double curvature = m * (m - 1.0) * power * (1.0 - x) * (1.0 - x) + m * power * (x + a) * x - y;
  return rho < 0.0 ? -curvature : curvature;
}

static double finnis_sinclair_curvature(double rho, double m) {
  double a = fabs(rho), linear = pow(FS_SLOPE, 1.0 - m);
  if (a <= FS_SMALL) return 0.0;
  double cube = pow(FS_SLOPE * a, 3.0);
  double g = cube > FS_EXPONENT_MAX ? 0.0 : exp(-cube), dg = -3.0 * cube / a * g;
  double ddg = (9.0 * cube - 6.0) * cube / (a * a) * g, power = pow(a, m);
  double bare = m * (m - 1.0) * power / (a * a) * (1.0 - g) - 2.0 * m * power / a * dg;
  double curvature = bare + (linear * a - power) * ddg + 2.0 * linear * dg;
  return rho < 0.0 ? -curvature : curvature;
}

void xp_ace_embed(xp_ace_embedding_type npoti, double rho, double m, double out[3]) {
  bool plain = npoti == XP_ACE_FINNIS_SINCLAIR;
  out[0] = plain ? finnis_sinclair(rho, m, &out[1]) : shifted_scaled(rho, m, &out[1]);
  out[2] = plain ? finnis_sinclair_curvature(rho, m) : shifted_scaled_curvature(rho, m);
}

/* The polynomial step: 1 below b - width, 0 above b; which of the two wins for width 0 is the caller's choice. */
static double step(double t, double b, double width, double *slope) {
  double x = 1.0 - 2.0 * (1.0 + (t - b) / width), square = x * x;
  *slope = -15.0 / (8.0 * width) * (1.0 - square) * (1.0 - square);
  return 0.5 + x * (15.0 - 10.0 * square + 3.0 * square * square) / 16.0;
}

static double core_fade(const xp_ace_atom_rule *rule, double rho_core, double *slope) {
  *slope = 0.0;
  if (rho_core >= rule->rho_core_cutoff) return 0.0;
  if (rho_core <= rule->rho_core_cutoff - rule->drho_core_cutoff) return 1.0;
  return step(rho_core, rule->rho_core_cutoff, rule->drho_core_cutoff, slope);
}

/* slope: d fc / d depth */
static double zbl_fade(double depth, double width, double *slope) {
  *slope = 0.0;
  if (depth <= 0.0) return 1.0;
  if (depth >= width) return 0.0;
  return step(depth, width, width, slope);
}

void xp_ace_atom_evaluate(const xp_ace_atom_rule *rule, const double *densities, int stride,
                          const xp_ace_core_state *core, double *slopes, xp_ace_atom_energy *result) {
  double sum = 0.0, fade_slope;
  bool zbl = rule->inner == XP_ACE_INNER_ZBL;
  double fade = zbl ? zbl_fade(core->depth, core->width, &fade_slope) : core_fade(rule, core->rho_core, &fade_slope);
  for (int p = 0; p < rule->ndensity; ++p) {
    double w = rule->parameters[2 * p], m = rule->parameters[2 * p + 1], slope;
    double rho = densities[p * stride];
    sum +=
        w * (rule->npoti == XP_ACE_FINNIS_SINCLAIR ? finnis_sinclair(rho, m, &slope) : shifted_scaled(rho, m, &slope));
    slopes[p * stride] = fade * w * slope;
  }
  result->core_factor = 1.0 - fade;
  if (zbl) {
    result->energy = fade * sum + (1.0 - fade) * core->rho_core + rule->e0;
    result->core_slope = 1.0 - fade;
    result->nearest_slope = -(sum - core->rho_core) * fade_slope; /* depth falls as r grows */
  } else {
    result->energy = fade * sum + core->rho_core + rule->e0;
    result->core_slope = 1.0 + sum * fade_slope;
    result->nearest_slope = 0.0;
  }
}
