/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reference/ace_image_reference.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ace/embedding.h"

/* Largest l, columns and rows of a table that a test has. */
enum { L = 16, COLUMNS = 512, DENSITIES = 32 };

typedef struct atom {
  const xp_ace_image *image;
  const xp_ace_image_centre *centre;
  int species;
  double *values, *adjoints; /* [nslots], [nadjoints] */
  double densities[DENSITIES], slopes[DENSITIES];
  xp_ace_core_state core;
  size_t nearest; /* most compressed bond of zbl */
  xp_ace_atom_energy result;
} atom;

/* What one neighbour needs. */
typedef struct neighbour {
  const xp_ace_image_pair *pair;
  double r, unit[3];
  double g[COLUMNS], dg[COLUMNS];                        /* basis and core */
  double radial[COLUMNS], slope[COLUMNS];                /* R_nl */
  double y[(L + 1) * (L + 1)], dy[(L + 1) * (L + 1)][3]; /* components l^2 + ..., r times the gradient */
} neighbour;

/* ---- radial functions and harmonics ---- */

static void weights_of(const xp_ace_image_segment *s, double t, double value[6], double derivative[6]) {
  double u = 1.0 - t, t2 = t * t, u2 = u * u, h = s->inverse;
  memset(value, 0, 6 * sizeof *value);
  memset(derivative, 0, 6 * sizeof *derivative);
  if (!s->quintic) {
    value[0] = u2 * (1.0 + 2.0 * t);
    value[1] = t * u2;
    value[3] = t2 * (1.0 + 2.0 * u);
    value[4] = -u * t2;
    derivative[0] = -6.0 * t * u * h;
    derivative[1] = u * (1.0 - 3.0 * t) * h;
    derivative[3] = -derivative[0];
    derivative[4] = t * (1.0 - 3.0 * u) * h;
    return;
  }
  value[0] = u2 * u * (1.0 + 3.0 * t + 6.0 * t2);
  value[1] = t * u2 * u * (1.0 + 3.0 * t);
  value[2] = 0.5 * t2 * u2 * u;
  value[3] = t2 * t * (1.0 + 3.0 * u + 6.0 * u2);
  value[4] = -u * t2 * t * (1.0 + 3.0 * u);
  value[5] = 0.5 * u2 * t2 * t;
  derivative[0] = -30.0 * t2 * u2 * h;
  derivative[1] = u2 * (1.0 + 2.0 * t - 15.0 * t2) * h;
  derivative[2] = 0.5 * t * u2 * (2.0 - 5.0 * t) * h;
  derivative[3] = -derivative[0];
  derivative[4] = t2 * (1.0 + 2.0 * u - 15.0 * u2) * h;
  derivative[5] = -0.5 * u * t2 * (2.0 - 5.0 * u) * h;
}

static void look_up(const xp_ace_image *image, neighbour *n) {
  const xp_ace_image_pair *pair = n->pair;
  int k = pair->end_segment - 1;
  while (k > pair->first_segment && n->r < image->segments[k].begin) --k;
  const xp_ace_image_segment *s = &image->segments[k];
  double place = (n->r - s->begin) * s->inverse, value[6], derivative[6];
  int bin = (int)place < s->nbins ? (int)place : s->nbins - 1;
  const double *rows = image->numbers + s->nodes + (size_t)bin * 3 * (size_t)pair->row;
  weights_of(s, place - bin, value, derivative);
  for (int f = 0; f <= pair->nbase; ++f) {
    n->g[f] = n->dg[f] = 0.0;
    for (int w = 0; w < 6; ++w) {
      if (value[w] == 0.0 && derivative[w] == 0.0) continue;
      n->g[f] += value[w] * rows[w * pair->row + f];
      n->dg[f] += derivative[w] * rows[w * pair->row + f];
    }
  }
  const double *matrix = image->numbers + pair->matrix;
  for (int c = 0; c < pair->ncolumns; ++c) {
    n->radial[c] = n->slope[c] = 0.0;
    for (int f = 0; f < pair->nbase; ++f) {
      n->radial[c] += matrix[c * pair->nbase + f] * n->g[f];
      n->slope[c] += matrix[c * pair->nbase + f] * n->dg[f];
    }
  }
}

