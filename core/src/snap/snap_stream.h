/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_SNAP_STREAM_H
#define XPOT_SNAP_STREAM_H

#include "snap/snap_tables.h"

/* How much a stream holds. */
typedef struct xp_snap_extent {
  size_t segments, outputs, products, coefficients;
} xp_snap_extent;

/* An empty stream with room, all zero. */
xp_status xp_snap_stream_reserve(xp_snap_stream *stream, xp_snap_extent size, xp_error *error);

/* All blocks of one pair of labels, outputs in the order of the Z list; levels and blocks of tables must be set. same: both
 * labels are equal. */
xp_status xp_snap_stream_new(xp_snap_stream *stream, const xp_snap_tables *tables, bool same, bool bnormflag,
                             xp_error *error);

#endif
