/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Atomic base, densities, energies and gradients: ace.md sections 2, 4, 5 and 6. */
#include "reference/ace_reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One neighbour with everything that depends on its place. */
typedef struct neighbour {
  size_t index; /* in the caller's list */
  int mu;       /* species of the model */
  double r, u[3];
  double *g, *dg;              /* [nradbase] */
  double *radial, *dradial;    /* [nradmax][lmax+1] */
  double complex *y, (*dy)[3]; /* [(lmax+1)^2], index l(l+1)+m */
  double v, dv;
  double gradient[3];
} neighbour;

typedef struct atom {
  const xp_ace_model *model;
  int mu;
  int nneighbours;
  neighbour *neighbours;
  int nbase, nradial, lmax;  /* largest of all bonds */
  double *a1, *omega1;       /* [species][nbase] */
  double complex *a, *omega; /* [species][nradial][(lmax+1)^2] */
  double rho_core;
  int nearest;         /* zbl, -1: none */
  double depth, width; /* zbl: r_in - r and D_in of the nearest */
} atom;

/* d^m P_l / dz^m from the coefficients of P_l. */
static double legendre_derivative(int l, int m, double z) {
  double sum = 0.0;
  for (int k = 0; 2 * k <= l - m; ++k) {
    double c = pow(-1.0, k) * pow(2.0, -l);
    c *= tgamma(2 * l - 2 * k + 1.0) / (tgamma(k + 1.0) * tgamma(l - k + 1.0) * tgamma(l - 2 * k + 1.0));
    for (int d = 0; d < m; ++d) c *= l - 2 * k - d;
    sum += c * pow(z, l - 2 * k - m);
  }
  return sum;
}

static double complex power(double complex w, int m) {
  double complex p = 1.0;
  for (int k = 0; k < m; ++k) p *= w;
  return p;
}

double complex xp_reference_ace_harmonic(int l, int m, const double u[3], double complex gradient[3]) {
  if (m < 0) {
    double sign = m % 2 ? -1.0 : 1.0;
    double complex y = xp_reference_ace_harmonic(l, -m, u, gradient);
    for (int d = 0; d < 3; ++d) gradient[d] = sign * conj(gradient[d]);
    return sign * conj(y);
  }
  double norm = pow(-1.0, m) * sqrt((2 * l + 1) * tgamma(l - m + 1.0) / tgamma(l + m + 1.0));
  double q = norm * legendre_derivative(l, m, u[2]);
  double dq = m < l ? norm * legendre_derivative(l, m + 1, u[2]) : 0.0;
  double complex w = u[0] + I * u[1];
  gradient[0] = m ? m * power(w, m - 1) * q : 0.0;
  gradient[1] = I * gradient[0];
  gradient[2] = power(w, m) * dq;
  double complex along = u[0] * gradient[0] + u[1] * gradient[1] + u[2] * gradient[2];
  for (int d = 0; d < 3; ++d) gradient[d] -= u[d] * along;
  return q * power(w, m);
}

static const xp_ace_bond *bond_of(const atom *a, int mu) {
  return &a->model->bonds[a->mu * a->model->nelements + mu];
}

static void measure(atom *a) {
  int n = a->model->nelements;
  for (int p = 0; p < n * n; ++p) {
    const xp_ace_bond *b = &a->model->bonds[p];
    if (b->nradbasemax > a->nbase) a->nbase = b->nradbasemax;
    if (b->nradmax > a->nradial) a->nradial = b->nradmax;
    if (b->lmax > a->lmax) a->lmax = b->lmax;
  }
}

static int angles(const atom *a) {
  return (a->lmax + 1) * (a->lmax + 1);
}

static double complex *entry(const atom *a, double complex *table, int mu, int n, int l, int m) {
  return &table[((size_t)mu * (size_t)a->nradial + (size_t)n) * (size_t)angles(a) + (size_t)(l * (l + 1) + m)];
}

/* R_nl = sum_k c_nlk g_k; for ACE.jl R_nl = P_{n-1}. */
static void expand(const xp_ace_bond *b, int n, int l, const double *g, double *value) {
  *value = 0.0;
  if (b->radbase == XP_ACE_ACEJL)
    *value = g[n];
  else
    for (int k = 0; k < b->nradbasemax; ++k)
      *value +=
          b->radcoefficients[((size_t)n * (size_t)(b->lmax + 1) + (size_t)l) * (size_t)b->nradbasemax + (size_t)k] *
          g[k];
}

