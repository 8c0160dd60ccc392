/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static xp_status make(const char *folder, xp_error *error) {
  struct stat info;
  if (mkdir(folder, 0777) == 0) return XP_OK;
  int reason = errno;
  if (reason == EEXIST && stat(folder, &info) == 0 && S_ISDIR(info.st_mode)) return XP_OK;
  return xp_error_set(error, XP_ERROR_IO, "%s: cannot make this folder: %s", folder,
                      reason == EEXIST ? "a file of that name is in the way" : strerror(reason));
}

xp_status xp_folder_make(const char *folder, xp_error *error) {
  char path[XP_FOLDER_PATH];
  xp_status status = xp_folder_join(path, folder, "", error);
  for (char *slash = strchr(path + 1, '/'); slash && status == XP_OK; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    status = make(path, error);
    *slash = '/';
  }
  if (status == XP_OK && access(folder, W_OK | X_OK) != 0)
    return xp_error_set(error, XP_ERROR_IO, "%s: cannot write into this folder: %s; give another output folder", folder,
                        strerror(errno));
  return status;
}

xp_status xp_folder_join(char *path, const char *folder, const char *name, xp_error *error) {
  int length = snprintf(path, XP_FOLDER_PATH, "%s/%s", folder, name);
  if (length < XP_FOLDER_PATH) return XP_OK;
  return xp_error_set(error, XP_ERROR_IO, "%.200s...: the path is longer than %d characters", folder, XP_FOLDER_PATH);
}

xp_status xp_folder_open(xp_output **output, const char *folder, const char *name, xp_error *error) {
  char path[XP_FOLDER_PATH];
  xp_status status = xp_folder_join(path, folder, name, error);
  return status == XP_OK ? xp_output_open(output, path, error) : status;
}
