/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/loss.h"

#include <math.h>

#define MEV 1000.0

/* Mean over the labelled cells of the number of atoms to a power. */
static double mean_atoms(const xp_data *data, double power) {
  double sum = 0.0;
  for (int s = 0; s < data->set->nstructures; ++s)
    if (data->set->structures[s]->has_energy) sum += pow(data->set->structures[s]->natoms, power);
  return data->nenergies ? sum / data->nenergies : 1.0;
}

/* L_E where the error of every energy an atom is target, eV. */
static double energy_at(xp_loss_error error, double target, const xp_data *data) {
  return target * (error == XP_LOSS_MAE ? mean_atoms(data, 0.5) : sqrt(mean_atoms(data, 1.0)));
}

/* L_F where the error of components is target: a vector's squares are those of its three components; its mean length is
 * twice the mean absolute value of a component where all directions are alike. */
static double force_at(xp_loss_error error, xp_loss_force force, double target) {
  if (force == XP_LOSS_COMPONENT) return target;
  return target * (error == XP_LOSS_MAE ? 2.0 : sqrt(3.0));
}

xp_loss_form xp_loss_form_of(const xp_config *config, const xp_data *data) {
  xp_loss_form form = {.error = (xp_loss_error)config->loss_error.value,
                       .force = (xp_loss_force)config->loss_force.value,
                       .huber_energy = config->loss_huber_energy.value,
                       .huber_force = config->loss_huber_force.value,
                       .alpha = config->alpha.value,
                       .virial_weight = config->loss_virial_weight.value};
  if (!config->energy_target.given) return form;
  double energy = energy_at(form.error, config->energy_target.value / MEV, data);
  double force = force_at(form.error, form.force, config->force_target.value);
  form.alpha = force / (energy + force);
  return form;
}

/* A term of a sum. Huber's is scaled so that it is the square where it is not linear. */
static double term(xp_loss_error error, double size, double huber) {
  if (error == XP_LOSS_MAE) return size;
  if (error == XP_LOSS_HUBER && size > huber) return huber * (2.0 * size - huber);
  return size * size;
}

static void add_forces(xp_loss_sums *sums, const xp_loss_form *form, const xp_structure *reference,
                       const xp_structure *predicted) {
  for (int atom = 0; atom < reference->natoms; ++atom) {
    double square = 0.0;
    for (int d = 0; d < 3; ++d) {
      double difference = predicted->forces[atom][d] - reference->forces[atom][d];
      square += difference * difference;
      if (form->force == XP_LOSS_COMPONENT) sums->force += term(form->error, fabs(difference), form->huber_force);
    }
    if (form->force == XP_LOSS_VECTOR) sums->force += term(form->error, sqrt(square), form->huber_force);
  }
  sums->nforces += (form->force == XP_LOSS_COMPONENT ? 3L : 1L) * reference->natoms;
}

static void add_virial(xp_loss_sums *sums, const xp_loss_form *form, const xp_structure *reference,
                       const xp_structure *predicted) {
  double root = sqrt(reference->natoms);
  for (int a = 0; a < 3; ++a)
    for (int b = a; b < 3; ++b) {
      double difference = fabs(predicted->virial[a][b] - reference->virial[a][b]) / root;
      sums->virial += term(form->error, difference, form->huber_energy);
      ++sums->nvirials;
    }
}

void xp_loss_add(xp_loss_sums *sums, const xp_loss_form *form, const xp_structure *reference,
                 const xp_structure *predicted) {
  if (reference->has_energy && predicted->has_energy) {
    double difference = fabs(predicted->energy - reference->energy) / sqrt(reference->natoms);
    sums->energy += term(form->error, difference, form->huber_energy);
    ++sums->nenergies;
  }
  if (reference->forces && predicted->forces) add_forces(sums, form, reference, predicted);
  if (reference->has_virial && predicted->has_virial) add_virial(sums, form, reference, predicted);
}

void xp_loss_join(xp_loss_sums *sums, const xp_loss_sums *more) {
  sums->nenergies += more->nenergies;
  sums->nforces += more->nforces;
  sums->nvirials += more->nvirials;
  sums->energy += more->energy;
  sums->force += more->force;
  sums->virial += more->virial;
}

static double statistic(xp_loss_error error, double sum, long n) {
  if (n == 0) return NAN;
  double mean = sum / (double)n;
  return error == XP_LOSS_MAE ? mean : sqrt(mean);
}

double xp_loss_of_energies(const xp_loss_form *form, const xp_loss_sums *sums) {
  return statistic(form->error, sums->energy, sums->nenergies);
}
double xp_loss_of_forces(const xp_loss_form *form, const xp_loss_sums *sums) {
  return statistic(form->error, sums->force, sums->nforces);
}
double xp_loss_of_virials(const xp_loss_form *form, const xp_loss_sums *sums) {
  return statistic(form->error, sums->virial, sums->nvirials);
}

double xp_loss_total(const xp_loss_form *form, const xp_loss_sums *sums) {
  double energy = form->alpha > 0.0 ? form->alpha * xp_loss_of_energies(form, sums) : 0.0;
  double force = form->alpha < 1.0 ? (1.0 - form->alpha) * xp_loss_of_forces(form, sums) : 0.0;
  double virial = form->virial_weight > 0.0 ? form->virial_weight * xp_loss_of_virials(form, sums) : 0.0;
  return energy + force + virial;
}
