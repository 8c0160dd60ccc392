/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap/snap_moments.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "snap/snap_model.h"
#include "snap/snap_tables.h"

static int smallest(int a, int b) {
  return a < b ? a : b;
}
static int largest(int a, int b) {
  return a > b ? a : b;
}

static int moment_count(int twojmax, int k, int l) {
  return (twojmax - k - l) / 2 + 1;
}

/* Factors: real parts of powers of a and b, imaginary parts behind each. */
static int power_a(int k) {
  return 2 * k;
}
static int power_b(int twojmax, int l) {
  return 2 * (twojmax + 1 + l);
}

/* A row of nstrips strips, of which the last has one n; counts only while there is no room yet. */
static void add_row(xp_snap_moments *m, int x, int width, int f, int nstrips) {
  int single = nstrips % 2 ? (nstrips + 1) / 2 : 0, pairs = nstrips / 2;
  if (nstrips == 0) return;
  if (m->rows) m->rows[m->nrows] = (xp_snap_row){x, width, f, m->nmoments, single, pairs};
  ++m->nrows;
  m->nmoments += 2 * width * (single + pairs * (pairs + 1));
}

/* With b^0 = 1 all powers of a; with the parts of each power of a all other powers of b. */
static void add_rows(xp_snap_moments *m, int twojmax) {
  m->nrows = m->nmoments = 0;
  add_row(m, power_b(twojmax, 0), 1, power_a(0), twojmax + 1);
  for (int k = 0; k <= twojmax; ++k) add_row(m, power_a(k), k ? 2 : 1, power_b(twojmax, 1), twojmax - k);
}

static int strip_count(const xp_snap_row *row, int strip) {
  if (row->single > 0 && strip == 0) return row->single;
  return row->pairs - (strip - (row->single > 0)) / 2;
}

/* The row with factor x, and the first moment of its strip with power f. */
static const xp_snap_row *find_row(const xp_snap_moments *m, int x) {
  const xp_snap_row *row = m->rows;
  while (row->x != x) ++row;
  return row;
}
static int find_strip(const xp_snap_row *row, int f) {
  int first = row->first;
  for (int strip = 0; row->f + 2 * strip < f; ++strip) first += 2 * row->width * strip_count(row, strip);
  return first;
}

static int sign_of(int k) {
  return (k > 0) - (k < 0);
}

/* a^(k) b^(l) in terms of the parts of a^|k| and b^|l|. */
static void find_moments(const xp_snap_moments *m, int twojmax, int k, int l, xp_snap_expansion *entry) {
  int a = power_a(abs(k)), b = power_b(twojmax, abs(l)), one = power_b(twojmax, 0);
  if (k == 0 || l == 0) {
    int only = l == 0 ? find_strip(find_row(m, one), a) : find_strip(find_row(m, power_a(0)), b);
    memcpy(entry->moment, (int[4]){only, only, only + 1, only + 1}, sizeof entry->moment);
    memcpy(entry->sign, (int[3]){0, l == 0 ? sign_of(k) : sign_of(l), 0}, sizeof entry->sign);
    return;
  }
  int real = find_strip(find_row(m, a), b), imaginary = real + 2 * moment_count(twojmax, abs(k), abs(l));
  memcpy(entry->moment, (int[4]){real, imaginary + 1, real + 1, imaginary}, sizeof entry->moment);
  memcpy(entry->sign, (int[3]){-sign_of(k) * sign_of(l), sign_of(l), sign_of(k)}, sizeof entry->sign);
}

static long double binomial(int n, int k) {
  long double result = 1.0L;
  for (int i = 1; i <= k; ++i) result = result * (n - k + i) / i;
  return result;
}

/* V^j[mb][ma] / (a^(k) b^(l)) where |a|^2 = p and |b|^2 = q: V^j[mb] has the generating polynomial
 * (conj(a) - conj(b) t)^(j-mb) (b + a t)^mb in t^ma. */
static long double polynomial(int j, int mb, int ma, long double p, long double q) {
  int k = ma + mb - j;
  long double sum = 0.0L;
  for (int s = largest(0, k); s <= smallest(mb, ma); ++s)
    sum += ((ma - s) % 2 ? -1.0L : 1.0L) * binomial(j - mb, ma - s) * binomial(mb, s) *
           powl(p, (long double)smallest(s, s - k)) * powl(q, (long double)smallest(ma - s, mb - s));
  return sum;
}

/* Chebyshev coefficients of polynomial from its values at the zeros of T_count. */
static void chebyshev(double *coefficients, int count, int j, int mb, int ma) {
  const long double pi = acosl(-1.0L);
  for (int n = 0; n < count; ++n) {
    long double sum = 0.0L;
    for (int i = 0; i < count; ++i) {
      long double angle = pi * (i + 0.5L) / count, y = cosl(angle);
      sum += polynomial(j, mb, ma, 0.5L * (1.0L + y), 0.5L * (1.0L - y)) * cosl(n * angle);
    }
    coefficients[n] = (double)(sum * (n ? 2.0L : 1.0L) / count);
  }
}

/* By number of moments, so that the kernels' loops have the same length for long. */
static void expand_entries(xp_snap_moments *m, const xp_snap_tables *t) {
  int e = 0, used = 0;
  for (int count = 1; count <= XP_SNAP_MOMENTS; ++count)
    for (int j = 0; j <= t->twojmax; ++j)
      for (int index = 0; index < t->nsum[j]; ++index) {
        int mb = index / (j + 1), ma = index % (j + 1), k = ma + mb - j, l = mb - ma;
        if (moment_count(j, abs(k), abs(l)) != count) continue;
        xp_snap_expansion *entry = &m->entries[e++];
        *entry = (xp_snap_expansion){.entry = t->ublock[j] + index, .count = count, .coefficient = used};
        find_moments(m, t->twojmax, k, l, entry);
        chebyshev((double *)m->coefficients + used, count, j, mb, ma);
        used += count;
      }
}

static void count_entries(xp_snap_moments *m, const xp_snap_tables *t) {
  for (int j = 0; j <= t->twojmax; ++j)
    for (int index = 0; index < t->nsum[j]; ++index) {
      int mb = index / (j + 1), ma = index % (j + 1);
      ++m->nentries;
      m->ncoefficients += moment_count(j, abs(ma + mb - j), abs(mb - ma));
    }
}

xp_status xp_snap_moments_new(xp_snap_moments *m, const xp_snap_tables *t, xp_error *error) {
  memset(m, 0, sizeof *m);
  add_rows(m, t->twojmax);
  count_entries(m, t);
  m->rows = xp_snap_zeroed((size_t)m->nrows, sizeof *m->rows);
  m->entries = xp_snap_zeroed((size_t)m->nentries, sizeof *m->entries);
  m->coefficients = xp_snap_zeroed((size_t)m->ncoefficients, sizeof(double));
  if (!m->rows || !m->entries || !m->coefficients) return xp_error_memory(error, "SNAP moments");
  add_rows(m, t->twojmax);
  expand_entries(m, t);
  return XP_OK;
}

void xp_snap_moments_free(xp_snap_moments *moments) {
  free(moments->rows);
  free(moments->entries);
  free(moments->coefficients);
  memset(moments, 0, sizeof *moments);
}
