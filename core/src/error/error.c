/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xpot/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void xp_error_clear(xp_error *error) {
  error->status = XP_OK;
  error->message[0] = '\0';
}

/* Bytes of a broken file may be part of a sentence; a sentence is one printable line. */
static void make_printable(char *text) {
  for (; *text; ++text)
    if ((unsigned char)*text < ' ' || *text == 0x7f) *text = '?';
}

/* prefix and the formatted sentence; composed beside the error because its own message may be among the arguments. */
__attribute__((format(printf, 4, 0))) static xp_status fill(xp_error *error, xp_status status, const char *prefix,
                                                            const char *format, va_list arguments) {
  static const char ellipsis[] = "...";
  if (!error) return status;
  char message[XP_ERROR_SIZE];
  int used = snprintf(message, sizeof message, "%s", prefix);
  if (used < 0 || used >= XP_ERROR_SIZE) used = 0;
  int wanted = vsnprintf(message + used, sizeof message - used, format, arguments);
  if (wanted >= XP_ERROR_SIZE - used) memcpy(message + sizeof message - sizeof ellipsis, ellipsis, sizeof ellipsis);
  make_printable(message);
  error->status = status;
  memcpy(error->message, message, sizeof message);
  return status;
}

xp_status xp_error_set(xp_error *error, xp_status status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fill(error, status, "", format, arguments);
  va_end(arguments);
  return status;
}

xp_status xp_error_at(xp_error *error, xp_place place, const char *format, ...) {
  /* A path may be long; half of the message is left for what went wrong. */
  char prefix[XP_ERROR_SIZE / 2];
  int used = 0;
  prefix[0] = '\0';
  if (place.file) used = snprintf(prefix, sizeof prefix - 64, "%s:", place.file);
  if (used >= (int)sizeof prefix - 64) used = (int)sizeof prefix - 65;
  if (place.file && place.line > 0) used += snprintf(prefix + used, sizeof prefix - used, "%ld:", place.line);
  if (place.file && place.line > 0 && place.column > 0)
    used += snprintf(prefix + used, sizeof prefix - used, "%ld:", place.column);
  if (used > 0) snprintf(prefix + used, sizeof prefix - used, " ");
  va_list arguments;
  va_start(arguments, format);
  fill(error, XP_ERROR_INPUT, prefix, format, arguments);
  va_end(arguments);
  return XP_ERROR_INPUT;
}

xp_status xp_error_memory(xp_error *error, const char *purpose) {
  return xp_error_set(error, XP_ERROR_MEMORY,
                      "out of memory for %s; use a machine with more memory or a smaller system", purpose);
}
