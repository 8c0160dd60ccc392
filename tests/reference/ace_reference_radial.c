/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Radial functions, core repulsion and embedding: ace.md sections 3 and 5. */
#include <math.h>
#include <string.h>

#include "reference/ace_reference.h"
#include "structure/element.h"

#define PI 3.14159265358979323846

void xp_reference_ace_switch(double t, double b, double width, double *f, double *df) {
  *df = 0.0;
  if (t <= b - width) {
    *f = 1.0;
  } else if (t >= b) {
    *f = 0.0;
  } else {
    double x = 1.0 - 2.0 * (1.0 + (t - b) / width);
    *f = 0.5 + (15.0 * x - 10.0 * pow(x, 3) + 3.0 * pow(x, 5)) / 16.0;
    *df = -15.0 / (8.0 * width) * pow(1.0 - x * x, 2);
  }
}

/* T_k(x) = cos(k acos x) by its recursion, and its derivative k U_{k-1}. */
static void chebyshev(int k, double x, double *t, double *dt) {
  double t0 = 1.0, t1 = x, d0 = 0.0, d1 = 1.0;
  for (int n = 0; n < k; ++n) {
    double t2 = 2.0 * x * t1 - t0, d2 = 2.0 * t1 + 2.0 * x * d1 - d0;
    t0 = t1, t1 = t2, d0 = d1, d1 = d2;
  }
  *t = t0;
  *dt = d0;
}

static void cheb_exp_cos(const xp_ace_bond *b, double r, double *g, double *dg) {
  double lam = b->radparameters[0], rc = b->rcut;
  double y = exp(-lam * r / rc), y1 = exp(-lam);
  double x = 1.0 - 2.0 * (y - y1) / (1.0 - y1), dx = 2.0 * (lam / rc) * y / (1.0 - y1);
  double c = 0.5 * (1.0 + cos(PI * r / rc)), dc = -0.5 * PI / rc * sin(PI * r / rc);
  double s = 1.0, ds = 0.0;
  if (r > rc - b->dcut) {
    s = 0.5 * (1.0 + cos(PI * (r - rc + b->dcut) / b->dcut));
    ds = -0.5 * PI / b->dcut * sin(PI * (r - rc + b->dcut) / b->dcut);
  }
  for (int k = 0; k < b->nradbasemax; ++k) {
    double t, dt;
    chebyshev(k, x, &t, &dt);
    double h = k ? 0.5 * (1.0 - t) : 1.0, dh = k ? -0.5 * dt * dx : 0.0;
    g[k] = h * c * s;
    dg[k] = dh * c * s + h * dc * s + h * c * ds;
  }
}

static void cheb_of_x(const xp_ace_bond *b, double x, double dx, double *g, double *dg) {
  for (int k = 0; k < b->nradbasemax; ++k) {
    double t, dt;
    chebyshev(k + 1, x, &t, &dt);
    g[k] = 0.5 * (1.0 - t);
    dg[k] = -0.5 * dt * dx;
  }
}

static double sinc(double t) {
  return sin(t) / t;
}
static double dsinc(double t) {
  return cos(t) / t - sin(t) / (t * t);
}

static void bessel(const xp_ace_bond *b, double r, double *g, double *dg) {
  double rc = b->rcut, d = 1.0;
  for (int k = 0; k < b->nradbasemax; ++k) {
    double n = k + 1.0, m = k + 2.0, q = PI / rc;
    double scale = pow(-1.0, k) * sqrt(2.0) * PI * pow(rc, -1.5) * n * m / sqrt(n * n + m * m);
    double f = scale * (sinc(n * q * r) + sinc(m * q * r));
    double df = scale * (n * q * dsinc(n * q * r) + m * q * dsinc(m * q * r));
    if (k == 0) {
      g[0] = f;
      dg[0] = df;
      continue;
    }
    double e = k * k * m * m / (4.0 * pow(n, 4) + 1.0), dk = 1.0 - e / d;
    g[k] = (f + sqrt(e / d) * g[k - 1]) / sqrt(dk);
    dg[k] = (df + sqrt(e / d) * dg[k - 1]) / sqrt(dk);
    d = dk;
  }
}

