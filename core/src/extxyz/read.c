/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "extxyz/columns.h"
#include "extxyz/fields.h"
#include "extxyz/labels.h"
#include "locale/locale.h"
#include "xpot/extxyz.h"

/* Bytes of the shortest atom line, "H 0 0 0": an atom count above what the file can hold is refused before memory is. */
enum { SHORTEST_LINE = 7 };

/* A file being read line by line. */
typedef struct reader {
  const char *at, *end;
  xp_place place; /* of the last line taken */
  const xp_extxyz_keys *keys;
  xp_error *error;
} reader;

typedef struct line {
  const char *text;
  size_t size; /* without the line end */
} line;

static bool next_line(reader *r, line *l) {
  if (r->at >= r->end) return false;
  const char *stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
  if (!stop) stop = r->end;
  *l = (line){r->at, (size_t)(stop - r->at)};
  if (l->size > 0 && l->text[l->size - 1] == '\r') --l->size;
  r->at = stop < r->end ? stop + 1 : stop;
  ++r->place.line;
  return true;
}

static bool blank(line l) {
  for (size_t i = 0; i < l.size; ++i)
    if (!isspace((unsigned char)l.text[i])) return false;
  return true;
}

static xp_status read_count(reader *r, line l, int *natoms) {
  char *end;
  errno = 0;
  long count = strtol(l.text, &end, 10);
  line rest = {end, (size_t)(l.text + l.size - end)};
  if (end == l.text || end > l.text + l.size || !blank(rest) || errno || count < 0)
    return xp_error_at(r->error, r->place, "expected the number of atoms of a frame, found '%.*s'",
                       l.size < 40 ? (int)l.size : 40, l.text);
  if (count == 0) return xp_error_at(r->error, r->place, "the frame is empty (0 atoms); remove it");
  if (count > INT_MAX || count > (r->end - r->at) / SHORTEST_LINE + 1)
    return xp_error_at(r->error, r->place,
                       "the frame should have %ld atoms, more than the rest of the file can hold; is it cut short?",
                       count);
  *natoms = (int)count;
  return XP_OK;
}

static xp_status read_atoms(reader *r, const xp_columns *columns, xp_structure *structure) {
  size_t n = (size_t)structure->natoms;
  if (columns->forces >= 0 && !(structure->forces = calloc(n, sizeof *structure->forces)))
    return xp_error_memory(r->error, "forces");
  if (columns->local_energy >= 0 && !(structure->local_energy = calloc(n, sizeof *structure->local_energy)))
    return xp_error_memory(r->error, "local energies");
  if (columns->force_weight >= 0 && !(structure->force_weight = calloc(n, sizeof *structure->force_weight)))
    return xp_error_memory(r->error, "force weights");
  for (int i = 0; i < structure->natoms; ++i) {
    line l;
    if (!next_line(r, &l))
      return xp_error_at(r->error, r->place, "the file ends after %d of the %d atoms of the frame of line %ld", i,
                         structure->natoms, structure->line);
    xp_status status = xp_columns_read(columns, l.text, l.size, structure, i, r->place, r->error);
    if (status != XP_OK) return status;
  }
  return XP_OK;
}

/* Fields, then columns, then atoms, all into a new structure. */
static xp_status read_body(reader *r, line comment, xp_structure *structure) {
  xp_fields fields;
  xp_columns columns;
  xp_status status = xp_fields_parse(&fields, comment.text, comment.size, r->place, r->error);
  if (status != XP_OK) return status;
  xp_field *properties = xp_fields_find(&fields, "Properties");
  if (!properties) properties = xp_fields_find(&fields, "properties");
  status = xp_columns_parse(&columns, &fields, properties, r->keys, r->error);
  if (status == XP_OK) status = xp_labels_apply(&fields, r->keys, structure, r->error);
  if (status == XP_OK) status = read_atoms(r, &columns, structure);
  if (status == XP_OK) status = xp_structure_check(structure, r->error);
  xp_fields_free(&fields);
  return status;
}

static xp_status read_frame(reader *r, line first, xp_structure **result) {
  int natoms = 0;
  line comment;
  xp_structure *structure = NULL;
  xp_status status = read_count(r, first, &natoms);
  if (status != XP_OK) return status;
  status = xp_structure_new(&structure, natoms, r->error);
  if (status != XP_OK) return status;
  structure->line = r->place.line;
  structure->file = strdup(r->place.file);
  if (!structure->file)
    status = xp_error_memory(r->error, "a file name");
  else if (!next_line(r, &comment))
    status = xp_error_at(r->error, r->place,
                         "the file ends after the number of atoms; expected a comment line and %d atoms", natoms);
  else
    status = read_body(r, comment, structure);
  if (status != XP_OK) {
    xp_structure_free(structure);
    return status;
  }
  *result = structure;
  return XP_OK;
}

xp_status xp_extxyz_parse(xp_dataset **result, const xp_bytes *bytes, const xp_extxyz_keys *keys, xp_error *error) {
  XP_LOCALE_PLAIN;
  reader r = {bytes->data, bytes->data + bytes->size, {.file = bytes->name}, keys, error};
  xp_dataset *dataset = NULL;
  line l;
  *result = NULL;
  xp_status status = xp_dataset_new(&dataset, error);
  while (status == XP_OK && next_line(&r, &l)) {
    if (blank(l)) continue;
    xp_structure *structure = NULL;
    status = read_frame(&r, l, &structure);
    if (status == XP_OK) status = xp_dataset_append(dataset, structure, error);
  }
  if (status == XP_OK && dataset->nstructures == 0)
    status =
        xp_error_at(error, (xp_place){.file = bytes->name, .line = 1}, "the file has no frames; expected extended XYZ");
  if (status != XP_OK) {
    xp_dataset_free(dataset);
    return status;
  }
  *result = dataset;
  return XP_OK;
}

xp_status xp_extxyz_read(xp_dataset **dataset, const char *path, const xp_extxyz_keys *keys, xp_error *error) {
  xp_bytes bytes = {0};
  *dataset = NULL;
  xp_status status = xp_bytes_read(&bytes, path, error);
  if (status == XP_OK) status = xp_extxyz_parse(dataset, &bytes, keys, error);
  xp_bytes_free(&bytes);
  return status;
}
