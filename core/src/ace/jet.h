/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A function of one variable carried with its first two derivatives. */
#ifndef XPOT_ACE_JET_H
#define XPOT_ACE_JET_H

#include <math.h>

typedef struct xp_jet {
  double f, d, s; /* value, first and second derivative */
} xp_jet;

static inline xp_jet jet_constant(double c) {
  return (xp_jet){c, 0.0, 0.0};
}
static inline xp_jet jet_variable(double x) {
  return (xp_jet){x, 1.0, 0.0};
}
static inline xp_jet jet_scale(double c, xp_jet a) {
  return (xp_jet){c * a.f, c * a.d, c * a.s};
}
static inline xp_jet jet_add(xp_jet a, xp_jet b) {
  return (xp_jet){a.f + b.f, a.d + b.d, a.s + b.s};
}
static inline xp_jet jet_shift(double c, xp_jet a) {
  return (xp_jet){a.f + c, a.d, a.s};
}

static inline xp_jet jet_mul(xp_jet a, xp_jet b) {
  return (xp_jet){a.f * b.f, a.d * b.f + a.f * b.d, a.s * b.f + 2.0 * a.d * b.d + a.f * b.s};
}

/* g(a) where g, g', g'' at a.f are known. */
static inline xp_jet jet_chain(xp_jet a, double g, double g1, double g2) {
  return (xp_jet){g, g1 * a.d, g2 * a.d * a.d + g1 * a.s};
}

static inline xp_jet jet_exp(xp_jet a) {
  double e = exp(a.f);
  return jet_chain(a, e, e, e);
}

static inline xp_jet jet_cos(xp_jet a) {
  double c = cos(a.f), s = sin(a.f);
  return jet_chain(a, c, -s, -c);
}

static inline xp_jet jet_sin(xp_jet a) {
  double c = cos(a.f), s = sin(a.f);
  return jet_chain(a, s, c, -s);
}

static inline xp_jet jet_inverse(xp_jet a) {
  double i = 1.0 / a.f;
  return jet_chain(a, i, -i * i, 2.0 * i * i * i);
}

/* a to a constant power; a must not be negative. */
static inline xp_jet jet_pow(xp_jet a, double p) {
  if (p == 0.0) return jet_constant(1.0);
  double first = p == 1.0 ? 1.0 : p * pow(a.f, p - 1.0);
  double second = p == 1.0 ? 0.0 : p == 2.0 ? 2.0 : p * (p - 1.0) * pow(a.f, p - 2.0);
  return jet_chain(a, pow(a.f, p), first, second);
}

#endif
