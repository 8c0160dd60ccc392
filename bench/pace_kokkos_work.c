/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pace_kokkos_work.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* Operations of pair_pace_kokkos.cpp, by hand; a product of complex numbers is six. */
enum {
  OPERATIONS_CANDIDATE = 8,
  OPERATIONS_NEIGHBOUR = 13, /* ComputeNeigh: what is stored */
  OPERATIONS_SPLINE = 11,    /* calcSplines: value and derivative */
  OPERATIONS_YLM = 6,        /* ComputeAi: plm, ylm */
  OPERATIONS_DYLM = 40,      /* ComputeDerivative: plm, dplm, ylm, dylm */
  OPERATIONS_GRADIENT = 33,  /* ComputeDerivative: an n of an l and m; 2 more for m > 0 */
  OPERATIONS_EMBEDDING = 40,
  OPERATIONS_PRODUCT = 6,
  OPERATIONS_WEIGHT = 4,   /* ComputeWeights: theta dB added to a weight */
  OPERATIONS_CONJUGATE = 7 /* the same of -m */
};

enum { REAL = sizeof(double), COMPLEX = 2 * sizeof(double), INDEX = sizeof(int) };

/* What arrays are sized by: the largest of the file. */
typedef struct sizes {
  int nelements, lmax, nradmax, nradbase, rankmax, ndensity;
  double lm;    /* (l, m >= 0) */
  double terms; /* ms_combs of a species */
  double functions;
} sizes;

static void raise_to(int *most, int value) {
  if (value > *most) *most = value;
}

static double count_terms(const xp_ace_model *model, int species) {
  double terms = 0.0;
  for (int f = 0; f < model->nfunctions[species]; ++f) {
    const xp_ace_function *function = &model->functions[species][f];
    terms += function->rank == 1 ? 1.0 : function->num_ms_combs;
  }
  return terms;
}

static sizes sizes_of(const xp_ace_model *model) {
  sizes s = {.nelements = model->nelements};
  for (int p = 0; p < model->nelements * model->nelements; ++p) {
    raise_to(&s.lmax, model->bonds[p].lmax);
    raise_to(&s.nradmax, model->bonds[p].nradmax);
    raise_to(&s.nradbase, model->bonds[p].nradbasemax);
  }
  for (int i = 0; i < model->nelements; ++i) {
    raise_to(&s.ndensity, model->embeddings[i].ndensity);
    for (int f = 0; f < model->nfunctions[i]; ++f) raise_to(&s.rankmax, model->functions[i][f].rank);
    s.terms = fmax(s.terms, count_terms(model, i));
    s.functions = fmax(s.functions, model->nfunctions[i]);
  }
  s.lm = 0.5 * (s.lmax + 1.0) * (s.lmax + 2.0);
  return s;
}

/* Bytes of the arrays of grow(). */
static double base_bytes(const sizes *s) {
  double species = s->lm + s->lm + (s->lmax + 1.0) * (s->lmax + 1.0); /* A_sph, weights, A */
  return s->nelements * (species * (s->nradmax + 1.0) * COMPLEX + 2.0 * s->nradbase * REAL) +
         (2.0 * (s->ndensity + 1.0) + 6.0) * REAL + 2.0 * INDEX;
}

static double product_bytes(const sizes *s) {
  return s->terms * (3.0 * s->rankmax + 1.0) * COMPLEX;
}

static double radial_functions(const sizes *s) {
  return s->nradmax * (s->lmax + 1.0);
}

static double neighbour_bytes(const sizes *s) {
  double values = fmax(s->nradbase, radial_functions(s)); /* d_values, d_derivatives */
  return (2.0 * radial_functions(s) + 2.0 * s->nradbase + 2.0 * values + 2.0 + 8.0) * REAL + INDEX;
}

/* One central species and its neighbours, which are all alike to the kernels. */
typedef struct context {
  const xp_ace_model *model;
  sizes s;
  int species;
  double within, candidates;
  double
      used; /* over neighbours: components (n, l, m >= 0) whose weights are not zero, those of m > 0 counting in paired, too */
  double paired;
} context;

