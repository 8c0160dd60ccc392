/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xpot/file.h"

static xp_status refuse(xp_error *error, const char *path, const char *reason) {
  return xp_error_set(error, XP_ERROR_IO, "%s: cannot read this file: %s; check the path and its permissions", path,
                      reason);
}

/* Makes room for at least one byte more than size, and for the final zero. */
static bool grow(xp_bytes *bytes, size_t *capacity) {
  if (bytes->size + 1 < *capacity) return true;
  size_t larger = *capacity * 2;
  char *data = realloc(bytes->data, larger);
  if (!data) return false;
  bytes->data = data;
  *capacity = larger;
  return true;
}

static xp_status read_all(xp_bytes *bytes, int descriptor, size_t expected, xp_error *error) {
  size_t capacity = expected + 2;
  bytes->data = malloc(capacity);
  if (!bytes->data) return xp_error_memory(error, bytes->name);
  for (;;) {
    if (!grow(bytes, &capacity)) return xp_error_memory(error, bytes->name);
    ssize_t got = read(descriptor, bytes->data + bytes->size, capacity - 1 - bytes->size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refuse(error, bytes->name, strerror(errno));
    if (got == 0) break;
    bytes->size += (size_t)got;
  }
  bytes->data[bytes->size] = '\0';
  return XP_OK;
}

xp_status xp_bytes_read(xp_bytes *bytes, const char *path, xp_error *error) {
  xp_status status = XP_OK;
  *bytes = (xp_bytes){0};
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return refuse(error, path, strerror(errno));
  struct stat information;
  if (fstat(descriptor, &information) != 0)
    status = refuse(error, path, strerror(errno));
  else if (S_ISDIR(information.st_mode))
    status = refuse(error, path, "it is a directory");
  else if (!S_ISREG(information.st_mode) && !S_ISFIFO(information.st_mode))
    status = refuse(error, path, "it is neither a regular file nor a pipe");
  if (status != XP_OK) goto done;
  bytes->name = strdup(path);
  if (!bytes->name) {
    status = xp_error_memory(error, path);
    goto done;
  }
  status = read_all(bytes, descriptor, S_ISREG(information.st_mode) ? (size_t)information.st_size : 0, error);
done:
  close(descriptor);
  if (status != XP_OK) xp_bytes_free(bytes);
  return status;
}

xp_status xp_bytes_copy(xp_bytes *bytes, const char *name, const char *data, size_t size, xp_error *error) {
  *bytes = (xp_bytes){.name = strdup(name), .data = malloc(size + 1), .size = size};
  if (!bytes->name || !bytes->data) {
    xp_bytes_free(bytes);
    return xp_error_memory(error, name);
  }
  if (size > 0) memcpy(bytes->data, data, size);
  bytes->data[size] = '\0';
  return XP_OK;
}

void xp_bytes_free(xp_bytes *bytes) {
  free(bytes->name);
  free(bytes->data);
  *bytes = (xp_bytes){0};
}
