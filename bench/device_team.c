/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "device_team.h"

enum { OPERATIONS_CANDIDATE = 8 }; /* FillLists: difference, square */

double xp_device_team_real(const xp_device_team *team) {
  return team->precision == XP_PRECISION_MIXED ? sizeof(float) : sizeof(double);
}

size_t xp_device_layout_bytes(const xp_device_layout *layout, xp_precision precision) {
  return layout->reals * (precision == XP_PRECISION_MIXED ? sizeof(float) : sizeof(double)) +
         layout->doubles * sizeof(double);
}

void xp_device_team_touch(const xp_device_team *team, xp_device_work *work, double reals, double doubles) {
  work->scratch += reals * xp_device_team_real(team) + doubles * (double)sizeof(double);
}

void xp_device_team_stream(const xp_device_team *team, xp_device_work *work, double requested, double distinct) {
  work->requests += requested;
  work->l2 += distinct / team->lanes;
}

/* Candidates are read twice, once to count and once to fill. */
void xp_device_count_lists(xp_device_work *work, const xp_device_neighbours *neighbours, int i) {
  double within = 0.0, candidates = neighbours->candidates[i];
  for (int j = 0; j < neighbours->nelements; ++j) within += neighbours->within[i * neighbours->nelements + j];
  work->exact += 2.0 * OPERATIONS_CANDIDATE * candidates;
  work->l2 += 2.0 * candidates * (XP_DEVICE_INDEX + XP_DEVICE_VECTOR + XP_DEVICE_INDEX);
  work->dram += candidates * XP_DEVICE_INDEX + within * XP_DEVICE_INDEX;     /* LAMMPS's list, the short list */
  work->dram += XP_DEVICE_VECTOR + XP_DEVICE_INDEX + 4.0 * XP_DEVICE_VECTOR; /* own sums and force, written and read */
}

void xp_device_count_loads(xp_device_work *work, double neighbours) {
  work->requests += neighbours * (XP_DEVICE_INDEX + XP_DEVICE_VECTOR);
  work->l2 += neighbours * (XP_DEVICE_INDEX + XP_DEVICE_VECTOR);
  work->dram += neighbours * XP_DEVICE_INDEX;
}