/* Q_lm(z) and its derivative. */
static void polynomials(const xp_ace_image *image, double z, double q[L + 1][L + 1], double dq[L + 1][L + 1]) {
  const double(*recursion)[2] = (const double(*)[2])(image->numbers + image->recursion);
  double diagonal = 1.0;
  for (int m = 0; m <= image->lmax; ++m) {
    diagonal *= recursion[m * (m + 1) / 2 + m][0];
    q[m][m] = diagonal;
    dq[m][m] = 0.0;
    for (int l = m + 1; l <= image->lmax; ++l) {
      const double *ab = recursion[l * (l + 1) / 2 + m];
      double below = l > m + 1 ? q[l - 2][m] : 0.0, dbelow = l > m + 1 ? dq[l - 2][m] : 0.0;
      q[l][m] = ab[0] * (z * q[l - 1][m] + ab[1] * below);
      dq[l][m] = ab[0] * (q[l - 1][m] + z * dq[l - 1][m] + ab[1] * dbelow);
    }
  }
}

/* Component q(z) p(x, y) with p of degree m: its value, and its gradient on the sphere. */
static void component(neighbour *n, int at, double q, double dq, double p, const double dp[2]) {
  double free[3] = {q * dp[0], q * dp[1], dq * p}, along = 0.0;
  for (int d = 0; d < 3; ++d) along += free[d] * n->unit[d];
  n->y[at] = q * p;
  for (int d = 0; d < 3; ++d) n->dy[at][d] = free[d] - along * n->unit[d];
}

static void harmonics(const xp_ace_image *image, neighbour *n) {
  double q[L + 1][L + 1], dq[L + 1][L + 1], re = 1.0, im = 0.0, below_re = 0.0, below_im = 0.0;
  polynomials(image, n->unit[2], q, dq);
  for (int m = 0; m <= image->lmax; ++m) {
    for (int l = m; l <= image->lmax; ++l) {
      int at = l * l + (m ? 2 * m - 1 : 0);
      component(n, at, q[l][m], dq[l][m], re, (double[]){m * below_re, -m * below_im});
      if (m) component(n, at + 1, q[l][m], dq[l][m], im, (double[]){m * below_im, m * below_re});
    }
    below_re = re, below_im = im;
    re = below_re * n->unit[0] - below_im * n->unit[1];
    im = below_re * n->unit[1] + below_im * n->unit[0];
  }
}

/* Fills n; false beyond the cutoff. */
static bool prepare(const atom *a, int species, const double d[3], neighbour *n) {
  n->pair = &a->image->pairs[a->species * a->image->nelements + species];
  n->r = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
  if (!(n->r < n->pair->cutoff)) return false;
  for (int k = 0; k < 3; ++k) n->unit[k] = d[k] / n->r;
  look_up(a->image, n);
  if (a->image->lmax >= 0) harmonics(a->image, n);
  return true;
}

/* ---- forward ---- */

static void add_neighbour(atom *a, const neighbour *n) {
  const xp_ace_image *image = a->image;
  const int *component = image->indices + n->pair->components;
  for (int k = 0; k < n->pair->ncomponents; ++k, component += 3)
    a->values[component[0]] += n->radial[component[1]] * n->y[component[2]];
  const double *density = image->numbers + n->pair->density;
  for (int p = 0; p < a->centre->ndensity; ++p)
    for (int k = 0; k < n->pair->nbase; ++k) a->densities[p] += density[p * n->pair->nbase + k] * n->g[k];
  a->core.rho_core += n->g[n->pair->nbase];
}

