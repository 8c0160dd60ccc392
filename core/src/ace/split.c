/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/split.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ace/coupled.h"

enum { ROUNDS = 4, OPTIONS_MAX = 70, PART = XP_ACE_PART_MAX };

/* Operations of coupling two nodes, for each product of their components and for each L it goes to. */
enum { OPERATIONS_PRODUCT = 11, OPERATIONS_RESULT = 4 };

/* Factors that are coupled one after the other, and how many functions want them. */
typedef struct part {
  int nodes[PART]; /* ascending; -1 behind the last */
  int users;
  double cost; /* of the last coupling */
} part;

typedef struct splitter {
  const int *ls;
  int ndensity;
  part *parts;
  int nparts, capacity;
  int *buckets; /* index of a part, -1: empty */
  size_t nbuckets;
} splitter;

static size_t hash_of(const int *nodes) {
  uint64_t hash = 1469598103934665603u;
  for (int t = 0; t < PART; ++t) hash = (hash ^ (uint64_t)(unsigned)nodes[t]) * 1099511628211u;
  return (size_t)(hash ^ hash >> 29);
}

static size_t bucket_of(const splitter *s, const int *nodes) {
  size_t bucket = hash_of(nodes) & (s->nbuckets - 1);
  while (s->buckets[bucket] >= 0 && memcmp(s->parts[s->buckets[bucket]].nodes, nodes, sizeof(int[PART])) != 0)
    bucket = (bucket + 1) & (s->nbuckets - 1);
  return bucket;
}

static bool grow(splitter *s) {
  int wanted = s->capacity ? 2 * s->capacity : 512;
  part *parts = realloc(s->parts, (size_t)wanted * sizeof *parts);
  if (!parts) return false;
  s->parts = parts;
  s->capacity = wanted;
  free(s->buckets);
  s->nbuckets = 2 * (size_t)wanted;
  s->buckets = malloc(s->nbuckets * sizeof *s->buckets);
  if (!s->buckets) return false;
  for (size_t b = 0; b < s->nbuckets; ++b) s->buckets[b] = -1;
  for (int p = 0; p < s->nparts; ++p) s->buckets[bucket_of(s, s->parts[p].nodes)] = p;
  return true;
}

/* Cost of coupling the last node to the results of those before, summed over the L these can have. */
static double cost_of(const splitter *s, const int *nodes, int size) {
  int total = 0, l = s->ls[nodes[size - 1]];
  for (int t = 0; t + 1 < size; ++t) total += s->ls[nodes[t]];
  double cost = 0.0;
  for (int before = size == 2 ? total : 0; before <= total; ++before) {
    double products = (2.0 * before + 1.0) * (2.0 * l + 1.0);
    int results = 2 * (before < l ? before : l) + 1;
    cost += products * (OPERATIONS_PRODUCT + OPERATIONS_RESULT * (results < 2 ? results : 2));
  }
  return cost;
}

/* Index of a part of size >= 2, made when new; -1: out of memory. */
static int find_part(splitter *s, const int *nodes, int size) {
  int key[PART];
  for (int t = 0; t < PART; ++t) key[t] = t < size ? nodes[t] : -1;
  if (s->nparts == s->capacity && !grow(s)) return -1;
  size_t bucket = bucket_of(s, key);
  if (s->buckets[bucket] >= 0) return s->buckets[bucket];
  part *p = &s->parts[s->nparts];
  memcpy(p->nodes, key, sizeof key);
  p->users = 0;
  p->cost = cost_of(s, nodes, size);
  s->buckets[bucket] = s->nparts;
  return s->nparts++;
}

/* Adds users to a part and those it is made from; returns what those that had none cost, or -1: out of memory. */
static double use_part(splitter *s, const int *nodes, int size, int change) {
  double cost = 0.0;
  for (int n = 2; n <= size; ++n) {
    int p = find_part(s, nodes, n);
    if (p < 0) return -1.0;
    if (s->parts[p].users == 0) cost += s->parts[p].cost;
    s->parts[p].users += change;
  }
  return cost;
}

/* Nodes of a function in the order of a split. */
static void nodes_of(const xp_ace_factors *f, const xp_ace_split *split, int *nodes) {
  for (int t = 0; t < f->rank; ++t) nodes[t] = f->nodes[(int)split->order[t]];
}

