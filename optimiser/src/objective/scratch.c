/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "scratch-%d"

static void remove_files(const char *path) {
  DIR *folder = opendir(path);
  for (struct dirent *entry; folder && (entry = readdir(folder));) {
    char file[XP_FOLDER_PATH + sizeof entry->d_name];
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
    unlink(file);
  }
  if (folder) closedir(folder);
}

static xp_status make_temporary(char *path, xp_error *error) {
  const char *root = getenv("TMPDIR");
  xp_status status = xp_folder_join(path, root && root[0] == '/' ? root : "/tmp", "xpot-XXXXXX", error);
  if (status != XP_OK || mkdtemp(path)) return status;
  return xp_error_set(error, XP_ERROR_IO, "cannot make the folder %s: %s", path, strerror(errno));
}

xp_status xp_scratch_make(char *path, const char *folder, int number, xp_error *error) {
  if (!folder) return make_temporary(path, error);
  char name[32], *whole = NULL;
  xp_status status = xp_folder_make(folder, error);
  if (status != XP_OK) return status;
  if (!(whole = realpath(folder, NULL)))
    return xp_error_set(error, XP_ERROR_IO, "cannot find the folder %s: %s", folder, strerror(errno));
  snprintf(name, sizeof name, NAME, number);
  status = xp_folder_join(path, whole, name, error);
  free(whole);
  if (status != XP_OK) return status;
  if (mkdir(path, 0777) != 0 && errno != EEXIST)
    return xp_error_set(error, XP_ERROR_IO, "cannot make the folder %s: %s", path, strerror(errno));
  remove_files(path);
  return XP_OK;
}

void xp_scratch_remove(const char *path) {
  remove_files(path);
  rmdir(path);
}

void xp_scratch_sweep(const char *folder) {
  DIR *directory = opendir(folder);
  for (struct dirent *entry; directory && (entry = readdir(directory));) {
    char path[XP_FOLDER_PATH + sizeof entry->d_name];
    int number, end = 0;
    if (sscanf(entry->d_name, NAME "%n", &number, &end) != 1 || entry->d_name[end]) continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    xp_scratch_remove(path);
  }
  if (directory) closedir(directory);
}
