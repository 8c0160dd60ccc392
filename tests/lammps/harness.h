/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests with LAMMPS share: an engine set up as CTest says, and the comparison of labels. */
#ifndef XPOT_HARNESS_H
#define XPOT_HARNESS_H

#include "testing/testing.h"

#include "engine.h"
#include "xpot/structure.h"

/* Set by CTest: the pair style under test, its plugin, Kokkos threads (0: none). */
const char *harness_style(void);

/* What goes behind pair_style: the style with its keywords. */
const char *harness_pair_style(void);
int harness_threads(void);

/* MPI ranks of this run. */
int harness_ranks(void);

/* Commands that go before (false) and after (true) a style that must be LAMMPS's own, whatever the suffix of the run. */
const char *harness_suffix(bool on);

/* LAMMPS with the plugin loaded. */
xp_engine *harness_engine(void);

/* A path below LAMMPS's source tree ("potentials/Ta06A.snapcoeff"); caller frees. */
char *harness_lammps(const char *path);

/* Labels a structure; fails the test with LAMMPS's sentence when that does not work. Caller frees. */
xp_structure *harness_label(xp_engine *engine, const xp_structure *structure, const xp_symbol *elements, int nelements,
                            const char *commands);

/* The tolerances of the conformance set: energy and local energy 1e-8 eV an atom, forces and virials 1e-6 times
 * max(1, |value|). name says what is compared. */
void harness_compare(const xp_structure *found, const xp_structure *expected, const char *name);

/* Main function's end: MPI and Kokkos are ended, the result of the tests is passed on. */
int harness_finish(int failed);

#endif
