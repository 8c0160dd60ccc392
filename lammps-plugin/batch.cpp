/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "batch.h"

#include <cmath>

namespace XPOT_NS {

void Batch::set_plan(const xp_plan *plan) {
  if (plan == plan_) return;
  xp_workspace_free(workspace_);
  workspace_ = nullptr;
  plan_ = plan;
  const int n = xp_plan_nelements(plan);
  cutoff_squared_.resize((size_t)n * n);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      const double cutoff = xp_plan_cutoff(plan, i, j);
      cutoff_squared_[(size_t)i * n + j] = cutoff * cutoff;
    }
}

void Batch::reserve(size_t nneighbours) {
  if (neighbours_.size() >= nneighbours) return;
  const size_t size = nneighbours + nneighbours / 4;
  neighbours_.resize(size);
  neighbour_species_.resize(size);
  displacements_.resize(size);
  gradient_.resize(size);
}

void Batch::gather(const Atoms &atoms, const Cells &cells, const NeighbourSource &source, const int *slots, int count) {
  first_[0] = 0;
  for (natoms_ = 0; natoms_ < count; ++natoms_) {
    const int slot = slots[natoms_], i = cells.atom(slot), type = atoms.type[i];
    const Centre centre = {i, slot, cells.species(slot), atoms.scale[type][type]};
    centres_[natoms_] = centre;
    species_[natoms_] = centre.species;
    const size_t nhits = source.find(slot, hits_);
    reserve(first_[natoms_] + nhits);
    add_neighbours(cells, centre, hits_.data(), nhits);
  }
}

void Batch::add_neighbours(const Cells &cells, const Centre &centre, const int *hits, size_t nhits) {
  const double *cutoff_squared = &cutoff_squared_[(size_t)centre.species * xp_plan_nelements(plan_)];
  const double x = cells.position(centre.slot, 0), y = cells.position(centre.slot, 1),
               z = cells.position(centre.slot, 2);
  size_t count = first_[natoms_];
  for (size_t k = 0; k < nhits; ++k) {
    const int there = hits[k], species = cells.species(there);
    const double dx = cells.position(there, 0) - x, dy = cells.position(there, 1) - y,
                 dz = cells.position(there, 2) - z;
    if (!(dx * dx + dy * dy + dz * dz < cutoff_squared[species]) || there == centre.slot) continue;
    neighbours_[count] = there;
    neighbour_species_[count] = species;
    displacements_[count++] = {dx, dy, dz};
  }
  first_[natoms_ + 1] = count;
}

xp_status Batch::run(const xp_neighbourhoods &seen, const xp_evaluation &out, xp_error *error) {
  xp_status status = xp_evaluate(plan_, workspace_, &seen, &out, error);
  for (int a = 0; a < seen.natoms && status == XP_OK; ++a)
    if (!std::isfinite(out.energy[a]))
      status = xp_error_set(error, XP_ERROR_RANGE, "its energy is not a finite number");
  return status;
}

xp_status Batch::evaluate(bool with_core_factor, xp_error *error) {
  if (!workspace_) {
    xp_status status = xp_workspace_new(&workspace_, plan_, error);
    if (status != XP_OK) return status;
  }
  xp_evaluation out = {};
  out.energy = energy_;
  out.gradient = reinterpret_cast<double(*)[3]>(gradient_.data());
  out.core_factor = with_core_factor ? core_factor_ : nullptr;
  return run(view(), out, error);
}

xp_neighbourhoods Batch::view() const {
  xp_neighbourhoods seen = {};
  seen.natoms = natoms_;
  seen.species = species_;
  seen.first = first_;
  seen.neighbour_species = neighbour_species_.data();
  seen.displacements = reinterpret_cast<const double(*)[3]>(displacements_.data());
  return seen;
}

int Batch::find_culprit(xp_error *error) {
  for (int a = 0; a < natoms_; ++a) {
    const size_t offset = first_[a];
    const size_t first[2] = {0, first_[a + 1] - offset};
    xp_neighbourhoods seen = {};
    seen.natoms = 1;
    seen.species = &species_[a];
    seen.first = first;
    seen.neighbour_species = neighbour_species_.data() + offset;
    seen.displacements = reinterpret_cast<const double(*)[3]>(displacements_.data() + offset);
    xp_evaluation out = {};
    out.energy = &energy_[a];
    out.gradient = reinterpret_cast<double(*)[3]>(gradient_.data() + offset);
    xp_error_clear(error);
    if (run(seen, out, error) != XP_OK) return centres_[a].atom;
  }
  return -1;
}

void Batch::scatter(Tally &tally) const {
  for (int a = 0; a < natoms_; ++a) {
    const Centre &centre = centres_[a];
    const int here = centre.slot - tally.first_slot;
    const double energy = centre.scale * energy_[a];
    tally.energy += energy;
    if (tally.peratom_energy) tally.peratom_energy[centre.atom] += energy;
    if (tally.core_factor) tally.core_factor[centre.atom] = core_factor_[a];
    double on_centre[3] = {};
    for (size_t pair = first_[a]; pair < first_[a + 1]; ++pair) {
      const int there = neighbours_[pair] - tally.first_slot;
      double gradient[3];
      for (int d = 0; d < 3; ++d) {
        gradient[d] = centre.scale * gradient_[pair][d];
        on_centre[d] += gradient[d];
        tally.force[there][d] -= gradient[d];
      }
      if (tally.with_virial) add_pair(tally, here, there, gradient, displacements_[pair].data());
    }
    for (int d = 0; d < 3; ++d) tally.force[here][d] += on_centre[d];
  }
}

// The energy of the centre is all its own, so the virial that carries heat is the neighbour's: the work of the force on the
// neighbour moves energy over the whole displacement. The symmetric form shares it, as pair_style snap and pace do.
void Batch::add_pair(Tally &tally, int i, int j, const double g[3], const double r[3]) const {
  const double v[9] = {-r[0] * g[0], -r[1] * g[1], -r[2] * g[2], -r[0] * g[1], -r[0] * g[2],
                       -r[1] * g[2], -r[1] * g[0], -r[2] * g[0], -r[2] * g[1]};
  for (int k = 0; k < 6; ++k) tally.virial[k] += v[k];
  if (tally.peratom_virial)
    for (int k = 0; k < 6; ++k) {
      tally.peratom_virial[i][k] += 0.5 * v[k];
      tally.peratom_virial[j][k] += 0.5 * v[k];
    }
  if (tally.centroid_virial)
    for (int k = 0; k < 9; ++k) tally.centroid_virial[j][k] += v[k];
}

double Batch::memory_usage() const {
  const double per_neighbour = 2 * sizeof(int) + 2 * sizeof(displacements_[0]);
  return per_neighbour * neighbours_.capacity() + (double)sizeof(int) * hits_.capacity() + sizeof *this;
}

} // namespace XPOT_NS
