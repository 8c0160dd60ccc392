/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reference/snap_reference.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reference/snap_reference_matrices.h"

/* One evaluation: the model for the elements in use, and the matrices of the centre at hand. */
typedef struct reference {
  const xp_snap_parameters *p;
  const xp_snap_element *elements[XP_REFERENCE_ELEMENTS]; /* in the order of use */
  int nelements;
  int nlabels;
  int nu;
  int ntriples;
  int ncomponents;
  double complex *u;       /* [nlabels][nu] */
  double complex *adjoint; /* [nlabels][nu] sum of Re(conj(adjoint) dU) is dE */
  double complex *v;       /* [nu] U of one neighbour */
  double complex *dv;      /* [3][nu] */
  double *b;               /* [K'] */
  double *beta;            /* [K'] dE/dB */
} reference;

static void reference_free(reference *r) {
  free(r->u);
  free(r->adjoint);
  free(r->v);
  free(r->dv);
  free(r->b);
  free(r->beta);
}

static xp_status reference_start(reference *r, const xp_snap_model *model, const char *const *elements, int nelements,
                                 xp_error *error) {
  *r = (reference){.p = &model->parameters, .nelements = nelements};
  for (int i = 0; i < nelements; ++i)
    for (int k = 0; k < model->nelements; ++k)
      if (strcmp(model->elements[k].symbol, elements[i]) == 0) r->elements[i] = &model->elements[k];
  r->nlabels = r->p->chemflag ? nelements : 1;
  r->nu = xp_reference_ublock(r->p->twojmax + 1);
  r->ntriples = xp_snap_nbispectrum(r->p->twojmax);
  r->ncomponents = r->ntriples * r->nlabels * r->nlabels * r->nlabels;
  size_t nu = (size_t)r->nu, nlabels = (size_t)r->nlabels;
  r->u = calloc(nlabels * nu, sizeof *r->u);
  r->adjoint = calloc(nlabels * nu, sizeof *r->adjoint);
  r->v = calloc(nu, sizeof *r->v);
  r->dv = calloc(3 * nu, sizeof *r->dv);
  r->b = calloc((size_t)r->ncomponents, sizeof *r->b);
  r->beta = calloc((size_t)r->ncomponents, sizeof *r->beta);
  if (r->u && r->adjoint && r->v && r->dv && r->b && r->beta) return XP_OK;
  reference_free(r);
  return xp_error_memory(error, "the reference evaluator");
}

/* What a neighbour of species j contributes around a centre of species i; false when it is out of range. */
static bool pair_of(const reference *r, int i, int j, const double d[3], xp_reference_pair *pair) {
  const xp_snap_parameters *p = r->p;
  double square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
  double cutoff = (r->elements[i]->radelem + r->elements[j]->radelem) * p->rcutfac;
  if (square <= 1e-20 || square >= cutoff * cutoff) return false;
  *pair = (xp_reference_pair){.parameters = p, .cutoff = cutoff, .weight = r->elements[j]->wj};
  if (p->switchinnerflag) {
    pair->inner = 0.5 * (p->sinner[i] + p->sinner[j]);
    pair->width = 0.5 * (p->dinner[i] + p->dinner[j]);
  }
  memcpy(pair->displacement, d, sizeof pair->displacement);
  return true;
}

static void add_density(reference *r, const xp_neighbourhoods *n, int atom) {
  int centre = n->species[atom];
  memset(r->u, 0, (size_t)r->nlabels * (size_t)r->nu * sizeof *r->u);
  for (int label = 0; label < r->nlabels; ++label) {
    if (r->p->chemflag && !r->p->wselfallflag && label != centre) continue;
    for (int j = 0; j <= r->p->twojmax; ++j)
      for (int m = 0; m <= j; ++m) r->u[label * r->nu + xp_reference_ublock(j) + (j + 1) * m + m] = 1.0;
  }
  for (size_t k = n->first[atom]; k < n->first[atom + 1]; ++k) {
    xp_reference_pair pair;
    if (!pair_of(r, centre, n->neighbour_species[k], n->displacements[k], &pair)) continue;
    int label = r->p->chemflag ? n->neighbour_species[k] : 0;
    xp_reference_matrices(&pair, r->v, NULL);
    double slope, value = pair.weight * xp_reference_switch(&pair, &slope);
    for (int e = 0; e < r->nu; ++e) r->u[label * r->nu + e] += value * r->v[e];
  }
}

/* A component of three labels and a triple j1, j2, j. */
typedef struct component {
  int j[3];
  int label[3];
} component;

/* B and, with weight, weight times its derivatives with respect to its three factors added to the adjoint. */
static double component_sum(reference *r, const component *c, double weight, bool derivative) {
  int j1 = c->j[0], j2 = c->j[1], j = c->j[2];
  double complex *u[3], *a[3], sum = 0.0;
  for (int k = 0; k < 3; ++k) {
    int offset = c->label[k] * r->nu + xp_reference_ublock(c->j[k]);
    u[k] = r->u + offset;
    a[k] = r->adjoint + offset;
  }
  double norm = r->p->bnormflag ? 1.0 / (j + 1) : 1.0;
  double cg[XP_SNAP_TWOJMAX_LIMIT + 1][XP_SNAP_TWOJMAX_LIMIT + 1];
  for (int m1 = 0; m1 <= j1; ++m1)
    for (int m2 = 0; m2 <= j2; ++m2) cg[m1][m2] = xp_reference_clebsch_gordan(j1, m1, j2, m2, j);
  int shift = (j1 + j2 - j) / 2;
  for (int mb1 = 0; mb1 <= j1; ++mb1)
    for (int mb2 = 0; mb2 <= j2; ++mb2)
      for (int ma1 = 0; ma1 <= j1; ++ma1)
        for (int ma2 = 0; ma2 <= j2; ++ma2) {
          int mb = mb1 + mb2 - shift, ma = ma1 + ma2 - shift;
          if (mb < 0 || mb > j || ma < 0 || ma > j) continue;
          int e1 = (j1 + 1) * mb1 + ma1, e2 = (j2 + 1) * mb2 + ma2, e = (j + 1) * mb + ma;
          double coefficient = norm * cg[mb1][mb2] * cg[ma1][ma2];
          sum += coefficient * conj(u[2][e]) * u[0][e1] * u[1][e2];
          if (!derivative) continue;
          a[2][e] += weight * coefficient * u[0][e1] * u[1][e2];
          a[0][e1] += weight * coefficient * u[2][e] * conj(u[1][e2]);
          a[1][e2] += weight * coefficient * u[2][e] * conj(u[0][e1]);
        }
  return creal(sum);
}

