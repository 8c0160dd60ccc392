/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/bilinear.h"

/* A factor of a complex product: the half basis holds A with m = 0 as a real number and A with m > 0 as sqrt2 (Re, Im); A of -m
 * is (-1)^m times the conjugate; inner products are complex numbers as they are. */
typedef enum factor_form { REAL, HALF, CONJUGATE, NEGATIVE_CONJUGATE, COMPLEX, FORMS } factor_form;

typedef struct factor {
  factor_form form;
  int vector;
} factor;

static const double FORM_SCALE[FORMS] = {1.0, M_SQRT1_2, M_SQRT1_2, -M_SQRT1_2, 1.0};
/* Of the imaginary part: none, as it is, turned. */
static const int FORM_SIGN[FORMS] = {0, 1, -1, -1, 1};

static int length_of(factor_form form) {
  return form == REAL ? 1 : 2;
}

typedef struct builder {
  xp_network *network;
  xp_image_store *store;
  const xp_ace_centre *centre;
  int *vector_at;                 /* [nslots of coupled] vector that begins at a slot */
  int product_type[FORMS][FORMS]; /* type of products of two forms, -1: not made yet */
  int half_first;                 /* vector of the first half entry */
  int inner_first;                /* of the first inner product */
} builder;

void xp_network_clear(xp_network *network) {
  free(network->vectors);
  free(network->couplings);
  free(network->leaves);
  free(network->coefficients);
  free(network->types);
}

static int add_vector(builder *b, int n, int slot, int level) {
  xp_network *w = b->network;
  if (level >= w->nlevels) w->nlevels = level + 1;
  w->vectors[w->nvectors] = (xp_network_vector){n, slot, slot, level};
  return w->nvectors++;
}

static int add_coupling(builder *b, int type, int left, int right, int out) {
  xp_network *w = b->network;
  const xp_network_vector *x = &w->vectors[left], *y = &w->vectors[right];
  int level = 1 + (x->level > y->level ? x->level : y->level);
  w->couplings[w->ncouplings++] = (xp_network_coupling){{type, x->slot, y->slot, out}, left, right, level};
  return level;
}

/* ---- coupled tensors ---- */

static void add_base(builder *b, int nelements) {
  for (int j = 0; j < nelements; ++j) {
    const xp_ace_pair *pair = &b->centre->pairs[j];
    for (const xp_ace_block *block = pair->blocks; block < pair->blocks + pair->nblocks; ++block)
      for (int n = 0; n < block->count; ++n) {
        int slot = block->slot + n * (2 * block->l + 1);
        b->vector_at[slot] = add_vector(b, 2 * block->l + 1, slot, 0);
      }
  }
}

static xp_status add_types(builder *b, xp_error *error) {
  const xp_ace_coupled *coupled = &b->centre->coupled;
  for (int t = 0; t < coupled->ntypes; ++t) {
    const xp_ace_coupling_type *type = &coupled->types[t];
    int n1 = 2 * type->l1 + 1, n2 = 2 * type->l2 + 1;
    double *tensor = calloc((size_t)type->noutputs * (size_t)(n1 * n2), sizeof *tensor);
    if (!tensor) return xp_error_memory(error, "the couplings of an ACE image");
    xp_ace_coupling_tensor(type, tensor);
    b->network->types[b->network->ntypes++] = xp_image_bilinear(b->store, type->noutputs, n1, n2, tensor);
    free(tensor);
  }
  return XP_OK;
}

static void add_couplings(builder *b) {
  const xp_ace_coupled *coupled = &b->centre->coupled;
  for (const xp_ace_coupling *q = coupled->couplings; q < coupled->couplings + coupled->ncouplings; ++q) {
    const xp_ace_coupling_type *type = &coupled->types[q->type];
    int level = add_coupling(b, q->type, b->vector_at[q->left], b->vector_at[q->right], q->out);
    for (int l = 0, slot = q->out; l <= type->reach; ++l) {
      if (!(type->set >> l & 1u)) continue;
      b->vector_at[slot] = add_vector(b, 2 * l + 1, slot, level);
      slot += 2 * l + 1;
    }
  }
}

static void add_leaf(builder *b, int own, int other, int sign, double scale, const xp_reals *coefficients,
                     size_t first) {
  xp_network *w = b->network;
  int ndensity = b->centre->rule.ndensity;
  double *to = w->coefficients + (size_t)w->nleaves * (size_t)ndensity;
  for (int p = 0; p < ndensity; ++p) to[p] = scale * xp_real_at(coefficients, first + (size_t)p);
  w->leaves[w->nleaves++] = (xp_network_leaf){own, other, sign};
}

static void add_leaves(builder *b) {
  const xp_ace_coupled *coupled = &b->centre->coupled;
  const int ndensity = b->centre->rule.ndensity;
  for (const xp_ace_row *row = coupled->rows; row < coupled->rows + coupled->nrows; ++row)
    for (int k = row->first; k < row[1].first; ++k)
      add_leaf(b, b->vector_at[row->slot], b->vector_at[coupled->leaf[k]], 1, 1.0, &coupled->coefficient,
               (size_t)k * (size_t)ndensity);
}

/* ---- complex products ---- */

