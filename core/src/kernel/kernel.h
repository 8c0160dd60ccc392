/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernels for several levels of x86-64 and both precisions in one binary. A kernel source file is compiled once a level
 * and precision (CMake function xpot_add_kernel) and names its entry points with XP_KERNEL(name); callers pick with
 * XP_KERNEL_SELECT. On other processors only the base level exists. */
#ifndef XPOT_KERNEL_H
#define XPOT_KERNEL_H

#include "xpot/potential.h"

/* Levels of the x86-64 psABI: base (SSE2), SSE4.2, AVX2 with FMA, AVX-512. */
enum { XP_KERNEL_BASE = 1, XP_KERNEL_V2 = 2, XP_KERNEL_V3 = 3, XP_KERNEL_V4 = 4 };

/* The level this processor can run, found once; xp_kernel_limit lowers it. */
int xp_kernel_level(void);

/* Never use more than this level; for tests that run every variant. Call before evaluating anything. */
void xp_kernel_limit(int level);

#define XP_KERNEL_PASTE_(name, precision, level) name##_##precision##_v##level
#define XP_KERNEL_PASTE(name, precision, level) XP_KERNEL_PASTE_(name, precision, level)
/* Inside a kernel source: the name of this variant's entry point. The command line sets XP_KERNEL_LEVEL and
 * XP_KERNEL_PRECISION, which is the word double or mixed, and XP_KERNEL_MIXED to 0 or 1. */
#define XP_KERNEL(name) XP_KERNEL_PASTE(name, XP_KERNEL_PRECISION, XP_KERNEL_LEVEL)

#if defined(__x86_64__)
#define XP_KERNEL_LEVELS_(type, name, arguments) \
  type name##_v1 arguments, name##_v2 arguments, name##_v3 arguments, name##_v4 arguments
#define XP_KERNEL_LEVEL_OF_(name)                  \
  (xp_kernel_level() >= XP_KERNEL_V4   ? name##_v4 \
   : xp_kernel_level() >= XP_KERNEL_V3 ? name##_v3 \
   : xp_kernel_level() >= XP_KERNEL_V2 ? name##_v2 \
                                       : name##_v1)
#else
#define XP_KERNEL_LEVELS_(type, name, arguments) type name##_v1 arguments
#define XP_KERNEL_LEVEL_OF_(name) name##_v1
#endif
/* Kernels that exist in double precision only. */
#define XP_KERNEL_DECLARE_DOUBLE(type, name, arguments) XP_KERNEL_LEVELS_(type, name##_double, arguments)
#define XP_KERNEL_SELECT_DOUBLE(name) XP_KERNEL_LEVEL_OF_(name##_double)
#define XP_KERNEL_DECLARE(type, name, arguments)     \
  XP_KERNEL_LEVELS_(type, name##_double, arguments); \
  XP_KERNEL_LEVELS_(type, name##_mixed, arguments)
#define XP_KERNEL_SELECT(name, precision) \
  ((precision) == XP_PRECISION_MIXED ? XP_KERNEL_LEVEL_OF_(name##_mixed) : XP_KERNEL_LEVEL_OF_(name##_double))

#endif
