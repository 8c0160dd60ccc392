/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/summary.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/front.h"

/* Rows of a list that goes on in the files. */
enum { BEST_SHOWN = 5, REASONS_SHOWN = 10 };

/* Share of a range next to its end: who ends there may want a wider one. */
static const double MARGIN = 0.01;

static void print_value(FILE *stream, const xp_range *range, double value) {
  if (!isfinite(value))
    fprintf(stream, "(not active)");
  else if (range->choices)
    fprintf(stream, "%s", range->choices[(int)value]);
  else
    fprintf(stream, "%.8g", value);
}

static void print_counts(const xp_past *past, FILE *stream) {
  int states[3] = {0}, partial = 0;
  for (int t = 0; t < past->count; ++t) {
    states[past->trials[t].result.status]++;
    partial += past->trials[t].result.fidelity < 1.0;
  }
  fprintf(stream, "%s: %d trials over %d dimensions; %d succeeded, %d failed", past->path, past->count,
          xp_space_count(past->space), states[XP_TRIAL_OK], states[XP_TRIAL_FAILED]);
  if (states[XP_TRIAL_PENDING]) fprintf(stream, ", %d without a result yet", states[XP_TRIAL_PENDING]);
  if (partial) fprintf(stream, "; %d at a share of the full cost", partial);
  fprintf(stream, "\n");
}

/* ---- best ---- */

static void print_trial(const xp_past *past, int number, FILE *stream) {
  const xp_past_trial *trial = &past->trials[number - 1];
  fprintf(stream, "\nbest: trial %d, loss %.6g\n", number, trial->result.loss);
  for (int d = 0; d < xp_space_count(past->space); ++d) {
    const xp_range *range = xp_space_range(past->space, d);
    fprintf(stream, "    %-40s ", range->name);
    print_value(stream, range, trial->values[d]);
    fprintf(stream, "\n");
  }
  for (int m = 0; m < trial->result.nmetrics; ++m)
    if (isfinite(trial->result.metrics[m].value))
      fprintf(stream, "    %-40s %.6g\n", trial->result.metrics[m].name, trial->result.metrics[m].value);
}

static void print_others(const xp_past *past, int best, FILE *stream) {
  int number = best;
  for (int k = 1; k < BEST_SHOWN && (number = xp_past_next_best(past, number)); ++k)
    fprintf(stream, "%s trial %d %.6g", k == 1 ? "next:" : ",", number, past->trials[number - 1].result.loss);
  fprintf(stream, "\n");
}

/* The ends of whole numbers and choices are values like others, those of reals are not meant to be reached. */
static void print_bounds(const xp_past *past, int best, FILE *stream) {
  int ndims = xp_space_count(past->space);
  double *coords = calloc((size_t)ndims + 1, sizeof *coords);
  if (!coords) return;
  xp_space_encode(past->space, past->trials[best - 1].values, coords);
  for (int d = 0; d < ndims; ++d) {
    const xp_range *range = xp_space_range(past->space, d);
    bool low = coords[d]<MARGIN, high = coords[d]> 1.0 - MARGIN;
    if (range->choices || (!low && !high)) continue;
    fprintf(stream, "note: %s of the best trial is %.6g, at the %s end of its range (%g to %g)\n", range->name,
            past->trials[best - 1].values[d], low ? "low" : "high", range->low, range->high);
  }
  free(coords);
}

/* ---- front, convergence ---- */

static void print_front(const xp_findings *f, FILE *stream) {
  if (!f->second) return;
  bool maximised = f->second[0] == '-';
  fprintf(stream, "\nPareto front of loss and %s (%s): %d trials\n    %8s %12s %12s\n", f->second + maximised,
          maximised ? "maximised" : "minimised", f->nfront, "trial", "loss", "second");
  for (int k = 0; k < f->nfront; ++k) {
    const xp_past_trial *trial = &f->past->trials[f->front[k] - 1];
    fprintf(stream, "    %8d %12.6g %12.6g\n", f->front[k], trial->result.loss,
            xp_past_metric(trial, f->second + maximised));
  }
}

static void print_convergence(const xp_past *past, FILE *stream) {
  double best = INFINITY;
  fprintf(stream, "\nconvergence: the best loss and when it was found\n");
  for (int t = 0; t < past->count; ++t) {
    const xp_past_trial *trial = &past->trials[t];
    if (!xp_past_counts(trial) || trial->result.loss >= best) continue;
    best = trial->result.loss;
    fprintf(stream, "    trial %5d  %.6g%s\n", t + 1, best, t < past->initial ? "  (initial design)" : "");
  }
}

/* ---- failures ---- */

/* Reasons that differ in their numbers only are one. */
static bool same_reason(const char *a, const char *b) {
  while (*a && *b) {
    if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
      a += strspn(a, "0123456789.");
      b += strspn(b, "0123456789.");
    } else if (*a++ != *b++) {
      return false;
    }
  }
  return *a == *b;
}

static void print_failures(const xp_past *past, FILE *stream) {
  int shown = 0;
  for (int t = 0; t < past->count; ++t) {
    const xp_past_trial *trial = &past->trials[t];
    int earlier = 0, same = 0;
    if (trial->result.status != XP_TRIAL_FAILED) continue;
    for (int other = 0; other < past->count; ++other)
      if (past->trials[other].result.status == XP_TRIAL_FAILED &&
          same_reason(past->trials[other].result.reason, trial->result.reason)) {
        earlier += other < t;
        ++same;
      }
    if (earlier || shown == REASONS_SHOWN) continue;
    if (shown++ == 0) fprintf(stream, "\nfailed trials: how many, the first of them, and its reason\n");
    fprintf(stream, "    %5d  trial %d: %s\n", same, t + 1, trial->result.reason);
  }
}

/* ---- importance ---- */

static void print_importance(const xp_findings *f, FILE *stream) {
  const char *unit = "share of the variance of the modelled loss";
  if (!f->modelled) {
    fprintf(stream, "\nimportance: too few trials succeeded\n");
    return;
  }
  fprintf(stream, "\nimportance: %s that a parameter explains alone and with all its interactions;\n", unit);
  fprintf(stream, "length of the model in parts of the range\n    %-40s %8s %8s %8s\n", "", "alone", "in all",
          "length");
  for (int k = 0; k < xp_space_count(f->past->space); ++k) {
    const xp_importance *importance = &f->importances[f->order[k]];
    fprintf(stream, "    %-40s %7.1f%% %7.1f%% %8.3g\n", xp_space_range(f->past->space, f->order[k])->name,
            100.0 * importance->first, 100.0 * importance->total, importance->length);
  }
}

void xp_summary_print(const xp_findings *findings, FILE *stream) {
  const xp_past *past = findings->past;
  int best = xp_past_best(past);
  print_counts(past, stream);
  if (best) {
    print_trial(past, best, stream);
    print_others(past, best, stream);
    print_bounds(past, best, stream);
    print_front(findings, stream);
    print_convergence(past, stream);
  }
  print_failures(past, stream);
  print_importance(findings, stream);
}
