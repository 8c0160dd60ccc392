/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap/snap_tables.h"

#include <stdlib.h>
#include <string.h>

#include "snap/snap_model.h"
#include "snap/snap_stream.h"

enum { LEVELS = XP_SNAP_TWOJMAX_LIMIT + 1 };

/* Position of each triple in the coefficient order, for triples with j2 <= j1 <= j. */
typedef int triple_index[LEVELS][LEVELS][LEVELS];

static int highest(int twojmax, int j1, int j2) {
  return j1 + j2 < twojmax ? j1 + j2 : twojmax;
}

xp_status xp_snap_triples_new(int (**triples)[3], int twojmax, xp_error *error) {
  *triples = xp_snap_zeroed((size_t)xp_snap_nbispectrum(twojmax), sizeof **triples);
  if (!*triples) return xp_error_memory(error, "bispectrum indices");
  int k = 0;
  for (int j1 = 0; j1 <= twojmax; ++j1)
    for (int j2 = 0; j2 <= j1; ++j2)
      for (int j = j1 - j2; j <= highest(twojmax, j1, j2); j += 2)
        if (j >= j1) {
          int *triple = (*triples)[k++];
          triple[0] = j1;
          triple[1] = j2;
          triple[2] = j;
        }
  return XP_OK;
}

static void index_levels(xp_snap_tables *t) {
  for (int j = 0; j <= t->twojmax; ++j) {
    t->ublock[j + 1] = t->ublock[j] + (j + 1) * (j + 1);
    t->nsum[j] = j % 2 ? (j + 1) * (j + 1) / 2 : j / 2 * (j + 1) + j / 2 + 1;
  }
  t->nu = t->ublock[t->twojmax + 1];
}

static xp_status index_blocks(xp_snap_tables *t, xp_error *error) {
  for (int pass = 0; pass < 2; ++pass) {
    t->nblocks = t->nz = 0;
    for (int j1 = 0; j1 <= t->twojmax; ++j1)
      for (int j2 = 0; j2 <= j1; ++j2)
        for (int j = j1 - j2; j <= highest(t->twojmax, j1, j2); j += 2) {
          if (pass == 1) t->blocks[t->nblocks] = (xp_snap_block){j1, j2, j, t->nz, t->nsum[j]};
          ++t->nblocks;
          t->nz += t->nsum[j];
        }
    if (pass == 1) return XP_OK;
    t->blocks = xp_snap_zeroed((size_t)t->nblocks, sizeof *t->blocks);
    if (!t->blocks) break;
  }
  return xp_error_memory(error, "SNAP index lists");
}

static int component_of(const xp_snap_tables *t, int triple, int e1, int e2, int e3) {
  return ((e1 * t->nlabels + e2) * t->nlabels + e3) * t->ntriples + triple;
}

static int z_of(const xp_snap_tables *t, const xp_snap_block *block, int e1, int e2) {
  return (e1 * t->nlabels + e2) * t->nz + block->z;
}

static int u_of(const xp_snap_tables *t, int label, int j) {
  return label * t->nu + t->ublock[j];
}

static xp_status index_components(xp_snap_tables *t, triple_index index, bool bnormflag, xp_error *error) {
  int n = t->nlabels;
  t->ncomponents = t->ntriples * n * n * n;
  t->components = xp_snap_zeroed((size_t)t->ncomponents, sizeof *t->components);
  if (!t->components) return xp_error_memory(error, "SNAP index lists");
  for (int b = 0; b < t->nblocks; ++b) {
    const xp_snap_block *block = &t->blocks[b];
    if (block->j < block->j1) continue;
    for (int label = 0; label < n * n * n; ++label) {
      int e1 = label / (n * n), e2 = label / n % n, e3 = label % n;
      t->components[component_of(t, index[block->j1][block->j2][block->j], e1, e2, e3)] =
          (xp_snap_component){.z = z_of(t, block, e1, e2),
                              .u = u_of(t, e3, block->j),
                              .n = block->n,
                              .zero = bnormflag ? 1.0 : block->j + 1.0,
                              .equal = e1 == e2 && e2 == e3,
                              .label = e3};
    }
  }
  return XP_OK;
}

/* Adds a term, or its factor to the equal one that this block and target already have. */
static void add_slot(xp_snap_tables *t, int from, xp_snap_slot slot) {
  for (int s = from; s < t->nslots; ++s)
    if (t->slots[s].component == slot.component) {
      t->slots[s].factor += slot.factor;
      return;
    }
  t->slots[t->nslots++] = slot;
}

/* The derivative of every component that the block is a factor of, with respect to conj(V) of label e3. Where two j are
 * equal the block appears in components that differ by a swap of labels. */
static void add_slots(xp_snap_tables *t, triple_index index, const xp_snap_block *block, const int e[3],
                      bool bnormflag) {
  int j1 = block->j1, j2 = block->j2, j = block->j, from = t->nslots, count = 1, triple;
  int components[3];
  if (j >= j1) {
    triple = index[j1][j2][j];
    components[0] = component_of(t, triple, e[0], e[1], e[2]);
    if (j == j1) components[count++] = component_of(t, triple, e[2], e[1], e[0]);
    if (j == j1 && j == j2) components[count++] = component_of(t, triple, e[0], e[2], e[1]);
  } else if (j >= j2) {
    triple = index[j][j2][j1];
    components[0] = component_of(t, triple, e[2], e[1], e[0]);
    if (j == j2) components[count++] = component_of(t, triple, e[1], e[2], e[0]);
  } else {
    triple = index[j2][j][j1];
    components[0] = component_of(t, triple, e[1], e[2], e[0]);
  }
  for (int c = 0; c < count; ++c)
    add_slot(t, from,
             (xp_snap_slot){.component = components[c],
                            .partner = components[0],
                            .z = z_of(t, block, e[0], e[1]),
                            .target = u_of(t, e[2], j),
                            .n = block->n,
                            .j = j,
                            .label = e[2],
                            .factor = j < j1 && !bnormflag ? (j1 + 1.0) / (j + 1.0) : 1.0});
}

