/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fit/rows.h"

#include <cblas.h>
#include <stdlib.h>
#include <string.h>

#define DIRECTIONS 3
#define VOIGT 6

static const int voigt[VOIGT][2] = {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}};

xp_row_layout xp_row_layout_new(int nelements, int nlinear, bool quadratic, bool constant) {
  xp_row_layout layout = {.nelements = nelements, .nlinear = nlinear, .quadratic = quadratic, .constant = constant};
  layout.block = constant + nlinear + (quadratic ? nlinear * (nlinear + 1) / 2 : 0);
  layout.columns = nelements * layout.block;
  return layout;
}

void xp_row_scratch_clear(xp_row_scratch *scratch) {
  free(scratch->descriptors);
  free(scratch->derivatives);
  free(scratch->sums);
  free(scratch->left);
  free(scratch->right);
  free(scratch->product);
  free(scratch->start);
  free(scratch->pairs);
  free(scratch->centre);
  *scratch = (xp_row_scratch){0};
}

/* Pairs an atom is in, at most: those in which it is the neighbour, and itself. */
static size_t most_pairs(const xp_neighbour_list *list, size_t *counts) {
  size_t most = 0, n = (size_t)list->natoms;
  memset(counts, 0, (n + 1) * sizeof *counts);
  for (size_t q = 0; q < list->first[n]; ++q) ++counts[list->index[q]];
  for (size_t i = 0; i < n; ++i)
    if (counts[i] > most) most = counts[i];
  return (most > n ? most : n) + 1;
}

static xp_status reserve(xp_row_scratch *s, const xp_neighbour_list *list, int nlinear, xp_error *error) {
  size_t natoms = (size_t)list->natoms, npairs = list->first[natoms], k = (size_t)nlinear;
  if (natoms > s->natoms || !s->start) {
    free(s->start);
    s->start = malloc((natoms + 2) * sizeof *s->start);
    if (!s->start) return xp_error_memory(error, "the rows of a structure");
  }
  size_t most = most_pairs(list, s->start);
  if (natoms <= s->natoms && npairs <= s->npairs && most <= s->most && nlinear == s->nlinear) return XP_OK;
  size_t *start = s->start;
  s->start = NULL;
  xp_row_scratch_clear(s);
  *s = (xp_row_scratch){.start = start, .natoms = natoms, .npairs = npairs, .most = most, .nlinear = nlinear};
  s->descriptors = malloc(natoms * k * sizeof(double));
  s->derivatives = malloc((npairs + 1) * DIRECTIONS * k * sizeof(double));
  s->sums = malloc(natoms * VOIGT * k * sizeof(double));
  s->left = malloc(most * k * sizeof(double));
  s->right = malloc(most * VOIGT * k * sizeof(double));
  s->product = malloc(VOIGT * k * k * sizeof(double));
  s->pairs = malloc((npairs + 1) * sizeof *s->pairs);
  s->centre = malloc((npairs + 1) * sizeof *s->centre);
  if (s->descriptors && s->derivatives && s->sums && s->left && s->right && s->product && s->pairs && s->centre)
    return XP_OK;
  s->natoms = 0;
  return xp_error_memory(error, "the rows of a structure");
}

/* Sorts pairs by their neighbour atom: those of atom j are pairs[start[j] .. start[j+1]). */
static void sort_pairs(xp_row_scratch *s, const xp_neighbour_list *list) {
  size_t n = (size_t)list->natoms;
  memset(s->start, 0, (n + 2) * sizeof *s->start);
  for (size_t q = 0; q < list->first[n]; ++q) ++s->start[list->index[q] + 2];
  for (size_t j = 2; j <= n; ++j) s->start[j] += s->start[j - 1];
  for (size_t i = 0; i < n; ++i)
    for (size_t q = list->first[i]; q < list->first[i + 1]; ++q) {
      s->centre[q] = (int)i;
      s->pairs[s->start[list->index[q] + 1]++] = q;
    }
}

/* Adds scale * (m + transposed m), the diagonal once, packed by rows of the upper triangle; m has rows of stride numbers. */
static void pack(const double *m, int n, int stride, double scale, double *packed) {
  for (int k = 0; k < n; ++k) {
    *packed++ += scale * m[(size_t)k * (size_t)stride + (size_t)k];
    for (int l = k + 1; l < n; ++l)
      *packed++ += scale * (m[(size_t)k * (size_t)stride + (size_t)l] + m[(size_t)l * (size_t)stride + (size_t)k]);
  }
}

/* rows[d] += scale * sum over count terms of right[.][d] in the linear columns of an element, and of left (x) right[.][d],
 * packed, in its quadratic ones. left [count][K'], right [count][ndirections][K']. */
static void add_terms(const xp_row_layout *layout, xp_row_scratch *s, int element, int count, int ndirections,
                      const double *left, const double *right, double scale, double *rows) {
  int k = layout->nlinear, width = ndirections * k;
  size_t stride = (size_t)layout->columns + 1;
  double *linear = rows + (size_t)element * (size_t)layout->block + layout->constant;
  if (count == 0) return;
  for (int d = 0; d < ndirections; ++d)
    for (int c = 0; c < count; ++c)
      cblas_daxpy(k, scale, right + (size_t)c * (size_t)width + (size_t)d * (size_t)k, 1, linear + (size_t)d * stride,
                  1);
  if (!layout->quadratic) return;
  cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, k, width, count, 1.0, left, k, right, width, 0.0, s->product,
              width);
  for (int d = 0; d < ndirections; ++d)
    pack(s->product + (size_t)d * (size_t)k, k, width, scale, linear + (size_t)d * stride + k);
}

