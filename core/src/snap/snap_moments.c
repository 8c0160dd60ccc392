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

/* Highest l of a row: the phases with k + l < 0, and k + l = 0 where k <= 0, belong to outputs. */
static int last_l(int twojmax, int k) {
  return k > 0 ? -k - 1 : smallest(-k, twojmax + k);
}

static int moment_count(int twojmax, int k, int l) {
  return (twojmax - abs(k) - abs(l)) / 2 + 1;
}

static xp_status index_phases(xp_snap_moments *m, int twojmax, xp_error *error) {
  for (int pass = 0; pass < 2; ++pass) {
    m->nrows = m->nphases = m->nmoments = 0;
    for (int k = -twojmax; k - twojmax <= last_l(twojmax, k); ++k) {
      if (pass == 1) m->rows[m->nrows] = (xp_snap_phase_row){.k = k, .first = m->nphases, .middle = m->nphases};
      for (int l = abs(k) - twojmax; l <= last_l(twojmax, k); ++l) {
        int count = moment_count(twojmax, k, l);
        if (pass == 1) {
          m->phases[m->nphases] = (xp_snap_phase){l, m->nmoments, count};
          if (l < 0) m->rows[m->nrows].middle = m->nphases + 1;
        }
        ++m->nphases;
        m->nmoments += count;
      }
      if (pass == 1) m->rows[m->nrows].end = m->nphases;
      ++m->nrows;
    }
    if (pass == 1) return XP_OK;
    m->rows = xp_snap_zeroed((size_t)m->nrows, sizeof *m->rows);
    m->phases = xp_snap_zeroed((size_t)m->nphases, sizeof *m->phases);
    if (!m->rows || !m->phases) break;
  }
  return xp_error_memory(error, "SNAP phases");
}

static int first_moment(const xp_snap_moments *m, int k, int l) {
  const xp_snap_phase_row *row = m->rows;
  while (row->k != k) ++row;
  return m->phases[row->first + l - m->phases[row->first].l].first;
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
        if (moment_count(j, k, l) != count) continue;
        m->entries[e++] = (xp_snap_expansion){t->ublock[j] + index, first_moment(m, k, l), count, used};
        chebyshev((double *)m->coefficients + used, count, j, mb, ma);
        used += count;
      }
}

xp_status xp_snap_moments_new(xp_snap_moments *m, const xp_snap_tables *t, xp_error *error) {
  memset(m, 0, sizeof *m);
  xp_status status = index_phases(m, t->twojmax, error);
  if (status != XP_OK) return status;
  m->nentries = m->nmoments;
  for (int phase = 0; phase < m->nphases; ++phase)
    m->ncoefficients += m->phases[phase].count * (m->phases[phase].count + 1) / 2;
  m->entries = xp_snap_zeroed((size_t)m->nentries, sizeof *m->entries);
  m->coefficients = xp_snap_zeroed((size_t)m->ncoefficients, sizeof(double));
  if (!m->entries || !m->coefficients) return xp_error_memory(error, "SNAP phases");
  expand_entries(m, t);
  return XP_OK;
}

void xp_snap_moments_free(xp_snap_moments *moments) {
  free(moments->rows);
  free(moments->phases);
  free(moments->entries);
  free(moments->coefficients);
  memset(moments, 0, sizeof *moments);
}
