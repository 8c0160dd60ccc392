/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap/snap_format.h"

#include "locale/locale.h"
#include "snap/snap_keywords.h"
#include "snap/snap_model.h"
#include "snap/snap_parse.h"

bool xp_snap_looks_like_coefficients(const xp_bytes *bytes) {
  xp_snap_lines lines;
  int value;
  xp_snap_lines_start(&lines, bytes);
  return xp_snap_lines_next_data(&lines) && lines.nwords == 2 &&
         xp_snap_word_integer(&lines.words[0], "", &value, NULL) == XP_OK &&
         xp_snap_word_integer(&lines.words[1], "", &value, NULL) == XP_OK;
}

bool xp_snap_looks_like_parameters(const xp_bytes *bytes) {
  xp_snap_lines lines;
  xp_snap_lines_start(&lines, bytes);
  return xp_snap_lines_next_data(&lines) &&
         (xp_snap_keyword_find(&lines.words[0]) >= 0 || xp_snap_word_is(&lines.words[0], "diagonalstyle"));
}

/* The line that says how many elements and coefficients there are. */
static xp_place header_place(const xp_bytes *coefficients) {
  xp_snap_lines lines;
  xp_snap_lines_start(&lines, coefficients);
  return xp_snap_lines_next_data(&lines) ? lines.words[0].place : xp_snap_lines_place(&lines);
}

xp_status xp_snap_parse(xp_snap_model **model, const xp_bytes *coefficients, const xp_bytes *parameters,
                        xp_error *error) {
  XP_LOCALE_PLAIN;
  *model = NULL;
  if (xp_snap_looks_like_parameters(coefficients) && xp_snap_looks_like_coefficients(parameters)) {
    const xp_bytes *swap = coefficients;
    coefficients = parameters;
    parameters = swap;
  }
  xp_snap_model *m = NULL;
  xp_status status = xp_snap_parse_coefficients(&m, coefficients, error);
  if (status == XP_OK) status = xp_snap_parse_parameters(&m->parameters, parameters, error);
  if (status == XP_OK) status = xp_snap_model_check(m, header_place(coefficients), error);
  if (status == XP_OK) status = xp_snap_model_warn(m, error);
  if (status != XP_OK) {
    xp_snap_model_free(m);
    return status;
  }
  *model = m;
  return XP_OK;
}
