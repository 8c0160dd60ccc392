/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Team kernels on threads under ThreadSanitizer: items in random order, so that all that orders their memory is barriers.
 * Energies, forces and virials are compared with the host's kernel. With --without N, barrier N of each team is left out, counted
 * from 0, or all of them for "all": a race must be reported. */
#include "device/ace_kernel.h"
#include "device/bonds.h"
#include "device/kernel.h"
#include "device/snap_kernel.h"
#include "device_models.h"
#include "thread_member.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>

using namespace XPOT_NS::device;

namespace {

using Space = Kokkos::DefaultHostExecutionSpace;
template <class T> using List = Kokkos::View<T, Kokkos::LayoutRight, Space>;

constexpr int TEAMS = 2;
constexpr unsigned SEEDS = 3;
constexpr double TOLERANCE = 1e-10; // relative to 1 + the size

// A kernel under test: Lists, Kernel, how one is made for a plan, and the doubles of a team's memory.
template <class Kind, xp_kind KIND_, int LANES> struct Subject {
  static constexpr int WIDTH = LANES;
  static constexpr xp_kind KIND = KIND_;
  using Lists = Bonds<Space, LANES>;
  using Kernel = TeamKernel<Kind, Space, double, Lists, LANES>;

  static Kernel make(const xp_plan *plan, int workers, const Lists &bonds) {
    xp_error error = {};
    typename Kind::Image *image = nullptr;
    if (Kind::image_new(&image, plan, &error) != XP_OK) Kokkos::abort(error.message);
    const Kernel kernel = {
        typename Kernel::Views(*image), Kind::layout(*image, workers), bonds, {}, bonds.block_species.extent_int(0)};
    Kind::image_free(image);
    return kernel;
  }
  static size_t doubles(const Kernel &k) { return team_doubles(layout_bytes<double>(k.layout), LANES); }
};
template <int LANES> using AceSubject = Subject<Ace, XP_KIND_ACE, LANES>;
template <int LANES> using SnapSubject = Subject<Snap, XP_KIND_SNAP, LANES>;

// The atoms of a model in blocks, and their neighbours by species (bonds.h).
struct Blocks {
  std::vector<int> atoms, species, firsts, neighbours;

  Blocks(const xp_neighbour_list &list, int nelements, size_t lanes) {
    for (int s = 0; s < nelements; ++s) {
      for (int i = 0; i < list.natoms; ++i)
        if (list.species[i] == s) atoms.push_back(i);
      while (atoms.size() % lanes) atoms.push_back(-1);
      while (species.size() * lanes < atoms.size()) species.push_back(s);
    }
    for (const int i : atoms)
      for (int s = 0; s <= nelements; ++s) {
        firsts.push_back((int)neighbours.size());
        for (size_t k = i < 0 ? 0 : list.first[i]; i >= 0 && k < list.first[i + 1]; ++k)
          if (list.neighbour_species[k] == s) neighbours.push_back(list.index[k]);
      }
  }
};

Kokkos::View<const int *, Space> integers(const char *name, const std::vector<int> &list) {
  return upload<Space>(name, list.data(), (int)list.size());
}

// Results are zero.
template <int LANES> Bonds<Space, LANES> make_bonds(const device_model &m) {
  const int natoms = m.list->natoms;
  const Blocks blocks(*m.list, xp_plan_nelements(m.plan), LANES);
  Bonds<Space, LANES> b;
  b.nelements = xp_plan_nelements(m.plan);
  b.with_virial_ = true;
  b.atoms = integers("atoms", blocks.atoms);
  b.block_species = integers("block species", blocks.species);
  b.firsts = integers("firsts", blocks.firsts);
  b.neighbours = integers("neighbours", blocks.neighbours);
  b.sites.x = List<double *[3]>("x", natoms);
  b.sites.scale = List<double *>("scale", natoms);
  Kokkos::deep_copy(b.sites.scale, 1.0);
  for (int i = 0; i < natoms; ++i)
    for (int c = 0; c < 3; ++c) b.sites.x(i, c) = m.structure->positions[i][c];
  b.results.force = List<double *[3]>("force", natoms);
  b.results.energy = List<double *>("energy", natoms);
  b.energy = List<double *>("energies", blocks.atoms.size());
  b.own = List<double *[OWN_SUMS]>("own", blocks.atoms.size());
  b.culprit = Kokkos::View<int, Space>("culprit");
  b.culprit() = NOBODY;
  return b;
}

// What the host's kernel finds: energies, forces without those of the atom's own energy, and the sums of tally.h.
struct Wanted {
  std::vector<double> energy, force, own;

