/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A few atoms with their neighbours, evaluated in one call of the core: gathered from a LAMMPS neighbour list, and
 * scattered to LAMMPS's arrays. One object a thread; its buffers grow to what they have seen and are then reused. */
#ifndef XPOT_BATCH_H
#define XPOT_BATCH_H

#include "xpot/potential.h"

#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace XPOT_NS {

// Where a batch adds its results. Null members and virials that nobody asked for are left out.
struct Tally {
  double (*force)[3] = nullptr;
  double *peratom_energy = nullptr;
  double (*peratom_virial)[6] = nullptr;  // xx yy zz xy xz yz, half to the centre and half to the neighbour
  double (*centroid_virial)[9] = nullptr; // xx yy zz xy xz yz yx zx zy
  double *core_factor = nullptr;
  bool with_virial = false;
  double energy = 0.0;
  double virial[6] = {};
};

class Batch {
public:
  // Atoms of one call: enough to fill the core's vector lanes for several elements, few enough to stay in cache.
  static constexpr int MAX_ATOMS = 64;

  Batch() = default;
  ~Batch() { xp_workspace_free(workspace_); }
  Batch(const Batch &) = delete;
  Batch &operator=(const Batch &) = delete;

  // Uses this plan from now on; the plan must outlive its use here.
  void set_plan(const xp_plan *plan);

  // Collects atoms begin .. end-1 of a list. Atoms gives, for a place ii in the list or an atom index i:
  // atom(ii), species(i) (negative: not ours), neighbours(i), neighbour(i, jj), position(i, axis), scale(i).
  template <class Atoms> void gather(const Atoms &atoms, int begin, int end);

  // Energies and gradients of the gathered atoms. Positions and energies that are not finite are XP_ERROR_RANGE, allocation
  // failures XP_ERROR_MEMORY.
  xp_status evaluate(bool with_core_factor, xp_error *error);

  // Adds the results to tally.
  void scatter(Tally &tally) const;

  // The gathered atom that cannot be evaluated, after evaluate failed: its index, or -1. Slow.
  int find_culprit(xp_error *error);

  double memory_usage() const;

private:
  xp_status check_positions(xp_error *error) const;
  xp_status run(const xp_neighbourhoods &seen, const xp_evaluation &out, xp_error *error);
  void reserve(size_t natoms, size_t nneighbours);
  void add_pair(Tally &tally, int i, int j, const double gradient[3], const double displacement[3]) const;

  const xp_plan *plan_ = nullptr;
  xp_workspace *workspace_ = nullptr;
  std::vector<double> cutoff_squared_; // [nelements][nelements], centre slowest
  int natoms_ = 0;
  int unplaced_ = -1; // an atom whose position is not finite, or -1: it has no neighbours, so nothing else notices
  std::vector<int> atoms_, species_, neighbours_, neighbour_species_;
  std::vector<size_t> first_;
  std::vector<std::array<double, 3>> displacements_, gradient_;
  std::vector<double> energy_, core_factor_, scale_;
};

template <class Atoms> void Batch::gather(const Atoms &atoms, int begin, int end) {
  size_t most = 0;
  for (int ii = begin; ii < end; ++ii) most += atoms.neighbours(atoms.atom(ii));
  reserve(end - begin, most);

  const int nelements = xp_plan_nelements(plan_);
  natoms_ = 0;
  unplaced_ = -1;
  size_t count = 0;
  first_[0] = 0;
  for (int ii = begin; ii < end; ++ii) {
    const int i = atoms.atom(ii);
    const int species = atoms.species(i);
    if (species < 0) continue;
    const double *cutoff_squared = &cutoff_squared_[(size_t)species * nelements];
    const double x = atoms.position(i, 0), y = atoms.position(i, 1), z = atoms.position(i, 2);
    if (!std::isfinite(x + y + z)) unplaced_ = i;
    for (int jj = 0; jj < atoms.neighbours(i); ++jj) {
      const int j = atoms.neighbour(i, jj);
      const int other = atoms.species(j);
      const double dx = atoms.position(j, 0) - x, dy = atoms.position(j, 1) - y, dz = atoms.position(j, 2) - z;
      if (other < 0 || !(dx * dx + dy * dy + dz * dz < cutoff_squared[other])) continue;
      neighbours_[count] = j;
      neighbour_species_[count] = other;
      displacements_[count++] = {dx, dy, dz};
    }
    atoms_[natoms_] = i;
    species_[natoms_] = species;
    scale_[natoms_] = atoms.scale(i);
    first_[++natoms_] = count;
  }
}

} // namespace XPOT_NS

#endif
