/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "basis/basis.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char purpose[] = "an ACE basis";

void xp_ace_bfunction_clear(xp_ace_bfunction *function) {
  free(function->coefficients);
}

xp_status xp_ace_bfunction_allocate(xp_ace_bfunction *function, int rank, int ndensity, xp_error *error) {
  size_t r = (size_t)rank, n = (size_t)ndensity;
  *function = (xp_ace_bfunction){.rank = rank};
  size_t nints = 3 * r + (size_t)xp_ace_lint_count(rank);
  function->coefficients = calloc(1, n * sizeof(double) + nints * sizeof(int));
  if (!function->coefficients) return xp_error_memory(error, purpose);
  function->mus = (int *)(function->coefficients + n);
  function->ns = function->mus + r;
  function->ls = function->ns + r;
  function->lint = function->ls + r;
  return XP_OK;
}

void xp_ace_basis_free(xp_ace_basis *basis) {
  if (!basis) return;
  for (int i = 0; i < basis->nelements; ++i) {
    if (basis->embeddings) free(basis->embeddings[i].fs_parameters);
    for (int j = 0; j < basis->nelements && basis->bonds; ++j) xp_ace_bond_clear(xp_ace_basis_bond(basis, i, j));
    if (!basis->functions || !basis->functions[i]) continue;
    for (int f = 0; f < basis->nfunctions[i]; ++f) xp_ace_bfunction_clear(&basis->functions[i][f]);
    free(basis->functions[i]);
  }
  for (int m = 0; m < basis->nmetadata; ++m) {
    free(basis->metadata[m].key);
    free(basis->metadata[m].value);
  }
  free(basis->elements);
  free(basis->e0);
  free(basis->embeddings);
  free(basis->bonds);
  free(basis->nfunctions);
  free(basis->functions);
  free(basis->metadata);
  free(basis);
}

xp_status xp_ace_basis_new(xp_ace_basis **basis, int nelements, xp_error *error) {
  *basis = NULL;
  if (nelements < 1 || nelements > XP_ACE_ELEMENTS_MAX)
    return xp_error_set(error, XP_ERROR_INPUT, "a basis has 1 to %d elements, %d were asked for", XP_ACE_ELEMENTS_MAX,
                        nelements);
  size_t n = (size_t)nelements;
  xp_ace_basis *b = calloc(1, sizeof *b);
  if (!b) return xp_error_memory(error, purpose);
  b->nelements = nelements;
  b->elements = calloc(n, sizeof *b->elements);
  b->e0 = calloc(n, sizeof *b->e0);
  b->embeddings = calloc(n, sizeof *b->embeddings);
  b->bonds = calloc(n * n, sizeof *b->bonds);
  b->nfunctions = calloc(n, sizeof *b->nfunctions);
  b->functions = calloc(n, sizeof *b->functions);
  *basis = b;
  if (b->elements && b->e0 && b->embeddings && b->bonds && b->nfunctions && b->functions) return XP_OK;
  xp_ace_basis_free(b);
  *basis = NULL;
  return xp_error_memory(error, purpose);
}

static xp_status copy_functions(xp_ace_basis *copy, const xp_ace_basis *basis, int i, xp_error *error) {
  size_t n = (size_t)basis->nfunctions[i], ndensity = (size_t)basis->embeddings[i].ndensity;
  copy->functions[i] = calloc(n + 1, sizeof *copy->functions[i]);
  if (!copy->functions[i]) return xp_error_memory(error, purpose);
  for (size_t f = 0; f < n; ++f) {
    const xp_ace_bfunction *from = &basis->functions[i][f];
    xp_ace_bfunction *to = &copy->functions[i][f];
    xp_status status = xp_ace_bfunction_allocate(to, from->rank, (int)ndensity, error);
    if (status != XP_OK) return status;
    copy->nfunctions[i]++;
    size_t rank = (size_t)from->rank;
    memcpy(to->coefficients, from->coefficients, ndensity * sizeof *to->coefficients);
    memcpy(to->mus, from->mus, rank * sizeof *to->mus);
    memcpy(to->ns, from->ns, rank * sizeof *to->ns);
    memcpy(to->ls, from->ls, rank * sizeof *to->ls);
    memcpy(to->lint, from->lint, (size_t)xp_ace_lint_count(from->rank) * sizeof *to->lint);
  }
  return XP_OK;
}