/* Calls component_sum for all components in the order of coefficients. */
static void all_components(reference *r, int centre, bool derivative) {
  int n = r->nlabels, index = 0;
  for (int label = 0; label < n * n * n; ++label)
    for (int j1 = 0; j1 <= r->p->twojmax; ++j1)
      for (int j2 = 0; j2 <= j1; ++j2)
        for (int j = j1; j <= r->p->twojmax && j <= j1 + j2; ++j) {
          if ((j1 + j2 + j) % 2) continue;
          component c = {{j1, j2, j}, {label / (n * n), label / n % n, label % n}};
          double value = component_sum(r, &c, r->beta[index], derivative);
          bool own = c.label[0] == centre && c.label[1] == centre && c.label[2] == centre;
          if (r->p->bzeroflag && (!r->p->chemflag || r->p->wselfallflag || own))
            value -= r->p->bnormflag ? 1.0 : j + 1.0;
          if (!derivative) r->b[index] = value;
          ++index;
        }
}

/* Energy from B; leaves dE/dB in beta. */
static double energy_of(reference *r, const double *coefficients) {
  int n = r->ncomponents;
  double energy = coefficients[0];
  const double *alpha = coefficients + 1 + n;
  for (int k = 0; k < n; ++k) {
    r->beta[k] = coefficients[1 + k];
    energy += coefficients[1 + k] * r->b[k];
  }
  if (!r->p->quadraticflag) return energy;
  for (int k = 0; k < n; ++k)
    for (int l = k; l < n; ++l, ++alpha) {
      energy += (k == l ? 0.5 : 1.0) * *alpha * r->b[k] * r->b[l];
      r->beta[k] += *alpha * r->b[l];
      if (k != l) r->beta[l] += *alpha * r->b[k];
    }
  return energy;
}

static void add_gradient(reference *r, const xp_neighbourhoods *n, int atom, double (*gradient)[3]) {
  for (size_t k = n->first[atom]; k < n->first[atom + 1]; ++k) {
    xp_reference_pair pair;
    memset(gradient[k], 0, sizeof gradient[k]);
    if (!pair_of(r, n->species[atom], n->neighbour_species[k], n->displacements[k], &pair)) continue;
    const double *d = pair.displacement;
    double distance = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    double slope, value = pair.weight * xp_reference_switch(&pair, &slope);
    const double complex *adjoint = r->adjoint + (r->p->chemflag ? n->neighbour_species[k] : 0) * r->nu;
    xp_reference_matrices(&pair, r->v, r->dv);
    for (int x = 0; x < 3; ++x)
      for (int e = 0; e < r->nu; ++e)
        gradient[k][x] +=
            creal(conj(adjoint[e]) * (pair.weight * slope * d[x] / distance * r->v[e] + value * r->dv[x * r->nu + e]));
  }
}

xp_status xp_reference_snap(const xp_snap_model *model, const char *const *elements, int nelements,
                            const xp_neighbourhoods *neighbourhoods, const xp_evaluation *out, xp_error *error) {
  reference r;
  xp_status status = reference_start(&r, model, elements, nelements, error);
  if (status != XP_OK) return status;
  for (int atom = 0; atom < neighbourhoods->natoms; ++atom) {
    int centre = neighbourhoods->species[atom];
    add_density(&r, neighbourhoods, atom);
    all_components(&r, centre, false);
    double energy = energy_of(&r, r.elements[centre]->coefficients);
    if (out->energy) out->energy[atom] = energy;
    if (out->core_factor) out->core_factor[atom] = 0.0;
    if (!out->gradient) continue;
    memset(r.adjoint, 0, (size_t)r.nlabels * (size_t)r.nu * sizeof *r.adjoint);
    all_components(&r, centre, true);
    add_gradient(&r, neighbourhoods, atom, out->gradient);
  }
  reference_free(&r);
  return XP_OK;
}

xp_status xp_reference_snap_bispectrum(const xp_snap_model *model, const char *const *elements, int nelements,
                                       const xp_neighbourhoods *neighbourhoods, double *bispectrum, xp_error *error) {
  reference r;
  xp_status status = reference_start(&r, model, elements, nelements, error);
  if (status != XP_OK) return status;
  for (int atom = 0; atom < neighbourhoods->natoms; ++atom) {
    add_density(&r, neighbourhoods, atom);
    all_components(&r, neighbourhoods->species[atom], false);
    memcpy(bispectrum + (size_t)atom * (size_t)r.ncomponents, r.b, (size_t)r.ncomponents * sizeof(double));
  }
  reference_free(&r);
  return XP_OK;
}
