/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ace/problem_data.h"
#include "parallel/parallel.h"

/* Sums of one part; they are added as numbers, in order. */
typedef struct sums {
  double energy, force, virial;
  double energy_square, force_square;
  double nenergies, nforces;
} sums;

enum { NSUMS = sizeof(sums) / sizeof(double) };

/* The six components that count. */
static const int COMPONENTS[6][2] = {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}};

double xp_ace_huber(double x, double threshold, double *slope) {
  double a = fabs(x);
  if (threshold <= 0.0 || a <= threshold) {
    *slope = 1.0;
    return x * x;
  }
  *slope = threshold / a;
  return (2.0 * a - threshold) * threshold;
}

/* What one structure is worked on with. */
typedef struct work {
  const xp_ace_problem *problem;
  const xp_ace_terms *terms;
  const double *parameters;
  bool radial;
  uint64_t probe; /* number of the random signs */
  xp_ace_fit_scratch *scratch;
  double (*forces)[3], (*by_force)[3]; /* [most atoms] */
} work;

static void add_energy(const work *w, int s, const xp_ace_fit_labels *out, sums *sum, xp_ace_fit_labels *by) {
  const xp_structure *reference = w->problem->data->set->structures[s];
  if (!reference->has_energy) return;
  double slope, error = (out->energy - reference->energy) / reference->natoms;
  double weight = (1.0 - w->terms->kappa) * w->problem->weights->energy[s];
  sum->energy += weight * xp_ace_huber(error, w->terms->huber_energy, &slope);
  by->energy = 2.0 * weight * slope * error / reference->natoms;
  sum->energy_square += error * error;
  sum->nenergies += 1.0;
}

static void add_forces(const work *w, int s, const xp_ace_fit_labels *out, sums *sum, xp_ace_fit_labels *by) {
  const xp_structure *reference = w->problem->data->set->structures[s];
  if (!reference->forces) return;
  const double *weights = w->problem->weights->force + w->problem->weights->first[s];
  for (int atom = 0; atom < reference->natoms; ++atom) {
    double error[3], square = 0.0, slope, weight = w->terms->kappa * weights[atom];
    for (int d = 0; d < 3; ++d) {
      error[d] = out->forces[atom][d] - reference->forces[atom][d];
      square += error[d] * error[d];
    }
    sum->force += weight * xp_ace_huber(sqrt(square), w->terms->huber_force, &slope);
    for (int d = 0; d < 3; ++d) by->forces[atom][d] = 2.0 * weight * slope * error[d];
    sum->force_square += square;
  }
  sum->nforces += 3.0 * reference->natoms;
}

static void add_virial(const work *w, int s, const xp_ace_fit_labels *out, sums *sum, xp_ace_fit_labels *by) {
  const xp_structure *reference = w->problem->data->set->structures[s];
  double weight = w->terms->virial * w->problem->weights->virial[s];
  if (!reference->has_virial || weight == 0.0) return;
  for (int v = 0; v < 6; ++v) {
    int a = COMPONENTS[v][0], b = COMPONENTS[v][1];
    double error = (out->virial[a][b] - reference->virial[a][b]) / reference->natoms;
    sum->virial += weight * error * error;
    by->virial[a][b] = 2.0 * weight * error / reference->natoms;
  }
}

static xp_status add_structure(const work *w, int s, sums *sum, double *gradient, xp_error *error) {
  const xp_ace_problem *p = w->problem;
  xp_ace_fit_labels out = {.forces = w->forces}, by = {.forces = w->by_force};
  memset(w->by_force, 0, (size_t)p->data->set->structures[s]->natoms * sizeof *w->by_force);
  xp_status status = xp_ace_fit_predict(p->fit, w->scratch, p->structures[s], w->parameters, &out, error);
  if (status != XP_OK) return status;
  add_energy(w, s, &out, sum, &by);
  add_forces(w, s, &out, sum, &by);
  add_virial(w, s, &out, sum, &by);
  if (!gradient) return XP_OK;
  return xp_ace_fit_add_gradient(p->fit, w->scratch, p->structures[s], w->parameters, &by, w->radial, gradient, error);
}

