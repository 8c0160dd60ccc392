/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors are values with one sentence. Every fallible function takes an xp_error as its last argument, fills it and
 * returns the same status; no function of the library prints, exits or aborts. */
#ifndef XPOT_ERROR_H
#define XPOT_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/* Size of a message with its final zero byte; longer sentences are cut and end in "...". */
#define XP_ERROR_SIZE 1024

typedef enum xp_status {
  XP_OK = 0,
  XP_ERROR_INPUT,  /* what a file or option says is wrong; the message begins with "file:line:column: " where known */
  XP_ERROR_IO,     /* the system refused to open, read, write, sync or rename; the message holds its reason */
  XP_ERROR_MEMORY, /* out of memory */
  XP_ERROR_RANGE,  /* input that is well formed but cannot be evaluated, e.g. two atoms in one place */
  XP_ERROR_NUMERIC /* a factorisation or search broke down on valid input */
} xp_status;

typedef struct xp_error {
  xp_status status;            /* XP_OK until an error is set */
  char message[XP_ERROR_SIZE]; /* one sentence without a final newline: expected, found, what to do */
} xp_error;

/* Place in an input file, for messages. line and column count from 1; 0 means unknown and is not printed. */
typedef struct xp_place {
  const char *file; /* borrowed */
  long line;
  long column;
} xp_place;

/* Empties an error, so that it can be reused. */
void xp_error_clear(xp_error *error);

/* Fills error (NULL is allowed) with a printf-formatted sentence and returns status. */
xp_status xp_error_set(xp_error *error, xp_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As xp_error_set with status XP_ERROR_INPUT, the sentence preceded by "file:line:column: ". */
xp_status xp_error_at(xp_error *error, xp_place place, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* XP_ERROR_MEMORY with a sentence that names what the memory was for. */
xp_status xp_error_memory(xp_error *error, const char *purpose);

#ifdef __cplusplus
}
#endif
#endif
