/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap/snap_kernel.h"

#include "kernel/kernel.h"

typedef const xp_snap_kernel *kernel_pointer;
XP_KERNEL_DECLARE(kernel_pointer, xp_snap_kernel, (void));

const xp_snap_kernel *xp_snap_kernel_select(xp_precision precision) {
  return XP_KERNEL_SELECT(xp_snap_kernel, precision)();
}