static xp_status index_slots(xp_snap_tables *t, triple_index index, bool bnormflag, xp_error *error) {
  enum { MOST_TERMS = 3 }; /* of one block and target */
  int n = t->nlabels;
  t->slots = xp_snap_zeroed((size_t)t->nblocks * n * n * n * MOST_TERMS, sizeof *t->slots);
  if (!t->slots) return xp_error_memory(error, "SNAP index lists");
  for (int b = 0; b < t->nblocks; ++b)
    for (int label = 0; label < n * n * n; ++label)
      add_slots(t, index, &t->blocks[b], (int[3]){label / (n * n), label / n % n, label % n}, bnormflag);
  return XP_OK;
}

/* Slots of one block and target follow each other. */
static xp_status index_targets(xp_snap_tables *t, xp_error *error) {
  int nlevels = t->twojmax + 1;
  t->links = xp_snap_zeroed((size_t)t->nslots, sizeof *t->links);
  t->targets = xp_snap_zeroed((size_t)t->nlabels * (size_t)nlevels, sizeof *t->targets);
  if (!t->links || !t->targets) return xp_error_memory(error, "SNAP index lists");
  for (int label = 0; label < t->nlabels; ++label)
    for (int j = 0; j < nlevels; ++j) {
      xp_snap_target *target = &t->targets[t->ntargets++];
      *target = (xp_snap_target){u_of(t, label, j), t->nsum[j], t->nlinks, t->nlinks};
      for (int s = 0; s < t->nslots; ++s) {
        if (t->slots[s].target != target->target) continue;
        if (t->nlinks > target->first && t->links[t->nlinks - 1].z == t->slots[s].z)
          t->links[t->nlinks - 1].end = s + 1;
        else
          t->links[t->nlinks++] = (xp_snap_link){t->slots[s].z, s, s + 1};
      }
      target->end = t->nlinks;
    }
  return XP_OK;
}

static xp_status fill(xp_snap_tables *t, const xp_snap_parameters *p, xp_error *error) {
  triple_index index = {{{0}}};
  index_levels(t);
  t->ntriples = xp_snap_nbispectrum(t->twojmax);
  xp_status status = xp_snap_triples_new(&t->triples, t->twojmax, error);
  if (status != XP_OK) return status;
  for (int k = 0; k < t->ntriples; ++k) index[t->triples[k][0]][t->triples[k][1]][t->triples[k][2]] = k;
  status = index_blocks(t, error);
  if (status == XP_OK) status = xp_snap_moments_new(&t->moments, t, error);
  if (status == XP_OK) status = index_components(t, index, p->bnormflag, error);
  if (status == XP_OK) status = index_slots(t, index, p->bnormflag, error);
  if (status == XP_OK) status = index_targets(t, error);
  if (status == XP_OK) status = xp_snap_stream_new(&t->same, t, true, p->bnormflag, error);
  if (status == XP_OK && t->nlabels > 1) status = xp_snap_stream_new(&t->mixed, t, false, p->bnormflag, error);
  return status;
}

/* The factors of a block of slots are enough for the factors and derivatives of one slot. */
static size_t scratch_vectors(const xp_snap_tables *t) {
  size_t evaluation = (size_t)t->moments.nmoments + XP_SNAP_BLOCK * (size_t)XP_SNAP_FACTORS(t->twojmax);
  size_t derivative = 2 * (size_t)t->nu;
  size_t most = evaluation > derivative ? evaluation : derivative;
  for (const xp_snap_target *target = t->targets; target < t->targets + t->ntargets; ++target) {
    size_t nlinks = (size_t)(target->end - target->first);
    most = nlinks > most ? nlinks : most;
  }
  return most;
}

xp_status xp_snap_tables_new(xp_snap_tables **tables, const xp_snap_parameters *parameters, int nelements,
                             xp_error *error) {
  *tables = NULL;
  xp_snap_tables *t = calloc(1, sizeof *t);
  if (!t) return xp_error_memory(error, "SNAP index lists");
  t->twojmax = parameters->twojmax;
  t->nlabels = parameters->chemflag ? nelements : 1;
  xp_status status = fill(t, parameters, error);
  if (status != XP_OK) {
    xp_snap_tables_free(t);
    return status;
  }
  t->scratch = scratch_vectors(t);
  *tables = t;
  return XP_OK;
}

void xp_snap_tables_round(xp_snap_tables *tables) {
  xp_snap_stream_round(&tables->same);
  xp_snap_stream_round(&tables->mixed);
  xp_snap_round(tables->moments.coefficients, (size_t)tables->moments.ncoefficients);
}

void xp_snap_tables_free(xp_snap_tables *tables) {
  if (!tables) return;
  free(tables->triples);
  free(tables->components);
  free(tables->blocks);
  free(tables->slots);
  free(tables->links);
  free(tables->targets);
  xp_snap_stream_free(&tables->same);
  xp_snap_stream_free(&tables->mixed);
  xp_snap_moments_free(&tables->moments);
  free(tables);
}
