/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The graph of shared products (product.h), forward and back. */
#include <string.h>

#include "ace/kernel_stages.h"
#include "ace/model.h"

/* The base carries sqrt2 in components of m > 0, the graph does not. */
static const real HALF_ROOT = (real)0.70710678118654752440;

static void copy_base(const xp_ace_product *product, const vec *base, vec *values) {
  for (int h = 0; h < product->nhalf; ++h) {
    vec re = base[product->real[h]], im = (vec){0};
    if (product->imaginary[h] >= 0) {
      re *= HALF_ROOT;
      im = HALF_ROOT * base[product->imaginary[h]];
    }
    values[2 * h] = re;
    values[2 * h + 1] = im;
  }
}

static void return_base(const xp_ace_product *product, const vec *adjoints, vec *base) {
  for (int h = 0; h < product->nhalf; ++h) {
    if (product->imaginary[h] < 0) {
      base[product->real[h]] += adjoints[2 * h];
    } else {
      base[product->real[h]] += HALF_ROOT * adjoints[2 * h];
      base[product->imaginary[h]] -= HALF_ROOT * adjoints[2 * h + 1];
    }
  }
}

static void inner_forward(const xp_ace_product *product, vec *values) {
  for (int k = 0; k < product->nnegative; ++k) {
    const vec *from = values + 2 * product->negative_of[k];
    vec *to = values + 2 * (product->nhalf + k);
    real sign = (real)product->sign[k];
    to[0] = sign * from[0];
    to[1] = -sign * from[1];
  }
  vec *out = values + 2 * (product->nhalf + product->nnegative);
  for (int k = 0; k < product->ninner; ++k, out += 2) {
    const vec *a = values + 2 * product->inner[k][0], *b = values + 2 * product->inner[k][1];
    vec ar = a[0], ai = a[1], br = b[0], bi = b[1];
    out[0] = ar * br - ai * bi;
    out[1] = ar * bi + ai * br;
  }
}

/* Densities from the leaves of all groups. */
XP_INLINE void leaves_forward(const xp_ace_product *product, const vec *values, int ndensity, dvec *rho) {
  const real *c = product->coefficient.data;
  for (int g = 0; g < product->ngroups; ++g) {
    vec re[XP_ACE_DENSITIES_MAX], im[XP_ACE_DENSITIES_MAX];
    for (int p = 0; p < ndensity; ++p) re[p] = im[p] = (vec){0};
    for (int k = product->group_first[g]; k < product->group_first[g + 1]; ++k, c += ndensity) {
      const vec *b = values + 2 * product->leaf[k];
      for (int p = 0; p < ndensity; ++p) {
        re[p] += c[p] * b[0];
        im[p] += c[p] * b[1];
      }
    }
    const vec *a = values + 2 * product->group_slot[g];
    for (int p = 0; p < ndensity; ++p) {
      vec sum = a[0] * re[p] - a[1] * im[p];
      vec_add_to(rho + p * HALVES, &sum);
    }
  }
}

/* Adjoints from the leaves: theta = sum_p slope_p c_p, each factor gets theta times the other. */
XP_INLINE void leaves_backward(const xp_ace_product *product, const vec *values, int ndensity, const vec *slopes,
                               vec *adjoints) {
  const real *c = product->coefficient.data;
  for (int g = 0; g < product->ngroups; ++g) {
    const vec *a = values + 2 * product->group_slot[g];
    vec ar = a[0], ai = a[1], re = (vec){0}, im = (vec){0};
    for (int k = product->group_first[g]; k < product->group_first[g + 1]; ++k, c += ndensity) {
      const vec *b = values + 2 * product->leaf[k];
      vec *to = adjoints + 2 * product->leaf[k];
      vec theta = c[0] * slopes[0];
      for (int p = 1; p < ndensity; ++p) theta += c[p] * slopes[p];
      re += theta * b[0];
      im += theta * b[1];
      to[0] += theta * ar;
      to[1] += theta * ai;
    }
    vec *own = adjoints + 2 * product->group_slot[g];
    own[0] += re;
    own[1] += im;
  }
}

XP_INLINE void multiply_onto(vec *to, vec wr, vec wi, const vec *factor) {
  to[0] += wr * factor[0] - wi * factor[1];
  to[1] += wr * factor[1] + wi * factor[0];
}

static void inner_backward(const xp_ace_product *product, const vec *values, vec *adjoints) {
  int first = product->nhalf + product->nnegative;
  for (int k = product->ninner - 1; k >= 0; --k) {
    const vec *w = adjoints + 2 * (first + k);
    int a = product->inner[k][0], b = product->inner[k][1];
    vec wr = w[0], wi = w[1];
    multiply_onto(adjoints + 2 * a, wr, wi, values + 2 * b);
    multiply_onto(adjoints + 2 * b, wr, wi, values + 2 * a);
  }
  for (int k = 0; k < product->nnegative; ++k) {
    const vec *from = adjoints + 2 * (product->nhalf + k);
    vec *to = adjoints + 2 * product->negative_of[k];
    real sign = (real)product->sign[k];
    to[0] += sign * from[0];
    to[1] -= sign * from[1];
  }
}

void XP_KERNEL(xp_ace_product_forward)(const xp_ace_batch *batch) {
  const xp_ace_product *product = &batch->centre->product;
  vec *values = vectors(batch->products, 0);
  dvec *rho = double_vectors(batch->densities, 0);
  copy_base(product, vectors(batch->values, 0), values);
  inner_forward(product, values);
  switch (product->ndensity) { /* the usual numbers get loops of known length */
  case 1:
    leaves_forward(product, values, 1, rho);
    break;
  case 2:
    leaves_forward(product, values, 2, rho);
    break;
  case 4:
    leaves_forward(product, values, 4, rho);
    break;
  default:
    leaves_forward(product, values, product->ndensity, rho);
  }
}

void XP_KERNEL(xp_ace_product_backward)(const xp_ace_batch *batch) {
  const xp_ace_product *product = &batch->centre->product;
  const vec *values = vectors(batch->products, 0);
  vec *adjoints = vectors(batch->products, 2 * (size_t)product->nslots), slopes[XP_ACE_DENSITIES_MAX];
  for (int p = 0; p < product->ndensity; ++p) slopes[p] = vec_round(double_vectors(batch->slopes, (size_t)p));
  memset(adjoints, 0, 2 * (size_t)product->nslots * sizeof *adjoints);
  switch (product->ndensity) {
  case 1:
    leaves_backward(product, values, 1, slopes, adjoints);
    break;
  case 2:
    leaves_backward(product, values, 2, slopes, adjoints);
    break;
  case 4:
    leaves_backward(product, values, 4, slopes, adjoints);
    break;
  default:
    leaves_backward(product, values, product->ndensity, slopes, adjoints);
  }
  inner_backward(product, values, adjoints);
  return_base(product, adjoints, vectors(batch->adjoints, 0));
}
