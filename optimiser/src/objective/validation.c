/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/validation.h"

#include <stdlib.h>

#include "data/predict.h"
#include "report/parity.h"

xp_status xp_validation_errors(const xp_plan *plan, const xp_data *data, int threads, xp_report *report,
                               const char *parity, xp_error_table *table, xp_error *error) {
  int n = data->set->nstructures;
  xp_structure **predicted = calloc((size_t)n, sizeof *predicted);
  if (!predicted) return xp_error_memory(error, "the predictions");
  xp_status status = xp_predict(plan, data, threads, report, predicted, error);
  if (status == XP_OK && parity) status = xp_parity_write(parity, data, predicted, error);
  if (status == XP_OK) status = xp_error_table_new(table, data, predicted, error);
  xp_report_end(report);
  xp_predict_clear(predicted, n);
  free(predicted);
  return status;
}
