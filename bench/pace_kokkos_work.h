/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LAMMPS's pair_style pace/kk (KOKKOS/pair_pace_kokkos.cpp of 4 Jul 2026) on a device, counted over a potential: one entry for
 * each of its kernels, the arrays of its grow(). */
#ifndef XPOT_BENCH_PACE_KOKKOS_WORK_H
#define XPOT_BENCH_PACE_KOKKOS_WORK_H

#include "device_work.h"
#include "xpot/ace.h"

/* Atoms of a chunk unless a deck says otherwise (ML-PACE/pair_pace.cpp, chunksize). */
#define XP_PACE_KOKKOS_CHUNK 4096

typedef struct xp_pace_kokkos_facts {
  double functions, terms; /* of the largest species: functions, and ms_combs of them all */
  double product_bytes;    /* an atom: A_list, A_forward_prod, dB_flatten */
  double base_bytes;       /* A, A_sph, weights and the like */
  double neighbour_bytes;  /* fr, dfr, d_values and the like, for the longest list */
} xp_pace_kokkos_facts;

/* The plan's elements are those of the model, in its order. */
xp_status xp_pace_kokkos_count(xp_device_cost *cost, xp_pace_kokkos_facts *facts, const xp_ace_model *model,
                               const xp_device_neighbours *neighbours, xp_error *error);

#endif