  explicit Wanted(const device_model &m) {
    const xp_neighbour_list &list = *m.list;
    std::vector<double> gradients(3 * list.first[list.natoms]);
    energy.resize(list.natoms);
    force.resize(3 * list.natoms);
    own.resize(OWN_SUMS * list.natoms);
    device_model_evaluate(&m, energy.data(), (double(*)[3])gradients.data());
    for (int i = 0; i < list.natoms; ++i)
      for (size_t k = list.first[i]; k < list.first[i + 1]; ++k)
        add(i, list.index[k], list.displacements[k], &gradients[3 * k]);
  }

private:
  void add(int i, int j, const double d[3], const double *gradient) {
    for (int c = 0; c < 3; ++c) {
      force[3 * j + c] -= gradient[c];
      own[OWN_SUMS * i + c] += gradient[c];
    }
    for (int c = 0; c < OWN_SUMS - 3; ++c) own[OWN_SUMS * i + 3 + c] -= d[virial_row(c)] * gradient[virial_column(c)];
  }
};

// Largest difference, relative to 1 + the size; not a number is infinite.
template <class F> double difference(const std::vector<double> &wanted, const F &found) {
  double most = 0.0;
  for (size_t k = 0; k < wanted.size(); ++k) {
    const double d = std::fabs(found(k) - wanted[k]) / (1.0 + std::fabs(wanted[k]));
    if (!(d <= most)) most = std::isnan(d) ? HUGE_VAL : d;
  }
  return most;
}

template <class Lists>
bool compare(const Wanted &wanted, const Lists &found, const char *name, const ThreadLeague &league) {
  std::vector<int> slot(wanted.energy.size());
  for (int s = 0; s < found.atoms.extent_int(0); ++s)
    if (found.atoms(s) >= 0) slot[found.atoms(s)] = s;
  const double energy = difference(wanted.energy, [&](size_t k) { return found.results.energy(k); });
  const double force = difference(wanted.force, [&](size_t k) { return found.results.force(k / 3, k % 3); });
  const double own = difference(wanted.own, [&](size_t k) { return found.own(slot[k / OWN_SUMS], k % OWN_SUMS); });
  const bool good = energy <= TOLERANCE && force <= TOLERANCE && own <= TOLERANCE && found.culprit() == NOBODY;
  printf("%s %s, %d workers, seed %u: energy %.1e, force %.1e, own sums %.1e\n", good ? "ok  " : "FAIL", name,
         league.workers, league.seed, energy, force, own);
  return good;
}

// What nobody has written must not be used: memory starts as NaN.
template <class Tested> bool check(const device_model &m, const Wanted &wanted, const ThreadLeague &league) {
  const auto bonds = make_bonds<Tested::WIDTH>(m);
  const auto kernel = Tested::make(m.plan, league.workers, bonds);
  std::vector<double> memory(TEAMS * Tested::doubles(kernel), std::numeric_limits<double>::quiet_NaN());
  run_league(league, [&](const ThreadMember &member) {
    kernel.evaluate(member, memory.data() + (size_t)member.league_rank() * Tested::doubles(kernel));
  });
  return compare(wanted, bonds, m.name, league);
}

template <class... Subjects> int check_all(const device_model &m, int without) {
  const Wanted wanted(m);
  int failed = 0;
  for (const int workers : {4, 2})
    for (unsigned seed = 1; seed <= SEEDS; ++seed)
      ((failed +=
        Subjects::KIND == xp_plan_kind(m.plan) && !check<Subjects>(m, wanted, {TEAMS, workers, seed, without})),
       ...);
  return failed;
}

int run(int without) {
  int failed = 0;
  for (int which = 0; which < device_models(); ++which) {
    device_model m = device_model_make(which);
    if (m.plan) failed += check_all<AceSubject<4>, AceSubject<1>, SnapSubject<4>>(m, without);
    device_model_clear(&m);
  }
  return failed;
}

} // namespace

// The first report ends the program.
extern "C" const char *__tsan_default_options() {
  return "halt_on_error=1 exitcode=66";
}

// Kokkos's atomic additions read their first guess plainly.
extern "C" const char *__tsan_default_suppressions() {
  return "race_top:desul::Impl::host_atomic_fetch_oper";
}

int main(int argc, char **argv) {
  // One thread: OpenMP's barriers are invisible.
  const Kokkos::ScopeGuard kokkos(Kokkos::InitializationSettings().set_num_threads(1));
  int without = NO_BARRIER;
  if (argc == 3 && strcmp(argv[1], "--without") == 0)
    without = strcmp(argv[2], "all") == 0 ? EVERY_BARRIER : atoi(argv[2]);
  const int failed = run(without);
  printf("%d failed\n", failed);
  return failed ? 1 : 0;
}