/* Cubic through values and slopes at both ends of a bin of width h, w = 0..1 (ace.md section 3.6). */
static void cubic(double h, double w, double f0, double df0, double f1, double df1, double *f, double *df) {
  double d0 = h * df0, d1 = h * df1;
  double c2 = 3.0 * (f1 - f0) - d1 - 2.0 * d0, c3 = -2.0 * (f1 - f0) + d1 + d0;
  *f = f0 + d0 * w + c2 * w * w + c3 * w * w * w;
  *df = (d0 + 2.0 * c2 * w + 3.0 * c3 * w * w) / h;
}

/* g_k and V as pair_style pace has them: cubic tables with the file's bins. */
static void tabulated(const atom *a, const xp_ace_bond *b, neighbour *q) {
  double h = b->rcut / trunc(b->rcut / a->model->delta_spline_bins), bin = floor(q->r / h), w = q->r / h - bin;
  double g0[b->nradbasemax], g1[b->nradbasemax], dg0[b->nradbasemax], dg1[b->nradbasemax], v0, v1, dv0, dv1;
  xp_reference_ace_radial(a->model, a->mu, q->mu, bin * h, g0, dg0);
  double end = fmin((bin + 1.0) * h, nextafter(b->rcut, 0.0)); /* the last node is the limit from inside */
  xp_reference_ace_radial(a->model, a->mu, q->mu, end, g1, dg1);
  xp_reference_ace_core(a->model, a->mu, q->mu, bin * h, &v0, &dv0);
  xp_reference_ace_core(a->model, a->mu, q->mu, end, &v1, &dv1);
  for (int k = 0; k < b->nradbasemax; ++k) cubic(h, w, g0[k], dg0[k], g1[k], dg1[k], &q->g[k], &q->dg[k]);
  cubic(h, w, v0, dv0, v1, dv1, &q->v, &q->dv);
}

static int fill_neighbour(const atom *a, neighbour *q) {
  const xp_ace_bond *b = bond_of(a, q->mu);
  size_t nl = (size_t)a->nradial * (size_t)(a->lmax + 1), base = (size_t)a->nbase, lm = (size_t)angles(a);
  q->g = calloc(base, sizeof(double));
  q->dg = calloc(base, sizeof(double));
  q->radial = calloc(nl + 1, sizeof(double));
  q->dradial = calloc(nl + 1, sizeof(double));
  q->y = calloc(lm, sizeof *q->y);
  q->dy = calloc(lm, sizeof *q->dy);
  if (!q->g || !q->dg || !q->radial || !q->dradial || !q->y || !q->dy) return 0;
  if (b->radbase == XP_ACE_ACEJL) {
    xp_reference_ace_radial(a->model, a->mu, q->mu, q->r, q->g, q->dg);
    xp_reference_ace_core(a->model, a->mu, q->mu, q->r, &q->v, &q->dv);
  } else {
    tabulated(a, b, q);
  }
  for (int n = 0; n < b->nradmax; ++n)
    for (int l = 0; l <= b->lmax; ++l) {
      expand(b, n, l, q->g, &q->radial[n * (a->lmax + 1) + l]);
      expand(b, n, l, q->dg, &q->dradial[n * (a->lmax + 1) + l]);
    }
  for (int l = 0; l <= b->lmax; ++l)
    for (int m = -l; m <= l; ++m) q->y[l * (l + 1) + m] = xp_reference_ace_harmonic(l, m, q->u, q->dy[l * (l + 1) + m]);
  return 1;
}

static void free_atom(atom *a) {
  for (int k = 0; k < a->nneighbours; ++k) {
    neighbour *q = &a->neighbours[k];
    free(q->g);
    free(q->dg);
    free(q->radial);
    free(q->dradial);
    free(q->y);
    free(q->dy);
  }
  free(a->neighbours);
  free(a->a1);
  free(a->omega1);
  free(a->a);
  free(a->omega);
}

static double largest_cutoff(const xp_ace_model *model) {
  double rc = 0.0;
  for (int p = 0; p < model->nelements * model->nelements; ++p) rc = fmax(rc, model->bonds[p].rcut);
  return rc;
}

