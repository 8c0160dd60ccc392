/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an input file says: data, model, weights, search. */
#ifndef XPOT_OPTIMISER_CONFIG_H
#define XPOT_OPTIMISER_CONFIG_H

#include "config/parameter.h"
#include "xpot/error.h"
#include "xpot/file.h"
#include "xpot/structure.h"

/* Order of the words of potential.kind. */
typedef enum xp_fit_kind { XP_FIT_SNAP, XP_FIT_QSNAP } xp_fit_kind;

typedef struct xp_group_weights {
  char *name;     /* config_type, "default" for all that have none of their own; owned */
  xp_place place; /* where the input says so; file is the config's path */
  xp_parameter eweight, fweight, vweight;
} xp_group_weights;

/* Members are named as the keys of the input; see xp_options for units and meaning. All owned. */
typedef struct xp_config {
  char *path;
  char sha256[65]; /* of the input file */
  char *output, *name;
  xp_parameter threads;
  char *train, *validate, *energy_key, *forces_key, *virial_key, *stress_key, *config_type_key; /* NULL: not given */
  xp_place train_place, validate_place;
  int nelements;
  xp_symbol *elements;              /* [nelements] */
  xp_parameter *reference_energies; /* [nelements] */
  xp_parameter kind, twojmax, rcutfac, rfac0, rmin0;
  xp_parameter *radelem, *wj;    /* [nelements] */
  xp_parameter *sinner, *dinner; /* [nelements] */
  bool has_sinner, has_dinner;
  xp_parameter switchflag, bzeroflag, bnormflag, wselfallflag, chemflag, switchinnerflag;
  int ngroups;
  xp_group_weights *groups; /* [ngroups], the first is "default" */
  xp_parameter alpha;
  xp_parameter rcond, ridge, constant, memory;
  xp_parameter trials, initial, seed, xi, hours, target_loss, plateau;
  xp_space *space; /* the dimensions, in the order of the file */
} xp_config;

xp_status xp_config_read(xp_config **config, const char *path, xp_error *error);

/* NULL is allowed. */
void xp_config_free(xp_config *config);

/* Index in groups of the weights of a config_type: its own, or 0. */
int xp_config_group(const xp_config *config, const char *config_type);

/* Prints everything that decides the losses of a search, data files excepted, always the same text for the same meaning. */
void xp_config_print_fingerprint(const xp_config *config, FILE *stream);

#endif
