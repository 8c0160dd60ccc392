/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an input for ACE means at a point of the search: the shape of the basis and the settings of the fit, as plain values.
 * values are the point's, NULL when everything is fixed. */
#ifndef XPOT_OPTIMISER_ACE_INPUT_H
#define XPOT_OPTIMISER_ACE_INPUT_H

#include "config/config.h"
#include "xpot/ace_basis.h"

/* A basis without its functions. Species are in alphabetical order. */
typedef struct xp_ace_input {
  int nelements;
  xp_symbol *elements; /* [nelements] */
  int *source;         /* [nelements] index in config->elements */
  double delta_spline_bins;
  xp_ace_embedding *embeddings; /* [nelements], members owned */
  xp_ace_bond *bonds;           /* [nelements][nelements], members owned; sizes 0 and lmax -1 where not given */
  int nblocks;
  xp_ace_block_request *blocks; /* [nblocks] of all sizes; members owned; most is set, grown -1 */
} xp_ace_input;

/* shortest: [nelements][nelements] in the order of config->elements, smallest distance of each pair in the training data,
 * Angstrom, INFINITY for a pair that does not occur (xp_distances_find); may be NULL unless repulsion is auto. */
xp_status xp_ace_input_new(xp_ace_input *input, const xp_config *config, const double *values, const double *shortest,
                           xp_error *error);

/* Frees the members. */
void xp_ace_input_clear(xp_ace_input *input);

/* A basis with the input's embeddings, bonds and functions, e0 zero. grown: how many functions of each block, in this order,
 * are in it; negative: all. */
xp_status xp_ace_input_basis(xp_ace_basis **basis, const xp_ace_input *input, long grown, xp_ace_order order,
                             xp_error *error);

/* One minimisation of the loss, from where the one before ended. */
typedef struct xp_ace_stage {
  double kappa; /* share of the forces; meaningless when kappa_auto */
  int iterations;
} xp_ace_stage;

/* Section fit of the input. */
typedef struct xp_ace_fit_settings {
  int nstages;
  xp_ace_stage stages[XP_LIST_MOST];
  bool kappa_auto; /* kappa follows from the spread of energies and forces */
  double virial_weight;
  double L1_coeffs, L2_coeffs;
  double w_rad[3];                  /* w0_rad, w1_rad, w2_rad */
  double huber_energy, huber_force; /* eV/atom, eV/Angstrom; 0: squares */
  xp_ace_solver solver;
  xp_ace_linear linear;
  xp_ace_trainable trainable;
  int ladder_functions;   /* functions a block and step; 0 without */
  double ladder_fraction; /* of the functions there are, a step; 0 without; the larger of both counts */
  xp_ace_order ladder_type;
  int patience;                  /* iterations without a better validation loss that end a stage; 0: off */
  int checkpoint;                /* iterations between checkpoints; 0: none */
  const char *initial_potential; /* borrowed; NULL without */
  bool constant;                 /* fit an energy of each element */
  double rcond;
} xp_ace_fit_settings;

xp_status xp_ace_fit_settings_of(xp_ace_fit_settings *settings, const xp_config *config, const double *values,
                                 xp_error *error);

#endif
