/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/radial.h"

#include <stdlib.h>
#include <string.h>

#include "ace/model.h"
#include "structure/element.h"

static const double PI = 3.14159265358979323846;

/* Ziegler, Biersack, Littmark, The Stopping and Range of Ions in Matter (1985). */
static const double ZBL_COULOMB = 14.399645351950543; /* e^2/(4 pi eps0), eV Angstrom */
static const double ZBL_LENGTH = 0.46850;             /* Angstrom */
static const double ZBL_POWER = 0.23;
static const double ZBL_TERMS[4][2] = {
    {0.18175, -3.19980}, {0.50986, -0.94229}, {0.28022, -0.40290}, {0.02817, -0.20162}};

/* zbl with dcut_in = 0: the reference then has no radial functions below this, Angstrom. */
static const double ZBL_RADIAL_START = 1.0;

/* The polynomial step of ace.md section 3.2: 1 below b - width, 0 above b. */
static xp_jet step(xp_jet t, double branch, double b, double width) {
  if (branch <= b - width) return jet_constant(1.0);
  if (branch >= b) return jet_constant(0.0);
  xp_jet x = jet_shift(2.0 * b / width - 1.0, jet_scale(-2.0 / width, t));
  xp_jet square = jet_mul(x, x);
  xp_jet series = jet_shift(15.0, jet_mul(square, jet_shift(-10.0, jet_scale(3.0, square))));
  return jet_shift(0.5, jet_scale(1.0 / 16.0, jet_mul(x, series)));
}

/* (1 + cos(pi t))/2 */
static xp_jet half_cosine(xp_jet t) {
  return jet_scale(0.5, jet_shift(1.0, jet_cos(jet_scale(PI, t))));
}

/* g[k] = (1 - T_{k+first}(x))/2 */
static void chebyshev(xp_jet x, int first, int count, xp_jet *g) {
  xp_jet previous = jet_constant(1.0), current = x;
  for (int k = 0; k < count + first; ++k) {
    if (k >= first) g[k - first] = jet_scale(0.5, jet_shift(1.0, jet_scale(-1.0, previous)));
    xp_jet next = jet_add(jet_scale(2.0, jet_mul(x, current)), jet_scale(-1.0, previous));
    previous = current;
    current = next;
  }
}

static void cheb_exp_cos(const xp_ace_radial *radial, xp_jet r, double branch, xp_jet *g) {
  double end = exp(-radial->lambda);
  xp_jet y = jet_exp(jet_scale(-radial->lambda / radial->rcut, r));
  xp_jet x = jet_shift(1.0 + 2.0 * end / (1.0 - end), jet_scale(-2.0 / (1.0 - end), y));
  chebyshev(x, 0, radial->nbase, g);
  g[0] = jet_constant(1.0);
  xp_jet envelope = half_cosine(jet_scale(1.0 / radial->rcut, r));
  double start = radial->rcut - radial->dcut;
  if (branch > start) envelope = jet_mul(envelope, half_cosine(jet_scale(1.0 / radial->dcut, jet_shift(-start, r))));
  for (int k = 0; k < radial->nbase; ++k) g[k] = jet_mul(envelope, g[k]);
}

static void cheb_pow(const xp_ace_radial *radial, xp_jet r, xp_jet *g) {
  xp_jet base = jet_shift(1.0, jet_scale(-1.0 / radial->rcut, r));
  base.f = fmax(base.f, 0.0);
  chebyshev(jet_shift(1.0, jet_scale(-2.0, jet_pow(base, radial->lambda))), 1, radial->nbase, g);
}

static xp_jet sinc(xp_jet t) {
  return jet_mul(jet_sin(t), jet_inverse(t));
}

static void simplified_bessel(const xp_ace_radial *radial, xp_jet r, xp_jet *g) {
  double rc = radial->rcut, d = 1.0;
  xp_jet low = sinc(jet_scale(PI / rc, r));
  for (int k = 0; k < radial->nbase; ++k) {
    double n = k + 1.0, n1 = k + 2.0;
    xp_jet high = sinc(jet_scale(n1 * PI / rc, r));
    double scale = (k % 2 ? -1.0 : 1.0) * sqrt(2.0) * PI / pow(rc, 1.5) * n * n1 / sqrt(n * n + n1 * n1);
    xp_jet f = jet_scale(scale, jet_add(low, high));
    low = high;
    if (k == 0) {
      g[0] = f;
      continue;
    }
    double e = k * k * n1 * n1 / (4.0 * n * n * n * n + 1.0), next = 1.0 - e / d;
    g[k] = jet_scale(1.0 / sqrt(next), jet_add(f, jet_scale(sqrt(e / d), g[k - 1])));
    d = next;
  }
}

