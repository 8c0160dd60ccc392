/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grade/npy.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char MAGIC[6] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
enum { VERSION = 6, LENGTH = 8, DICTIONARY_OF_1 = 10, DICTIONARY_OF_2 = 12, DICTIONARY_MAX = 4096 };

/* The Python dictionary of a header. */
typedef struct dictionary {
  size_t first, end; /* in the bytes */
} dictionary;

static bool find_dictionary(const unsigned char *bytes, size_t nbytes, dictionary *d) {
  if (nbytes < DICTIONARY_OF_2 || memcmp(bytes, MAGIC, sizeof MAGIC) != 0) return false;
  size_t length = bytes[LENGTH] | (size_t)bytes[LENGTH + 1] << 8;
  d->first = DICTIONARY_OF_1;
  if (bytes[VERSION] >= 2) {
    length |= (size_t)bytes[LENGTH + 2] << 16 | (size_t)bytes[LENGTH + 3] << 24;
    d->first = DICTIONARY_OF_2;
  }
  d->end = d->first + length;
  return length <= DICTIONARY_MAX && d->end <= nbytes;
}

/* What stands behind 'key': in the dictionary, blanks skipped; "" when there is no such key. */
static const char *value_of(const char *text, const char *key) {
  const char *at = strstr(text, key);
  if (!at) return "";
  at += strlen(key);
  return at + strspn(at, "'\": ");
}

static bool is_square(const char *shape, int *size) {
  char *end;
  if (*shape != '(') return false;
  long rows = strtol(shape + 1, &end, 10);
  if (*end != ',') return false;
  long columns = strtol(end + 1, &end, 10);
  end += strspn(end, " ,");
  *size = (int)rows;
  return *end == ')' && rows == columns && rows >= 0 && rows <= XP_NPY_SIZE_MAX;
}

static xp_status check(const char *text, const char *name, int *size, xp_error *error) {
  const char *type = value_of(text, "'descr'"), *shape = value_of(text, "'shape'");
  if (strncmp(type, "<f8'", 4) != 0)
    return xp_error_set(error, XP_ERROR_INPUT,
                        "%s: expected little-endian float64 ('<f8'), found '%.*s'; write the active set again", name,
                        (int)strcspn(type, "'\","), type);
  if (!is_square(shape, size))
    return xp_error_set(error, XP_ERROR_INPUT,
                        "%s: expected a square matrix of at most %d rows, found the shape %.*s; write the active set "
                        "again",
                        name, XP_NPY_SIZE_MAX, (int)strcspn(shape, "}"), shape);
  return XP_OK;
}

xp_status xp_npy_open(xp_npy *npy, const unsigned char *bytes, size_t nbytes, const char *name, xp_error *error) {
  dictionary d = {0, 0};
  char text[DICTIONARY_MAX + 1];
  if (!find_dictionary(bytes, nbytes, &d))
    return xp_error_set(error, XP_ERROR_INPUT,
                        "%s: expected a NumPy array (.npy), found something else; the file is damaged or no active set",
                        name);
  memcpy(text, bytes + d.first, d.end - d.first);
  text[d.end - d.first] = '\0';
  xp_status status = check(text, name, &npy->size, error);
  size_t wanted = (size_t)npy->size * (size_t)npy->size * sizeof(double);
  if (status == XP_OK && nbytes - d.end != wanted)
    status = xp_error_set(error, XP_ERROR_INPUT,
                          "%s: expected %zu bytes of numbers (%d x %d), found %zu; the file is damaged", name, wanted,
                          npy->size, npy->size, nbytes - d.end);
  npy->columns_first = strncmp(value_of(text, "'fortran_order'"), "True", 4) == 0;
  npy->start = bytes + d.end;
  return status;
}

/* From little-endian bytes, whatever the processor. */
static double number(const unsigned char *bytes) {
  uint64_t bits = 0;
  double value;
  for (int b = 7; b >= 0; --b) bits = bits << 8 | bytes[b];
  memcpy(&value, &bits, sizeof value);
  return value;
}

void xp_npy_matrix(const xp_npy *npy, double *matrix) {
  const size_t n = (size_t)npy->size;
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j < n; ++j) {
      size_t at = npy->columns_first ? j * n + i : i * n + j;
      matrix[i * n + j] = number(npy->start + at * sizeof(double));
    }
}

size_t xp_npy_header(int size, unsigned char header[XP_NPY_HEADER]) {
  char text[XP_NPY_HEADER];
  int length = snprintf(text, sizeof text, "{'descr': '<f8', 'fortran_order': False, 'shape': (%d, %d), }", size, size);
  memset(header, ' ', XP_NPY_HEADER);
  memcpy(header, MAGIC, sizeof MAGIC);
  header[VERSION] = 1;
  header[VERSION + 1] = 0;
  header[LENGTH] = XP_NPY_HEADER - DICTIONARY_OF_1;
  header[LENGTH + 1] = 0;
  memcpy(header + DICTIONARY_OF_1, text, (size_t)length);
  header[XP_NPY_HEADER - 1] = '\n';
  return XP_NPY_HEADER;
}