static void count_neigh(xp_device_work *w, const context *c) {
  w->operations = c->candidates * OPERATIONS_CANDIDATE + c->within * OPERATIONS_NEIGHBOUR;
  double stored = 5.0 * REAL + INDEX; /* d_mu, d_rnorms, d_rhats, d_nearest */
  w->l2 = (c->candidates + c->within) * (2.0 * INDEX + 3.0 * REAL);
  w->dram = c->candidates * INDEX + c->within * stored + 3.0 * REAL;
}

/* Splines of g_k, R_nl and the core; d_values of R_nl are read again to be stored as fr. */
static void count_radial(xp_device_work *w, const context *c) {
  double functions = c->s.nradbase + radial_functions(&c->s) + 1.0, radial = radial_functions(&c->s);
  w->operations = c->within * functions * OPERATIONS_SPLINE;
  w->l2 = c->within * (functions * 4.0 * REAL + 2.0 * REAL * radial);
  w->dram = c->within * 2.0 * REAL * (functions + radial + 1.0);
}

/* Every (n, l, m >= 0) of every neighbour is added atomically, real and imaginary part; the arrays are cleared first. */
static void count_ai(xp_device_work *w, const context *c) {
  double components = c->s.lm * c->s.nradmax;
  w->operations = c->within * (2.0 * c->s.nradbase + c->s.lm * OPERATIONS_YLM + 4.0 * components + 1.0);
  w->atomics = c->within * (c->s.nradbase + 2.0 * components + 1.0);
  w->l2 = c->within * (c->s.nradbase + radial_functions(&c->s) + 5.0) * REAL;
  w->dram = c->within * (c->s.nradbase + radial_functions(&c->s) + 5.0) * REAL +
            c->s.nelements * (c->s.lm * (c->s.nradmax + 1.0) * COMPLEX + c->s.nradbase * REAL);
}

static void count_conjugate(xp_device_work *w, const context *c) {
  double l = c->s.lmax + 1.0, copied = c->s.nelements * c->s.nradmax * COMPLEX;
  w->operations = c->s.nelements * c->s.nradmax * 3.0 * (c->s.lm - l);
  w->l2 = w->dram = copied * (l * l + c->s.lm);
}

/* Products of a term: forward rank, backward two for all but the first and one for it. What a thread wrote itself it is taken to
 * find in the caches. */
static void count_rho(xp_device_work *w, const context *c) {
  double densities = c->model->embeddings[c->species].ndensity;
  for (int f = 0; f < c->model->nfunctions[c->species]; ++f) {
    const xp_ace_function *function = &c->model->functions[c->species][f];
    double rank = function->rank, terms = rank > 1.0 ? function->num_ms_combs : 1.0;
    w->atomics += terms * densities;
    w->operations += terms * 2.0 * densities;
    if (rank == 1.0) continue;
    w->operations += terms * OPERATIONS_PRODUCT * (rank + 2.0 * (rank - 1.0) + 1.0);
    w->l2 += terms * COMPLEX * (rank + (3.0 * rank + 1.0) + 4.0 * rank); /* A, stores, what is read back */
    w->dram += terms * COMPLEX * (3.0 * rank + 1.0);
  }
}

static void count_fs(xp_device_work *w, const context *c) {
  w->operations = OPERATIONS_EMBEDDING * (c->model->embeddings[c->species].ndensity + 1.0);
}

/* Of one factor: m and -m get a share each, if they are stored; m = 0 gets two. */
static void count_factor(xp_device_work *w, int m) {
  if (m >= 0) w->operations += OPERATIONS_WEIGHT;
  if (m <= 0) w->operations += OPERATIONS_CONJUGATE;
  w->atomics += m == 0 ? 4.0 : 2.0;
}

static void count_weights(xp_device_work *w, const context *c) {
  double densities = c->model->embeddings[c->species].ndensity;
  for (int f = 0; f < c->model->nfunctions[c->species]; ++f) {
    const xp_ace_function *function = &c->model->functions[c->species][f];
    if (function->rank == 1) {
      w->operations += 2.0 * densities + 1.0;
      w->atomics += 1.0;
      continue;
    }
    w->operations += function->num_ms_combs * (2.0 * densities + 1.0);
    for (int k = 0; k < function->num_ms_combs * function->rank; ++k) count_factor(w, function->ms_combs[k]);
    w->l2 += function->num_ms_combs * function->rank * (double)COMPLEX;
  }
  w->dram = w->l2 + c->s.nelements * (c->s.lm * (c->s.nradmax + 1.0) * COMPLEX + c->s.nradbase * REAL);
}

