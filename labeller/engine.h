/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LAMMPS as a calculator for one structure after another, through its C library. Any cell: LAMMPS wants its box in a
 * restricted frame (a along x, b in the xy plane), so structures are turned there and results are turned back. */
#ifndef XPOT_ENGINE_H
#define XPOT_ENGINE_H

#include <stdbool.h>

#include "xpot/error.h"
#include "xpot/structure.h"

typedef struct xp_engine xp_engine;

typedef struct xp_engine_options {
  int kokkos_threads;         /* 0: no Kokkos; else "-k on t N -sf kk", with "g 1" where it is built for GPUs */
  const char *const *plugins; /* [nplugins] files for "plugin load"; borrowed */
  int nplugins;
  bool quiet; /* do not show LAMMPS's warnings */
} xp_engine_options;

/* Starts LAMMPS (and MPI, when it is not running). When only a plugin could not be loaded, *engine is set beside the error,
 * so that its rank can be asked. */
xp_status xp_engine_new(xp_engine **engine, const xp_engine_options *options, xp_error *error);

/* NULL is allowed. */
void xp_engine_free(xp_engine *engine);

/* Ends MPI and Kokkos for this process; nothing of LAMMPS can be used afterwards. Call it once, last. */
void xp_engine_finish(void);

/* Rank of this process. All ranks make the same calls and get the same results; only rank 0 should write. */
int xp_engine_rank(const xp_engine *engine);

/* Replaces what LAMMPS holds by a structure: units metal, one atom type for each of elements[nelements], standard masses.
 * Then runs commands (LAMMPS's own, separated by ';' or line ends; ${elements} is the list of elements). */
xp_status xp_engine_start(xp_engine *engine, const xp_structure *structure, const xp_symbol *elements, int nelements,
                          const char *commands, xp_error *error);

/* Runs further commands. An error of LAMMPS becomes XP_ERROR_RANGE with LAMMPS's sentence. */
xp_status xp_engine_command(xp_engine *engine, const char *commands, xp_error *error);

/* Molecular dynamics or, with 0 steps, one evaluation. */
xp_status xp_engine_run(xp_engine *engine, int nsteps, xp_error *error);

/* A copy of the structure given to xp_engine_start with LAMMPS's present positions and energy, forces, virial and
 * local_energy of the last step of xp_engine_run. */
xp_status xp_engine_label(xp_engine *engine, xp_structure **labelled, xp_error *error);

/* A quantity of each atom ("c_ID", "f_ID", "x", ...) in the order of the structure: values[natoms * count], in LAMMPS's
 * frame. */
xp_status xp_engine_gather(xp_engine *engine, const char *name, int count, double *values, xp_error *error);

/* A global quantity: thermo keyword. */
double xp_engine_thermo(xp_engine *engine, const char *keyword);

/* Turns vectors[n][3] from LAMMPS's frame to the structure's. */
void xp_engine_turn_back(const xp_engine *engine, int n, double (*vectors)[3]);

#endif
