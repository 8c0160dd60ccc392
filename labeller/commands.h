/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_LABEL_COMMANDS_H
#define XPOT_LABEL_COMMANDS_H

#include "xpot/error.h"

/* The commands of xpot-label. argv[0] is the command's name. --help prints and succeeds. */
xp_status xp_command_make(int argc, char **argv, xp_error *error);
xp_status xp_command_label(int argc, char **argv, xp_error *error);
xp_status xp_command_sample(int argc, char **argv, xp_error *error);

/* Whether "--help" is among the arguments. */
int xp_command_help(int argc, char **argv);

/* "A,B,C" to symbols; returns how many, or -1 with an error. */
int xp_command_elements(char (*symbols)[8], int most, const char *text, const char *option, xp_error *error);

#endif
