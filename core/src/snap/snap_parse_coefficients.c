/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "snap/snap_lines.h"
#include "snap/snap_parse.h"

/* Name of a number in messages. */
enum { NAME_SIZE = 64 };

static size_t count_lines(const xp_bytes *bytes) {
  size_t count = 1;
  for (size_t i = 0; i < bytes->size; ++i) count += bytes->data[i] == '\n';
  return count;
}

/* "nelements ncoeff": the first line that holds data. */
static xp_status parse_header(xp_snap_lines *lines, xp_snap_model **model, xp_error *error) {
  const xp_bytes *bytes = lines->bytes;
  int nelements = 0, ncoeff = 0;
  if (!xp_snap_lines_next_data(lines))
    return xp_error_at(error, (xp_place){.file = bytes->name, .line = 1},
                       "expected the number of elements and of coefficients, found no data at all");
  const xp_snap_word *words = lines->words;
  if (lines->nwords != 2)
    return xp_error_at(error, words[0].place,
                       "expected two integers, the number of elements and of coefficients, found %d words",
                       lines->nwords);
  xp_status status = xp_snap_word_integer(&words[0], "number of elements", &nelements, error);
  if (status == XP_OK) status = xp_snap_word_integer(&words[1], "number of coefficients", &ncoeff, error);
  if (status != XP_OK) return status;
  if (nelements < 1 || ncoeff < 1)
    return xp_error_at(error, words[0].place,
                       "expected at least one element and one coefficient, found %d elements and %d coefficients",
                       nelements, ncoeff);
  size_t available = count_lines(bytes), needed = (size_t)nelements * ((size_t)ncoeff + 1);
  if (needed > available)
    return xp_error_at(error, words[0].place,
                       "%d element%s of %d coefficients need %zu further lines, but the whole file has %zu: it is "
                       "truncated, or this line is wrong",
                       nelements, nelements == 1 ? "" : "s", ncoeff, needed, available);
  return xp_snap_model_new(model, nelements, ncoeff, error);
}

/* The next line of a block, where LAMMPS allows neither blank nor comment lines. */
static xp_status next_line(xp_snap_lines *lines, int nwords, const char *what, xp_error *error) {
  if (!xp_snap_lines_next(lines))
    return xp_error_at(error, xp_snap_lines_place(lines), "the file ends before %s: it is truncated", what);
  if (lines->nwords == nwords) return XP_OK;
  if (lines->nwords == 0)
    return xp_error_at(error, xp_snap_lines_place(lines),
                       "expected %s, found an empty line or a comment, which blocks of coefficients must not contain",
                       what);
  return xp_error_at(error, lines->words[0].place, "expected %s, found %d words", what, lines->nwords);
}

static xp_status parse_element_line(xp_snap_lines *lines, xp_snap_model *model, int index, xp_error *error) {
  char what[NAME_SIZE];
  xp_snap_element *element = &model->elements[index];
  snprintf(what, sizeof what, "name, radius and weight of element %d", index + 1);
  xp_status status = next_line(lines, 3, what, error);
  if (status != XP_OK) return status;
  const xp_snap_word *name = &lines->words[0];
  if (name->size >= XP_SYMBOL_SIZE)
    return xp_error_at(error, name->place, "the element name \"%.*s\" is longer than %d characters", name->size,
                       name->text, XP_SYMBOL_SIZE - 1);
  memcpy(element->symbol, name->text, (size_t)name->size);
  for (int other = 0; other < index; ++other)
    if (strcmp(element->symbol, model->elements[other].symbol) == 0)
      return xp_error_at(error, name->place, "a second block of coefficients for %s: remove one", element->symbol);
  status = xp_snap_word_real(&lines->words[1], "radius", &element->radelem, error);
  if (status == XP_OK && element->radelem <= 0.0)
    status = xp_error_at(error, lines->words[1].place, "the radius of %s is %g, expected a number above 0, usually 0.5",
                         element->symbol, element->radelem);
  return status == XP_OK ? xp_snap_word_real(&lines->words[2], "weight", &element->wj, error) : status;
}

static xp_status parse_block(xp_snap_lines *lines, xp_snap_model *model, int index, xp_error *error) {
  xp_status status = parse_element_line(lines, model, index, error);
  for (int k = 0; k < model->ncoeff && status == XP_OK; ++k) {
    char what[NAME_SIZE];
    snprintf(what, sizeof what, "coefficient %d of %d of %s", k + 1, model->ncoeff, model->elements[index].symbol);
    status = next_line(lines, 1, what, error);
    if (status == XP_OK)
      status = xp_snap_word_real(&lines->words[0], what, &model->elements[index].coefficients[k], error);
  }
  return status;
}

xp_status xp_snap_parse_coefficients(xp_snap_model **model, const xp_bytes *bytes, xp_error *error) {
  xp_snap_lines lines;
  *model = NULL;
  xp_snap_lines_start(&lines, bytes);
  xp_status status = parse_header(&lines, model, error);
  for (int i = 0; status == XP_OK && i < (*model)->nelements; ++i) status = parse_block(&lines, *model, i, error);
  if (status == XP_OK) return XP_OK;
  xp_snap_model_free(*model);
  *model = NULL;
  return status;
}
