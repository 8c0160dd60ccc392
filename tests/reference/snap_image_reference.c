/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reference/snap_image_reference.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Powers and polynomials of the largest twojmax. */
enum { POWERS = 16, POLYNOMIALS = POWERS / 2 };

static const double SMALLEST_SQUARE = 1e-20; /* Angstrom^2 */

typedef struct atom {
  const xp_snap_image *image;
  const xp_snap_image_centre *centre;
  int species;
  double *moments, *adjoints;     /* [nlabels][nmoments] */
  double complex *u, *sums, *y;   /* [nlabels][nu], [nsums], [nlabels][nentries] */
  double *bispectrum, *effective; /* [ncomponents], less zero; dE/dB */
} atom;

/* What one neighbour needs. */
typedef struct neighbour {
  int label;
  double r, unit[3], turn, sine, cosine, sign; /* turn: d theta0/dr */
  double complex ck_a, ck_b;                   /* Cayley-Klein parameters */
  double value, slope;                         /* of weight times switching functions */
  double a[POWERS][2], b[POWERS][2];
  double t[POLYNOMIALS], dt[POLYNOMIALS];
} neighbour;

/* ---- a neighbour ---- */

static void switching(const xp_snap_image *image, const xp_snap_image_pair *pair, neighbour *n) {
  double t = (n->r - image->rmin0) * pair->scale, outer = 1.0, outer_slope = 0.0, inner = 1.0, inner_slope = 0.0;
  if (image->switchflag && t > 0.0) {
    outer = 0.5 * cos(M_PI * t) + 0.5;
    outer_slope = -0.5 * M_PI * pair->scale * sin(M_PI * t);
  }
  if (image->switchinnerflag) {
    double u = (n->r - pair->inner) / pair->width;
    inner = u <= -1.0 ? 0.0 : u >= 1.0 ? 1.0 : 0.5 * sin(M_PI_2 * u) + 0.5;
    inner_slope = fabs(u) >= 1.0 ? 0.0 : 0.25 * M_PI * cos(M_PI_2 * u) / pair->width;
  }
  n->value = pair->weight * outer * inner;
  n->slope = pair->weight * (outer_slope * inner + outer * inner_slope);
}

static void powers(double table[POWERS][2], int most, double complex z) {
  double complex power = 1.0;
  for (int m = 0; m <= most; ++m, power *= z) {
    table[m][0] = creal(power);
    table[m][1] = cimag(power);
  }
}

static void chebyshev(neighbour *n, int last, double y) {
  n->t[0] = 1.0, n->dt[0] = 0.0;
  n->t[1] = y, n->dt[1] = 1.0;
  for (int k = 2; k <= last; ++k) {
    n->t[k] = 2.0 * y * n->t[k - 1] - n->t[k - 2];
    n->dt[k] = 2.0 * (n->t[k - 1] + y * n->dt[k - 1]) - n->dt[k - 2];
  }
}

/* Fills n; false when it does not count. */
static bool prepare(const atom *at, int species, const double d[3], neighbour *n) {
  const xp_snap_image *image = at->image;
  const xp_snap_image_pair *pair = &image->pairs[at->species * image->nelements + species];
  double square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
  if (!(square > SMALLEST_SQUARE && square < pair->cutoff * pair->cutoff)) return false;
  n->label = image->chem ? species : 0;
  n->r = sqrt(square);
  for (int k = 0; k < 3; ++k) n->unit[k] = d[k] / n->r;
  n->turn = image->rfac0 * M_PI * pair->scale;
  n->sine = sin(n->turn * (n->r - image->rmin0));
  n->cosine = cos(n->turn * (n->r - image->rmin0));
  n->sign = n->sine < 0.0 ? -1.0 : 1.0;
  n->ck_a = n->sign * (n->cosine - I * n->sine * n->unit[2]);
  n->ck_b = n->sign * n->sine * (n->unit[1] - I * n->unit[0]);
  powers(n->a, image->twojmax, n->ck_a);
  powers(n->b, image->twojmax, n->ck_b);
  chebyshev(n, image->twojmax / 2, creal(n->ck_a * conj(n->ck_a)) - creal(n->ck_b * conj(n->ck_b)));
  switching(image, pair, n);
  return true;
}

