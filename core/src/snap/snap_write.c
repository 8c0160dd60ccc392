/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "locale/locale.h"
#include "snap/snap_keywords.h"
#include "snap/snap_model.h"
#include "snap/snap_tables.h"

/* pair_style snap reads lines into 1024 bytes; a longer comment would go on as data. */
enum { COMMENT_WIDTH = 900 };

/* First line: LAMMPS compares the unit style with its own. */
static const char UNITS[] = "# UNITS: metal\n";

static void write_header(FILE *stream, const char *header) {
  fputs(UNITS, stream);
  while (header && *header) {
    int size = (int)strcspn(header, "\r\n");
    int part = size < COMMENT_WIDTH ? size : COMMENT_WIDTH;
    fprintf(stream, "# %.*s\n", part, header);
    header += part;
    if (part < size) continue;
    if (*header == '\r') ++header;
    if (*header == '\n') ++header;
  }
  fputc('\n', stream);
}

static void write_value(FILE *stream, double value) {
  fprintf(stream, " %-25.17g #  ", value);
}

/* A linear component in FitSNAP's form: number, triple, and for chem-SNAP the labels. */
static void write_component(FILE *stream, const xp_snap_model *model, int (*triples)[3], int index) {
  int ntriples = xp_snap_nbispectrum(model->parameters.twojmax);
  const int *triple = triples[index % ntriples];
  fprintf(stream, "[%d, %d, %d, %d]", index + 1, triple[0], triple[1], triple[2]);
  if (!model->parameters.chemflag) return;
  int label = index / ntriples, n = model->nelements;
  fprintf(stream, " labels %d %d %d", label / (n * n) + 1, label / n % n + 1, label % n + 1);
}

static void write_element(FILE *stream, const xp_snap_model *model, const xp_snap_element *element, int (*triples)[3]) {
  xp_snap_parameters linear = model->parameters;
  linear.quadraticflag = false;
  int n = xp_snap_ncoeff(&linear, model->nelements) - 1, k = 0;
  fprintf(stream, "%s %.17g %.17g\n", element->symbol, element->radelem, element->wj);
  write_value(stream, element->coefficients[k++]);
  fputs("B[0]\n", stream);
  for (int b = 0; b < n; ++b) {
    write_value(stream, element->coefficients[k++]);
    fputc('B', stream);
    write_component(stream, model, triples, b);
    fputc('\n', stream);
  }
  for (int row = 0; row < n && k < model->ncoeff; ++row)
    for (int column = row; column < n; ++column) {
      write_value(stream, element->coefficients[k]);
      fprintf(stream, "B[%d, ", k);
      write_component(stream, model, triples, row);
      fputs(", ", stream);
      write_component(stream, model, triples, column);
      fputs("]\n", stream);
      ++k;
    }
}

static xp_status write_coefficients(FILE *stream, const xp_snap_model *model, const char *header, xp_error *error) {
  int(*triples)[3] = NULL;
  xp_status status = xp_snap_triples_new(&triples, model->parameters.twojmax, error);
  if (status != XP_OK) return status;
  write_header(stream, header);
  fprintf(stream, "%d %d\n", model->nelements, model->ncoeff);
  for (int i = 0; i < model->nelements; ++i) write_element(stream, model, &model->elements[i], triples);
  fputs("# End of potential\n", stream);
  free(triples);
  return XP_OK;
}

static void write_keyword(FILE *stream, const xp_snap_parameters *parameters, const xp_snap_keyword *keyword) {
  const char *member = (const char *)parameters + keyword->offset;
  if (keyword->kind == XP_SNAP_LIST && !parameters->ninner) return;
  fputs(keyword->name, stream);
  if (keyword->kind == XP_SNAP_REAL) fprintf(stream, " %.17g", *(const double *)member);
  if (keyword->kind == XP_SNAP_INTEGER) fprintf(stream, " %d", *(const int *)member);
  if (keyword->kind == XP_SNAP_FLAG) fprintf(stream, " %d", *(const bool *)member);
  if (keyword->kind == XP_SNAP_LIST)
    for (int i = 0; i < parameters->ninner; ++i) fprintf(stream, " %.17g", (*(double *const *)member)[i]);
  fputc('\n', stream);
}

static void write_parameters(FILE *stream, const xp_snap_model *model, const char *header) {
  write_header(stream, header);
  for (int k = 0; k < XP_SNAP_NKEYWORDS; ++k) write_keyword(stream, &model->parameters, &xp_snap_keywords[k]);
}

/* Commits both; when the second fails the first is put back as it was. */
static xp_status commit_both(xp_output *first, const char *first_path, xp_output *second, xp_error *error) {
  xp_bytes before = {0};
  bool existed = access(first_path, F_OK) == 0;
  xp_status status = existed ? xp_bytes_read(&before, first_path, error) : XP_OK;
  if (status != XP_OK) {
    xp_output_discard(first);
    xp_output_discard(second);
    return status;
  }
  status = xp_output_commit(first, error);
  if (status != XP_OK) {
    xp_output_discard(second);
  } else {
    status = xp_output_commit(second, error);
    if (status != XP_OK && existed) xp_file_write(first_path, before.data, before.size, NULL);
    if (status != XP_OK && !existed) unlink(first_path);
  }
  xp_bytes_free(&before);
  return status;
}

xp_status xp_snap_write(const xp_snap_model *model, const char *coefficient_path, const char *parameter_path,
                        const char *header, xp_error *error) {
  XP_LOCALE_PLAIN;
  xp_output *coefficients = NULL, *parameters = NULL;
  xp_status status = xp_snap_model_check(model, (xp_place){0}, error);
  if (status == XP_OK) status = xp_output_open(&coefficients, coefficient_path, error);
  if (status == XP_OK) status = xp_output_open(&parameters, parameter_path, error);
  if (status == XP_OK) status = write_coefficients(xp_output_stream(coefficients), model, header, error);
  if (status != XP_OK) {
    xp_output_discard(coefficients);
    xp_output_discard(parameters);
    return status;
  }
  write_parameters(xp_output_stream(parameters), model, header);
  return commit_both(coefficients, coefficient_path, parameters, error);
}
