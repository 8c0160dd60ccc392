/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/table.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/folder.h"
#include "space/number.h"
#include "xpot/file.h"

void xp_table_print_text(FILE *stream, const char *text) {
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

void xp_table_print_number(FILE *stream, double number) {
  char text[XP_NUMBER_SIZE];
  xp_number_format(number, text);
  if (isfinite(number)) fprintf(stream, "%s", text);
}

void xp_table_print_value(FILE *stream, const xp_range *range, double value) {
  if (range->choices && isfinite(value))
    xp_table_print_text(stream, range->choices[(int)value]);
  else
    xp_table_print_number(stream, value);
}

/* ---- trials.csv ---- */

/* The trial with the most metrics names them all: a failed one has fewer. */
static const xp_past_trial *richest(const xp_past *past) {
  const xp_past_trial *best = NULL;
  for (int t = 0; t < past->count; ++t)
    if (!best || past->trials[t].result.nmetrics > best->result.nmetrics) best = &past->trials[t];
  return best;
}

/* Shares of a full evaluation are a column only where there are some. */
static bool has_shares(const xp_past *past) {
  bool shares = false;
  for (int t = 0; t < past->count; ++t) shares |= past->trials[t].result.fidelity < 1.0;
  return shares;
}

static void print_header(FILE *stream, const xp_past *past, const xp_trial *names) {
  fprintf(stream, has_shares(past) ? "trial,loss,fidelity" : "trial,loss");
  for (int d = 0; d < xp_space_count(past->space); ++d) {
    fputc(',', stream);
    xp_table_print_text(stream, xp_space_range(past->space, d)->name);
  }
  for (int m = 0; names && m < names->nmetrics; ++m) fprintf(stream, ",%s", names->metrics[m].name);
  fprintf(stream, ",failed\n");
}

static double loss_of(const xp_past_trial *trial) {
  return trial->result.status == XP_TRIAL_OK ? trial->result.loss : NAN;
}

static void print_values(FILE *stream, const xp_past *past, const xp_past_trial *trial) {
  for (int d = 0; d < xp_space_count(past->space); ++d) {
    fputc(',', stream);
    xp_table_print_value(stream, xp_space_range(past->space, d), trial->values[d]);
  }
}

static void print_trial(FILE *stream, const xp_past *past, int number, const xp_trial *names) {
  const xp_past_trial *trial = &past->trials[number - 1];
  fprintf(stream, "%d,", number);
  xp_table_print_number(stream, loss_of(trial));
  if (has_shares(past)) {
    fputc(',', stream);
    xp_table_print_number(stream, trial->result.fidelity);
  }
  print_values(stream, past, trial);
  for (int m = 0; m < names->nmetrics; ++m) {
    fputc(',', stream);
    xp_table_print_number(stream, xp_past_metric(trial, names->metrics[m].name));
  }
  fputc(',', stream);
  xp_table_print_text(stream, trial->result.status == XP_TRIAL_FAILED ? trial->result.reason : "");
  fputc('\n', stream);
}

/* A trial without a result yet is none. */
static void print_trials(FILE *stream, const xp_past *past) {
  const xp_past_trial *names = richest(past);
  print_header(stream, past, names ? &names->result : NULL);
  for (int t = 1; t <= past->count; ++t)
    if (past->trials[t - 1].result.status != XP_TRIAL_PENDING) print_trial(stream, past, t, &names->result);
}

/* ---- tables of XPOT ---- */

static void print_parameters(FILE *stream, const xp_past *past) {
  fprintf(stream, "iteration,loss");
  for (int d = 0; d < xp_space_count(past->space); ++d) {
    fputc(',', stream);
    xp_table_print_text(stream, xp_space_range(past->space, d)->name);
  }
  fputc('\n', stream);
  for (int t = 1; t <= past->count; ++t) {
    const xp_past_trial *trial = &past->trials[t - 1];
    if (trial->result.status == XP_TRIAL_PENDING) continue;
    fprintf(stream, "%d,", t);
    xp_table_print_number(stream, loss_of(trial));
    print_values(stream, past, trial);
    fputc('\n', stream);
  }
}

/* A column of XPOT: its metric here, times factor. What XPOT calls the test set is the validation set. */
typedef struct column {
  const char *metric;
  double factor;
} column;

enum { ERROR_COLUMNS = 4 };
static const double EV_PER_MEV = 1e-3;

static void print_errors(FILE *stream, const xp_past *past, const column columns[ERROR_COLUMNS]) {
  fprintf(stream, "Iteration,Train \u0394 Energy,Test \u0394 Energy,Train \u0394 Force,Test \u0394 Force\n");
  for (int t = 1; t <= past->count; ++t) {
    const xp_past_trial *trial = &past->trials[t - 1];
    if (trial->result.status == XP_TRIAL_PENDING) continue;
    fprintf(stream, "%d", t);
    for (int c = 0; c < ERROR_COLUMNS; ++c) {
      fputc(',', stream);
      xp_table_print_number(stream, columns[c].factor * xp_past_metric(trial, columns[c].metric));
    }
    fputc('\n', stream);
  }
}

static void print_atomistic(FILE *stream, const xp_past *past) {
  const column columns[ERROR_COLUMNS] = {{"train_energy_rmse_mev_per_atom", EV_PER_MEV},
                                         {"energy_rmse_mev_per_atom", EV_PER_MEV},
                                         {"train_force_rmse_ev_per_ang", 1.0},
                                         {"force_rmse_ev_per_ang", 1.0}};
  print_errors(stream, past, columns);
}

static void print_loss_errors(FILE *stream, const xp_past *past) {
  const column columns[ERROR_COLUMNS] = {{"train_energy_loss", 1.0},
                                         {"energy_loss", 1.0},
                                         {"train_force_rmse_ev_per_ang", 1.0},
                                         {"force_rmse_ev_per_ang", 1.0}};
  print_errors(stream, past, columns);
}

/* ---- files ---- */

typedef void table_printer(FILE *stream, const xp_past *past);

static xp_status write_csv(const char *folder, const char *name, table_printer *print, const xp_past *past,
                           xp_error *error) {
  xp_output *output = NULL;
  xp_status status = xp_folder_open(&output, folder, name, error);
  if (status != XP_OK) return status;
  print(xp_output_stream(output), past);
  return xp_output_commit(output, error);
}

/* Lines of comma-separated fields as a table of GitHub's Markdown. Bars inside quotes are left to the reader: no name or
 * choice has any. */
static void print_markdown(FILE *stream, const char *csv) {
  bool header = true, quoted = false;
  int columns = 1;
  for (const char *line = csv; *line; ++line) {
    if (line == csv || line[-1] == '\n') fprintf(stream, "| ");
    if (*line == '"') quoted = !quoted;
    if (*line == ',' && !quoted) {
      columns += header;
      fprintf(stream, " | ");
    } else if (*line == '\n') {
      fprintf(stream, " |\n");
      for (int c = 0; header && c < columns; ++c) fprintf(stream, c + 1 < columns ? "|---" : "|---|\n");
      header = false;
    } else {
      fputc(*line, stream);
    }
  }
}

static xp_status write_markdown(const char *folder, const char *name, table_printer *print, const xp_past *past,
                                xp_error *error) {
  char *csv = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&csv, &size);
  if (!stream) return xp_error_memory(error, "a table");
  print(stream, past);
  bool failed = ferror(stream) != 0;
  failed |= fclose(stream) != 0;
  xp_output *output = NULL;
  xp_status status = failed ? xp_error_memory(error, "a table") : xp_folder_open(&output, folder, name, error);
  if (status == XP_OK) {
    print_markdown(xp_output_stream(output), csv);
    status = xp_output_commit(output, error);
  }
  free(csv);
  return status;
}

xp_status xp_tables_write_past(const char *folder, const xp_past *past, xp_error *error) {
  const struct {
    const char *csv, *markdown;
    table_printer *print;
  } tables[] = {{"trials.csv", NULL, print_trials},
                {"parameters.csv", "parameters_final", print_parameters},
                {"atomistic_errors.csv", "atomistic_errors_final", print_atomistic},
                {"loss_function_errors.csv", "loss_function_errors_final", print_loss_errors}};
  xp_status status = XP_OK;
  for (size_t t = 0; t < sizeof tables / sizeof *tables && status == XP_OK; ++t) {
    status = write_csv(folder, tables[t].csv, tables[t].print, past, error);
    if (status == XP_OK && tables[t].markdown)
      status = write_markdown(folder, tables[t].markdown, tables[t].print, past, error);
  }
  return status;
}

xp_status xp_tables_write(const char *folder, xp_error *error) {
  xp_past *past = NULL;
  xp_status status = xp_past_read(&past, folder, error);
  if (status == XP_OK) status = xp_tables_write_past(folder, past, error);
  xp_past_free(past);
  return status;
}

/* ---- timings.csv ---- */

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
