/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/predict.h"

#include <string.h>

void xp_predict_clear(xp_structure **predicted, int n) {
  for (int s = 0; s < n; ++s) {
    xp_structure_free(predicted[s]);
    predicted[s] = NULL;
  }
}

xp_status xp_predict(const xp_plan *plan, const xp_data *data, int threads, xp_report *report, xp_structure **predicted,
                     xp_error *error) {
  int n = data->set->nstructures, failed = n; /* the first structure that failed: the same for any number of threads */
  memset(predicted, 0, (size_t)n * sizeof *predicted);
  xp_error first = {0};
  xp_report_stage(report, "evaluating", data->natoms);
#pragma omp parallel num_threads(threads)
  {
    xp_workspace *workspace = NULL;
    xp_error own = {0};
    bool ready = xp_workspace_new(&workspace, plan, &own) == XP_OK;
#pragma omp for schedule(dynamic)
    for (int s = 0; s < n; ++s) {
      const xp_structure *structure = data->set->structures[s];
      bool ok = ready && xp_evaluate_structure(plan, workspace, structure, &predicted[s], &own) == XP_OK;
#pragma omp critical(xp_predict)
      if (!ok && s < failed) {
        failed = s;
        first = own;
      } else
        xp_report_advance(report, structure->natoms);
    }
    xp_workspace_free(workspace);
  }
  if (failed == n) return XP_OK;
  xp_predict_clear(predicted, n);
  const xp_structure *structure = data->set->structures[failed];
  const char *file = structure->file ? structure->file : data->path;
  if (strstr(first.message, file)) return xp_error_set(error, first.status, "%s", first.message);
  return xp_error_set(error, first.status, "%s:%ld: structure %d: %.700s", file, structure->line, failed + 1,
                      first.message);
}
