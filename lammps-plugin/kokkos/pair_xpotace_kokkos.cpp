/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pair_xpotace_kokkos.h"

#include "device_guard.h"
#include "grade_watch.h"
#include "neighbour_sources.h"
#include "potential_files.h"
#include "stop_together.h"
#include "team.h"
#include "words.h"

#include "xpot/repulsion.h"

#include "atom_kokkos.h"
#include "atom_masks.h"
#include "comm.h"
#include "error.h"
#include "force.h"
#include "kokkos.h"
#include "neigh_request.h"
#include "neighbor.h"

#include <algorithm>

using namespace LAMMPS_NS;

namespace XPOT_NS {

namespace {

constexpr double MEGABYTE = 1e6;
// What the host's kernel looks at.
constexpr uint64_t SEEN_MASK = X_MASK | TYPE_MASK | TAG_MASK | MASK_MASK | MOLECULE_MASK;
constexpr bool DEVICE_IS_HOST = std::is_same_v<LMPDeviceType, LMPHostType>;

class KokkosTeam : public Team {
public:
  int size() const override { return std::max(1, (int)LMPHostType::execution_space().concurrency()); }

  void run(int n, const Work &work) override {
    Kokkos::parallel_for("xpotace", Kokkos::RangePolicy<LMPHostType, Kokkos::Schedule<Kokkos::Static>>(0, n),
                         Share{work});
    LMPHostType().fence();
  }

private:
  // Not a lambda: this file is compiled for devices, too.
  struct Share {
    Work work;
    void operator()(const int share) const { work(share); }
  };
};

} // namespace

PairXpotAceKokkos::PairXpotAceKokkos(LAMMPS *lmp, bool on_host_)
    : PairXpotAce(lmp), on_host(on_host_), kernel(Kernel::AUTO) {
  if (!lmp->kokkos)
    error->all(FLERR, "pair_style xpotace/kk: expected Kokkos to be on, found it off; run LAMMPS with '-k on'");
  respa_enable = 0;
  kokkosable = 1;
  atomKK = (AtomKokkos *)atom;
  datamask_read = EMPTY_MASK;
  datamask_modify = EMPTY_MASK;
  execution_space = on_device() ? ExecutionSpaceFromDevice<LMPDeviceType>::space : Host;
}

bool PairXpotAceKokkos::on_device() const {
  return kernel == Kernel::AUTO ? !DEVICE_IS_HOST && !on_host : kernel == Kernel::DEVICE;
}

void PairXpotAceKokkos::forget() {
  run.reset();
  PairXpotAce::forget();
}

void PairXpotAceKokkos::settings(int narg, char **arg) {
  run.reset();
  kernel = Kernel::AUTO;
  options = {};
  PairXpotAce::settings(narg, arg);
  if (kernel == Kernel::DEVICE && on_host && !DEVICE_IS_HOST)
    error->all(FLERR,
               "pair_style xpotace/kk/host: expected no 'kernel device', which runs on the device; use xpotace/kk");
  execution_space = on_device() ? ExecutionSpaceFromDevice<LMPDeviceType>::space : Host;
  guard.reset(on_device() ? new DeviceGuard(lmp) : new StepGuard(lmp));
}

bool PairXpotAceKokkos::set(const std::string &keyword, Words &words) {
  if (keyword == "kernel") {
    const std::string value = words.take();
    expect(keyword, value, {"auto", "host", "device"});
    kernel = value == "auto" ? Kernel::AUTO : value == "host" ? Kernel::HOST : Kernel::DEVICE;
  } else if (keyword == "memory") {
    const std::string value = words.take();
    const double megabytes = utils::is_double(value) ? std::stod(value) : 0.0;
    if (megabytes <= 0.0) error->all(FLERR, "pair_style xpotace memory: expected megabytes above 0, found '{}'", value);
    options.budget = (size_t)(megabytes * MEGABYTE);
  } else if (keyword == "team") {
    const std::string value = words.take();
    options.workers = utils::is_integer(value) ? std::stoi(value) : 0;
    if (options.workers < 1)
      error->all(FLERR, "pair_style xpotace team: expected a number of workers above 0, found '{}'", value);
  } else
    return PairXpotAce::set(keyword, words);
  return true;
}

// What a device is told is of the machine, not of the simulation.
bool PairXpotAceKokkos::in_restart(const std::string &keyword) const {
  return keyword != "kernel" && keyword != "memory" && keyword != "team";
}

void PairXpotAceKokkos::init_style() {
  if (!on_device()) return PairXpotAce::init_style();
  check_run();
  choose_source();
  auto *request = neighbor->add_request(this, NeighConst::REQ_FULL);
  request->set_kokkos_device(true);
  reverse_comm_device = 1;
  comm_reverse_off = force->newton_pair ? 0 : DeviceRun::GHOST_COLUMNS;
  if (!run) make_run();
}

void PairXpotAceKokkos::make_run() {
  std::string problem;
  if (xp_plan_adds_zbl(potential->plan()))
    error->all(FLERR,
               "pair_style xpotace/kk: kernel device does not add ZBL to SNAP; expected 'pair_style hybrid/overlay "
               "xpotace/kk ... zbl {} {}' and a pair_coeff for zbl, or 'kernel host'",
               zbl[0], zbl[1]);
  try {
    run.reset(new DeviceRun(lmp, potential->plan(), map, options));
  } catch (const std::exception &e) {
    problem = fmt::format("pair_style xpotace/kk: {}", e.what());
  }
  stop_together(lmp, problem);
  if (comm->me == 0) utils::logmesg(lmp, "pair_style xpotace/kk: {}\n", run->describe());
}

void PairXpotAceKokkos::compute(int eflag, int vflag) {
  if (on_device()) return compute_on_device(eflag, vflag);
  atomKK->sync(Host, SEEN_MASK | F_MASK | V_MASK | IMAGE_MASK | (atom->rmass ? RMASS_MASK : EMPTY_MASK));
  KokkosTeam team;
  compute_with(team, eflag, vflag);
  atomKK->modified(Host, F_MASK);
}

void PairXpotAceKokkos::compute_on_device(int eflag, int vflag) {
  ev_init(eflag, vflag);
  Results results = make_results();
  int culprit = device::NOBODY;
  try {
    culprit = run->compute(this, scale, results);
  } catch (const std::runtime_error &e) {
    error->one(
        FLERR,
        "pair_style xpotace/kk: Kokkos failed; if it is for want of memory for the arrays of all atoms and ghost "
        "atoms, use more ranks or devices: {}",
        e.what());
  }
  KokkosTeam team;
  std::string problem;
  if (culprit != device::NOBODY) {
    atomKK->sync(Host, SEEN_MASK);
    problem = explain_atom(team, culprit);
  }
  add_sums(results);
  finish_step(team, problem);
  if (!watch->due()) return;
  atomKK->sync(Host, SEEN_MASK);
  watch_atoms(team, sort_atoms(team));
}

// With kernel device LAMMPS's list is the device's.
ListView PairXpotAceKokkos::host_list() {
  if (!on_device()) return PairXpotAce::host_list();
  copied_list.copy(*static_cast<NeighListKokkos<LMPDeviceType> *>(list));
  return copied_list.view();
}

int PairXpotAceKokkos::pack_reverse_comm(int n, int first, double *buffer) {
  return run->pack_ghosts(n, first, buffer);
}

void PairXpotAceKokkos::unpack_reverse_comm(int n, int *list, double *buffer) {
  run->unpack_ghosts(n, list, buffer);
}

int PairXpotAceKokkos::pack_reverse_comm_kokkos(int n, int first, DAT::tdual_double_1d &buffer) {
  return run->pack_ghosts(n, first, buffer);
}

void PairXpotAceKokkos::unpack_reverse_comm_kokkos(int n, DAT::tdual_int_1d list, DAT::tdual_double_1d &buffer) {
  run->unpack_ghosts(n, list, buffer);
}

double PairXpotAceKokkos::memory_usage() {
  return PairXpotAce::memory_usage() + (run ? run->memory_usage() : 0.0);
}

} // namespace XPOT_NS