static void acejl(const xp_ace_acejl *q, double r, double *g, double *dg) {
  double x = pow((1.0 + q->r0) / (1.0 + r), q->p), dx = -q->p * x / (1.0 + r);
  double left = x - q->xl, right = x - q->xr;
  double f = pow(left, q->pl) * pow(right, q->pr);
  double df = 0.0;
  if (q->pl > 0.0) df += q->pl * pow(left, q->pl - 1.0) * pow(right, q->pr);
  if (q->pr > 0.0) df += q->pr * pow(left, q->pl) * pow(right, q->pr - 1.0);
  if ((left < 0.0 && q->pl > 0.0) || (right > 0.0 && q->pr > 0.0)) f = df = 0.0;
  g[0] = q->a[0] * f;
  dg[0] = q->a[0] * df * dx;
  for (int n = 1; n < q->maxn; ++n) {
    double s = q->a[n] * x + q->b[n], ds = q->a[n] * dx;
    g[n] = s * g[n - 1] + (n > 1 ? q->c[n] * g[n - 2] : 0.0);
    dg[n] = ds * g[n - 1] + s * dg[n - 1] + (n > 1 ? q->c[n] * dg[n - 2] : 0.0);
  }
}

static void plain_radial(const xp_ace_bond *b, double r, double *g, double *dg) {
  double rc = b->rcut, lam = b->nradparameters ? b->radparameters[0] : 0.0;
  switch (b->radbase) {
  case XP_ACE_CHEB_EXP_COS:
    cheb_exp_cos(b, r, g, dg);
    break;
  case XP_ACE_CHEB_POW:
    cheb_of_x(b, 2.0 * (1.0 - pow(1.0 - r / rc, lam)) - 1.0, 2.0 * lam / rc * pow(1.0 - r / rc, lam - 1.0), g, dg);
    break;
  case XP_ACE_CHEB_LINEAR:
    cheb_of_x(b, 1.0 - r / rc, -1.0 / rc, g, dg);
    break;
  case XP_ACE_SBESSEL:
    bessel(b, r, g, dg);
    break;
  case XP_ACE_ACEJL:
    acejl(b->acejl, r, g, dg);
    break;
  case XP_ACE_ZERO:
    break;
  }
}

void xp_reference_ace_radial(const xp_ace_model *model, int i, int j, double r, double *g, double *dg) {
  const xp_ace_bond *b = &model->bonds[i * model->nelements + j];
  double f = 0.0, df = 0.0;
  memset(g, 0, (size_t)b->nradbasemax * sizeof *g);
  memset(dg, 0, (size_t)b->nradbasemax * sizeof *dg);
  if (r >= b->rcut) return;
  if (b->radbase != XP_ACE_ACEJL) {
    if (b->inner_cutoff_type == XP_ACE_INNER_DENSITY && r <= b->rcut_in - b->dcut_in) return;
    if (b->inner_cutoff_type == XP_ACE_INNER_ZBL && b->dcut_in == 0.0 && r <= 1.0) return;
    if (b->inner_cutoff_type == XP_ACE_INNER_DISTANCE) xp_reference_ace_switch(r, b->rcut_in, b->dcut_in, &f, &df);
  }
  plain_radial(b, r, g, dg);
  for (int k = 0; k < b->nradbasemax; ++k) {
    dg[k] = dg[k] * (1.0 - f) - g[k] * df;
    g[k] *= 1.0 - f;
  }
}

/* E = phi(r/a)/r with its first two derivatives. */
static void screened(double a, double r, double e[3]) {
  static const double c[4] = {0.18175, 0.50986, 0.28022, 0.02817}, d[4] = {-3.19980, -0.94229, -0.40290, -0.20162};
  double p = 0.0, p1 = 0.0, p2 = 0.0;
  for (int t = 0; t < 4; ++t) {
    p += c[t] * exp(d[t] * r / a);
    p1 += c[t] * d[t] / a * exp(d[t] * r / a);
    p2 += c[t] * d[t] * d[t] / (a * a) * exp(d[t] * r / a);
  }
  e[0] = p / r;
  e[1] = p1 / r - p / (r * r);
  e[2] = p2 / r - 2.0 * p1 / (r * r) + 2.0 * p / (r * r * r);
}

