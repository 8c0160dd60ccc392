/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Some structures of a file, as if the file held no others. */
#ifndef XPOT_OPTIMISER_SELECTION_H
#define XPOT_OPTIMISER_SELECTION_H

#include <stdbool.h>

#include "data/data.h"

/* use[nstructures]. The structures stay those of data, which must outlive the selection. Its checksum is of the file's and of
 * what is selected. XP_ERROR_RANGE when nothing is. */
xp_status xp_data_select(xp_data **selected, const xp_data *data, const bool *use, xp_error *error);

/* NULL is allowed. */
void xp_data_free_selection(xp_data *selected);

#endif
