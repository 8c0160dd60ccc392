/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ACE kernel of lammps-plugin/device, counted over an image: the loops of its files, with the image's lists. */
#ifndef XPOT_BENCH_ACE_DEVICE_WORK_H
#define XPOT_BENCH_ACE_DEVICE_WORK_H

#include "device_team.h"
#include "xpot/ace_image.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Constants of ace_layout.h, ace_team.h, ace_forward.h and ace_gradient.h. */
enum {
  XP_DEVICE_RESULTS = 8,       /* RESULTS */
  XP_DEVICE_FEW_DENSITIES = 4, /* FEW_DENSITIES */
  XP_DEVICE_COLUMNS = 4,       /* COLUMNS of an item of fill_radial */
  XP_DEVICE_COMPONENTS = 4     /* COMPONENTS of an item of project */
};

/* As ace_layout of ace_layout.h. */
xp_device_layout xp_ace_device_layout(const xp_ace_image *image, int workers);

/* Of a mean atom. The numbers of the image are those of a plan in double precision. */
void xp_ace_device_count(xp_device_cost *cost, const xp_ace_image *image, const xp_device_neighbours *neighbours,
                         const xp_device_team *team);

#ifdef __cplusplus
}
#endif

#endif
