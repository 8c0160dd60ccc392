/* SPDX-License-Identifier: GPL-2.0-or-later */
/* .asi files: zip archives of one ELEMENT.npy an element. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "grade/active_set.h"
#include "grade/npy.h"

static const char SUFFIX[] = ".npy";
/* Archive comment of files whose functions are known to stand in the order of the .yaml. */
static const char COMMENT[] = "xpot active set; functions in the order of the potential file";
/* 1 January 1980, the first day zip archives know: the same numbers are to be the same bytes whenever they are written. */
static const zip_uint16_t DATE = 0x21;
enum { NAME_MAX_LENGTH = 300, ELEMENTS_MAX = 128 };

/* A member as it is in memory. */
typedef struct member {
  char element[sizeof(xp_symbol)];
  unsigned char *bytes; /* owned */
  size_t nbytes;
  xp_npy matrix; /* in bytes */
} member;

typedef struct reader {
  const char *name; /* of the file */
  zip_t *archive;
  member members[ELEMENTS_MAX];
  int nmembers;
} reader;

bool xp_active_set_detect(const xp_bytes *bytes) {
  return bytes->size >= 4 && memcmp(bytes->data, "PK\3\4", 4) == 0;
}

static xp_status damaged(const reader *r, const char *reason, xp_error *error) {
  return xp_error_set(error, XP_ERROR_INPUT,
                      "%s: expected an active set (.asi: a zip archive of one ELEMENT.npy an element): %s; write the "
                      "file again with xpot-opt active",
                      r->name, reason);
}

static xp_status open_archive(reader *r, const xp_bytes *bytes, xp_error *error) {
  zip_error_t problem;
  zip_error_init(&problem);
  zip_source_t *source = zip_source_buffer_create(bytes->data, bytes->size, 0, &problem);
  r->archive = source ? zip_open_from_source(source, ZIP_RDONLY, &problem) : NULL;
  xp_status status = r->archive ? XP_OK : damaged(r, zip_error_strerror(&problem), error);
  if (!r->archive && source) zip_source_free(source);
  zip_error_fini(&problem);
  return status;
}

/* ELEMENT of ELEMENT.npy. */
static bool take_element(const char *name, member *m) {
  size_t length = name ? strlen(name) : 0, suffix = strlen(SUFFIX);
  if (length <= suffix || length - suffix >= sizeof m->element || strcmp(name + length - suffix, SUFFIX) != 0)
    return false;
  memcpy(m->element, name, length - suffix);
  m->element[length - suffix] = '\0';
  return true;
}

static xp_status read_bytes(reader *r, zip_uint64_t index, member *m, xp_error *error) {
  zip_stat_t about;
  const zip_uint64_t most = (zip_uint64_t)XP_NPY_SIZE_MAX * XP_NPY_SIZE_MAX * sizeof(double) + 65536;
  if (zip_stat_index(r->archive, index, 0, &about) != 0 || !(about.valid & ZIP_STAT_SIZE) || about.size > most)
    return damaged(r, "a member has no size or is too large", error);
  m->nbytes = (size_t)about.size;
  m->bytes = malloc(m->nbytes + 1);
  if (!m->bytes) return xp_error_memory(error, r->name);
  unsigned char beyond;
  zip_file_t *file = zip_fopen_index(r->archive, index, 0);
  if (!file) return damaged(r, zip_strerror(r->archive), error);
  zip_int64_t got = zip_fread(file, m->bytes, about.size);
  /* The checksum is compared when the end is met. */
  bool whole = got == (zip_int64_t)about.size && zip_fread(file, &beyond, 1) == 0;
  if (!whole) damaged(r, got < 0 || got == (zip_int64_t)about.size ? zip_file_strerror(file) : "it is cut off", error);
  zip_fclose(file);
  return whole ? XP_OK : XP_ERROR_INPUT;
}

static xp_status read_member(reader *r, zip_uint64_t index, xp_error *error) {
  char name[NAME_MAX_LENGTH];
  member *m = &r->members[r->nmembers++];
  if (!take_element(zip_get_name(r->archive, index, 0), m))
    return damaged(r, "a member is not named ELEMENT.npy", error);
  for (const member *other = r->members; other < m; ++other)
    if (strcmp(other->element, m->element) == 0) return damaged(r, "an element occurs twice", error);
  xp_status status = read_bytes(r, index, m, error);
  snprintf(name, sizeof name, "%s, member %s.npy", r->name, m->element);
  if (status == XP_OK) status = xp_npy_open(&m->matrix, m->bytes, m->nbytes, name, error);
  return status;
}

static xp_status read_members(reader *r, xp_error *error) {
  zip_int64_t count = zip_get_num_entries(r->archive, 0);
  if (count < 1 || count > ELEMENTS_MAX) return damaged(r, "it has no members, or too many", error);
  xp_status status = XP_OK;
  for (zip_int64_t k = 0; k < count && status == XP_OK; ++k) status = read_member(r, (zip_uint64_t)k, error);
  return status;
}

static xp_status check_finite(const reader *r, const xp_active_set *set, xp_error *error) {
  for (int e = 0; e < set->nelements; ++e) {
    const size_t n = (size_t)set->sizes[e];
    for (size_t k = 0; k < n * n; ++k)
      if (!isfinite(set->inverses[e][k]))
        return xp_error_set(error, XP_ERROR_INPUT,
                            "%s, member %s.npy: expected finite numbers, found %g in row %zu, column %zu; write the "
                            "active set again",
                            r->name, set->elements[e], set->inverses[e][k], k / n, k % n);
  }
  return XP_OK;
}

