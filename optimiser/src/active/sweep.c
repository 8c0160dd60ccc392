/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "active/sweep.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fit/factor.h"

/* Rows of a product of matrices. */
#define BLOCK 128

xp_status xp_peaks_init(xp_peaks *peaks, int n, const long *chosen, xp_error *error) {
  *peaks = (xp_peaks){.n = n,
                      .chosen = chosen,
                      .values = xp_numbers_new((size_t)n),
                      .atoms = calloc((size_t)n + 1, sizeof *peaks->atoms)};
  for (int k = 0; k < n && peaks->atoms; ++k) peaks->atoms[k] = -1;
  return peaks->values && peaks->atoms ? XP_OK : xp_error_memory(error, "the active set");
}

void xp_peaks_clear(xp_peaks *peaks) {
  free(peaks->values);
  free(peaks->atoms);
  *peaks = (xp_peaks){0};
}

/* Of equal values that of the first atom counts, whoever finds it. */
static void raise(xp_peaks *peaks, int k, double value, long atom) {
  if (value < peaks->values[k] || (value == peaks->values[k] && peaks->atoms[k] >= 0 && peaks->atoms[k] <= atom))
    return;
  peaks->values[k] = value;
  peaks->atoms[k] = atom;
}

/* What a thread has found. */
typedef struct finding {
  xp_peaks *peaks;     /* [nelements] */
  double *coordinates; /* [BLOCK][largest n] */
} finding;

typedef struct search {
  const xp_sweep *sweep;
  finding *findings; /* [threads] */
} search;

static int compare(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return (x > y) - (x < y);
}

static void look_at(xp_peaks *peaks, long atom, const double *coordinates) {
  peaks->largest = fmax(peaks->largest, fabs(coordinates[cblas_idamax(peaks->n, coordinates, 1)]));
  if (bsearch(&atom, peaks->chosen, (size_t)peaks->n, sizeof atom, compare)) return;
  for (int k = 0; k < peaks->n; ++k)
    if (fabs(coordinates[k]) >= peaks->values[k]) raise(peaks, k, fabs(coordinates[k]), atom);
}

static void look(finding *f, int element, const double *rows, int count, long first, const double *inverse) {
  xp_peaks *peaks = &f->peaks[element];
  int n = peaks->n;
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, count, n, n, 1.0, rows, n, inverse, n, 0.0, f->coordinates, n);
  for (int i = 0; i < count; ++i) look_at(peaks, first + i, f->coordinates + (size_t)i * (size_t)n);
}

static xp_status visit_peaks(void *user, const xp_environments_reader *reader, int unit, int thread, xp_error *error) {
  const search *s = user;
  const xp_environments *e = s->sweep->environments;
  (void)error;
  for (int element = 0; element < e->nelements; ++element) {
    int rows = xp_environments_rows(e, unit, element);
    for (int at = 0; at < rows && s->sweep->inverses[element]; at += BLOCK)
      look(&s->findings[thread], element, reader->rows[element] + (size_t)at * (size_t)e->sizes[element],
           rows - at < BLOCK ? rows - at : BLOCK, e->units[unit].first[element] + at, s->sweep->inverses[element]);
  }
  return XP_OK;
}

static xp_status open_finding(finding *f, const xp_environments *e, const xp_peaks *peaks, xp_error *error) {
  int most = 0;
  f->peaks = calloc((size_t)e->nelements + 1, sizeof *f->peaks);
  if (!f->peaks) return xp_error_memory(error, "the active set");
  for (int element = 0; element < e->nelements; ++element) {
    xp_status status = xp_peaks_init(&f->peaks[element], e->sizes[element], peaks[element].chosen, error);
    if (status != XP_OK) return status;
    most = e->sizes[element] > most ? e->sizes[element] : most;
  }
  f->coordinates = xp_numbers_new(BLOCK * (size_t)most);
  return f->coordinates ? XP_OK : xp_error_memory(error, "the active set");
}

