/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap/snap_geometry.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "snap/snap_memory.h"
#include "snap/snap_model.h"

/* Square of the distance below which pair_style snap ignores a neighbour, Angstrom^2. */
static const double SMALLEST_SQUARE = 1e-20;

xp_status xp_snap_geometry_new(xp_snap_geometry *g, const xp_snap_parameters *p, const double *radelem,
                               const double *wj, int nelements, xp_error *error) {
  size_t pairs = (size_t)nelements * (size_t)nelements;
  *g = (xp_snap_geometry){.nelements = nelements,
                          .rfac0 = p->rfac0,
                          .rmin0 = p->rmin0,
                          .switchflag = p->switchflag,
                          .switchinnerflag = p->switchinnerflag,
                          .chemflag = p->chemflag,
                          .wselfallflag = p->wselfallflag};
  g->weight = xp_snap_zeroed((size_t)nelements, sizeof(double));
  g->cutoff = xp_snap_zeroed(pairs, sizeof(double));
  g->inner = xp_snap_zeroed(pairs, sizeof(double));
  g->width = xp_snap_zeroed(pairs, sizeof(double));
  if (!g->weight || !g->cutoff || !g->inner || !g->width) {
    xp_snap_geometry_free(g);
    return xp_error_memory(error, "SNAP pair parameters");
  }
  for (int i = 0; i < nelements; ++i) {
    g->weight[i] = wj[i];
    for (int j = 0; j < nelements; ++j) {
      int pair = i * nelements + j;
      g->cutoff[pair] = (radelem[i] + radelem[j]) * p->rcutfac;
      g->inner[pair] = p->switchinnerflag ? 0.5 * (p->sinner[i] + p->sinner[j]) : 0.0;
      g->width[pair] = p->switchinnerflag ? 0.5 * (p->dinner[i] + p->dinner[j]) : 1.0;
    }
  }
  return XP_OK;
}

void xp_snap_geometry_free(xp_snap_geometry *geometry) {
  free(geometry->weight);
  free(geometry->cutoff);
  free(geometry->inner);
  free(geometry->width);
  memset(geometry, 0, sizeof *geometry);
}

xp_status xp_snap_batch_new(xp_snap_batch *batch, int nlabels, xp_error *error) {
  *batch = (xp_snap_batch){.nlabels = nlabels};
  batch->end = xp_snap_zeroed((size_t)nlabels, sizeof *batch->end);
  batch->fill = xp_snap_zeroed((size_t)nlabels * XP_SNAP_LANES, sizeof *batch->fill);
  if (batch->end && batch->fill) return XP_OK;
  xp_snap_batch_free(batch);
  return xp_error_memory(error, "SNAP neighbour lanes");
}

void xp_snap_batch_free(xp_snap_batch *batch) {
  free(batch->end);
  free(batch->fill);
  free(batch->fields);
  free(batch->neighbours);
  memset(batch, 0, sizeof *batch);
}

static bool inside(const xp_snap_geometry *g, int pair, const double d[3]) {
  double square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
  return square > SMALLEST_SQUARE && square < g->cutoff[pair] * g->cutoff[pair];
}

static int pair_of(const xp_snap_geometry *g, const xp_neighbourhoods *n, int atom, size_t neighbour) {
  return n->species[atom] * g->nelements + n->neighbour_species[neighbour];
}

static int label_of(const xp_snap_geometry *g, const xp_neighbourhoods *n, size_t neighbour) {
  return g->chemflag ? n->neighbour_species[neighbour] : 0;
}

int xp_snap_geometry_count(const xp_snap_geometry *g, const xp_neighbourhoods *n, int atom) {
  int count = 0;
  for (size_t k = n->first[atom]; k < n->first[atom + 1]; ++k)
    count += inside(g, pair_of(g, n, atom, k), n->displacements[k]);
  return count;
}

/* Counts of accepted neighbours by label, in one lane of fill. */
static void count_lane(xp_snap_batch *batch, const xp_snap_geometry *g, const xp_neighbourhoods *n, int atom,
                       int lane) {
  for (size_t k = n->first[atom]; k < n->first[atom + 1]; ++k)
    if (inside(g, pair_of(g, n, atom, k), n->displacements[k])) ++batch->fill[label_of(g, n, k) * XP_SNAP_LANES + lane];
}

