/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/adjoint_image.h"

#include <stdbool.h>
#include <stdlib.h>

#include "image/extend.h"

/* Most leaves of a node and most terms of a gather: no more than some hundreds of operations, so that the longest of them is
 * short beside what each of 64 workers has to do for a large model. Cuts cost slots, more for nodes. */
enum { NODE_LEAVES = 48, GATHER_TERMS = 64 };

typedef struct leaf_entry {
  int slot, leaf, sign;
} leaf_entry;

typedef struct term {
  int adjoint, value;
  double weight;
} term;

/* A slot whose number is added to the adjoint of another one. */
typedef struct part {
  int target, slot;
} part;

/* Lists while they are made. Leaves are sorted by vector, terms by adjoint: entries first[k] ... first[k + 1] - 1. */
typedef struct lists {
  const xp_network *network;
  int *first_leaf; /* [nvectors + 2] */
  leaf_entry *leaves;
  int *first_term; /* [nadjoints + 2] */
  term *terms;
  part *parts;
  int nparts;
  int nadjoints;
} lists;

/* Pieces of nearly the same length that a list is cut into, at least one. */
static int pieces_of(int length, int most) {
  return length > most ? (length - 1) / most + 1 : 1;
}

static int count_terms(const xp_network *network) {
  int count = 0;
  for (int q = 0; q < network->ncouplings; ++q) count += 2 * network->types[network->couplings[q].record.type].nterms;
  return count;
}

/* Slots and parts that nodes and gathers need at most. */
static size_t count_slots(const xp_network *network) {
  size_t longest = 0, cuts = 2 * (size_t)network->nleaves / NODE_LEAVES;
  for (int v = 0; v < network->nvectors; ++v)
    if ((size_t)network->vectors[v].n > longest) longest = (size_t)network->vectors[v].n;
  return (size_t)network->nadjoints + (size_t)count_terms(network) / GATHER_TERMS + longest * cuts;
}

static xp_status allocate(lists *l, const xp_network *network, xp_error *error) {
  size_t terms = (size_t)count_terms(network), adjoints = (size_t)network->nadjoints;
  *l = (lists){.network = network, .nadjoints = network->nadjoints};
  l->first_leaf = calloc((size_t)network->nvectors + 2, sizeof *l->first_leaf);
  l->leaves = malloc((2 * (size_t)network->nleaves + 1) * sizeof *l->leaves);
  l->first_term = calloc(adjoints + 2, sizeof *l->first_term);
  l->terms = malloc((terms + 1) * sizeof *l->terms);
  l->parts = malloc((count_slots(network) + 1) * sizeof *l->parts);
  if (l->first_leaf && l->leaves && l->first_term && l->terms && l->parts) return XP_OK;
  return xp_error_memory(error, "the adjoints of an ACE image");
}

static void clear(lists *l) {
  free(l->first_leaf);
  free(l->leaves);
  free(l->first_term);
  free(l->terms);
  free(l->parts);
}

/* Counts, one place behind, become the places where the next entry goes; when all have gone, first[k] is where those of k
 * begin. */
static void find_places(int *first, int count) {
  for (int k = 1; k <= count; ++k) first[k + 1] += first[k];
}

static void sort_leaves(lists *l) {
  const xp_network *w = l->network;
  for (int k = 0; k < w->nleaves; ++k) {
    ++l->first_leaf[w->leaves[k].own + 2];
    ++l->first_leaf[w->leaves[k].other + 2];
  }
  find_places(l->first_leaf, w->nvectors);
  for (int k = 0; k < w->nleaves; ++k) {
    const xp_network_leaf *leaf = &w->leaves[k];
    l->leaves[l->first_leaf[leaf->own + 1]++] = (leaf_entry){w->vectors[leaf->other].slot, k, leaf->sign};
    l->leaves[l->first_leaf[leaf->other + 1]++] = (leaf_entry){w->vectors[leaf->own].slot, k, leaf->sign};
  }
}

/* What a term of a coupling gives: to is the adjoint. */
typedef void (*visitor)(lists *l, int to, term t);

static void count_term(lists *l, int to, term t) {
  (void)t;
  ++l->first_term[to + 2];
}