/* For zbl: the most compressed bond. */
static void find_nearest(atom *a, const neighbour *n, size_t index, double *nearest) {
  double depth = n->r - (n->pair->rcut_in - n->pair->dcut_in);
  if (a->centre->inner != XP_ACE_INNER_ZBL || depth >= *nearest) return;
  *nearest = depth;
  a->nearest = index;
  a->core.depth = n->pair->rcut_in - n->r;
  a->core.width = n->pair->dcut_in;
}

static const xp_ace_image_coupling *coupling_at(const atom *a, int coupling) {
  return &a->image->couplings[a->centre->first_coupling + coupling];
}

static void couple(atom *a, const xp_ace_image_level *level) {
  const int *indices = a->image->indices;
  for (int k = 0; k < level->noutputs; ++k) {
    const int *output = indices + level->outputs + 2 * k;
    const xp_ace_image_coupling *q = coupling_at(a, output[0]);
    const xp_ace_image_type *type = &a->image->types[q->type];
    double sum = 0.0;
    for (int t = indices[type->first + output[1]]; t < indices[type->first + output[1] + 1]; ++t) {
      int term = indices[type->terms + t];
      sum += a->image->numbers[type->weights + t] * a->values[q->left + term % XP_ACE_IMAGE_TERM] *
             a->values[q->right + term / XP_ACE_IMAGE_TERM];
    }
    a->values[q->out + output[1]] = sum;
  }
}

static void sum_leaves(atom *a, const xp_ace_image_row *row) {
  for (int k = row->first; k < row->end; ++k) {
    const double *own = a->values + row->slot, *other = a->values + a->image->indices[a->centre->leaf + k];
    double dot = own[0] * other[0];
    for (int i = 1; i < row->n; ++i) dot += row->sign * own[i] * other[i];
    const double *c = a->image->numbers + a->centre->coefficient + (size_t)k * (size_t)a->centre->ndensity;
    for (int p = 0; p < a->centre->ndensity; ++p) a->densities[p] += c[p] * dot;
  }
}

static void embed(atom *a) {
  const xp_ace_image_centre *c = a->centre;
  xp_ace_atom_rule rule = {.ndensity = c->ndensity,
                           .npoti = c->npoti,
                           .parameters = a->image->numbers + c->parameters,
                           .rho_core_cutoff = c->rho_core_cutoff,
                           .drho_core_cutoff = c->drho_core_cutoff,
                           .e0 = c->e0,
                           .inner = c->inner};
  xp_ace_atom_evaluate(&rule, a->densities, 1, &a->core, a->slopes, &a->result);
}

/* ---- adjoints ---- */

static void add_leaves(const atom *a, const xp_ace_image_node *node) {
  double *adjoint = a->adjoints + node->slot;
  for (int i = 0; i < node->n; ++i) adjoint[i] = 0.0;
  for (int k = 0; k < node->nleaves; ++k) {
    const int *entry = a->image->indices + node->leaves + 3 * k;
    const double *c = a->image->numbers + a->centre->coefficient + (size_t)entry[1] * (size_t)a->centre->ndensity;
    double theta = 0.0;
    for (int p = 0; p < a->centre->ndensity; ++p) theta += c[p] * a->slopes[p];
    for (int i = 0; i < node->n; ++i) {
      int component = node->first + i, sign = component == 0 ? 1 : entry[2];
      if (sign != 0) adjoint[i] += sign * theta * a->values[entry[0] + component];
    }
  }
}

static void gather(const atom *a, const xp_ace_image_gather *g) {
  double sum = g->add ? a->adjoints[g->slot] : 0.0;
  const int *term = a->image->indices + g->terms;
  for (int k = 0; k < g->nterms; ++k, term += 2)
    sum += a->image->numbers[g->weights + k] * a->adjoints[term[0]] * a->values[term[1]];
  a->adjoints[g->slot] = sum;
}

