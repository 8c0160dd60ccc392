/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/embedding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double shifted_scaled_curvature(double rho, double m) {
  if (fabs(m - 1.0) < XP_ACE_LINEAR_EXPONENT) return 0.0;
  double a = fabs(rho), n = 1.0 / m, fade = exp(-a);
  double x = pow(n, n / (1.0 - n)) * fade, y = pow(n, 1.0 / (1.0 - n)) * fade;
  double power = pow(x + a, m - 2.0);
  double curvature = m * (m - 1.0) * power * (1.0 - x) * (1.0 - x) + m * power * (x + a) * x - y;
  return rho < 0.0 ? -curvature : curvature;
}

static double finnis_sinclair_curvature(double rho, double m) {
  double a = fabs(rho), linear = pow(XP_ACE_FS_SLOPE, 1.0 - m);
  if (a <= XP_ACE_FS_SMALL) return 0.0;
  double scaled = XP_ACE_FS_SLOPE * a, cube = scaled * scaled * scaled;
  double g = cube > XP_ACE_FS_EXPONENT_MAX ? 0.0 : exp(-cube), dg = -3.0 * cube / a * g;
  double ddg = (9.0 * cube - 6.0) * cube / (a * a) * g, power = pow(a, m);
  double bare = m * (m - 1.0) * power / (a * a) * (1.0 - g) - 2.0 * m * power / a * dg;
  double curvature = bare + (linear * a - power) * ddg + 2.0 * linear * dg;
  return rho < 0.0 ? -curvature : curvature;
}

void xp_ace_embed(xp_ace_embedding_type npoti, double rho, double m, double out[3]) {
  bool plain = npoti == XP_ACE_FINNIS_SINCLAIR;
  out[0] = plain ? xp_ace_finnis_sinclair(rho, m, &out[1]) : xp_ace_shifted_scaled(rho, m, &out[1]);
  out[2] = plain ? finnis_sinclair_curvature(rho, m) : shifted_scaled_curvature(rho, m);
}

xp_status xp_ace_atom_rule_new(xp_ace_atom_rule *rule, const xp_ace_embedding *embedding, xp_ace_inner_type inner,
                               double e0, xp_error *error) {
  size_t bytes = 2 * (size_t)embedding->ndensity * sizeof(double);
  double *parameters = malloc(bytes);
  if (!parameters) return xp_error_memory(error, "the embedding of an ACE potential");
  memcpy(parameters, embedding->fs_parameters, bytes);
  *rule = (xp_ace_atom_rule){.ndensity = embedding->ndensity,
                             .npoti = embedding->npoti,
                             .parameters = parameters,
                             .rho_core_cutoff = embedding->rho_core_cutoff,
                             .drho_core_cutoff = embedding->drho_core_cutoff,
                             .e0 = e0,
                             .inner = inner};
  return XP_OK;
}

void xp_ace_atom_rule_clear(xp_ace_atom_rule *rule) {
  free((void *)rule->parameters); /* const for those who evaluate */
  rule->parameters = NULL;
}

void xp_ace_atom_evaluate(const xp_ace_atom_rule *rule, const double *densities, int stride,
                          const xp_ace_core_state *core, double *slopes, xp_ace_atom_energy *result) {
  *result = xp_ace_atom_formula(rule, densities, stride, core, slopes);
}
