/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_COMPILED_H
#define XPOT_COMPILED_H

#include "xpot/potential.h"

/* The plan of the kind itself: xp_ace_plan or xp_snap_plan. */
const void *xp_plan_compiled(const xp_plan *plan);

#endif
