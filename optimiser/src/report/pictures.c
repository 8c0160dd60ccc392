/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/front.h"
#include "report/findings_files.h"
#include "report/folder.h"
#include "report/gnuplot.h"
#include "report/matrix.h"
#include "xpot/file.h"

/* ---- convergence ---- */

/* Losses that spread over more than this factor are drawn on logarithms. */
static const double LOG_FACTOR = 5.0;

static bool spreads(const xp_past *past) {
  double least = INFINITY, most = -INFINITY;
  for (int t = 0; t < past->count; ++t)
    if (past->trials[t].result.status == XP_TRIAL_OK) {
      least = fmin(least, past->trials[t].result.loss);
      most = fmax(most, past->trials[t].result.loss);
    }
  return least > 0.0 && most > LOG_FACTOR * least;
}

static void print_losses(const xp_past *past, FILE *stream) {
  double best = INFINITY;
  fprintf(stream, "$losses << EOD\n");
  for (int t = 0; t < past->count; ++t) {
    const xp_past_trial *trial = &past->trials[t];
    if (!xp_past_counts(trial)) continue;
    best = fmin(best, trial->result.loss);
    fprintf(stream, "%d %.10g %.10g\n", t + 1, trial->result.loss, best);
  }
  fprintf(stream, "EOD\n$failed << EOD\n");
  for (int t = 0; t < past->count; ++t)
    if (past->trials[t].result.status == XP_TRIAL_FAILED) fprintf(stream, "%d\n", t + 1);
  fprintf(stream, "EOD\n");
}

static void print_convergence(const xp_findings *f, FILE *stream) {
  const xp_past *past = f->past;
  int failed = 0;
  for (int t = 0; t < past->count; ++t) failed += past->trials[t].result.status == XP_TRIAL_FAILED;
  print_losses(past, stream);
  fprintf(stream,
          "set terminal pngcairo noenhanced size 900,520 font 'Sans,12'\n"
          "set xlabel 'trial'\nset ylabel 'loss'\nset xrange [0:%d]\nset grid ytics lc '#dddddd'\n"
          "set key top right opaque\nset border 3\nset tics nomirror out\nset y2range [0:1]\n",
          past->count + 1);
  if (spreads(past)) fprintf(stream, "set logscale y\nset format y '%%.3g'\n");
  if (past->initial > 0)
    fprintf(stream,
            "set object rectangle from graph 0,0 to first %d.5,graph 1 behind fc '#eeeeee' fs solid noborder\n"
            "set label 'initial design' at first 0.7,graph 0.04 textcolor '#666666'\n",
            past->initial < past->count ? past->initial : past->count);
  fprintf(stream, "plot $losses using 1:2 with points pt 7 ps 0.8 lc '#5b8fc7' title 'trials', \\\n"
                  "     $losses using 1:3 with steps lw 2.5 lc '#c0392b' title 'best so far'");
  if (failed)
    fprintf(stream, ", \\\n     $failed using 1:(0.02) axes x1y2 with points pt 2 ps 0.9 lc '#333333' title 'failed'");
  fprintf(stream, "\n");
}

/* ---- Pareto front ---- */

static void print_front(const xp_findings *f, FILE *stream) {
  const char *metric = f->second + (f->second[0] == '-');
  fprintf(stream, "$trials << EOD\n");
  for (int t = 0; t < f->past->count; ++t)
    if (xp_past_counts(&f->past->trials[t]) && isfinite(xp_past_metric(&f->past->trials[t], metric)))
      fprintf(stream, "%.10g %.10g %d\n", f->past->trials[t].result.loss, xp_past_metric(&f->past->trials[t], metric),
              t + 1);
  fprintf(stream, "EOD\n$front << EOD\n");
  for (int k = 0; k < f->nfront; ++k)
    fprintf(stream, "%.10g %.10g %d\n", f->past->trials[f->front[k] - 1].result.loss,
            xp_past_metric(&f->past->trials[f->front[k] - 1], metric), f->front[k]);
  fprintf(stream,
          "EOD\nset terminal pngcairo noenhanced size 900,600 font 'Sans,12'\nset cblabel 'trial'\n"
          "set palette defined (" XP_PALETTE ")\n"
          "set xlabel 'loss'\nset ylabel '%s'\nset border 3\nset tics nomirror out\nset grid lc '#dddddd'\n"
          "set key top right opaque\nset offsets graph 0.03, graph 0.03, graph 0.06, graph 0.04\n"
          "%s",
          metric, spreads(f->past) ? "set logscale x\nset format x '%.3g'\n" : "");
  fprintf(stream, "plot $trials using 1:2:3 with points pt 7 ps 0.9 palette title 'trials', \\\n"
                  "     $front using 1:2 with steps lw 2 lc '#c0392b' title 'Pareto front', \\\n"
                  "     $front using 1:2 with points pt 6 ps 1.6 lw 2 lc '#c0392b' notitle, \\\n"
                  "     $front using 1:2:3 with labels offset 0,0.8 font 'Sans,9' notitle\n");
}

/* ---- files ---- */

static xp_status write_program(const xp_findings *f, const char *folder, const char *name,
                               void (*print)(const xp_findings *findings, FILE *stream), xp_error *error) {
  char file[64];
  xp_output *output = NULL;
  snprintf(file, sizeof file, "%s.gnuplot", name);
  xp_status status = xp_folder_open(&output, folder, file, error);
  if (status != XP_OK) return status;
  FILE *stream = xp_output_stream(output);
  fprintf(stream, "# gnuplot %s.gnuplot\nset output '%s.png'\n", name, name);
  print(f, stream);
  return xp_output_commit(output, error);
}

xp_status xp_findings_write_pictures(const xp_findings *findings, const char *folder, bool *drawn, xp_error *error) {
  const struct {
    const char *name;
    void (*print)(const xp_findings *findings, FILE *stream);
    bool wanted;
  } pictures[] = {{"convergence", print_convergence, true},
                  {"front", print_front, findings->nfront > 0},
                  {"evaluations", xp_matrix_print_evaluations, findings->modelled},
                  {"dependence", xp_matrix_print_dependence, findings->modelled}};
  xp_status status = XP_OK;
  *drawn = true;
  for (size_t p = 0; p < sizeof pictures / sizeof *pictures && status == XP_OK; ++p) {
    if (!pictures[p].wanted) continue;
    status = write_program(findings, folder, pictures[p].name, pictures[p].print, error);
    if (status == XP_OK && *drawn) *drawn = xp_gnuplot_run(folder, pictures[p].name);
  }
  return status;
}
