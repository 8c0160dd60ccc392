/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grade/canonical.h"

#include <stdbool.h>
#include <stdlib.h>

#include "grade/kernel_ranks.h"

typedef struct xp_canonical_neighbour {
  double square;
  int index;
} neighbour;

void xp_canonical_clear(xp_canonical *c) {
  free(c->squares);
  free(c->index);
  free(c->ranks);
  free(c->list);
  free(c->other);
  *c = (xp_canonical){0};
}

xp_status xp_canonical_reserve(xp_canonical *c, size_t count, xp_error *error) {
  if (count <= c->capacity) return XP_OK;
  size_t capacity = count + count / 4, room = capacity + XP_CANONICAL_BLOCK;
  xp_canonical_clear(c);
  c->squares = calloc(room, sizeof *c->squares);
  c->index = malloc(room * sizeof *c->index);
  c->ranks = malloc(room * sizeof *c->ranks);
  c->list = malloc(capacity * sizeof *c->list);
  c->other = malloc(capacity * sizeof *c->other);
  c->capacity = capacity;
  if (c->squares && c->index && c->ranks && c->list && c->other) return XP_OK;
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
  if (a->square != b->square) return a->square < b->square;
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

static void order_by_sorting(xp_canonical *c, size_t first, size_t count, const double (*displacements)[3], int *to) {
  for (size_t k = 0; k < count; ++k) c->list[k] = (neighbour){c->squares[first + k], c->index[first + k]};
  const neighbour *sorted = sort(c->list, c->other, count, displacements);
  for (size_t k = 0; k < count; ++k) to[k] = sorted[k].index;
}

/* Neighbours for which counting how many squares are smaller beats comparing and branching. */
enum { COUNTED = 96, NOTHING = -1 };

/* The place of each of a few neighbours is the number of smaller squares; false: two squares are equal. */
static bool order_by_counting(xp_canonical *c, size_t first, size_t count, int *to) {
  XP_KERNEL_SELECT_DOUBLE(xp_canonical_ranks)(c->squares + first, (int)count, c->ranks);
  for (size_t k = 0; k < count; ++k) to[k] = NOTHING;
  for (size_t k = 0; k < count; ++k) to[c->ranks[k]] = c->index[first + k];
  for (size_t k = 0; k < count; ++k)
    if (to[k] == NOTHING) return false;
  return true;
}

void xp_canonical_order(xp_canonical *c, size_t first, size_t count, const double (*displacements)[3], int *to) {
  if (count > COUNTED || !order_by_counting(c, first, count, to)) order_by_sorting(c, first, count, displacements, to);
}
