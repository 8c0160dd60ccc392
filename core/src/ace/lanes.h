/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Vectors of the width that a kernel level has registers for: of doubles (dvec), and of the numbers the kernel calculates
 * with (vec), which are as many doubles, or twice as many floats. Only for kernel sources. */
#ifndef XPOT_ACE_LANES_H
#define XPOT_ACE_LANES_H

#if XP_KERNEL_LEVEL >= 4
#define XP_DOUBLES 8
#elif XP_KERNEL_LEVEL >= 3
#define XP_DOUBLES 4
#else
#define XP_DOUBLES 2
#endif

#if XP_KERNEL_MIXED
#define XP_HALVES 2 /* dvecs that a vec fills */
typedef float real;
#else
#define XP_HALVES 1
typedef double real;
#endif

enum { D = XP_DOUBLES, HALVES = XP_HALVES, W = XP_DOUBLES * XP_HALVES };

typedef double dvec __attribute__((vector_size(8 * XP_DOUBLES), may_alias));
typedef real vec __attribute__((vector_size(8 * XP_DOUBLES), may_alias));
/* The part of a vec that belongs to one dvec. */
typedef real half __attribute__((vector_size(8 * XP_DOUBLES / XP_HALVES), may_alias));

#define XP_INLINE static inline __attribute__((always_inline))

XP_INLINE vec vec_all(real x) {
  return x - (vec){0};
}

XP_INLINE dvec dvec_all(double x) {
  return x - (dvec){0};
}

/* Rounds dvecs to the lanes of one vec in memory, part by part. */
XP_INLINE void vec_store_part(vec *to, int part, dvec from) {
  ((half *)to)[part] = __builtin_convertvector(from, half);
}

XP_INLINE vec vec_round(const dvec *from) {
  vec to;
  for (int h = 0; h < HALVES; ++h) vec_store_part(&to, h, from[h]);
  return to;
}

/* sums += x, lane by lane in double precision. */
XP_INLINE void vec_add_to(dvec *sums, const vec *x) {
  for (int h = 0; h < HALVES; ++h) sums[h] += __builtin_convertvector(((const half *)x)[h], dvec);
}

/* rows[i][k] becomes rows[k][i]. */
XP_INLINE void dvec_transpose(dvec rows[XP_DOUBLES]) {
#if XP_DOUBLES == 8
  for (int i = 0; i < 8; i += 2) {
    dvec a = rows[i], b = rows[i + 1];
    rows[i] = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
    rows[i + 1] = __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 8; i += (i % 4 == 1) ? 3 : 1) {
    dvec a = rows[i], b = rows[i + 2];
    rows[i] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
    rows[i + 2] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
  }
  for (int i = 0; i < 4; ++i) {
    dvec a = rows[i], b = rows[i + 4];
    rows[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
    rows[i + 4] = __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  }
#elif XP_DOUBLES == 4
  for (int i = 0; i < 4; i += 2) {
    dvec a = rows[i], b = rows[i + 1];
    rows[i] = __builtin_shufflevector(a, b, 0, 4, 2, 6);
    rows[i + 1] = __builtin_shufflevector(a, b, 1, 5, 3, 7);
  }
  for (int i = 0; i < 2; ++i) {
    dvec a = rows[i], b = rows[i + 2];
    rows[i] = __builtin_shufflevector(a, b, 0, 1, 4, 5);
    rows[i + 2] = __builtin_shufflevector(a, b, 2, 3, 6, 7);
  }
#else
  dvec a = rows[0], b = rows[1];
  rows[0] = __builtin_shufflevector(a, b, 0, 2);
  rows[1] = __builtin_shufflevector(a, b, 1, 3);
#endif
}

#endif
