/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures by gnuplot. */
#ifndef XPOT_OPTIMISER_GNUPLOT_H
#define XPOT_OPTIMISER_GNUPLOT_H

#include <stdbool.h>

/* Runs folder/NAME.gnuplot in the folder; gnuplot's messages are not ours. False when it is not installed or fails. */
bool xp_gnuplot_run(const char *folder, const char *name);

#endif