static void count_derivative(xp_device_work *w, const context *c) {
  w->operations = c->within * (8.0 * c->s.nradbase + c->s.lm * OPERATIONS_DYLM + 12.0) + OPERATIONS_GRADIENT * c->used +
                  2.0 * c->paired;
  double radial = 2.0 * REAL * (radial_functions(&c->s) + c->s.nradbase), weights = c->s.lm * c->s.nradmax * COMPLEX;
  w->l2 = c->within * (radial + weights + 8.0 * REAL);
  w->dram = c->within * (radial + 8.0 * REAL) + c->s.nelements * weights;
}

static void count_force(xp_device_work *w, const context *c) {
  w->operations = 6.0 * c->within;
  w->atomics = 3.0 * c->within + 3.0;
  w->l2 = c->within * (7.0 * REAL + INDEX);
  w->dram = w->l2 + 6.0 * REAL;
}

/* Components of (neighbour, n, l) that a function of the centre uses, times the neighbours of that species. */
static xp_status count_used(context *c, const double *within, xp_error *error) {
  const sizes *s = &c->s;
  size_t size = (size_t)(s->nelements * s->nradmax) * (size_t)(s->lmax + 1);
  bool *used = calloc(size, sizeof *used);
  if (!used) return xp_error_memory(error, "the functions of a potential");
  for (int f = 0; f < c->model->nfunctions[c->species]; ++f) {
    const xp_ace_function *function = &c->model->functions[c->species][f];
    for (int t = 0; t < function->rank && function->rank > 1; ++t)
      used[((size_t)function->mus[t] * (size_t)s->nradmax + (size_t)function->ns[t] - 1) * (size_t)(s->lmax + 1) +
           (size_t)function->ls[t]] = true;
  }
  for (size_t k = 0; k < size; ++k) {
    size_t l = k % (size_t)(s->lmax + 1), species = k / (size_t)(s->nradmax * (s->lmax + 1));
    if (!used[k]) continue;
    c->used += within[species] * (double)(l + 1);
    c->paired += within[species] * (double)l;
  }
  free(used);
  return XP_OK;
}

typedef void (*kernel_counter)(xp_device_work *w, const context *c);

static void count_kernels(xp_device_cost *cost, const context *c) {
  static const struct {
    const char *name;
    kernel_counter count;
  } kernels[] = {{"ComputeNeigh", count_neigh},     {"ComputeRadial", count_radial},
                 {"ComputeAi", count_ai},           {"ConjugateAi", count_conjugate},
                 {"ComputeRho", count_rho},         {"ComputeFS", count_fs},
                 {"ComputeWeights", count_weights}, {"ComputeDerivative", count_derivative},
                 {"ComputeForce", count_force}};
  for (size_t k = 0; k < sizeof kernels / sizeof *kernels; ++k) {
    xp_device_work *stage = xp_device_cost_stage(cost, kernels[k].name);
    kernels[k].count(stage, c);
    stage->requests = stage->l2; /* neighbouring threads are different atoms: nothing is used twice */
  }
}

xp_status xp_pace_kokkos_count(xp_device_cost *cost, xp_pace_kokkos_facts *facts, const xp_ace_model *model,
                               const xp_device_neighbours *neighbours, xp_error *error) {
  int n = model->nelements;
  sizes s = sizes_of(model);
  double longest = 0.0;
  xp_status status = XP_OK;
  *cost = (xp_device_cost){0};
  for (int i = 0; i < n && status == XP_OK; ++i) {
    context c = {.model = model, .s = s, .species = i, .candidates = neighbours->candidates[i]};
    for (int j = 0; j < n; ++j) c.within += neighbours->within[i * n + j];
    status = count_used(&c, neighbours->within + i * n, error);
    xp_device_cost one = {0};
    count_kernels(&one, &c);
    xp_device_cost_add(cost, &one, neighbours->share[i]);
    longest = fmax(longest, c.candidates);
  }
  *facts =
      (xp_pace_kokkos_facts){s.functions, s.terms, product_bytes(&s), base_bytes(&s), longest * neighbour_bytes(&s)};
  return status;
}
