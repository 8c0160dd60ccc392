/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From any evaluator of neighbourhoods to the labels of a whole structure. */
#ifndef XPOT_LABEL_H
#define XPOT_LABEL_H

#include "xpot/potential.h"

/* Semantics of xp_evaluate; context is the evaluator's own. */
typedef xp_status (*xp_evaluator)(void *context, const xp_neighbourhoods *neighbourhoods, const xp_evaluation *out,
                                  xp_error *error);

/* A copy of structure whose energy, forces, virial and local energies come from the evaluator; plan gives the species and
 * the cutoff. */
xp_status xp_label_structure(xp_structure **labelled, const xp_structure *structure, const xp_plan *plan,
                             xp_evaluator evaluator, void *context, xp_error *error);

#endif
