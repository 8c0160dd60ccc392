/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values that stand for those of an input file: of the command line, or of a study that varies them. */
#ifndef XPOT_OPTIMISER_CHANGE_H
#define XPOT_OPTIMISER_CHANGE_H

#include <cjson/cJSON.h>

#include "config/config.h"

/* key: as ranges are named, "potential.twojmax", "embeddings.ALL.ndensity", "weights.Liquid.eweight". value: JSON, or text
 * without quotes. Both borrowed. */
typedef struct xp_change {
  const char *key, *value;
} xp_change;

/* Reads an input as if it had the values of changes[nchanges]. Fewer densities (embeddings.*.ndensity) take the last of
 * fs_parameters with them. */
xp_status xp_config_read_changed(xp_config **config, const char *path, const xp_change *changes, int nchanges,
                                 xp_error *error);

/* Makes the changes in the tree of an input file. */
xp_status xp_changes_make(cJSON *root, const xp_change *changes, int nchanges, xp_error *error);

#endif
