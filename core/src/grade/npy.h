/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NumPy's .npy format: a square matrix of float64 behind a header that is a Python dictionary.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
#ifndef XPOT_NPY_H
#define XPOT_NPY_H

#include <stdbool.h>
#include <stddef.h>

#include "xpot/error.h"

/* Largest number of rows of a matrix here: 2 GB. */
enum { XP_NPY_SIZE_MAX = 16384 };

/* A square matrix in the bytes of a member. */
typedef struct xp_npy {
  int size;                   /* rows */
  bool columns_first;         /* Fortran order */
  const unsigned char *start; /* its numbers; borrowed */
} xp_npy;

/* name, for messages: FILE, member MEMBER. */
xp_status xp_npy_open(xp_npy *npy, const unsigned char *bytes, size_t nbytes, const char *name, xp_error *error);

/* Its numbers to matrix [size][size], C order. */
void xp_npy_matrix(const xp_npy *npy, double *matrix);

/* The header of a matrix; returns its length. header has room for XP_NPY_HEADER bytes. */
enum { XP_NPY_HEADER = 128 };
size_t xp_npy_header(int size, unsigned char header[XP_NPY_HEADER]);

#endif
