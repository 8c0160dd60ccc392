/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/matrix.h"

#include <math.h>

/* Pixels of a panel and around all of them. */
enum { PANEL = 210, LEFT = 130, RIGHT = 70, BOTTOM = 130, TOP = 50, BAR_WIDTH = 22 };

/* Bins of a histogram of a real dimension: every second value of its grid begins one. */
enum { STRIDE = 2 };

/* Values that are whole are spread by this much, or they would lie on each other. */
static const double SPREAD = 0.5;
static const double GOLDEN = 0.61803398874989484820;

static const xp_range *range_of(const xp_findings *f, int shown) {
  return xp_space_range(f->past->space, f->order[shown]);
}

/* ---- data ---- */

/* Where the trial lies between -1/2 and 1/2, the same in every picture, and not the same in two dimensions. */
static double offset(int trial, int k) {
  double product = trial * (GOLDEN + k * M_SQRT2);
  return product - floor(product) - 0.5;
}

static void print_row(const xp_findings *f, int trial, double spread, FILE *stream) {
  fprintf(stream, "%d", trial);
  for (int k = 0; k < f->shown; ++k) {
    double value = f->past->trials[trial - 1].values[f->order[k]];
    if (range_of(f, k)->kind != XP_RANGE_REAL) value += spread * offset(trial, k);
    if (isfinite(value))
      fprintf(stream, " %.8g", value);
    else
      fprintf(stream, " NaN");
  }
  fprintf(stream, "\n");
}

static void print_trials(const xp_findings *f, FILE *stream) {
  fprintf(stream, "$trials << EOD\n");
  for (int t = 1; t <= f->past->count; ++t) print_row(f, t, SPREAD, stream);
  fprintf(stream, "EOD\n$best << EOD\n");
  print_row(f, xp_past_best(f->past), SPREAD, stream);
  fprintf(stream, "EOD\n$exact << EOD\n");
  print_row(f, xp_past_best(f->past), 0.0, stream);
  fprintf(stream, "EOD\n");
}

/* The limit between values i - 1 and i of a grid; the ends of the axis at 0 and count. */
static double edge(const xp_range *range, const xp_grid *grid, int i) {
  double half = range->kind == XP_RANGE_REAL ? 0.0 : 0.5;
  if (i == 0) return range->low - half;
  if (i == grid->count) return range->high + half;
  double a = grid->values[i - 1], b = grid->values[i];
  return range->logarithmic && half == 0.0 ? sqrt(a * b) : 0.5 * (a + b);
}

static void print_histogram(const xp_findings *f, int k, FILE *stream) {
  const xp_range *range = range_of(f, k);
  const xp_grid *grid = &f->grids[k];
  int stride = range->kind == XP_RANGE_REAL ? STRIDE : 1;
  fprintf(stream, "$bins%d << EOD\n", k);
  for (int i = 0; i < grid->count; i += stride) {
    int last = i + stride < grid->count ? i + stride : grid->count, count = 0;
    double low = edge(range, grid, i), high = edge(range, grid, last);
    for (int t = 0; t < f->past->count; ++t) {
      double value = f->past->trials[t].values[f->order[k]];
      count += value >= low && (value < high || (last == grid->count && value == high));
    }
    fprintf(stream, "%.8g 0 %.8g %.8g 0 %d\n", low, low, high, count);
  }
  fprintf(stream, "EOD\n");
}

static void print_curve(const xp_findings *f, int k, FILE *stream) {
  fprintf(stream, "$curve%d << EOD\n", k);
  for (int i = 0; i < f->grids[k].count; ++i) fprintf(stream, "%.8g %.8g\n", f->grids[k].values[i], f->curves[k][i]);
  fprintf(stream, "EOD\n");
}

static void print_map(const xp_findings *f, int row, int column, FILE *stream) {
  const xp_grid *a = &f->grids[column], *b = &f->grids[row];
  const xp_range *x = range_of(f, column), *y = range_of(f, row);
  fprintf(stream, "$map%d_%d << EOD\n", row, column);
  for (int i = 0; i < a->count; ++i)
    for (int j = 0; j < b->count; ++j)
      fprintf(stream, "%.8g %.8g %.8g %.8g %.8g %.8g %.6g\n", a->values[i], b->values[j], edge(x, a, i),
              edge(x, a, i + 1), edge(y, b, j), edge(y, b, j + 1), f->pairs[row * f->shown + column][i * b->count + j]);
  fprintf(stream, "EOD\n");
}

