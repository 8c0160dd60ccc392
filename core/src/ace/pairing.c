/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/pairing.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "ace/grow.h"

/* A pair of slots and the unfinished terms that hold it. */
typedef struct pair {
  uint64_t key;   /* smaller slot << 32 | larger slot */
  int count;      /* unfinished terms that hold it now */
  int occurrence; /* last of the terms that held it at some time, -1: none */
} pair;

typedef struct occurrence {
  int term, previous;
} occurrence;

/* A pair with the count it had when it was put in the heap. */
typedef struct candidate {
  int count, pair;
} candidate;

typedef struct pairing {
  xp_ace_term *terms;
  int first_slot;
  pair *pairs;
  int npairs, pair_capacity;
  int *buckets; /* hash table: index of a pair, -1: empty */
  uint64_t nbuckets;
  occurrence *occurrences;
  int noccurrences, occurrence_capacity;
  candidate *heap;
  int nheap, heap_capacity;
  int (*inner)[2];
  int ninner, inner_capacity;
  bool failed; /* out of memory */
} pairing;

static uint64_t key_of(int a, int b) {
  return a < b ? (uint64_t)a << 32 | (uint64_t)b : (uint64_t)b << 32 | (uint64_t)a;
}

/* Mixes the bits of a key (the finaliser of SplitMix64). */
static uint64_t hash(uint64_t key) {
  key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9u;
  key = (key ^ (key >> 27)) * 0x94d049bb133111ebu;
  return key ^ (key >> 31);
}

static uint64_t bucket_of(const pairing *p, uint64_t key) {
  uint64_t bucket = hash(key) & (p->nbuckets - 1);
  while (p->buckets[bucket] >= 0 && p->pairs[p->buckets[bucket]].key != key) bucket = (bucket + 1) & (p->nbuckets - 1);
  return bucket;
}

static bool grow_buckets(pairing *p) {
  uint64_t wanted = p->nbuckets ? 2 * p->nbuckets : 4096;
  int *buckets = malloc(wanted * sizeof *buckets);
  if (!buckets) return false;
  free(p->buckets);
  p->buckets = buckets;
  p->nbuckets = wanted;
  for (uint64_t b = 0; b < wanted; ++b) buckets[b] = -1;
  for (int i = 0; i < p->npairs; ++i) buckets[bucket_of(p, p->pairs[i].key)] = i;
  return true;
}

/* Index of a pair, made when new; -1: out of memory. */
static int find_pair(pairing *p, uint64_t key) {
  if (2 * (uint64_t)p->npairs >= p->nbuckets && !grow_buckets(p)) return -1;
  uint64_t bucket = bucket_of(p, key);
  if (p->buckets[bucket] >= 0) return p->buckets[bucket];
  if (!xp_ace_grow((void **)&p->pairs, &p->pair_capacity, p->npairs, sizeof *p->pairs)) return -1;
  p->pairs[p->npairs] = (pair){key, 0, -1};
  p->buckets[bucket] = p->npairs;
  return p->npairs++;
}

/* True when a is to be taken before b: more terms, and for equal numbers the smaller slots. */
static bool before(const pairing *p, candidate a, candidate b) {
  if (a.count != b.count) return a.count > b.count;
  return p->pairs[a.pair].key < p->pairs[b.pair].key;
}

