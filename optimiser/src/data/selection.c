/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/selection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xpot/file.h"

/* Of the checksum of the file and the numbers of the structures. */
static xp_status find_checksum(xp_data *selected, const xp_data *data, const bool *use, xp_error *error) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (!stream) return xp_error_memory(error, "the checksum of the data");
  fprintf(stream, "%s", data->sha256);
  for (int s = 0; s < data->set->nstructures; ++s)
    if (use[s]) fprintf(stream, " %d", s);
  bool failed = ferror(stream) != 0;
  failed |= fclose(stream) != 0;
  if (!failed) xp_bytes_sha256(text, size, selected->sha256);
  free(text);
  return failed ? xp_error_memory(error, "the checksum of the data") : XP_OK;
}

static xp_status fill(xp_data *selected, const xp_data *data, const bool *use, xp_error *error) {
  xp_status status = xp_dataset_new(&selected->set, error);
  if (status != XP_OK) return status;
  selected->path = strdup(data->path);
  selected->set->structures = calloc((size_t)data->set->nstructures, sizeof(xp_structure *));
  if (!selected->path || !selected->set->structures) return xp_error_memory(error, "the data");
  for (int s = 0; s < data->set->nstructures; ++s)
    if (use[s]) selected->set->structures[selected->set->nstructures++] = data->set->structures[s];
  if (selected->set->nstructures == 0)
    return xp_error_set(error, XP_ERROR_RANGE, "no structure of %s is left to fit to", data->path);
  status = xp_data_describe(selected, error);
  return status == XP_OK ? find_checksum(selected, data, use, error) : status;
}

xp_status xp_data_select(xp_data **selected, const xp_data *data, const bool *use, xp_error *error) {
  *selected = NULL;
  xp_data *new = calloc(1, sizeof *new);
  if (!new) return xp_error_memory(error, "the data");
  xp_status status = fill(new, data, use, error);
  if (status == XP_OK)
    *selected = new;
  else
    xp_data_free_selection(new);
  return status;
}

void xp_data_free_selection(xp_data *selected) {
  if (!selected) return;
  if (selected->set) selected->set->nstructures = 0; /* the structures belong to the data they were selected from */
  xp_data_free(selected);
}
