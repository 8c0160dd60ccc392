/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LAMMPS's restricted frame of a cell. */
#ifndef XPOT_FRAME_H
#define XPOT_FRAME_H

#include "xpot/structure.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct xp_frame {
  double axes[3][3]; /* rows: unit vectors x', y', z' of the frame, in the structure's coordinates */
  double origin[3];  /* lowest corner of the box, in the frame */
  double length[3];  /* lx, ly, lz */
  double xy, xz, yz; /* tilt */
} xp_frame;

/* The frame of a structure. A direction that is not periodic becomes an edge at right angles to all others, long enough to
 * hold all atoms with room around them. */
void xp_frame_set(xp_frame *frame, const xp_structure *structure);

/* To the frame and back. The map may be a reflection: LAMMPS wants right-handed boxes, and energies do not care. */
void xp_frame_turn(const xp_frame *frame, const double from[3], double to[3]);
void xp_frame_turn_back(const xp_frame *frame, const double from[3], double to[3]);

/* A symmetric tensor in LAMMPS's order (xx yy zz xy xz yz), turned back to a matrix. */
void xp_frame_turn_tensor_back(const xp_frame *frame, const double from[6], double to[3][3]);

#ifdef __cplusplus
}
#endif
#endif
