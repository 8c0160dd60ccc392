/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to the pictures: gnuplot programs of panels, a row and a column for each dimension. */
#ifndef XPOT_OPTIMISER_MATRIX_H
#define XPOT_OPTIMISER_MATRIX_H

#include <stdio.h>

#include "analysis/findings.h"

/* Dark to light, told apart in grey and by the colour-blind. */
#define XP_PALETTE "0 '#440154', 1 '#3b528b', 2 '#21918c', 3 '#5ec962', 4 '#fde725'"

/* How often values were tried (diagonal) and which pairs, coloured by the order of the trials. */
void xp_matrix_print_evaluations(const xp_findings *findings, FILE *stream);

/* Partial dependence: curves (diagonal) and maps, with the trials. */
void xp_matrix_print_dependence(const xp_findings *findings, FILE *stream);

#endif
