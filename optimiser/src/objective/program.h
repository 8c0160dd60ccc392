/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs of a user that a trial runs. */
#ifndef XPOT_OPTIMISER_PROGRAM_H
#define XPOT_OPTIMISER_PROGRAM_H

#include <stddef.h>

#include "xpot/error.h"

/* Runs a shell command with one more argument (NULL: none) in a folder (NULL: this one) and reads the first size - 1 bytes of
 * its standard output; what it says beyond is read and dropped. *exit_status: that of the command, 128 + n when signal n ended
 * it, as a shell has it. XP_ERROR_IO only when it cannot be started. It ends with this process. */
xp_status xp_program_run(const char *command, const char *argument, const char *folder, char *output, size_t size,
                         int *exit_status, xp_error *error);

#endif
