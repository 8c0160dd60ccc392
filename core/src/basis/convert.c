/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "basis/basis.h"
#include "basis/expansion.h"

/* A B function and its products. */
typedef struct entry {
  const xp_ace_bfunction *function;
  const xp_ace_expansion *expansion;
  int index; /* entries that share all factors keep their order */
} entry;

static int factor(const entry *e, const int *values, int t) {
  return values[e->expansion->order[t]];
}

static int compare_lists(const entry *a, const int *x, const entry *b, const int *y) {
  for (int t = 0; t < a->function->rank; ++t)
    if (factor(a, x, t) != factor(b, y, t)) return factor(a, x, t) < factor(b, y, t) ? -1 : 1;
  return 0;
}

/* Order of functions in a .yace file, which have at most one for each list of factors. */
static int compare_factors(const entry *a, const entry *b) {
  if (a->function->rank != b->function->rank) return a->function->rank < b->function->rank ? -1 : 1;
  int order = compare_lists(a, a->function->mus, b, b->function->mus);
  if (order == 0) order = compare_lists(a, a->function->ns, b, b->function->ns);
  return order ? order : compare_lists(a, a->function->ls, b, b->function->ls);
}

static int compare_entries(const void *a, const void *b) {
  const entry *x = a, *y = b;
  int order = compare_factors(x, y);
  return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* How species and n of the factors compare: the number of smaller ones. */
static void classify(const xp_ace_bfunction *f, int *class) {
  for (int t = 0; t < f->rank; ++t) {
    class[t] = 0;
    for (int u = 0; u < f->rank; ++u)
      class[t] += f->mus[u] < f->mus[t] || (f->mus[u] == f->mus[t] && f->ns[u] < f->ns[t]);
  }
}

static int compare_tuples(const void *a, const void *b) {
  const xp_ace_tuple *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* The different tuples of some entries, ascending, into tuples; their number. */
static int unite(const entry *entries, int nentries, xp_ace_tuple *tuples) {
  int count = 0, distinct = 0;
  for (int e = 0; e < nentries; ++e)
    for (int q = 0; q < entries[e].expansion->count; ++q) tuples[count++] = entries[e].expansion->tuples[q];
  qsort(tuples, (size_t)count, sizeof *tuples, compare_tuples);
  for (int q = 0; q < count; ++q)
    if (q == 0 || tuples[q] != tuples[distinct - 1]) tuples[distinct++] = tuples[q];
  return distinct;
}

/* Adds coefficients of one B function; tuples of both ascend. */
static void add_entry(xp_ace_function *f, const xp_ace_tuple *tuples, const entry *e) {
  int at = 0;
  for (int q = 0; q < e->expansion->count; ++q) {
    while (tuples[at] != e->expansion->tuples[q]) ++at;
    for (int p = 0; p < f->ndensity; ++p)
      f->ctildes[at * f->ndensity + p] += e->function->coefficients[p] * e->expansion->coefficients[q];
  }
}

static xp_status merge_group(xp_ace_function *f, const entry *entries, int nentries, int ndensity, xp_error *error) {
  size_t most = 0;
  int rank = entries->function->rank;
  for (int e = 0; e < nentries; ++e) most += (size_t)entries[e].expansion->count;
  xp_ace_tuple *tuples = malloc((most + 1) * sizeof *tuples);
  if (!tuples) return xp_error_memory(error, "the expansion of a basis");
  int count = unite(entries, nentries, tuples);
  xp_status status = xp_ace_function_allocate(f, rank, ndensity, count, error);
  for (int t = 0; t < rank && status == XP_OK; ++t) {
    f->mus[t] = factor(entries, entries->function->mus, t);
    f->ns[t] = factor(entries, entries->function->ns, t);
    f->ls[t] = factor(entries, entries->function->ls, t);
    for (int q = 0; q < count; ++q) f->ms_combs[q * rank + t] = xp_ace_tuple_get(tuples[q], t);
  }
  for (int e = 0; e < nentries && status == XP_OK; ++e) add_entry(f, tuples, &entries[e]);
  free(tuples);
  return status;
}

/* Functions of one species; entries are sorted. Functions that vanish are left out. */
static xp_status merge_all(xp_ace_model *model, int i, const entry *entries, int nentries, xp_error *error) {
  model->functions[i] = calloc((size_t)nentries + 1, sizeof *model->functions[i]);
  if (!model->functions[i]) return xp_error_memory(error, "the expansion of a basis");
  xp_status status = XP_OK;
  for (int first = 0, size; first < nentries && status == XP_OK; first += size) {
    for (size = 1; first + size < nentries && compare_factors(&entries[first], &entries[first + size]) == 0;) ++size;
    xp_ace_function *f = &model->functions[i][model->nfunctions[i]];
    status = merge_group(f, entries + first, size, model->embeddings[i].ndensity, error);
    if (status == XP_OK && f->num_ms_combs == 0)
      xp_ace_function_clear(f);
    else if (status == XP_OK)
      model->nfunctions[i]++;
  }
  return status;
}

static xp_status convert_species(xp_ace_model *model, const xp_ace_basis *basis, int i, xp_ace_expansions *expansions,
                                 xp_error *error) {
  int n = basis->nfunctions[i];
  entry *entries = malloc(((size_t)n + 1) * sizeof *entries);
  if (!entries) return xp_error_memory(error, "the expansion of a basis");
  xp_status status = XP_OK;
  for (int f = 0; f < n && status == XP_OK; ++f) {
    const xp_ace_bfunction *function = &basis->functions[i][f];
    xp_ace_finding finding = {0};
    int class[XP_ACE_BASIS_RANK_MAX];
    entries[f] = (entry){.function = function, .index = f};
    if (!xp_ace_bfunction_check(basis, i, function, &finding)) {
      status =
          xp_error_set(error, XP_ERROR_INPUT, "function %d of %s: %s", f + 1, basis->elements[i], finding.sentence);
      break;
    }
    classify(function, class);
    xp_ace_momenta momenta = xp_ace_bfunction_momenta(function);
    status = xp_ace_expansions_find(expansions, function->rank, class, &momenta, &entries[f].expansion, error);
  }
  if (status == XP_OK) {
    qsort(entries, (size_t)n, sizeof *entries, compare_entries);
    status = merge_all(model, i, entries, n, error);
  }
  free(entries);
  return status;
}

static xp_status convert_all(xp_ace_model *model, const xp_ace_basis *basis, xp_error *error) {
  int n = basis->nelements;
  xp_ace_expansions expansions = {0};
  model->delta_spline_bins = basis->delta_spline_bins;
  memcpy(model->elements, basis->elements, (size_t)n * sizeof *model->elements);
  memcpy(model->e0, basis->e0, (size_t)n * sizeof *model->e0);
  xp_status status = XP_OK;
  for (int i = 0; i < n && status == XP_OK; ++i) {
    status = xp_ace_embedding_copy(&model->embeddings[i], &basis->embeddings[i], error);
    for (int j = 0; j < n && status == XP_OK; ++j)
      status = xp_ace_bond_copy(xp_ace_model_bond(model, i, j), xp_ace_basis_bond(basis, i, j), error);
  }
  for (int i = 0; i < n && status == XP_OK; ++i) status = convert_species(model, basis, i, &expansions, error);
  xp_ace_expansions_clear(&expansions);
  return status == XP_OK ? xp_ace_model_check(model, error) : status;
}

xp_status xp_ace_basis_convert(const xp_ace_basis *basis, xp_ace_model **model, xp_error *error) {
  xp_status status = xp_ace_model_new(model, basis->nelements, error);
  if (status != XP_OK || (status = convert_all(*model, basis, error)) == XP_OK) return status;
  xp_ace_model_free(*model);
  *model = NULL;
  return status;
}
