/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From moments to U as a sparse matrix, and its transpose. */
#include <stdlib.h>

#include "image/snap_builder.h"
#include "snap/snap_model.h"

enum { LEVELS = XP_SNAP_TWOJMAX_LIMIT + 1, PARTS = 4 };

/* Places of the moments with T_0 of all powers, [k][l]. */
typedef int moment_table[LEVELS][LEVELS][PARTS];

static int moment_count(int twojmax, int k, int l) {
  return (twojmax - k - l) / 2 + 1;
}

/* A row is all strips with one power of a, or with b^0. */
static void place_row(moment_table places, const xp_snap_row *row, int twojmax) {
  int strips = (row->single > 0) + 2 * row->pairs, powers_b = 2 * (twojmax + 1), first = row->first;
  for (int s = 0; s < strips; ++s) {
    bool alone = row->x == powers_b;
    int k = alone ? row->f / 2 + s : row->x / 2, l = alone ? 0 : (row->f - powers_b) / 2 + s;
    int count = moment_count(twojmax, k, l), *place = places[k][l];
    place[0] = first;
    place[1] = l > 0 ? first + 1 : -1;
    place[2] = k == 0 ? -1 : alone ? first + 1 : first + 2 * count;
    place[3] = k > 0 && l > 0 ? first + 2 * count + 1 : -1;
    first += 2 * row->width * count;
  }
}

static xp_status fill_powers(xp_snap_image *image, const xp_snap_moments *m, xp_error *error) {
  moment_table places = {{{0}}};
  int twojmax = image->twojmax;
  image->powers = xp_snap_zeroed((size_t)(twojmax + 1) * (size_t)(twojmax + 2) / 2, sizeof *image->powers);
  if (!image->powers) return xp_error_memory(error, "a SNAP image");
  for (int r = 0; r < m->nrows; ++r) place_row(places, &m->rows[r], twojmax);
  for (int sum = 0; sum <= twojmax; ++sum)
    for (int k = 0; k <= sum; ++k) {
      xp_snap_image_power *power = &image->powers[image->npowers++];
      *power = (xp_snap_image_power){.k = k, .l = sum - k, .count = moment_count(twojmax, k, sum - k)};
      for (int part = 0; part < PARTS; ++part) power->moments[part] = places[k][sum - k][part];
    }
  return XP_OK;
}

int xp_snap_builder_level(const xp_snap_tables *tables, int j) {
  int first = 0;
  for (int lower = 0; lower < j; ++lower) first += tables->nsum[lower];
  return first;
}

static xp_snap_image_entry entry_of(const xp_snap_tables *t, int j, int index) {
  int mb = index / (j + 1), ma = index % (j + 1);
  bool own = 2 * mb == j && ma == mb;
  return (xp_snap_image_entry){.u = t->ublock[j] + index,
                               .mirror = own ? -1 : t->ublock[j] + (j + 1) * (j - mb) + j - ma,
                               .sign = (ma + mb) % 2 ? -1 : 1,
                               .diagonal = ma == mb,
                               .j = j,
                               .index = index};
}

static xp_status fill_entries(xp_snap_image *image, const xp_snap_tables *t, xp_error *error) {
  image->entries = xp_snap_zeroed((size_t)t->moments.nentries, sizeof *image->entries);
  if (!image->entries) return xp_error_memory(error, "a SNAP image");
  for (int j = 0; j <= t->twojmax; ++j)
    for (int index = 0; index < t->nsum[j]; ++index) image->entries[image->nentries++] = entry_of(t, j, index);
  return XP_OK;
}

static void put_terms(xp_image_store *store, int moment, int sign, const xp_snap_expansion *from, const double *x) {
  for (int n = 0; n < from->count && sign != 0; ++n) {
    xp_image_put_index(store, moment + 2 * n);
    xp_image_put_number(store, sign * x[n]);
  }
}

static void put_part(xp_image_store *store, int part, const xp_snap_expansion *from, const double *x) {
  put_terms(store, from->moment[2 * part], part ? from->sign[1] : 1, from, x);
  put_terms(store, from->moment[2 * part + 1], part ? from->sign[2] : from->sign[0], from, x);
}

/* expansions [nu]: of the entries of U that have one. */
static void put_expansion(xp_snap_builder *self, const xp_snap_expansion *const *expansions, xp_image_store *lists) {
  xp_snap_image *image = self->image;
  const double *coefficients = self->plan->tables->moments.coefficients;
  for (int r = 0; r < 2 * image->nentries; ++r) {
    const xp_snap_expansion *from = expansions[image->entries[r / 2].u];
    xp_snap_image_row *row = &image->expansion[r];
    *row = (xp_snap_image_row){r, 0, lists->nindices, lists->nnumbers};
    put_part(lists, r % 2, from, coefficients + from->coefficient);
    row->count = lists->nindices - row->terms;
  }
}

/* The rows of put_expansion by moment. */
static void put_gathering(xp_snap_builder *self, const xp_image_store *expanded, xp_image_store *lists) {
  xp_snap_image *image = self->image;
  for (int m = 0; m < image->nmoments; ++m) {
    xp_snap_image_row *row = &image->gathering[m];
    *row = (xp_snap_image_row){m, 0, lists->nindices, lists->nnumbers};
    for (int r = 0; r < 2 * image->nentries; ++r) {
      const xp_snap_image_row *from = &image->expansion[r];
      for (int t = 0; t < from->count; ++t) {
        if (expanded->indices[from->terms + t] != m) continue;
        xp_image_put_index(lists, from->row);
        xp_image_put_number(lists, expanded->numbers[from->weights + t]);
      }
    }
    row->count = lists->nindices - row->terms;
  }
}

static xp_status put_rows(xp_snap_builder *self, const xp_snap_expansion *const *expansions, xp_error *error) {
  xp_snap_image *image = self->image;
  xp_image_store expanded = {0}, gathered = {0};
  image->expansion = xp_snap_zeroed(2 * (size_t)image->nentries, sizeof *image->expansion);
  image->gathering = xp_snap_zeroed((size_t)image->nmoments, sizeof *image->gathering);
  if (!image->expansion || !image->gathering) return xp_error_memory(error, "a SNAP image");
  put_expansion(self, expansions, &expanded);
  if (!expanded.failed) put_gathering(self, &expanded, &gathered);
  bool failed = expanded.failed || gathered.failed;
  if (!failed) {
    xp_snap_builder_pack_rows(self, image->expansion, 2 * image->nentries, &expanded);
    xp_snap_builder_pack_rows(self, image->gathering, image->nmoments, &gathered);
  }
  xp_image_store_clear(&expanded);
  xp_image_store_clear(&gathered);
  return failed ? xp_error_memory(error, "a SNAP image") : XP_OK;
}

xp_status xp_snap_builder_expansion(xp_snap_builder *self, xp_error *error) {
  const xp_snap_tables *t = self->plan->tables;
  xp_status status = fill_powers(self->image, &t->moments, error);
  if (status == XP_OK) status = fill_entries(self->image, t, error);
  if (status != XP_OK) return status;
  const xp_snap_expansion **expansions = xp_snap_zeroed((size_t)t->nu, sizeof *expansions);
  if (!expansions) return xp_error_memory(error, "a SNAP image");
  for (int e = 0; e < t->moments.nentries; ++e) expansions[t->moments.entries[e].entry] = &t->moments.entries[e];
  status = put_rows(self, expansions, error);
  free(expansions);
  return status;
}
