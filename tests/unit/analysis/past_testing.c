/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "past_testing.h"

#include <unistd.h>

char *xp_test_write(const char *text) {
  char *path = strdup("/tmp/xpot-past-XXXXXX");
  int file = mkstemp(path);
  assert_true(file >= 0);
  assert_int_equal(write(file, text, strlen(text)), strlen(text));
  close(file);
  return path;
}

void xp_test_remove(char *path) {
  unlink(path);
  free(path);
}

xp_past *xp_test_past(const char *text) {
  xp_error error = {0};
  xp_past *past = NULL;
  char *path = xp_test_write(text);
  xp_assert_ok(xp_past_read(&past, path, &error), &error);
  xp_test_remove(path);
  return past;
}
