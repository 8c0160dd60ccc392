/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/assembly.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ace/grow.h"

static xp_status no_memory(const xp_ace_assembly *b) {
  return xp_error_memory(b->error, "the couplings of an ACE potential");
}

static size_t bucket_of(const xp_ace_assembly *b, int left, int right, int l) {
  uint64_t hash = ((uint64_t)(unsigned)left * 0x9e3779b97f4a7c15u) ^ ((uint64_t)(unsigned)right * 0xbf58476d1ce4e5b9u);
  hash = (hash ^ (uint64_t)(unsigned)l) * 0x94d049bb133111ebu;
  size_t bucket = (size_t)(hash ^ hash >> 31) & (b->nbuckets - 1);
  for (; b->buckets[bucket] >= 0; bucket = (bucket + 1) & (b->nbuckets - 1)) {
    const xp_ace_node *n = &b->nodes[b->buckets[bucket]];
    if (n->left == left && n->right == right && n->l == l) break;
  }
  return bucket;
}

static bool grow_buckets(xp_ace_assembly *b) {
  size_t wanted = b->nbuckets ? 2 * b->nbuckets : 1024;
  int *buckets = malloc(wanted * sizeof *buckets);
  if (!buckets) return false;
  free(b->buckets);
  b->buckets = buckets;
  b->nbuckets = wanted;
  for (size_t k = 0; k < wanted; ++k) buckets[k] = -1;
  for (int n = b->base->count; n < b->nnodes; ++n)
    buckets[bucket_of(b, b->nodes[n].left, b->nodes[n].right, b->nodes[n].l)] = n;
  return true;
}

int xp_ace_assembly_couple(xp_ace_assembly *b, int left, int right, int l) {
  if (2 * (size_t)b->nnodes >= b->nbuckets && !grow_buckets(b)) return -1;
  size_t bucket = bucket_of(b, left, right, l);
  if (b->buckets[bucket] >= 0) return b->buckets[bucket];
  if (!xp_ace_grow((void **)&b->nodes, &b->node_capacity, b->nnodes, sizeof *b->nodes)) return -1;
  int level = b->nodes[left].level + b->nodes[right].level;
  b->nodes[b->nnodes] = (xp_ace_node){.l = l, .left = left, .right = right, .slot = -1, .level = level};
  b->buckets[bucket] = b->nnodes;
  return b->nnodes++;
}

static bool add_base(xp_ace_assembly *b) {
  for (int n = 0; n < b->base->count; ++n) {
    if (!xp_ace_grow((void **)&b->nodes, &b->node_capacity, b->nnodes, sizeof *b->nodes)) return false;
    b->nodes[b->nnodes++] =
        (xp_ace_node){.l = b->base->l[n], .left = -1, .right = -1, .slot = b->base->slot[n], .level = 1};
  }
  return true;
}

xp_status xp_ace_assembly_begin(xp_ace_assembly *assembly, xp_ace_coupled *coupled, const xp_ace_base *base,
                                int ndensity, xp_precision precision, xp_error *error) {
  *coupled = (xp_ace_coupled){.nbase = base->nslots};
  *assembly =
      (xp_ace_assembly){.base = base, .ndensity = ndensity, .precision = precision, .coupled = coupled, .error = error};
  return add_base(assembly) ? XP_OK : no_memory(assembly);
}

void xp_ace_assembly_clear(xp_ace_assembly *assembly) {
  free(assembly->nodes);
  free(assembly->buckets);
  free(assembly->leaves);
  free(assembly->coefficients);
}

xp_status xp_ace_assembly_add_leaf(xp_ace_assembly *b, int left, int right, int tag, const double *coefficients) {
  size_t ndensity = (size_t)b->ndensity;
  int capacity = b->leaf_capacity;
  if (left < 0 || right < 0) return no_memory(b);
  if (!xp_ace_grow((void **)&b->leaves, &b->leaf_capacity, b->nleaves, sizeof *b->leaves)) return no_memory(b);
  if (b->leaf_capacity != capacity) {
    double *grown = realloc(b->coefficients, (size_t)b->leaf_capacity * ndensity * sizeof *grown);
    if (!grown) return no_memory(b);
    b->coefficients = grown;
  }
  size_t place = (size_t)b->nleaves * ndensity;
  memcpy(b->coefficients + place, coefficients, ndensity * sizeof *coefficients);
  b->leaves[b->nleaves++] = (xp_ace_leaf){left < right ? left : right, left < right ? right : left, tag, place};
  return XP_OK;
}

