/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "potential/zbl.h"

#include <math.h>
#include <stdlib.h>

#include "structure/element.h"

static const double COULOMB = 14.399645; /* e^2/(4 pi eps0), eV Angstrom, with the digits of LAMMPS's metal units */
static const double LENGTH = 0.46850;    /* Angstrom */
static const double POWER = 0.23;

enum { TERMS = 4 };

static const double AMPLITUDES[TERMS] = {0.02817, 0.28022, 0.50986, 0.18175};
static const double DECAYS[TERMS] = {0.20162, 0.40290, 0.94229, 3.19980};

/* Screened repulsion phi(r) and a switch that makes energy, force and curvature vanish at outer:
 * phi + c, and above inner a/3 t^3 + b/4 t^4 more, t = r - inner. */
typedef struct pair {
  double charge; /* eV Angstrom */
  double length; /* Angstrom */
  double a, b, c;
} pair;

struct xp_zbl {
  int nelements;
  double inner, outer;
  pair *pairs; /* [nelements][nelements] */
};

static double screened(const pair *p, double r, double *slope, double *curvature) {
  double sum = 0.0, first = 0.0, second = 0.0;
  for (int t = 0; t < TERMS; ++t) {
    double k = DECAYS[t] / p->length, e = AMPLITUDES[t] * exp(-k * r);
    sum += e;
    first -= k * e;
    second += k * k * e;
  }
  double scale = p->charge / r;
  *slope = scale * (first - sum / r);
  *curvature = scale * (second - 2.0 * first / r + 2.0 * sum / (r * r));
  return scale * sum;
}

static pair make_pair(int zi, int zj, double inner, double outer) {
  pair p = {.charge = COULOMB * zi * zj, .length = LENGTH / (pow(zi, POWER) + pow(zj, POWER))};
  double slope, curvature, width = outer - inner;
  double energy = screened(&p, outer, &slope, &curvature);
  p.a = (-3.0 * slope + width * curvature) / (width * width);
  p.b = (2.0 * slope - width * curvature) / (width * width * width);
  p.c = -energy + 0.5 * width * slope - width * width * curvature / 12.0;
  return p;
}

xp_status xp_zbl_new(xp_zbl **result, const char *const *elements, int nelements, double inner, double outer,
                     xp_error *error) {
  *result = NULL;
  for (int e = 0; e < nelements; ++e)
    if (!xp_element_number(elements[e]))
      return xp_error_set(error, XP_ERROR_INPUT, "zbl needs the atomic number of %s, which is no element up to Lr",
                          elements[e]);
  xp_zbl *zbl = calloc(1, sizeof *zbl);
  if (zbl) zbl->pairs = malloc((size_t)nelements * (size_t)nelements * sizeof *zbl->pairs);
  if (!zbl || !zbl->pairs) {
    free(zbl);
    return xp_error_memory(error, "a ZBL repulsion");
  }
  zbl->nelements = nelements;
  zbl->inner = inner;
  zbl->outer = outer;
  for (int i = 0; i < nelements; ++i)
    for (int j = 0; j < nelements; ++j)
      zbl->pairs[i * nelements + j] =
          make_pair(xp_element_number(elements[i]), xp_element_number(elements[j]), inner, outer);
  *result = zbl;
  return XP_OK;
}

void xp_zbl_free(xp_zbl *zbl) {
  if (!zbl) return;
  free(zbl->pairs);
  free(zbl);
}

double xp_zbl_inner(const xp_zbl *zbl) {
  return zbl->inner;
}

double xp_zbl_outer(const xp_zbl *zbl) {
  return zbl->outer;
}

static double switched(const xp_zbl *zbl, const pair *p, double r, double *slope) {
  double curvature, energy = screened(p, r, slope, &curvature) + p->c;
  if (r <= zbl->inner) return energy;
  double t = r - zbl->inner;
  *slope += t * t * (p->a + p->b * t);
  return energy + t * t * t * (p->a / 3.0 + p->b * t / 4.0);
}

/* Half of the energy of neighbour k; adds its gradient. */
static double add_neighbour(const xp_zbl *zbl, const pair *p, const double displacement[3], double *gradient) {
  double square = 0.0, slope;
  for (int d = 0; d < 3; ++d) square += displacement[d] * displacement[d];
  if (!(square < zbl->outer * zbl->outer)) return 0.0;
  double r = sqrt(square), energy = switched(zbl, p, r, &slope);
  for (int d = 0; d < 3 && gradient; ++d) gradient[d] += 0.5 * slope * displacement[d] / r;
  return 0.5 * energy;
}

void xp_zbl_add(const xp_zbl *zbl, const xp_neighbourhoods *n, const xp_evaluation *out) {
  for (int atom = 0; atom < n->natoms; ++atom) {
    const pair *pairs = &zbl->pairs[n->species[atom] * zbl->nelements];
    double energy = 0.0;
    for (size_t k = n->first[atom]; k < n->first[atom + 1]; ++k)
      energy += add_neighbour(zbl, &pairs[n->neighbour_species[k]], n->displacements[k],
                              out->gradient ? out->gradient[k] : NULL);
    if (out->energy) out->energy[atom] += energy;
  }
}