static xp_status make_set(xp_active_set **set, const reader *r, xp_error *error) {
  const char *elements[ELEMENTS_MAX];
  int sizes[ELEMENTS_MAX];
  for (int k = 0; k < r->nmembers; ++k) {
    elements[k] = r->members[k].element;
    sizes[k] = r->members[k].matrix.size;
  }
  xp_status status = xp_active_set_new(set, r->nmembers, elements, sizes, error);
  if (status) return status;
  int length = 0;
  const char *comment = zip_get_archive_comment(r->archive, &length, 0);
  (*set)->ordered = comment && (size_t)length == strlen(COMMENT) && memcmp(comment, COMMENT, strlen(COMMENT)) == 0;
  for (int k = 0; k < r->nmembers; ++k) xp_npy_matrix(&r->members[k].matrix, (*set)->inverses[k]);
  return check_finite(r, *set, error);
}

xp_status xp_active_set_parse(xp_active_set **set, const xp_bytes *bytes, xp_error *error) {
  reader *r = calloc(1, sizeof *r);
  *set = NULL;
  if (!r) return xp_error_memory(error, bytes->name);
  r->name = bytes->name;
  xp_status status = open_archive(r, bytes, error);
  if (status == XP_OK) status = read_members(r, error);
  if (status == XP_OK) status = make_set(set, r, error);
  if (r->archive) zip_discard(r->archive);
  for (int k = 0; k < r->nmembers; ++k) free(r->members[k].bytes);
  free(r);
  if (status == XP_OK) return XP_OK;
  xp_active_set_free(*set);
  *set = NULL;
  return status;
}

/* Header and numbers, little-endian. */
static unsigned char *encode(int size, const double *matrix, size_t *nbytes) {
  size_t count = (size_t)size * (size_t)size;
  unsigned char *bytes = malloc(XP_NPY_HEADER + count * sizeof(double));
  if (!bytes) return NULL;
  unsigned char *to = bytes + xp_npy_header(size, bytes);
  for (size_t k = 0; k < count; ++k) {
    uint64_t bits;
    memcpy(&bits, &matrix[k], sizeof bits);
    for (int b = 0; b < 8; ++b) *to++ = (unsigned char)(bits >> (8 * b));
  }
  *nbytes = (size_t)(to - bytes);
  return bytes;
}

static bool add_member(zip_t *archive, const char *element, int size, const double *matrix) {
  char name[sizeof(xp_symbol) + sizeof SUFFIX];
  size_t nbytes = 0;
  unsigned char *bytes = encode(size, matrix, &nbytes);
  if (!bytes) return false;
  zip_source_t *source = zip_source_buffer(archive, bytes, nbytes, 1); /* frees bytes */
  if (!source) {
    free(bytes);
    return false;
  }
  snprintf(name, sizeof name, "%s%s", element, SUFFIX);
  zip_int64_t index = zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return false;
  }
  return zip_set_file_compression(archive, (zip_uint64_t)index, ZIP_CM_STORE, 0) == 0 &&
         zip_file_set_dostime(archive, (zip_uint64_t)index, 0, DATE, 0) == 0;
}

static bool fill(zip_t *archive, const xp_active_set *set) {
  bool ok = zip_set_archive_comment(archive, COMMENT, (zip_uint16_t)strlen(COMMENT)) == 0;
  for (int e = 0; ok && e < set->nelements; ++e)
    ok = add_member(archive, set->elements[e], set->sizes[e], set->inverses[e]);
  return ok;
}

/* The archive in memory; NULL: no memory. */
static zip_source_t *pack(const xp_active_set *set) {
  zip_source_t *buffer = zip_source_buffer_create(NULL, 0, 0, NULL);
  zip_t *archive = buffer ? zip_open_from_source(buffer, ZIP_TRUNCATE, NULL) : NULL;
  if (!archive) {
    zip_source_free(buffer);
    return NULL;
  }
  zip_source_keep(buffer);
  if (fill(archive, set) && zip_close(archive) == 0) return buffer;
  zip_discard(archive);
  zip_source_free(buffer);
  return NULL;
}

/* Its bytes, which the caller frees. */
static void *read_all(zip_source_t *from, size_t *nbytes) {
  zip_stat_t about;
  if (zip_source_stat(from, &about) != 0 || zip_source_open(from) != 0) return NULL;
  *nbytes = (size_t)about.size;
  void *bytes = malloc(*nbytes + 1);
  bool ok = bytes && zip_source_read(from, bytes, about.size) == (zip_int64_t)about.size;
  zip_source_close(from);
  if (ok) return bytes;
  free(bytes);
  return NULL;
}

xp_status xp_active_set_write(const xp_active_set *set, const char *path, xp_error *error) {
  size_t nbytes = 0;
  zip_source_t *archive = pack(set);
  void *bytes = archive ? read_all(archive, &nbytes) : NULL;
  zip_source_free(archive);
  if (!bytes) return xp_error_memory(error, path);
  xp_status status = xp_file_write(path, bytes, nbytes, error);
  free(bytes);
  return status;
}