/* x(r) of ACE.jl. */
static xp_jet transform(const xp_ace_acejl *q, xp_jet r) {
  return jet_pow(jet_scale(1.0 + q->r0, jet_inverse(jet_shift(1.0, r))), q->p);
}

static void polynomials(const xp_ace_acejl *q, xp_jet r, double branch, xp_jet *values) {
  double here = transform(q, jet_variable(branch)).f;
  bool outside = (here < q->xl && q->pl > 0.0) || (here > q->xr && q->pr > 0.0);
  if (outside) {
    for (int n = 0; n < q->maxn; ++n) values[n] = jet_constant(0.0);
    return;
  }
  xp_jet x = transform(q, r);
  xp_jet envelope = jet_mul(jet_pow(jet_shift(-q->xl, x), q->pl), jet_pow(jet_shift(-q->xr, x), q->pr));
  values[0] = jet_scale(q->a[0], envelope);
  for (int n = 1; n < q->maxn; ++n) {
    values[n] = jet_mul(jet_shift(q->b[n], jet_scale(q->a[n], x)), values[n - 1]);
    if (n > 1) values[n] = jet_add(values[n], jet_scale(q->c[n], values[n - 2]));
  }
}

static void base_functions(const xp_ace_radial *radial, double at, double branch, xp_jet *g) {
  xp_jet r = jet_variable(at);
  bool hard_start = (radial->inner == XP_ACE_INNER_DENSITY && radial->type != XP_ACE_ACEJL &&
                     branch <= radial->rcut_in - radial->dcut_in) ||
                    (radial->inner == XP_ACE_INNER_ZBL && radial->dcut_in == 0.0 && branch <= ZBL_RADIAL_START);
  bool nothing = hard_start || branch >= radial->rcut || radial->type == XP_ACE_ZERO;
  for (int k = 0; k < radial->nbase && nothing; ++k) g[k] = jet_constant(0.0);
  if (nothing) return;
  switch (radial->type) {
  case XP_ACE_CHEB_EXP_COS:
    cheb_exp_cos(radial, r, branch, g);
    break;
  case XP_ACE_CHEB_POW:
    cheb_pow(radial, r, g);
    break;
  case XP_ACE_CHEB_LINEAR:
    chebyshev(jet_shift(1.0, jet_scale(-1.0 / radial->rcut, r)), 1, radial->nbase, g);
    break;
  case XP_ACE_SBESSEL:
    simplified_bessel(radial, r, g);
    break;
  case XP_ACE_ACEJL:
    polynomials(radial->acejl, r, branch, g);
    break;
  case XP_ACE_ZERO:
    break;
  }
  if (radial->inner != XP_ACE_INNER_DISTANCE) return;
  xp_jet rise = jet_shift(1.0, jet_scale(-1.0, step(r, branch, radial->rcut_in, radial->dcut_in)));
  for (int k = 0; k < radial->nbase; ++k) g[k] = jet_mul(rise, g[k]);
}

/* phi(r/a)/r */
static xp_jet screened(double length, xp_jet r) {
  xp_jet sum = jet_constant(0.0);
  for (int t = 0; t < 4; ++t)
    sum = jet_add(sum, jet_scale(ZBL_TERMS[t][0], jet_exp(jet_scale(ZBL_TERMS[t][1] / length, r))));
  return jet_mul(sum, jet_inverse(r));
}

static xp_jet zbl(const xp_ace_radial *radial, xp_jet r, double branch) {
  const xp_ace_zbl *z = &radial->zbl;
  double start = radial->rcut - radial->dcut;
  xp_jet sum = jet_shift(z->c, screened(z->length, r));
  if (branch > start) {
    xp_jet x = jet_shift(-start, r), cube = jet_mul(x, jet_mul(x, x));
    sum = jet_add(sum, jet_mul(cube, jet_shift(z->a / 3.0, jet_scale(z->b / 4.0, x))));
  }
  return jet_scale(z->scale, jet_mul(sum, step(r, branch, radial->rcut, radial->dcut)));
}

