/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "device_run.h"

#include "device/upload.h"
#include "ghost_sums.h"

#include "atom_kokkos.h"
#include "atom_masks.h"
#include "comm.h"
#include "error.h"
#include "force.h"
#include "neigh_list_kokkos.h"
#include "neighbor.h"

#include <algorithm>

using namespace LAMMPS_NS;

namespace XPOT_NS {

namespace {

using AT = ArrayTypes<LMPDeviceType>;
using Range = Kokkos::RangePolicy<device::DeviceSpace>;

constexpr ExecutionSpace SPACE = ExecutionSpaceFromDevice<LMPDeviceType>::space;

struct GatherSites {
  typename AT::t_kkfloat_1d_3_lr_randomread x;
  typename AT::t_int_1d_randomread type;
  Kokkos::View<const int *, device::DeviceSpace> map;
  Kokkos::View<const double *, device::DeviceSpace> scale;
  device::Sites<device::DeviceSpace> sites;

  // Counts atoms whose species is another one than it was.
  KOKKOS_INLINE_FUNCTION void operator()(int i, int &changed) const {
    const int species = map(type(i));
    for (int k = 0; k < 3; ++k) sites.x(i, k) = x(i, k);
    changed += species != sites.species(i);
    sites.species(i) = species;
    sites.scale(i) = scale(type(i));
  }
};

struct AddForces {
  typename AT::t_kkacc_1d_3 f;
  device::ResultArrays<device::DeviceSpace>::Table<3> force;

  KOKKOS_INLINE_FUNCTION void operator()(int i) const {
    for (int k = 0; k < 3; ++k) f(i, k) += force(i, k);
  }
};

struct PackGhosts {
  GhostSums<device::DeviceSpace> sums;
  int first;
  typename AT::t_double_1d buffer;

  KOKKOS_INLINE_FUNCTION void operator()(int i) const {
    const int columns = sums.columns();
    for (int k = 0; k < columns; ++k) buffer(i * columns + k) = sums.at(first + i, k);
  }
};

// An atom is in the list of a swap once.
struct UnpackGhosts {
  GhostSums<device::DeviceSpace> sums;
  typename AT::t_int_1d_const list;
  typename AT::t_double_1d buffer;

  KOKKOS_INLINE_FUNCTION void operator()(int i) const {
    const int columns = sums.columns();
    for (int k = 0; k < columns; ++k) sums.at(list(i), k) += buffer(i * columns + k);
  }
};

// An array of at least n rows, all zero.
template <class View> View &clear_rows(View &view, const char *name, int n) {
  if ((int)view.extent(0) < n) {
    view = View();
    view = View(std::string("xpotace:") + name, n + n / 16);
  } else
    Kokkos::deep_copy(view, 0.0);
  return view;
}

template <int COLUMNS, class View> void add_rows(const View &view, int n, double (*rows)[COLUMNS]) {
  const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), view);
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < COLUMNS; ++k) rows[i][k] += host(i, k);
}

void add_column(const Kokkos::View<double *, device::DeviceSpace> &view, int n, double *column) {
  const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), view);
  for (int i = 0; i < n; ++i) column[i] += host(i);
}

} // namespace

DeviceRun::DeviceRun(LAMMPS *lmp, const xp_plan *plan, const int *map, const device::EngineOptions &options)
    : Pointers(lmp), engine_(device::engine_new(plan, options)),
      map_(device::upload<Space>("map", map, atom->ntypes + 1)) {}

int DeviceRun::compute(Pair *pair, const double *const *scale, Results &results) {
  auto *atom_kokkos = static_cast<AtomKokkos *>(atom);
  auto *list = static_cast<NeighListKokkos<LMPDeviceType> *>(pair->list);
  nall_ = atom->nlocal + atom->nghost;
  atom_kokkos->sync(SPACE, X_MASK | F_MASK | TYPE_MASK);
  const bool changed = gather(scale);
  arrays_ = clear_arrays(results);
  device::Candidates<Space> candidates;
  candidates.ncentres = list->inum;
  candidates.centres = list->d_ilist;
  candidates.counts = list->d_numneigh;
  candidates.neighbours = list->d_neighbors;
  candidates.mask = NEIGHMASK;
  candidates.fresh = changed || neighbor->ago == 0;
  const device::Sums sums = engine_->compute(sites_, candidates, arrays_, results.with_virial);
  // Other ranks send and wait even where this one has nothing worth sending.
  if (force->newton_pair == 0) return_ghosts(pair);
  if (sums.culprit != device::NOBODY) return sums.culprit;
  add_forces();
  add_peratom(results);
  results.energy += sums.energy;
  for (int k = 0; k < 6; ++k) results.virial[k] += sums.virial[k];
  return device::NOBODY;
}

void DeviceRun::update_scale(const double *const *scale) {
  std::vector<double> now;
  for (int type = 0; type <= atom->ntypes; ++type) now.push_back(scale[type][type]);
  if (now == type_scale_) return;
  type_scale_ = now;
  scale_ = device::upload<Space>("scale", now.data(), (int)now.size());
}

