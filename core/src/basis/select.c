/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "basis/basis.h"
#include "basis/block.h"

/* A function that was chosen, before it is written into a basis. */
typedef struct candidate {
  xp_ace_momenta momenta;
  unsigned char rank, mus[XP_ACE_BASIS_RANK_MAX];
  unsigned short ns[XP_ACE_BASIS_RANK_MAX];
  int power, index; /* index: of the enumeration */
} candidate;

/* The functions of a block; counts first, then keeps those up to a power. */
typedef struct selection {
  const xp_ace_block_request *block;
  int power_end;
  long *counts; /* [power_end] functions of each power */
  int power_max;
  candidate *list; /* [count] */
  long count, capacity;
} selection;

static xp_status count_product(void *context, const xp_ace_product *product, xp_error *error) {
  (void)error;
  selection *s = context;
  for (int f = 0; f < product->pattern->count; ++f)
    s->counts[xp_ace_product_power(product, &product->pattern->list[f])]++;
  return XP_OK;
}

static xp_status count_block(selection *s, xp_ace_patterns *patterns, xp_error *error) {
  s->power_end = xp_ace_block_power_end(s->block);
  s->counts = calloc((size_t)s->power_end, sizeof *s->counts);
  if (!s->counts) return xp_error_memory(error, "the functions of a basis");
  return xp_ace_block_visit(s->block, patterns, INT_MAX, count_product, s, error);
}

static xp_status keep_product(void *context, const xp_ace_product *product, xp_error *error) {
  (void)error;
  selection *s = context;
  for (int f = 0; f < product->pattern->count; ++f) {
    const xp_ace_momenta *momenta = &product->pattern->list[f];
    int power = xp_ace_product_power(product, momenta);
    if (power > s->power_max) continue;
    candidate *c = &s->list[s->count];
    *c = (candidate){*momenta, (unsigned char)product->rank, {0}, {0}, power, (int)s->count};
    for (int t = 0; t < product->rank && t < XP_ACE_BASIS_RANK_MAX; ++t) {
      c->mus[t] = (unsigned char)product->mus[t];
      c->ns[t] = (unsigned short)product->ns[t];
    }
    s->count++;
  }
  return XP_OK;
}

static int compare_power(const void *a, const void *b) {
  const candidate *x = a, *y = b;
  if (x->power != y->power) return x->power < y->power ? -1 : 1;
  return (x->index > y->index) - (x->index < y->index);
}

static int compare_body(const void *a, const void *b) {
  const candidate *x = a, *y = b;
  if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
  for (int t = 0; t < x->rank; ++t)
    if (x->ns[t] != y->ns[t]) return x->ns[t] < y->ns[t] ? -1 : 1;
  int order = memcmp(x->momenta.ls, y->momenta.ls, sizeof x->momenta.ls);
  if (order == 0) order = memcmp(x->momenta.lint, y->momenta.lint, sizeof x->momenta.lint);
  return order ? order : memcmp(x->mus, y->mus, sizeof x->mus);
}

static long at_most(long count, long limit) {
  return limit >= 0 && limit < count ? limit : count;
}

/* The functions that the request asks for, in the order of growth. */
static xp_status choose(selection *s, xp_ace_patterns *patterns, xp_error *error) {
  xp_status status = count_block(s, patterns, error);
  if (status != XP_OK) return status;
  long needed = 0;
  for (s->power_max = 0; s->power_max < s->power_end; ++s->power_max) {
    needed += s->counts[s->power_max];
    if (s->block->most >= 0 && needed >= s->block->most) break;
  }
  if (needed > INT_MAX / 2)
    return xp_error_set(error, XP_ERROR_INPUT,
                        "nradmax_by_orders and lmax_by_orders ask for %ld functions of one block; lower them or limit "
                        "the number of functions",
                        needed);
  s->list = malloc(((size_t)needed + 1) * sizeof *s->list);
  if (!s->list) return xp_error_memory(error, "the functions of a basis");
  status = xp_ace_block_visit(s->block, patterns, s->power_max, keep_product, s, error);
  if (status != XP_OK) return status;
  qsort(s->list, (size_t)s->count, sizeof *s->list, compare_power);
  s->count = at_most(s->count, s->block->most);
  if (s->block->order == XP_ACE_ORDER_BODY) qsort(s->list, (size_t)s->count, sizeof *s->list, compare_body);
  s->count = at_most(s->count, s->block->grown);
  return XP_OK;
}

static xp_status append(xp_ace_basis *basis, int centre, const selection *s, xp_error *error) {
  int *count = &basis->nfunctions[centre];
  size_t size = (size_t)*count + (size_t)s->count + 1;
  xp_ace_bfunction *functions = realloc(basis->functions[centre], size * sizeof *functions);
  if (!functions) return xp_error_memory(error, "the functions of a basis");
  basis->functions[centre] = functions;
  for (const candidate *c = s->list; c < s->list + s->count; ++c) {
    xp_ace_bfunction *function = &functions[*count];
    xp_status status = xp_ace_bfunction_allocate(function, c->rank, basis->embeddings[centre].ndensity, error);
    if (status != XP_OK) return status;
    ++*count;
    for (int t = 0; t < c->rank; ++t) {
      function->mus[t] = c->mus[t];
      function->ns[t] = c->ns[t];
      function->ls[t] = c->momenta.ls[t];
    }
    for (int i = 0; i < xp_ace_lint_count(c->rank); ++i) function->lint[i] = c->momenta.lint[i];
  }
  return XP_OK;
}

static xp_status add_block(xp_ace_basis *basis, const xp_ace_block_request *block, xp_ace_patterns *patterns,
                           xp_error *error) {
  selection s = {.block = block};
  xp_status status = choose(&s, patterns, error);
  if (status == XP_OK) status = append(basis, block->centre, &s, error);
  free(s.counts);
  free(s.list);
  return status;
}

