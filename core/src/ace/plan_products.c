/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses by counting how the products of a central species are evaluated. */
#include <stdlib.h>
#include <string.h>

#include "ace/builder.h"
#include "ace/model.h"
#include "ace/plan_data.h"

/* A graph of more terms than this is not worked out for comparison when coupled tensors are there. */
enum { COMPARED_MAX = 200000 };

/* Plain products of some functions, and the half basis they are written in. */
typedef struct expansion {
  xp_ace_half *half;
  int nhalf;
  int *first_half; /* [nnodes] entry of m = 0 */
  xp_ace_term *terms;
  int *factors;
  double *coefficients;
  int nterms;
} expansion;

static void clear_expansion(expansion *e) {
  free(e->half);
  free(e->first_half);
  free(e->terms);
  free(e->factors);
  free(e->coefficients);
}

static xp_status number_half(expansion *e, const xp_ace_products_input *input, xp_error *error) {
  size_t count = 1;
  for (int n = 0; n < input->nnodes; ++n) count += (size_t)input->l[n] + 1;
  e->half = malloc(count * sizeof *e->half);
  e->first_half = malloc(((size_t)input->nnodes + 1) * sizeof *e->first_half);
  if (!e->half || !e->first_half) return xp_error_memory(error, "ACE products");
  for (int n = 0; n < input->nnodes; ++n) {
    e->first_half[n] = e->nhalf;
    for (int m = 0; m <= input->l[n]; ++m) e->half[e->nhalf++] = (xp_ace_half){m, input->slot[n] + (m ? 2 * m - 1 : 0)};
  }
  return XP_OK;
}

/* Appends the terms of one function. */
static void append_terms(expansion *e, const xp_ace_products_input *input, int f, int **factor) {
  const xp_ace_function *function = input->functions[f];
  const int *nodes = input->nodes + (size_t)f * XP_ACE_RANK_MAX;
  size_t ndensity = (size_t)input->ndensity;
  for (int q = 0; q < function->num_ms_combs; ++q) {
    xp_ace_term term = {function->rank, *factor, e->coefficients + (size_t)e->nterms * ndensity};
    for (int t = 0; t < function->rank; ++t) {
      int m = function->ms_combs[q * function->rank + t];
      *(*factor)++ = 2 * (e->first_half[nodes[t]] + abs(m)) + (m < 0);
    }
    memcpy(term.coefficients, function->ctildes + (size_t)q * ndensity, ndensity * sizeof(double));
    e->terms[e->nterms++] = term;
  }
}

/* Terms of the functions that are not taken (NULL: of all), merged. */
static xp_status expand(expansion *e, const xp_ace_products_input *input, const bool *taken, xp_error *error) {
  size_t nterms = 0, nfactors = 0;
  for (int f = 0; f < input->count; ++f) {
    if (taken && taken[f]) continue;
    nterms += (size_t)input->functions[f]->num_ms_combs;
    nfactors += (size_t)input->functions[f]->num_ms_combs * (size_t)input->functions[f]->rank;
  }
  *e = (expansion){0};
  xp_status status = number_half(e, input, error);
  if (status) return status;
  e->terms = malloc((nterms + 1) * sizeof *e->terms);
  e->factors = malloc((nfactors + 1) * sizeof *e->factors);
  e->coefficients = malloc((nterms + 1) * (size_t)input->ndensity * sizeof *e->coefficients);
  if (!e->terms || !e->factors || !e->coefficients) return xp_error_memory(error, "ACE products");
  int *factor = e->factors;
  for (int f = 0; f < input->count; ++f)
    if (!taken || !taken[f]) append_terms(e, input, f, &factor);
  e->nterms = xp_ace_terms_merge(e->terms, e->nterms, input->ndensity, e->half);
  return XP_OK;
}

static xp_status build_graph(xp_ace_product *product, expansion *e, const xp_ace_products_input *input,
                             xp_error *error) {
  return xp_ace_product_build(product, e->terms, e->nterms, input->ndensity, e->half, e->nhalf, input->precision,
                              error);
}

static xp_status build_coupled(xp_ace_centre *centre, const xp_ace_products_input *input, bool *taken,
                               xp_error *error) {
  xp_ace_base base = {input->nnodes, input->l, input->slot, input->nslots};
  xp_ace_request *requests = malloc(((size_t)input->count + 1) * sizeof *requests);
  if (!requests) return xp_error_memory(error, "ACE products");
  for (int f = 0; f < input->count; ++f)
    requests[f] = (xp_ace_request){input->functions[f], input->nodes + (size_t)f * XP_ACE_RANK_MAX};
  xp_status status = xp_ace_coupled_build(&centre->coupled, &base, requests, input->count, input->ndensity,
                                          input->precision, taken, error);
  free(requests);
  return status;
}

/* The base alone, for when all products are plain ones. */
static xp_status empty_coupled(xp_ace_coupled *coupled, const xp_ace_products_input *input, xp_error *error) {
  xp_ace_base base = {input->nnodes, input->l, input->slot, input->nslots};
  return xp_ace_coupled_build(coupled, &base, NULL, 0, input->ndensity, input->precision, NULL, error);
}

static void add_method(xp_ace_choice *choice, const char *name, double operations) {
  choice->methods[choice->nmethods++] = (xp_plan_method){name, operations};
}

/* Compares with plain products of all functions; takes them when they are cheaper. */
static xp_status compare(xp_ace_centre *centre, const xp_ace_products_input *input, double coupled_cost,
                         const char *coupled_name, xp_error *error) {
  expansion all;
  xp_ace_product graph = {0};
  xp_status status = expand(&all, input, NULL, error);
  double plain = status ? 0.0 : xp_ace_terms_operations(all.terms, all.nterms, input->ndensity);
  bool hopeless =
      !status && all.nterms > COMPARED_MAX && xp_ace_terms_least(all.nterms, input->ndensity) > coupled_cost;
  if (!status && !hopeless) status = build_graph(&graph, &all, input, error);
  double shared = xp_ace_product_operations(&graph);
  bool cheaper = !status && !hopeless && shared < coupled_cost;
  if (cheaper) {
    xp_ace_coupled_clear(&centre->coupled);
    xp_ace_product_clear(&centre->product);
    centre->product = graph;
    status = empty_coupled(&centre->coupled, input, error);
    add_method(&centre->choice, "shared products", shared);
  } else {
    xp_ace_product_clear(&graph);
  }
  add_method(&centre->choice, coupled_name, coupled_cost);
  if (!cheaper && !hopeless) add_method(&centre->choice, "shared products", shared);
  add_method(&centre->choice, "plain products", plain);
  clear_expansion(&all);
  return status;
}

xp_status xp_ace_products_compile(xp_ace_centre *centre, const xp_ace_products_input *input, xp_error *error) {
  bool *taken = calloc((size_t)input->count + 1, sizeof *taken);
  expansion rest = {0};
  xp_status status = taken ? build_coupled(centre, input, taken, error) : xp_error_memory(error, "ACE products");
  if (!status) status = expand(&rest, input, taken, error);
  if (!status) status = build_graph(&centre->product, &rest, input, error);
  if (!status) {
    double cost = xp_ace_coupled_operations(&centre->coupled, input->ndensity);
    bool mixed = centre->product.nleaves > 0;
    if (mixed) cost += xp_ace_product_operations(&centre->product);
    status =
        compare(centre, input, cost, mixed ? "coupled pairs, the rest as shared products" : "coupled pairs", error);
  }
  clear_expansion(&rest);
  free(taken);
  return status;
}
