/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The far tail of the normal distribution. */
#ifndef XPOT_OPTIMISER_MILLS_H
#define XPOT_OPTIMISER_MILLS_H

#define XP_LOG_SQRT_2PI 0.91893853320467274178

/* Below this z, Phi(z) is better taken from the continued fraction, which converges fast there. */
#define XP_MILLS_TAIL (-4.0)

/* K of Mills' ratio Phi(-t)/phi(t) = 1/(t + K), K = 1/(t + 2/(t + 3/(t + ...))) (Laplace), for t > -XP_MILLS_TAIL. */
static inline double xp_mills_tail(double t) {
  enum { TERMS = 60 }; /* relative error below 1e-15 at the border */
  double fraction = t;
  for (int term = TERMS; term > 1; --term) fraction = t + term / fraction;
  return 1.0 / fraction;
}

#endif
