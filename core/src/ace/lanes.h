/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Vectors of the width that a kernel level has registers for, and the transposition of a square of them. */
#ifndef XPOT_ACE_LANES_H
#define XPOT_ACE_LANES_H

#if XP_KERNEL_LEVEL >= 4
#define XP_LANES 8
#elif XP_KERNEL_LEVEL >= 3
#define XP_LANES 4
#else
#define XP_LANES 2
#endif

typedef double vec __attribute__((vector_size(8 * XP_LANES), may_alias));

#define XP_INLINE static inline __attribute__((always_inline))

XP_INLINE vec vec_all(double x) {
  return x - (vec){0};
}

/* rows[i][k] becomes rows[k][i]. */
XP_INLINE void vec_transpose(vec rows[XP_LANES]) {
#if XP_LANES == 8
  for (int i = 0; i < 8; i += 2) {
    vec a = rows[i], b = rows[i + 1];
    rows[i] = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
    rows[i + 1] = __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 8; i += (i % 4 == 1) ? 3 : 1) {
    vec a = rows[i], b = rows[i + 2];
    rows[i] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
    rows[i + 2] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
  }
  for (int i = 0; i < 4; ++i) {
    vec a = rows[i], b = rows[i + 4];
    rows[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
    rows[i + 4] = __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  }
#elif XP_LANES == 4
  for (int i = 0; i < 4; i += 2) {
    vec a = rows[i], b = rows[i + 1];
    rows[i] = __builtin_shufflevector(a, b, 0, 4, 2, 6);
    rows[i + 1] = __builtin_shufflevector(a, b, 1, 5, 3, 7);
  }
  for (int i = 0; i < 2; ++i) {
    vec a = rows[i], b = rows[i + 2];
    rows[i] = __builtin_shufflevector(a, b, 0, 1, 4, 5);
    rows[i + 2] = __builtin_shufflevector(a, b, 2, 3, 6, 7);
  }
#else
  vec a = rows[0], b = rows[1];
  rows[0] = __builtin_shufflevector(a, b, 0, 2);
  rows[1] = __builtin_shufflevector(a, b, 1, 3);
#endif
}

#endif