/* ---- forward ---- */

static void add_neighbour(const atom *at, const neighbour *n) {
  double *moments = at->moments + n->label * at->image->nmoments;
  for (int p = 0; p < at->image->npowers; ++p) {
    const xp_snap_image_power *power = &at->image->powers[p];
    for (int part = 0; part < 4; ++part)
      for (int k = 0; k < power->count && power->moments[part] >= 0; ++k)
        moments[power->moments[part] + 2 * k] +=
            n->value * n->a[power->k][part / 2] * n->b[power->l][part % 2] * n->t[k];
  }
}

/* A row of a sparse matrix times a vector. */
static double sum_row(const xp_snap_image *image, const xp_snap_image_row *row, const double *x) {
  double sum = 0.0;
  for (int t = 0; t < row->count; ++t)
    sum += image->numbers[row->weights + XP_SNAP_IMAGE_STRIDE * t] *
           x[image->indices[row->terms + XP_SNAP_IMAGE_STRIDE * t]];
  return sum;
}

static void expand(const atom *at, int label) {
  const xp_snap_image *image = at->image;
  const double *moments = at->moments + label * image->nmoments;
  bool self = image->wselfallflag || label == at->centre->label;
  double complex *u = at->u + label * image->nu;
  for (int r = 0; r < 2 * image->nentries; ++r) {
    const xp_snap_image_row *row = &image->expansion[r];
    u[image->entries[row->row / 2].u] += (row->row % 2 ? I : 1.0) * sum_row(image, row, moments);
  }
  for (int e = 0; e < image->nentries; ++e) {
    const xp_snap_image_entry *entry = &image->entries[e];
    if (self && entry->diagonal) u[entry->u] += 1.0;
    if (entry->mirror >= 0) u[entry->mirror] = entry->sign * conj(u[entry->u]);
  }
}

static void multiply(const atom *at, const xp_snap_image_segment *s) {
  const xp_snap_image *image = at->image;
  double complex sums[XP_SNAP_IMAGE_OUTPUTS] = {0.0};
  for (int t = 0; t < s->nproducts; ++t) {
    int factors = image->indices[s->factors + XP_SNAP_IMAGE_STRIDE * t];
    double complex product =
        at->u[s->left + factors % XP_SNAP_IMAGE_RIGHT] * at->u[s->right + factors / XP_SNAP_IMAGE_RIGHT];
    for (int k = 0; k < s->noutputs; ++k)
      sums[k] += image->numbers[s->coefficients + XP_SNAP_IMAGE_STRIDE * (t * s->noutputs + k)] * product;
  }
  for (int k = 0; k < s->noutputs; ++k) at->sums[image->indices[s->outputs + k]] = sums[k];
}

static double half_sum(const double complex *u, const double complex *z, int n) {
  double sum = 0.0;
  for (int k = 0; k < n; ++k) sum += creal(conj(u[k]) * z[k]);
  return sum;
}

/* ---- from products to the energy and Y ---- */

static double finish_linear(const atom *at) {
  const xp_snap_image *image = at->image;
  double sum = 0.0;
  for (int r = at->centre->first_rest; r < at->centre->end_rest; ++r)
    for (int k = 0; k < image->rests[r].count; ++k)
      at->sums[image->rests[r].output] += at->sums[image->rests[r].first + k];
  for (int o = 0; o < image->nlabels * image->nentries; ++o) {
    at->y[o] = at->sums[o];
    sum += creal(conj(at->y[o]) * at->u[o / image->nentries * image->nu + image->entries[o % image->nentries].u]);
  }
  return at->centre->constant + sum / 3.0;
}

