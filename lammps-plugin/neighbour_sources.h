/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Neighbours where LAMMPS keeps pairs apart: neigh_modify exclude, and what only a neighbour list of LAMMPS knows (the pairs of
 * a hybrid style, bonded atoms, neigh_modify include). */
#ifndef XPOT_NEIGHBOUR_SOURCES_H
#define XPOT_NEIGHBOUR_SOURCES_H

#include "cells.h"

#include "atom.h"
#include "neighbor.h"

namespace XPOT_NS {

// The neighbours in cells without the pairs that LAMMPS excludes.
class ExcludingSource : public NeighbourSource {
public:
  ExcludingSource(const Cells &cells, const LAMMPS_NS::Neighbor *neighbor, const LAMMPS_NS::Atom *atom)
      : cells_(cells), neighbor_(neighbor), atom_(atom) {}
  size_t find(int slot, std::vector<int> &hits) const override;

private:
  bool excluded(int i, int j) const;

  const Cells &cells_;
  const LAMMPS_NS::Neighbor *neighbor_;
  const LAMMPS_NS::Atom *atom_;
};

// A full neighbour list on the host: atoms, and for each atom how many neighbours, and which.
struct ListView {
  int ncentres;
  const int *centres, *counts;
  const int *const *neighbours;
};

// A full neighbour list of LAMMPS.
class ListSource : public NeighbourSource {
public:
  // Takes the list of this step.
  void set(const Cells &cells, const ListView &list, int nall);

  size_t find(int slot, std::vector<int> &hits) const override;

  // [nall] whether an atom has a place in the list.
  const char *listed() const { return listed_.data(); }

private:
  const Cells *cells_ = nullptr;
  ListView list_ = {};
  std::vector<int> slot_; // [nall] of an atom, negative: none
  std::vector<char> listed_;
};

} // namespace XPOT_NS

#endif
