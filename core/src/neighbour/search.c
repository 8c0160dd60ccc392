/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "neighbour/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "structure/cell.h"

/* Bins are this factor wider than the cutoff, so that rounding never moves a neighbour two bins away. */
static const double BIN_MARGIN = 1.00001;
/* The same in units of a bin, where bins are narrower than the cutoff. */
static const double REACH_MARGIN = 1e-6;
/* Bins grow by this factor until there are no more of them than atoms. */
static const double BIN_GROWTH = 1.2;
/* More images of one atom than this cannot be listed in any memory. */
static const double IMAGE_LIMIT = 1e9;

struct xp_search {
  int natoms;
  double cutoff;
  xp_cell cell;
  int bins[3];
  int reach[3];         /* bins to look into on either side */
  double (*wrapped)[3]; /* [natoms] positions moved into the reduced cell where periodic */
  int (*bin)[3];        /* [natoms] */
  int *first;           /* [nbins + 1] */
  int *atoms;           /* [natoms] by bin, ascending within a bin */
};

static int bin_number(const xp_search *search, const int bin[3]) {
  return (bin[0] * search->bins[1] + bin[1]) * search->bins[2] + bin[2];
}

static void fractional(const xp_cell *cell, const double position[3], double result[3]) {
  for (int k = 0; k < 3; ++k) {
    result[k] = 0.0;
    for (int d = 0; d < 3; ++d) result[k] += position[d] * cell->inverse[d][k];
  }
}

/* Moves the atoms into the cell; on return fraction [natoms][3] is in [0, 1] along periodic directions and a length along
 * open ones. */
static void wrap(xp_search *search, const xp_structure *structure, double (*fraction)[3]) {
  for (int i = 0; i < search->natoms; ++i) {
    fractional(&search->cell, structure->positions[i], fraction[i]);
    memcpy(search->wrapped[i], structure->positions[i], sizeof search->wrapped[i]);
    for (int k = 0; k < 3; ++k) {
      double cells = search->cell.periodic[k] ? floor(fraction[i][k]) : 0.0;
      fraction[i][k] -= cells;
      for (int d = 0; d < 3; ++d) search->wrapped[i][d] -= cells * search->cell.basis[k][d];
    }
  }
}

/* Lowest coordinate and extent of the atoms along an open direction, 0 and the height along a periodic one. */
static void find_extent(const xp_search *search, double (*fraction)[3], double low[3], double extent[3]) {
  for (int k = 0; k < 3; ++k) {
    low[k] = 0.0;
    extent[k] = search->cell.height[k];
    if (search->cell.periodic[k]) continue;
    double high = -INFINITY;
    low[k] = INFINITY;
    for (int i = 0; i < search->natoms; ++i) {
      low[k] = fmin(low[k], fraction[i][k]);
      high = fmax(high, fraction[i][k]);
    }
    extent[k] = high - low[k];
  }
}

static void choose_bins(xp_search *search, const double extent[3]) {
  double total, width = search->cutoff * BIN_MARGIN, limit = search->natoms;
  do {
    total = 1.0;
    for (int k = 0; k < 3; ++k) {
      double bins = fmin(fmax(1.0, floor(extent[k] / width)), limit);
      search->bins[k] = (int)bins;
      total *= bins;
    }
    width *= BIN_GROWTH;
  } while (total > limit);
}

static xp_status choose_reach(xp_search *search, const double extent[3], const xp_structure *structure,
                              xp_error *error) {
  double images = 1.0;
  for (int k = 0; k < 3; ++k) {
    double reach = extent[k] > 0.0 ? ceil(search->cutoff * search->bins[k] / extent[k] + REACH_MARGIN) : 0.0;
    if (!search->cell.periodic[k]) reach = fmin(reach, search->bins[k] - 1);
    images *= (2.0 * reach + 1.0) / search->bins[k];
    if (images > IMAGE_LIMIT)
      return xp_structure_refuse(structure, error,
                                 "the cell is so small that a cutoff of %g Angstrom holds more than %g "
                                 "images of it; correct Lattice or the cutoff",
                                 search->cutoff, IMAGE_LIMIT);
    search->reach[k] = (int)reach;
  }
  return XP_OK;
}

/* A counting sort, which keeps the atoms of a bin in ascending order. */
static xp_status fill_bins(xp_search *search, double (*fraction)[3], const double low[3], const double extent[3],
                           xp_error *error) {
  int nbins = search->bins[0] * search->bins[1] * search->bins[2];
  search->first = calloc((size_t)nbins + 2, sizeof *search->first);
  if (!search->first) return xp_error_memory(error, "the bins of a neighbour search");
  for (int i = 0; i < search->natoms; ++i) {
    for (int k = 0; k < 3; ++k) {
      double unit = search->cell.periodic[k] ? 1.0 : extent[k];
      double place = unit > 0.0 ? (fraction[i][k] - low[k]) / unit * search->bins[k] : 0.0;
      search->bin[i][k] = (int)fmin(place, search->bins[k] - 1);
    }
    ++search->first[bin_number(search, search->bin[i]) + 2];
  }
  for (int b = 0; b < nbins; ++b) search->first[b + 2] += search->first[b + 1];
  for (int i = 0; i < search->natoms; ++i) search->atoms[search->first[bin_number(search, search->bin[i]) + 1]++] = i;
  return XP_OK;
}

