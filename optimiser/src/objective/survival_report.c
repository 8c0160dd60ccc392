/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/survival_report.h"

#include <math.h>
#include <stdlib.h>

#include "report/folder.h"
#include "report/gnuplot.h"
#include "report/table.h"
#include "xpot/file.h"

/* Standard deviations of a normal distribution that hold 95 % of it. */
static const double NORMAL_95 = 1.96;

static int count_survivors(const xp_survival *survival, const xp_survival_fate *fates) {
  int survivors = 0;
  for (int r = 0; r < xp_survival_settings_of(survival)->runs; ++r) survivors += fates[r].end == XP_SURVIVAL_SURVIVED;
  return survivors;
}

static double time_of(const xp_survival *survival, const xp_survival_fate *fate) {
  return fate->step * xp_survival_settings_of(survival)->timestep;
}

/* ---- for people ---- */

/* "train.xyz:12 liquid", of a path the last part. */
static const char *name_structure(char *name, size_t size, const xp_structure *cell) {
  const char *file = cell->file ? cell->file : "?";
  for (const char *at = file; *at; ++at)
    if (*at == '/' && at[1]) file = at + 1;
  snprintf(name, size, "%s:%ld %s", file, cell->line, cell->config_type);
  return name;
}

/* The interval of Wilson (1927) in which a share lies with 95 % of probability. */
static void print_share(int survivors, int runs, FILE *stream) {
  double n = runs, share = survivors / n, z2 = NORMAL_95 * NORMAL_95;
  double middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
  double half = NORMAL_95 * sqrt(share * (1.0 - share) / n + z2 / (4.0 * n * n)) / (1.0 + z2 / n);
  fprintf(stream, "%d of %d runs survived: %.1f %% (95 %% interval %.1f to %.1f %%)\n", survivors, runs, 100.0 * share,
          100.0 * fmax(middle - half, 0.0), 100.0 * fmin(middle + half, 1.0));
}

void xp_survival_print(const xp_survival *survival, const xp_survival_fate *fates, FILE *stream) {
  int runs = xp_survival_settings_of(survival)->runs;
  fprintf(stream, "%4s %9s %7s  %-28s %s\n", "run", "time/ps", "atoms", "structure", "end");
  for (int r = 0; r < runs; ++r) {
    const xp_structure *cell = xp_survival_cell(survival, r);
    char name[128];
    fprintf(stream, "%4d %9.4g %7d  %-28s %s\n", r + 1, time_of(survival, &fates[r]), cell->natoms,
            name_structure(name, sizeof name, cell),
            fates[r].end == XP_SURVIVAL_SURVIVED ? "survived" : fates[r].reason);
  }
  print_share(count_survivors(survival, fates), runs, stream);
}

/* ---- files ---- */

static void print_runs(const xp_survival *survival, const xp_survival_fate *fates, FILE *stream) {
  fprintf(stream, "run,file,line,config_type,atoms,seed,survived,time_ps,reason\n");
  for (int r = 0; r < xp_survival_settings_of(survival)->runs; ++r) {
    const xp_structure *cell = xp_survival_cell(survival, r);
    fprintf(stream, "%d,", r + 1);
    xp_table_print_text(stream, cell->file ? cell->file : "");
    fprintf(stream, ",%ld,", cell->line);
    xp_table_print_text(stream, cell->config_type);
    fprintf(stream, ",%d,%d,%d,%.6g,", cell->natoms, xp_survival_seed(survival, r),
            fates[r].end == XP_SURVIVAL_SURVIVED, time_of(survival, &fates[r]));
    xp_table_print_text(stream, fates[r].reason);
    fprintf(stream, "\n");
  }
}

/* Runs that live beyond a time. */
static int count_alive(const xp_survival *survival, const xp_survival_fate *fates, double time) {
  int alive = 0;
  for (int r = 0; r < xp_survival_settings_of(survival)->runs; ++r)
    alive += fates[r].end == XP_SURVIVAL_SURVIVED || time_of(survival, &fates[r]) > time;
  return alive;
}

static double next_death(const xp_survival *survival, const xp_survival_fate *fates, double after) {
  double next = INFINITY;
  for (int r = 0; r < xp_survival_settings_of(survival)->runs; ++r) {
    double time = time_of(survival, &fates[r]);
    if (fates[r].end == XP_SURVIVAL_DIED && time > after) next = fmin(next, time);
  }
  return next;
}

/* A point at the begin, after each death, and at the end. */
static void print_curve(const xp_survival *survival, const xp_survival_fate *fates, FILE *stream) {
  const xp_survival_settings *settings = xp_survival_settings_of(survival);
  double end = (double)settings->steps * settings->timestep, time;
  fprintf(stream, "time_ps,alive,share\n0,%d,1\n", settings->runs);
  for (time = next_death(survival, fates, -1.0); isfinite(time); time = next_death(survival, fates, time)) {
    int alive = count_alive(survival, fates, time);
    fprintf(stream, "%.6g,%d,%.6g\n", time, alive, (double)alive / settings->runs);
  }
  int survivors = count_survivors(survival, fates);
  fprintf(stream, "%.6g,%d,%.6g\n", end, survivors, (double)survivors / settings->runs);
}

static void print_picture(const xp_survival *survival, const xp_survival_fate *fates, FILE *stream) {
  const xp_survival_settings *settings = xp_survival_settings_of(survival);
  (void)fates;
  fprintf(stream,
          "# gnuplot curve.gnuplot\nset output 'curve.png'\n"
          "set terminal pngcairo noenhanced size 900,520 font 'Sans,12'\nset datafile separator ','\n"
          "set xlabel 'time / ps'\nset ylabel 'runs alive / %%'\nset xrange [0:%g]\nset yrange [0:105]\n"
          "set grid ytics lc '#dddddd'\nset border 3\nset tics nomirror out\nset key bottom left\n"
          "plot 'curve.csv' using 1:(100*$3) every ::1 with steps lw 2.5 lc '#c0392b' title '%d runs at %g K'\n",
          (double)settings->steps * settings->timestep, settings->runs, settings->temperature);
}

static xp_status write_file(const xp_survival *survival, const xp_survival_fate *fates, const char *folder,
                            const char *name,
                            void (*print)(const xp_survival *survival, const xp_survival_fate *fates, FILE *stream),
                            xp_error *error) {
  xp_output *output = NULL;
  xp_status status = xp_folder_open(&output, folder, name, error);
  if (status != XP_OK) return status;
  print(survival, fates, xp_output_stream(output));
  return xp_output_commit(output, error);
}

xp_status xp_survival_write_report(const xp_survival *survival, const xp_survival_fate *fates, const char *folder,
                                   bool *drawn, xp_error *error) {
  xp_status status = write_file(survival, fates, folder, "runs.csv", print_runs, error);
  if (status == XP_OK) status = write_file(survival, fates, folder, "curve.csv", print_curve, error);
  if (status == XP_OK) status = write_file(survival, fates, folder, "curve.gnuplot", print_picture, error);
  *drawn = status == XP_OK && xp_gnuplot_run(folder, "curve");
  return status;
}