/* ---- panels ---- */

static void print_begin(const xp_findings *f, const char *title, FILE *stream) {
  int width = LEFT + f->shown * PANEL + RIGHT, height = BOTTOM + f->shown * PANEL + TOP;
  fprintf(stream,
          "set terminal pngcairo noenhanced size %d,%d font 'Sans,10'\n"
          "set palette defined (" XP_PALETTE ")\n"
          "unset key\nset tics out nomirror font 'Sans,8'\nset border lc '#555555'\n",
          width, height);
  fprintf(stream,
          "set multiplot layout %d,%d title '%s' font 'Sans,13' margins %.4f,%.4f,%.4f,%.4f spacing %.4f,%.4f\n",
          f->shown, f->shown, title, (double)LEFT / width, 1.0 - (double)RIGHT / width, (double)BOTTOM / height,
          1.0 - (double)TOP / height, 0.06 * PANEL / width, 0.06 * PANEL / height);
}

/* Colours are explained once, beside the upper end of the empty triangle. */
static void print_bar(const xp_findings *f, bool last, const char *label, FILE *stream) {
  int width = LEFT + f->shown * PANEL + RIGHT, height = BOTTOM + f->shown * PANEL + TOP;
  if (!last) {
    fprintf(stream, "unset colorbox\n");
    return;
  }
  fprintf(stream, "set colorbox user origin screen %.4f,%.4f size screen %.4f,%.4f\nset cblabel '%s'\n",
          (double)(LEFT + f->shown * PANEL - BAR_WIDTH) / width, ((f->shown > 2 ? 1.4 : 1.1) * PANEL + BOTTOM) / height,
          (double)BAR_WIDTH / width, (f->shown > 2 ? f->shown - 1.6 : 0.8) * PANEL / height, label);
}

static void print_axis(char axis, const xp_range *range, bool labelled, FILE *stream) {
  double half = range->kind == XP_RANGE_REAL ? 0.0 : 0.5;
  fprintf(stream, "%s logscale %c\nset %crange [%.8g:%.8g]\n", range->logarithmic ? "set" : "unset", axis, axis,
          range->low - half, range->high + half);
  fprintf(stream, "set %clabel '%s'\n", axis, labelled ? range->name : "");
  if (!range->choices) {
    fprintf(stream, "set %ctics autofreq%s\nset format %c '%s'\n", axis, axis == 'x' ? " rotate by 45 right" : "", axis,
            labelled ? "%.4g" : "");
    return;
  }
  fprintf(stream, "set %ctics (", axis);
  for (int c = 0; c < range->nchoices; ++c)
    fprintf(stream, "%s'%s' %d", c ? ", " : "", labelled ? range->choices[c] : "", c);
  fprintf(stream, ")%s\n", axis == 'x' ? " rotate by 45 right" : "");
}

/* The loss, or a number of trials, is read off at the right of a panel of the diagonal. */
static void print_diagonal_axes(const xp_findings *f, int k, FILE *stream) {
  print_axis('x', range_of(f, k), k == f->shown - 1, stream);
  fprintf(stream, "unset logscale y\nset yrange [0:1]\nset ytics scale 0 ('' 0)\nset ylabel '%s'\n",
          k == 0 ? range_of(f, k)->name : "");
}

static void print_end(FILE *stream) {
  fprintf(stream, "unset multiplot\n");
}

/* Calls a printer for each panel of the lower triangle and the diagonal, row by row. */
typedef void panel_printer(const xp_findings *f, int row, int column, FILE *stream);

static void print_panels(const xp_findings *f, panel_printer *diagonal, panel_printer *pair, FILE *stream) {
  for (int row = 0; row < f->shown; ++row)
    for (int column = 0; column < f->shown; ++column) {
      if (column == row) {
        print_diagonal_axes(f, row, stream);
        diagonal(f, row, column, stream);
        fprintf(stream, "unset y2tics\nunset y2label\n");
      } else if (column < row) {
        print_axis('x', range_of(f, column), row == f->shown - 1, stream);
        print_axis('y', range_of(f, row), column == 0, stream);
        pair(f, row, column, stream);
      } else {
        fprintf(stream, "set multiplot next\n");
      }
    }
}

/* ---- evaluations ---- */

