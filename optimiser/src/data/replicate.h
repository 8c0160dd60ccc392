/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Supercells. */
#ifndef XPOT_OPTIMISER_REPLICATE_H
#define XPOT_OPTIMISER_REPLICATE_H

#include "xpot/structure.h"

/* A structure repeated along its periodic directions until it has so many atoms: always along the one in which it is
 * shortest. Without labels; one that is not periodic is copied. times[3] says how often; NULL is allowed. */
xp_status xp_replicate(xp_structure **cell, const xp_structure *structure, int atoms, int times[3], xp_error *error);

#endif
