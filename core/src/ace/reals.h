/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers of a plan in the precision its kernel reads: doubles, or floats when mixed. */
#ifndef XPOT_ACE_REALS_H
#define XPOT_ACE_REALS_H

#include <stddef.h>

#include "xpot/potential.h"

typedef struct xp_reals {
  void *data; /* owned */
  size_t count;
  size_t size; /* bytes of a number */
} xp_reals;

static inline size_t xp_real_size(xp_precision precision) {
  return precision == XP_PRECISION_MIXED ? sizeof(float) : sizeof(double);
}

/* A rounded copy of count numbers. */
xp_status xp_reals_new(xp_reals *reals, const double *numbers, size_t count, xp_precision precision, xp_error *error);

void xp_reals_clear(xp_reals *reals);

/* A number, whatever its precision. */
static inline double xp_real_at(const xp_reals *reals, size_t k) {
  return reals->size == sizeof(float) ? (double)((const float *)reals->data)[k] : ((const double *)reals->data)[k];
}

#endif
