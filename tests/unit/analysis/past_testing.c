/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "past_testing.h"

#include "testing/temporary.h"

xp_past *xp_test_past(const char *text) {
  xp_error error = {0};
  xp_past *past = NULL;
  char *path = xp_test_file_new(text, strlen(text));
  xp_assert_ok(xp_past_read(&past, path, &error), &error);
  xp_test_file_remove(path);
  return past;
}
