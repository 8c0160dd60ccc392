/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "batch.h"

namespace XPOT_NS {

namespace {

constexpr char EXPLODED[] = "the simulation has exploded: give it a shorter timestep or a better starting structure";

} // namespace

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

void Batch::reserve(size_t natoms, size_t nneighbours) {
  if (atoms_.size() < natoms) {
    atoms_.resize(natoms);
    species_.resize(natoms);
    first_.resize(natoms + 1);
    energy_.resize(natoms);
    core_factor_.resize(natoms);
    scale_.resize(natoms);
  }
  if (neighbours_.size() < nneighbours) {
    neighbours_.resize(nneighbours);
    neighbour_species_.resize(nneighbours);
    displacements_.resize(nneighbours);
    gradient_.resize(nneighbours);
  }
}

xp_status Batch::check_positions(xp_error *error) const {
  if (unplaced_ < 0) return XP_OK;
  return xp_error_set(error, XP_ERROR_RANGE, "its position is not a finite number; %s", EXPLODED);
}

xp_status Batch::run(const xp_neighbourhoods &seen, const xp_evaluation &out, xp_error *error) {
  xp_status status = xp_evaluate(plan_, workspace_, &seen, &out, error);
  for (int a = 0; a < seen.natoms && status == XP_OK; ++a)
    if (!std::isfinite(out.energy[a]))
      status = xp_error_set(error, XP_ERROR_RANGE, "its energy is not a finite number; %s", EXPLODED);
  return status;
}

xp_status Batch::evaluate(bool with_core_factor, xp_error *error) {
  if (!workspace_) {
    xp_status status = xp_workspace_new(&workspace_, plan_, error);
    if (status != XP_OK) return status;
  }
  xp_neighbourhoods seen = {};
  seen.natoms = natoms_;
  seen.species = species_.data();
  seen.first = first_.data();
  seen.neighbour_species = neighbour_species_.data();
  seen.displacements = reinterpret_cast<const double(*)[3]>(displacements_.data());
  xp_evaluation out = {};
  out.energy = energy_.data();
  out.gradient = reinterpret_cast<double(*)[3]>(gradient_.data());
  out.core_factor = with_core_factor ? core_factor_.data() : nullptr;
  xp_status status = check_positions(error);
  return status == XP_OK ? run(seen, out, error) : status;
}

int Batch::find_culprit(xp_error *error) {
  if (check_positions(error) != XP_OK) return unplaced_;
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
    if (run(seen, out, error) != XP_OK) return atoms_[a];
  }
  return -1;
}

void Batch::scatter(Tally &tally) const {
  for (int a = 0; a < natoms_; ++a) {
    const int i = atoms_[a];
    const double energy = scale_[a] * energy_[a];
    tally.energy += energy;
    if (tally.peratom_energy) tally.peratom_energy[i] += energy;
    if (tally.core_factor) tally.core_factor[i] = core_factor_[a];
    double on_centre[3] = {};
    for (size_t pair = first_[a]; pair < first_[a + 1]; ++pair) {
      const int j = neighbours_[pair];
      double gradient[3];
      for (int d = 0; d < 3; ++d) {
        gradient[d] = scale_[a] * gradient_[pair][d];
        on_centre[d] += gradient[d];
        tally.force[j][d] -= gradient[d];
      }
      if (tally.with_virial) add_pair(tally, i, j, gradient, displacements_[pair].data());
    }
    for (int d = 0; d < 3; ++d) tally.force[i][d] += on_centre[d];
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
  const double per_atom = 2 * sizeof(int) + sizeof(size_t) + 3 * sizeof(double);
  return per_atom * atoms_.capacity() + per_neighbour * neighbours_.capacity();
}

} // namespace XPOT_NS
