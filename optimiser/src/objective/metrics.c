/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/metrics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* When a number is recorded without anybody asking. */
typedef enum need { NEED_ALWAYS, NEED_VIRIALS, NEED_FOLDS, NEED_SURVIVAL, NEED_USE } need;

/* One number: a measure of errors, a term of the loss, or a member of what was measured. */
typedef struct measure {
  const char *name;
  need recorded;
  double (*error)(const xp_errors *errors);
  double (*loss)(const xp_loss_form *form, const xp_loss_sums *sums);
  size_t offset;
} measure;

static const measure measures[] = {
    {"energy_rmse_mev_per_atom", NEED_ALWAYS, .error = xp_errors_energy_rmse},
    {"energy_mae_mev_per_atom", NEED_ALWAYS, .error = xp_errors_energy_mae},
    {"force_rmse_ev_per_ang", NEED_ALWAYS, .error = xp_errors_force_rmse},
    {"force_mae_ev_per_ang", NEED_ALWAYS, .error = xp_errors_force_mae},
    {"virial_rmse_mev_per_atom", NEED_VIRIALS, .error = xp_errors_virial_rmse},
    {"virial_mae_mev_per_atom", NEED_VIRIALS, .error = xp_errors_virial_mae},
    {"energy_loss", NEED_ALWAYS, .loss = xp_loss_of_energies},
    {"force_loss", NEED_ALWAYS, .loss = xp_loss_of_forces},
    {"virial_loss", NEED_VIRIALS, .loss = xp_loss_of_virials},
    {XP_METRIC_LOSS, NEED_USE, .loss = xp_loss_total},
    {"train_energy_rmse_mev_per_atom", NEED_ALWAYS, .offset = offsetof(xp_measured, train_energy_rmse)},
    {"train_force_rmse_ev_per_ang", NEED_ALWAYS, .offset = offsetof(xp_measured, train_force_rmse)},
    {"rank", NEED_ALWAYS, .offset = offsetof(xp_measured, rank)},
    {XP_METRIC_FOLD_SPREAD, NEED_FOLDS, .offset = offsetof(xp_measured, fold_spread)},
    {XP_METRIC_SURVIVAL, NEED_SURVIVAL, .offset = offsetof(xp_measured, survival)},
    {XP_METRIC_COST, NEED_USE, .offset = offsetof(xp_measured, us_per_atom)},
};
enum { MEASURES = sizeof measures / sizeof *measures };

static bool has_groups(const measure *m) {
  return m->error || m->loss;
}

void xp_measured_clear(xp_measured *measured) {
  xp_error_table_clear(&measured->table);
  free(measured->group_sums);
  *measured = (xp_measured){0};
}

static xp_status add(xp_metrics *metrics, int measure, const char *group, int group_index, bool recorded,
                     xp_error *error) {
  const char *name = measures[measure].name;
  size_t size = strlen(name) + (group ? strlen(group) + 1 : 0) + 1;
  char *text = malloc(size);
  if (!text) return xp_error_memory(error, "the names of metrics");
  snprintf(text, size, "%s%s%s", name, group ? ":" : "", group ? group : "");
  metrics->names[metrics->count] = text;
  metrics->measure[metrics->count] = measure;
  metrics->group[metrics->count] = group_index;
  metrics->recorded[metrics->count++] = recorded;
  return XP_OK;
}

static xp_status make_room(xp_metrics *metrics, size_t most, xp_error *error) {
  *metrics = (xp_metrics){.names = calloc(most, sizeof(char *)),
                          .measure = calloc(most, sizeof *metrics->measure),
                          .group = calloc(most, sizeof *metrics->group),
                          .recorded = calloc(most, sizeof *metrics->recorded)};
  if (metrics->names && metrics->measure && metrics->group && metrics->recorded) return XP_OK;
  return xp_error_memory(error, "the names of metrics");
}

xp_status xp_metrics_new(xp_metrics *metrics, const xp_data *data, bool folds, bool survival, xp_error *error) {
  if (!data) return make_room(metrics, 1, error);
  const bool needs[] = {[NEED_ALWAYS] = true,
                        [NEED_VIRIALS] = data->nvirials > 0,
                        [NEED_FOLDS] = folds,
                        [NEED_SURVIVAL] = survival,
                        [NEED_USE] = false};
  xp_status status = make_room(metrics, (size_t)(MEASURES * (data->ngroups + 1)), error);
  for (int m = 0; m < MEASURES && status == XP_OK; ++m)
    status = add(metrics, m, NULL, -1, needs[measures[m].recorded], error);
  for (int g = 0; g < data->ngroups; ++g)
    for (int m = 0; m < MEASURES && status == XP_OK; ++m)
      if (has_groups(&measures[m])) status = add(metrics, m, data->groups[g], g, false, error);
  if (status != XP_OK) xp_metrics_clear(metrics);
  return status;
}

static bool grow(void **array, int count, size_t size) {
  void *more = realloc(*array, (size_t)(count + 1) * size);
  if (more) *array = more;
  return more != NULL;
}

xp_status xp_metrics_add_read(xp_metrics *metrics, const char *name, int index, xp_error *error) {
  int n = metrics->count;
  bool room = grow((void **)&metrics->names, n, sizeof *metrics->names) &&
              grow((void **)&metrics->measure, n, sizeof *metrics->measure) &&
              grow((void **)&metrics->group, n, sizeof *metrics->group) &&
              grow((void **)&metrics->recorded, n, sizeof *metrics->recorded);
  char *copy = room ? strdup(name) : NULL;
  if (!copy) return xp_error_memory(error, "the names of metrics");
  metrics->names[n] = copy;
  metrics->measure[n] = -1;
  metrics->group[n] = index;
  metrics->recorded[n] = strcmp(name, XP_METRIC_LOSS) != 0;
  ++metrics->count;
  return XP_OK;
}

void xp_metrics_clear(xp_metrics *metrics) {
  for (int i = 0; i < metrics->count; ++i) free(metrics->names[i]);
  free(metrics->names);
  free(metrics->measure);
  free(metrics->group);
  free(metrics->recorded);
  *metrics = (xp_metrics){0};
}

int xp_metrics_find(const xp_metrics *metrics, const char *name) {
  for (int i = 0; i < metrics->count; ++i)
    if (strcmp(metrics->names[i], name) == 0) return i;
  return -1;
}

double xp_metrics_value(const xp_metrics *metrics, int index, const xp_measured *measured) {
  int g = metrics->group[index];
  if (metrics->measure[index] < 0) return measured->read[g];
  const measure *m = &measures[metrics->measure[index]];
  if (m->error) return m->error(g < 0 ? &measured->table.all : &measured->table.groups[g]);
  if (m->loss) return m->loss(measured->form, g < 0 ? &measured->sums : &measured->group_sums[g]);
  return *(const double *)((const char *)measured + m->offset);
}
