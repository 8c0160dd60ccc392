/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a coordinator and the processes that make its trials say to each other, a JSON object a line:
 *
 *   {"ready":true}                                     a worker has read its data and waits
 *   {"task":7,"fidelity":1,"values":[4.5,2,null]}      trial 7: the point as numbers, choices by index
 *   {"trial":7,"loss":0.06,"metrics":{...},"seconds":12.5,"peak_memory_mb":310}
 *   {"trial":7,"failed":"reason","metrics":{},"seconds":3,"peak_memory_mb":310}
 *   {"error":2,"message":"sentence"}                   the search must end */
#ifndef XPOT_OPTIMISER_MESSAGE_H
#define XPOT_OPTIMISER_MESSAGE_H

#include "journal/trial.h"
#include "xpot/error.h"

typedef enum xp_message_kind { XP_MESSAGE_READY, XP_MESSAGE_TASK, XP_MESSAGE_RESULT, XP_MESSAGE_ERROR } xp_message_kind;

typedef struct xp_message {
  xp_message_kind kind;
  int number;     /* of the trial, in tasks and results */
  double *values; /* [nvalues] of a task, NaN where inactive; owned */
  int nvalues;
  double fidelity;                /* of a task */
  xp_trial trial;                 /* of a result; owned */
  double seconds, peak_memory_mb; /* of a result */
  xp_error error;                 /* of an error */
} xp_message;

/* The message as a line with its newline. Caller frees. */
xp_status xp_message_text(const xp_message *message, char **text, xp_error *error);

/* Reads a line, with or without its newline. message is empty on error. */
xp_status xp_message_read(xp_message *message, const char *line, xp_error *error);

/* Frees the members and zeroes the struct. */
void xp_message_clear(xp_message *message);

#endif
