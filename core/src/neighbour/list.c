/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "neighbour/search.h"
#include "xpot/neighbour.h"

/* Where the next neighbour of each centre goes. */
typedef struct filling {
  xp_neighbour_list *list;
  size_t *next; /* [natoms] */
} filling;

/* The search visits centres in ascending order and every pair from both ends. Entering the *centre* into the list of its
 * neighbour therefore leaves each list sorted by index without a sort. */
static void count_pair(void *context, int i, int j, const double displacement[3], double square) {
  (void)i, (void)displacement;
  if (square > 0.0) ++((filling *)context)->next[j];
}

static void enter_pair(void *context, int i, int j, const double displacement[3], double square) {
  if (!(square > 0.0)) return;
  filling *fill = context;
  size_t k = fill->next[j]++;
  fill->list->index[k] = i;
  fill->list->neighbour_species[k] = fill->list->species[i];
  for (int d = 0; d < 3; ++d) fill->list->displacements[k][d] = -displacement[d];
}

static int compare_displacements(const void *left, const void *right) {
  const double *a = left, *b = right;
  for (int d = 0; d < 3; ++d)
    if (a[d] != b[d]) return a[d] < b[d] ? -1 : 1;
  return 0;
}

/* Images of one atom around one centre, by their displacements. */
static void sort_images(xp_neighbour_list *list) {
  for (int i = 0; i < list->natoms; ++i)
    for (size_t run = list->first[i], end; run < list->first[i + 1]; run = end) {
      end = run + 1;
      while (end < list->first[i + 1] && list->index[end] == list->index[run]) ++end;
      if (end - run > 1)
        qsort(list->displacements + run, end - run, sizeof *list->displacements, compare_displacements);
    }
}

/* From counts in next to first, and next back to the start of each list. */
static void accumulate(xp_neighbour_list *list, size_t *next) {
  for (int i = 0; i < list->natoms; ++i) {
    list->first[i + 1] = list->first[i] + next[i];
    next[i] = list->first[i];
  }
}

static xp_status fill_list(xp_neighbour_list *list, const xp_search *search, xp_error *error) {
  filling fill = {list, calloc((size_t)list->natoms, sizeof(size_t))};
  if (!fill.next) return xp_error_memory(error, "a neighbour list");
  xp_search_visit(search, count_pair, &fill);
  accumulate(list, fill.next);
  size_t total = list->first[list->natoms] + 1; /* never an empty allocation */
  list->index = calloc(total, sizeof *list->index);
  list->neighbour_species = calloc(total, sizeof *list->neighbour_species);
  list->displacements = calloc(total, sizeof *list->displacements);
  bool ok = list->index && list->neighbour_species && list->displacements;
  if (ok) {
    xp_search_visit(search, enter_pair, &fill);
    sort_images(list);
  }
  free(fill.next);
  return ok ? XP_OK : xp_error_memory(error, "a neighbour list");
}

xp_status xp_neighbour_list_new(xp_neighbour_list **result, const xp_structure *structure, const int *species,
                                double cutoff, xp_error *error) {
  *result = NULL;
  xp_search *search = NULL;
  xp_status status = xp_search_new(&search, structure, cutoff, error);
  if (status != XP_OK) return status;
  xp_neighbour_list *list = calloc(1, sizeof *list);
  if (!list) {
    status = xp_error_memory(error, "a neighbour list");
    goto done;
  }
  list->natoms = structure->natoms;
  list->species = malloc((size_t)list->natoms * sizeof *list->species);
  list->first = calloc((size_t)list->natoms + 1, sizeof *list->first);
  if (!list->species || !list->first) {
    status = xp_error_memory(error, "a neighbour list");
    goto done;
  }
  memcpy(list->species, species, (size_t)list->natoms * sizeof *list->species);
  status = fill_list(list, search, error);
done:
  xp_search_free(search);
  if (status == XP_OK)
    *result = list;
  else
    xp_neighbour_list_free(list);
  return status;
}

void xp_neighbour_list_free(xp_neighbour_list *list) {
  if (!list) return;
  free(list->species);
  free(list->first);
  free(list->index);
  free(list->neighbour_species);
  free(list->displacements);
  free(list);
}

xp_neighbourhoods xp_neighbour_list_view(const xp_neighbour_list *list) {
  return (xp_neighbourhoods){.natoms = list->natoms,
                             .species = list->species,
                             .first = list->first,
                             .neighbour_species = list->neighbour_species,
                             .displacements = list->displacements};
}
