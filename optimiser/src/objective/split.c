/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/split.h"

#include <math.h>
#include <stdlib.h>

#include "search/random.h"

/* Streams of random numbers apart from those of a search, which are numbered by trials. */
enum { STREAM_FOLDS = 0x10000000, STREAM_HOLDOUT, STREAM_SHARE };

/* Structures of a group in random order, in order[nstructures]; their number. */
static int shuffle_group(int *order, const xp_data *data, int group, xp_random *random) {
  int n = 0;
  for (int s = 0; s < data->set->nstructures; ++s)
    if (data->group[s] == group) order[n++] = s;
  for (int i = n - 1; i > 0; --i) {
    int j = xp_random_below(random, i + 1), other = order[j];
    order[j] = order[i];
    order[i] = other;
  }
  return n;
}

xp_status xp_split_folds(int *fold, const xp_data *data, int nfolds, uint64_t seed, xp_error *error) {
  xp_random random = xp_random_start(seed, STREAM_FOLDS);
  int *order = calloc((size_t)data->set->nstructures, sizeof *order), dealt = 0;
  if (!order) return xp_error_memory(error, "the folds");
  for (int g = 0; g < data->ngroups; ++g) {
    int n = shuffle_group(order, data, g, &random);
    for (int i = 0; i < n; ++i) fold[order[i]] = dealt++ % nfolds;
  }
  free(order);
  return XP_OK;
}

/* The first of every group's random order; how many of n, count says. */
static xp_status take_first(bool *part, const xp_data *data, double share, int (*count)(double share, int n),
                            xp_random random, xp_error *error) {
  int *order = calloc((size_t)data->set->nstructures, sizeof *order);
  if (!order) return xp_error_memory(error, "a part of the data");
  for (int g = 0; g < data->ngroups; ++g) {
    int n = shuffle_group(order, data, g, &random);
    int taken = count(share, n);
    for (int i = 0; i < n; ++i) part[order[i]] = i < taken;
  }
  free(order);
  return XP_OK;
}

static int held_out(double share, int n) {
  int taken = (int)lround(share * n);
  if (taken > n - 1) taken = n - 1;
  return taken < 1 && n > 1 ? 1 : taken;
}

xp_status xp_split_holdout(bool *part, const xp_data *data, double share, uint64_t seed, xp_error *error) {
  return take_first(part, data, share, held_out, xp_random_start(seed, STREAM_HOLDOUT), error);
}

static int rounded_up(double share, int n) {
  return (int)ceil(share * n);
}

xp_status xp_split_share(bool *part, const xp_data *data, double share, uint64_t seed, xp_error *error) {
  return take_first(part, data, share, rounded_up, xp_random_start(seed, STREAM_SHARE), error);
}
