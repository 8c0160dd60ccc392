/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/ablation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/card.h"
#include "report/folder.h"
#include "report/table.h"
#include "space/number.h"
#include "xpot/file.h"

#define STATE_FILE "ablation.json"

static const char *const NAMES[XP_ABLATION_NUMBERS] = {"loss",
                                                       "energy_rmse_mev_per_atom",
                                                       "energy_mae_mev_per_atom",
                                                       "force_rmse_ev_per_ang",
                                                       "force_mae_ev_per_ang",
                                                       "survival",
                                                       "us_per_atom"};

const char *xp_ablation_name(xp_ablation_number number) {
  return NAMES[number];
}

xp_status xp_ablation_add(xp_ablation *ablation, const char *change, const char *value, xp_error *error) {
  size_t size = (size_t)(ablation->count + 1) * sizeof *ablation->rows;
  xp_ablation_row *rows = realloc(ablation->rows, size);
  if (!rows) return xp_error_memory(error, "the ablation study");
  ablation->rows = rows;
  xp_ablation_row *row = &rows[ablation->count++];
  *row = (xp_ablation_row){.change = strdup(change), .value = strdup(value)};
  for (int n = 0; n < XP_ABLATION_NUMBERS; ++n) row->numbers[n] = NAN;
  return row->change && row->value ? XP_OK : xp_error_memory(error, "the ablation study");
}

void xp_ablation_clear(xp_ablation *ablation) {
  for (int r = 0; r < ablation->count; ++r) {
    free(ablation->rows[r].change);
    free(ablation->rows[r].value);
    free(ablation->rows[r].failed);
  }
  free(ablation->rows);
  *ablation = (xp_ablation){0};
}

const xp_ablation_row *xp_ablation_find(const xp_ablation *ablation, const char *checksum) {
  for (int r = 0; r < ablation->count; ++r)
    if (strcmp(ablation->rows[r].checksum, checksum) == 0) return &ablation->rows[r];
  return NULL;
}

xp_status xp_ablation_copy_result(xp_ablation_row *to, const xp_ablation_row *from, xp_error *error) {
  memcpy(to->numbers, from->numbers, sizeof to->numbers);
  memcpy(to->checksum, from->checksum, sizeof to->checksum);
  free(to->failed);
  to->failed = from->failed ? strdup(from->failed) : NULL;
  return from->failed && !to->failed ? xp_error_memory(error, "the ablation study") : XP_OK;
}

/* ---- the file that is read again ---- */

