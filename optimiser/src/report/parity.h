/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parity data: every label beside its prediction, for plots. */
#ifndef XPOT_OPTIMISER_PARITY_H
#define XPOT_OPTIMISER_PARITY_H

#include "data/data.h"

/* Writes a table (CSV): what ("energy" an atom, eV; "force", eV/Angstrom; "virial" an atom, eV), structure and atom from 1,
 * component, config_type, reference, predicted. predicted[nstructures]. */
xp_status xp_parity_write(const char *path, const xp_data *data, xp_structure *const *predicted, xp_error *error);

#endif
