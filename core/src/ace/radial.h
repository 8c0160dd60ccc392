/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of the distance that one ordered pair of species needs, exactly and with two derivatives: the radial basis
 * g_k, whose linear combinations all others are, and the core repulsion. */
#ifndef XPOT_ACE_RADIAL_H
#define XPOT_ACE_RADIAL_H

#include "ace/jet.h"
#include "xpot/ace.h"

/* Most places where the functions of one pair are only piecewise smooth. */
enum { XP_ACE_BREAKS_MAX = 16 };

/* The reference drops repulsion other than ZBL where its exponent reaches this. */
#define XP_ACE_CORE_EXPONENT_MAX 50.0

/* Biersack-Ziegler repulsion made to end smoothly at rcut (ace.md section 3.5). */
typedef struct xp_ace_zbl {
  double scale;   /* prehc * K/2 * Z_i Z_j, eV Angstrom */
  double length;  /* screening length, Angstrom */
  double a, b, c; /* shift polynomial */
} xp_ace_zbl;

typedef struct xp_ace_radial {
  xp_ace_radial_type type;
  xp_ace_inner_type inner;
  double lambda, rcut, dcut, rcut_in, dcut_in;
  double prehc, lambdahc;
  xp_ace_zbl zbl;
  xp_ace_acejl *acejl;            /* NULL unless type is XP_ACE_ACEJL; owned */
  xp_ace_acejl *pair_polynomials; /* NULL: no ACE.jl pair part; owned */
  xp_ace_acejl_pair pair_term;    /* its coefficients are owned */
  double pair_rcut;
  double cutoff;                    /* where everything ends */
  int nbase;                        /* functions g_k */
  int nscratch;                     /* jets that xp_ace_radial_evaluate needs as scratch */
  double breaks[XP_ACE_BREAKS_MAX]; /* ascending, inside 0 .. cutoff */
  int nbreaks;
} xp_ace_radial;

xp_status xp_ace_radial_init(xp_ace_radial *radial, const xp_ace_model *model, int i, int j, xp_error *error);
void xp_ace_radial_clear(xp_ace_radial *radial);

/* jets[nbase + 1] at r: the basis, then the core repulsion. Piecewise functions use the piece that
 * holds at branch, so that a piece can be evaluated at its very ends. scratch[nscratch]. */
void xp_ace_radial_evaluate(const xp_ace_radial *radial, double r, double branch, xp_jet *scratch, xp_jet *jets);

#endif