static void zbl(const xp_ace_model *model, int i, int j, double r, double *v, double *dv) {
  const xp_ace_bond *bond = &model->bonds[i * model->nelements + j];
  double zi = xp_element_number(model->elements[i]), zj = xp_element_number(model->elements[j]);
  double a = 0.46850 / (pow(zi, 0.23) + pow(zj, 0.23)), e[3], end[3], f, df;
  double d = bond->dcut, x = r - (bond->rcut - d);
  screened(a, r, e);
  screened(a, bond->rcut, end);
  double ca = (-3.0 * end[1] + d * end[2]) / (d * d), cb = (2.0 * end[1] - d * end[2]) / (d * d * d);
  double s = -end[0] + d * end[1] / 2.0 - d * d * end[2] / 12.0, ds = 0.0;
  if (x > 0.0) {
    s += ca / 3.0 * pow(x, 3) + cb / 4.0 * pow(x, 4);
    ds = ca * x * x + cb * pow(x, 3);
  }
  xp_reference_ace_switch(r, bond->rcut, bond->dcut, &f, &df);
  double scale = bond->prehc * 14.399645351950543 / 2.0 * zi * zj;
  *v = scale * (e[0] + s) * f;
  *dv = scale * ((e[1] + ds) * f + (e[0] + s) * df);
}

static void acejl_pair(const xp_ace_model *model, int i, int j, double r, double *v, double *dv) {
  const xp_ace_acejl_pair *t = &model->pair_terms[i * model->nelements + j];
  const xp_ace_acejl *q = model->pair_polynomials;
  if (r >= model->pair_rcut) return;
  if (r > t->ri) {
    double p[q->maxn], dp[q->maxn];
    acejl(q, r, p, dp);
    for (int n = 0; n < q->maxn; ++n) {
      *v += 0.5 * t->coefficients[n] * p[n];
      *dv += 0.5 * t->coefficients[n] * dp[n];
    }
    return;
  }
  double e = t->b * exp(-t->a * (r / t->ri - 1.0)) * t->ri / r;
  *v = 0.5 * (t->e0 + e);
  *dv = 0.5 * e * (-t->a / t->ri - 1.0 / r);
}

void xp_reference_ace_core(const xp_ace_model *model, int i, int j, double r, double *v, double *dv) {
  const xp_ace_bond *b = &model->bonds[i * model->nelements + j];
  *v = *dv = 0.0;
  if (b->radbase == XP_ACE_ACEJL) {
    if (model->pair_polynomials) acejl_pair(model, i, j, r, v, dv);
    return;
  }
  if (r >= b->rcut) return;
  if (b->inner_cutoff_type == XP_ACE_INNER_ZBL) {
    zbl(model, i, j, r, v, dv);
    return;
  }
  double p = fabs(b->prehc), q = fabs(b->lambdahc), rc = b->rcut;
  if (q * r * r >= 50.0) return;
  double e = p * exp(-q * r * r) / r, de = e * (-2.0 * q * r - 1.0 / r);
  double c = 0.5 * (1.0 + cos(PI * r / rc)), dc = -0.5 * PI / rc * sin(PI * r / rc);
  double f = 1.0, df = 0.0;
  if (b->inner_cutoff_type == XP_ACE_INNER_DISTANCE) xp_reference_ace_switch(r, b->rcut_in, b->dcut_in, &f, &df);
  *v = e * c * f;
  *dv = de * c * f + e * dc * f + e * c * df;
}

static void shifted_scaled(double rho, double m, double *f, double *df) {
  if (fabs(m - 1.0) < 1e-10) {
    *f = rho;
    *df = 1.0;
    return;
  }
  double a = fabs(rho), sign = rho < 0.0 ? -1.0 : 1.0, nx = 1.0 / m;
  double x = pow(nx, nx / (1.0 - nx)) * exp(-a), y = pow(nx, 1.0 / (1.0 - nx)) * exp(-a);
  *f = sign * (pow(x + a, m) - y);
  *df = m * (1.0 - x) * pow(x + a, m - 1.0) + y;
}

void xp_reference_ace_embedding(xp_ace_embedding_type type, double rho, double m, double *f, double *df) {
  if (type == XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED) {
    shifted_scaled(rho, m, f, df);
    return;
  }
  double w = 1e6, l = pow(w, 1.0 - m), a = fabs(rho), sign = rho < 0.0 ? -1.0 : 1.0;
  if (a <= 1e-10) {
    *f = l * rho;
    *df = l;
    return;
  }
  double g = pow(w * a, 3) > 30.0 ? 0.0 : exp(-pow(w * a, 3)), dg = -3.0 * pow(w, 3) * a * a * g;
  *f = sign * ((1.0 - g) * pow(a, m) + l * g * a);
  *df = m * pow(a, m - 1.0) * (1.0 - g) - pow(a, m) * dg + l * a * dg + l * g;
}
