/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of SNAP's two files some bytes are, told from the first line that holds data. */
#ifndef XPOT_SNAP_FORMAT_H
#define XPOT_SNAP_FORMAT_H

#include <stdbool.h>

#include "xpot/file.h"

/* True when the first data line is two integers (elements, coefficients). */
bool xp_snap_looks_like_coefficients(const xp_bytes *bytes);

/* True when the first data line begins with a keyword of a .snapparam file. */
bool xp_snap_looks_like_parameters(const xp_bytes *bytes);

#endif