static xp_status copy_metadata(xp_ace_basis *copy, const xp_ace_basis *basis, xp_error *error) {
  copy->metadata = calloc((size_t)basis->nmetadata + 1, sizeof *copy->metadata);
  if (!copy->metadata) return xp_error_memory(error, purpose);
  for (int m = 0; m < basis->nmetadata; ++m) {
    xp_note *note = &copy->metadata[copy->nmetadata++];
    note->key = strdup(basis->metadata[m].key);
    note->value = strdup(basis->metadata[m].value);
    if (!note->key || !note->value) return xp_error_memory(error, purpose);
  }
  return XP_OK;
}

static xp_status copy_all(xp_ace_basis *copy, const xp_ace_basis *basis, xp_error *error) {
  size_t n = (size_t)basis->nelements;
  copy->delta_spline_bins = basis->delta_spline_bins;
  memcpy(copy->elements, basis->elements, n * sizeof *copy->elements);
  memcpy(copy->e0, basis->e0, n * sizeof *copy->e0);
  xp_status status = copy_metadata(copy, basis, error);
  for (size_t i = 0; i < n && status == XP_OK; ++i) {
    status = xp_ace_embedding_copy(&copy->embeddings[i], &basis->embeddings[i], error);
    for (size_t j = 0; j < n && status == XP_OK; ++j)
      status = xp_ace_bond_copy(&copy->bonds[i * n + j], &basis->bonds[i * n + j], error);
    if (status == XP_OK) status = copy_functions(copy, basis, (int)i, error);
  }
  return status;
}

xp_status xp_ace_basis_copy(xp_ace_basis **copy, const xp_ace_basis *basis, xp_error *error) {
  xp_status status = xp_ace_basis_new(copy, basis->nelements, error);
  if (status != XP_OK || (status = copy_all(*copy, basis, error)) == XP_OK) return status;
  xp_ace_basis_free(*copy);
  *copy = NULL;
  return status;
}

xp_ace_model xp_ace_basis_view(const xp_ace_basis *basis) {
  return (xp_ace_model){.nelements = basis->nelements,
                        .elements = basis->elements,
                        .e0 = basis->e0,
                        .delta_spline_bins = basis->delta_spline_bins,
                        .embeddings = basis->embeddings,
                        .bonds = basis->bonds};
}

static int compare_ints(const int *a, const int *b, int count) {
  for (int t = 0; t < count; ++t)
    if (a[t] != b[t]) return a[t] < b[t] ? -1 : 1;
  return 0;
}

int xp_ace_bfunction_compare(const void *a, const void *b) {
  const xp_ace_bfunction *x = a, *y = b;
  if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
  int order = compare_ints(x->mus, y->mus, x->rank);
  if (order == 0) order = compare_ints(x->ns, y->ns, x->rank);
  if (order == 0) order = compare_ints(x->ls, y->ls, x->rank);
  return order ? order : compare_ints(x->lint, y->lint, xp_ace_lint_count(x->rank));
}

/* A merge sort: qsort does not keep the order of equals. */
static void sort_functions(xp_ace_bfunction *functions, xp_ace_bfunction *room, int count) {
  if (count < 2) return;
  int half = count / 2, a = 0, b = half;
  sort_functions(functions, room, half);
  sort_functions(functions + half, room, count - half);
  for (int f = 0; f < count; ++f) {
    bool first = b == count || (a < half && xp_ace_bfunction_compare(&functions[a], &functions[b]) <= 0);
    room[f] = functions[first ? a++ : b++];
  }
  memcpy(functions, room, (size_t)count * sizeof *functions);
}