static xp_status reserve(xp_snap_batch *batch, int nslots, int width, xp_error *error) {
  batch->nslots = nslots;
  if (nslots > batch->capacity) {
    /* Some room, so that thermal motion does not lead to an allocation each time the maximum grows by one. */
    int capacity = nslots + nslots / 4 + 4;
    free(batch->fields);
    free(batch->neighbours);
    batch->capacity = 0;
    batch->fields = xp_snap_aligned((size_t)capacity * XP_SNAP_FIELDS * XP_SNAP_DOUBLE_LANES);
    batch->neighbours = malloc((size_t)capacity * XP_SNAP_LANES * sizeof *batch->neighbours);
    if (!batch->fields || !batch->neighbours) return xp_error_memory(error, "SNAP neighbour lanes");
    batch->capacity = capacity;
  }
  for (int slot = 0; slot < nslots; ++slot)
    for (int lane = 0; lane < width; ++lane) {
      double *field = batch->fields + (size_t)slot * XP_SNAP_FIELDS * width + lane;
      for (int f = XP_SNAP_X; f <= XP_SNAP_WIDTH; ++f) field[f * width] = 0.0;
      /* Any finite geometry does. */
      field[XP_SNAP_X * width] = field[XP_SNAP_SCALE * width] = field[XP_SNAP_WIDTH * width] = 1.0;
      batch->neighbours[(size_t)slot * width + lane] = XP_SNAP_PADDING;
    }
  return XP_OK;
}

static void place(xp_snap_batch *batch, const xp_snap_geometry *g, const xp_neighbourhoods *n, int pair, size_t k,
                  int slot, int lane, int width) {
  double *field = batch->fields + (size_t)slot * XP_SNAP_FIELDS * width + lane;
  for (int d = 0; d < 3; ++d) field[(XP_SNAP_X + d) * width] = n->displacements[k][d];
  field[XP_SNAP_WEIGHT * width] = g->weight[n->neighbour_species[k]];
  field[XP_SNAP_SCALE * width] = 1.0 / (g->cutoff[pair] - g->rmin0);
  field[XP_SNAP_INNER * width] = g->inner[pair];
  field[XP_SNAP_WIDTH * width] = g->width[pair];
  batch->neighbours[(size_t)slot * width + lane] = k;
}

xp_status xp_snap_batch_centres(xp_snap_batch *batch, const xp_snap_geometry *g, const xp_neighbourhoods *n,
                                const int *atoms, int count, int width, xp_error *error) {
  memset(batch->fill, 0, (size_t)batch->nlabels * XP_SNAP_LANES * sizeof *batch->fill);
  for (int lane = 0; lane < count; ++lane) count_lane(batch, g, n, atoms[lane], lane);
  int nslots = 0;
  for (int label = 0; label < batch->nlabels; ++label) {
    int longest = 0, *fill = batch->fill + label * XP_SNAP_LANES;
    for (int lane = 0; lane < count; ++lane) {
      longest = fill[lane] > longest ? fill[lane] : longest;
      fill[lane] = nslots;
    }
    batch->end[label] = nslots += longest;
  }
  xp_status status = reserve(batch, nslots, width, error);
  if (status != XP_OK) return status;
  for (int lane = 0; lane < count; ++lane)
    for (size_t k = n->first[atoms[lane]]; k < n->first[atoms[lane] + 1]; ++k) {
      int pair = pair_of(g, n, atoms[lane], k);
      if (inside(g, pair, n->displacements[k]))
        place(batch, g, n, pair, k, batch->fill[label_of(g, n, k) * XP_SNAP_LANES + lane]++, lane, width);
    }
  return XP_OK;
}

xp_status xp_snap_batch_neighbours(xp_snap_batch *batch, const xp_snap_geometry *g, const xp_neighbourhoods *n,
                                   int atom, int width, xp_error *error) {
  memset(batch->fill, 0, (size_t)batch->nlabels * XP_SNAP_LANES * sizeof *batch->fill);
  count_lane(batch, g, n, atom, 0);
  int nslots = 0;
  for (int label = 0; label < batch->nlabels; ++label) {
    int *fill = batch->fill + label * XP_SNAP_LANES;
    int slots = (fill[0] + width - 1) / width;
    fill[0] = nslots * width;
    batch->end[label] = nslots += slots;
  }
  xp_status status = reserve(batch, nslots, width, error);
  if (status != XP_OK) return status;
  for (size_t k = n->first[atom]; k < n->first[atom + 1]; ++k) {
    int pair = pair_of(g, n, atom, k);
    if (!inside(g, pair, n->displacements[k])) continue;
    int position = batch->fill[label_of(g, n, k) * XP_SNAP_LANES]++;
    place(batch, g, n, pair, k, position / width, position % width, width);
  }
  return XP_OK;
}
