/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SNAP and quadratic SNAP: what .snapcoeff and .snapparam hold, and the descriptors for fitting.
 * Thompson et al., J. Comput. Phys. 285, 316 (2015); Wood and Thompson, J. Chem. Phys. 148, 241721 (2018);
 * Cusentino et al., J. Phys. Chem. A 124, 5456 (2020) for chem-SNAP. Names are those of LAMMPS's files. */
#ifndef XPOT_SNAP_H
#define XPOT_SNAP_H

#include <stdbool.h>

#include "xpot/error.h"
#include "xpot/file.h"
#include "xpot/neighbour.h"
#include "xpot/structure.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Largest twojmax: beyond it factorials in double precision lose digits. */
#define XP_SNAP_TWOJMAX_LIMIT 14

/* The keywords of a .snapparam file, with LAMMPS's defaults. */
typedef struct xp_snap_parameters {
  double rcutfac;  /* cutoff scale: Rcut(i,j) = (radelem_i + radelem_j) * rcutfac */
  int twojmax;     /* 2 Jmax, 0 .. XP_SNAP_TWOJMAX_LIMIT */
  double rfac0;    /* 0.99363 */
  double rmin0;    /* 0, Angstrom */
  bool switchflag; /* true */
  bool bzeroflag;  /* true */
  bool quadraticflag;
  bool chemflag;
  bool bnormflag;
  bool wselfallflag;
  bool switchinnerflag;
  double *
      sinner; /* [ninner] Angstrom, in the order of the elements given to xp_plan_new; NULL without inner switch; owned */
  double *dinner; /* [ninner] Angstrom; owned */
  int ninner;
  int chunksize;      /* 32768; Kokkos's only, kept for writing back */
  int parallelthresh; /* 8192; Kokkos's only, kept for writing back */
} xp_snap_parameters;

/* One block of a .snapcoeff file. */
typedef struct xp_snap_element {
  xp_symbol symbol;
  double radelem;       /* usually 0.5 */
  double wj;            /* neighbour weight */
  double *coefficients; /* [ncoeff] beta_0, linear, then the upper triangle of alpha row by row; owned */
} xp_snap_element;

typedef struct xp_snap_model {
  xp_snap_parameters parameters;
  int nelements;
  int ncoeff;                /* coefficients of an element with beta_0 */
  xp_snap_element *elements; /* [nelements], owned */
  char **warnings;           /* [nwarnings], owned */
  int nwarnings;
} xp_snap_model;

/* LAMMPS's defaults; rcutfac and twojmax must be set by the caller. */
void xp_snap_parameters_default(xp_snap_parameters *parameters);

/* Range and consistency of the parameters; nelements is needed for sinner and dinner (-1: not known yet). */
xp_status xp_snap_parameters_check(const xp_snap_parameters *parameters, int nelements, xp_error *error);

/* K: bispectrum components for twojmax, one element label (snap.md section 6). */
int xp_snap_nbispectrum(int twojmax);

/* Coefficients of an element for these parameters: 1 + K', or 1 + K' + K'(K'+1)/2 when quadratic, where K' = K, or
 * K nelements^3 for chem-SNAP. */
int xp_snap_ncoeff(const xp_snap_parameters *parameters, int nelements);

/* A zeroed model with default parameters and room for nelements elements of ncoeff coefficients. */
xp_status xp_snap_model_new(xp_snap_model **model, int nelements, int ncoeff, xp_error *error);

xp_status xp_snap_parse(xp_snap_model **model, const xp_bytes *coefficients, const xp_bytes *parameters,
                        xp_error *error);

/* NULL is allowed. */
void xp_snap_model_free(xp_snap_model *model);

/* Writes both files. Numbers have 17 significant digits; comments name each component (j1, j2, j). Comment lines start
 * with "# "; header (may be NULL, several lines allowed) goes on top of both as comments. When the second write fails the
 * first is left as it was. */
xp_status xp_snap_write(const xp_snap_model *model, const char *coefficient_path, const char *parameter_path,
                        const char *header, xp_error *error);

/* Descriptors: the bispectrum of a model's geometry, without coefficients. Immutable; threads may share it. */
typedef struct xp_snap_basis xp_snap_basis;

/* radelem[nelements], wj[nelements] per species. Everything is copied. */
xp_status xp_snap_basis_new(xp_snap_basis **basis, const xp_snap_parameters *parameters, const double *radelem,
                            const double *wj, int nelements, xp_error *error);

/* NULL is allowed. */
void xp_snap_basis_free(xp_snap_basis *basis);

/* K' : linear descriptors of an atom (K, or K nelements^3 for chem-SNAP). */
int xp_snap_basis_size(const xp_snap_basis *basis);

/* Largest pair cutoff, Angstrom. */
double xp_snap_basis_cutoff(const xp_snap_basis *basis);

/* Scratch memory of one thread for descriptors. */
typedef struct xp_snap_scratch xp_snap_scratch;
xp_status xp_snap_scratch_new(xp_snap_scratch **scratch, const xp_snap_basis *basis, xp_error *error);
/* NULL is allowed. */
void xp_snap_scratch_free(xp_snap_scratch *scratch);

/* Linear descriptors of every central atom and their derivatives:
 *   descriptors [natoms][K'], dimensionless, bzero already taken off when bzeroflag;
 *   derivatives [nneighbours][3][K'] d(descriptor of the centre)/d(position of the neighbour), 1/Angstrom (NULL: not
 *   computed). The derivative with respect to the centre is minus the sum over its neighbours.
 * Quadratic terms are products of these (snap.md section 8): the caller forms them. */
xp_status xp_snap_describe(const xp_snap_basis *basis, xp_snap_scratch *scratch,
                           const xp_neighbourhoods *neighbourhoods, double *descriptors, double *derivatives,
                           xp_error *error);

#ifdef __cplusplus
}
#endif
#endif
