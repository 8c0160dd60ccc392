/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Predictions of a structure and gradients by parameters; formulas of ace.md sections 6 and 10. */
#include <string.h>

#include "training/scratch.h"

/* Embedding of one lane: sum of w F, and phi = fc w F'. */
static double embed(xp_ace_fit_scratch *s, int lane, double fade) {
  const xp_ace_atom_rule *rule = &s->batch.centre->rule;
  double sum = 0.0;
  for (int p = 0; p < rule->ndensity; ++p) {
    double f[3], w = rule->parameters[2 * p];
    int at = p * s->lanes + lane;
    xp_ace_embed(rule->npoti, s->batch.densities[at], rule->parameters[2 * p + 1], f);
    sum += w * f[0];
    s->batch.phi[at] = fade * w * f[1];
  }
  return sum;
}

static double fade_of(const xp_ace_fit_scratch *s, const xp_ace_fit_structure *structure, int lane) {
  return s->atoms[lane] == XP_TRAINING_NO_ATOM ? 0.0 : structure->fade[s->atoms[lane]];
}

/* Adds what one neighbour contributes to forces and virial. */
static void add_pair(xp_ace_fit_labels *out, const xp_ace_fit_structure *structure, int atom, long k,
                     const double f[3]) {
  int neighbour = structure->index[k];
  for (int a = 0; a < 3; ++a) {
    out->forces[atom][a] += f[a];
    out->forces[neighbour][a] -= f[a];
    for (int b = 0; b < 3; ++b) out->virial[b][a] -= structure->distance[k] * structure->unit[k][b] * f[a];
  }
}

static void scatter(const xp_ace_fit_scratch *s, const xp_ace_fit_structure *structure, const double *energies,
                    xp_ace_fit_labels *out) {
  const xp_training_batch *b = &s->batch;
  for (int j = 0; j < b->fit->nelements; ++j)
    for (int row = b->first[j]; row < b->first[j + 1]; ++row)
      for (int lane = 0; lane < s->lanes; ++lane) {
        long k = xp_training_source(s, structure, lane, j, row);
        double f[3];
        if (k < 0) continue;
        for (int a = 0; a < 3; ++a) {
          f[a] = b->gradient[(3 * row + a) * s->lanes + lane];
          if (structure->dfade) f[a] += energies[lane] * structure->dfade[k][a];
        }
        add_pair(out, structure, s->atoms[lane], k, f);
      }
}

static void predict_batch(xp_ace_fit_scratch *s, const xp_ace_fit_structure *structure, xp_ace_fit_labels *out) {
  double energies[XP_TRAINING_LANES_MAX];
  XP_KERNEL_SELECT_DOUBLE(xp_training_forward)(&s->batch, false);
  for (int lane = 0; lane < s->lanes; ++lane) {
    double fade = fade_of(s, structure, lane);
    energies[lane] = embed(s, lane, fade);
    out->energy += fade * energies[lane];
  }
  if (!out->forces) return;
  XP_KERNEL_SELECT_DOUBLE(xp_training_gradients)(&s->batch);
  scatter(s, structure, energies, out);
}

/* Energy of free atoms and of the core. */
static void begin(const xp_ace_fit *fit, const xp_ace_fit_structure *structure, const double *parameters,
                  xp_ace_fit_labels *out) {
  size_t bytes = (size_t)structure->natoms * sizeof *out->forces;
  const double *e0 = parameters + fit->layout.ntotal - fit->nelements;
  out->energy = structure->core.energy;
  for (int atom = 0; atom < structure->natoms; ++atom) out->energy += e0[structure->species[atom]];
  memcpy(out->virial, structure->core.virial, sizeof out->virial);
  if (out->forces && structure->core.forces)
    memcpy(out->forces, structure->core.forces, bytes);
  else if (out->forces)
    memset(out->forces, 0, bytes);
}

xp_status xp_ace_fit_predict(const xp_ace_fit *fit, xp_ace_fit_scratch *scratch, const xp_ace_fit_structure *structure,
                             const double *parameters, xp_ace_fit_labels *out, xp_error *error) {
  xp_status status = XP_OK;
  begin(fit, structure, parameters, out);
  scratch->loaded = NULL;
  for (int at = 0, count; at < structure->natoms && !status; at += count) {
    count = xp_training_batch_size(structure, at, scratch->lanes);
    status = xp_training_gather(scratch, structure, at, count, NULL, error);
    if (status) break;
    if (scratch->loaded != scratch->batch.centre) xp_training_load(scratch, scratch->batch.centre, parameters);
    predict_batch(scratch, structure, out);
  }
  return status;
}

