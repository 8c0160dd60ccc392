/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folder of a trial. */
#ifndef XPOT_OPTIMISER_TRIAL_FOLDER_H
#define XPOT_OPTIMISER_TRIAL_FOLDER_H

#include "config/config.h"
#include "report/folder.h"

/* Its path, in folder[XP_FOLDER_PATH]. */
xp_status xp_trial_folder_path(char *folder, const xp_config *config, int number, xp_error *error);

/* Makes it, empty: what a trial that was killed left there is removed. */
xp_status xp_trial_folder_new(char *folder, const xp_config *config, int number, xp_error *error);

/* Removes it with all that is in it; links are not followed. One that is not there is no error. */
xp_status xp_trial_folder_remove(const char *folder, xp_error *error);

/* Path of a file in it, in path[XP_FOLDER_PATH]; folders in its name are made. */
xp_status xp_trial_folder_open(char *path, const char *folder, const char *name, xp_error *error);

/* The last line of NAME.err that is not empty, or else of NAME.out; "" when there is none. Fills text[size]. */
void xp_trial_folder_last_words(const char *folder, const char *name, char *text, size_t size);

#endif
