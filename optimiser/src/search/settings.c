/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "search/proposal.h"
#include "space/number.h"

/* JSON holds no larger whole number exactly. */
static const uint64_t LARGEST_SEED = (uint64_t)1 << 53;

static const char *const DESIGNS[] = {"hammersley", "sobol", "latin", "halton", "random", "plain_hammersley"};
static const char *const KERNELS[] = {"matern52", "matern32", "matern12"};
static const char *const ACQUISITIONS[] = {"log_ei", "ei", "pi", "lcb", "hedge"};

xp_proposal_settings xp_proposal_settings_default(const xp_space *space) {
  return (xp_proposal_settings){.initial = 2 * (xp_space_count(space) + 1), .seed = 42, .xi = 0.1, .kappa = 1.96};
}

xp_status xp_proposal_settings_check(const xp_proposal_settings *settings, xp_error *error) {
  if (settings->initial < 1)
    return xp_error_set(error, XP_ERROR_INPUT, "expected at least 1 initial point, found %d", settings->initial);
  if (settings->seed > LARGEST_SEED)
    return xp_error_set(error, XP_ERROR_INPUT, "expected a seed of at most 2^53, found %llu",
                        (unsigned long long)settings->seed);
  if (!(settings->xi >= 0.0) || isinf(settings->xi))
    return xp_error_set(error, XP_ERROR_INPUT, "expected xi of 0 or more, found %g", settings->xi);
  if (!(settings->kappa >= 0.0) || isinf(settings->kappa))
    return xp_error_set(error, XP_ERROR_INPUT, "expected kappa of 0 or more, found %g", settings->kappa);
  return XP_OK;
}

static bool add_starts(cJSON *object, const xp_proposal_settings *settings, int ndims) {
  cJSON *starts = cJSON_AddArrayToObject(object, "starts");
  bool complete = starts;
  for (int start = 0; complete && start < settings->nstarts; ++start) {
    cJSON *point = cJSON_CreateArray();
    complete = point && cJSON_AddItemToArray(starts, point);
    for (int d = 0; complete && d < ndims; ++d) {
      char number[XP_NUMBER_SIZE];
      xp_number_format(settings->starts[start * ndims + d], number);
      cJSON *item = cJSON_CreateRaw(number);
      complete = item && cJSON_AddItemToArray(point, item);
    }
  }
  return complete;
}

static bool add_all(cJSON *object, const xp_proposal_settings *settings, int ndims) {
  return xp_number_add(object, "initial", settings->initial) && xp_number_add(object, "seed", (double)settings->seed) &&
         cJSON_AddStringToObject(object, "design", DESIGNS[settings->design]) &&
         cJSON_AddStringToObject(object, "kernel", KERNELS[settings->kernel]) &&
         cJSON_AddStringToObject(object, "acquisition", ACQUISITIONS[settings->acquisition]) &&
         xp_number_add(object, "xi", settings->xi) && xp_number_add(object, "kappa", settings->kappa) &&
         cJSON_AddBoolToObject(object, "second", settings->second) &&
         xp_number_add(object, "limits", settings->nlimits) &&
         cJSON_AddBoolToObject(object, "fidelity", settings->fidelity) && add_starts(object, settings, ndims);
}

xp_status xp_proposal_settings_text(const xp_proposal_settings *settings, const xp_space *space, char **text,
                                    xp_error *error) {
  *text = NULL;
  cJSON *object = cJSON_CreateObject();
  if (object && add_all(object, settings, xp_space_count(space))) *text = cJSON_PrintUnformatted(object);
  cJSON_Delete(object);
  return *text ? XP_OK : xp_error_memory(error, "the text of the settings of the search");
}