static xp_jet gaussian_core(const xp_ace_radial *radial, xp_jet r, double branch) {
  if (radial->lambdahc * branch * branch >= XP_ACE_CORE_EXPONENT_MAX || radial->prehc == 0.0) return jet_constant(0.0);
  xp_jet fall = jet_exp(jet_scale(-radial->lambdahc, jet_mul(r, r)));
  xp_jet v = jet_mul(jet_mul(fall, jet_inverse(r)), half_cosine(jet_scale(1.0 / radial->rcut, r)));
  if (radial->inner == XP_ACE_INNER_DISTANCE) v = jet_mul(v, step(r, branch, radial->rcut_in, radial->dcut_in));
  return jet_scale(radial->prehc, v);
}

/* Half of ACE.jl's pair energy; values is scratch for its polynomials. */
static xp_jet polynomial_pair(const xp_ace_radial *radial, xp_jet r, double branch, xp_jet *values) {
  const xp_ace_acejl_pair *term = &radial->pair_term;
  if (branch >= radial->pair_rcut) return jet_constant(0.0);
  if (branch <= term->ri) {
    xp_jet fall = jet_exp(jet_scale(-term->a, jet_shift(-1.0, jet_scale(1.0 / term->ri, r))));
    xp_jet v = jet_shift(term->e0, jet_scale(term->b * term->ri, jet_mul(fall, jet_inverse(r))));
    return jet_scale(0.5, v);
  }
  polynomials(radial->pair_polynomials, r, branch, values);
  xp_jet sum = jet_constant(0.0);
  for (int n = 0; n < radial->pair_polynomials->maxn; ++n)
    sum = jet_add(sum, jet_scale(0.5 * term->coefficients[n], values[n]));
  return sum;
}

static xp_jet core_repulsion(const xp_ace_radial *radial, double at, double branch, xp_jet *scratch) {
  xp_jet r = jet_variable(at);
  if (radial->type == XP_ACE_ACEJL)
    return radial->pair_polynomials ? polynomial_pair(radial, r, branch, scratch) : jet_constant(0.0);
  if (branch >= radial->rcut) return jet_constant(0.0);
  return radial->inner == XP_ACE_INNER_ZBL ? zbl(radial, r, branch) : gaussian_core(radial, r, branch);
}

void xp_ace_radial_evaluate(const xp_ace_radial *radial, double r, double branch, xp_jet *scratch, xp_jet *jets) {
  jets[radial->nbase] = core_repulsion(radial, r, branch, scratch);
  base_functions(radial, r, branch, jets);
}

static void add_break(xp_ace_radial *radial, double r) {
  if (!(r > 0.0 && r < radial->cutoff)) return;
  int at = 0;
  while (at < radial->nbreaks && radial->breaks[at] < r) at++;
  if (at < radial->nbreaks && radial->breaks[at] == r) return;
  memmove(radial->breaks + at + 1, radial->breaks + at, (size_t)(radial->nbreaks - at) * sizeof r);
  radial->breaks[at] = r;
  radial->nbreaks++;
}

/* Where x(r) = x. */
static double inverse_transform(const xp_ace_acejl *q, double x) {
  return (1.0 + q->r0) / pow(x, 1.0 / q->p) - 1.0;
}

static void find_breaks(xp_ace_radial *radial) {
  add_break(radial, radial->rcut);
  if (radial->type == XP_ACE_ACEJL) {
    add_break(radial, inverse_transform(radial->acejl, radial->acejl->xl));
    add_break(radial, inverse_transform(radial->acejl, radial->acejl->xr));
    if (!radial->pair_polynomials) return;
    add_break(radial, inverse_transform(radial->pair_polynomials, radial->pair_polynomials->xl));
    add_break(radial, inverse_transform(radial->pair_polynomials, radial->pair_polynomials->xr));
    add_break(radial, radial->pair_term.ri);
    add_break(radial, radial->pair_rcut);
    return;
  }
  add_break(radial, radial->rcut - radial->dcut);
  add_break(radial, radial->rcut_in - radial->dcut_in);
  add_break(radial, radial->rcut_in);
  if (radial->inner == XP_ACE_INNER_ZBL)
    add_break(radial, ZBL_RADIAL_START);
  else if (radial->prehc != 0.0)
    add_break(radial, sqrt(XP_ACE_CORE_EXPONENT_MAX / radial->lambdahc));
}

