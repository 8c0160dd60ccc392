/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/builder.h"

#include <stdlib.h>
#include <string.h>

#include "ace/split.h"

static xp_status no_memory(const xp_ace_assembly *b) {
  return xp_error_memory(b->error, "the couplings of an ACE potential");
}

/* The result of one part of a path. */
static int part_node(xp_ace_assembly *b, const int *nodes, int size, const signed char *labels) {
  int at = nodes[0];
  for (int t = 1; t < size && at >= 0; ++t) at = xp_ace_assembly_couple(b, at, nodes[t], labels[t]);
  return at;
}

static bool is_zero(const double *coefficients, int count) {
  for (int p = 0; p < count; ++p)
    if (coefficients[p] != 0.0) return false;
  return true;
}

/* Adds the leaves of a function with the weights of its invariants. */
static xp_status add_leaves(xp_ace_assembly *b, const xp_ace_shape *shape, const int *nodes,
                            const xp_ace_invariants *invariants, const double *weights) {
  xp_status status = XP_OK;
  for (int i = 0; i < xp_ace_invariants_count(invariants) && !status; ++i) {
    const xp_ace_path *path = xp_ace_invariants_path(invariants, i);
    if (is_zero(weights + i * b->ndensity, b->ndensity)) continue;
    int left = part_node(b, nodes, shape->nleft, path->left);
    int right = left < 0 ? -1 : part_node(b, nodes + shape->nleft, shape->rank - shape->nleft, path->right);
    status = xp_ace_assembly_add_leaf(b, left, right, i, weights + i * b->ndensity);
  }
  return status;
}

static xp_ace_shape shape_of(const xp_ace_assembly *b, const xp_ace_split *split, const int *nodes, int rank) {
  xp_ace_shape shape;
  memset(&shape, 0, sizeof shape); /* shapes are compared as bytes */
  shape.rank = rank;
  shape.nleft = split->nleft;
  for (int t = 0; t < rank; ++t) {
    shape.ls[t] = (signed char)b->base->l[nodes[t]];
    shape.same[t] = (signed char)t;
    for (int s = t - 1; s >= 0; --s)
      if (nodes[s] == nodes[t]) shape.same[t] = (signed char)s;
  }
  return shape;
}

/* The function's lists of m in the order of the split. */
static int *reorder(const xp_ace_function *f, const xp_ace_split *split) {
  int *ms = malloc(((size_t)f->num_ms_combs * (size_t)f->rank + 1) * sizeof *ms);
  for (int q = 0; q < f->num_ms_combs && ms; ++q)
    for (int t = 0; t < f->rank; ++t) ms[q * f->rank + t] = f->ms_combs[q * f->rank + split->order[t]];
  return ms;
}

static xp_status recover(xp_ace_assembly *b, const xp_ace_request *request, const xp_ace_split *split,
                         xp_ace_shapes *shapes, bool *taken) {
  const xp_ace_function *f = request->function;
  const xp_ace_invariants *invariants = NULL;
  int nodes[XP_ACE_COUPLED_RANK_MAX];
  for (int t = 0; t < f->rank; ++t) nodes[t] = request->nodes[(int)split->order[t]];
  xp_ace_shape shape = shape_of(b, split, nodes, f->rank);
  xp_status status = xp_ace_shapes_find(shapes, &shape, &invariants, b->error);
  if (status || !invariants) return status;
  size_t count = (size_t)xp_ace_invariants_count(invariants);
  double *weights = malloc((count * (size_t)b->ndensity + 1) * sizeof *weights);
  int *ms = reorder(f, split);
  if (!weights || !ms)
    status = no_memory(b);
  else
    status =
        xp_ace_invariants_solve(invariants, ms, f->num_ms_combs, f->ctildes, b->ndensity, weights, taken, b->error);
  if (!status && *taken) status = add_leaves(b, &shape, nodes, invariants, weights);
  free(weights);
  free(ms);
  return status;
}

/* Splits and recovers all functions of ranks that can be coupled. */
static xp_status recover_all(xp_ace_assembly *b, const xp_ace_request *requests, int nrequests, bool *taken) {
  xp_ace_shapes *shapes = NULL;
  xp_ace_factors *factors = malloc(((size_t)nrequests + 1) * sizeof *factors);
  xp_ace_split *splits = malloc(((size_t)nrequests + 1) * sizeof *splits);
  int count = 0;
  xp_status status = factors && splits ? xp_ace_shapes_new(&shapes, b->error) : no_memory(b);
  for (int f = 0; f < nrequests && !status; ++f) {
    taken[f] = false;
    if (requests[f].function->rank <= XP_ACE_COUPLED_RANK_MAX)
      factors[count++] = (xp_ace_factors){requests[f].function->rank, requests[f].nodes};
  }
  if (!status) status = xp_ace_split_all(factors, count, b->base->l, b->ndensity, splits, b->error);
  for (int f = 0, k = 0; f < nrequests && !status; ++f)
    if (requests[f].function->rank <= XP_ACE_COUPLED_RANK_MAX)
      status = recover(b, &requests[f], &splits[k++], shapes, &taken[f]);
  xp_ace_shapes_free(shapes);
  free(factors);
  free(splits);
  return status;
}

xp_status xp_ace_coupled_build(xp_ace_coupled *coupled, const xp_ace_base *base, const xp_ace_request *requests,
                               int nrequests, int ndensity, xp_precision precision, bool *taken, xp_error *error) {
  xp_ace_assembly assembly;
  xp_status status = xp_ace_assembly_begin(&assembly, coupled, base, ndensity, precision, error);
  if (!status) status = recover_all(&assembly, requests, nrequests, taken);
  if (!status) {
    xp_ace_assembly_merge(&assembly);
    status = xp_ace_assembly_finish(&assembly, NULL);
  }
  xp_ace_assembly_clear(&assembly);
  return status;
}