static size_t most_atoms(const xp_ace_problem *p) {
  size_t most = 1;
  for (int s = 0; s < p->nstructures; ++s)
    if ((size_t)p->data->set->structures[s]->natoms > most) most = (size_t)p->data->set->structures[s]->natoms;
  return most;
}

static xp_status open_work(work *w, xp_error *error) {
  size_t most = most_atoms(w->problem);
  w->forces = malloc(most * sizeof *w->forces);
  w->by_force = malloc(most * sizeof *w->by_force);
  if (!w->forces || !w->by_force) return xp_error_memory(error, "the loss");
  return xp_ace_fit_scratch_new(&w->scratch, w->problem->fit, error);
}

static void close_work(work *w) {
  free(w->forces);
  free(w->by_force);
  xp_ace_fit_scratch_free(w->scratch);
}

typedef xp_status visitor(const work *w, int s, sums *sum, double *gradient, xp_error *error);

/* Visits all structures of this process: sums [nparts] and, when wanted, gradients [nparts][ntotal] get what is found; those of
 * other processes stay zero. */
static xp_status visit_all(const work *common, visitor *visit, sums *parts, double *gradients, xp_error *error) {
  const xp_ace_problem *p = common->problem;
  int failed = p->nparts;
  xp_error first = {0};
#pragma omp parallel num_threads(p->threads)
  {
    work w = *common;
    xp_error own = {0};
    xp_status ready = open_work(&w, &own);
#pragma omp for schedule(dynamic)
    for (int part = 0; part < p->nparts; ++part) {
      if (!xp_ace_problem_mine(part, p->nparts)) continue;
      double *gradient = gradients ? gradients + (size_t)part * (size_t)p->layout.ntotal : NULL;
      xp_status status = ready;
      for (int s = p->part_first[part]; s < p->part_first[part + 1] && status == XP_OK; ++s)
        status = visit(&w, s, &parts[part], gradient, &own);
#pragma omp critical(xp_ace_loss)
      if (status != XP_OK && part < failed) {
        failed = part;
        first = own;
      }
    }
    close_work(&w);
  }
  if (failed < p->nparts) *error = first;
  xp_status status = xp_parallel_agree(failed < p->nparts ? first.status : XP_OK, error);
  if (status == XP_OK) status = xp_parallel_sum((double *)parts, (size_t)p->nparts * NSUMS, error);
  if (status == XP_OK && gradients)
    status = xp_parallel_sum(gradients, (size_t)p->nparts * (size_t)p->layout.ntotal, error);
  return status;
}

/* L1 and L2, of function coefficients alone. */
static void add_coefficients(const xp_ace_problem *p, const xp_ace_terms *terms, const double *parameters,
                             xp_ace_loss *loss, double *gradient) {
  for (int c = p->layout.nradial; c < p->layout.nradial + p->layout.nfunctions; ++c) {
    double x = parameters[c], sign = x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : 0.0;
    loss->coefficients += terms->L1 * fabs(x) + terms->L2 * x * x;
    if (gradient) gradient[c] += terms->L1 * sign + 2.0 * terms->L2 * x;
  }
}

/* Adds up the parts in order. */
static void collect(const xp_ace_problem *p, const sums *parts, const double *gradients, xp_ace_loss *loss,
                    double *gradient) {
  sums all = {0};
  for (int part = 0; part < p->nparts; ++part)
    for (int k = 0; k < NSUMS; ++k) ((double *)&all)[k] += ((const double *)&parts[part])[k];
  *loss = (xp_ace_loss){.energy = all.energy, .force = all.force, .virial = all.virial};
  loss->energy_rmse = all.nenergies > 0.0 ? sqrt(all.energy_square / all.nenergies) : NAN;
  loss->force_rmse = all.nforces > 0.0 ? sqrt(all.force_square / all.nforces) : NAN;
  for (int c = 0; c < p->layout.ntotal && gradient; ++c) {
    gradient[c] = 0.0;
    for (int part = 0; part < p->nparts; ++part)
      gradient[c] += gradients[(size_t)part * (size_t)p->layout.ntotal + (size_t)c];
  }
}

static xp_status add_regularisation(const xp_ace_problem *p, const xp_ace_terms *terms, const double *parameters,
                                    bool radial, xp_ace_loss *loss, double *gradient, xp_error *error) {
  add_coefficients(p, terms, parameters, loss, gradient);
  return xp_ace_fit_smoothness(p->fit, parameters, terms->smooth, &loss->radial, radial ? gradient : NULL, error);
}