static void find_adjoints(const atom *a) {
  const xp_ace_image *image = a->image;
  for (int k = a->centre->first_node; k < a->centre->end_node; ++k) add_leaves(a, &image->nodes[k]);
  for (int k = a->centre->end_level - 1; k >= a->centre->first_level; --k) {
    const xp_ace_image_level *level = &image->levels[k];
    for (int g = level->first_gather; g < level->end_gather; ++g) gather(a, &image->gathers[g]);
    for (const xp_ace_image_sum *s = image->sums + level->first_sum; s < image->sums + level->end_sum; ++s)
      for (int p = 0; p < s->nparts; ++p) a->adjoints[s->slot] += a->adjoints[image->indices[s->parts + p]];
  }
}

static void gradient_of(const atom *a, const neighbour *n, bool nearest, double gradient[3]) {
  const double *density = a->image->numbers + n->pair->density;
  double along = a->result.core_slope * n->dg[n->pair->nbase], across[3] = {0.0};
  for (int p = 0; p < a->centre->ndensity; ++p)
    for (int k = 0; k < n->pair->nbase; ++k) along += a->slopes[p] * density[p * n->pair->nbase + k] * n->dg[k];
  const int *component = a->image->indices + n->pair->components;
  for (int k = 0; k < n->pair->ncomponents; ++k, component += 3) {
    double adjoint = a->adjoints[component[0]];
    along += adjoint * n->slope[component[1]] * n->y[component[2]];
    for (int d = 0; d < 3; ++d) across[d] += adjoint * n->radial[component[1]] * n->dy[component[2]][d];
  }
  if (nearest) along += a->result.nearest_slope;
  for (int d = 0; d < 3; ++d) gradient[d] = along * n->unit[d] + across[d] / n->r;
}

/* ---- an atom ---- */

static void evaluate(atom *a, const xp_neighbourhoods *n, int index, const xp_evaluation *out, neighbour *work) {
  const xp_ace_image *image = a->image;
  double nearest = image->nearest_limit;
  for (size_t k = n->first[index]; k < n->first[index + 1]; ++k) {
    if (!prepare(a, n->neighbour_species[k], n->displacements[k], work)) continue;
    add_neighbour(a, work);
    find_nearest(a, work, k, &nearest);
  }
  for (int k = a->centre->first_level; k < a->centre->end_level; ++k) couple(a, &image->levels[k]);
  for (int k = a->centre->first_row; k < a->centre->end_row; ++k) sum_leaves(a, &image->rows[k]);
  embed(a);
  if (out->energy) out->energy[index] = a->result.energy;
  if (out->core_factor) out->core_factor[index] = a->result.core_factor;
  if (!out->gradient) return;
  find_adjoints(a);
  for (size_t k = n->first[index]; k < n->first[index + 1]; ++k) {
    memset(out->gradient[k], 0, sizeof out->gradient[k]);
    if (prepare(a, n->neighbour_species[k], n->displacements[k], work))
      gradient_of(a, work, k == a->nearest, out->gradient[k]);
  }
}

xp_status xp_reference_ace_image(const xp_ace_image *image, const xp_neighbourhoods *n, const xp_evaluation *out,
                                 xp_error *error) {
  neighbour *work = malloc(sizeof *work);
  xp_status status = work ? XP_OK : xp_error_memory(error, "the reference of an image");
  for (int index = 0; index < n->natoms && status == XP_OK; ++index) {
    atom a = {.image = image, .species = n->species[index], .nearest = SIZE_MAX};
    a.centre = &image->centres[a.species];
    a.values = calloc((size_t)a.centre->nslots + 1, sizeof *a.values);
    a.adjoints = calloc((size_t)a.centre->nadjoints + 1, sizeof *a.adjoints);
    if (a.values && a.adjoints)
      evaluate(&a, n, index, out, work);
    else
      status = xp_error_memory(error, "the reference of an image");
    free(a.values);
    free(a.adjoints);
  }
  free(work);
  return status;
}
