/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "neighbour/order.h"

#include <stdlib.h>
#include <string.h>

xp_status xp_order_reserve(xp_order *order, int natoms, int nlabels, xp_error *error) {
  size_t count = (size_t)natoms * (size_t)nlabels;
  if (count > order->capacity) {
    free(order->atoms);
    free(order->counts);
    order->capacity = 0;
    order->atoms = malloc(count * sizeof *order->atoms);
    order->counts = malloc(count * sizeof *order->counts);
    if (!order->atoms || !order->counts) return xp_error_memory(error, "the order of atoms");
    order->capacity = count;
  }
  order->nlabels = nlabels;
  if (count > 0) memset(order->counts, 0, count * sizeof *order->counts);
  return XP_OK;
}

static xp_status reserve_buckets(xp_order *order, size_t nbuckets, xp_error *error) {
  if (nbuckets > order->nbuckets) {
    free(order->buckets);
    order->nbuckets = 0;
    order->buckets = malloc(2 * nbuckets * sizeof *order->buckets);
    if (!order->buckets) return xp_error_memory(error, "the order of atoms");
    order->nbuckets = 2 * nbuckets;
  }
  memset(order->buckets, 0, nbuckets * sizeof *order->buckets);
  return XP_OK;
}

static size_t total(const xp_order *order, int atom) {
  const int *counts = order->counts + (size_t)atom * (size_t)order->nlabels;
  size_t sum = 0;
  for (int label = 0; label < order->nlabels; ++label) sum += (size_t)counts[label];
  return sum;
}

xp_status xp_order_sort(xp_order *order, const xp_neighbourhoods *neighbourhoods, int nspecies, xp_error *error) {
  const int *species = neighbourhoods->species;
  int natoms = neighbourhoods->natoms;
  size_t most = 0;
  for (int i = 0; i < natoms; ++i) most = total(order, i) > most ? total(order, i) : most;
  size_t row = most + 1, nbuckets = row * (size_t)nspecies + 1;
  xp_status status = reserve_buckets(order, nbuckets, error);
  if (status != XP_OK) return status;
  for (int i = 0; i < natoms; ++i) ++order->buckets[(size_t)species[i] * row + total(order, i) + 1];
  for (size_t b = 1; b < nbuckets; ++b) order->buckets[b] += order->buckets[b - 1];
  for (int i = 0; i < natoms; ++i) order->atoms[order->buckets[(size_t)species[i] * row + total(order, i)]++] = i;
  return XP_OK;
}

int xp_order_batch(const xp_order *order, const xp_neighbourhoods *neighbourhoods, int begin, int width) {
  int species = neighbourhoods->species[order->atoms[begin]], count = 1;
  while (count < width && begin + count < neighbourhoods->natoms &&
         neighbourhoods->species[order->atoms[begin + count]] == species)
    ++count;
  return count;
}

void xp_order_clear(xp_order *order) {
  free(order->atoms);
  free(order->counts);
  free(order->buckets);
  memset(order, 0, sizeof *order);
}