/* Neighbours inside the cutoff and the nearest one of zbl. */
static xp_status find_neighbours(atom *a, const xp_neighbourhoods *n, int i, const int *species, xp_error *error) {
  double smallest = largest_cutoff(a->model);
  a->nearest = -1;
  a->neighbours = calloc(n->first[i + 1] - n->first[i] + 1, sizeof *a->neighbours);
  if (!a->neighbours) return xp_error_memory(error, "the reference");
  for (size_t k = n->first[i]; k < n->first[i + 1]; ++k) {
    const double *d = n->displacements[k];
    neighbour q = {.index = k, .mu = species[n->neighbour_species[k]]};
    const xp_ace_bond *b = bond_of(a, q.mu);
    double cutoff = a->model->pair_polynomials ? fmax(b->rcut, a->model->pair_rcut) : b->rcut;
    q.r = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    if (q.r >= cutoff) continue;
    double bins = trunc(b->rcut / a->model->delta_spline_bins);
    double minimum = b->radbase == XP_ACE_ACEJL ? 0.0 : b->rcut / bins;
    if (!(q.r > 0.0) || q.r < minimum)
      return xp_error_set(error, XP_ERROR_RANGE, "atom %d has a neighbour at %g Angstrom", i + 1, q.r);
    for (int x = 0; x < 3; ++x) q.u[x] = d[x] / q.r;
    a->neighbours[a->nneighbours] = q;
    if (!fill_neighbour(a, &a->neighbours[a->nneighbours++])) return xp_error_memory(error, "the reference");
    double distance = q.r - (b->rcut_in - b->dcut_in);
    if (distance < smallest) {
      smallest = distance;
      a->nearest = a->nneighbours - 1;
      a->depth = b->rcut_in - q.r;
      a->width = b->dcut_in;
    }
  }
  return XP_OK;
}

static void sum_base(atom *a) {
  for (int k = 0; k < a->nneighbours; ++k) {
    const neighbour *q = &a->neighbours[k];
    const xp_ace_bond *b = bond_of(a, q->mu);
    a->rho_core += q->v;
    for (int x = 0; x < b->nradbasemax; ++x) a->a1[q->mu * a->nbase + x] += q->g[x];
    for (int n = 0; n < b->nradmax; ++n)
      for (int l = 0; l <= b->lmax; ++l)
        for (int m = -l; m <= l; ++m)
          *entry(a, a->a, q->mu, n, l, m) += q->radial[n * (a->lmax + 1) + l] * q->y[l * (l + 1) + m];
  }
}

static double complex *factor(const atom *a, double complex *table, const xp_ace_function *f, int q, int t) {
  return entry(a, table, f->mus[t], f->ns[t] - 1, f->ls[t], f->ms_combs[q * f->rank + t]);
}

static double tuple_value(const atom *a, const xp_ace_function *f, int q) {
  if (f->rank == 1) return a->a1[f->mus[0] * a->nbase + f->ns[0] - 1];
  double complex product = 1.0;
  for (int t = 0; t < f->rank; ++t) product *= *factor(a, a->a, f, q, t);
  return creal(product);
}

/* dE/dA of one tuple with dE/d(its real part) = theta: d Re(prod)/dA_t = product of the others. */
static void tuple_adjoint(const atom *a, const xp_ace_function *f, int q, double theta) {
  if (f->rank == 1) {
    a->omega1[f->mus[0] * a->nbase + f->ns[0] - 1] += theta;
    return;
  }
  for (int t = 0; t < f->rank; ++t) {
    double complex others = theta;
    for (int s = 0; s < f->rank; ++s)
      if (s != t) others *= *factor(a, a->a, f, q, s);
    *factor(a, a->omega, f, q, t) += others;
  }
}

static void sum_densities(const atom *a, double *rho) {
  for (int x = 0; x < a->model->nfunctions[a->mu]; ++x) {
    const xp_ace_function *f = &a->model->functions[a->mu][x];
    for (int q = 0; q < f->num_ms_combs; ++q) {
      double value = tuple_value(a, f, q);
      for (int p = 0; p < f->ndensity; ++p) rho[p] += f->ctildes[q * f->ndensity + p] * value;
    }
  }
}

static void sum_adjoints(const atom *a, const double *slopes) {
  for (int x = 0; x < a->model->nfunctions[a->mu]; ++x) {
    const xp_ace_function *f = &a->model->functions[a->mu][x];
    for (int q = 0; q < f->num_ms_combs; ++q) {
      double theta = 0.0;
      for (int p = 0; p < f->ndensity; ++p) theta += slopes[p] * f->ctildes[q * f->ndensity + p];
      tuple_adjoint(a, f, q, theta);
    }
  }
}

static void neighbour_gradient(const atom *a, neighbour *q, double core_slope) {
  const xp_ace_bond *b = bond_of(a, q->mu);
  double along = core_slope * q->dv;
  for (int k = 0; k < b->nradbasemax; ++k) along += a->omega1[q->mu * a->nbase + k] * q->dg[k];
  for (int d = 0; d < 3; ++d) q->gradient[d] = along * q->u[d];
  for (int n = 0; n < b->nradmax; ++n)
    for (int l = 0; l <= b->lmax; ++l)
      for (int m = -l; m <= l; ++m) {
        double complex omega = *entry(a, a->omega, q->mu, n, l, m);
        double r = q->radial[n * (a->lmax + 1) + l], dr = q->dradial[n * (a->lmax + 1) + l];
        int lm = l * (l + 1) + m;
        for (int d = 0; d < 3; ++d)
          q->gradient[d] += creal(omega * (dr * q->y[lm] * q->u[d] + r / q->r * q->dy[lm][d]));
      }
}

