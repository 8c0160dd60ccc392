/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loss of a potential on a set: alpha L_E + (1 - alpha) L_F + beta L_V. README.md in this folder has the equations. */
#ifndef XPOT_OPTIMISER_LOSS_H
#define XPOT_OPTIMISER_LOSS_H

#include "config/config.h"
#include "data/data.h"

/* How errors make a loss. */
typedef struct xp_loss_form {
  xp_loss_error error;
  xp_loss_force force;
  double huber_energy, huber_force; /* with XP_LOSS_HUBER */
  double alpha, virial_weight;
} xp_loss_form;

/* What the input says; alpha follows from target accuracies and the numbers of atoms of data where it gives them. */
xp_loss_form xp_loss_form_of(const xp_config *config, const xp_data *data);

/* Sums over structures. */
typedef struct xp_loss_sums {
  long nenergies, nforces, nvirials; /* terms of each sum */
  double energy, force, virial;
} xp_loss_sums;

/* Adds what a structure's labels and its prediction have in common; adds the sums of other structures. */
void xp_loss_add(xp_loss_sums *sums, const xp_loss_form *form, const xp_structure *reference,
                 const xp_structure *predicted);
void xp_loss_join(xp_loss_sums *sums, const xp_loss_sums *more);

/* L_E, L_F and L_V as plain numbers (eV, eV/Angstrom, eV); NaN without labels. */
double xp_loss_of_energies(const xp_loss_form *form, const xp_loss_sums *sums);
double xp_loss_of_forces(const xp_loss_form *form, const xp_loss_sums *sums);
double xp_loss_of_virials(const xp_loss_form *form, const xp_loss_sums *sums);

/* The whole. A share of zero leaves its term out, so that data without that label can be used. */
double xp_loss_total(const xp_loss_form *form, const xp_loss_sums *sums);

#endif