static void push(pairing *p, candidate item) {
  if (!xp_ace_grow((void **)&p->heap, &p->heap_capacity, p->nheap, sizeof *p->heap)) {
    p->failed = true;
    return;
  }
  int at = p->nheap++;
  while (at > 0 && before(p, item, p->heap[(at - 1) / 2])) {
    p->heap[at] = p->heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  p->heap[at] = item;
}

static candidate pop(pairing *p) {
  candidate top = p->heap[0], item = p->heap[--p->nheap];
  int at = 0;
  for (int child = 1; child < p->nheap; child = 2 * at + 1) {
    if (child + 1 < p->nheap && before(p, p->heap[child + 1], p->heap[child])) child++;
    if (!before(p, p->heap[child], item)) break;
    p->heap[at] = p->heap[child];
    at = child;
  }
  p->heap[at] = item;
  return top;
}

/* True when the pair of factors s, t is the first of its kind in a term with sorted factors. */
static bool first_of_kind(const int *factors, int s, int t) {
  return (s == 0 || factors[s - 1] != factors[s]) && (t == s + 1 || factors[t - 1] != factors[t]);
}

static void count_pair(pairing *p, int term, uint64_t key, int change) {
  int index = find_pair(p, key);
  if (index < 0 ||
      !xp_ace_grow((void **)&p->occurrences, &p->occurrence_capacity, p->noccurrences, sizeof *p->occurrences)) {
    p->failed = true;
    return;
  }
  p->pairs[index].count += change;
  if (change < 0) return;
  p->occurrences[p->noccurrences] = (occurrence){term, p->pairs[index].occurrence};
  p->pairs[index].occurrence = p->noccurrences++;
  push(p, (candidate){p->pairs[index].count, index});
}

/* Counts every kind of pair in an unfinished term once. */
static void count_term(pairing *p, int term, int change) {
  const xp_ace_term *q = &p->terms[term];
  for (int s = 0; s < q->rank && q->rank > 2; ++s)
    for (int t = s + 1; t < q->rank; ++t)
      if (first_of_kind(q->factors, s, t)) count_pair(p, term, key_of(q->factors[s], q->factors[t]), change);
}

/* Position of a slot among a term's factors from start on, -1: not there. */
static int find_factor(const xp_ace_term *term, int slot, int start) {
  for (int t = start; t < term->rank; ++t)
    if (term->factors[t] == slot) return t;
  return -1;
}

/* Takes factors a and b out and puts the new slot, the largest so far, at the end: factors stay sorted. */
static bool replace(xp_ace_term *term, int a, int b, int slot) {
  int s = find_factor(term, a, 0);
  int t = s < 0 ? -1 : find_factor(term, b, s + 1);
  if (t < 0 || term->rank <= 2) return false;
  int kept = 0;
  for (int k = 0; k < term->rank; ++k)
    if (k != s && k != t) term->factors[kept++] = term->factors[k];
  term->factors[kept++] = slot;
  term->rank = kept;
  return true;
}

static void take_pair(pairing *p, int index) {
  int a = (int)(p->pairs[index].key >> 32), b = (int)(p->pairs[index].key & 0xffffffffu);
  if (!xp_ace_grow((void **)&p->inner, &p->inner_capacity, p->ninner, sizeof *p->inner)) {
    p->failed = true;
    return;
  }
  int slot = p->first_slot + p->ninner;
  p->inner[p->ninner][0] = a;
  p->inner[p->ninner++][1] = b;
  for (int o = p->pairs[index].occurrence; o >= 0 && !p->failed; o = p->occurrences[o].previous) {
    int term = p->occurrences[o].term;
    xp_ace_term *q = &p->terms[term];
    bool holds = q->rank > 2 && find_factor(q, a, 0) >= 0 && find_factor(q, b, find_factor(q, a, 0) + 1) >= 0;
    if (!holds) continue;
    count_term(p, term, -1);
    while (replace(q, a, b, slot)) {
    }
    count_term(p, term, 1);
  }
}

xp_status xp_ace_pairing_run(xp_ace_term *terms, int nterms, int first_slot, int (**inner)[2], int *ninner,
                             xp_error *error) {
  pairing p = {.terms = terms, .first_slot = first_slot};
  for (int q = 0; q < nterms && !p.failed; ++q) count_term(&p, q, 1);
  while (p.nheap > 0 && !p.failed) {
    candidate top = pop(&p);
    int count = p.pairs[top.pair].count;
    if (count == 0) continue;
    if (count < top.count)
      push(&p, (candidate){count, top.pair});
    else
      take_pair(&p, top.pair);
  }
  free(p.pairs);
  free(p.buckets);
  free(p.occurrences);
  free(p.heap);
  *inner = p.inner;
  *ninner = p.ninner;
  return p.failed ? xp_error_memory(error, "ACE products") : XP_OK;
}