static xp_status set_up(xp_search *search, const xp_structure *structure, xp_error *error) {
  size_t n = (size_t)search->natoms;
  double(*fraction)[3] = malloc(n * sizeof *fraction);
  search->wrapped = malloc(n * sizeof *search->wrapped);
  search->bin = malloc(n * sizeof *search->bin);
  search->atoms = malloc(n * sizeof *search->atoms);
  xp_status status = XP_OK;
  if (!fraction || !search->wrapped || !search->bin || !search->atoms) {
    status = xp_error_memory(error, "a neighbour search");
    goto done;
  }
  double low[3], extent[3];
  wrap(search, structure, fraction);
  find_extent(search, fraction, low, extent);
  choose_bins(search, extent);
  status = choose_reach(search, extent, structure, error);
  if (status == XP_OK) status = fill_bins(search, fraction, low, extent, error);
done:
  free(fraction);
  return status;
}

static xp_status check_input(const xp_structure *structure, double cutoff, xp_error *error) {
  if (!(cutoff > 0.0 && cutoff <= XP_MAXIMUM_COORDINATE))
    return xp_structure_refuse(structure, error, "the neighbour cutoff is %g Angstrom, expected a positive length",
                               cutoff);
  for (int i = 0; i < structure->natoms; ++i)
    for (int d = 0; d < 3; ++d)
      if (!(fabs(structure->positions[i][d]) <= XP_MAXIMUM_COORDINATE))
        return xp_structure_refuse(structure, error,
                                   "atom %d (%s) has the coordinate %g, expected a number below %g "
                                   "Angstrom in size; correct its position",
                                   i + 1, structure->symbols[i], structure->positions[i][d], XP_MAXIMUM_COORDINATE);
  return XP_OK;
}

xp_status xp_search_new(xp_search **result, const xp_structure *structure, double cutoff, xp_error *error) {
  *result = NULL;
  xp_status status = check_input(structure, cutoff, error);
  if (status != XP_OK) return status;
  xp_search *search = calloc(1, sizeof *search);
  if (!search) return xp_error_memory(error, "a neighbour search");
  search->natoms = structure->natoms;
  search->cutoff = cutoff;
  status = xp_cell_set(&search->cell, structure, error);
  if (status == XP_OK) status = set_up(search, structure, error);
  if (status != XP_OK) {
    xp_search_free(search);
    return status;
  }
  *result = search;
  return XP_OK;
}

void xp_search_free(xp_search *search) {
  if (!search) return;
  free(search->wrapped);
  free(search->bin);
  free(search->first);
  free(search->atoms);
  free(search);
}

/* The bin at an offset from a bin, and the cells crossed on the way; false when it lies outside an open direction. */
static bool neighbouring_bin(const xp_search *search, const int bin[3], const int offset[3], int result[3],
                             double translation[3]) {
  bool crossed = false;
  int cells[3];
  for (int k = 0; k < 3; ++k) {
    int place = bin[k] + offset[k], bins = search->bins[k];
    cells[k] = place >= 0 ? place / bins : -((bins - 1 - place) / bins);
    if (cells[k] != 0 && !search->cell.periodic[k]) return false;
    crossed |= cells[k] != 0;
    result[k] = place - cells[k] * bins;
  }
  for (int d = 0; d < 3; ++d) {
    translation[d] = 0.0;
    for (int k = 0; crossed && k < 3; ++k) translation[d] += cells[k] * search->cell.basis[k][d];
  }
  return true;
}

static void visit_bin(const xp_search *search, int i, int number, const double translation[3], xp_search_visitor visit,
                      void *context) {
  double limit = search->cutoff * search->cutoff;
  const double *centre = search->wrapped[i];
  bool home = translation[0] == 0.0 && translation[1] == 0.0 && translation[2] == 0.0;
  for (int a = search->first[number]; a < search->first[number + 1]; ++a) {
    int j = search->atoms[a];
    double displacement[3], square = 0.0;
    for (int d = 0; d < 3; ++d) {
      displacement[d] = (search->wrapped[j][d] - centre[d]) + translation[d];
      square += displacement[d] * displacement[d];
    }
    if (square < limit && !(home && i == j)) visit(context, i, j, displacement, square);
  }
}

void xp_search_visit(const xp_search *search, xp_search_visitor visit, void *context) {
  for (int i = 0; i < search->natoms; ++i) {
    int offset[3], bin[3];
    double translation[3];
    for (offset[0] = -search->reach[0]; offset[0] <= search->reach[0]; ++offset[0])
      for (offset[1] = -search->reach[1]; offset[1] <= search->reach[1]; ++offset[1])
        for (offset[2] = -search->reach[2]; offset[2] <= search->reach[2]; ++offset[2])
          if (neighbouring_bin(search, search->bin[i], offset, bin, translation))
            visit_bin(search, i, bin_number(search, bin), translation, visit, context);
  }
}
