/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers that a trial measures, by name. Those of the validation data exist for each of its config_types, too, as
 * NAME:CONFIG_TYPE. */
#ifndef XPOT_OPTIMISER_METRICS_H
#define XPOT_OPTIMISER_METRICS_H

#include "data/errors.h"
#include "objective/loss.h"

/* Names of what is not read off a table of errors. */
#define XP_METRIC_LOSS "loss"
#define XP_METRIC_COST "us_per_atom"
#define XP_METRIC_SURVIVAL "survival"
#define XP_METRIC_FOLD_SPREAD "fold_spread"

/* What was measured; NaN: it was not. */
typedef struct xp_measured {
  xp_error_table table;
  xp_loss_sums *group_sums; /* [table.ngroups], owned */
  xp_loss_sums sums;
  const xp_loss_form *form;
  double fold_spread; /* standard deviation of the folds' losses */
  double train_energy_rmse, train_force_rmse, rank;
  double us_per_atom, survival;
  const double *read; /* what another code's files say; borrowed */
} xp_measured;

/* Frees the members. */
void xp_measured_clear(xp_measured *measured);

typedef struct xp_metrics {
  int count;
  char **names; /* [count]; owned */
  int *measure,
      *group;     /* [count] private: which number, -1: one that is read; of which config_type, -1: of all; owned */
  bool *recorded; /* [count] whether it is one of the trial's metrics; owned */
} xp_metrics;

/* All names for data with these config_types; none when data is NULL. Those that every trial has are recorded; others when
 * asked for. */
xp_status xp_metrics_new(xp_metrics *metrics, const xp_data *data, bool folds, bool survival, xp_error *error);

/* Adds the name of number index of what is read from another code's files. */
xp_status xp_metrics_add_read(xp_metrics *metrics, const char *name, int index, xp_error *error);

/* Frees the members. */
void xp_metrics_clear(xp_metrics *metrics);

/* Index of a name; -1 when there is none. */
int xp_metrics_find(const xp_metrics *metrics, const char *name);

double xp_metrics_value(const xp_metrics *metrics, int index, const xp_measured *measured);

#endif