xp_status xp_ace_problem_loss(const xp_ace_problem *p, const xp_ace_terms *terms, const double *parameters, bool radial,
                              xp_ace_loss *loss, double *gradient, xp_error *error) {
  size_t n = (size_t)p->nparts * (size_t)p->layout.ntotal;
  sums *parts = calloc((size_t)p->nparts, sizeof *parts);
  double *gradients = gradient ? calloc(n, sizeof *gradients) : NULL;
  xp_status status = parts && (gradients || !gradient) ? XP_OK : xp_error_memory(error, "the loss");
  work common = {.problem = p, .terms = terms, .parameters = parameters, .radial = radial};
  if (status == XP_OK) status = visit_all(&common, add_structure, parts, gradients, error);
  if (status == XP_OK) {
    collect(p, parts, gradients, loss, gradient);
    status = add_regularisation(p, terms, parameters, radial, loss, gradient, error);
    loss->total = loss->energy + loss->force + loss->virial + loss->coefficients + loss->radial;
  }
  free(parts);
  free(gradients);
  return status;
}

/* Random signs of a residual, the same for the same numbers: SplitMix64. */
static double sign_of(uint64_t seed) {
  uint64_t z = (seed + 1) * 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return (z ^ z >> 31) & 1u ? 1.0 : -1.0;
}

/* d loss / d labels such that the gradient is J'r with r of random signs, J the Jacobian of weighted residuals. */
static void fill_signs(const work *w, int s, xp_ace_fit_labels *by) {
  const xp_ace_problem *p = w->problem;
  const xp_structure *reference = p->data->set->structures[s];
  uint64_t seed = (w->probe << 56) + ((uint64_t)p->weights->first[s] << 4) * 3u + (uint64_t)s;
  if (reference->has_energy)
    by->energy = sign_of(seed) * sqrt((1.0 - w->terms->kappa) * p->weights->energy[s]) / reference->natoms;
  for (int atom = 0; atom < reference->natoms && reference->forces; ++atom)
    for (int d = 0; d < 3; ++d)
      by->forces[atom][d] = sign_of(seed + 1u + (uint64_t)(3 * atom + d)) *
                            sqrt(w->terms->kappa * p->weights->force[p->weights->first[s] + atom]);
}

static xp_status add_probe(const work *w, int s, sums *sum, double *gradient, xp_error *error) {
  const xp_ace_problem *p = w->problem;
  xp_ace_fit_labels by = {.forces = w->by_force};
  (void)sum;
  memset(w->by_force, 0, (size_t)p->data->set->structures[s]->natoms * sizeof *w->by_force);
  fill_signs(w, s, &by);
  return xp_ace_fit_add_gradient(p->fit, w->scratch, p->structures[s], w->parameters, &by, true, gradient, error);
}

xp_status xp_ace_problem_curvature(const xp_ace_problem *p, const xp_ace_terms *terms, const double *parameters,
                                   double *curvature, xp_error *error) {
  enum { PROBES = 6 };
  size_t total = (size_t)p->layout.ntotal, n = (size_t)p->nparts * total;
  sums *parts = calloc((size_t)p->nparts, sizeof *parts);
  double *gradients = malloc(n * sizeof *gradients);
  xp_status status = parts && gradients ? XP_OK : xp_error_memory(error, "the loss");
  work common = {.problem = p, .terms = terms, .parameters = parameters, .radial = true};
  for (int c = 0; c < p->layout.nradial; ++c) curvature[c] = 0.0;
  for (; common.probe < PROBES && status == XP_OK; ++common.probe) {
    memset(gradients, 0, n * sizeof *gradients);
    status = visit_all(&common, add_probe, parts, gradients, error);
    for (int c = 0; c < p->layout.nradial && status == XP_OK; ++c) {
      double sum = 0.0;
      for (int part = 0; part < p->nparts; ++part) sum += gradients[(size_t)part * total + (size_t)c];
      curvature[c] += sum * sum / PROBES;
    }
  }
  free(parts);
  free(gradients);
  return status;
}
