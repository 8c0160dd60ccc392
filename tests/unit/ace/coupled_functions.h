/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rotationally invariant functions for the models of tests: pacemaker's couplings written out as the plain products of a
 * file. */
#ifndef XPOT_COUPLED_FUNCTIONS_H
#define XPOT_COUPLED_FUNCTIONS_H

#include "ace_testing.h"
#include "testing/ace_coupling.h"

enum { COUPLED_LINTS_MAX = 4, COUPLED_DENSITIES_MAX = 5 };

/* Couplings of one product of factors, to be added up in one C-tilde function. */
typedef struct coupled_function {
  int centre, rank;
  int mus[XP_COUPLING_RANK_MAX], ns[XP_COUPLING_RANK_MAX], ls[XP_COUPLING_RANK_MAX];
  int nlints;
  int lint[COUPLED_LINTS_MAX][XP_COUPLING_RANK_MAX];
  double c[COUPLED_LINTS_MAX][COUPLED_DENSITIES_MAX];
} coupled_function;

/* Lists intermediate momenta that couple ls to zero, at most limit of them; returns how many. */
int coupled_lints(const int *ls, int rank, int (*lint)[XP_COUPLING_RANK_MAX], int limit);

/* Appends a function to a model, tuples of the half basis only. */
xp_ace_function *coupled_append(xp_ace_model *model, const coupled_function *f);

/* Appends functions of ranks 2 to 6 to every species, equal factors and sums of couplings among them; n up to 3, l up to 3,
 * neighbour species in turn. */
void coupled_append_examples(xp_ace_model *model);

/* A model without functions, of ACE.jl's radial functions: these are smooth and have no bins of a file, so that kernel and
 * reference differ by little more than rounding. */
xp_ace_model *coupled_empty_model(int nelements, int ndensity, int lmax, uint64_t seed);

void coupled_clear_functions(xp_ace_model *model);

#endif
