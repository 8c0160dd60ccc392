/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xpot/file.h"

/* Names a killed program may have left in the folder are stepped over. */
enum { NAME_ATTEMPTS = 1000, TEMPORARY_NAME_SIZE = 64, NEW_FILE_MODE = 0666, ACCESS_BITS = 07777 };

struct xp_output {
  FILE *stream;
  char *path;      /* as the caller gave it, for messages */
  char *target;    /* path with symbolic links followed, so that a link stays a link */
  char *folder;    /* of target */
  char *temporary; /* NULL when target is a device or pipe, which is written in place */
};

static void output_free(xp_output *output) {
  free(output->path);
  free(output->target);
  free(output->folder);
  free(output->temporary);
  free(output);
}

static xp_status refuse(xp_error *error, const char *path, int reason) {
  return xp_error_set(error, XP_ERROR_IO, "%s: cannot write this file: %s; %s", path, strerror(reason),
                      reason == ENOSPC || reason == EDQUOT ? "make room on the disk or choose another folder"
                                                           : "check the folder and its permissions");
}

static char *folder_of(const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash) return strdup(".");
  return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

static xp_status check_folder(const xp_output *output, xp_error *error) {
  struct stat information;
  if (stat(output->folder, &information) != 0)
    return errno == ENOENT ? xp_error_set(error, XP_ERROR_IO,
                                          "%s: cannot write this file: there is no folder %s; "
                                          "create it first",
                                          output->path, output->folder)
                           : refuse(error, output->path, errno);
  if (!S_ISDIR(information.st_mode)) return refuse(error, output->path, ENOTDIR);
  return XP_OK;
}

/* A file of a new name in the target's folder; -1 and errno. output->temporary is set in any case. */
static int create_temporary(xp_output *output, size_t size) {
  static atomic_uint counter;
  int descriptor = -1;
  for (int attempt = 0; attempt < NAME_ATTEMPTS; ++attempt) {
    snprintf(output->temporary, size, "%s/.xpot-%ld-%u.tmp", output->folder, (long)getpid(),
             atomic_fetch_add(&counter, 1));
    descriptor = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, NEW_FILE_MODE);
    if (descriptor >= 0 || errno != EEXIST) break;
  }
  return descriptor;
}

/* Opens the temporary file, with the access rights of the file it will replace (NULL: none). */
static xp_status open_temporary(xp_output *output, const struct stat *old, xp_error *error) {
  size_t size = strlen(output->folder) + TEMPORARY_NAME_SIZE;
  output->temporary = malloc(size);
  if (!output->temporary) return xp_error_memory(error, output->path);
  int descriptor = create_temporary(output, size);
  if (descriptor < 0) return refuse(error, output->path, errno);
  if (!old || fchmod(descriptor, old->st_mode & ACCESS_BITS) == 0) output->stream = fdopen(descriptor, "w");
  if (output->stream) return XP_OK;
  int reason = errno;
  close(descriptor);
  unlink(output->temporary);
  return refuse(error, output->path, reason);
}

static xp_status open_stream(xp_output *output, xp_error *error) {
  struct stat old;
  if (stat(output->target, &old) != 0) return open_temporary(output, NULL, error);
  if (S_ISDIR(old.st_mode)) return refuse(error, output->path, EISDIR);
  if (S_ISREG(old.st_mode)) return open_temporary(output, &old, error);
  output->stream = fopen(output->target, "we");
  return output->stream ? XP_OK : refuse(error, output->path, errno);
}

xp_status xp_output_open(xp_output **result, const char *path, xp_error *error) {
  *result = NULL;
  xp_output *output = calloc(1, sizeof *output);
  if (!output) return xp_error_memory(error, path);
  output->path = strdup(path);
  output->target = realpath(path, NULL);
  if (!output->target) output->target = strdup(path);
  output->folder = output->target ? folder_of(output->target) : NULL;
  xp_status status = output->path && output->folder ? XP_OK : xp_error_memory(error, path);
  if (status == XP_OK) status = check_folder(output, error);
  if (status == XP_OK) status = open_stream(output, error);
  if (status != XP_OK) {
    output_free(output);
    return status;
  }
  *result = output;
  return XP_OK;
}

FILE *xp_output_stream(xp_output *output) {
  return output->stream;
}

/* Everything to the disk; 0 or the reason. The stream is closed in any case. */
static int close_stream(xp_output *output) {
  int reason = fflush(output->stream) != 0 ? errno : 0;
  /* A write that failed earlier has taken its reason with it. */
  if (!reason && ferror(output->stream)) reason = EIO;
  if (!reason && output->temporary && fsync(fileno(output->stream)) != 0) reason = errno;
  if (fclose(output->stream) != 0 && !reason) reason = errno;
  output->stream = NULL;
  return reason;
}

/* The new name must survive a power failure too. Some file systems cannot sync a folder and say EINVAL. */
static int sync_folder(const char *folder) {
  int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno == EACCES ? 0 : errno;
  int reason = fsync(descriptor) != 0 && errno != EINVAL ? errno : 0;
  close(descriptor);
  return reason;
}

xp_status xp_output_commit(xp_output *output, xp_error *error) {
  xp_status status = XP_OK;
  int reason = close_stream(output);
  if (!reason && output->temporary && rename(output->temporary, output->target) != 0) reason = errno;
  if (reason) {
    if (output->temporary) unlink(output->temporary);
    status = refuse(error, output->path, reason);
  } else if (output->temporary && (reason = sync_folder(output->folder))) {
    status = refuse(error, output->path, reason);
  }
  output_free(output);
  return status;
}

void xp_output_discard(xp_output *output) {
  if (!output) return;
  fclose(output->stream);
  if (output->temporary) unlink(output->temporary);
  output_free(output);
}

xp_status xp_file_write(const char *path, const void *data, size_t size, xp_error *error) {
  xp_output *output = NULL;
  xp_status status = xp_output_open(&output, path, error);
  if (status != XP_OK) return status;
  if (size > 0) fwrite(data, 1, size, xp_output_stream(output)); /* a failure is noticed at commit */
  return xp_output_commit(output, error);
}
