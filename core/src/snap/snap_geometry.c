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
  g->square = xp_snap_zeroed(pairs, sizeof(double));
  g->scale = xp_snap_zeroed(pairs, sizeof(double));
  g->inner = xp_snap_zeroed(pairs, sizeof(double));
  g->width = xp_snap_zeroed(pairs, sizeof(double));
  if (!g->weight || !g->cutoff || !g->square || !g->scale || !g->inner || !g->width) {
    xp_snap_geometry_free(g);
    return xp_error_memory(error, "SNAP pair parameters");
  }
  for (int i = 0; i < nelements; ++i) {
    g->weight[i] = wj[i];
    for (int j = 0; j < nelements; ++j) {
      int pair = i * nelements + j;
      g->cutoff[pair] = (radelem[i] + radelem[j]) * p->rcutfac;
      g->square[pair] = g->cutoff[pair] * g->cutoff[pair];
      g->scale[pair] = 1.0 / (g->cutoff[pair] - g->rmin0);
      g->inner[pair] = p->switchinnerflag ? 0.5 * (p->sinner[i] + p->sinner[j]) : 0.0;
      g->width[pair] = p->switchinnerflag ? 0.5 * (p->dinner[i] + p->dinner[j]) : 1.0;
    }
  }
  return XP_OK;
}

void xp_snap_geometry_free(xp_snap_geometry *geometry) {
  free(geometry->weight);
  free(geometry->cutoff);
  free(geometry->square);
  free(geometry->scale);
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
  return square > SMALLEST_SQUARE && square < g->square[pair];
}

static int pair_of(const xp_snap_geometry *g, const xp_neighbourhoods *n, int atom, size_t neighbour) {
  return n->species[atom] * g->nelements + n->neighbour_species[neighbour];
}

static int label_of(const xp_snap_geometry *g, const xp_neighbourhoods *n, size_t neighbour) {
  return g->chemflag ? n->neighbour_species[neighbour] : 0;
}

void xp_snap_geometry_count(const xp_snap_geometry *g, const xp_neighbourhoods *n, int atom, int *counts) {
  for (size_t k = n->first[atom]; k < n->first[atom + 1]; ++k)
    counts[label_of(g, n, k)] += inside(g, pair_of(g, n, atom, k), n->displacements[k]);
}

static xp_status reserve(xp_snap_batch *batch, int nslots, xp_error *error) {
  batch->nslots = nslots;
  if (nslots <= batch->capacity) return XP_OK;
  /* Some room, so that thermal motion does not lead to an allocation each time the maximum grows by one. */
  int capacity = nslots + nslots / 4 + 4;
  free(batch->fields);
  free(batch->neighbours);
  batch->capacity = 0;
  batch->fields = xp_snap_aligned((size_t)capacity * XP_SNAP_FIELDS * XP_SNAP_DOUBLE_LANES);
  batch->neighbours = malloc((size_t)capacity * XP_SNAP_LANES * sizeof *batch->neighbours);
  if (!batch->fields || !batch->neighbours) return xp_error_memory(error, "SNAP neighbour lanes");
  batch->capacity = capacity;
  return XP_OK;
}

static inline void place(xp_snap_batch *batch, const xp_snap_geometry *g, const xp_neighbourhoods *n, int pair,
                         size_t k, int slot, int lane, int width) {
  double *field = batch->fields + (size_t)slot * XP_SNAP_FIELDS * width + lane;
  for (int d = 0; d < 3; ++d) field[(XP_SNAP_X + d) * width] = n->displacements[k][d];
  field[XP_SNAP_WEIGHT * width] = g->weight[n->neighbour_species[k]];
  field[XP_SNAP_SCALE * width] = g->scale[pair];
  if (g->switchinnerflag) {
    field[XP_SNAP_INNER * width] = g->inner[pair];
    field[XP_SNAP_WIDTH * width] = g->width[pair];
  }
  batch->neighbours[(size_t)slot * width + lane] = k;
}

/* No neighbour in a lane, from its next slot to end. Any finite geometry does. */
static void pad(xp_snap_batch *batch, int slot, int end, int lane, int width) {
  for (; slot < end; ++slot) {
    double *field = batch->fields + (size_t)slot * XP_SNAP_FIELDS * width + lane;
    for (int f = XP_SNAP_X; f <= XP_SNAP_WIDTH; ++f) field[f * width] = 0.0;
    field[XP_SNAP_X * width] = field[XP_SNAP_SCALE * width] = field[XP_SNAP_WIDTH * width] = 1.0;
    batch->neighbours[(size_t)slot * width + lane] = XP_SNAP_PADDING;
  }
}

/* The neighbours of an atom into one lane; fill has the first slot of each label. */
static void fill_lane(xp_snap_batch *batch, const xp_snap_geometry *g, const xp_neighbourhoods *n, int atom, int lane,
                      int width) {
  for (size_t k = n->first[atom]; k < n->first[atom + 1]; ++k) {
    int pair = pair_of(g, n, atom, k);
    if (inside(g, pair, n->displacements[k]))
      place(batch, g, n, pair, k, batch->fill[label_of(g, n, k) * XP_SNAP_LANES + lane]++, lane, width);
  }
}

xp_status xp_snap_batch_centres(xp_snap_batch *batch, const xp_snap_geometry *g, const xp_neighbourhoods *n,
                                const int *atoms, const int *counts, int count, int width, xp_error *error) {
  int nlabels = batch->nlabels, nslots = 0;
  for (int label = 0; label < nlabels; ++label) {
    int longest = 0;
    for (int lane = 0; lane < width; ++lane) {
      int own = lane < count ? counts[(size_t)atoms[lane] * (size_t)nlabels + (size_t)label] : 0;
      longest = own > longest ? own : longest;
      batch->fill[label * XP_SNAP_LANES + lane] = nslots;
    }
    batch->end[label] = nslots += longest;
  }
  xp_status status = reserve(batch, nslots, error);
  if (status != XP_OK) return status;
  for (int lane = 0; lane < count; ++lane) fill_lane(batch, g, n, atoms[lane], lane, width);
  for (int label = 0; label < nlabels; ++label)
    for (int lane = 0; lane < width; ++lane)
      pad(batch, batch->fill[label * XP_SNAP_LANES + lane], batch->end[label], lane, width);
  return XP_OK;
}

xp_status xp_snap_batch_neighbours(xp_snap_batch *batch, const xp_snap_geometry *g, const xp_neighbourhoods *n,
                                   int atom, int width, xp_error *error) {
  memset(batch->fill, 0, (size_t)batch->nlabels * XP_SNAP_LANES * sizeof *batch->fill);
  int *position = batch->fill, nslots = 0;
  xp_snap_geometry_count(g, n, atom, position);
  for (int label = 0; label < batch->nlabels; ++label) {
    int slots = (position[label] + width - 1) / width;
    position[label] = nslots * width;
    batch->end[label] = nslots += slots;
  }
  xp_status status = reserve(batch, nslots, error);
  if (status != XP_OK) return status;
  for (size_t k = n->first[atom]; k < n->first[atom + 1]; ++k) {
    int pair = pair_of(g, n, atom, k);
    if (!inside(g, pair, n->displacements[k])) continue;
    int next = position[label_of(g, n, k)]++;
    place(batch, g, n, pair, k, next / width, next % width, width);
  }
  for (int label = 0; label < batch->nlabels; ++label)
    for (int next = position[label]; next < batch->end[label] * width; ++next)
      pad(batch, next / width, next / width + 1, next % width, width);
  return XP_OK;
}
