/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static xp_status parse_number(const xp_option *option, const char *text, xp_error *error) {
  char *end = NULL;
  errno = 0;
  double value = strtod(text, &end);
  bool whole = option->type == XP_OPTION_INTEGER;
  bool good = end != text && *end == '\0' && errno == 0 && value >= option->low && value <= option->high;
  if (!good || (whole && value != (double)(int)value))
    return xp_error_set(error, XP_ERROR_INPUT, "%s: expected %s from %g to %g, found '%s'", option->name,
                        whole ? "a whole number" : "a number", option->low, option->high, text);
  if (whole)
    *(int *)option->target = (int)value;
  else
    *(double *)option->target = value;
  return XP_OK;
}

static const xp_option *find(const xp_option *options, int noptions, const char *name) {
  for (int i = 0; i < noptions; ++i)
    if (strcmp(options[i].name, name) == 0) return &options[i];
  return NULL;
}

xp_status xp_options_parse(const xp_option *options, int noptions, int argc, char **argv, const char **operand,
                           xp_error *error) {
  for (int i = 1; i < argc; ++i) {
    const xp_option *option = find(options, noptions, argv[i]);
    if (!option && argv[i][0] != '-' && operand && !*operand) {
      *operand = argv[i];
      continue;
    }
    if (!option) return xp_error_set(error, XP_ERROR_INPUT, "expected an option (see --help), found '%s'", argv[i]);
    if (option->type == XP_OPTION_FLAG) {
      *(bool *)option->target = true;
      continue;
    }
    if (++i == argc) return xp_error_set(error, XP_ERROR_INPUT, "%s: expected %s", option->name, option->operand);
    if (option->type == XP_OPTION_TEXT) {
      *(const char **)option->target = argv[i];
      continue;
    }
    xp_status status = parse_number(option, argv[i], error);
    if (status != XP_OK) return status;
  }
  return XP_OK;
}

void xp_options_print(const xp_option *options, int noptions) {
  for (int i = 0; i < noptions; ++i) {
    char left[64];
    snprintf(left, sizeof left, "%s %s", options[i].name, options[i].operand ? options[i].operand : "");
    printf("  %-28s %s\n", left, options[i].help);
  }
}