static void init_zbl(xp_ace_radial *radial, const xp_ace_model *model, int i, int j) {
  xp_ace_zbl *z = &radial->zbl;
  double zi = xp_element_number(model->elements[i]), zj = xp_element_number(model->elements[j]);
  double d = radial->dcut;
  z->scale = radial->prehc * 0.5 * ZBL_COULOMB * zi * zj;
  z->length = ZBL_LENGTH / (pow(zi, ZBL_POWER) + pow(zj, ZBL_POWER));
  xp_jet end = screened(z->length, jet_variable(radial->rcut));
  z->a = (-3.0 * end.d + d * end.s) / (d * d);
  z->b = (2.0 * end.d - d * end.s) / (d * d * d);
  z->c = -end.f + 0.5 * d * end.d - d * d * end.s / 12.0;
}

/* The plan outlives the model, so a radial has copies of its own. */
static xp_status copy_polynomials(xp_ace_acejl **copy, const xp_ace_acejl *original, xp_error *error) {
  *copy = NULL;
  if (!original) return XP_OK;
  size_t n = (size_t)original->maxn;
  xp_ace_acejl *q = malloc(sizeof *q + 3 * n * sizeof(double));
  if (!q) return xp_error_memory(error, "ACE.jl polynomials");
  *q = *original;
  q->a = (double *)(q + 1);
  q->b = q->a + n;
  q->c = q->b + n;
  memcpy(q->a, original->a, n * sizeof(double));
  memcpy(q->b, original->b, n * sizeof(double));
  memcpy(q->c, original->c, n * sizeof(double));
  *copy = q;
  return XP_OK;
}

static xp_status copy_pair_part(xp_ace_radial *radial, const xp_ace_model *model, int i, int j, xp_error *error) {
  if (!model->pair_polynomials) return XP_OK;
  const xp_ace_acejl_pair *term = &model->pair_terms[i * model->nelements + j];
  size_t n = (size_t)model->pair_polynomials->maxn;
  xp_status status = copy_polynomials(&radial->pair_polynomials, model->pair_polynomials, error);
  if (status) return status;
  radial->pair_term = *term;
  radial->pair_term.coefficients = malloc(n * sizeof(double));
  if (!radial->pair_term.coefficients) return xp_error_memory(error, "ACE.jl polynomials");
  memcpy(radial->pair_term.coefficients, term->coefficients, n * sizeof(double));
  radial->pair_rcut = model->pair_rcut;
  radial->cutoff = fmax(radial->cutoff, model->pair_rcut);
  if (radial->nscratch < (int)n) radial->nscratch = (int)n;
  return XP_OK;
}

xp_status xp_ace_radial_init(xp_ace_radial *radial, const xp_ace_model *model, int i, int j, xp_error *error) {
  const xp_ace_bond *bond = xp_ace_model_bond(model, i, j);
  bool zbl_core = bond->inner_cutoff_type == XP_ACE_INNER_ZBL;
  *radial = (xp_ace_radial){.type = bond->radbase,
                            .inner = bond->inner_cutoff_type,
                            .lambda = bond->nradparameters > 0 ? bond->radparameters[0] : 0.0,
                            .rcut = bond->rcut,
                            .dcut = bond->dcut,
                            .rcut_in = bond->rcut_in,
                            .dcut_in = bond->dcut_in,
                            .prehc = zbl_core ? bond->prehc : fabs(bond->prehc),
                            .lambdahc = fabs(bond->lambdahc),
                            .cutoff = bond->rcut,
                            .nbase = bond->nradbasemax};
  if (zbl_core) init_zbl(radial, model, i, j);
  xp_status status = copy_polynomials(&radial->acejl, bond->acejl, error);
  if (!status) status = copy_pair_part(radial, model, i, j, error);
  if (!status) find_breaks(radial);
  return status;
}

void xp_ace_radial_clear(xp_ace_radial *radial) {
  free(radial->acejl);
  free(radial->pair_polynomials);
  free(radial->pair_term.coefficients);
}
