/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A SNAP plan of either precision, seen with its coefficients in double. */
#ifndef XPOT_IMAGE_SNAP_WIDEN_H
#define XPOT_IMAGE_SNAP_WIDEN_H

#include "snap/snap_plan_data.h"

/* plan is the original's, but for tables whose coefficients are copies. Its streams of folded coefficients are as they were. */
typedef struct xp_snap_wide_plan {
  xp_snap_plan plan;
  xp_snap_tables tables;
} xp_snap_wide_plan;

/* The original must live longer. */
xp_status xp_snap_widen(xp_snap_wide_plan *wide, const xp_snap_plan *plan, xp_error *error);

/* Frees what xp_snap_widen made, also after it failed. */
void xp_snap_wide_plan_clear(xp_snap_wide_plan *wide);

#endif