/* Nodes by level, then by what they are made of, so that those of one coupling are neighbours. */
static int compare_nodes(const void *a, const void *b) {
  const xp_ace_node *x = *(xp_ace_node *const *)a, *y = *(xp_ace_node *const *)b;
  if (x->level != y->level) return x->level - y->level;
  if (x->left != y->left) return x->left < y->left ? -1 : 1;
  if (x->right != y->right) return x->right < y->right ? -1 : 1;
  return x->l - y->l;
}

static int find_type(xp_ace_assembly *b, int l1, int l2, unsigned set, xp_status *status) {
  xp_ace_coupled *c = b->coupled;
  for (int t = 0; t < c->ntypes; ++t)
    if (c->types[t].l1 == l1 && c->types[t].l2 == l2 && c->types[t].set == set) return t;
  xp_ace_coupling_type *types = realloc(c->types, ((size_t)c->ntypes + 1) * sizeof *types);
  if (!types) {
    *status = no_memory(b);
    return -1;
  }
  c->types = types;
  *status = xp_ace_coupling_type_build(&types[c->ntypes], l1, l2, set, b->precision, b->error);
  if (types[c->ntypes].nz > c->nz_max) c->nz_max = types[c->ntypes].nz;
  return c->ntypes++;
}

/* A coupling while they are put in order. */
typedef struct block {
  int level, type, left, right; /* nodes */
  xp_ace_node **results;        /* of the sorted list */
  int count;
} block;

static int compare_blocks(const void *a, const void *b) {
  const block *x = a, *y = b;
  if (x->level != y->level) return x->level - y->level;
  if (x->type != y->type) return x->type - y->type;
  if (x->left != y->left) return x->left < y->left ? -1 : 1;
  return (x->right > y->right) - (x->right < y->right);
}

/* Groups sorted nodes into couplings; returns their number. */
static int list_blocks(xp_ace_assembly *b, xp_ace_node **sorted, int count, block *blocks, xp_status *status) {
  int nblocks = 0;
  for (int k = 0, end = 0; k < count && !*status; k = end) {
    unsigned set = 0;
    for (end = k; end < count && sorted[end]->left == sorted[k]->left && sorted[end]->right == sorted[k]->right; ++end)
      set |= 1u << sorted[end]->l;
    const xp_ace_node *left = &b->nodes[sorted[k]->left], *right = &b->nodes[sorted[k]->right];
    int type = find_type(b, left->l, right->l, set, status);
    blocks[nblocks++] = (block){sorted[k]->level, type, sorted[k]->left, sorted[k]->right, sorted + k, end - k};
  }
  return nblocks;
}

static void place_couplings(xp_ace_assembly *b, const block *blocks, int nblocks) {
  xp_ace_coupled *c = b->coupled;
  c->nslots = c->nbase;
  for (int k = 0; k < nblocks; ++k) {
    const block *q = &blocks[k];
    c->couplings[k] = (xp_ace_coupling){q->type, b->nodes[q->left].slot, b->nodes[q->right].slot, c->nslots};
    for (int r = 0; r < q->count; ++r) {
      q->results[r]->slot = c->nslots;
      c->nslots += 2 * q->results[r]->l + 1;
    }
  }
  c->ncouplings = nblocks;
}

static xp_status build_couplings(xp_ace_assembly *b) {
  int count = b->nnodes - b->base->count;
  xp_ace_node **sorted = malloc(((size_t)count + 1) * sizeof *sorted);
  block *blocks = malloc(((size_t)count + 1) * sizeof *blocks);
  b->coupled->couplings = malloc(((size_t)count + 1) * sizeof *b->coupled->couplings);
  xp_status status = sorted && blocks && b->coupled->couplings ? XP_OK : no_memory(b);
  if (!status) {
    for (int k = 0; k < count; ++k) sorted[k] = &b->nodes[b->base->count + k];
    qsort(sorted, (size_t)count, sizeof *sorted, compare_nodes);
    int nblocks = list_blocks(b, sorted, count, blocks, &status);
    if (!status) {
      qsort(blocks, (size_t)nblocks, sizeof *blocks, compare_blocks);
      place_couplings(b, blocks, nblocks);
    }
  }
  free(sorted);
  free(blocks);
  return status;
}

