/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How fast this core multiplies and adds at best: chains of fused multiply-adds that live in registers, compiled for every
 * level and precision as the kernels are. */
#ifndef XPOT_BENCH_PEAK_H
#define XPOT_BENCH_PEAK_H

#include "kernel/kernel.h"

/* Floating-point operations done, a multiply-add being two. */
XP_KERNEL_DECLARE(double, xp_peak_run, (long rounds));

#endif
