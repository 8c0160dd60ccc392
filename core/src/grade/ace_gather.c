/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grade/ace_gather.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void xp_ace_gather_clear(xp_ace_gather *g) {
  xp_order_clear(&g->order);
  xp_canonical_clear(&g->canonical);
  free(g->sorted);
  *g = (xp_ace_gather){0};
}

static xp_status reserve(xp_ace_gather *g, int nelements, const xp_neighbourhoods *n, xp_error *error) {
  size_t total = n->first[n->natoms];
  g->most = 0;
  for (int a = 0; a < n->natoms; ++a)
    if (n->first[a + 1] - n->first[a] > g->most) g->most = n->first[a + 1] - n->first[a];
  if (total > g->capacity) {
    free(g->sorted);
    g->sorted = malloc(total * sizeof *g->sorted);
    g->capacity = g->sorted ? total : 0;
    if (!g->sorted) return xp_error_memory(error, "sorted neighbours");
  }
  xp_status status = xp_order_reserve(&g->order, n->natoms, nelements, error);
  return status ? status : xp_canonical_reserve(&g->canonical, g->most * (size_t)nelements, error);
}

static xp_status too_close(const xp_training_pair *pair, int atom, double r, xp_error *error) {
  return xp_error_set(
      error, XP_ERROR_RANGE,
      "atom %d has a neighbour %g Angstrom away, below the %g Angstrom at which the radial functions of "
      "this potential begin; remove the structure or correct it",
      atom + 1, r, pair->minimum);
}

static inline double square_of(const double d[3]) {
  return d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
}

/* Neighbours of an atom within the cutoff, a species in its own part of the room, which has `most` places. */
static xp_status collect(xp_canonical *to, size_t most, const xp_training_centre *centre, const int *elements,
                         const xp_neighbourhoods *n, int atom, int *counts, xp_error *error) {
  for (size_t k = n->first[atom]; k < n->first[atom + 1]; ++k) {
    const int species = elements[n->neighbour_species[k]];
    const xp_training_pair *pair = &centre->pairs[species];
    const double square = square_of(n->displacements[k]);
    if (square >= pair->radial.cutoff * pair->radial.cutoff) continue;
    if (!(square > 0.0 && square >= pair->minimum * pair->minimum)) /* also not-a-number */
      return too_close(pair, atom, sqrt(square), error);
    const size_t at = (size_t)species * most + (size_t)counts[species]++;
    to->squares[at] = square;
    to->index[at] = (int)(k - n->first[atom]);
  }
  return XP_OK;
}

static xp_status sort_atom(xp_ace_gather *g, const xp_ace_fit *fit, const int *elements, const xp_neighbourhoods *n,
                           int atom, xp_error *error) {
  int *counts = g->order.counts + (size_t)atom * (size_t)fit->nelements, *sorted = g->sorted + n->first[atom];
  xp_status status =
      collect(&g->canonical, g->most, &fit->centres[elements[n->species[atom]]], elements, n, atom, counts, error);
  for (int j = 0; j < fit->nelements && !status; sorted += counts[j++])
    xp_canonical_order(&g->canonical, (size_t)j * g->most, (size_t)counts[j], n->displacements + n->first[atom],
                       sorted);
  return status;
}

xp_status xp_ace_gather_sort(xp_ace_gather *g, const xp_ace_fit *fit, const int *elements, int nelements,
                             const xp_neighbourhoods *n, xp_error *error) {
  xp_status status = reserve(g, fit->nelements, n, error);
  for (int atom = 0; atom < n->natoms && !status; ++atom) status = sort_atom(g, fit, elements, n, atom, error);
  return status ? status : xp_order_sort(&g->order, n, nelements, error);
}

static const int *counts_of(const xp_ace_gather *g, int atom) {
  return g->order.counts + (size_t)atom * (size_t)g->order.nlabels;
}

/* Lengths of the padded lists: of every species the longest of the lanes. */
static void count_rows(const xp_ace_gather *g, xp_ace_fit_scratch *s, int natoms) {
  int *first = s->batch.first, nelements = g->order.nlabels;
  memset(first, 0, ((size_t)nelements + 1) * sizeof *first);
  for (int lane = 0; lane < natoms; ++lane)
    for (int j = 0; j < nelements; ++j) {
      const int own = counts_of(g, s->atoms[lane])[j];
      first[j + 1] = own > first[j + 1] ? own : first[j + 1];
    }
  for (int j = 0; j < nelements; ++j) first[j + 1] += first[j];
}

static const double nowhere[3] = {0.0, 0.0, 0.0};

static void set_displacement(xp_ace_fit_scratch *s, int row, int lane, const double displacement[3]) {
  for (int d = 0; d < 3; ++d) s->batch.unit[(3 * row + d) * s->lanes + lane] = displacement[d];
}

static void fill_lane(const xp_ace_gather *g, xp_ace_fit_scratch *s, const xp_neighbourhoods *n, int lane) {
  const int atom = s->atoms[lane], *first = s->batch.first;
  const int *sorted = atom == XP_TRAINING_NO_ATOM ? NULL : g->sorted + n->first[atom];
  for (int j = 0; j < g->order.nlabels; ++j) {
    const int own = sorted ? counts_of(g, atom)[j] : 0;
    for (int i = 0; i < own; ++i)
      set_displacement(s, first[j] + i, lane, n->displacements[n->first[atom] + (size_t)sorted[i]]);
    for (int row = first[j] + own; row < first[j + 1]; ++row) set_displacement(s, row, lane, nowhere);
    if (sorted) sorted += own;
  }
}

xp_status xp_ace_gather_batch(const xp_ace_gather *g, xp_ace_fit_scratch *s, const int *elements,
                              const xp_neighbourhoods *n, int begin, int *natoms, xp_error *error) {
  *natoms = xp_order_batch(&g->order, n, begin, s->lanes);
  for (int lane = 0; lane < s->lanes; ++lane)
    s->atoms[lane] = lane < *natoms ? g->order.atoms[begin + lane] : XP_TRAINING_NO_ATOM;
  s->batch.centre = &s->batch.fit->centres[elements[n->species[s->atoms[0]]]];
  count_rows(g, s, *natoms);
  xp_status status = xp_training_reserve(s, s->batch.first[g->order.nlabels], error);
  if (status) return status;
  for (int lane = 0; lane < s->lanes; ++lane) fill_lane(g, s, n, lane);
  XP_KERNEL_SELECT_DOUBLE(xp_training_place)(s);
  return XP_OK;
}
