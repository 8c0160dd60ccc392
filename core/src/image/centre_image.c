/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/centre_image.h"

#include <stdlib.h>
#include <string.h>

/* What a vector's adjoint costs, and where it goes. */
typedef struct entry {
  int vector;
  int group; /* kind and level: base, half, then levels */
  long work;
} entry;

/* Heavy vectors first, so that the last workers of a group have little left to do. */
static int compare_entries(const void *left, const void *right) {
  const entry *a = left, *b = right;
  if (a->group != b->group) return a->group < b->group ? -1 : 1;
  if (a->work != b->work) return a->work > b->work ? -1 : 1;
  return (a->vector > b->vector) - (a->vector < b->vector);
}

static void count_work(const xp_network *network, entry *entries) {
  for (int v = 0; v < network->nvectors; ++v) {
    const xp_network_vector *vector = &network->vectors[v];
    entries[v] = (entry){v, vector->kind == XP_NETWORK_COUPLED ? vector->level + 1 : (int)vector->kind, 0};
  }
  for (int k = 0; k < network->nleaves; ++k) {
    entries[network->leaves[k].own].work += network->vectors[network->leaves[k].own].n;
    entries[network->leaves[k].other].work += network->vectors[network->leaves[k].other].n;
  }
  for (int q = 0; q < network->ncouplings; ++q) {
    const xp_network_coupling *coupling = &network->couplings[q];
    entries[coupling->left].work += network->types[coupling->record.type].nterms;
    entries[coupling->right].work += network->types[coupling->record.type].nterms;
  }
}

/* Items that belong to a vector, for all vectors: items item[first[v]] ... item[first[v + 1] - 1], in ascending order. An item is
 * 2 k for the first vector of leaf or coupling k, 2 k + 1 for its second. */
typedef struct membership {
  int *first; /* [nvectors + 1] */
  int *item;
} membership;

typedef int (*vector_of)(const xp_network *network, int item);

static int leaf_vector(const xp_network *network, int item) {
  const xp_network_leaf *leaf = &network->leaves[item / 2];
  return item % 2 ? leaf->other : leaf->own;
}

static int coupling_vector(const xp_network *network, int item) {
  const xp_network_coupling *coupling = &network->couplings[item / 2];
  return item % 2 ? coupling->right : coupling->left;
}

static xp_status find_members(membership *m, const xp_network *network, int nitems, vector_of of, xp_error *error) {
  m->first = calloc((size_t)network->nvectors + 2, sizeof *m->first);
  m->item = malloc(((size_t)nitems + 1) * sizeof *m->item);
  if (!m->first || !m->item) return xp_error_memory(error, "an ACE image");
  int *fill = m->first + 1; /* counts of the vector before, then where the next item goes */
  for (int k = 0; k < nitems; ++k) ++fill[of(network, k) + 1];
  for (int v = 0; v < network->nvectors; ++v) fill[v + 1] += fill[v];
  for (int k = 0; k < nitems; ++k) m->item[fill[of(network, k)]++] = k;
  return XP_OK;
}

static void clear_members(membership *m) {
  free(m->first);
  free(m->item);
}

/* Leaves and couplings of all vectors. */
typedef struct members {
  membership leaves, couplings;
} members;

static void put_lists(xp_image_store *store, const xp_network *network, const members *m, int vector,
                      xp_ace_image_node *node) {
  node->leaves = store->nindices;
  node->nleaves = m->leaves.first[vector + 1] - m->leaves.first[vector];
  for (int k = m->leaves.first[vector]; k < m->leaves.first[vector + 1]; ++k) {
    int item = m->leaves.item[k], other = leaf_vector(network, item ^ 1);
    xp_image_put_index(store, network->vectors[other].slot);
    xp_image_put_index(store, item / 2);
    xp_image_put_index(store, network->leaves[item / 2].sign);
  }
  node->uses = store->nindices;
  node->nuses = m->couplings.first[vector + 1] - m->couplings.first[vector];
  for (int k = m->couplings.first[vector]; k < m->couplings.first[vector + 1]; ++k) {
    xp_image_put_index(store, m->couplings.item[k] / 2);
    xp_image_put_index(store, m->couplings.item[k] % 2);
  }
}

typedef struct output {
  int type, output, coupling;
} output;

static int compare_outputs(const void *left, const void *right) {
  const output *a = left, *b = right;
  if (a->type != b->type) return a->type < b->type ? -1 : 1;
  if (a->output != b->output) return a->output < b->output ? -1 : 1;
  return (a->coupling > b->coupling) - (a->coupling < b->coupling);
}

/* Outputs of one level. */
static xp_status put_outputs(xp_image_store *store, const xp_network *network, int level, xp_ace_image_level *record,
                             xp_error *error) {
  int count = 0;
  for (int q = 0; q < network->ncouplings; ++q)
    if (network->couplings[q].level == level) count += network->types[network->couplings[q].record.type].noutputs;
  output *outputs = malloc(((size_t)count + 1) * sizeof *outputs);
  if (!outputs) return xp_error_memory(error, "the levels of an ACE image");
  for (int q = 0, at = 0; q < network->ncouplings; ++q) {
    int type = network->couplings[q].record.type;
    for (int r = 0; network->couplings[q].level == level && r < network->types[type].noutputs; ++r)
      outputs[at++] = (output){type, r, q};
  }
  qsort(outputs, (size_t)count, sizeof *outputs, compare_outputs);
  record->outputs = store->nindices;
  record->noutputs = count;
  for (int k = 0; k < count; ++k) {
    xp_image_put_index(store, outputs[k].coupling);
    xp_image_put_index(store, outputs[k].output);
  }
  free(outputs);
  return XP_OK;
}

