/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cells.h"

#include <algorithm>
#include <cmath>

namespace XPOT_NS {

namespace {

// Cells that a cutoff spans along a row, and across rows and planes: few long rows, of which only what is near is looked at.
constexpr int REACH[3] = {4, 1, 1};
// Atoms whose distances are taken at once.
constexpr int BLOCK = 8;
// Of a cell's edge: rounding must not let a cutoff span one more.
constexpr double SLACK = 1e-9;
// Cells an atom: a dense drop in a wide gas is searched slower, not with memory without bounds.
constexpr double MOST_CELLS = 8.0;

// BLOCK squared distances, in vector registers.
void take_distances(double *squares, const double *x, const double *y, const double *z, const double centre[3]) {
  typedef double Block __attribute__((vector_size(BLOCK * sizeof(double)), aligned(sizeof(double)), may_alias));
  const Block dx = *(const Block *)x - centre[0];
  const Block dy = *(const Block *)y - centre[1];
  const Block dz = *(const Block *)z - centre[2];
  *(Block *)squares = dx * dx + dy * dy + dz * dz;
}

} // namespace

// The box around all atoms, as far as it lies in bounds. Atoms outside go to the outermost cells: they are still found,
// because moving to the edge brings no two atoms farther apart.
void Cells::find_extent(const Atoms &atoms, const Bounds &bounds, double low[3], double high[3]) {
  for (int d = 0; d < 3; ++d) {
    low[d] = bounds.high[d];
    high[d] = bounds.low[d];
  }
  unplaced_ = -1;
  for (int i = 0; i < atoms.nall; ++i) {
    const double *x = atoms.x[i];
    if (!std::isfinite(x[0] + x[1] + x[2])) {
      if (unplaced_ < 0 && i < atoms.nlocal && atoms.map[atoms.type[i]] >= 0) unplaced_ = i;
      continue;
    }
    for (int d = 0; d < 3; ++d) {
      low[d] = std::min(low[d], x[d]);
      high[d] = std::max(high[d], x[d]);
    }
  }
  for (int d = 0; d < 3; ++d) {
    low[d] = std::max(low[d], bounds.low[d]);
    high[d] = std::min(high[d], bounds.high[d]);
  }
}

void Cells::set_grid(const Atoms &atoms, const Bounds &bounds, double cutoff) {
  double high[3], extent[3], count[3];
  find_extent(atoms, bounds, low_, high);
  for (int d = 0; d < 3; ++d) extent[d] = std::max(0.0, high[d] - low_[d]);
  std::sort(order_, order_ + 3,
            [&](int a, int b) { return extent[a] < extent[b] || (extent[a] == extent[b] && a < b); });
  cutoff_squared_ = cutoff * cutoff;
  double edge = cutoff * (1.0 + SLACK);
  const double most = MOST_CELLS * atoms.nall + 1.0;
  for (double total = most + 1.0; total > most; edge *= std::max(1.1, std::cbrt(total / most))) {
    total = 1.0;
    for (int axis = 0; axis < 3; ++axis)
      total *= count[axis] = std::max(1.0, std::floor(extent[order_[axis]] * REACH[axis] / edge));
  }
  for (int axis = 0, stride = 1; axis < 3; ++axis) {
    const int d = order_[axis];
    stride_[d] = stride;
    stride *= ncells_[d] = (int)count[axis];
    last_[d] = count[axis] - 1.0;
    edge_[d] = extent[d] / count[axis];
    inverse_[d] = extent[d] > 0.0 ? count[axis] / extent[d] : 0.0;
  }
}

// Also for positions that are not finite: not-a-number goes to the last cell.
int Cells::cell_along(int d, double x) const {
  return (int)std::max(0.0, std::min(last_[d], (x - low_[d]) * inverse_[d]));
}

int Cells::cell_of(const double x[3]) const {
  int cell = 0;
  for (int d = 0; d < 3; ++d) cell += cell_along(d, x[d]) * stride_[d];
  return cell;
}

// Leaves in start_[c] the number of slots before cell c.
void Cells::count_cells(const Atoms &atoms) {
  const size_t ncells = (size_t)ncells_[0] * ncells_[1] * ncells_[2];
  start_.assign(ncells + 1, 0);
  for (int i = 0; i < atoms.nall; ++i)
    if (cell_[i] >= 0) ++start_[cell_[i] + 1];
  for (size_t c = 0; c < ncells; ++c) start_[c + 1] += start_[c];
  nslots_ = start_[ncells];
}

// Gives the atoms of a cell its slots in their order; start_ is as before afterwards.
void Cells::place(const Atoms &atoms) {
  for (int i = 0; i < atoms.nall; ++i)
    if (cell_[i] >= 0) atom_[start_[cell_[i]]++] = i;
  for (size_t c = start_.size() - 1; c > 0; --c) start_[c] = start_[c - 1];
  start_[0] = 0;
}

void Cells::sort(Team &team, const Atoms &atoms, const Bounds &bounds, double cutoff) {
  set_grid(atoms, bounds, cutoff);
  const int nthreads = team.size();
  auto grow = [&atoms](auto &array) {
    if (array.size() < (size_t)atoms.nall) array.resize((size_t)atoms.nall + atoms.nall / 8);
  };
  grow(cell_);
  grow(atom_);
  grow(species_);
  for (auto &along : position_)
    if (along.size() < (size_t)atoms.nall + BLOCK) along.resize((size_t)atoms.nall + atoms.nall / 8 + BLOCK);
  team.run(nthreads, [&](int thread) {
    const Part part(atoms.nall, thread, nthreads);
    for (int i = part.begin; i < part.end; ++i) cell_[i] = atoms.map[atoms.type[i]] < 0 ? -1 : cell_of(atoms.x[i]);
  });
  count_cells(atoms);
  place(atoms);
  team.run(nthreads, [&](int thread) {
    const Part part(nslots_, thread, nthreads);
    for (int slot = part.begin; slot < part.end; ++slot) {
      const int i = atom_[slot];
      species_[slot] = atoms.map[atoms.type[i]];
      for (int d = 0; d < 3; ++d) position_[d][slot] = atoms.x[i][d];
    }
  });
}

// How far an atom at x, in a cell, is at least from all atoms in another cell of the same axis.
double Cells::gap(int d, double x, int here, int there) const {
  if (here == there) return 0.0;
  const double edge = low_[d] + (there > here ? there : there + 1) * edge_[d];
  return std::max(0.0, there > here ? edge - x : x - edge);
}

// The slots in reach of an atom, row by row: the cells of a row follow each other, and so do their slots.
int Cells::find_rows(const double centre[3], Row rows[]) const {
  static_assert(MAX_ROWS == (2 * REACH[1] + 1) * (2 * REACH[2] + 1));
  const int along = order_[0], across = order_[1], up = order_[2];
  const int j0 = cell_along(across, centre[across]), k0 = cell_along(up, centre[up]);
  int nrows = 0;
  for (int k = std::max(k0 - REACH[2], 0); k <= std::min(k0 + REACH[2], ncells_[up] - 1); ++k) {
    const double dz = gap(up, centre[up], k0, k);
    for (int j = std::max(j0 - REACH[1], 0); j <= std::min(j0 + REACH[1], ncells_[across] - 1); ++j) {
      const double dy = gap(across, centre[across], j0, j), rest = cutoff_squared_ - dy * dy - dz * dz;
      const double half = std::sqrt(std::max(rest, 0.0));
      const int *row = start_.data() + k * stride_[up] + j * stride_[across];
      rows[nrows] = {row[cell_along(along, centre[along] - half)], row[cell_along(along, centre[along] + half) + 1]};
      nrows += rest > 0.0;
    }
  }
  return nrows;
}

void Cells::list_own(const Atoms &atoms, const char *wanted, std::vector<int> &slots) const {
  slots.clear();
  for (int slot = 0; slot < nslots_; ++slot) {
    const int i = atom_[slot];
    if (i < atoms.nlocal && (!wanted || wanted[i])) slots.push_back(slot);
  }
}

size_t Cells::find(int slot, std::vector<int> &hits) const {
  const double centre[3] = {position_[0][slot], position_[1][slot], position_[2][slot]};
  Row rows[MAX_ROWS];
  const int nrows = find_rows(centre, rows);
  size_t most = 0, count = 0;
  for (int r = 0; r < nrows; ++r) most += (size_t)(rows[r].end - rows[r].begin);
  if (hits.size() < most + 1) hits.resize(2 * most + 1);
  int *out = hits.data();
  for (int r = 0; r < nrows; ++r)
    for (int block = rows[r].begin; block < rows[r].end; block += BLOCK) {
      double squares[BLOCK];
      take_distances(squares, &position_[0][block], &position_[1][block], &position_[2][block], centre);
      for (int k = 0; k < BLOCK; ++k) {
        out[count] = block + k; // overwritten unless it is near: no branch that nobody can predict
        count += (squares[k] < cutoff_squared_) & (block + k < rows[r].end);
      }
    }
  return count;
}

void Cells::reach(int first, int last, int &begin, int &end) const {
  int most = 0;
  for (int axis = 0; axis < 3; ++axis) most += REACH[axis] * stride_[order_[axis]];
  const int ncells = (int)start_.size() - 1;
  begin = start_[std::max(cell_[atom_[first]] - most, 0)];
  end = start_[std::min(cell_[atom_[last]] + most, ncells - 1) + 1];
}

double Cells::memory_usage() const {
  return (double)sizeof(int) * (start_.capacity() + cell_.capacity() + atom_.capacity() + species_.capacity()) +
         3.0 * sizeof(double) * position_[0].capacity();
}

} // namespace XPOT_NS
