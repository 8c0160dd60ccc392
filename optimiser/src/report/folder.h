/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The output folder and the names in it. */
#ifndef XPOT_OPTIMISER_FOLDER_H
#define XPOT_OPTIMISER_FOLDER_H

#include "xpot/file.h"

/* Longest path of a file in the output folder. */
#define XP_FOLDER_PATH 4096

/* Makes the folder and those above it where absent. */
xp_status xp_folder_make(const char *folder, xp_error *error);

/* folder/name, in path[XP_FOLDER_PATH]. */
xp_status xp_folder_join(char *path, const char *folder, const char *name, xp_error *error);

/* Starts writing folder/name. */
xp_status xp_folder_open(xp_output **output, const char *folder, const char *name, xp_error *error);

#endif