// Whether an atom has become another species: that needs no new neighbour list of LAMMPS.
bool DeviceRun::gather(const double *const *scale) {
  update_scale(scale);
  if ((int)sites_.species.extent(0) < nall_) {
    const int size = nall_ + nall_ / 16;
    sites_ = {};
    sites_.x = decltype(sites_.x)(Kokkos::view_alloc(Kokkos::WithoutInitializing, "xpotace:x"), size);
    sites_.species = decltype(sites_.species)("xpotace:species", size);
    sites_.scale = decltype(sites_.scale)(Kokkos::view_alloc(Kokkos::WithoutInitializing, "xpotace:scales"), size);
  }
  auto *atom_kokkos = static_cast<AtomKokkos *>(atom);
  const GatherSites functor = {atom_kokkos->k_x.view<LMPDeviceType>(), atom_kokkos->k_type.view<LMPDeviceType>(), map_,
                               scale_, sites_};
  int changed = 0;
  Kokkos::parallel_reduce("xpotace:gather", Range(0, nall_), functor, changed);
  return changed > 0;
}

DeviceRun::Arrays DeviceRun::clear_arrays(const Results &results) {
  Arrays arrays;
  arrays.force = clear_rows(all_.force, "force", nall_);
  if (results.peratom_energy) arrays.energy = clear_rows(all_.energy, "energies", atom->nlocal);
  if (results.core_factor) arrays.core_factor = clear_rows(all_.core_factor, "core_factor", atom->nlocal);
  if (results.peratom_virial) arrays.virial = clear_rows(all_.virial, "virials", nall_);
  if (results.centroid_virial) arrays.centroid = clear_rows(all_.centroid, "centroid", nall_);
  return arrays;
}

void DeviceRun::add_forces() {
  auto *atom_kokkos = static_cast<AtomKokkos *>(atom);
  const AddForces functor = {atom_kokkos->k_f.view<LMPDeviceType>(), arrays_.force};
  Kokkos::parallel_for("xpotace:forces", Range(0, force->newton_pair ? nall_ : atom->nlocal), functor);
  atom_kokkos->modified(SPACE, F_MASK);
}

void DeviceRun::add_peratom(const Results &results) const {
  if (results.peratom_energy) add_column(arrays_.energy, atom->nlocal, results.peratom_energy);
  if (results.core_factor) add_column(arrays_.core_factor, atom->nlocal, results.core_factor);
  if (results.peratom_virial) add_rows(arrays_.virial, nall_, results.peratom_virial);
  if (results.centroid_virial) add_rows(arrays_.centroid, nall_, results.centroid_virial);
}

// LAMMPS's own reverse communication, for this alone: with 'newton off' it leaves the forces of images where they are.
void DeviceRun::return_ghosts(Pair *pair) {
  const int columns = GhostSums<Space>{arrays_}.columns();
  host_ghosts_ = {};
  comm->reverse_comm(pair, columns);
  if (host_ghosts_.force.data()) copy_arrays(arrays_, host_ghosts_);
  host_ghosts_ = {};
}

// LAMMPS chose the way by the host.
DeviceRun::HostArrays &DeviceRun::host_ghosts() {
  if (!host_ghosts_.force.data()) host_ghosts_ = mirror_arrays(arrays_);
  return host_ghosts_;
}

int DeviceRun::pack_ghosts(int n, int first, double *buffer) {
  const GhostSums<Kokkos::HostSpace> sums = {host_ghosts()};
  const int columns = sums.columns();
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < columns; ++k) buffer[i * columns + k] = sums.at(first + i, k);
  return n * columns;
}

void DeviceRun::unpack_ghosts(int n, const int *list, const double *buffer) {
  const GhostSums<Kokkos::HostSpace> sums = {host_ghosts()};
  const int columns = sums.columns();
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < columns; ++k) sums.at(list[i], k) += buffer[i * columns + k];
}

int DeviceRun::pack_ghosts(int n, int first, DAT::tdual_double_1d &buffer) const {
  const PackGhosts pack = {{arrays_}, first, buffer.view<LMPDeviceType>()};
  Kokkos::parallel_for("xpotace:pack", Range(0, n), pack);
  return n * pack.sums.columns();
}

void DeviceRun::unpack_ghosts(int n, DAT::tdual_int_1d list, DAT::tdual_double_1d &buffer) const {
  const UnpackGhosts unpack = {{arrays_}, list.view<LMPDeviceType>(), buffer.view<LMPDeviceType>()};
  Kokkos::parallel_for("xpotace:unpack", Range(0, n), unpack);
}

std::string DeviceRun::describe() const {
  const device::MemoryPlan &plan = engine_->memory();
  constexpr double MEGABYTE = 1e6;
  return fmt::format(
      "kernel device: {} bytes an atom in flight, {} teams of {} atoms and {} workers at once: {:.1f} MB of "
      "{}; lists of neighbours in chunks of at most {:.1f} MB",
      plan.atom_bytes, plan.teams, plan.lanes, plan.workers, (double)plan.work_bytes / MEGABYTE,
      plan.scratch ? "scratch memory" : "a buffer", (double)plan.list_bytes / MEGABYTE);
}

double DeviceRun::memory_usage() const {
  const device::MemoryPlan &plan = engine_->memory();
  const double site = 4 * sizeof(double) + sizeof(int);
  const double rows = 3.0 * all_.force.extent(0) + all_.energy.extent(0) + all_.core_factor.extent(0) +
                      6.0 * all_.virial.extent(0) + 9.0 * all_.centroid.extent(0);
  return (plan.scratch ? 0.0 : (double)plan.work_bytes) + site * sites_.species.extent(0) + sizeof(double) * rows;
}

} // namespace XPOT_NS
