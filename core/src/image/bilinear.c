/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/bilinear.h"

#include <math.h>

/* Smaller weights are what rounding leaves of those that cancel. */
static const double WEIGHT_MIN = 1e-14;

/* The three orders: which of (i, j, r) counts up slowest. */
enum { BY_OUTPUT, BY_LEFT, BY_RIGHT, ORDERS };

typedef struct shape {
  int noutputs, n1, n2;
  const double *tensor;
} shape;

static double weight_at(const shape *s, int r, int i, int j) {
  return s->tensor[((size_t)r * (size_t)s->n1 + (size_t)i) * (size_t)s->n2 + (size_t)j];
}

static void put(xp_image_store *store, const shape *s, int r, int i, int j, int *count) {
  if (fabs(weight_at(s, r, i, j)) < WEIGHT_MIN) return;
  xp_image_put_index(store, i);
  xp_image_put_index(store, j);
  xp_image_put_index(store, r);
  ++*count;
}

/* Terms of one row of an order. */
static void put_row(xp_image_store *store, const shape *s, int order, int row, int *count) {
  int outer = order == BY_OUTPUT ? s->n1 : s->noutputs, inner = order == BY_RIGHT ? s->n1 : s->n2;
  for (int a = 0; a < outer; ++a)
    for (int b = 0; b < inner; ++b)
      if (order == BY_OUTPUT)
        put(store, s, row, a, b, count);
      else if (order == BY_LEFT)
        put(store, s, a, row, b, count);
      else
        put(store, s, a, b, row, count);
}

static void put_weights(xp_image_store *store, const shape *s, int terms, int count) {
  for (int t = 0; t < count && !store->failed; ++t) {
    const int *term = store->indices + terms + 3 * t;
    xp_image_put_number(store, weight_at(s, term[2], term[0], term[1]));
  }
}

xp_ace_image_type xp_image_bilinear(xp_image_store *store, int noutputs, int n1, int n2, const double *tensor) {
  const shape s = {noutputs, n1, n2, tensor};
  const int rows[ORDERS] = {noutputs, n1, n2};
  xp_ace_image_type type = {.n1 = n1, .n2 = n2, .noutputs = noutputs};
  for (int order = 0; order < ORDERS; ++order) {
    int count = 0;
    type.first[order] = xp_image_add_indices(store, (size_t)rows[order] + 1);
    type.terms[order] = store->nindices;
    for (int row = 0; row < rows[order]; ++row) {
      put_row(store, &s, order, row, &count);
      if (!store->failed) store->indices[type.first[order] + row + 1] = count;
    }
    type.nterms = count;
    type.weights[order] = store->nnumbers;
    put_weights(store, &s, type.terms[order], count);
  }
  return type;
}
