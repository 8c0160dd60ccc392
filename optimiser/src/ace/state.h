/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where an ACE fit stands: all that a fit that goes on after a kill needs, and its learning curve. */
#ifndef XPOT_OPTIMISER_ACE_STATE_H
#define XPOT_OPTIMISER_ACE_STATE_H

#include "ace/problem.h"
#include "xpot/error.h"

/* One line of the learning curve. */
typedef struct xp_ace_point {
  int step, stage, iteration; /* from 1; iteration 0: the start of a stage */
  int functions;
  double kappa;
  xp_ace_loss train;
  xp_ace_loss validate; /* total NaN: not evaluated at this point */
} xp_ace_point;

typedef struct xp_ace_state {
  int step, stage; /* of the ladder and of the stages, from 0, in progress */
  int iteration;   /* done in this stage */
  int ended;       /* nothing more is to be done in this stage */
  int nparameters;
  double *parameters;   /* [nparameters]; owned */
  double best_validate; /* of this stage; INFINITY: none */
  int best_iteration;
  double *best; /* [nparameters] parameters of that; owned */
  int npoints, point_capacity;
  xp_ace_point *points; /* [npoints]; owned */
} xp_ace_state;

/* Frees the members. */
void xp_ace_state_clear(xp_ace_state *state);

/* Room for so many parameters; those of a smaller basis are forgotten. */
xp_status xp_ace_state_resize(xp_ace_state *state, int nparameters, xp_error *error);

/* Takes the place of the last point when that is of the same iteration. */
xp_status xp_ace_state_add_point(xp_ace_state *state, const xp_ace_point *point, xp_error *error);

/* Writes the whole state; fingerprint: of all that the fit depends on. */
xp_status xp_ace_state_write(const xp_ace_state *state, const char *path, const char *fingerprint, xp_error *error);

/* Reads it back, to the last bit. *found is false, and the state as it was, when there is no such file; XP_ERROR_INPUT when it
 * belongs to another fit or is damaged. */
xp_status xp_ace_state_read(xp_ace_state *state, const char *path, const char *fingerprint, bool *found,
                            xp_error *error);

/* Writes the points as a table (CSV). */
xp_status xp_ace_curve_write(const xp_ace_state *state, const char *path, xp_error *error);

#endif
