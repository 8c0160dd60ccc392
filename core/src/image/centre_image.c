/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/centre_image.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "image/adjoint_image.h"
#include "image/extend.h"

/* Most leaves of a row, so that many workers have some. */
enum { ROW_LEAVES = 8 };

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
  *record = (xp_ace_image_level){.outputs = store->nindices, .noutputs = count};
  for (int k = 0; k < count; ++k) {
    xp_image_put_index(store, outputs[k].coupling);
    xp_image_put_index(store, outputs[k].output);
  }
  free(outputs);
  return XP_OK;
}

static int row_work(const xp_ace_image_row *row) {
  return (row->end - row->first) * row->n;
}

/* Heavy ones first, so that the last ones fill gaps. */
static int compare_rows(const void *left, const void *right) {
  const xp_ace_image_row *a = left, *b = right;
  if (row_work(a) != row_work(b)) return row_work(a) > row_work(b) ? -1 : 1;
  return (a->first > b->first) - (a->first < b->first);
}

static bool same_row(const xp_network_leaf *a, const xp_network_leaf *b) {
  return a->own == b->own && a->sign == b->sign;
}

static void put_rows(xp_ace_image *image, const xp_network *network, xp_ace_image_centre *centre) {
  const xp_network_leaf *leaves = network->leaves;
  centre->first_row = image->nrows;
  for (int first = 0, end; first < network->nleaves; first = end) {
    int left = 1;
    while (first + left < network->nleaves && same_row(&leaves[first], &leaves[first + left])) ++left;
    const xp_network_vector *own = &network->vectors[leaves[first].own];
    int sign = leaves[first].sign;
    end = first + left;
    for (int pieces = (left - 1) / ROW_LEAVES + 1, from = first; left > 0; --pieces) {
      int count = (left - 1) / pieces + 1;
      image->rows[image->nrows++] = (xp_ace_image_row){sign ? own->n : 1, own->slot, sign, from, from + count};
      from += count;
      left -= count;
    }
  }
  centre->end_row = image->nrows;
  qsort(image->rows + centre->first_row, (size_t)(centre->end_row - centre->first_row), sizeof *image->rows,
        compare_rows);
}

static void put_leaves(xp_image_store *store, const xp_network *network, int ndensity, xp_ace_image_centre *centre) {
  centre->nleaves = network->nleaves;
  centre->leaf = xp_image_add_indices(store, (size_t)network->nleaves);
  centre->coefficient = xp_image_put_numbers(store, network->coefficients, (size_t)network->nleaves * (size_t)ndensity);
  if (store->failed) return;
  for (int k = 0; k < network->nleaves; ++k)
    store->indices[centre->leaf + k] = network->vectors[network->leaves[k].other].slot;
}

static xp_status put_levels(xp_ace_image *image, xp_image_store *store, const xp_network *network,
                            xp_ace_image_centre *centre, xp_error *error) {
  xp_status status = XP_OK;
  centre->first_level = image->nlevels;
  for (int level = 0; level < network->nlevels && status == XP_OK; ++level)
    status = put_outputs(store, network, level, &image->levels[image->nlevels++], error);
  centre->end_level = image->nlevels;
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

static xp_status reserve(xp_ace_image *image, const xp_network *network, xp_error *error) {
  XP_IMAGE_EXTEND(types, ntypes, network->ntypes);
  XP_IMAGE_EXTEND(couplings, ncouplings, network->ncouplings);
  XP_IMAGE_EXTEND(levels, nlevels, network->nlevels);
  XP_IMAGE_EXTEND(rows, nrows, network->nleaves);
  return XP_OK;
}

xp_status xp_image_add_network(xp_ace_image *image, xp_image_store *store, const xp_network *network, int ndensity,
                               xp_ace_image_centre *centre, xp_error *error) {
  xp_status status = reserve(image, network, error);
  if (status != XP_OK) return status;
  put_couplings(image, network, centre);
  put_leaves(store, network, ndensity, centre);
  put_rows(image, network, centre);
  status = put_levels(image, store, network, centre, error);
  if (status == XP_OK && store->failed) status = xp_error_memory(error, "an ACE image");
  return status == XP_OK ? xp_image_add_adjoints(image, store, network, centre, error) : status;
}