static double quadratic_energy(const atom *at) {
  const xp_snap_image *image = at->image;
  const double *beta = image->numbers + at->centre->beta, *alpha = image->numbers + at->centre->alpha,
               *zero = image->numbers + at->centre->zero;
  double energy = at->centre->constant;
  for (int k = 0; k < image->ncomponents; ++k) {
    const xp_snap_image_component *c = &image->components[k];
    at->bispectrum[k] = half_sum(at->u + c->u, at->sums + c->z, c->n) - zero[k];
  }
  for (int k = 0; k < image->ncomponents; ++k) {
    at->effective[k] = beta[k];
    for (int l = 0; l < image->ncomponents; ++l)
      at->effective[k] += alpha[k * image->ncomponents + l] * at->bispectrum[l];
    energy += 0.5 * at->bispectrum[k] * (beta[k] + at->effective[k]);
  }
  return energy;
}

static void link(const atom *at, int label, const xp_snap_image_entry *entry, double complex *y) {
  const xp_snap_image *image = at->image;
  const xp_snap_image_level *level = &image->levels[label * (image->twojmax + 1) + entry->j];
  *y = 0.0;
  for (int k = level->first; k < level->end; ++k) {
    double factor = 0.0;
    for (int t = image->links[k].first; t < image->links[k].end; ++t)
      factor += image->numbers[image->link_factors + t] * at->effective[image->indices[image->link_components + t]];
    *y += factor * at->sums[image->links[k].z + entry->index];
  }
}

static double finish_quadratic(const atom *at) {
  const xp_snap_image *image = at->image;
  double energy = quadratic_energy(at);
  for (int o = 0; o < image->nlabels * image->nentries; ++o)
    link(at, o / image->nentries, &image->entries[o % image->nentries], &at->y[o]);
  return energy;
}

/* ---- gradients ---- */

static void gather(const atom *at, int label) {
  const xp_snap_image *image = at->image;
  const double *parts = (const double *)(at->y + label * image->nentries);
  for (int m = 0; m < image->nmoments; ++m) {
    const xp_snap_image_row *row = &image->gathering[m];
    at->adjoints[label * image->nmoments + row->row] = sum_row(image, row, parts);
  }
}

/* The share of a neighbour in the energy without its weight, and its derivatives by the parts of a and b and by y. */
typedef struct shares {
  double value, a[2], b[2], y;
} shares;

/* d/dz of a function whose derivatives by the parts of z^m are slopes. */
static void add_power(double to[2], int m, double powers[POWERS][2], const double slopes[2]) {
  if (m == 0) return;
  const double *below = powers[m - 1];
  to[0] += m * (below[0] * slopes[0] + below[1] * slopes[1]);
  to[1] += m * (below[0] * slopes[1] - below[1] * slopes[0]);
}

static void add_shares(const atom *at, neighbour *n, const xp_snap_image_power *power, shares *sum) {
  const double *adjoints = at->adjoints + n->label * at->image->nmoments;
  double slopes_a[2] = {0.0, 0.0}, slopes_b[2] = {0.0, 0.0};
  for (int part = 0; part < 4; ++part) {
    double q = 0.0, dq = 0.0, a = n->a[power->k][part / 2], b = n->b[power->l][part % 2];
    for (int k = 0; k < power->count && power->moments[part] >= 0; ++k) {
      q += adjoints[power->moments[part] + 2 * k] * n->t[k];
      dq += adjoints[power->moments[part] + 2 * k] * n->dt[k];
    }
    slopes_a[part / 2] += b * q;
    slopes_b[part % 2] += a * q;
    sum->value += a * b * q;
    sum->y += a * b * dq;
  }
  add_power(sum->a, power->k, n->a, slopes_a);
  add_power(sum->b, power->l, n->b, slopes_b);
}

