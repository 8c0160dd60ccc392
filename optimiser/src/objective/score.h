/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the metrics of a trial to its loss: loss.expression, loss.command, or the loss of loss.h. */
#ifndef XPOT_OPTIMISER_SCORE_H
#define XPOT_OPTIMISER_SCORE_H

#include "objective/metrics.h"

typedef struct xp_score xp_score;

/* Reads the expression, and marks the metrics it uses as recorded. config is borrowed. */
xp_status xp_score_new(xp_score **score, const xp_config *config, xp_metrics *metrics, xp_error *error);

/* NULL is allowed. */
void xp_score_free(xp_score *score);

/* What a loss is made of. */
typedef struct xp_score_request {
  int trial;            /* 0: a single fit */
  const double *values; /* the point; NULL: everything is fixed */
  const char *folder;   /* for scratch; NULL: none */
  const xp_metrics *metrics;
  const double *numbers; /* [metrics->count] */
} xp_score_request;

/* The loss; one that is not finite is XP_ERROR_NUMERIC, as is a command that fails. */
xp_status xp_score_find(xp_score *score, const xp_score_request *request, double *loss, xp_error *error);

#endif