static const char *text_of(const cJSON *object, const char *key) {
  return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static xp_status read_row(xp_ablation *ablation, const cJSON *object, const char *path, xp_error *error) {
  const char *change = text_of(object, "change"), *value = text_of(object, "value"),
             *failed = text_of(object, "failed");
  const char *checksum = text_of(object, "checksum");
  if (!change || !value || !checksum || strlen(checksum) != 64)
    return xp_error_at(error, (xp_place){path, 0, 0},
                       "expected rows with change, value and checksum as xpot-opt ablate writes them, found another; "
                       "restore the file from a copy or remove it, and all rows are fitted again");
  xp_status status = xp_ablation_add(ablation, change, value, error);
  if (status != XP_OK) return status;
  xp_ablation_row *row = &ablation->rows[ablation->count - 1];
  memcpy(row->checksum, checksum, sizeof row->checksum);
  for (int n = 0; n < XP_ABLATION_NUMBERS; ++n) {
    const cJSON *number = cJSON_GetObjectItemCaseSensitive(object, NAMES[n]);
    if (cJSON_IsNumber(number)) row->numbers[n] = number->valuedouble;
  }
  if (failed && !(row->failed = strdup(failed))) return xp_error_memory(error, "the ablation study");
  return XP_OK;
}

xp_status xp_ablation_read(xp_ablation *ablation, const char *folder, xp_error *error) {
  char path[XP_FOLDER_PATH];
  xp_bytes bytes = {0};
  *ablation = (xp_ablation){0};
  xp_status status = xp_folder_join(path, folder, STATE_FILE, error);
  if (status != XP_OK || access(path, F_OK) != 0) return status;
  status = xp_bytes_read(&bytes, path, error);
  cJSON *root = status == XP_OK ? cJSON_ParseWithLength(bytes.data, bytes.size) : NULL;
  const cJSON *rows = cJSON_GetObjectItemCaseSensitive(root, "rows"), *object;
  if (status == XP_OK && !cJSON_IsArray(rows)) status = read_row(ablation, NULL, path, error);
  cJSON_ArrayForEach(object, rows) if (status == XP_OK) status = read_row(ablation, object, path, error);
  cJSON_Delete(root);
  xp_bytes_free(&bytes);
  if (status != XP_OK) xp_ablation_clear(ablation);
  return status;
}

static void add_row(cJSON *rows, const xp_ablation_row *row) {
  cJSON *object = cJSON_CreateObject();
  cJSON_AddStringToObject(object, "change", row->change);
  cJSON_AddStringToObject(object, "value", row->value);
  for (int n = 0; n < XP_ABLATION_NUMBERS; ++n)
    if (isfinite(row->numbers[n])) xp_number_add(object, NAMES[n], row->numbers[n]);
  if (row->failed) cJSON_AddStringToObject(object, "failed", row->failed);
  cJSON_AddStringToObject(object, "checksum", row->checksum);
  cJSON_AddItemToArray(rows, object);
}

static xp_status write_state(const xp_ablation *ablation, const xp_ablation *before, const char *path,
                             xp_error *error) {
  cJSON *root = cJSON_CreateObject(), *rows = cJSON_AddArrayToObject(root, "rows");
  for (int r = 0; r < ablation->count; ++r)
    if (ablation->rows[r].checksum[0]) add_row(rows, &ablation->rows[r]);
  for (int r = 0; r < before->count; ++r)
    if (!xp_ablation_find(ablation, before->rows[r].checksum)) add_row(rows, &before->rows[r]);
  return xp_json_write(root, path, error);
}

/* ---- tables ---- */

/* Cost of the reference over that of a row. */
static double speed(const xp_ablation *ablation, const xp_ablation_row *row) {
  return ablation->rows[0].numbers[XP_ABLATION_COST] / row->numbers[XP_ABLATION_COST];
}

static const char *name_of(const xp_ablation_row *row) {
  return row->change[0] ? row->change : "reference";
}

static void print_csv(const xp_ablation *ablation, FILE *stream) {
  fprintf(stream, "change,value");
  for (int n = 0; n < XP_ABLATION_NUMBERS; ++n) fprintf(stream, ",%s", NAMES[n]);
  fprintf(stream, ",relative_speed,failed\n");
  for (int r = 0; r < ablation->count; ++r) {
    const xp_ablation_row *row = &ablation->rows[r];
    if (!row->checksum[0]) continue;
    xp_table_print_text(stream, name_of(row));
    fputc(',', stream);
    xp_table_print_text(stream, row->value);
    for (int n = 0; n < XP_ABLATION_NUMBERS; ++n) {
      fputc(',', stream);
      xp_table_print_number(stream, row->numbers[n]);
    }
    fputc(',', stream);
    if (isfinite(speed(ablation, row))) fprintf(stream, "%.3f", speed(ablation, row));
    fputc(',', stream);
    xp_table_print_text(stream, row->failed ? row->failed : "");
    fputc('\n', stream);
  }
}

static void print_cell(FILE *stream, const char *format, double number) {
  fprintf(stream, " ");
  if (isfinite(number))
    fprintf(stream, format, number);
  else
    fprintf(stream, "-");
  fprintf(stream, " |");
}

void xp_ablation_print(const xp_ablation *ablation, FILE *stream) {
  fprintf(
      stream,
      "| change | value | energy RMSE (meV/atom) | force RMSE (meV/\u00c5) | survival | cost (\u00b5s/atom) | speed |\n"
      "|---|---|---|---|---|---|---|\n");
  for (int r = 0; r < ablation->count; ++r) {
    const xp_ablation_row *row = &ablation->rows[r];
    if (!row->checksum[0]) continue;
    fprintf(stream, "| %s | %s |", name_of(row), row->value);
    print_cell(stream, "%.3g", row->numbers[XP_ABLATION_ENERGY_RMSE]);
    print_cell(stream, "%.4g", 1000.0 * row->numbers[XP_ABLATION_FORCE_RMSE]);
    print_cell(stream, "%.3g", row->numbers[XP_ABLATION_SURVIVAL]);
    print_cell(stream, "%.3g", row->numbers[XP_ABLATION_COST]);
    print_cell(stream, "%.2f", speed(ablation, row));
    fprintf(stream, "\n");
  }
}

static xp_status write_table(const xp_ablation *ablation, const char *folder, const char *name,
                             void (*print)(const xp_ablation *ablation, FILE *stream), xp_error *error) {
  xp_output *output = NULL;
  xp_status status = xp_folder_open(&output, folder, name, error);
  if (status != XP_OK) return status;
  print(ablation, xp_output_stream(output));
  return xp_output_commit(output, error);
}

xp_status xp_ablation_write(const xp_ablation *ablation, const xp_ablation *before, const char *folder,
                            xp_error *error) {
  char path[XP_FOLDER_PATH];
  xp_status status = xp_folder_join(path, folder, STATE_FILE, error);
  if (status == XP_OK) status = write_state(ablation, before, path, error);
  if (status == XP_OK) status = write_table(ablation, folder, "ablation.csv", print_csv, error);
  if (status == XP_OK) status = write_table(ablation, folder, "ablation.md", xp_ablation_print, error);
  return status;
}
