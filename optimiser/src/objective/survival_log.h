/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What LAMMPS says of a run of survival. */
#ifndef XPOT_OPTIMISER_SURVIVAL_LOG_H
#define XPOT_OPTIMISER_SURVIVAL_LOG_H

#include <stdbool.h>

#include "objective/survival_settings.h"

/* Lines by which a deck says how far it came; END is followed by step, temperature (K), potential energy (eV). */
#define XP_SURVIVAL_READY "XPOT ready"
#define XP_SURVIVAL_END "XPOT end"

typedef enum xp_survival_end {
  XP_SURVIVAL_UNREADY, /* LAMMPS did not come to the first step */
  XP_SURVIVAL_DIED,
  XP_SURVIVAL_SURVIVED
} xp_survival_end;

typedef struct xp_survival_fate {
  xp_survival_end end;
  double step; /* the last one of which the output says that all was well, or the one at which it was found too hot */
  char reason[512]; /* a sentence; "" for a survivor */
} xp_survival_fate;

/* Reads the output of LAMMPS and its exit status. */
void xp_survival_read(xp_survival_fate *fate, const char *output, int exit_status,
                      const xp_survival_settings *settings);

/* Whether LAMMPS ended well and did all that a probe asks. */
bool xp_survival_is_ready(const char *output, int exit_status);

/* The line of the output that says what is wrong; its length. */
int xp_survival_complaint(const char *output, const char **line);

#endif