static void put_leaves(xp_ace_image *image, xp_image_store *store, const xp_network *network, int ndensity,
                       xp_ace_image_centre *centre) {
  size_t numbers = (size_t)network->nleaves * (size_t)ndensity;
  centre->nleaves = network->nleaves;
  centre->leaf = xp_image_add_indices(store, (size_t)network->nleaves);
  centre->coefficient = xp_image_add_numbers(store, numbers);
  if (store->failed) return;
  memcpy(store->numbers + centre->coefficient, network->coefficients, numbers * sizeof(double));
  centre->first_row = image->nrows;
  for (int k = 0; k < network->nleaves; ++k) {
    const xp_network_leaf *leaf = &network->leaves[k], *before = leaf - 1;
    store->indices[centre->leaf + k] = network->vectors[leaf->other].slot;
    if (k == 0 || leaf->own != before->own || leaf->sign != before->sign) {
      const xp_network_vector *own = &network->vectors[leaf->own];
      image->rows[image->nrows++] = (xp_ace_image_row){leaf->sign ? own->n : 1, own->slot, leaf->sign, k, k};
    }
    image->rows[image->nrows - 1].end = k + 1;
  }
  centre->end_row = image->nrows;
}

/* Nodes in groups; begin[group] and begin[group + 1] are their ranges. */
static void put_nodes(xp_ace_image *image, xp_image_store *store, const xp_network *network, const members *m,
                      const entry *entries, int ngroups, int *begin) {
  for (int group = 0, v = 0; group < ngroups; ++group) {
    begin[group] = image->nnodes;
    for (; v < network->nvectors && entries[v].group == group; ++v) {
      const xp_network_vector *vector = &network->vectors[entries[v].vector];
      xp_ace_image_node *node = &image->nodes[image->nnodes++];
      *node = (xp_ace_image_node){.n = vector->n, .slot = vector->slot};
      put_lists(store, network, m, entries[v].vector, node);
    }
    begin[group + 1] = image->nnodes;
  }
}

static xp_status put_levels(xp_ace_image *image, xp_image_store *store, const xp_network *network, const int *begin,
                            xp_error *error) {
  xp_status status = XP_OK;
  for (int level = 1; level <= network->nlevels && status == XP_OK; ++level) {
    xp_ace_image_level *record = &image->levels[image->nlevels++];
    *record = (xp_ace_image_level){.first_node = begin[level + 1], .end_node = begin[level + 2]};
    status = put_outputs(store, network, level, record, error);
  }
  return status;
}

/* Types and couplings, which count from the image's first. */
static void put_couplings(xp_ace_image *image, const xp_network *network, xp_ace_image_centre *centre) {
  centre->first_coupling = image->ncouplings;
  for (int q = 0; q < network->ncouplings; ++q) {
    image->couplings[image->ncouplings] = network->couplings[q].record;
    image->couplings[image->ncouplings++].type += image->ntypes;
  }
  if (network->ntypes > 0)
    memcpy(image->types + image->ntypes, network->types, (size_t)network->ntypes * sizeof *network->types);
  image->ntypes += network->ntypes;
}

xp_status xp_image_add_network(xp_ace_image *image, xp_image_store *store, const xp_network *network, int ndensity,
                               xp_ace_image_centre *centre, xp_error *error) {
  int ngroups = network->nlevels + 2;
  entry *entries = malloc(((size_t)network->nvectors + 1) * sizeof *entries);
  int *begin = calloc((size_t)ngroups + 1, sizeof *begin);
  members m = {{0}, {0}};
  xp_status status = entries && begin ? XP_OK : xp_error_memory(error, "an ACE image");
  if (status == XP_OK) status = find_members(&m.leaves, network, 2 * network->nleaves, leaf_vector, error);
  if (status == XP_OK) status = find_members(&m.couplings, network, 2 * network->ncouplings, coupling_vector, error);
  if (status == XP_OK) {
    count_work(network, entries);
    qsort(entries, (size_t)network->nvectors, sizeof *entries, compare_entries);
    put_nodes(image, store, network, &m, entries, ngroups, begin);
    put_couplings(image, network, centre);
    put_leaves(image, store, network, ndensity, centre);
    centre->first_node = begin[XP_NETWORK_BASE];
    centre->end_node = centre->first_half = begin[XP_NETWORK_HALF];
    centre->end_half = begin[XP_NETWORK_COUPLED];
    centre->first_level = image->nlevels;
    status = put_levels(image, store, network, begin, error);
    centre->end_level = image->nlevels;
  }
  clear_members(&m.leaves);
  clear_members(&m.couplings);
  free(entries);
  free(begin);
  return status;
}
