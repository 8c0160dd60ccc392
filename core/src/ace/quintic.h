/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Weights of quintic Hermite interpolation between two nodes with value, h times first and h^2 times second derivative, for
 * numbers and for vectors of them: number is the type. t in 0..1 is the place in the bin, inverse is 1/h. */
#ifndef XPOT_ACE_QUINTIC_H
#define XPOT_ACE_QUINTIC_H

#define XP_ACE_QUINTIC_VALUES(number, t, value)                   \
  do {                                                            \
    number t_ = (t), t2_ = t_ * t_, s_ = 1.0 - t_, s2_ = s_ * s_; \
    (value)[0] = s2_ * s_ * (1.0 + 3.0 * t_ + 6.0 * t2_);         \
    (value)[1] = t_ * s2_ * s_ * (1.0 + 3.0 * t_);                \
    (value)[2] = 0.5 * t2_ * s2_ * s_;                            \
    (value)[3] = t2_ * t_ * (1.0 + 3.0 * s_ + 6.0 * s2_);         \
    (value)[4] = -s_ * t2_ * t_ * (1.0 + 3.0 * s_);               \
    (value)[5] = 0.5 * s2_ * t2_ * t_;                            \
  } while (0)

#define XP_ACE_QUINTIC_SLOPES(number, t, inverse, derivative)                     \
  do {                                                                            \
    number t_ = (t), t2_ = t_ * t_, s_ = 1.0 - t_, s2_ = s_ * s_, i_ = (inverse); \
    (derivative)[0] = -30.0 * t2_ * s2_ * i_;                                     \
    (derivative)[1] = s2_ * (1.0 + 2.0 * t_ - 15.0 * t2_) * i_;                   \
    (derivative)[2] = 0.5 * t_ * s2_ * (2.0 - 5.0 * t_) * i_;                     \
    (derivative)[3] = -(derivative)[0];                                           \
    (derivative)[4] = t2_ * (1.0 + 2.0 * s_ - 15.0 * s2_) * i_;                   \
    (derivative)[5] = -0.5 * s_ * t2_ * (2.0 - 5.0 * s_) * i_;                    \
  } while (0)

#endif
