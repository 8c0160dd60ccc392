/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the files of a trial to predictions and numbers, and from those to its loss. */
#ifndef XPOT_OPTIMISER_RESULTS_H
#define XPOT_OPTIMISER_RESULTS_H

#include "external/external.h"

typedef struct xp_results_request {
  const xp_config *config;
  const xp_data *validate;
  int threads;
  xp_report *report;
} xp_results_request;

/* Fills predicted and numbers of a result from the files in its folder. */
xp_status xp_results_read(const xp_results_request *request, xp_external_result *result, xp_error *error);

#endif
