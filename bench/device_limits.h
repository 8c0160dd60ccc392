/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Figures of devices, with their sources in device_limits.c, and how fast work can go on them at most. */
#ifndef XPOT_BENCH_DEVICE_LIMITS_H
#define XPOT_BENCH_DEVICE_LIMITS_H

#include "device_work.h"

typedef struct xp_device {
  const char *name;
  int units;           /* SMs or CUs */
  int unit_threads;    /* at once */
  double clock;        /* highest, Hz */
  double fp64, fp32;   /* operations a clock and unit */
  double scratch_rate; /* bytes a clock and unit of shared memory */
  double l1_rate;      /* the same of the first-level cache; 0: both are one */
  size_t team_scratch; /* bytes of shared memory that a team can have */
  size_t unit_scratch; /* bytes of shared memory of a unit */
  double l2_rate;      /* bytes/s */
  double l2;           /* bytes */
  double dram_rate;    /* bytes/s */
} xp_device;

#define XP_DEVICES 3
extern const xp_device xp_devices[XP_DEVICES];

/* Bytes of the second-level cache's rate that an atomic addition takes: a sector. An assumption: no maker publishes a rate. */
#define XP_DEVICE_SECTOR 32.0

typedef enum xp_device_resource {
  XP_DEVICE_ARITHMETIC,
  XP_DEVICE_L1, /* and shared memory */
  XP_DEVICE_L2,
  XP_DEVICE_DRAM,
  XP_DEVICE_ATOMICS,
  XP_DEVICE_RESOURCES
} xp_device_resource;

extern const char *const xp_device_resource_names[XP_DEVICE_RESOURCES];

/* How a kernel holds the arrays of atoms in flight. */
typedef struct xp_device_memory {
  bool mixed;
  bool buffer;      /* in global memory, not in the teams' scratch memory */
  double in_flight; /* bytes of all atoms at once */
} xp_device_memory;

/* Seconds an atom that each resource needs at its highest rate. */
typedef struct xp_device_times {
  double seconds[XP_DEVICE_RESOURCES];
  xp_device_resource bound; /* which takes longest */
} xp_device_times;

xp_device_times xp_device_limit(const xp_device *device, const xp_device_work *work, const xp_device_memory *memory);

/* Atoms at once: those of all teams that run, each of so many lanes, threads and bytes of shared memory. */
double xp_device_atoms(const xp_device *device, int lanes, int threads, size_t team_bytes);

#endif
