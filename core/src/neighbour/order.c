/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "neighbour/order.h"

#include <stdlib.h>
#include <string.h>

xp_status xp_order_reserve(xp_order *order, int natoms, xp_error *error) {
  if (natoms <= order->capacity) return XP_OK;
  free(order->atoms);
  free(order->counts);
  order->capacity = 0;
  order->atoms = malloc((size_t)natoms * sizeof *order->atoms);
  order->counts = malloc((size_t)natoms * sizeof *order->counts);
  if (!order->atoms || !order->counts) return xp_error_memory(error, "the order of atoms");
  order->capacity = natoms;
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

xp_status xp_order_sort(xp_order *order, const xp_neighbourhoods *neighbourhoods, int nspecies, xp_error *error) {
  int natoms = neighbourhoods->natoms, most = 0;
  for (int i = 0; i < natoms; ++i) most = order->counts[i] > most ? order->counts[i] : most;
  size_t row = (size_t)most + 1, nbuckets = row * (size_t)nspecies + 1;
  xp_status status = reserve_buckets(order, nbuckets, error);
  if (status != XP_OK) return status;
  for (int i = 0; i < natoms; ++i)
    ++order->buckets[(size_t)neighbourhoods->species[i] * row + (size_t)order->counts[i] + 1];
  for (size_t b = 1; b < nbuckets; ++b) order->buckets[b] += order->buckets[b - 1];
  for (int i = 0; i < natoms; ++i)
    order->atoms[order->buckets[(size_t)neighbourhoods->species[i] * row + (size_t)order->counts[i]]++] = i;
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
