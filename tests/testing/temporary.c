/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <unistd.h>

#include "testing/testing.h"

char *xp_test_file_new(const char *text, size_t size) {
  char *path = xp_test_folder_path("/tmp", "xpot-test-XXXXXX");
  int file = mkstemp(path);
  assert_true(file >= 0);
  assert_int_equal(write(file, text, size), size);
  assert_int_equal(close(file), 0);
  return path;
}

void xp_test_file_remove(char *path) {
  assert_true(unlink(path) == 0 || errno == ENOENT);
  free(path);
}

char *xp_test_folder_new(const char *parent) {
  char *folder = xp_test_folder_path(parent, "xpot-test-XXXXXX");
  assert_non_null(mkdtemp(folder));
  return folder;
}

char *xp_test_folder_path(const char *folder, const char *name) {
  size_t size = strlen(folder) + strlen(name) + 2;
  char *path = malloc(size);
  assert_non_null(path);
  snprintf(path, size, "%s/%s", folder, name);
  return path;
}

const char *xp_test_in_folder(const char *folder, const char *name) {
  static char paths[4][512];
  static int next;
  char *path = paths[next++ % 4];
  assert_true(snprintf(path, sizeof paths[0], "%s/%s", folder, name) < (int)sizeof paths[0]);
  return path;
}

void xp_test_folder_remove(char *folder) {
  DIR *entries = opendir(folder);
  assert_non_null(entries);
  for (struct dirent *entry; (entry = readdir(entries));)
    if (entry->d_name[0] != '.') unlink(xp_test_in_folder(folder, entry->d_name));
  closedir(entries);
  xp_test_folder_remove_known(folder, (const char *const[]){NULL});
}

void xp_test_folder_remove_known(char *folder, const char *const *names) {
  for (; *names; ++names) unlink(xp_test_in_folder(folder, *names));
  assert_int_equal(rmdir(folder), 0);
  free(folder);
}
