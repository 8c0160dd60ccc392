/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Teams of the device kernels (lammps-plugin/device), and what kernels of all kinds of potentials share of their work. */
#ifndef XPOT_BENCH_DEVICE_TEAM_H
#define XPOT_BENCH_DEVICE_TEAM_H

#include "device_work.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Constants of team.h, tally.h and team_engine.h, repeated here and nowhere else; test_device_counts.cpp compares all but the last. */
enum {
  XP_DEVICE_TILE = 4,      /* TILE */
  XP_DEVICE_OWN_SUMS = 12, /* OWN_SUMS */
  XP_DEVICE_THREADS = 256, /* DEVICE_THREADS */
  XP_DEVICE_WIDE = 4,      /* WIDE */
  XP_DEVICE_NARROW = 1,    /* NARROW */
  XP_DEVICE_RESERVE = 1024 /* RESERVE of scratch_limit, bytes */
};

/* Bytes of what tables of atoms hold. */
enum { XP_DEVICE_INDEX = sizeof(int), XP_DEVICE_VECTOR = 3 * sizeof(double) };

/* lanes atoms at once, workers threads for each lane. */
typedef struct xp_device_team {
  xp_precision precision;
  int lanes, workers;
} xp_device_team;

/* Memory of an atom in flight: numbers in the kernel's precision, and doubles. */
typedef struct xp_device_layout {
  size_t reals, doubles;
} xp_device_layout;

size_t xp_device_layout_bytes(const xp_device_layout *layout, xp_precision precision);

/* Bytes of a number in the kernel's precision. */
double xp_device_team_real(const xp_device_team *team);

/* Numbers read and written in an atom's arrays. */
void xp_device_team_touch(const xp_device_team *team, xp_device_work *work, double reals, double doubles);

/* What work items read for all lanes together: bytes that each thread gets, and distinct bytes, which come once for all lanes. */
void xp_device_team_stream(const xp_device_team *team, xp_device_work *work, double requested, double distinct);

/* short_lists.h, for a centre of species i. What an atom owns is counted here, too. */
void xp_device_count_lists(xp_device_work *work, const xp_device_neighbours *neighbours, int i);

/* load of bonds.h for so many neighbours. */
void xp_device_count_loads(xp_device_work *work, double neighbours);

#ifdef __cplusplus
}
#endif

#endif