xp_status xp_ace_basis_sort(xp_ace_basis *basis, xp_error *error) {
  for (int i = 0; i < basis->nelements; ++i) {
    xp_ace_bfunction *room = malloc(((size_t)basis->nfunctions[i] + 1) * sizeof *room);
    if (!room) return xp_error_memory(error, purpose);
    sort_functions(basis->functions[i], room, basis->nfunctions[i]);
    free(room);
  }
  return XP_OK;
}

xp_ace_momenta xp_ace_bfunction_momenta(const xp_ace_bfunction *function) {
  xp_ace_momenta momenta = {0};
  for (int t = 0; t < function->rank; ++t) momenta.ls[t] = (unsigned char)function->ls[t];
  for (int c = 0; c < xp_ace_lint_count(function->rank); ++c) momenta.lint[c] = (unsigned char)function->lint[c];
  return momenta;
}

static bool factor_check(const xp_ace_basis *basis, int centre, const xp_ace_bfunction *function, int t,
                         xp_ace_finding *finding) {
  if (function->mus[t] < 0 || function->mus[t] >= basis->nelements)
    return xp_ace_found(finding, "type", "a neighbour is species %d, expected 0 to %d", function->mus[t],
                        basis->nelements - 1);
  const xp_ace_bond *bond = xp_ace_basis_bond(basis, centre, function->mus[t]);
  const char *a = basis->elements[centre], *b = basis->elements[function->mus[t]];
  int nmax = function->rank == 1 ? bond->nradbasemax : bond->nradmax, lmax = function->rank == 1 ? 0 : bond->lmax;
  if (function->ns[t] < 1 || function->ns[t] > nmax)
    return xp_ace_found(finding, "nr", "nr has %d, expected 1 to %d (%s of %s-%s)", function->ns[t], nmax,
                        function->rank == 1 ? "nradbaseij" : "nradmaxi", a, b);
  if (function->ls[t] < 0 || function->ls[t] > lmax)
    return xp_ace_found(finding, "nl", "nl has %d, expected 0 to %d (%s of %s-%s)", function->ls[t], lmax,
                        function->rank == 1 ? "rank 1" : "lmaxi", a, b);
  return true;
}

bool xp_ace_bfunction_check(const xp_ace_basis *basis, int centre, const xp_ace_bfunction *function,
                            xp_ace_finding *finding) {
  enum { LINT_MAX = 255 }; /* what a byte holds; far above what passes the checks of size */
  if (function->rank < 1 || function->rank > XP_ACE_BASIS_RANK_MAX)
    return xp_ace_found(finding, "type", "the function has rank %d, expected 1 to %d", function->rank,
                        XP_ACE_BASIS_RANK_MAX);
  for (int t = 0; t < function->rank; ++t)
    if (!factor_check(basis, centre, function, t, finding)) return false;
  for (int c = 0; c < xp_ace_lint_count(function->rank); ++c)
    if (function->lint[c] < 0 || function->lint[c] > LINT_MAX)
      return xp_ace_found(finding, "lint", "lint has %d, expected 0 to %d", function->lint[c], LINT_MAX);
  for (int p = 0; p < basis->embeddings[centre].ndensity; ++p)
    if (!isfinite(function->coefficients[p])) return xp_ace_found(finding, "c", "a coefficient is not finite");
  xp_ace_tree tree = xp_ace_tree_of(function->rank);
  xp_ace_momenta momenta = xp_ace_bfunction_momenta(function);
  if (!xp_ace_momenta_closed(&tree, &momenta))
    return xp_ace_found(
        finding, function->rank > 2 ? "lint" : "nl",
        "the angular momenta do not couple to zero: the sum of nl must be even and each coupling a triangle");
  if (!xp_ace_momenta_small(&tree, &momenta))
    return xp_ace_found(finding, "nl", "the angular momenta are too large to be coupled in double precision");
  return true;
}
