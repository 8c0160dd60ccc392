/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/table.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "space/number.h"
#include "xpot/file.h"

static void print_text(FILE *stream, const char *text) {
  if (!strpbrk(text, ",\"\n")) {
    fprintf(stream, "%s", text);
    return;
  }
  fputc('"', stream);
  for (; *text; ++text) {
    if (*text == '"') fputc('"', stream);
    fputc(*text, stream);
  }
  fputc('"', stream);
}

static void print_number(FILE *stream, double number) {
  char text[XP_NUMBER_SIZE];
  xp_number_format(number, text);
  fprintf(stream, ",%s", strcmp(text, "null") == 0 ? "" : text);
}

/* The trial with the most metrics names them all: a failed one has fewer. */
static const xp_trial *richest(const xp_journal *journal) {
  const xp_trial *best = NULL;
  for (int t = 1; t <= xp_journal_count(journal); ++t) {
    const xp_trial *trial = xp_journal_trial(journal, t);
    if (!best || trial->nmetrics > best->nmetrics) best = trial;
  }
  return best;
}

static void print_header(FILE *stream, const xp_space *space, const xp_trial *names) {
  fprintf(stream, "trial,loss");
  for (int d = 0; d < xp_space_count(space); ++d) {
    fputc(',', stream);
    print_text(stream, xp_space_range(space, d)->name);
  }
  for (int m = 0; names && m < names->nmetrics; ++m) fprintf(stream, ",%s", names->metrics[m].name);
  fprintf(stream, ",failed\n");
}

static void print_trial(FILE *stream, const xp_journal *journal, int number, const xp_space *space, int nmetrics) {
  const xp_trial *trial = xp_journal_trial(journal, number);
  const double *values = xp_journal_values(journal, number);
  bool ok = trial->status == XP_TRIAL_OK;
  fprintf(stream, "%d", number);
  if (ok)
    print_number(stream, trial->loss);
  else
    fputc(',', stream);
  for (int d = 0; d < xp_space_count(space); ++d) {
    const xp_range *range = xp_space_range(space, d);
    if (!xp_space_active(space, values, d)) {
      fputc(',', stream);
      continue;
    }
    if (!range->choices) {
      print_number(stream, values[d]);
      continue;
    }
    fputc(',', stream);
    print_text(stream, range->choices[(int)values[d]]);
  }
  for (int m = 0; m < nmetrics; ++m)
    if (m < trial->nmetrics)
      print_number(stream, trial->metrics[m].value);
    else
      fputc(',', stream);
  fputc(',', stream);
  print_text(stream, trial->reason);
  fputc('\n', stream);
}

xp_status xp_table_write_trials(const char *path, const xp_journal *journal, const xp_space *space, xp_error *error) {
  xp_output *output = NULL;
  xp_status status = xp_output_open(&output, path, error);
  if (status != XP_OK) return status;
  FILE *stream = xp_output_stream(output);
  const xp_trial *names = richest(journal);
  print_header(stream, space, names);
  for (int t = 1; t <= xp_journal_count(journal); ++t)
    print_trial(stream, journal, t, space, names ? names->nmetrics : 0);
  return xp_output_commit(output, error);
}

/* Copies the lines of trials first to last, in whatever order they are. */
static void copy_lines(FILE *stream, const char *text, int first, int last) {
  for (const char *line = text; line && *line;) {
    const char *newline = strchr(line, '\n');
    int number = atoi(line);
    if (newline && number >= first && number <= last) fwrite(line, 1, (size_t)(newline + 1 - line), stream);
    line = newline ? newline + 1 : NULL;
  }
}

xp_status xp_table_add_timing(const char *path, const xp_timing *timing, xp_error *error) {
  xp_bytes before = {0};
  xp_output *output = NULL;
  xp_status status = access(path, F_OK) == 0 ? xp_bytes_read(&before, path, error) : XP_OK;
  if (status == XP_OK) status = xp_output_open(&output, path, error);
  if (status == XP_OK) {
    FILE *stream = xp_output_stream(output);
    fprintf(stream, "trial,seconds,peak_memory_mb\n");
    copy_lines(stream, before.data, 1, timing->trial - 1);
    fprintf(stream, "%d,%.3f,%.1f\n", timing->trial, timing->seconds, timing->peak_memory_mb);
    copy_lines(stream, before.data, timing->trial + 1, INT_MAX);
    status = xp_output_commit(output, error);
  }
  xp_bytes_free(&before);
  return status;
}
