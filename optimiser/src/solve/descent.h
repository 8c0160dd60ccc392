/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unconstrained minimisation by L-BFGS (D. C. Liu and J. Nocedal, Math. Program. 45, 503 (1989); library liblbfgs), in variables
 * y with x = x0 + T y. Serial, the same bits for the same input. */
#ifndef XPOT_OPTIMISER_DESCENT_H
#define XPOT_OPTIMISER_DESCENT_H

#include <stdbool.h>

#include "solve/whitening.h"

/* The linear map T, as what it does to a vector [n] in place. */
typedef struct xp_preconditioner {
  void (*apply)(const void *data, double *v);            /* v <- T v */
  void (*apply_transposed)(const void *data, double *v); /* v <- T'v */
  const void *data;
} xp_preconditioner;

/* T = U^-1 for whitening->n variables from number first, diag(scales) for all others. */
typedef struct xp_whitened_block {
  int n, first;
  const xp_whitening *whitening;
  const double *scales; /* [n], those of the block are not used; NULL for 1 */
} xp_whitened_block;

/* The block is borrowed. */
xp_preconditioner xp_whitened_block_preconditioner(const xp_whitened_block *block);

typedef struct xp_descent_state {
  int iteration; /* from 1 */
  int evaluations;
  double loss, gradient_norm; /* the latter with respect to y */
  double step;                /* length of the step in units of the search direction */
  const double *x;            /* [n] */
} xp_descent_state;

typedef struct xp_descent_problem {
  int n; /* > 0 */
  /* A loss that is not finite makes the step shorter; an error ends everything. */
  xp_status (*value_and_gradient)(void *user, const double *x, double *gradient, double *value, xp_error *error);
  /* After each iteration; may set stop. NULL for none. */
  xp_status (*progress)(void *user, const xp_descent_state *state, bool *stop, xp_error *error);
  void *user;
  const xp_preconditioner *preconditioner; /* NULL: y = x - x0 */
} xp_descent_problem;

typedef struct xp_descent_options {
  int memory;                /* > 0, pairs of steps and gradients kept */
  int max_iterations;        /* > 0 */
  double gradient_tolerance; /* norm of the gradient with respect to y at which to end */
  double loss_tolerance;     /* relative decrease of the loss over loss_window iterations at which to end; 0: never */
  int loss_window;
} xp_descent_options;

/* 50 pairs, 1000 iterations, gradient 1e-8, no end by the loss (window 10). */
xp_descent_options xp_descent_defaults(void);

typedef enum xp_descent_end {
  XP_DESCENT_GRADIENT,   /* at most the tolerance */
  XP_DESCENT_LOSS,       /* changes less than the tolerance */
  XP_DESCENT_ITERATIONS, /* all used */
  XP_DESCENT_STOPPED,    /* by the progress callback */
  XP_DESCENT_LINE_SEARCH /* no better point along the search direction, mostly because rounding is all that is left */
} xp_descent_end;

typedef struct xp_descent_summary {
  xp_descent_end end;
  int iterations, evaluations;
  double loss, gradient_norm; /* at the x returned */
} xp_descent_summary;

/* x[n]: the start, then the last point accepted, whose loss is the least; after an error too. XP_ERROR_NUMERIC when the loss at
 * the start is not finite. */
xp_status xp_descent_minimise(xp_descent_summary *summary, double *x, const xp_descent_problem *problem,
                              const xp_descent_options *options, xp_error *error);

#endif