static void range_of(const splitter *s, const int *nodes, int size, int *low, int *high) {
  *low = 0;
  *high = 0;
  for (int t = 0; t < size; ++t) *high += s->ls[nodes[t]];
  if (size == 1) *low = *high;
  if (size == 2) *low = abs(s->ls[nodes[0]] - s->ls[nodes[1]]);
}

static double leaves_cost(const splitter *s, const int *nodes, int nleft, int rank) {
  int low[2], high[2];
  range_of(s, nodes, nleft, &low[0], &high[0]);
  range_of(s, nodes + nleft, rank - nleft, &low[1], &high[1]);
  double cost = 0.0;
  for (int l = low[0] > low[1] ? low[0] : low[1]; l <= high[0] && l <= high[1]; ++l)
    cost += xp_ace_leaf_operations(l, s->ndensity);
  return cost;
}

/* Cost of a split beyond what is used already, changing the number of users; -1: out of memory. */
static double use_split(splitter *s, const xp_ace_factors *f, const xp_ace_split *split, int change) {
  int nodes[XP_ACE_COUPLED_RANK_MAX];
  nodes_of(f, split, nodes);
  double left = use_part(s, nodes, split->nleft, change);
  double right = use_part(s, nodes + split->nleft, f->rank - split->nleft, change);
  return left < 0.0 || right < 0.0 ? -1.0 : left + right + leaves_cost(s, nodes, split->nleft, f->rank);
}

/* Positions of the factors with ascending nodes. */
static void sort_factors(const xp_ace_factors *f, signed char *sorted) {
  for (int t = 0; t < f->rank; ++t) {
    int at = t;
    for (; at > 0 && f->nodes[(int)sorted[at - 1]] > f->nodes[t]; --at) sorted[at] = sorted[at - 1];
    sorted[at] = (signed char)t;
  }
}

static bool seen_before(const xp_ace_factors *f, const xp_ace_split *options, int count) {
  for (int o = 0; o < count; ++o) {
    bool equal = true;
    for (int t = 0; t < options[count].nleft && equal; ++t)
      equal = f->nodes[(int)options[o].order[t]] == f->nodes[(int)options[count].order[t]];
    if (equal) return true;
  }
  return false;
}

/* All splits of a function that differ; returns their number. */
static int list_options(const xp_ace_factors *f, xp_ace_split *options) {
  signed char sorted[XP_ACE_COUPLED_RANK_MAX];
  int nright = f->rank / 2, nleft = f->rank - nright, count = 0;
  sort_factors(f, sorted);
  for (unsigned set = 0; set < 1u << f->rank && count < OPTIONS_MAX; ++set) {
    if (__builtin_popcount(set) != nleft || (nleft == nright && !(set & 1u))) continue;
    xp_ace_split *option = &options[count];
    option->nleft = nleft;
    for (int t = 0, left = 0, right = nleft; t < f->rank; ++t)
      option->order[set >> t & 1u ? left++ : right++] = sorted[t];
    if (!seen_before(f, options, count)) count++;
  }
  return count;
}

static bool choose(splitter *s, const xp_ace_factors *f, xp_ace_split *split, bool again) {
  xp_ace_split options[OPTIONS_MAX + 1];
  if (again && use_split(s, f, split, -1) < 0.0) return false;
  int count = list_options(f, options), best = 0;
  double least = 0.0;
  for (int o = 0; o < count; ++o) {
    double cost = use_split(s, f, &options[o], 0);
    if (cost < 0.0) return false;
    if (o == 0 || cost < least) {
      least = cost;
      best = o;
    }
  }
  *split = options[best];
  return use_split(s, f, split, 1) >= 0.0;
}

xp_status xp_ace_split_all(const xp_ace_factors *functions, int count, const int *ls, int ndensity,
                           xp_ace_split *splits, xp_error *error) {
  splitter s = {.ls = ls, .ndensity = ndensity};
  bool ok = true;
  for (int round = 0; round < ROUNDS && ok; ++round)
    for (int f = 0; f < count && ok; ++f) ok = choose(&s, &functions[f], &splits[f], round > 0);
  free(s.parts);
  free(s.buckets);
  return ok ? XP_OK : xp_error_memory(error, "couplings of an ACE potential");
}
