/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "numpy_archive.h"

#include <stdint.h>

#include "testing/testing.h"

enum { ZIP_VERSION = 45, ARRAY_PREAMBLE = 10, ARRAY_HEADER = 128 };
static const uint32_t LOCAL = 0x04034b50, CENTRAL = 0x02014b50, END = 0x06054b50, ZIP64 = 0xffffffff;

static void put(FILE *out, uint64_t value, int nbytes) {
  for (int b = 0; b < nbytes; ++b) fputc((int)(value >> (8 * b) & 0xff), out);
}

static uint32_t checksum(const unsigned char *bytes, size_t size) {
  uint32_t crc = 0xffffffff;
  for (size_t k = 0; k < size; ++k) {
    crc ^= bytes[k];
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
  }
  return ~crc;
}

/* From the version needed to the checksum; date is 1980-01-01. */
static void put_facts(FILE *out, const numpy_member *m) {
  put(out, ZIP_VERSION, 2);
  put(out, 0, 2); /* flags */
  put(out, 0, 2); /* stored */
  put(out, 0x00210000, 4);
  put(out, checksum(m->bytes, m->size), 4);
}

static void put_local(FILE *out, const numpy_member *m) {
  put(out, LOCAL, 4);
  put_facts(out, m);
  put(out, ZIP64, 4);
  put(out, ZIP64, 4);
  put(out, strlen(m->name), 2);
  put(out, 20, 2);
  fputs(m->name, out);
  put(out, 1, 2); /* the zip64 field: both sizes */
  put(out, 16, 2);
  put(out, m->size, 8);
  put(out, m->size, 8);
  fwrite(m->bytes, 1, m->size, out);
}

static void put_central(FILE *out, const numpy_member *m, long offset) {
  put(out, CENTRAL, 4);
  put(out, ZIP_VERSION | 3 << 8, 2); /* made on Unix */
  put_facts(out, m);
  put(out, m->size, 4);
  put(out, m->size, 4);
  put(out, strlen(m->name), 2);
  put(out, 0, 8); /* no field, no comment, first disk, no attribute */
  put(out, (uint64_t)0600 << 16, 4);
  put(out, (uint64_t)offset, 4);
  fputs(m->name, out);
}

char *numpy_archive(const numpy_member *members, int count, size_t *size) {
  enum { MEMBERS_MAX = 8 };
  char *bytes = NULL;
  long offsets[MEMBERS_MAX];
  FILE *out = open_memstream(&bytes, size);
  assert_non_null(out);
  assert_true(count <= MEMBERS_MAX);
  for (int m = 0; m < count; ++m) {
    offsets[m] = ftell(out);
    put_local(out, &members[m]);
  }
  long start = ftell(out);
  for (int m = 0; m < count; ++m) put_central(out, &members[m], offsets[m]);
  long end = ftell(out);
  put(out, END, 4);
  put(out, 0, 4);
  put(out, (uint64_t)count, 2);
  put(out, (uint64_t)count, 2);
  put(out, (uint64_t)(end - start), 4);
  put(out, (uint64_t)start, 4);
  put(out, 0, 2); /* no comment */
  assert_int_equal(fclose(out), 0);
  return bytes;
}

char *numpy_array(const char *dictionary, const double *numbers, size_t count, size_t *size) {
  char *bytes = NULL;
  FILE *out = open_memstream(&bytes, size);
  assert_non_null(out);
  fputs("\x93NUMPY", out);
  put(out, 1, 2); /* version 1.0 */
  put(out, ARRAY_HEADER - ARRAY_PREAMBLE, 2);
  fprintf(out, "%-*s\n", ARRAY_HEADER - ARRAY_PREAMBLE - 1, dictionary);
  for (size_t k = 0; k < count; ++k) {
    uint64_t bits;
    memcpy(&bits, &numbers[k], sizeof bits);
    put(out, bits, sizeof bits);
  }
  assert_int_equal(fclose(out), 0);
  return bytes;
}
