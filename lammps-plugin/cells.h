/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The atoms of a process, ghosts included, in spatial order: sorted in every step into cells as wide as the cutoff. A neighbour
 * search over cells costs what reading a stored neighbour list costs and needs no memory for neighbours. */
#ifndef XPOT_CELLS_H
#define XPOT_CELLS_H

#include "team.h"

#include <cstddef>
#include <vector>

namespace XPOT_NS {

// What LAMMPS knows of the atoms in a step.
struct Atoms {
  int nlocal, nall;           // own atoms; with ghosts
  const double (*x)[3];       // [nall]
  const int *type;            // [nall]
  const int *map;             // [ntypes+1] species of a type, negative: not ours
  const double *const *scale; // [ntypes+1][ntypes+1] the diagonal scales energy and forces
};

// Atoms are searched faster inside this box than outside.
struct Bounds {
  double low[3], high[3];
};

// Where the neighbours of an atom come from.
class NeighbourSource {
public:
  virtual ~NeighbourSource() = default;

  // Writes the slots of all neighbours of the atom in a slot within its cutoff, and perhaps others and its own, to hits, which
  // grows when it must; returns how many.
  virtual size_t find(int slot, std::vector<int> &hits) const = 0;
};

// A slot is a place in the spatial order. Atoms of species that are not ours have none.
class Cells : public NeighbourSource {
public:
  void sort(Team &team, const Atoms &atoms, const Bounds &bounds, double cutoff);

  int nslots() const { return nslots_; }
  int atom(int slot) const { return atom_[slot]; }
  int species(int slot) const { return species_[slot]; }
  double position(int slot, int d) const { return position_[d][slot]; }

  // An own atom whose position is not finite, or -1: it has no neighbours, so nothing else notices.
  int unplaced() const { return unplaced_; }

  // The slots of own atoms, of those that are wanted (null: all).
  void list_own(const Atoms &atoms, const char *wanted, std::vector<int> &slots) const;

  size_t find(int slot, std::vector<int> &hits) const override;

  // The slots that neighbours of the atoms in slots first .. last can have: begin .. end-1.
  void reach(int first, int last, int &begin, int &end) const;

  double memory_usage() const;

private:
  void set_grid(const Atoms &atoms, const Bounds &bounds, double cutoff);
  void find_extent(const Atoms &atoms, const Bounds &bounds, double low[3], double high[3]);
  int cell_along(int d, double x) const;
  int cell_of(const double x[3]) const;
  double gap(int d, double x, int here, int there) const;
  struct Row {
    int begin, end; // slots
  };
  static constexpr int MAX_ROWS = 9;
  int find_rows(const double centre[3], Row rows[]) const;
  void count_cells(const Atoms &atoms);
  void place(const Atoms &atoms);

  double cutoff_squared_ = 0.0;
  double low_[3] = {}, edge_[3] = {}, inverse_[3] = {}; // grid: corner, edges of a cell, cells an Angstrom
  double last_[3] = {};                                 // cell of an axis
  int ncells_[3] = {1, 1, 1};
  int stride_[3] = {1, 1, 1}; // the longest edge of the grid is the slowest, so that a range of slots is a slab
  int order_[3] = {0, 1, 2};  // axes, fastest first
  int nslots_ = 0, unplaced_ = -1;
  std::vector<int> start_;          // [cells + 1] first slot of a cell
  std::vector<int> cell_;           // [nall] cell of an atom, negative: no slot
  std::vector<int> atom_;           // [nslots]
  std::vector<int> species_;        // [nslots]
  std::vector<double> position_[3]; // [nslots + BLOCK]
};

// Splits 0 .. count-1 evenly: the part of a worker.
struct Part {
  int begin, end;
  Part(int count, int worker, int nworkers)
      : begin((int)((long long)count * worker / nworkers)), end((int)((long long)count * (worker + 1) / nworkers)) {}
};

} // namespace XPOT_NS

#endif
