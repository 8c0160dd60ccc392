/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grade/kernel_grade.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "ace/lanes.h"

/* As many floats as a register holds. */
typedef float fvec __attribute__((vector_size(8 * XP_DOUBLES), may_alias));
/* As many as a register of doubles holds. */
typedef float float_lanes __attribute__((vector_size(4 * XP_DOUBLES)));
typedef int fmask __attribute__((vector_size(8 * XP_DOUBLES), may_alias));
typedef long mask __attribute__((vector_size(8 * XP_DOUBLES), may_alias));

#define FLOAT_MAGNITUDE 0x7fffffff

enum {
  FLOATS = 2 * XP_DOUBLES,
  VECTORS = 2, /* of a block */
  WIDTH = VECTORS * FLOATS,
  RUN = 32,  /* terms that are added before their sum is added to the others */
  CHAINS = 4 /* independent vectors of sums of a product in double precision */
};

_Static_assert((int)WIDTH <= (int)XP_GRADE_WIDTH_MAX, "a block is wider than callers provide for");

XP_INLINE dvec load(const double *from) {
  dvec to;
  __builtin_memcpy(&to, from, sizeof to);
  return to;
}

int XP_KERNEL(xp_grade_width)(void) {
  return WIDTH;
}

/* Some descriptors of as many atoms as fit into a vector, less the reference, side by side. */
XP_INLINE void interleave_lanes(int n, const double *const rows[D], const double *reference, float *to) {
  int q = 0;
  for (; q + D <= n; q += D) {
    dvec turned[D];
    for (int lane = 0; lane < D; ++lane) turned[lane] = load(rows[lane] + q) - load(reference + q);
    dvec_transpose(turned);
    for (int i = 0; i < D; ++i) {
      const float_lanes rounded = __builtin_convertvector(turned[i], float_lanes);
      __builtin_memcpy(to + (size_t)(q + i) * WIDTH, &rounded, sizeof rounded);
    }
  }
  for (; q < n; ++q)
    for (int lane = 0; lane < D; ++lane) to[(size_t)q * WIDTH + (size_t)lane] = (float)(rows[lane][q] - reference[q]);
}

/* Atoms side by side; the last of all fills its block up. */
static void interleave(int n, const xp_grade_atoms *atoms, int first, float *to) {
  const double *rows[WIDTH];
  for (int lane = 0; lane < WIDTH; ++lane)
    rows[lane] = atoms->rows[first + lane < atoms->natoms ? first + lane : atoms->natoms - 1];
  for (int lane = 0; lane < WIDTH; lane += D) interleave_lanes(n, rows + lane, atoms->reference->row, to + lane);
}

/* Sums of a tile of columns over some descriptors, in registers, added to what is there. */
XP_INLINE void add_run(int count, const float *tile, const fvec *rows, fvec *sums) {
  fvec sum[XP_GRADE_COLUMNS][VECTORS] = {{{0}}};
  for (int q = 0; q < count; ++q, tile += XP_GRADE_COLUMNS, rows += VECTORS)
    for (int k = 0; k < XP_GRADE_COLUMNS; ++k)
      for (int v = 0; v < VECTORS; ++v) sum[k][v] += tile[k] * rows[v];
  for (int k = 0; k < XP_GRADE_COLUMNS; ++k)
    for (int v = 0; v < VECTORS; ++v) sums[k * VECTORS + v] += sum[k][v];
}

static void add_tile(int n, const float *tile, const float *constants, const float *rows, float *sums) {
  for (int k = 0; k < XP_GRADE_COLUMNS; ++k)
    for (int lane = 0; lane < WIDTH; ++lane) sums[k * WIDTH + lane] = constants[k];
  for (int q = 0; q < n; q += RUN)
    add_run(n - q < RUN ? n - q : RUN, tile + (size_t)q * XP_GRADE_COLUMNS, (const fvec *)(rows + (size_t)q * WIDTH),
            (fvec *)sums);
}

/* A tile of the inverse stays in the first cache while all blocks pass. */
static void add_all(const xp_grade_inverse *inverse, const xp_grade_atoms *atoms, int nblocks) {
  size_t n = (size_t)inverse->n, columns = (size_t)inverse->ntiles * XP_GRADE_COLUMNS;
  for (size_t column = 0; column < columns; column += XP_GRADE_COLUMNS)
    for (size_t b = 0; b < (size_t)nblocks; ++b)
      add_tile(inverse->n, inverse->tiles + column * n, atoms->reference->constants + column,
               atoms->blocks + b * n * WIDTH, atoms->sums + (b * columns + column) * WIDTH);
}

/* |x . y|, always added in the same order. */
static double product(int n, const double *x, const double *y) {
  dvec sums[CHAINS] = {{0}};
  double total = 0.0;
  int q = 0;
  for (; q + CHAINS * D <= n; q += CHAINS * D)
    for (int c = 0; c < CHAINS; ++c) sums[c] += load(x + q + c * D) * load(y + q + c * D);
  for (; q < n; ++q) total += x[q] * y[q];
  for (int c = 1; c < CHAINS; ++c) sums[0] += sums[c];
  for (int i = 0; i < D; ++i) total += sums[0][i];
  return fabs(total);
}

