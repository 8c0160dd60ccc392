/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cells.h"

#include <algorithm>
#include <cmath>

namespace XPOT_NS {

namespace {

constexpr int REACH = 2; // cells that a cutoff spans: fewer atoms in vain than with one, fewer rows than with three
constexpr double SLACK = 1e-9; // of a cell's edge: rounding must not let a cutoff span one more
constexpr double MOST_CELLS =
    8; // an atom: a dense drop in a wide gas is searched slower, not with memory without bounds

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
  double high[3], count[3];
  find_extent(atoms, bounds, low_, high);
  cutoff_squared_ = cutoff * cutoff;
  double edge = cutoff / REACH * (1.0 + SLACK);
  const double most = MOST_CELLS * atoms.nall + 1.0;
  for (double total = most + 1.0; total > most; edge *= std::max(1.1, std::cbrt(total / most))) {
    total = 1.0;
    for (int d = 0; d < 3; ++d) total *= count[d] = std::max(1.0, std::floor((high[d] - low_[d]) / edge));
  }
  for (int d = 0; d < 3; ++d) {
    ncells_[d] = (int)count[d];
    inverse_[d] = high[d] > low_[d] ? count[d] / (high[d] - low_[d]) : 0.0;
  }
  std::sort(order_, order_ + 3,
            [this](int a, int b) { return ncells_[a] < ncells_[b] || (ncells_[a] == ncells_[b] && a < b); });
  stride_[order_[0]] = 1;
  stride_[order_[1]] = ncells_[order_[0]];
  stride_[order_[2]] = ncells_[order_[0]] * ncells_[order_[1]];
}

// Also for positions that are not finite.
int Cells::cell_along(int d, double x) const {
  const double cell = (x - low_[d]) * inverse_[d];
  if (!(cell > 0.0)) return 0;
  return cell < ncells_[d] ? (int)cell : ncells_[d] - 1;
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
  grow(position_);
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
      position_[slot] = {atoms.x[i][0], atoms.x[i][1], atoms.x[i][2]};
    }
  });
}

// Row by row: the cells of a row follow each other, and so do their slots.
size_t Cells::find(int slot, std::vector<int> &hits, size_t count) const {
  const auto [x, y, z] = position_[slot];
  int low[3], high[3];
  for (int axis = 0; axis < 3; ++axis) {
    const int d = order_[axis], cell = cell_along(d, position_[slot][d]);
    low[axis] = std::max(cell - REACH, 0);
    high[axis] = std::min(cell + REACH, ncells_[d] - 1);
  }
  for (int k = low[2]; k <= high[2]; ++k)
    for (int j = low[1]; j <= high[1]; ++j) {
      const int row = k * stride_[order_[2]] + j * stride_[order_[1]];
      const int begin = start_[row + low[0]], end = start_[row + high[0] + 1];
      if (hits.size() < count + (size_t)(end - begin)) hits.resize(2 * count + (size_t)(end - begin));
      int *out = hits.data();
      for (int other = begin; other < end; ++other) {
        const double dx = position_[other][0] - x, dy = position_[other][1] - y, dz = position_[other][2] - z;
        out[count] = other; // overwritten unless it is near: no branch that nobody can predict
        count += (dx * dx + dy * dy + dz * dz < cutoff_squared_) & (other != slot);
      }
    }
  return count;
}

void Cells::reach(int first, int last, int &begin, int &end) const {
  const int most = REACH * (stride_[0] + stride_[1] + stride_[2]);
  const int ncells = (int)start_.size() - 1;
  begin = start_[std::max(cell_[atom_[first]] - most, 0)];
  end = start_[std::min(cell_[atom_[last]] + most, ncells - 1) + 1];
}

double Cells::memory_usage() const {
  return (double)sizeof(int) * (start_.capacity() + cell_.capacity() + atom_.capacity() + species_.capacity()) +
         (double)sizeof(position_[0]) * position_.capacity();
}

} // namespace XPOT_NS
