/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "analysis/front.h"
#include "report/findings_files.h"
#include "report/folder.h"
#include "report/table.h"
#include "xpot/file.h"

static void print_convergence(const xp_findings *f, FILE *stream) {
  double best = INFINITY;
  fprintf(stream, "trial,loss,best,initial\n");
  for (int t = 0; t < f->past->count; ++t) {
    const xp_past_trial *trial = &f->past->trials[t];
    if (trial->result.status == XP_TRIAL_PENDING) continue;
    if (xp_past_counts(trial)) best = fmin(best, trial->result.loss);
    fprintf(stream, "%d,", t + 1);
    xp_table_print_number(stream, trial->result.status == XP_TRIAL_OK ? trial->result.loss : NAN);
    fputc(',', stream);
    xp_table_print_number(stream, best);
    fprintf(stream, ",%d\n", t < f->past->initial);
  }
}

static bool on_front(const xp_findings *f, int number) {
  for (int k = 0; k < f->nfront; ++k)
    if (f->front[k] == number) return true;
  return false;
}

static void print_front(const xp_findings *f, FILE *stream) {
  const char *metric = f->second + (f->second[0] == '-');
  fprintf(stream, "trial,loss,%s,on_front\n", metric);
  for (int t = 0; t < f->past->count; ++t) {
    const xp_past_trial *trial = &f->past->trials[t];
    if (!xp_past_counts(trial)) continue;
    fprintf(stream, "%d,", t + 1);
    xp_table_print_number(stream, trial->result.loss);
    fputc(',', stream);
    xp_table_print_number(stream, xp_past_metric(trial, metric));
    fprintf(stream, ",%d\n", on_front(f, t + 1));
  }
}

static const xp_range *range_of(const xp_findings *f, int shown) {
  return xp_space_range(f->past->space, f->order[shown]);
}

static void print_importance(const xp_findings *f, FILE *stream) {
  fprintf(stream, "parameter,first,total,length\n");
  for (int k = 0; k < xp_space_count(f->past->space); ++k) {
    const xp_importance *importance = &f->importances[f->order[k]];
    xp_table_print_text(stream, range_of(f, k)->name);
    fprintf(stream, ",%.4f,%.4f,%.4g\n", importance->first, importance->total, importance->length);
  }
}

static void print_curves(const xp_findings *f, FILE *stream) {
  fprintf(stream, "parameter,value,loss\n");
  for (int k = 0; k < f->shown; ++k)
    for (int i = 0; i < f->grids[k].count; ++i) {
      xp_table_print_text(stream, range_of(f, k)->name);
      fputc(',', stream);
      xp_table_print_value(stream, range_of(f, k), f->grids[k].values[i]);
      fprintf(stream, ",%.6g\n", f->curves[k][i]);
    }
}

static void print_pair(const xp_findings *f, int row, int column, FILE *stream) {
  const xp_grid *a = &f->grids[column], *b = &f->grids[row];
  const double *losses = f->pairs[row * f->shown + column];
  for (int i = 0; i < a->count; ++i)
    for (int j = 0; j < b->count; ++j) {
      xp_table_print_text(stream, range_of(f, column)->name);
      fputc(',', stream);
      xp_table_print_value(stream, range_of(f, column), a->values[i]);
      fputc(',', stream);
      xp_table_print_text(stream, range_of(f, row)->name);
      fputc(',', stream);
      xp_table_print_value(stream, range_of(f, row), b->values[j]);
      fprintf(stream, ",%.6g\n", losses[i * b->count + j]);
    }
}

static void print_pairs(const xp_findings *f, FILE *stream) {
  fprintf(stream, "parameter,value,other_parameter,other_value,loss\n");
  for (int row = 0; row < f->shown; ++row)
    for (int column = 0; column < row; ++column) print_pair(f, row, column, stream);
}

xp_status xp_findings_write_tables(const xp_findings *findings, const char *folder, xp_error *error) {
  const struct {
    const char *name;
    void (*print)(const xp_findings *findings, FILE *stream);
    bool wanted;
  } tables[] = {{"convergence.csv", print_convergence, true},
                {"front.csv", print_front, findings->second != NULL},
                {"importance.csv", print_importance, findings->modelled},
                {"dependence.csv", print_curves, findings->modelled},
                {"dependence-pairs.csv", print_pairs, findings->modelled}};
  xp_status status = XP_OK;
  for (size_t t = 0; t < sizeof tables / sizeof *tables && status == XP_OK; ++t) {
    xp_output *output = NULL;
    if (!tables[t].wanted) continue;
    status = xp_folder_open(&output, folder, tables[t].name, error);
    if (status != XP_OK) break;
    tables[t].print(findings, xp_output_stream(output));
    status = xp_output_commit(output, error);
  }
  return status;
}
