/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a search found, as files in a folder: comma-separated tables, and pictures by gnuplot. */
#ifndef XPOT_OPTIMISER_FINDINGS_FILES_H
#define XPOT_OPTIMISER_FINDINGS_FILES_H

#include "analysis/findings.h"

/* Writes convergence.csv (trial, its loss, the best so far), and where there are such: front.csv (trials with the second
 * objective and whether they are on the front), importance.csv, dependence.csv (curves), dependence-pairs.csv (maps). */
xp_status xp_findings_write_tables(const xp_findings *findings, const char *folder, xp_error *error);

/* Writes a gnuplot program for each picture, its data in it: convergence, evaluations and, where there are such, front and
 * dependence (.gnuplot). Runs them where gnuplot is installed: NAME.png. *drawn: whether it did. */
xp_status xp_findings_write_pictures(const xp_findings *findings, const char *folder, bool *drawn, xp_error *error);

#endif
