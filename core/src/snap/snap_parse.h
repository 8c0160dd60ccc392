/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two halves of xp_snap_parse. */
#ifndef XPOT_SNAP_PARSE_H
#define XPOT_SNAP_PARSE_H

#include "xpot/snap.h"

/* Reads a .snapparam file over parameters, which hold the defaults. The lists are allocated, also on error. */
xp_status xp_snap_parse_parameters(xp_snap_parameters *parameters, const xp_bytes *bytes, xp_error *error);

/* Reads a .snapcoeff file into a new model with default parameters. */
xp_status xp_snap_parse_coefficients(xp_snap_model **model, const xp_bytes *bytes, xp_error *error);

#endif