static int compare_leaves(const void *a, const void *b) {
  const xp_ace_leaf *x = a, *y = b;
  if (x->left != y->left) return x->left < y->left ? -1 : 1;
  return (x->right > y->right) - (x->right < y->right);
}

void xp_ace_assembly_merge(xp_ace_assembly *b) {
  int kept = 0;
  if (b->nleaves > 0) qsort(b->leaves, (size_t)b->nleaves, sizeof *b->leaves, compare_leaves);
  for (int k = 0; k < b->nleaves; ++k) {
    if (kept > 0 && compare_leaves(&b->leaves[kept - 1], &b->leaves[k]) == 0) {
      double *sum = b->coefficients + b->leaves[kept - 1].coefficients,
             *more = b->coefficients + b->leaves[k].coefficients;
      for (int p = 0; p < b->ndensity; ++p) sum[p] += more[p];
    } else {
      b->leaves[kept++] = b->leaves[k];
    }
  }
  b->nleaves = kept;
}

/* A leaf with its nodes' places, the row first. */
typedef struct placed {
  int l, row, other;
  int tag;
  size_t coefficients;
} placed;

static int compare_placed(const void *a, const void *b) {
  const placed *x = a, *y = b;
  if (x->l != y->l) return x->l - y->l;
  if (x->row != y->row) return x->row < y->row ? -1 : 1;
  return (x->other > y->other) - (x->other < y->other);
}

static placed place(const xp_ace_assembly *b, const xp_ace_leaf *f) {
  const xp_ace_node *left = &b->nodes[f->left], *right = &b->nodes[f->right];
  bool first = left->degree >= right->degree;
  return (placed){left->l, first ? left->slot : right->slot, first ? right->slot : left->slot, f->tag, f->coefficients};
}

static xp_status store_rows(xp_ace_assembly *b, const placed *leaves, double *coefficients) {
  xp_ace_coupled *c = b->coupled;
  size_t bytes = (size_t)b->ndensity * sizeof(double);
  for (int k = 0; k < b->nleaves; ++k) {
    if (k == 0 || leaves[k].row != leaves[k - 1].row) c->rows[c->nrows++] = (xp_ace_row){leaves[k].l, leaves[k].row, k};
    c->leaf[k] = leaves[k].other;
    memcpy(coefficients + (size_t)k * (size_t)b->ndensity, b->coefficients + leaves[k].coefficients, bytes);
    if (k - c->rows[c->nrows - 1].first >= c->row_max) c->row_max = k - c->rows[c->nrows - 1].first + 1;
  }
  c->rows[c->nrows] = (xp_ace_row){0, 0, b->nleaves};
  c->nleaves = b->nleaves;
  return xp_reals_new(&c->coefficient, coefficients, (size_t)b->nleaves * (size_t)b->ndensity, b->precision, b->error);
}

static void count_degrees(xp_ace_assembly *b) {
  for (int k = 0; k < b->nleaves; ++k) {
    b->nodes[b->leaves[k].left].degree++;
    b->nodes[b->leaves[k].right].degree++;
  }
}

static xp_status build_rows(xp_ace_assembly *b, int *tags) {
  xp_ace_coupled *c = b->coupled;
  size_t n = (size_t)b->nleaves + 1;
  placed *leaves = malloc(n * sizeof *leaves);
  double *coefficients = malloc(n * (size_t)b->ndensity * sizeof *coefficients);
  c->rows = malloc(n * sizeof *c->rows);
  c->leaf = malloc(n * sizeof *c->leaf);
  xp_status status = leaves && coefficients && c->rows && c->leaf ? XP_OK : no_memory(b);
  if (!status) {
    for (int k = 0; k < b->nleaves; ++k) leaves[k] = place(b, &b->leaves[k]);
    if (b->nleaves > 0) qsort(leaves, (size_t)b->nleaves, sizeof *leaves, compare_placed);
    for (int k = 0; k < b->nleaves && tags; ++k) tags[k] = leaves[k].tag;
    status = store_rows(b, leaves, coefficients);
  }
  free(leaves);
  free(coefficients);
  return status;
}

xp_status xp_ace_assembly_finish(xp_ace_assembly *b, int *tags) {
  count_degrees(b);
  xp_status status = build_couplings(b);
  return status ? status : build_rows(b, tags);
}
