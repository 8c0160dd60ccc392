/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A few atoms with their neighbours, evaluated in one call of the core. One object a thread; its buffers grow to what they
 * have seen and are then reused. */
#ifndef XPOT_BATCH_H
#define XPOT_BATCH_H

#include "cells.h"

#include "xpot/potential.h"

#include <array>

namespace XPOT_NS {

// Where a thread adds its results. Arrays over slots begin at slot first_slot; those over atoms are shared, and only the
// entries of central atoms are written. Null members and virials that nobody asked for are left out.
struct Tally {
  int first_slot = 0;
  double (*force)[3] = nullptr;
  double (*peratom_virial)[6] = nullptr;  // xx yy zz xy xz yz, half to the centre and half to the neighbour
  double (*centroid_virial)[9] = nullptr; // xx yy zz xy xz yz yx zx zy
  double *peratom_energy = nullptr;       // of atoms
  double *core_factor = nullptr;          // of atoms
  bool with_virial = false;
  double energy = 0.0;
  double virial[6] = {};
};

class Batch {
public:
  // Atoms of one call: enough to fill the core's vector lanes, few enough to stay in cache.
  static constexpr int MAX_ATOMS = 64;

  Batch() = default;
  ~Batch() { xp_workspace_free(workspace_); }
  Batch(const Batch &) = delete;
  Batch &operator=(const Batch &) = delete;

  // Uses this plan from now on; the plan must outlive its use here.
  void set_plan(const xp_plan *plan);

  // Collects the atoms in these slots, at most MAX_ATOMS. Throws std::bad_alloc.
  void gather(const Atoms &atoms, const Cells &cells, const NeighbourSource &source, const int *slots, int count);

  // Energies and gradients of the gathered atoms. Energies that are not finite are XP_ERROR_RANGE, allocation failures
  // XP_ERROR_MEMORY.
  xp_status evaluate(bool with_core_factor, xp_error *error);

  // Adds the results to tally.
  void scatter(Tally &tally) const;

  // The gathered atoms with their neighbours; until the next gather.
  xp_neighbourhoods view() const;
  int atom(int a) const { return centres_[a].atom; }

  // The gathered atom that cannot be evaluated, after evaluate failed: its index, or -1. Slow.
  int find_culprit(xp_error *error);

  double memory_usage() const;

private:
  struct Centre {
    int atom, slot, species;
    double scale;
  };

  xp_status run(const xp_neighbourhoods &seen, const xp_evaluation &out, xp_error *error);
  void reserve(size_t nneighbours);
  void add_neighbours(const Cells &cells, const Centre &centre, const int *hits, size_t nhits);
  void add_pair(Tally &tally, int centre, int neighbour, const double gradient[3], const double displacement[3]) const;

  const xp_plan *plan_ = nullptr;
  xp_workspace *workspace_ = nullptr;
  std::vector<double> cutoff_squared_; // [nelements][nelements], centre slowest
  int natoms_ = 0;
  Centre centres_[MAX_ATOMS];
  int species_[MAX_ATOMS];
  size_t first_[MAX_ATOMS + 1];
  double energy_[MAX_ATOMS], core_factor_[MAX_ATOMS];
  std::vector<int> hits_;                           // slots of one atom's neighbours, and some more
  std::vector<int> neighbours_, neighbour_species_; // slots
  std::vector<std::array<double, 3>> displacements_, gradient_;
};

// Gives the atoms in these slots to evaluate(slots, count) in batches, species by species, until one is not XP_OK: the core
// evaluates atoms of one species at once, and reads other coefficients when the species changes.
template <class Evaluate>
xp_status in_batches(const Cells &cells, const int *centres, int ncentres, int nspecies, const Evaluate &evaluate) {
  int slots[Batch::MAX_ATOMS], count = 0;
  xp_status status = XP_OK;
  for (int species = 0; species < nspecies; ++species)
    for (int c = 0; c < ncentres && status == XP_OK; ++c) {
      if (cells.species(centres[c]) != species) continue;
      slots[count++] = centres[c];
      if (count < Batch::MAX_ATOMS) continue;
      status = evaluate(slots, count);
      count = 0;
    }
  return status == XP_OK && count > 0 ? evaluate(slots, count) : status;
}

} // namespace XPOT_NS

#endif
