/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>

#include "config/ace_input.h"

static xp_place whole(const xp_config *config) {
  return (xp_place){config->path, 0, 0};
}

/* Number of iterations of a stage: one number serves all; the table's own are for the first stage and all later ones. */
static int iterations_of(const xp_config *config, const double *values, int stage) {
  int last = config->iterations.count - 1;
  return (int)xp_parameter_at(&config->iterations.values[stage < last ? stage : last], values);
}

static xp_status set_stages(xp_ace_fit_settings *settings, const xp_config *config, const double *values,
                            xp_error *error) {
  const xp_list *kappa = &config->kappa, *iterations = &config->iterations;
  settings->kappa_auto = kappa->word >= 0;
  settings->nstages = kappa->count;
  if (settings->kappa_auto) settings->nstages = iterations->given ? iterations->count : 1;
  if (iterations->given && iterations->count != 1 && iterations->count != settings->nstages)
    return xp_error_at(error, whole(config), "fit: iterations has %d numbers and kappa %d; expected as many, or one",
                       iterations->count, settings->nstages);
  for (int s = 0; s < settings->nstages; ++s) {
    settings->stages[s].iterations = iterations_of(config, values, s);
    if (!settings->kappa_auto) settings->stages[s].kappa = xp_parameter_at(&kappa->values[s], values);
  }
  return XP_OK;
}

static xp_status set_ladder(xp_ace_fit_settings *settings, const xp_config *config, const double *values,
                            xp_error *error) {
  static const xp_ace_order orders[] = {XP_ACE_ORDER_POWER, XP_ACE_ORDER_BODY};
  settings->ladder_type = orders[(int)xp_parameter_at(&config->ladder_type, values)];
  for (int i = 0; i < config->ladder_step.count; ++i) {
    double step = xp_parameter_at(&config->ladder_step.values[i], values);
    bool fraction = step < 1.0, again = fraction ? settings->ladder_fraction > 0.0 : settings->ladder_functions > 0;
    if (again || (!fraction && step != floor(step)))
      return xp_error_at(error, whole(config),
                         "fit: ladder_step: expected a whole number of functions, a fraction below 1, or one of each, "
                         "found %g%s",
                         step, again ? " as another of its kind" : "");
    if (fraction)
      settings->ladder_fraction = step;
    else
      settings->ladder_functions = (int)step;
  }
  return XP_OK;
}

xp_status xp_ace_fit_settings_of(xp_ace_fit_settings *settings, const xp_config *config, const double *values,
                                 xp_error *error) {
  *settings = (xp_ace_fit_settings){.virial_weight = xp_parameter_at(&config->virial_weight, values),
                                    .L1_coeffs = xp_parameter_at(&config->L1_coeffs, values),
                                    .L2_coeffs = xp_parameter_at(&config->L2_coeffs, values),
                                    .w_rad = {xp_parameter_at(&config->w0_rad, values),
                                              xp_parameter_at(&config->w1_rad, values),
                                              xp_parameter_at(&config->w2_rad, values)},
                                    .huber_energy = xp_parameter_at(&config->huber_energy, values),
                                    .huber_force = xp_parameter_at(&config->huber_force, values),
                                    .solver = (xp_ace_solver)(int)xp_parameter_at(&config->solver, values),
                                    .linear = (xp_ace_linear)(int)xp_parameter_at(&config->linear, values),
                                    .trainable = (xp_ace_trainable)(int)xp_parameter_at(&config->trainable, values),
                                    .patience = (int)xp_parameter_at(&config->patience, values),
                                    .checkpoint = (int)xp_parameter_at(&config->checkpoint, values),
                                    .initial_potential = config->initial_potential,
                                    .constant = xp_parameter_at(&config->constant, values) != 0.0,
                                    .rcond = xp_parameter_at(&config->rcond, values)};
  xp_status status = set_stages(settings, config, values, error);
  return status == XP_OK ? set_ladder(settings, config, values, error) : status;
}