static void add_halves(builder *b) {
  const xp_ace_product *product = &b->centre->product;
  b->half_first = b->network->nvectors;
  for (int h = 0; h < product->nhalf; ++h) {
    int vector = add_vector(b, product->imaginary[h] < 0 ? 1 : 2, product->real[h], 0);
    b->network->vectors[vector].adjoint = b->network->nadjoints;
    b->network->nadjoints += b->network->vectors[vector].n;
  }
}

static factor factor_of(const builder *b, int slot) {
  const xp_ace_product *product = &b->centre->product;
  int negative = slot - product->nhalf, inner = negative - product->nnegative;
  if (inner >= 0) return (factor){COMPLEX, b->inner_first + inner};
  if (negative < 0) return (factor){product->imaginary[slot] < 0 ? REAL : HALF, b->half_first + slot};
  factor_form form = product->sign[negative] < 0 ? NEGATIVE_CONJUGATE : CONJUGATE;
  return (factor){form, b->half_first + product->negative_of[negative]};
}

/* (x_0 + i s x_1)(y_0 + i t y_1) with both scales. */
static int product_type(builder *b, factor_form x, factor_form y) {
  int *type = &b->product_type[x][y], n1 = length_of(x), n2 = length_of(y);
  if (*type >= 0) return *type;
  double tensor[8] = {0}, scale = FORM_SCALE[x] * FORM_SCALE[y];
  tensor[0] = scale;
  if (n1 == 2 && n2 == 2) tensor[3] = -scale * FORM_SIGN[x] * FORM_SIGN[y];
  double *imaginary = tensor + n1 * n2;
  if (n2 == 2) imaginary[1] = scale * FORM_SIGN[y];
  if (n1 == 2) imaginary[n2] = scale * FORM_SIGN[x];
  b->network->types[b->network->ntypes] = xp_image_bilinear(b->store, 2, n1, n2, tensor);
  return *type = b->network->ntypes++;
}

static void add_inner(builder *b) {
  const xp_ace_product *product = &b->centre->product;
  b->inner_first = b->network->nvectors;
  for (int k = 0; k < product->ninner; ++k) {
    factor x = factor_of(b, product->inner[k][0]), y = factor_of(b, product->inner[k][1]);
    int slot = b->centre->coupled.nslots + 2 * k;
    int level = add_coupling(b, product_type(b, x.form, y.form), x.vector, y.vector, slot);
    add_vector(b, 2, slot, level);
  }
}

/* Real parts of products; those of one sign follow each other in a group. */
static void add_product_leaves(builder *b) {
  const xp_ace_product *product = &b->centre->product;
  int ndensity = product->ndensity;
  for (int g = 0; g < product->ngroups; ++g) {
    factor own = factor_of(b, product->group_slot[g]);
    for (int sign = -1; sign <= 1; ++sign)
      for (int k = product->group_first[g]; k < product->group_first[g + 1]; ++k) {
        factor other = factor_of(b, product->leaf[k]);
        if (-FORM_SIGN[own.form] * FORM_SIGN[other.form] != sign) continue;
        add_leaf(b, own.vector, other.vector, sign, FORM_SCALE[own.form] * FORM_SCALE[other.form],
                 &product->coefficient, (size_t)k * (size_t)ndensity);
      }
  }
}

/* ---- all ---- */

static xp_status allocate(builder *b, int nelements, xp_error *error) {
  xp_network *w = b->network;
  const xp_ace_coupled *coupled = &b->centre->coupled;
  const xp_ace_product *product = &b->centre->product;
  size_t vectors = (size_t)coupled->nslots + (size_t)product->nhalf + (size_t)product->ninner + (size_t)nelements;
  size_t leaves = (size_t)coupled->nleaves + (size_t)product->nleaves + 1;
  w->vectors = malloc(vectors * sizeof *w->vectors);
  w->couplings = malloc(((size_t)coupled->ncouplings + (size_t)product->ninner + 1) * sizeof *w->couplings);
  w->leaves = malloc(leaves * sizeof *w->leaves);
  w->coefficients = malloc(leaves * (size_t)b->centre->rule.ndensity * sizeof *w->coefficients);
  w->types = malloc(((size_t)coupled->ntypes + (size_t)(FORMS * FORMS)) * sizeof *w->types);
  b->vector_at = malloc(((size_t)coupled->nslots + 1) * sizeof *b->vector_at);
  if (w->vectors && w->couplings && w->leaves && w->coefficients && w->types && b->vector_at) return XP_OK;
  return xp_error_memory(error, "an ACE image");
}

xp_status xp_network_new(xp_network *network, xp_image_store *store, const xp_ace_centre *centre, int nelements,
                         xp_error *error) {
  int nslots = centre->coupled.nslots + 2 * centre->product.ninner;
  *network = (xp_network){.nslots = nslots, .nadjoints = nslots, .nlevels = 1};
  builder b = {.network = network, .store = store, .centre = centre};
  memset(b.product_type, -1, sizeof b.product_type);
  xp_status status = allocate(&b, nelements, error);
  if (status == XP_OK) {
    add_base(&b, nelements);
    add_halves(&b);
    status = add_types(&b, error);
  }
  if (status == XP_OK) {
    add_couplings(&b);
    add_leaves(&b);
    add_inner(&b);
    add_product_leaves(&b);
  }
  free(b.vector_at);
  return status;
}