/* Change of fc of a lane's atom along the velocities. */
static double fade_change(const xp_ace_fit_scratch *s, const xp_ace_fit_structure *structure, int lane) {
  double sum = 0.0;
  if (!structure->dfade) return 0.0;
  for (int j = 0; j < s->batch.fit->nelements; ++j)
    for (int row = s->batch.first[j]; row < s->batch.first[j + 1]; ++row) {
      long k = xp_training_source(s, structure, lane, j, row);
      for (int a = 0; a < 3 && k >= 0; ++a)
        sum += structure->dfade[k][a] * s->batch.velocity[(3 * row + a) * s->lanes + lane];
    }
  return sum;
}

/* phi and alpha of one lane: how the loss depends on changes of densities, and on densities. */
static void weigh(xp_ace_fit_scratch *s, const xp_ace_fit_structure *structure, double by_energy, int lane) {
  const xp_ace_atom_rule *rule = &s->batch.centre->rule;
  double fade = fade_of(s, structure, lane), change = fade_change(s, structure, lane);
  for (int p = 0; p < rule->ndensity; ++p) {
    double f[3], w = rule->parameters[2 * p];
    int at = p * s->lanes + lane;
    xp_ace_embed(rule->npoti, s->batch.densities[at], rule->parameters[2 * p + 1], f);
    s->batch.phi[at] = fade * w * f[1];
    s->batch.alpha[at] = (by_energy * fade + change) * w * f[1];
    if (f[2] != 0.0) s->batch.alpha[at] += fade * w * f[2] * s->batch.density_tangents[at];
  }
}

static double sum_lanes(const double *vector, int lanes) {
  double sum = 0.0;
  for (int lane = 0; lane < lanes; ++lane) sum += vector[lane];
  return sum;
}

/* Adds the sums of a species to the gradient and empties them. */
static void flush_functions(xp_ace_fit_scratch *s, double *gradient) {
  const xp_training_centre *centre = s->loaded;
  if (!centre) return;
  int count = centre->nfunctions * centre->rule.ndensity;
  for (int c = 0; c < count; ++c)
    gradient[centre->first + c] += sum_lanes(s->batch.function_gradient + c * s->lanes, s->lanes);
  memset(s->batch.function_gradient, 0, (size_t)(count * s->lanes) * sizeof(double));
}

static void flush_radial(xp_ace_fit_scratch *s, double *gradient) {
  int count = s->batch.fit->layout.nradial;
  for (int c = 0; c < count; ++c) gradient[c] += sum_lanes(s->batch.radial_gradient + c * s->lanes, s->lanes);
  memset(s->batch.radial_gradient, 0, (size_t)(count * s->lanes) * sizeof(double));
}

static void add_batch(xp_ace_fit_scratch *s, const xp_ace_fit_structure *structure, double by_energy, bool radial) {
  XP_KERNEL_SELECT_DOUBLE(xp_training_forward)(&s->batch, true);
  for (int lane = 0; lane < s->lanes; ++lane) weigh(s, structure, by_energy, lane);
  XP_KERNEL_SELECT_DOUBLE(xp_training_parameters)(&s->batch, radial);
}

xp_status xp_ace_fit_add_gradient(const xp_ace_fit *fit, xp_ace_fit_scratch *scratch,
                                  const xp_ace_fit_structure *structure, const double *parameters,
                                  const xp_ace_fit_labels *loss, bool radial, double *gradient, xp_error *error) {
  xp_training_motion motion = {(const double(*)[3])loss->forces, loss->virial};
  xp_status status = XP_OK;
  scratch->loaded = NULL;
  for (int at = 0, count; at < structure->natoms && !status; at += count) {
    count = xp_training_batch_size(structure, at, scratch->lanes);
    status = xp_training_gather(scratch, structure, at, count, &motion, error);
    if (status) break;
    if (scratch->loaded != scratch->batch.centre) {
      flush_functions(scratch, gradient);
      xp_training_load(scratch, scratch->batch.centre, parameters);
    }
    add_batch(scratch, structure, loss->energy, radial);
  }
  flush_functions(scratch, gradient);
  if (radial) flush_radial(scratch, gradient);
  for (int atom = 0; atom < structure->natoms; ++atom)
    gradient[fit->layout.ntotal - fit->nelements + structure->species[atom]] += loss->energy;
  return status;
}
