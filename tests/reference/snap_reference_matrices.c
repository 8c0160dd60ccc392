/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reference/snap_reference_matrices.h"

#include <math.h>
#include <stdlib.h>

int xp_reference_ublock(int j) {
  return j * (j + 1) * (2 * j + 1) / 6;
}

/* The Cayley-Klein parameters a and b with their Cartesian derivatives, as pair_style snap forms them. */
typedef struct cayley_klein {
  double complex a, b, da[3], db[3];
} cayley_klein;

static cayley_klein parameters_of(const xp_reference_pair *pair) {
  const xp_snap_parameters *p = pair->parameters;
  double x = pair->displacement[0], y = pair->displacement[1], z = pair->displacement[2];
  double r = sqrt(x * x + y * y + z * z), k0 = p->rfac0 * M_PI / (pair->cutoff - p->rmin0);
  double z0 = r / tan(k0 * (r - p->rmin0)), r0 = sqrt(r * r + z0 * z0);
  double dz0 = z0 / r - r * k0 * (r * r + z0 * z0) / (r * r);
  double dinverse = -(r + z0 * dz0) / (r0 * r0 * r0);
  cayley_klein ck = {.a = (z0 - I * z) / r0, .b = (y - I * x) / r0};
  for (int d = 0; d < 3; ++d) {
    double n = pair->displacement[d] / r;
    ck.da[d] = n * (dz0 / r0 + z0 * dinverse) - I * z * n * dinverse;
    ck.db[d] = n * (y - I * x) * dinverse;
  }
  ck.da[2] -= I / r0;
  ck.db[1] += 1.0 / r0;
  ck.db[0] -= I / r0;
  return ck;
}

/* Element [mb][ma] of level j from level j - 1; d is -1 for U itself, otherwise the direction of the derivative, whose
 * matrices are du. */
static double complex element(const cayley_klein *ck, const double complex *u, const double complex *du, int d, int j,
                              int mb, int ma) {
  const double complex *row = u + xp_reference_ublock(j - 1) + j * mb;
  const double complex *drow = du ? du + xp_reference_ublock(j - 1) + j * mb : NULL;
  double complex sum = 0.0;
  if (ma < j) {
    double root = sqrt((j - ma) / (double)(j - mb));
    sum += root * (d < 0 ? conj(ck->a) * row[ma] : conj(ck->da[d]) * row[ma] + conj(ck->a) * drow[ma]);
  }
  if (ma > 0) {
    double root = sqrt(ma / (double)(j - mb));
    sum -= root * (d < 0 ? conj(ck->b) * row[ma - 1] : conj(ck->db[d]) * row[ma - 1] + conj(ck->b) * drow[ma - 1]);
  }
  return sum;
}

/* All levels of U (d = -1) or of one derivative. out is u itself or the derivative's matrices. */
static void fill_levels(const cayley_klein *ck, const double complex *u, double complex *out, int d, int twojmax) {
  out[0] = d < 0 ? 1.0 : 0.0;
  for (int j = 1; j <= twojmax; ++j) {
    double complex *level = out + xp_reference_ublock(j);
    for (int mb = 0; 2 * mb <= j; ++mb)
      for (int ma = 0; ma <= j; ++ma) level[(j + 1) * mb + ma] = element(ck, u, d < 0 ? NULL : out, d, j, mb, ma);
    for (int mb = 0; 2 * mb < j; ++mb)
      for (int ma = 0; ma <= j; ++ma)
        level[(j + 1) * (j - mb) + j - ma] = ((ma + mb) % 2 ? -1.0 : 1.0) * conj(level[(j + 1) * mb + ma]);
  }
}

void xp_reference_matrices(const xp_reference_pair *pair, double complex *v, double complex *dv) {
  int twojmax = pair->parameters->twojmax, nu = xp_reference_ublock(twojmax + 1);
  cayley_klein ck = parameters_of(pair);
  fill_levels(&ck, v, v, -1, twojmax);
  for (int d = 0; d < 3 && dv; ++d) fill_levels(&ck, v, dv + d * nu, d, twojmax);
}

double xp_reference_switch(const xp_reference_pair *pair, double *slope) {
  const xp_snap_parameters *p = pair->parameters;
  const double *d = pair->displacement;
  double r = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]), outer = 1.0, douter = 0.0, inner = 1.0, dinner = 0.0;
  if (p->switchflag && r > p->rmin0) {
    double k = M_PI / (pair->cutoff - p->rmin0);
    outer = 0.5 * (cos(k * (r - p->rmin0)) + 1.0);
    douter = -0.5 * k * sin(k * (r - p->rmin0));
  }
  if (p->switchinnerflag && r < pair->inner + pair->width) {
    double argument = M_PI_2 + M_PI_2 * (r - pair->inner) / pair->width;
    bool below = r <= pair->inner - pair->width;
    inner = below ? 0.0 : 0.5 * (1.0 - cos(argument));
    dinner = below ? 0.0 : 0.5 * M_PI_2 / pair->width * sin(argument);
  }
  *slope = douter * inner + outer * dinner;
  return outer * inner;
}

static double factorial(int n) {
  return tgamma(n + 1.0);
}

double xp_reference_clebsch_gordan(int j1, int m1, int j2, int m2, int j) {
  int aa = 2 * m1 - j1, bb = 2 * m2 - j2, cc = aa + bb;
  if (abs(cc) > j) return 0.0;
  double sum = 0.0;
  for (int z = 0; z <= (j1 + j2 - j) / 2; ++z) {
    int arguments[6] = {
        z, (j1 + j2 - j) / 2 - z, (j1 - aa) / 2 - z, (j2 + bb) / 2 - z, (j - j2 + aa) / 2 + z, (j - j1 - bb) / 2 + z};
    double term = z % 2 ? -1.0 : 1.0;
    for (int k = 0; k < 6; ++k) term = arguments[k] < 0 ? 0.0 : term / factorial(arguments[k]);
    sum += term;
  }
  double delta = factorial((j1 + j2 - j) / 2) * factorial((j1 - j2 + j) / 2) * factorial((j2 - j1 + j) / 2) /
                 factorial((j1 + j2 + j) / 2 + 1);
  double norm = (j + 1) * factorial((j1 + aa) / 2) * factorial((j1 - aa) / 2) * factorial((j2 + bb) / 2) *
                factorial((j2 - bb) / 2) * factorial((j + cc) / 2) * factorial((j - cc) / 2);
  return sqrt(delta * norm) * sum;
}
