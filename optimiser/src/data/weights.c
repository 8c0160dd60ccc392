/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/hull.h"
#include "search/random.h"

/* Stream of random numbers of the choice of structures. */
enum { CHOICE_STREAM = 0x77656967 };

/* What finding weights carries around. */
typedef struct weigher {
  xp_fit_weights *weights;
  const xp_config *config;
  const double *values;
  const xp_data *data;
  double *base; /* [nstructures] of the policy: of a structure; 0: left out */
} weigher;

static double at(const weigher *w, const xp_parameter *parameter) {
  return xp_parameter_at(parameter, w->values);
}

static const xp_structure *structure_of(const weigher *w, int s) {
  return w->data->set->structures[s];
}

static xp_status no_memory(xp_error *error) {
  return xp_error_memory(error, "the weights of the data");
}

/* ---- energies ---- */

static xp_status find_shares(const weigher *w, int s, double *shares, double *energy, xp_error *error) {
  const xp_structure *structure = structure_of(w, s);
  int n = w->config->nelements;
  int *species = malloc((size_t)structure->natoms * sizeof *species);
  if (!species) return no_memory(error);
  xp_status status = xp_data_species(species, structure, w->config->elements, n, error);
  for (int e = 0; e < n; ++e) shares[e] = 0.0;
  for (int atom = 0; atom < structure->natoms && status == XP_OK; ++atom)
    shares[species[atom]] += 1.0 / structure->natoms;
  free(species);
  *energy = structure->energy / structure->natoms;
  for (int e = 0; e < n; ++e) *energy -= shares[e] * at(w, &w->config->reference_energies[e]);
  return status;
}

/* Energy an atom above the hull of all structures that have one; for a single composition that is its lowest energy.
 * INFINITY without an energy. */
static xp_status find_heights(const weigher *w, double *heights, xp_error *error) {
  int n = w->data->set->nstructures, m = w->config->nelements, known = 0;
  double *shares = calloc((size_t)n * (size_t)m, sizeof *shares);
  double *energies = calloc((size_t)n, sizeof *energies), *above = calloc((size_t)n, sizeof *above);
  xp_status status = shares && energies && above ? XP_OK : no_memory(error);
  for (int s = 0; s < n && status == XP_OK; ++s)
    if (structure_of(w, s)->has_energy) {
      status = find_shares(w, s, &shares[known * m], &energies[known], error);
      ++known;
    }
  if (status == XP_OK) status = xp_hull_distances(above, known, energies, shares, m, error);
  for (int s = 0, k = 0; s < n && status == XP_OK; ++s)
    heights[s] = structure_of(w, s)->has_energy ? above[k++] : INFINITY;
  free(above);
  free(energies);
  free(shares);
  return status;
}

/* ---- the policy of energies ---- */

static double square(const double v[3]) {
  return v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
}

static bool has_larger_force(const xp_structure *structure, double limit) {
  for (int atom = 0; structure->forces && atom < structure->natoms; ++atom)
    if (square(structure->forces[atom]) > limit * limit) return true;
  return false;
}

/* Leaves out all but count of the structures of a tier. */
static void choose(const weigher *w, const double *heights, bool lower, int count, xp_random *random) {
  double limit = at(w, &w->config->DElow);
  int left = 0;
  for (int s = 0; s < w->data->set->nstructures; ++s) left += w->base[s] > 0.0 && (heights[s] < limit) == lower;
  for (int s = 0; s < w->data->set->nstructures; ++s) {
    if (w->base[s] == 0.0 || (heights[s] < limit) != lower) continue;
    if (xp_random_below(random, left) < count)
      --count;
    else
      w->base[s] = 0.0;
    --left;
  }
}

static double tier_weight(const weigher *w, const double *heights, bool lower, int *count) {
  double sum = 0.0;
  *count = 0;
  for (int s = 0; s < w->data->set->nstructures; ++s)
    if (w->base[s] > 0.0 && (heights[s] < at(w, &w->config->DElow)) == lower) {
      sum += w->base[s];
      ++*count;
    }
  return sum;
}

static void limit_number(const weigher *w, const double *heights) {
  int most = (int)at(w, &w->config->nfit), lower, upper;
  xp_random random = xp_random_start((uint64_t)w->config->seed.value, CHOICE_STREAM);
  tier_weight(w, heights, true, &lower);
  tier_weight(w, heights, false, &upper);
  if (most == 0 || most >= lower + upper) return;
  choose(w, heights, true, most < lower ? most : lower, &random);
  choose(w, heights, false, most < lower ? 0 : most - lower, &random);
}

/* wlow shares the weight between the tiers. */
static void balance_tiers(const weigher *w, const double *heights) {
  int counts[2];
  double sums[2] = {tier_weight(w, heights, false, &counts[0]), tier_weight(w, heights, true, &counts[1])};
  if (!w->config->wlow.given || counts[0] == 0 || counts[1] == 0) return;
  double wlow = at(w, &w->config->wlow);
  for (int s = 0; s < w->data->set->nstructures; ++s) {
    bool lower = heights[s] < at(w, &w->config->DElow);
    if (w->base[s] > 0.0) w->base[s] *= (lower ? wlow : 1.0 - wlow) / sums[lower];
  }
}