/* The sizes that the functions need of a bond. */
typedef struct needs {
  int nradbasemax, nradmax, lmax;
} needs;

static void raise_to(int *largest, int value) {
  if (value > *largest) *largest = value;
}

static void add_needs(needs *n, const xp_ace_bfunction *function, int neighbour) {
  for (int t = 0; t < function->rank; ++t) {
    if (function->mus[t] != neighbour) continue;
    raise_to(function->rank == 1 ? &n->nradbasemax : &n->nradmax, function->ns[t]);
    raise_to(&n->lmax, function->ls[t]);
  }
}

/* Of the bond in both directions. */
static needs find_needs(const xp_ace_basis *basis, int i, int j) {
  needs n = {1, 0, 0};
  for (int f = 0; f < basis->nfunctions[i]; ++f) add_needs(&n, &basis->functions[i][f], j);
  for (int f = 0; f < basis->nfunctions[j]; ++f) add_needs(&n, &basis->functions[j][f], i);
  return n;
}

static xp_status take_size(int *size, int unset, int needed, const char *name, const char *a, const char *b,
                           xp_error *error) {
  if (*size == unset) *size = needed;
  if (*size >= needed) return XP_OK;
  return xp_error_set(error, XP_ERROR_INPUT, "%s of %s-%s is %d, the functions need %d; raise it or leave it out", name,
                      a, b, *size, needed);
}

static xp_status fill_coefficients(xp_ace_bond *bond, xp_error *error) {
  size_t row = (size_t)bond->nradbasemax, nl = (size_t)bond->lmax + 1, size = (size_t)bond->nradmax * nl * row;
  free(bond->radcoefficients);
  bond->radcoefficients = calloc(size + 1, sizeof *bond->radcoefficients);
  if (!bond->radcoefficients) return xp_error_memory(error, "radial coefficients");
  for (size_t n = 0; n < (size_t)bond->nradmax && n < row; ++n)
    for (size_t l = 0; l < nl; ++l) bond->radcoefficients[(n * nl + l) * row + n] = 1.0;
  return XP_OK;
}

static xp_status size_bond(xp_ace_basis *basis, int i, int j, xp_error *error) {
  needs n = find_needs(basis, i, j);
  xp_ace_bond *bond = xp_ace_basis_bond(basis, i, j);
  const char *a = basis->elements[i], *b = basis->elements[j];
  if (bond->lmax < 0) bond->lmax = -1;
  xp_status status = take_size(&bond->nradmax, 0, n.nradmax, "nradmax", a, b, error);
  if (status == XP_OK) status = take_size(&bond->lmax, -1, n.lmax, "lmax", a, b, error);
  if (bond->nradbasemax == 0) raise_to(&n.nradbasemax, bond->nradmax);
  if (status == XP_OK) status = take_size(&bond->nradbasemax, 0, n.nradbasemax, "nradbase", a, b, error);
  return status == XP_OK ? fill_coefficients(bond, error) : status;
}

static bool same_block(const xp_ace_block_request *a, const xp_ace_block_request *b) {
  return a->centre == b->centre && a->nspecies == b->nspecies &&
         memcmp(a->species, b->species, (size_t)a->nspecies * sizeof *a->species) == 0;
}

static xp_status check_requests(const xp_ace_basis *basis, const xp_ace_block_request *blocks, int nblocks,
                                xp_error *error) {
  for (int i = 0; i < basis->nelements; ++i) {
    if (basis->nfunctions[i])
      return xp_error_set(error, XP_ERROR_INPUT, "the basis has functions already; select those of a new one");
    if (basis->embeddings[i].ndensity < 1)
      return xp_error_set(error, XP_ERROR_INPUT,
                          "the embedding of %s has no densities; set it before functions are "
                          "selected",
                          basis->elements[i]);
  }
  for (int a = 0; a < nblocks; ++a) {
    xp_status status = xp_ace_block_check(&blocks[a], basis->nelements, error);
    if (status != XP_OK) return status;
    for (int b = 0; b < a; ++b)
      if (same_block(&blocks[a], &blocks[b]))
        return xp_error_set(error, XP_ERROR_INPUT, "the same block of functions of %s is asked for twice",
                            basis->elements[blocks[a].centre]);
  }
  return XP_OK;
}

xp_status xp_ace_basis_select(xp_ace_basis *basis, const xp_ace_block_request *blocks, int nblocks, xp_error *error) {
  xp_ace_patterns patterns = {0};
  xp_status status = check_requests(basis, blocks, nblocks, error);
  for (int b = 0; b < nblocks && status == XP_OK; ++b) status = add_block(basis, &blocks[b], &patterns, error);
  xp_ace_patterns_clear(&patterns);
  if (status == XP_OK) status = xp_ace_basis_sort(basis, error);
  for (int i = 0; i < basis->nelements; ++i)
    for (int j = 0; j < basis->nelements && status == XP_OK; ++j) status = size_bond(basis, i, j, error);
  return status;
}

xp_status xp_ace_basis_count(const xp_ace_block_request *block, long *count, xp_error *error) {
  xp_ace_patterns patterns = {0};
  selection s = {.block = block};
  *count = 0;
  xp_status status = xp_ace_block_check(block, XP_ACE_ELEMENTS_MAX, error);
  if (status == XP_OK) status = count_block(&s, &patterns, error);
  for (int power = 0; power < s.power_end && status == XP_OK; ++power) *count += s.counts[power];
  free(s.counts);
  xp_ace_patterns_clear(&patterns);
  return status;
}
