/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/search_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/transfer.h"

#define SECONDS_AN_HOUR 3600.0

static const xp_map *limits_of(const xp_config *config) {
  return &config->maps[xp_section_find("limits")];
}

/* The name in "-survival" is behind the sign. */
static const char *second_of(const xp_config *config) {
  return config->second && config->second[0] == '-' ? config->second + 1 : config->second;
}

/* ---- settings ---- */

static void set_rules(xp_search_settings *settings, const xp_config *config) {
  settings->stop.trials = (int)config->trials.value;
  settings->stop.plateau = (int)config->plateau.value;
  if (config->hours.value > 0.0) settings->stop.seconds = SECONDS_AN_HOUR * config->hours.value;
  if (config->target_loss.value > 0.0) settings->stop.target_loss = config->target_loss.value;
}

static void set_proposal(xp_proposal_settings *proposal, const xp_config *config) {
  if (config->initial.value > 0.0) proposal->initial = (int)config->initial.value;
  proposal->seed = (uint64_t)config->seed.value;
  proposal->design = (xp_design_kind)config->design.value;
  proposal->kernel = (xp_kernel)config->kernel.value;
  proposal->acquisition = (xp_acquisition)config->acquisition.value;
  proposal->xi = config->xi.value;
  proposal->kappa = config->search_kappa.value;
}

static xp_status set_halving(xp_search_plan *plan, const xp_config *config, xp_error *error) {
  int n = config->fidelity.count;
  plan->fidelities = calloc((size_t)n + 1, sizeof *plan->fidelities);
  if (!plan->fidelities) return xp_error_memory(error, "the search");
  for (int f = 0; f < n; ++f) plan->fidelities[f] = config->fidelity.values[f].value;
  plan->settings.fidelities = plan->fidelities;
  plan->settings.nfidelities = n;
  plan->settings.keep = config->keep.value;
  return XP_OK;
}

/* The first points are those of the input, then those of an earlier search. */
static xp_status set_starts(xp_search_plan *plan, const xp_config *config, xp_report *report, xp_error *error) {
  size_t ndims = (size_t)xp_space_count(config->space), given = (size_t)config->nstarts * ndims;
  double *points = NULL;
  int npoints = 0;
  xp_status status = XP_OK;
  if (config->transfer)
    status = xp_transfer_read(config->transfer, (int)config->transfer_points.value, config->space, &points, &npoints,
                              report, error);
  size_t transferred = (size_t)npoints * ndims;
  plan->starts = calloc(given + transferred + 1, sizeof *plan->starts);
  if (status == XP_OK && !plan->starts) status = xp_error_memory(error, "the search");
  if (status == XP_OK) {
    if (given) memcpy(plan->starts, config->starts, given * sizeof *plan->starts);
    if (transferred) memcpy(plan->starts + given, points, transferred * sizeof *plan->starts);
    plan->settings.proposal.starts = plan->starts;
    plan->settings.proposal.nstarts = config->nstarts + npoints;
  }
  free(points);
  return status;
}

static void add_bound(xp_search_plan *plan, const char *metric, const xp_parameter *limit, bool least) {
  if (limit->given) plan->bounds[plan->settings.nbounds++] = (xp_bound){metric, limit->value, least};
}

static xp_status set_bounds(xp_search_plan *plan, const xp_config *config, xp_error *error) {
  const xp_map *map = limits_of(config);
  plan->bounds = calloc(2 * (size_t)map->count + 1, sizeof *plan->bounds);
  if (!plan->bounds) return xp_error_memory(error, "the limits");
  for (int e = 0; e < map->count; ++e) {
    const xp_limit_options *limit = map->entries[e].values;
    add_bound(plan, map->entries[e].name, &limit->least, true);
    add_bound(plan, map->entries[e].name, &limit->most, false);
  }
  plan->settings.bounds = plan->bounds;
  return XP_OK;
}

xp_status xp_search_plan_read(xp_search_plan *plan, const xp_config *config, xp_report *report, xp_error *error) {
  *plan = (xp_search_plan){.settings = xp_search_settings_default(config->space)};
  set_proposal(&plan->settings.proposal, config);
  set_rules(&plan->settings, config);
  plan->settings.second = second_of(config);
  plan->settings.second_rises = second_of(config) != config->second;
  xp_status status = set_halving(plan, config, error);
  if (status == XP_OK) status = set_bounds(plan, config, error);
  return status == XP_OK ? set_starts(plan, config, report, error) : status;
}

void xp_search_plan_clear(xp_search_plan *plan) {
  free(plan->fidelities);
  free(plan->bounds);
  free(plan->starts);
  *plan = (xp_search_plan){0};
}

/* ---- fingerprint ---- */

static xp_status record_metrics(xp_objective *objective, const xp_config *config, xp_error *error) {
  const xp_map *map = limits_of(config);
  xp_status status = XP_OK;
  if (config->second) status = xp_objective_record(objective, second_of(config), (xp_place){config->path, 0, 0}, error);
  for (int e = 0; e < map->count && status == XP_OK; ++e)
    status = xp_objective_record(objective, map->entries[e].name, map->entries[e].place, error);
  return status;
}

xp_status xp_search_fingerprint(xp_objective *objective, const xp_config *config, char digest[65], xp_error *error) {
  char *text = NULL;
  size_t size = 0;
  xp_status status = record_metrics(objective, config, error);
  if (status != XP_OK) return status;
  FILE *stream = open_memstream(&text, &size);
  if (!stream) return xp_error_memory(error, "the fingerprint");
  status = xp_objective_print_fingerprint(objective, stream, error);
  bool failed = ferror(stream) != 0;
  failed |= fclose(stream) != 0;
  if (status == XP_OK && failed) status = xp_error_memory(error, "the fingerprint");
  if (status == XP_OK) xp_bytes_sha256(text, size, digest);
  free(text);
  return status;
}
