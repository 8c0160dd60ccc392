/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder of a trial's own, for the time of the trial. */
#ifndef XPOT_OPTIMISER_SCRATCH_H
#define XPOT_OPTIMISER_SCRATCH_H

#include "report/folder.h"

/* Makes an empty folder for trial number in folder (NULL: the system's folder of temporary files); path[XP_FOLDER_PATH] is
 * absolute. What a killed trial of that number has left there is removed. */
xp_status xp_scratch_make(char *path, const char *folder, int number, xp_error *error);

/* Removes the folder and the files in it. */
void xp_scratch_remove(const char *path);

/* Removes what killed trials have left in a folder, when none runs. */
void xp_scratch_sweep(const char *folder);

#endif
