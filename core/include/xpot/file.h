/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole files in, whole files out. A reader gets all bytes or an error; a writer leaves the complete new file or the old
 * one, never half of it (temporary name in the same folder, sync, rename). */
#ifndef XPOT_FILE_H
#define XPOT_FILE_H

#include <stddef.h>
#include <stdio.h>

#include "xpot/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The bytes of a file. data has one further zero byte behind size, so it can be scanned as a string. */
typedef struct xp_bytes {
  char *name; /* the path as given, for messages; owned */
  char *data; /* owned */
  size_t size;
} xp_bytes;

/* Reads a whole file (a directory or unreadable file is XP_ERROR_IO). On error *bytes is empty. */
xp_status xp_bytes_read(xp_bytes *bytes, const char *path, xp_error *error);

/* Copies size bytes of data under a name, as if read from a file of that name (for bytes that came over MPI). */
xp_status xp_bytes_copy(xp_bytes *bytes, const char *name, const char *data, size_t size, xp_error *error);

/* Frees the members and empties the struct; an empty struct is allowed. */
void xp_bytes_free(xp_bytes *bytes);

/* SHA-256 of size bytes as 64 lower-case hexadecimal digits and a zero byte. */
void xp_bytes_sha256(const void *data, size_t size, char digest[65]);

/* A file being written under a temporary name. */
typedef struct xp_output xp_output;

/* Starts writing PATH; use xp_output_stream to write. */
xp_status xp_output_open(xp_output **output, const char *path, xp_error *error);

/* The stream to print to; valid until commit or discard. Write errors are noticed at commit. */
FILE *xp_output_stream(xp_output *output);

/* Flushes, checks every earlier write, syncs file and folder, renames to the final name, frees output. On error nothing
 * is left behind and an older file of that name is untouched. */
xp_status xp_output_commit(xp_output *output, xp_error *error);

/* Gives up: removes the temporary file and frees output. NULL is allowed. */
void xp_output_discard(xp_output *output);

/* Writes size bytes to PATH by open, write and commit. */
xp_status xp_file_write(const char *path, const void *data, size_t size, xp_error *error);

#ifdef __cplusplus
}
#endif
#endif
