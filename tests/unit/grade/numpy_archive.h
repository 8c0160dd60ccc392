/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Zip archives laid out as numpy.savez does: members stored, a zip64 field in front of each. Byte by byte, so that what the
 * library writes is not checked by what wrote it. */
#ifndef XPOT_NUMPY_ARCHIVE_H
#define XPOT_NUMPY_ARCHIVE_H

#include <stddef.h>

typedef struct numpy_member {
  const char *name;
  const void *bytes;
  size_t size;
} numpy_member;

/* The archive; the caller frees it. */
char *numpy_archive(const numpy_member *members, int count, size_t *size);

/* An array file of float64 with the dictionary given; the caller frees it. */
char *numpy_array(const char *dictionary, const double *numbers, size_t count, size_t *size);

#endif