static void place_term(lists *l, int to, term t) {
  l->terms[l->first_term[to + 1]++] = t;
}

static void visit_terms(lists *l, const xp_image_store *store, visitor visit) {
  const xp_network *w = l->network;
  for (const xp_network_coupling *q = w->couplings; q < w->couplings + w->ncouplings; ++q) {
    const xp_ace_image_type *type = &w->types[q->record.type];
    const xp_network_vector *x = &w->vectors[q->left], *y = &w->vectors[q->right];
    const int *first = store->indices + type->first;
    for (int r = 0; r < type->noutputs; ++r)
      for (int k = first[r]; k < first[r + 1]; ++k) {
        int i = store->indices[type->terms + k] % XP_ACE_IMAGE_TERM,
            j = store->indices[type->terms + k] / XP_ACE_IMAGE_TERM;
        double weight = store->numbers[type->weights + k];
        visit(l, x->adjoint + i, (term){q->record.out + r, y->slot + j, weight});
        visit(l, y->adjoint + j, (term){q->record.out + r, x->slot + i, weight});
      }
  }
}

/* ---- nodes ---- */

/* The same number of components beside each other, for their loops; then heavy ones first, so that the last ones fill gaps. */
static int compare_nodes(const void *left, const void *right) {
  const xp_ace_image_node *a = left, *b = right;
  if (a->n != b->n) return a->n > b->n ? -1 : 1;
  if (a->nleaves != b->nleaves) return a->nleaves > b->nleaves ? -1 : 1;
  return (a->slot > b->slot) - (a->slot < b->slot);
}

/* Some leaves of a vector; those of a part go to slots of its own. */
static void put_node(xp_ace_image *image, lists *l, const xp_network_vector *vector, xp_ace_image_node node,
                     bool part_of_sum) {
  if (part_of_sum) {
    node.slot = l->nadjoints;
    for (int i = 0; i < node.n; ++i) l->parts[l->nparts++] = (part){vector->slot + node.first + i, l->nadjoints++};
  }
  image->nodes[image->nnodes++] = node;
}

static void put_nodes(xp_ace_image *image, xp_image_store *store, lists *l, int v) {
  const xp_network_vector *vector = &l->network->vectors[v];
  const leaf_entry *entries = l->leaves + l->first_leaf[v];
  int nleaves = l->first_leaf[v + 1] - l->first_leaf[v], chunks = pieces_of(vector->n, XP_ACE_IMAGE_NODE);
  int leaves = store->nindices, length = (vector->n - 1) / chunks + 1;
  for (int k = 0; k < nleaves; ++k) {
    xp_image_put_index(store, entries[k].slot);
    xp_image_put_index(store, entries[k].leaf);
    xp_image_put_index(store, entries[k].sign);
  }
  for (int first = 0; first < vector->n; first += length) {
    int n = length < vector->n - first ? length : vector->n - first;
    for (int from = 0, pieces = pieces_of(nleaves, NODE_LEAVES); pieces > 0; --pieces) {
      int count = (nleaves - from) / pieces;
      put_node(
          image, l, vector,
          (xp_ace_image_node){
              .n = n, .first = first, .slot = vector->adjoint + first, .leaves = leaves + 3 * from, .nleaves = count},
          from > 0);
      from += count;
    }
  }
}

/* ---- gathers ---- */

static int compare_gathers(const void *left, const void *right) {
  const xp_ace_image_gather *a = left, *b = right;
  if (a->nterms != b->nterms) return a->nterms > b->nterms ? -1 : 1;
  return (a->slot > b->slot) - (a->slot < b->slot);
}

static void put_gather(xp_ace_image *image, xp_image_store *store, int slot, bool add, const term *terms, int count) {
  image->gathers[image->ngathers++] = (xp_ace_image_gather){
      .slot = slot, .add = add, .terms = store->nindices, .nterms = count, .weights = store->nnumbers};
  for (int k = 0; k < count; ++k) {
    xp_image_put_index(store, terms[k].adjoint);
    xp_image_put_index(store, terms[k].value);
    xp_image_put_number(store, terms[k].weight);
  }
}

