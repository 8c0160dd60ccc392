/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a search found, in words. */
#ifndef XPOT_OPTIMISER_SUMMARY_H
#define XPOT_OPTIMISER_SUMMARY_H

#include <stdio.h>

#include "analysis/findings.h"

/* Prints the best trials, the Pareto front, values at a bound, convergence, failures by reason and importance. */
void xp_summary_print(const xp_findings *findings, FILE *stream);

#endif