XP_INLINE fvec magnitude(fvec x) {
  return (fvec)((fmask)x & FLOAT_MAGNITUDE);
}

/* How far a float32 sum of each atom can be from the exact one: each factor is rounded, then the products of a run are
 * added, then the runs to the constant; every rounding is at most FLT_EPSILON / 2 of the sum of magnitudes (Higham, Accuracy
 * and Stability of Numerical Algorithms, section 3.1). A tenth more is for higher orders and the rounding of this sum. */
static void bound_errors(const xp_grade_inverse *inverse, float constant, const fvec *rows, fvec errors[VECTORS]) {
  int n = inverse->n, roundings = 3 + (n < RUN ? n : RUN) + (n + RUN - 1) / RUN;
  const float factor = 1.1f * (float)roundings * (0.5f * FLT_EPSILON);
  for (int v = 0; v < VECTORS; ++v) errors[v] = constant - (fvec){0};
  for (int q = 0; q < n; ++q)
    for (int v = 0; v < VECTORS; ++v) errors[v] += inverse->largest[q] * magnitude(rows[q * VECTORS + v]);
  for (int v = 0; v < VECTORS; ++v) errors[v] *= factor;
}

/* Largest float32 magnitude of each atom. */
static void find_highest(const fvec *sums, int n, fvec highest[VECTORS]) {
  for (int v = 0; v < VECTORS; ++v) highest[v] = (fvec){0};
  for (int k = 0; k < n; ++k)
    for (int v = 0; v < VECTORS; ++v) {
      const fvec x = magnitude(sums[k * VECTORS + v]);
      const fmask more = x > highest[v];
      highest[v] = (fvec)((more & (fmask)x) | (~more & (fmask)highest[v]));
    }
}

XP_INLINE bool any(fmask which) {
  const mask words = (mask)which;
  long bits = 0;
  for (int i = 0; i < D; ++i) bits |= words[i];
  return bits != 0;
}

/* Column k again, in double precision, for the atoms of a vector that are chosen. */
static void look_again(const xp_grade_inverse *inverse, const xp_grade_atoms *atoms, int first, fmask which, int k) {
  const size_t n = (size_t)inverse->n;
  for (int lane = 0; lane < FLOATS && first + lane < atoms->natoms; ++lane) {
    if (!which[lane]) continue;
    double *gamma = &atoms->gamma[first + lane];
    const double exact = product(inverse->n, atoms->rows[first + lane], inverse->columns + (size_t)k * n);
    if (!(exact <= *gamma)) *gamma = exact; /* NaN stays */
  }
}

/* Columns that are not below a limit, but for those that are done. */
static void look_again_from(const fvec *limits, const fvec *done, const xp_grade_inverse *inverse,
                            const xp_grade_atoms *atoms, int first, const fvec *sums) {
  for (int k = 0; k < inverse->n; ++k)
    for (int v = 0; v < VECTORS; ++v) {
      const fvec sum = magnitude(sums[k * VECTORS + v]);
      const fmask which = ~(sum < limits[v]) & ~(sum == done[v]); /* what is no number, too */
      if (any(which)) look_again(inverse, atoms, first + v * FLOATS, which, k);
    }
}

/* From float32 sums to the result of a block: the largest is worked out again, then columns that can be larger. */
static void settle(const xp_grade_inverse *inverse, const xp_grade_atoms *atoms, int first, const fvec *rows,
                   const fvec *sums) {
  const fvec none[VECTORS] = {(fvec){0} - 1.0f, (fvec){0} - 1.0f};
  fvec highest[VECTORS], limits[VECTORS];
  for (int atom = first; atom < first + WIDTH && atom < atoms->natoms; ++atom) atoms->gamma[atom] = 0.0;
  find_highest(sums, inverse->n, highest);
  look_again_from(highest, none, inverse, atoms, first, sums);
  bound_errors(inverse, atoms->reference->largest, rows, limits);
  for (int lane = 0; lane < WIDTH; ++lane) {
    const int atom = first + lane < atoms->natoms ? first + lane : atoms->natoms - 1;
    const float error = limits[lane / FLOATS][lane % FLOATS];
    limits[lane / FLOATS][lane % FLOATS] = (float)atoms->gamma[atom] * (1.0f - FLT_EPSILON) - error;
  }
  look_again_from(limits, highest, inverse, atoms, first, sums);
}

void XP_KERNEL(xp_grade_largest)(const xp_grade_inverse *inverse, const xp_grade_atoms *atoms) {
  int nblocks = (atoms->natoms + WIDTH - 1) / WIDTH;
  size_t n = (size_t)inverse->n, columns = (size_t)inverse->ntiles * XP_GRADE_COLUMNS;
  for (int b = 0; b < nblocks; ++b) interleave(inverse->n, atoms, b * WIDTH, atoms->blocks + (size_t)b * n * WIDTH);
  add_all(inverse, atoms, nblocks);
  for (int b = 0; b < nblocks; ++b)
    settle(inverse, atoms, b * WIDTH, (const fvec *)(atoms->blocks + (size_t)b * n * WIDTH),
           (const fvec *)(atoms->sums + (size_t)b * columns * WIDTH));
}
