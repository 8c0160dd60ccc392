/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "peak.h"

#if XP_KERNEL_MIXED
typedef float number;
#else
typedef double number;
#endif

/* Bytes of a register and enough independent chains to hide the latency of two multiply-add units. */
#if XP_KERNEL_LEVEL == 4
enum { BYTES = 64, CHAINS = 20 };
#elif XP_KERNEL_LEVEL == 3
enum { BYTES = 32, CHAINS = 12 };
#else
enum { BYTES = 16, CHAINS = 12 };
#endif

typedef number lanes __attribute__((vector_size(BYTES)));

double XP_KERNEL(xp_peak_run)(long rounds) {
  const lanes factor = (lanes){0} + (number)0.999, term = (lanes){0} + (number)0.001;
  lanes chain[CHAINS];
  volatile number keep;
  /* Chains that start alike would be computed once. */
  for (int c = 0; c < CHAINS; ++c) chain[c] = (lanes){0} + (number)(c + 2);
  for (long r = 0; r < rounds; ++r) {
#pragma GCC unroll 32
    for (int c = 0; c < CHAINS; ++c) chain[c] = chain[c] * factor + term;
  }
  for (int c = 1; c < CHAINS; ++c) chain[0] += chain[c];
  keep = chain[0][0];
  (void)keep;
  return 2.0 * CHAINS * (BYTES / sizeof(number)) * (double)rounds;
}
