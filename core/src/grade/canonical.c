/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grade/canonical.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "grade/kernel_ranks.h"

typedef struct xp_canonical_neighbour {
  double key; /* square of the distance, species after species */
  int index;  /* among the atom's neighbours */
} neighbour;

/* Angstrom^2 between the keys of one species and the next; more than the square of a cutoff. */
#define SPECIES_STEP 4096.0

void xp_canonical_clear(xp_canonical *c) {
  free(c->neighbours);
  free(c->room);
  free(c->species);
  free(c->displacements);
  *c = (xp_canonical){0};
}

static xp_status reserve(xp_canonical *c, size_t wanted, xp_error *error) {
  if (wanted <= c->capacity) return XP_OK;
  size_t capacity = wanted + wanted / 4;
  xp_canonical_clear(c);
  c->neighbours = malloc(capacity * sizeof *c->neighbours);
  c->room = malloc(capacity * sizeof *c->room);
  c->species = malloc(capacity * sizeof *c->species);
  c->displacements = malloc(capacity * sizeof *c->displacements);
  c->capacity = capacity;
  if (c->neighbours && c->room && c->species && c->displacements) return XP_OK;
  xp_canonical_clear(c);
  return xp_error_memory(error, "sorted neighbours");
}

/* Of equal distance: by x, y, z. */
static bool before_in_space(const double a[3], const double b[3]) {
  for (int d = 0; d < 2; ++d)
    if (a[d] != b[d]) return a[d] < b[d];
  return a[2] < b[2];
}

static inline bool before(const neighbour *a, const neighbour *b, const double (*displacements)[3]) {
  if (a->key != b->key) return a->key < b->key;
  return before_in_space(displacements[a->index], displacements[b->index]);
}

/* Merges from[begin..middle) and from[middle..end), both sorted. */
static void merge(const neighbour *from, size_t begin, size_t middle, size_t end, const double (*displacements)[3],
                  neighbour *to) {
  size_t a = begin, b = middle;
  for (size_t at = begin; at < end; ++at)
    to[at] = b == end || (a < middle && !before(&from[b], &from[a], displacements)) ? from[a++] : from[b++];
}

/* Runs that are sorted by insertion before they are merged. */
enum { RUN = 16 };

static void insert(neighbour *list, size_t count, const double (*displacements)[3]) {
  for (size_t i = 1; i < count; ++i) {
    neighbour moved = list[i];
    size_t at = i;
    for (; at > 0 && before(&moved, &list[at - 1], displacements); --at) list[at] = list[at - 1];
    list[at] = moved;
  }
}

/* Sorts count neighbours; the result is where it returns. */
static const neighbour *sort(neighbour *list, neighbour *room, size_t count, const double (*displacements)[3]) {
  for (size_t begin = 0; begin < count; begin += RUN)
    insert(list + begin, count - begin < RUN ? count - begin : RUN, displacements);
  for (size_t width = RUN; width < count; width *= 2) {
    for (size_t begin = 0; begin < count; begin += 2 * width) {
      size_t middle = begin + width < count ? begin + width : count;
      size_t end = begin + 2 * width < count ? begin + 2 * width : count;
      merge(list, begin, middle, end, displacements, room);
    }
    neighbour *other = list;
    list = room;
    room = other;
  }
  return list;
}

/* Neighbours of an atom for which counting how many keys are smaller beats comparing and branching. */
enum { COUNTED = 96 };

/* The place of each of a few neighbours is the number of smaller keys; false: two keys are equal. */
static bool rank(const neighbour *list, neighbour *to, int count) {
  double keys[COUNTED];
  int ranks[COUNTED];
  bool taken[COUNTED] = {false};
  for (int k = 0; k < count; ++k) keys[k] = list[k].key;
  XP_KERNEL_SELECT_DOUBLE(xp_canonical_ranks)(keys, count, ranks);
  for (int k = 0; k < count; ++k) {
    if (taken[ranks[k]]) return false;
    taken[ranks[k]] = true;
    to[ranks[k]] = list[k];
  }
  return true;
}

static void sort_atom(xp_canonical *c, const xp_neighbourhoods *from, size_t first, size_t end) {
  const double(*displacements)[3] = from->displacements + first;
  const size_t count = end - first;
  for (size_t k = 0; k < count; ++k) {
    const double *d = displacements[k];
    c->neighbours[k] = (neighbour){
        d[0] * d[0] + d[1] * d[1] + d[2] * d[2] + SPECIES_STEP * from->neighbour_species[first + k], (int)k};
  }
  const neighbour *sorted = c->room;
  if (count > COUNTED || !rank(c->neighbours, c->room, (int)count))
    sorted = sort(c->neighbours, c->room, count, displacements);
  for (size_t k = 0; k < count; ++k) {
    c->species[first + k] = from->neighbour_species[first + (size_t)sorted[k].index];
    memcpy(c->displacements[first + k], displacements[sorted[k].index], sizeof *c->displacements);
  }
}

xp_status xp_canonical_sort(xp_canonical *c, const xp_neighbourhoods *from, xp_neighbourhoods *sorted,
                            xp_error *error) {
  xp_status status = reserve(c, from->first[from->natoms], error);
  if (status) return status;
  for (int atom = 0; atom < from->natoms; ++atom) sort_atom(c, from, from->first[atom], from->first[atom + 1]);
  *sorted = *from;
  sorted->neighbour_species = c->species;
  sorted->displacements = (const double(*)[3])c->displacements;
  return XP_OK;
}