/* Energy, 1 - fc and, through the neighbours, gradients. */
static void finish(atom *a, const double *rho, double *slopes, double *energy, double *core_factor) {
  const xp_ace_embedding *e = &a->model->embeddings[a->mu];
  int zbl = a->model->bonds[0].inner_cutoff_type == XP_ACE_INNER_ZBL;
  double sum = 0.0, fc = 1.0, dfc = 0.0;
  for (int p = 0; p < e->ndensity; ++p) {
    double f;
    xp_reference_ace_embedding(e->npoti, rho[p], e->fs_parameters[2 * p + 1], &f, &slopes[p]);
    sum += e->fs_parameters[2 * p] * f;
    slopes[p] *= e->fs_parameters[2 * p];
  }
  if (zbl && a->nearest >= 0) xp_reference_ace_switch(a->depth, a->width, a->width, &fc, &dfc);
  if (!zbl && a->rho_core >= e->rho_core_cutoff)
    fc = 0.0;
  else if (!zbl)
    xp_reference_ace_switch(a->rho_core, e->rho_core_cutoff, e->drho_core_cutoff, &fc, &dfc);
  for (int p = 0; p < e->ndensity; ++p) slopes[p] *= fc;
  *core_factor = 1.0 - fc;
  *energy = fc * sum + (zbl ? 1.0 - fc : 1.0) * a->rho_core + a->model->e0[a->mu];
  sum_adjoints(a, slopes);
  for (int k = 0; k < a->nneighbours; ++k) neighbour_gradient(a, &a->neighbours[k], zbl ? 1.0 - fc : 1.0 + sum * dfc);
  if (!zbl || a->nearest < 0) return;
  neighbour *nearest = &a->neighbours[a->nearest];
  for (int d = 0; d < 3; ++d) nearest->gradient[d] -= (sum - a->rho_core) * dfc * nearest->u[d];
}

static xp_status evaluate_atom(atom *a, const xp_neighbourhoods *n, int i, const int *species, const xp_evaluation *out,
                               xp_error *error) {
  int ndensity = a->model->embeddings[a->mu].ndensity;
  measure(a);
  size_t species_count = (size_t)a->model->nelements;
  a->a1 = calloc(species_count * (size_t)a->nbase, sizeof(double));
  a->omega1 = calloc(species_count * (size_t)a->nbase, sizeof(double));
  a->a = calloc(species_count * (size_t)a->nradial * (size_t)angles(a) + 1, sizeof *a->a);
  a->omega = calloc(species_count * (size_t)a->nradial * (size_t)angles(a) + 1, sizeof *a->omega);
  if (!a->a1 || !a->omega1 || !a->a || !a->omega) return xp_error_memory(error, "the reference");
  xp_status status = find_neighbours(a, n, i, species, error);
  if (status) return status;
  double rho[ndensity], slopes[ndensity], energy, core_factor;
  memset(rho, 0, sizeof rho);
  sum_base(a);
  sum_densities(a, rho);
  finish(a, rho, slopes, &energy, &core_factor);
  if (out->energy) out->energy[i] = energy;
  if (out->core_factor) out->core_factor[i] = core_factor;
  if (!out->gradient) return XP_OK;
  for (size_t k = n->first[i]; k < n->first[i + 1]; ++k) memset(out->gradient[k], 0, sizeof out->gradient[k]);
  for (int k = 0; k < a->nneighbours; ++k)
    memcpy(out->gradient[a->neighbours[k].index], a->neighbours[k].gradient, sizeof a->neighbours[k].gradient);
  return XP_OK;
}

xp_status xp_reference_ace(const xp_ace_model *model, const char *const *elements, int nelements,
                           const xp_neighbourhoods *neighbourhoods, const xp_evaluation *out, xp_error *error) {
  int species[nelements];
  for (int i = 0; i < nelements; ++i) {
    species[i] = 0;
    while (species[i] < model->nelements && strcmp(model->elements[species[i]], elements[i]) != 0) species[i]++;
    if (species[i] == model->nelements)
      return xp_error_set(error, XP_ERROR_INPUT, "element %s is not in the potential", elements[i]);
  }
  for (int i = 0; i < neighbourhoods->natoms; ++i) {
    atom a = {.model = model, .mu = species[neighbourhoods->species[i]]};
    xp_status status = evaluate_atom(&a, neighbourhoods, i, species, out, error);
    free_atom(&a);
    if (status) return status;
  }
  return XP_OK;
}
