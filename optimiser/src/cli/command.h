/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands of xpot-opt and their command lines. */
#ifndef XPOT_OPTIMISER_COMMAND_H
#define XPOT_OPTIMISER_COMMAND_H

#include <stdbool.h>

#include "config/change.h"
#include "report/report.h"
#include "xpot/error.h"
#include "xpot/extxyz.h"

/* Most flags of a command. */
#define XP_COMMAND_FLAGS 16

typedef struct xp_flag {
  const char *name;     /* "--data" */
  const char *argument; /* "FILE"; NULL when it takes none */
  const char *range;    /* what is allowed and in which unit, for help */
  const char *standard; /* the default, for help */
  const char *help;     /* NULL: not for people, and not shown */
} xp_flag;

typedef struct xp_call xp_call;

typedef struct xp_command {
  const char *name;
  const char *arguments; /* "INPUT" */
  const char *summary;   /* one line */
  const char *details;   /* lines below the options, or NULL */
  bool input_help;       /* --help also lists the keys of an input file */
  int least, most;       /* arguments; most -1: any number */
  const xp_flag *flags;  /* up to the first without a name */
  xp_status (*run)(const xp_call *call, xp_error *error);
} xp_command;

/* A command line that fits its command. */
struct xp_call {
  const xp_command *command;
  const char *values[XP_COMMAND_FLAGS]; /* of each flag; "" for a flag without argument; NULL: not given */
  char **arguments;                     /* [narguments] */
  int narguments;
  const char *line; /* the whole command line, for cards */
};

extern const xp_command xp_command_init, xp_command_check, xp_command_fit, xp_command_evaluate, xp_command_search,
    xp_command_upfit, xp_command_info, xp_command_convert, xp_command_report, xp_command_ablate, xp_command_survive,
    xp_command_active, xp_command_grade;

/* Value of a flag, NULL when it was not given. name is one of the command's. */
const char *xp_call_value(const xp_call *call, const char *name);

/* A whole number, or standard when the flag was not given. */
xp_status xp_call_integer(const xp_call *call, const char *name, int low, int high, int standard, int *value,
                          xp_error *error);

/* What --threads of a command without an input file says, as a number of threads. */
xp_status xp_call_threads(const xp_call *call, int *threads, xp_error *error);

/* Data and potentials are not to be lost by a slip of the hand: an error when a file that one of the options (up to NULL) names
 * for output is that of --data or an argument, or when two of them name the same. */
xp_status xp_call_check_outputs(const xp_call *call, const char *const *options, xp_error *error);

/* The input of a command and what its flags --output, --threads, --kappa, --iterations replace. */
xp_status xp_call_config(const xp_call *call, xp_config **config, xp_error *error);

/* The same as if the input had the values of changes. */
xp_status xp_call_config_changed(const xp_call *call, const xp_change *changes, int nchanges, xp_config **config,
                                 xp_error *error);

/* Runs the program; the exit status. */
int xp_command_main(int argc, char **argv);

/* Makes the linear-algebra library choose code for this processor: it knows processors by name only and takes code of the
 * year 2004 for one that is newer than itself. May replace the running program by itself, once. */
void xp_blas_prepare(char **argv);

#endif
