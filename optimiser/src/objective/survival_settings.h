/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the runs of survival are: of the section survival of an input, or of the options of xpot-opt survive. */
#ifndef XPOT_OPTIMISER_SURVIVAL_SETTINGS_H
#define XPOT_OPTIMISER_SURVIVAL_SETTINGS_H

#include <stdint.h>

#include "xpot/structure.h"

typedef struct xp_survival_settings {
  const char *place;  /* for messages: the input file; NULL: none */
  const char *prefix; /* of the names of settings in messages: "survival." or "--" */
  const char *lammps; /* shell command */
  const char *plugin; /* NULL: none is loaded */
  const xp_symbol *elements;
  int nelements;
  int runs;
  int atoms;          /* at least so many in a run, where the structure is periodic */
  uint64_t seed;      /* of the choice of structures and of velocities */
  double temperature; /* K */
  double timestep;    /* ps */
  double explode;     /* a temperature above this multiple is a death */
  long steps, every;  /* of a run; between lines of output */
} xp_survival_settings;

#endif