static void close_finding(finding *f, const xp_environments *e) {
  for (int element = 0; f->peaks && element < e->nelements; ++element) xp_peaks_clear(&f->peaks[element]);
  free(f->peaks);
  free(f->coordinates);
}

static void collect(const finding *f, const xp_environments *e, xp_peaks *peaks) {
  for (int element = 0; element < e->nelements; ++element) {
    const xp_peaks *found = &f->peaks[element];
    peaks[element].largest = fmax(peaks[element].largest, found->largest);
    for (int k = 0; k < found->n; ++k)
      if (found->atoms[k] >= 0) raise(&peaks[element], k, found->values[k], found->atoms[k]);
  }
}

static void forget(xp_peaks *peaks) {
  peaks->largest = 0.0;
  for (int k = 0; k < peaks->n; ++k) {
    peaks->values[k] = 0.0;
    peaks->atoms[k] = -1;
  }
}

xp_status xp_sweep_peaks(const xp_sweep *sweep, xp_peaks *peaks, xp_error *error) {
  const xp_environments *e = sweep->environments;
  search s = {sweep, calloc((size_t)sweep->threads, sizeof *s.findings)};
  xp_status status = s.findings ? XP_OK : xp_error_memory(error, "the active set");
  for (int t = 0; t < sweep->threads && status == XP_OK; ++t) status = open_finding(&s.findings[t], e, peaks, error);
  xp_environments_walk walk = {
      .visit = visit_peaks, .user = &s, .threads = sweep->threads, .report = sweep->report, .stage = sweep->stage};
  if (status == XP_OK) status = xp_environments_visit(e, &walk, error);
  for (int element = 0; element < e->nelements; ++element) forget(&peaks[element]);
  for (int t = 0; t < sweep->threads && status == XP_OK; ++t) collect(&s.findings[t], e, peaks);
  for (int t = 0; t < sweep->threads && s.findings; ++t) close_finding(&s.findings[t], e);
  free(s.findings);
  return status;
}

typedef struct fetch {
  const xp_environments *environments;
  xp_wanted *wanted; /* [nelements] */
} fetch;

/* Place of the first wanted atom that is not before this one. */
static int lower_bound(const xp_wanted *wanted, long atom) {
  int low = 0, high = wanted->count;
  while (low < high) {
    int middle = low + (high - low) / 2;
    if (wanted->atoms[middle] < atom)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static bool has_wanted(const void *user, int unit) {
  const fetch *f = user;
  for (int element = 0; element < f->environments->nelements; ++element) {
    const xp_wanted *wanted = &f->wanted[element];
    int at = lower_bound(wanted, f->environments->units[unit].first[element]);
    if (at < wanted->count && wanted->atoms[at] < f->environments->units[unit + 1].first[element]) return true;
  }
  return false;
}

static xp_status visit_wanted(void *user, const xp_environments_reader *reader, int unit, int thread, xp_error *error) {
  const fetch *f = user;
  (void)thread;
  (void)error;
  for (int element = 0; element < f->environments->nelements; ++element) {
    const xp_wanted *wanted = &f->wanted[element];
    size_t n = (size_t)f->environments->sizes[element];
    long first = f->environments->units[unit].first[element], end = f->environments->units[unit + 1].first[element];
    for (int at = lower_bound(wanted, first); at < wanted->count && wanted->atoms[at] < end; ++at)
      memcpy(wanted->rows + (size_t)at * n, reader->rows[element] + (size_t)(wanted->atoms[at] - first) * n,
             n * sizeof *wanted->rows);
  }
  return XP_OK;
}

xp_status xp_sweep_fetch(const xp_sweep *sweep, xp_wanted *wanted, xp_error *error) {
  fetch f = {sweep->environments, wanted};
  xp_environments_walk walk = {.visit = visit_wanted,
                               .user = &f,
                               .wanted = has_wanted,
                               .threads = sweep->threads,
                               .report = sweep->report,
                               .stage = sweep->stage};
  return xp_environments_visit(sweep->environments, &walk, error);
}
