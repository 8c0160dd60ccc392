/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/builder.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ace/grow.h"
#include "ace/split.h"

/* A node: of the base, or two others coupled to l. */
typedef struct node {
  int l, left, right, slot;
  int level;  /* factors in it */
  int degree; /* leaves that hold it */
} node;

typedef struct leaf {
  int left, right;     /* nodes */
  size_t coefficients; /* place in the list of coefficients */
} leaf;

typedef struct builder {
  const xp_ace_base *base;
  int ndensity;
  xp_precision precision;
  xp_ace_coupled *coupled;
  node *nodes; /* the base first */
  int nnodes, node_capacity;
  int *buckets; /* index of a coupled node, -1: empty */
  size_t nbuckets;
  leaf *leaves;
  int nleaves, leaf_capacity;
  double *coefficients; /* [nleaves][ndensity] */
  xp_error *error;
} builder;

static xp_status no_memory(const builder *b) {
  return xp_error_memory(b->error, "the couplings of an ACE potential");
}

static size_t bucket_of(const builder *b, int left, int right, int l) {
  uint64_t hash = ((uint64_t)(unsigned)left * 0x9e3779b97f4a7c15u) ^ ((uint64_t)(unsigned)right * 0xbf58476d1ce4e5b9u);
  hash = (hash ^ (uint64_t)(unsigned)l) * 0x94d049bb133111ebu;
  size_t bucket = (size_t)(hash ^ hash >> 31) & (b->nbuckets - 1);
  for (; b->buckets[bucket] >= 0; bucket = (bucket + 1) & (b->nbuckets - 1)) {
    const node *n = &b->nodes[b->buckets[bucket]];
    if (n->left == left && n->right == right && n->l == l) break;
  }
  return bucket;
}