static void plot_histogram(const xp_findings *f, int row, int column, FILE *stream) {
  (void)f;
  (void)column;
  fprintf(stream,
          "set y2range [0:*]\nset y2tics autofreq font 'Sans,8'\nset y2label 'trials'\n"
          "plot $bins%d using 1:2:3:4:5:6 axes x1y2 with boxxy lc '#5b8fc7' fs solid 0.9 border lc '#ffffff'\n",
          row);
}

static void plot_pairs(const xp_findings *f, int row, int column, FILE *stream) {
  print_bar(f, row == f->shown - 1 && column == row - 1, "trial", stream);
  fprintf(stream,
          "plot $trials using %d:%d:1 with points pt 7 ps 0.7 palette, "
          "$best using %d:%d with points pt 3 ps 1.8 lw 2.5 lc '#e74c3c'\n",
          column + 2, row + 2, column + 2, row + 2);
}

void xp_matrix_print_evaluations(const xp_findings *f, FILE *stream) {
  print_trials(f, stream);
  for (int k = 0; k < f->shown; ++k) print_histogram(f, k, stream);
  print_begin(f, "Values tried (star: best trial)", stream);
  print_panels(f, plot_histogram, plot_pairs, stream);
  print_end(stream);
}

/* ---- dependence ---- */

/* Least and most of the losses of all curves or maps. */
typedef struct bounds {
  double low, high;
} bounds;

static void extend(bounds *b, const double *losses, int count) {
  for (int i = 0; i < count; ++i) {
    b->low = fmin(b->low, losses[i]);
    b->high = fmax(b->high, losses[i]);
  }
}

/* Room at both ends, also around losses that are all the same. */
static bounds widen(bounds b) {
  double room = fmax(0.05 * (b.high - b.low), 1e-6 * fabs(b.high));
  return (bounds){b.low - room, b.high + room};
}

static bounds curve_bounds(const xp_findings *f) {
  bounds b = {INFINITY, -INFINITY};
  for (int k = 0; k < f->shown; ++k) extend(&b, f->curves[k], f->grids[k].count);
  return widen(b);
}

static bounds map_bounds(const xp_findings *f) {
  bounds b = {INFINITY, -INFINITY};
  for (int row = 0; row < f->shown; ++row)
    for (int column = 0; column < row; ++column)
      extend(&b, f->pairs[row * f->shown + column], f->grids[column].count * f->grids[row].count);
  return widen(b);
}

static void plot_curve(const xp_findings *f, int row, int column, FILE *stream) {
  bounds b = curve_bounds(f);
  bool real = range_of(f, row)->kind == XP_RANGE_REAL;
  (void)column;
  fprintf(stream,
          "set y2range [%.8g:%.8g]\nset y2tics autofreq font 'Sans,8'\nset format y2 '%%.3g'\nset y2label 'loss'\n"
          "plot $curve%d using 1:2 axes x1y2 with %s lw 2.5 lc '#21918c', "
          "$exact using %d:(0):(0):(1) axes x1y1 with vectors nohead lw 1.5 dt 2 lc '#e74c3c'\n",
          b.low, b.high, row, real ? "lines" : "linespoints pt 7 ps 0.8", row + 2);
}

static void plot_map(const xp_findings *f, int row, int column, FILE *stream) {
  print_bar(f, row == f->shown - 1 && column == row - 1, "loss", stream);
  fprintf(stream,
          "plot $map%d_%d using 1:2:3:4:5:6:7 with boxxy fs solid 1.0 lc palette, "
          "$trials using %d:%d with points pt 7 ps 0.35 lc '#000000', "
          "$best using %d:%d with points pt 3 ps 1.8 lw 2.5 lc '#e74c3c'\n",
          row, column, column + 2, row + 2, column + 2, row + 2);
}

void xp_matrix_print_dependence(const xp_findings *f, FILE *stream) {
  print_trials(f, stream);
  for (int row = 0; row < f->shown; ++row) {
    print_curve(f, row, stream);
    for (int column = 0; column < row; ++column) print_map(f, row, column, stream);
  }
  print_begin(f, "Expected loss, averaged over all other parameters (star, dashes: best trial)", stream);
  if (f->shown > 1) {
    bounds b = map_bounds(f);
    fprintf(stream, "set cbrange [%.8g:%.8g]\nset palette maxcolors 20\n", b.low, b.high);
  }
  print_panels(f, plot_curve, plot_map, stream);
  print_end(stream);
}
