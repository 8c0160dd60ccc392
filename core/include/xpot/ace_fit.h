/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What fitting an ACE potential needs of its basis: predictions at given parameters, gradients of any function of energies,
 * forces and virials with respect to all parameters, and rows of the Jacobian for linear and Gauss-Newton solvers.
 *
 * Forces enter gradients through directional derivatives: for a field v on the atoms, sum_i v_i . dE/dr_i is the derivative
 * of E along v, so its gradient costs two more evaluations whatever the number of neighbours. */
#ifndef XPOT_ACE_FIT_H
#define XPOT_ACE_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "xpot/ace_basis.h"
#include "xpot/error.h"
#include "xpot/neighbour.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A basis compiled for fitting. Immutable; threads may share it. */
typedef struct xp_ace_fit xp_ace_fit;

/* The parameter vector: radial coefficients of the pairs (i <= j) in order (0,0), (0,1), .., (1,1), .., each [n][l][k] with
 * k fastest (B-A is A-B); then, for each central species, its functions in the order of the basis with the density fastest;
 * then e0 of each species. */
typedef struct xp_ace_fit_layout {
  int nelements;
  int nradial;    /* radial coefficients; functions begin here */
  int nfunctions; /* function coefficients, of all species and densities */
  int ntotal;     /* nradial + nfunctions + nelements */
} xp_ace_fit_layout;

/* basis is copied as far as needed. */
xp_status xp_ace_fit_new(xp_ace_fit **fit, const xp_ace_basis *basis, xp_error *error);

/* NULL is allowed. */
void xp_ace_fit_free(xp_ace_fit *fit);

xp_ace_fit_layout xp_ace_fit_layout_of(const xp_ace_fit *fit);

/* First parameter of the radial coefficients of a pair of species, and of the functions of a central species. */
int xp_ace_fit_radial_first(const xp_ace_fit *fit, int i, int j);
int xp_ace_fit_functions_first(const xp_ace_fit *fit, int species);

/* Largest cutoff, Angstrom. */
double xp_ace_fit_cutoff(const xp_ace_fit *fit);

/* Parameters of a basis to a vector [ntotal], and back. The basis is the one that fit was made of, or a copy. */
void xp_ace_fit_get(const xp_ace_fit *fit, const xp_ace_basis *basis, double *parameters);
void xp_ace_fit_put(const xp_ace_fit *fit, const double *parameters, xp_ace_basis *basis);

/* One structure as fitting sees it: all that does not depend on parameters (radial basis of every neighbour, inner cutoff,
 * core repulsion). */
typedef struct xp_ace_fit_structure xp_ace_fit_structure;

/* list's species are indices of the basis's elements; it is copied. XP_ERROR_RANGE where atoms are closer than a bin of
 * the look-up tables. */
xp_status xp_ace_fit_structure_new(xp_ace_fit_structure **structure, const xp_ace_fit *fit,
                                   const xp_neighbour_list *list, xp_error *error);

/* NULL is allowed. */
void xp_ace_fit_structure_free(xp_ace_fit_structure *structure);

/* Bytes that a structure of so many atoms and neighbours takes. */
double xp_ace_fit_structure_bytes(const xp_ace_fit *fit, double natoms, double nneighbours);

/* Scratch memory of one thread; grows and is reused. To be freed before fit. */
typedef struct xp_ace_fit_scratch xp_ace_fit_scratch;
xp_status xp_ace_fit_scratch_new(xp_ace_fit_scratch **scratch, const xp_ace_fit *fit, xp_error *error);
/* NULL is allowed. */
void xp_ace_fit_scratch_free(xp_ace_fit_scratch *scratch);

/* Output of a prediction, and, in gradients, the derivative of a loss by it. */
typedef struct xp_ace_fit_labels {
  double energy;       /* eV; or d loss / d energy */
  double (*forces)[3]; /* [natoms] eV/Angstrom; or d loss / d force; owned by the caller; NULL: not wanted, or zero */
  double virial[3][3]; /* -dE/dstrain, eV; or d loss / d virial. Every component counts by itself */
} xp_ace_fit_labels;

/* Energy at parameters [ntotal]; with out->forces also forces and virial. */
xp_status xp_ace_fit_predict(const xp_ace_fit *fit, xp_ace_fit_scratch *scratch, const xp_ace_fit_structure *structure,
                             const double *parameters, xp_ace_fit_labels *out, xp_error *error);

/* Adds d loss / d parameters to gradient [ntotal]. radial false: the radial coefficients are left out. */
xp_status xp_ace_fit_add_gradient(const xp_ace_fit *fit, xp_ace_fit_scratch *scratch,
                                  const xp_ace_fit_structure *structure, const double *parameters,
                                  const xp_ace_fit_labels *loss, bool radial, double *gradient, xp_error *error);

/* Jacobian by function coefficients and e0 at parameters: columns are parameters nradial .. ntotal-1. Row after row, each
 * (ntotal - nradial) numbers; NULL members are not made. */
typedef struct xp_ace_fit_rows {
  double *energy; /* [1] eV */
  double *forces; /* [3 natoms] eV/Angstrom */
  double *virial; /* [6] xx yy zz xy xz yz, eV */
} xp_ace_fit_rows;

/* Overwrites the rows that are wanted. */
xp_status xp_ace_fit_make_rows(const xp_ace_fit *fit, xp_ace_fit_scratch *scratch,
                               const xp_ace_fit_structure *structure, const double *parameters,
                               const xp_ace_fit_rows *rows, xp_error *error);

/* Smoothness of the radial functions, orders 0, 1, 2: S_d = mean over ordered pairs of (1/rcut^2) int r^2 sum_nl
 * |d^d R_nl/dr^d| dr without the inner cutoff, as pacemaker sums it over 100 points. Adds sum_d w[d] S_d to *value and its
 * gradient to gradient [ntotal] (NULL: not wanted). */
xp_status xp_ace_fit_smoothness(const xp_ace_fit *fit, const double *parameters, const double w[3], double *value,
                                double *gradient, xp_error *error);

#ifdef __cplusplus
}
#endif
#endif
