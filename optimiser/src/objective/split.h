/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random parts of a set that have their share of every config_type. They depend on the data and the seed alone. */
#ifndef XPOT_OPTIMISER_SPLIT_H
#define XPOT_OPTIMISER_SPLIT_H

#include <stdbool.h>
#include <stdint.h>

#include "data/data.h"

/* fold[nstructures], from 0: the structures of a config_type are dealt out one by one, and the next config_type goes on where
 * it ended, so that sizes of folds differ by one at most. */
xp_status xp_split_folds(int *fold, const xp_data *data, int nfolds, uint64_t seed, xp_error *error);

/* part[nstructures]: the share of each config_type, rounded, but at least one structure and not all of those with more than
 * one; none of those with only one. */
xp_status xp_split_holdout(bool *part, const xp_data *data, double share, uint64_t seed, xp_error *error);

/* part[nstructures]: the share of each config_type, rounded up. A smaller share is part of a larger one. */
xp_status xp_split_share(bool *part, const xp_data *data, double share, uint64_t seed, xp_error *error);

#endif
