/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "potential/detect.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "snap/snap_format.h"
#include "xpot/ace_basis.h"

static const char *const yace_keys[] = {"elements",  "E0",          "deltaSplineBins", "embeddings", "bonds",
                                        "functions", "polypairpot", "reppot",          "lmax",       NULL};
static const char *const bbasis_keys[] = {"species", "global", "metadata", "auxdata", NULL};

static const char *skip_blanks(const char *text) {
  while (*text == ' ' || *text == '\t' || *text == '\r') ++text;
  return text;
}

static const char *next_line(const char *line) {
  const char *end = strchr(line, '\n');
  return end ? end + 1 : NULL;
}

/* Nothing to read in this line: blank, a comment, or the marks around a YAML document. */
static bool is_idle(const char *line) {
  const char *text = skip_blanks(line);
  return *text == '\0' || *text == '\n' || *text == '#' || *text == '%' || strncmp(line, "---", 3) == 0;
}

/* Whether a line starts with one of the keys, perhaps quoted or in a flow mapping, and a colon. */
static bool starts_with_key(const char *line, const char *const *keys) {
  if (*line == '{') line = skip_blanks(line + 1);
  if (*line == '?') line = skip_blanks(line + 1);
  char quote = *line == '"' || *line == '\'' ? *line++ : '\0';
  for (; *keys; ++keys) {
    size_t length = strlen(*keys);
    if (strncmp(line, *keys, length) != 0) continue;
    const char *rest = line + length;
    if (quote && *rest++ != quote) continue;
    if (*skip_blanks(rest) == ':') return true;
  }
  return false;
}

/* A top-level key decides; keys are looked for in all lines because files may be in any order. */
static xp_format detect_yaml(const char *line) {
  bool yace = false;
  for (; line; line = next_line(line)) {
    if (starts_with_key(line, bbasis_keys)) return XP_FORMAT_BBASIS;
    yace |= starts_with_key(line, yace_keys);
  }
  return yace ? XP_FORMAT_YACE : XP_FORMAT_UNKNOWN;
}

static bool is_ace(const char *line) {
  static const char first_key[] = "nelements";
  const char *text = skip_blanks(line);
  if (strncmp(text, first_key, strlen(first_key)) != 0) return false;
  return *skip_blanks(text + strlen(first_key)) == '=';
}

xp_format xp_format_detect(const xp_bytes *bytes) {
  static const char byte_order_mark[] = "\xef\xbb\xbf";
  const char *line = bytes->data;
  if (strncmp(line, byte_order_mark, strlen(byte_order_mark)) == 0) line += strlen(byte_order_mark);
  while (line && is_idle(line)) line = next_line(line);
  if (!line) return strlen(bytes->data) == bytes->size ? XP_FORMAT_EMPTY : XP_FORMAT_UNKNOWN;
  if (is_ace(line)) return XP_FORMAT_ACE;
  if (xp_snap_looks_like_coefficients(bytes)) return XP_FORMAT_SNAPCOEFF;
  if (xp_snap_looks_like_parameters(bytes)) return XP_FORMAT_SNAPPARAM;
  return detect_yaml(line);
}

bool xp_ace_basis_detect(const xp_bytes *bytes) {
  return xp_format_detect(bytes) == XP_FORMAT_BBASIS;
}

const char *xp_format_name(xp_format format) {
  switch (format) {
  case XP_FORMAT_EMPTY:
    return "an empty file";
  case XP_FORMAT_YACE:
    return "an ACE file (.yace)";
  case XP_FORMAT_BBASIS:
    return "a B-basis file (.yaml)";
  case XP_FORMAT_ACE:
    return "an ACE file of the older text format (.ace)";
  case XP_FORMAT_SNAPCOEFF:
    return "a SNAP coefficient file (.snapcoeff)";
  case XP_FORMAT_SNAPPARAM:
    return "a SNAP parameter file (.snapparam)";
  case XP_FORMAT_UNKNOWN:
    break;
  }
  return "a file of unknown format";
}