static void make_energy(const xp_row_layout *layout, xp_row_scratch *s, const xp_structure *structure,
                        const int *species, const double *reference, double *row) {
  size_t k = (size_t)layout->nlinear;
  double share = 1.0 / structure->natoms, target = structure->energy;
  memset(row, 0, ((size_t)layout->columns + 1) * sizeof *row);
  for (int e = 0; e < layout->nelements; ++e) {
    int count = 0;
    double *block = row + (size_t)e * (size_t)layout->block;
    for (int i = 0; i < structure->natoms; ++i)
      if (species[i] == e) memcpy(s->left + k * (size_t)count++, s->descriptors + k * (size_t)i, k * sizeof *s->left);
    if (layout->constant) block[0] = share * count;
    target -= reference[e] * count;
    for (int c = 0; c < count; ++c) cblas_daxpy((int)k, share, s->left + k * (size_t)c, 1, block + layout->constant, 1);
    if (!layout->quadratic || count == 0) continue;
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)k, (int)k, count, 1.0, s->left, (int)k, s->left, (int)k,
                0.0, s->product, (int)k);
    pack(s->product, (int)k, (int)k, 0.5 * share, block + layout->constant + k);
  }
  row[layout->columns] = target * share;
}

/* sums[i][3][K']: derivative of the descriptors of i with respect to its own position, by translation invariance. */
static void sum_over_neighbours(xp_row_scratch *s, const xp_neighbour_list *list, size_t width) {
  for (int i = 0; i < list->natoms; ++i) {
    double *sum = s->sums + (size_t)i * width;
    memset(sum, 0, width * sizeof *sum);
    for (size_t q = list->first[i]; q < list->first[i + 1]; ++q)
      cblas_daxpy((int)width, -1.0, s->derivatives + q * width, 1, sum, 1);
  }
}

static void make_forces(const xp_row_layout *layout, xp_row_scratch *s, const xp_structure *structure,
                        const xp_neighbour_list *list, double *rows) {
  size_t k = (size_t)layout->nlinear, width = DIRECTIONS * k, stride = (size_t)layout->columns + 1;
  sort_pairs(s, list);
  sum_over_neighbours(s, list, width);
  memset(rows, 0, DIRECTIONS * (size_t)structure->natoms * stride * sizeof *rows);
  for (int j = 0; j < structure->natoms; ++j) {
    double *row = rows + DIRECTIONS * (size_t)j * stride;
    for (int e = 0; e < layout->nelements; ++e) {
      int count = 0;
      for (size_t p = s->start[j]; p < s->start[j + 1]; ++p) {
        int i = s->centre[s->pairs[p]];
        if (list->species[i] != e) continue;
        memcpy(s->left + k * (size_t)count, s->descriptors + k * (size_t)i, k * sizeof *s->left);
        memcpy(s->right + width * (size_t)count++, s->derivatives + width * s->pairs[p], width * sizeof *s->right);
      }
      if (list->species[j] == e) {
        memcpy(s->left + k * (size_t)count, s->descriptors + k * (size_t)j, k * sizeof *s->left);
        memcpy(s->right + width * (size_t)count++, s->sums + width * (size_t)j, width * sizeof *s->right);
      }
      add_terms(layout, s, e, count, DIRECTIONS, s->left, s->right, -1.0, row);
    }
    for (int d = 0; d < DIRECTIONS; ++d) row[(size_t)d * stride + (size_t)layout->columns] = structure->forces[j][d];
  }
}

static void make_virial(const xp_row_layout *layout, xp_row_scratch *s, const xp_structure *structure,
                        const xp_neighbour_list *list, double *rows) {
  size_t k = (size_t)layout->nlinear, width = VOIGT * k, stride = (size_t)layout->columns + 1;
  double factor = XP_ROWS_BAR / xp_structure_volume(structure);
  memset(rows, 0, VOIGT * stride * sizeof *rows);
  for (int e = 0; e < layout->nelements; ++e) {
    int count = 0;
    for (int i = 0; i < structure->natoms; ++i) {
      if (list->species[i] != e) continue;
      double *right = s->right + width * (size_t)count;
      memset(right, 0, width * sizeof *right);
      memcpy(s->left + k * (size_t)count++, s->descriptors + k * (size_t)i, k * sizeof *s->left);
      for (size_t q = list->first[i]; q < list->first[i + 1]; ++q)
        for (int v = 0; v < VOIGT; ++v)
          cblas_daxpy((int)k, list->displacements[q][voigt[v][0]],
                      s->derivatives + k * (q * DIRECTIONS + (size_t)voigt[v][1]), 1, right + k * (size_t)v, 1);
    }
    add_terms(layout, s, e, count, VOIGT, s->left, s->right, -factor, rows);
  }
  for (int v = 0; v < VOIGT; ++v)
    rows[(size_t)v * stride + (size_t)layout->columns] = factor * structure->virial[voigt[v][0]][voigt[v][1]];
}

xp_status xp_rows_make(const xp_row_layout *layout, const xp_snap_basis *basis, xp_snap_scratch *snap,
                       xp_row_scratch *scratch, const xp_structure *structure, const xp_neighbour_list *list,
                       const double *reference, const xp_rows *rows, xp_error *error) {
  xp_neighbourhoods view = xp_neighbour_list_view(list);
  xp_status status = reserve(scratch, list, layout->nlinear, error);
  if (status != XP_OK) return status;
  bool derivatives = rows->force || rows->virial;
  status = xp_snap_describe(basis, snap, &view, scratch->descriptors, derivatives ? scratch->derivatives : NULL, error);
  if (status != XP_OK) return status;
  if (rows->energy) make_energy(layout, scratch, structure, list->species, reference, rows->energy);
  if (rows->force) make_forces(layout, scratch, structure, list, rows->force);
  if (rows->virial) make_virial(layout, scratch, structure, list, rows->virial);
  return XP_OK;
}