/* d/d(displacement). With n the direction, sign a = cosine - i sine n_z and sign b = sine (n_y - i n_x). */
static void gradient_of(const atom *at, neighbour *n, double gradient[3]) {
  shares s = {0.0, {0.0, 0.0}, {0.0, 0.0}, 0.0};
  for (int p = 0; p < at->image->npowers; ++p) add_shares(at, n, &at->image->powers[p], &s);
  /* y = |a|^2 - |b|^2 */
  double ar = s.a[0] + 2.0 * creal(n->ck_a) * s.y, ai = s.a[1] + 2.0 * cimag(n->ck_a) * s.y;
  double br = s.b[0] - 2.0 * creal(n->ck_b) * s.y, bi = s.b[1] - 2.0 * cimag(n->ck_b) * s.y;
  double free[3] = {-n->sign * bi, n->sign * br, -n->sign * ai}, along = 0.0;
  for (int d = 0; d < 3; ++d) along += free[d] * n->unit[d];
  double radial = n->value * n->turn * (n->cosine * along - n->sine * n->sign * ar) + n->slope * s.value;
  for (int d = 0; d < 3; ++d)
    gradient[d] = radial * n->unit[d] + n->value * n->sine / n->r * (free[d] - along * n->unit[d]);
}

/* ---- an atom ---- */

static void evaluate(atom *at, const xp_neighbourhoods *list, int index, const xp_evaluation *out) {
  const xp_snap_image *image = at->image;
  neighbour n;
  for (size_t k = list->first[index]; k < list->first[index + 1]; ++k)
    if (prepare(at, list->neighbour_species[k], list->displacements[k], &n)) add_neighbour(at, &n);
  for (int label = 0; label < image->nlabels; ++label) expand(at, label);
  for (int s = at->centre->first_segment; s < at->centre->end_segment; ++s) multiply(at, &image->segments[s]);
  double energy = image->quadratic ? finish_quadratic(at) : finish_linear(at);
  if (out->energy) out->energy[index] = energy;
  if (out->core_factor) out->core_factor[index] = 0.0;
  if (!out->gradient) return;
  for (int label = 0; label < image->nlabels; ++label) gather(at, label);
  for (size_t k = list->first[index]; k < list->first[index + 1]; ++k) {
    memset(out->gradient[k], 0, sizeof out->gradient[k]);
    if (prepare(at, list->neighbour_species[k], list->displacements[k], &n)) gradient_of(at, &n, out->gradient[k]);
  }
}

static void clear(atom *at) {
  free(at->moments);
  free(at->adjoints);
  free(at->u);
  free(at->sums);
  free(at->y);
  free(at->bispectrum);
  free(at->effective);
}

static bool reserve(atom *at) {
  const xp_snap_image *image = at->image;
  size_t labels = (size_t)image->nlabels, components = (size_t)image->ncomponents + 1;
  at->moments = calloc(labels * (size_t)image->nmoments, sizeof *at->moments);
  at->adjoints = calloc(labels * (size_t)image->nmoments, sizeof *at->adjoints);
  at->u = calloc(labels * (size_t)image->nu, sizeof *at->u);
  at->sums = calloc((size_t)image->nsums, sizeof *at->sums);
  at->y = calloc(labels * (size_t)image->nentries, sizeof *at->y);
  at->bispectrum = calloc(components, sizeof *at->bispectrum);
  at->effective = calloc(components, sizeof *at->effective);
  return at->moments && at->adjoints && at->u && at->sums && at->y && at->bispectrum && at->effective;
}

xp_status xp_reference_snap_image(const xp_snap_image *image, const xp_neighbourhoods *list, const xp_evaluation *out,
                                  xp_error *error) {
  xp_status status = XP_OK;
  for (int index = 0; index < list->natoms && status == XP_OK; ++index) {
    atom at = {.image = image, .species = list->species[index]};
    at.centre = &image->centres[at.species];
    if (reserve(&at))
      evaluate(&at, list, index, out);
    else
      status = xp_error_memory(error, "the reference of an image");
    clear(&at);
  }
  return status;
}
