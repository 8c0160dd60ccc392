/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The SNAP kernel of lammps-plugin/device, counted over an image: the loops of its files, with the image's lists. */
#ifndef XPOT_BENCH_SNAP_DEVICE_WORK_H
#define XPOT_BENCH_SNAP_DEVICE_WORK_H

#include "device_team.h"
#include "xpot/snap_image.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Constants of snap_layout.h. */
enum {
  XP_DEVICE_SNAP_FIELDS = 8,       /* SNAP_FIELDS */
  XP_DEVICE_SNAP_SHARES = 6,       /* SNAP_SHARES */
  XP_DEVICE_SNAP_ENERGY_PARTS = 32 /* SNAP_ENERGY_PARTS */
};

/* As snap_layout of snap_layout.h. */
xp_device_layout xp_snap_device_layout(const xp_snap_image *image, int workers);

/* Of a mean atom. The numbers of the image are those of a plan in double precision. */
void xp_snap_device_count(xp_device_cost *cost, const xp_snap_image *image, const xp_device_neighbours *neighbours,
                          const xp_device_team *team);

#ifdef __cplusplus
}
#endif

#endif