static bool grow_buckets(builder *b) {
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

/* Index of the coupled node, made when new; -1: out of memory. */
static int find_node(builder *b, int left, int right, int l) {
  if (2 * (size_t)b->nnodes >= b->nbuckets && !grow_buckets(b)) return -1;
  size_t bucket = bucket_of(b, left, right, l);
  if (b->buckets[bucket] >= 0) return b->buckets[bucket];
  if (!xp_ace_grow((void **)&b->nodes, &b->node_capacity, b->nnodes, sizeof *b->nodes)) return -1;
  int level = b->nodes[left].level + b->nodes[right].level;
  b->nodes[b->nnodes] = (node){.l = l, .left = left, .right = right, .slot = -1, .level = level};
  b->buckets[bucket] = b->nnodes;
  return b->nnodes++;
}

static bool add_base(builder *b) {
  for (int n = 0; n < b->base->count; ++n) {
    if (!xp_ace_grow((void **)&b->nodes, &b->node_capacity, b->nnodes, sizeof *b->nodes)) return false;
    b->nodes[b->nnodes++] = (node){.l = b->base->l[n], .left = -1, .right = -1, .slot = b->base->slot[n], .level = 1};
  }
  return true;
}

/* The result of one part of a path. */
static int part_node(builder *b, const int *nodes, int size, const signed char *labels) {
  int at = nodes[0];
  for (int t = 1; t < size && at >= 0; ++t) at = find_node(b, at, nodes[t], labels[t]);
  return at;
}

static xp_status add_leaf(builder *b, int left, int right, const double *coefficients) {
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
  b->leaves[b->nleaves++] = (leaf){left < right ? left : right, left < right ? right : left, place};
  return XP_OK;
}

static bool is_zero(const double *coefficients, int count) {
  for (int p = 0; p < count; ++p)
    if (coefficients[p] != 0.0) return false;
  return true;
}

/* Adds the leaves of a function with the weights of its invariants. */
static xp_status add_leaves(builder *b, const xp_ace_shape *shape, const int *nodes,
                            const xp_ace_invariants *invariants, const double *weights) {
  xp_status status = XP_OK;
  for (int i = 0; i < xp_ace_invariants_count(invariants) && !status; ++i) {
    const xp_ace_path *path = xp_ace_invariants_path(invariants, i);
    if (is_zero(weights + i * b->ndensity, b->ndensity)) continue;
    int left = part_node(b, nodes, shape->nleft, path->left);
    int right = left < 0 ? -1 : part_node(b, nodes + shape->nleft, shape->rank - shape->nleft, path->right);
    status = add_leaf(b, left, right, weights + i * b->ndensity);
  }
  return status;
}

static xp_ace_shape shape_of(const builder *b, const xp_ace_split *split, const int *nodes, int rank) {
  xp_ace_shape shape;
  memset(&shape, 0, sizeof shape); /* shapes are compared as bytes */
  shape.rank = rank;
  shape.nleft = split->nleft;
  for (int t = 0; t < rank; ++t) {
    shape.ls[t] = (signed char)b->base->l[nodes[t]];
    shape.same[t] = (signed char)t;
    for (int s = t - 1; s >= 0; --s)
      if (nodes[s] == nodes[t]) shape.same[t] = (signed char)s;
  }
  return shape;
}

/* The function's lists of m in the order of the split. */
static int *reorder(const xp_ace_function *f, const xp_ace_split *split) {
  int *ms = malloc(((size_t)f->num_ms_combs * (size_t)f->rank + 1) * sizeof *ms);
  for (int q = 0; q < f->num_ms_combs && ms; ++q)
    for (int t = 0; t < f->rank; ++t) ms[q * f->rank + t] = f->ms_combs[q * f->rank + split->order[t]];
  return ms;
}

static xp_status recover(builder *b, const xp_ace_request *request, const xp_ace_split *split, xp_ace_shapes *shapes,
                         bool *taken) {
  const xp_ace_function *f = request->function;
  const xp_ace_invariants *invariants = NULL;
  int nodes[XP_ACE_COUPLED_RANK_MAX];
  for (int t = 0; t < f->rank; ++t) nodes[t] = request->nodes[(int)split->order[t]];
  xp_ace_shape shape = shape_of(b, split, nodes, f->rank);
  xp_status status = xp_ace_shapes_find(shapes, &shape, &invariants, b->error);
  if (status || !invariants) return status;
  size_t count = (size_t)xp_ace_invariants_count(invariants);
  double *weights = malloc((count * (size_t)b->ndensity + 1) * sizeof *weights);
  int *ms = reorder(f, split);
  if (!weights || !ms)
    status = no_memory(b);
  else
    status =
        xp_ace_invariants_solve(invariants, ms, f->num_ms_combs, f->ctildes, b->ndensity, weights, taken, b->error);
  if (!status && *taken) status = add_leaves(b, &shape, nodes, invariants, weights);
  free(weights);
  free(ms);
  return status;
}

/* Splits and recovers all functions of ranks that can be coupled. */
static xp_status recover_all(builder *b, const xp_ace_request *requests, int nrequests, bool *taken) {
  xp_ace_shapes *shapes = NULL;
  xp_ace_factors *factors = malloc(((size_t)nrequests + 1) * sizeof *factors);
  xp_ace_split *splits = malloc(((size_t)nrequests + 1) * sizeof *splits);
  int count = 0;
  xp_status status = factors && splits ? xp_ace_shapes_new(&shapes, b->error) : no_memory(b);
  for (int f = 0; f < nrequests && !status; ++f) {
    taken[f] = false;
    if (requests[f].function->rank <= XP_ACE_COUPLED_RANK_MAX)
      factors[count++] = (xp_ace_factors){requests[f].function->rank, requests[f].nodes};
  }
  if (!status) status = xp_ace_split_all(factors, count, b->base->l, b->ndensity, splits, b->error);
  for (int f = 0, k = 0; f < nrequests && !status; ++f)
    if (requests[f].function->rank <= XP_ACE_COUPLED_RANK_MAX)
      status = recover(b, &requests[f], &splits[k++], shapes, &taken[f]);
  xp_ace_shapes_free(shapes);
  free(factors);
  free(splits);
  return status;
}

/* Nodes by level, then by what they are made of, so that those of one coupling are neighbours. */
static int compare_nodes(const void *a, const void *b) {
  const node *x = *(node *const *)a, *y = *(node *const *)b;
  if (x->level != y->level) return x->level - y->level;
  if (x->left != y->left) return x->left < y->left ? -1 : 1;
  if (x->right != y->right) return x->right < y->right ? -1 : 1;
  return x->l - y->l;
}

static int find_type(builder *b, int l1, int l2, unsigned set, xp_status *status) {
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
  node **results;               /* of the sorted list */
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
static int list_blocks(builder *b, node **sorted, int count, block *blocks, xp_status *status) {
  int nblocks = 0;
  for (int k = 0, end = 0; k < count && !*status; k = end) {
    unsigned set = 0;
    for (end = k; end < count && sorted[end]->left == sorted[k]->left && sorted[end]->right == sorted[k]->right; ++end)
      set |= 1u << sorted[end]->l;
    const node *left = &b->nodes[sorted[k]->left], *right = &b->nodes[sorted[k]->right];
    int type = find_type(b, left->l, right->l, set, status);
    blocks[nblocks++] = (block){sorted[k]->level, type, sorted[k]->left, sorted[k]->right, sorted + k, end - k};
  }
  return nblocks;
}

static void place_couplings(builder *b, const block *blocks, int nblocks) {
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

static xp_status build_couplings(builder *b) {
  int count = b->nnodes - b->base->count;
  node **sorted = malloc(((size_t)count + 1) * sizeof *sorted);
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
  const leaf *x = a, *y = b;
  if (x->left != y->left) return x->left < y->left ? -1 : 1;
  return (x->right > y->right) - (x->right < y->right);
}

/* Adds up leaves of the same two nodes. */
static void merge_leaves(builder *b) {
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
  for (int k = 0; k < kept; ++k) {
    b->nodes[b->leaves[k].left].degree++;
    b->nodes[b->leaves[k].right].degree++;
  }
}

/* A leaf with its nodes' places, the row first. */
typedef struct placed {
  int l, row, other;
  size_t coefficients;
} placed;

static int compare_placed(const void *a, const void *b) {
  const placed *x = a, *y = b;
  if (x->l != y->l) return x->l - y->l;
  if (x->row != y->row) return x->row < y->row ? -1 : 1;
  return (x->other > y->other) - (x->other < y->other);
}

static placed place(const builder *b, const leaf *f) {
  const node *left = &b->nodes[f->left], *right = &b->nodes[f->right];
  bool first = left->degree >= right->degree;
  return (placed){left->l, first ? left->slot : right->slot, first ? right->slot : left->slot, f->coefficients};
}

static xp_status store_rows(builder *b, const placed *leaves, double *coefficients) {
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

static xp_status build_rows(builder *b) {
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
    status = store_rows(b, leaves, coefficients);
  }
  free(leaves);
  free(coefficients);
  return status;
}

xp_status xp_ace_coupled_build(xp_ace_coupled *coupled, const xp_ace_base *base, const xp_ace_request *requests,
                               int nrequests, int ndensity, xp_precision precision, bool *taken, xp_error *error) {
  *coupled = (xp_ace_coupled){.nbase = base->nslots};
  builder b = {.base = base, .ndensity = ndensity, .precision = precision, .coupled = coupled, .error = error};
  xp_status status = add_base(&b) ? XP_OK : no_memory(&b);
  if (!status) status = recover_all(&b, requests, nrequests, taken);
  if (!status) {
    merge_leaves(&b);
    status = build_couplings(&b);
  }
  if (!status) status = build_rows(&b);
  free(b.nodes);
  free(b.buckets);
  free(b.leaves);
  free(b.coefficients);
  return status;
}
