/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What some bytes are, told from their content alone. */
#ifndef XPOT_DETECT_H
#define XPOT_DETECT_H

#include "xpot/file.h"

typedef enum xp_format {
  XP_FORMAT_UNKNOWN,
  XP_FORMAT_EMPTY,  /* nothing but blanks and comments */
  XP_FORMAT_YACE,   /* YAML of the C-tilde basis */
  XP_FORMAT_BBASIS, /* YAML of the B basis */
  XP_FORMAT_ACE,    /* the older text format */
  XP_FORMAT_SNAPCOEFF,
  XP_FORMAT_SNAPPARAM
} xp_format;

xp_format xp_format_detect(const xp_bytes *bytes);

/* "a SNAP coefficient file" and so on, for messages. */
const char *xp_format_name(xp_format format);

#endif
