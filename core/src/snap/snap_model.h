/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of SNAP's model share. */
#ifndef XPOT_SNAP_MODEL_H
#define XPOT_SNAP_MODEL_H

#include <stddef.h>

#include "xpot/snap.h"

/* Largest difference between coefficients that label swaps should make equal, relative to the largest coefficient of the
 * element, that is rounding of the file and no asymmetry. */
#define XP_SNAP_ASYMMETRY_TOLERANCE 1e-8

/* Consistency of a complete model: parameters, radii, weights, number of coefficients, finite numbers. Messages begin with
 * place, the head of the coefficient file (empty: none). */
xp_status xp_snap_model_check(const xp_snap_model *model, xp_place place, xp_error *error);

/* Adds what the user should know about a consistent model to its warnings. */
xp_status xp_snap_model_warn(xp_snap_model *model, xp_error *error);

/* calloc that never asks for zero bytes. */
void *xp_snap_zeroed(size_t count, size_t size);

#endif
