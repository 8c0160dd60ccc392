/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* nftw */
#include "external/trial_folder.h"

#include <ctype.h>
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

xp_status xp_trial_folder_path(char *folder, const xp_config *config, int number, xp_error *error) {
  char name[32];
  snprintf(name, sizeof name, "trials/%d", number);
  return xp_folder_join(folder, config->output, name, error);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *position) {
  (void)info;
  (void)kind;
  (void)position;
  return remove(path);
}

xp_status xp_trial_folder_remove(const char *folder, xp_error *error) {
  enum { DESCRIPTORS = 16 };
  struct stat info;
  if (lstat(folder, &info) != 0) return XP_OK;
  if (nftw(folder, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) == 0) return XP_OK;
  return xp_error_set(error, XP_ERROR_IO, "%s: cannot remove this folder: %s", folder, strerror(errno));
}

xp_status xp_trial_folder_new(char *folder, const xp_config *config, int number, xp_error *error) {
  xp_status status = xp_trial_folder_path(folder, config, number, error);
  if (status == XP_OK) status = xp_trial_folder_remove(folder, error);
  return status == XP_OK ? xp_folder_make(folder, error) : status;
}

xp_status xp_trial_folder_open(char *path, const char *folder, const char *name, xp_error *error) {
  xp_status status = xp_folder_join(path, folder, name, error);
  if (status != XP_OK || !strchr(name, '/')) return status;
  char *slash = strrchr(path, '/');
  *slash = '\0';
  status = xp_folder_make(path, error);
  *slash = '/';
  return status;
}

/* The last line with anything in it of the bytes, in text[size]. */
static void take_last_line(const xp_bytes *bytes, char *text, size_t size) {
  size_t end = bytes->size;
  while (end > 0 && isspace((unsigned char)bytes->data[end - 1])) --end;
  size_t start = end;
  while (start > 0 && bytes->data[start - 1] != '\n') --start;
  snprintf(text, size, "%.*s", (int)(end - start), end > 0 ? bytes->data + start : "");
  for (char *c = text; *c; ++c)
    if (iscntrl((unsigned char)*c)) *c = ' ';
}

void xp_trial_folder_last_words(const char *folder, const char *name, char *text, size_t size) {
  static const char *const endings[] = {"err", "out"};
  text[0] = '\0';
  for (int e = 0; e < 2 && !text[0]; ++e) {
    char file[64], path[XP_FOLDER_PATH];
    xp_bytes bytes = {0};
    xp_error ignored = {0};
    snprintf(file, sizeof file, "%s.%s", name, endings[e]);
    if (xp_folder_join(path, folder, file, &ignored) == XP_OK && xp_bytes_read(&bytes, path, &ignored) == XP_OK)
      take_last_line(&bytes, text, size);
    xp_bytes_free(&bytes);
  }
}
