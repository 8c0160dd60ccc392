/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pair_xpotace_kokkos.h"

#include "potential_files.h"
#include "worker.h"

#include "atom_kokkos.h"
#include "atom_masks.h"
#include "error.h"
#include "force.h"
#include "kokkos.h"
#include "kokkos_base.h"
#include "neigh_list_kokkos.h"
#include "neigh_request.h"
#include "neighbor.h"

#include <algorithm>
#include <exception>

using namespace LAMMPS_NS;

namespace XPOT_NS {

namespace {

// The atoms of a Kokkos neighbour list, as Batch::gather wants them.
template <class DeviceType> struct KokkosListAtoms {
  using AT = ArrayTypes<DeviceType>;

  typename AT::t_int_1d_randomread ilist, numneigh;
  typename AT::t_neighbors_2d neighbors;
  typename AT::t_kkfloat_1d_3_lr_randomread x;
  typename AT::t_int_1d_randomread type;
  const int *map;
  const double *const *scales;

  int atom(int ii) const { return ilist(ii); }
  int species(int i) const { return map[type(i)]; }
  int neighbours(int i) const { return numneigh(i); }
  int neighbour(int i, int jj) const { return neighbors(i, jj) & NEIGHMASK; }
  double position(int i, int axis) const { return x(i, axis); }
  double scale(int i) const { return scales[type(i)][type(i)]; }
};

// Batches of an equal share a thread, not larger than the core likes.
int batch_size(int natoms, int nthreads) {
  constexpr int BATCHES_A_THREAD = 4; // small enough a unit to balance, large enough to fill vector lanes
  constexpr int LANES = 8;
  const int share = natoms / (BATCHES_A_THREAD * nthreads) / LANES * LANES;
  return std::clamp(share, LANES, (int)Batch::MAX_ATOMS);
}

// Adds columns of one atom of every worker's array to target, and leaves the arrays zero for the next step.
template <int COLUMNS, class Target>
void add_atom(std::vector<std::unique_ptr<Worker>> &workers, std::vector<double> Worker::*array, int i,
              Target &&target) {
  double sum[COLUMNS] = {};
  for (auto &worker : workers) {
    double *mine = ((*worker).*array).data() + (size_t)i * COLUMNS;
    for (int k = 0; k < COLUMNS; ++k) {
      sum[k] += mine[k];
      mine[k] = 0.0;
    }
  }
  for (int k = 0; k < COLUMNS; ++k) target(k, sum[k]);
}

} // namespace

template <class DeviceType> PairXpotAceKokkos<DeviceType>::PairXpotAceKokkos(LAMMPS *lmp) : PairXpotAce(lmp) {
  static_assert(Kokkos::SpaceAccessibility<Kokkos::HostSpace, typename DeviceType::memory_space>::accessible,
                "xpotace/kk has no device kernels yet");
  if (!lmp->kokkos)
    error->all(FLERR, "pair_style xpotace/kk: expected Kokkos to be on, found it off; run LAMMPS with '-k on'");
  respa_enable = 0;
  kokkosable = 1;
  atomKK = (AtomKokkos *)atom;
  execution_space = ExecutionSpaceFromDevice<DeviceType>::space;
  datamask_read = EMPTY_MASK;
  datamask_modify = EMPTY_MASK;
}

template <class DeviceType> PairXpotAceKokkos<DeviceType>::~PairXpotAceKokkos() = default;

template <class DeviceType> void PairXpotAceKokkos<DeviceType>::coeff(int narg, char **arg) {
  workers.clear(); // they remember the plan that is freed now
  PairXpotAce::coeff(narg, arg);
}

template <class DeviceType> void PairXpotAceKokkos<DeviceType>::read_restart(FILE *fp) {
  workers.clear();
  PairXpotAce::read_restart(fp);
}

template <class DeviceType> void PairXpotAceKokkos<DeviceType>::init_style() {
  PairXpotAce::init_style();
  constexpr bool on_device = std::is_same_v<DeviceType, LMPDeviceType>;
  auto *request = neighbor->find_request(this);
  request->set_kokkos_host(std::is_same_v<DeviceType, LMPHostType> && !on_device);
  request->set_kokkos_device(on_device);
}

template <class DeviceType> void PairXpotAceKokkos<DeviceType>::compute(int eflag, int vflag) {
  ev_init(eflag, vflag);
  atomKK->sync(execution_space, X_MASK | F_MASK | TYPE_MASK);
  atomKK->modified(execution_space, F_MASK);

  const int nall = atom->nlocal + atom->nghost;
  prepare(nall);
  evaluate();
  stop_on_error();
  reduce(nall);
  for (auto &worker : workers) {
    if (eflag_global) eng_vdwl += worker->tally.energy;
    if (vflag_global)
      for (int k = 0; k < 6; ++k) virial[k] += worker->tally.virial[k];
  }
}

// One worker a thread, with zeroed arrays that are long enough.
template <class DeviceType> void PairXpotAceKokkos<DeviceType>::prepare(int nall) {
  const size_t nthreads = std::max(1, (int)typename DeviceType::execution_space().concurrency());
  while (workers.size() < nthreads) workers.emplace_back(new Worker);
  workers.resize(nthreads);
  double *core_factor = core_factor_array();
  for (auto &worker : workers) {
    auto grow = [nall](std::vector<double> &array, int columns) {
      const size_t size = (size_t)nall * columns;
      if (array.size() < size) array.resize(size + size / 8, 0.0);
    };
    grow(worker->force, 3);
    if (vflag_atom) grow(worker->peratom_virial, 6);
    if (cvflag_atom) grow(worker->centroid_virial, 9);
    Tally &tally = worker->tally;
    tally = Tally();
    tally.force = reinterpret_cast<double(*)[3]>(worker->force.data());
    tally.peratom_energy = eflag_atom ? eatom : nullptr; // a centre belongs to one worker
    tally.peratom_virial = vflag_atom ? reinterpret_cast<double(*)[6]>(worker->peratom_virial.data()) : nullptr;
    tally.centroid_virial = cvflag_atom ? reinterpret_cast<double(*)[9]>(worker->centroid_virial.data()) : nullptr;
    tally.core_factor = core_factor;
    tally.with_virial = vflag_either;
    worker->batch.set_plan(potential->plan());
  }
}

template <class DeviceType> void PairXpotAceKokkos<DeviceType>::evaluate() {
  auto *kokkos_list = static_cast<NeighListKokkos<DeviceType> *>(list);
  KokkosListAtoms<DeviceType> atoms = {kokkos_list->d_ilist,
                                       kokkos_list->d_numneigh,
                                       kokkos_list->d_neighbors,
                                       atomKK->k_x.template view<DeviceType>(),
                                       atomKK->k_type.template view<DeviceType>(),
                                       map,
                                       scale};
  const int natoms = list->inum, nworkers = (int)workers.size();
  const int size = batch_size(natoms, nworkers);
  const int nbatches = (natoms + size - 1) / size;
  const std::unique_ptr<Worker> *all = workers.data();

  // Parallel over workers, each with every nworkers-th batch; a worker writes to its own arrays.
  auto work = [=, &atoms](const int w) {
    Worker &worker = *all[w];
    try {
      for (int b = w; b < nbatches && worker.status == XP_OK; b += nworkers) {
        worker.batch.gather(atoms, b * size, std::min((b + 1) * size, natoms));
        worker.status = worker.batch.evaluate(worker.tally.core_factor != nullptr, &worker.error);
        if (worker.status == XP_OK) worker.batch.scatter(worker.tally);
      }
    } catch (const std::exception &) {
      worker.status = xp_error_memory(&worker.error, "the neighbours of a batch of atoms");
    }
  };
  Kokkos::parallel_for("xpotace::evaluate",
                       Kokkos::RangePolicy<DeviceType, Kokkos::Schedule<Kokkos::Static>>(0, nworkers), work);
  DeviceType().fence();
}

// Parallel over atoms; an atom is written by one thread.
template <class DeviceType> void PairXpotAceKokkos<DeviceType>::reduce(int nall) {
  auto f = atomKK->k_f.template view<DeviceType>();
  auto &all = workers;
  double **symmetric = vflag_atom ? vatom : nullptr;
  double **centroid = cvflag_atom ? cvatom : nullptr;
  auto sum = [=, &all](const int i) {
    add_atom<3>(all, &Worker::force, i, [&](int k, double value) { f(i, k) += value; });
    if (symmetric) add_atom<6>(all, &Worker::peratom_virial, i, [&](int k, double value) { symmetric[i][k] += value; });
    if (centroid) add_atom<9>(all, &Worker::centroid_virial, i, [&](int k, double value) { centroid[i][k] += value; });
  };
  Kokkos::parallel_for("xpotace::reduce", Kokkos::RangePolicy<DeviceType>(0, nall), sum);
  DeviceType().fence();
}

template <class DeviceType> void PairXpotAceKokkos<DeviceType>::stop_on_error() {
  const auto failed = std::find_if(workers.begin(), workers.end(), [](const auto &w) { return w->status != XP_OK; });
  if (failed == workers.end()) return;
  const std::unique_ptr<Worker> worker = std::move(*failed);
  workers.clear(); // a program that goes on must not find half a step in their sums
  atomKK->sync(Host, X_MASK | TAG_MASK);
  stop_at(worker->batch, worker->error.message);
}

template <class DeviceType> double PairXpotAceKokkos<DeviceType>::memory_usage() {
  double bytes = PairXpotAce::memory_usage();
  for (const auto &worker : workers) bytes += worker->memory_usage();
  return bytes;
}

template class PairXpotAceKokkos<LMPDeviceType>;
#ifdef LMP_KOKKOS_GPU
template class PairXpotAceKokkos<LMPHostType>;
#endif

} // namespace XPOT_NS
