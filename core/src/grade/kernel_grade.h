/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The largest |sum_q b_q A_qk| over all columns k of an inverse A, in double precision at the price of single precision:
 * all columns are worked out in float32 first, and only those again that can be the largest after the rounding of the
 * first pass, which is bounded. */
#ifndef XPOT_KERNEL_GRADE_H
#define XPOT_KERNEL_GRADE_H

#include "kernel/kernel.h"

/* Columns of an inverse that are worked on together. */
enum { XP_GRADE_COLUMNS = 6 };

/* Most atoms side by side in a block. */
enum { XP_GRADE_WIDTH_MAX = 32 };

/* The inverse of one species, n descriptors. */
typedef struct xp_grade_inverse {
  int n;
  int ntiles;      /* tiles of columns */
  float *tiles;    /* [ntiles][n][XP_GRADE_COLUMNS], columns filled up with zeros; aligned */
  double *columns; /* [n][n], column k slowest */
  float *largest;  /* [n] largest magnitude in row q, rounded up */
} xp_grade_inverse;

/* Descriptors near those of the atoms, from which float32 sums start: what is left to add is small, and so is its rounding. */
typedef struct xp_grade_reference {
  double *row;      /* [n] */
  float *constants; /* [ntiles * XP_GRADE_COLUMNS] sum_q row_q A_qk */
  float largest;    /* magnitude of all constants */
} xp_grade_reference;

/* Some atoms of one species. */
typedef struct xp_grade_atoms {
  int natoms;
  const double *const *rows; /* [natoms] descriptors */
  const xp_grade_reference *reference;
  float *blocks; /* room: [blocks][n][width]; aligned */
  float *sums;   /* room: [blocks][ntiles * XP_GRADE_COLUMNS][width]; aligned */
  double *gamma; /* [natoms] result */
} xp_grade_atoms;

XP_KERNEL_DECLARE_DOUBLE(int, xp_grade_width, (void)); /* atoms of a block */
XP_KERNEL_DECLARE_DOUBLE(void, xp_grade_largest, (const xp_grade_inverse *inverse, const xp_grade_atoms *atoms));

#endif