/* One component of a vector: its first terms go to its adjoint, the others to parts. */
static void put_component(xp_ace_image *image, xp_image_store *store, lists *l, const xp_network_vector *vector,
                          int i) {
  int adjoint = vector->adjoint + i, target = vector->slot + i;
  const term *terms = l->terms + l->first_term[adjoint];
  int left = l->first_term[adjoint + 1] - l->first_term[adjoint];
  if (adjoint != target) l->parts[l->nparts++] = (part){target, adjoint};
  for (int pieces = pieces_of(left, GATHER_TERMS), slot = adjoint; left > 0; --pieces) {
    int count = left / pieces;
    if (slot != adjoint) l->parts[l->nparts++] = (part){target, slot};
    put_gather(image, store, slot, slot == adjoint, terms, count);
    slot = l->nadjoints;
    if (pieces > 1) ++l->nadjoints;
    terms += count;
    left -= count;
  }
}

static int compare_parts(const void *left, const void *right) {
  const part *a = left, *b = right;
  if (a->target != b->target) return a->target < b->target ? -1 : 1;
  return (a->slot > b->slot) - (a->slot < b->slot);
}

static void put_sums(xp_ace_image *image, xp_image_store *store, lists *l) {
  if (l->nparts > 0) qsort(l->parts, (size_t)l->nparts, sizeof *l->parts, compare_parts);
  for (int k = 0; k < l->nparts; ++k) {
    if (k == 0 || l->parts[k].target != l->parts[k - 1].target)
      image->sums[image->nsums++] = (xp_ace_image_sum){.slot = l->parts[k].target, .parts = store->nindices};
    xp_image_put_index(store, l->parts[k].slot);
    ++image->sums[image->nsums - 1].nparts;
  }
  l->nparts = 0;
}

static void put_level(xp_ace_image *image, xp_image_store *store, lists *l, int level, xp_ace_image_level *record) {
  record->first_gather = image->ngathers;
  record->first_sum = image->nsums;
  for (int v = 0; v < l->network->nvectors; ++v) {
    const xp_network_vector *vector = &l->network->vectors[v];
    if (vector->level != level) continue;
    put_nodes(image, store, l, v);
    for (int i = 0; i < vector->n; ++i) put_component(image, store, l, vector, i);
  }
  put_sums(image, store, l);
  record->end_gather = image->ngathers;
  record->end_sum = image->nsums;
  if (record->end_gather > record->first_gather)
    qsort(image->gathers + record->first_gather, (size_t)(record->end_gather - record->first_gather),
          sizeof *image->gathers, compare_gathers);
}

static xp_status reserve(xp_ace_image *image, const xp_network *network, xp_error *error) {
  size_t slots = count_slots(network);
  XP_IMAGE_EXTEND(nodes, nnodes, slots);
  XP_IMAGE_EXTEND(gathers, ngathers, slots);
  XP_IMAGE_EXTEND(sums, nsums, (size_t)network->nslots);
  return XP_OK;
}

static void put_adjoints(xp_ace_image *image, xp_image_store *store, lists *l, xp_ace_image_centre *centre) {
  centre->first_node = image->nnodes;
  for (int level = 0; level < l->network->nlevels; ++level)
    put_level(image, store, l, level, &image->levels[centre->first_level + level]);
  centre->end_node = image->nnodes;
  centre->nadjoints = l->nadjoints;
  qsort(image->nodes + centre->first_node, (size_t)(centre->end_node - centre->first_node), sizeof *image->nodes,
        compare_nodes);
}

xp_status xp_image_add_adjoints(xp_ace_image *image, xp_image_store *store, const xp_network *network,
                                xp_ace_image_centre *centre, xp_error *error) {
  lists l;
  xp_status status = allocate(&l, network, error);
  if (status == XP_OK) status = reserve(image, network, error);
  if (status == XP_OK) {
    sort_leaves(&l);
    visit_terms(&l, store, count_term);
    find_places(l.first_term, network->nadjoints);
    visit_terms(&l, store, place_term);
    put_adjoints(image, store, &l, centre);
  }
  clear(&l);
  return status;
}