static xp_status apply_energy_policy(const weigher *w, xp_error *error) {
  int n = w->data->set->nstructures;
  double *heights = calloc((size_t)n, sizeof *heights);
  xp_status status = heights ? find_heights(w, heights, error) : no_memory(error);
  double DEup = at(w, &w->config->DEup), DE = at(w, &w->config->DE), DFup = at(w, &w->config->DFup);
  for (int s = 0; s < n && status == XP_OK; ++s) {
    bool out = !(heights[s] < DEup) || (DFup > 0.0 && has_larger_force(structure_of(w, s), DFup));
    w->base[s] = out ? 0.0 : 1.0 / ((heights[s] + DE) * (heights[s] + DE));
  }
  if (status == XP_OK) {
    limit_number(w, heights);
    balance_tiers(w, heights);
  }
  free(heights);
  return status;
}

/* ---- factors ---- */

/* Factors relative to other groups: one when the input does not speak of them. */
static double group_factor(const weigher *w, const xp_parameter *weight) {
  return weight->given ? at(w, weight) : 1.0;
}

/* What a frame says under one of two keys; 1 when it says nothing. */
static xp_status note_factor(double *factor, const xp_structure *structure, const char *key, const char *other,
                             xp_error *error) {
  *factor = 1.0;
  for (int k = 0; k < structure->nnotes; ++k) {
    const xp_note *note = &structure->notes[k];
    if (strcmp(note->key, key) != 0 && strcmp(note->key, other) != 0) continue;
    char *end;
    *factor = strtod(note->value, &end);
    if (end == note->value || *end || !isfinite(*factor) || *factor < 0.0)
      return xp_error_at(error, (xp_place){structure->file, structure->line + 1, 0},
                         "%s: expected a number not below 0, found \"%.40s\"", note->key, note->value);
  }
  return XP_OK;
}

static xp_status weigh_structure(const weigher *w, int s, xp_error *error) {
  const xp_structure *structure = structure_of(w, s);
  const xp_group_weights *group = &w->config->groups[xp_config_group(w->config, structure->config_type)];
  bool energies = at(w, &w->config->weighting) == XP_WEIGHTING_ENERGY;
  double energy, force, DF = at(w, &w->config->DF);
  xp_status status = note_factor(&energy, structure, "energy_weight", "w_energy", error);
  if (status == XP_OK) status = note_factor(&force, structure, "force_weight", "w_forces", error);
  if (status != XP_OK) return status;
  xp_fit_weights *weights = w->weights;
  weights->energy[s] = structure->has_energy ? w->base[s] * energy * group_factor(w, &group->eweight) : 0.0;
  weights->virial[s] = structure->has_virial ? w->base[s] * group_factor(w, &group->vweight) : 0.0;
  for (int atom = 0; structure->forces && atom < structure->natoms; ++atom) {
    double *weight = &weights->force[weights->first[s] + atom];
    *weight = w->base[s] * force * group_factor(w, &group->fweight);
    if (energies) *weight /= square(structure->forces[atom]) + DF;
    if (structure->force_weight) *weight *= structure->force_weight[atom];
  }
  return XP_OK;
}

static void normalise(double *weights, long n) {
  double sum = 0.0;
  for (long i = 0; i < n; ++i) sum += weights[i];
  for (long i = 0; i < n && sum > 0.0; ++i) weights[i] /= sum;
}

static xp_status make_room(weigher *w, xp_error *error) {
  xp_fit_weights *weights = w->weights;
  size_t n = (size_t)weights->nstructures;
  weights->energy = calloc(n + 1, sizeof *weights->energy);
  weights->virial = calloc(n + 1, sizeof *weights->virial);
  weights->first = calloc(n + 1, sizeof *weights->first);
  weights->force = calloc((size_t)w->data->natoms + 1, sizeof *weights->force);
  w->base = calloc(n + 1, sizeof *w->base);
  if (!weights->energy || !weights->virial || !weights->first || !weights->force || !w->base) return no_memory(error);
  for (int s = 0; s < weights->nstructures; ++s) {
    weights->first[s + 1] = weights->first[s] + structure_of(w, s)->natoms;
    w->base[s] = 1.0;
  }
  return XP_OK;
}

xp_status xp_fit_weights_new(xp_fit_weights *weights, const xp_config *config, const double *values,
                             const xp_data *data, xp_error *error) {
  int n = data->set->nstructures;
  *weights = (xp_fit_weights){.nstructures = n};
  weigher w = {weights, config, values, data, NULL};
  xp_status status = make_room(&w, error);
  if (status == XP_OK && at(&w, &config->weighting) == XP_WEIGHTING_ENERGY) status = apply_energy_policy(&w, error);
  for (int s = 0; s < n && status == XP_OK; ++s) {
    weights->dropped += w.base[s] == 0.0;
    status = weigh_structure(&w, s, error);
  }
  free(w.base);
  if (status != XP_OK) {
    xp_fit_weights_clear(weights);
    return status;
  }
  normalise(weights->energy, n);
  normalise(weights->virial, n);
  normalise(weights->force, weights->first[n]);
  return XP_OK;
}

void xp_fit_weights_clear(xp_fit_weights *weights) {
  free(weights->energy);
  free(weights->virial);
  free(weights->force);
  free(weights->first);
  *weights = (xp_fit_weights){0};
}
