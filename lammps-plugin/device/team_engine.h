/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine of any kernel that evaluates blocks of atoms by teams. */
#ifndef XPOT_DEVICE_TEAM_ENGINE_H
#define XPOT_DEVICE_TEAM_ENGINE_H

#include "engine.h"
#include "free_memory.h"
#include "upload.h"

#include <algorithm>
#include <climits>
#include <vector>

namespace XPOT_NS::device {

// Threads of a team on a device.
constexpr int DEVICE_THREADS = 256;

// Atoms of a team: as many doubles as one transaction of global memory has (32 bytes), and a vector register of CPUs. One atom where
// the scratch memory of a team holds no more: a buffer of all teams exceeds every cache (docs/performance-model.md).
constexpr int WIDE = 4, NARROW = 1;

template <class Space> constexpr bool IS_HOST = Kokkos::SpaceAccessibility<Space, Kokkos::HostSpace>::accessible;

// Of the budget: the lists of a chunk get what teams' buffers leave, at least this share.
constexpr double LIST_SHARE = 0.5;

template <class Space> using Policy = Kokkos::TeamPolicy<Space, Kokkos::LaunchBounds<DEVICE_THREADS, 1>>;

// Scratch memory of level 0 that a team can have for itself; Kokkos and alignment take some.
template <class Space> size_t scratch_limit() {
  constexpr size_t RESERVE = 1024;
  const size_t limit = Policy<Space>::scratch_size_max(0);
  return limit > RESERVE ? limit - RESERVE : 0;
}

// Model: as that of model.h.
template <class Space, class Model, int LANES> class TeamEngine : public Engine<Space> {
public:
  TeamEngine(const xp_plan *plan, Model model, const MemoryPlan &memory) : model_(std::move(model)), memory_(memory) {
    bonds_.nelements = xp_plan_nelements(plan);
    fill_cutoffs(plan);
    bonds_.culprit = Kokkos::View<int, Space>("xpotace:culprit");
    work_.doubles = team_doubles(memory.atom_bytes, LANES);
    check_workers();
    if (!memory.scratch)
      work_.buffer = decltype(work_.buffer)(Kokkos::view_alloc(Kokkos::WithoutInitializing, "xpotace:work"),
                                            memory.teams, work_.doubles);
  }

  const MemoryPlan &memory() const override { return memory_; }

  Sums compute(const Sites<Space> &sites, const Candidates<Space> &candidates, const ResultArrays<Space> &results,
               bool with_virial) override {
    bonds_.sites = sites;
    bonds_.results = results;
    bonds_.with_virial_ = with_virial;
    if (candidates.fresh || !ordered_) order(candidates);
    Sums sums;
    Kokkos::deep_copy(bonds_.culprit, NOBODY);
    for (int block = 0; block < nblocks_; block += chunk_blocks_)
      evaluate(candidates, block, std::min(chunk_blocks_, nblocks_ - block), sums);
    Kokkos::deep_copy(sums.culprit, bonds_.culprit);
    return sums;
  }

private:
  using Range = Kokkos::RangePolicy<Space>;
  using BondsOf = Bonds<Space, LANES>;

  void check_workers() const {
    const int most = Policy<Space>(1, 1, LANES).team_size_max(kernel(0), Kokkos::ParallelForTag());
    if (memory_.workers > most)
      throw EngineError("expected 'team' of at most " + std::to_string(most) + " workers here, found " +
                        std::to_string(memory_.workers));
  }

  auto kernel(int nblocks) const { return model_.template kernel<LANES>(bonds_, work_, nblocks); }

  void fill_cutoffs(const xp_plan *plan) {
    const int n = bonds_.nelements;
    std::vector<double> squared;
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j) squared.push_back(xp_plan_cutoff(plan, i, j) * xp_plan_cutoff(plan, i, j));
    cutoff_squared_ = upload<Space>("cutoffs", squared.data(), n * n);
  }

  // Slots for all centres: each species begins a block, and the last lanes of its last block are idle.
  void order(const Candidates<Space> &candidates) {
    const int n = bonds_.nelements, most = (candidates.ncentres / LANES + n) * LANES;
    if ((int)slots_.extent(0) < most) grow(slots_, "slots", (size_t)most + most / 16);
    Kokkos::deep_copy(slots_, -1);
    std::vector<int> species;
    for (int s = 0; s < n; ++s) {
      int count = 0;
      const CollectSpecies<Space> collect = {candidates, bonds_.sites.species, slots_, s, (int)species.size() * LANES};
      Kokkos::parallel_scan("xpotace:order", Range(0, candidates.ncentres), collect, count);
      species.insert(species.end(), (count + LANES - 1) / LANES, s);
    }
    nblocks_ = (int)species.size();
    block_species_ = upload<Space>("block_species", species.data(), nblocks_);
    plan_chunks(candidates);
    ordered_ = true;
  }

  // As many blocks as the budget holds with the longest list that there is.
  void plan_chunks(const Candidates<Space> &candidates) {
    int longest = 0;
    Kokkos::parallel_reduce("xpotace:longest", Range(0, candidates.ncentres), FindLongest<Space>{candidates},
                            Kokkos::Max<int>(longest));
    width_ = std::max(longest, 1);
    const int columns = bonds_.nelements + 1;
    const size_t slot_bytes = sizeof(int) * ((size_t)width_ + columns) + sizeof(double) * (OWN_SUMS + 1);
    const size_t most = std::min(memory_.list_bytes / slot_bytes, (size_t)INT_MAX / std::max(width_, columns));
    chunk_blocks_ = std::max(1, (int)std::min(most / LANES, (size_t)nblocks_));
    const int slots = chunk_blocks_ * LANES;
    grow(firsts_, "firsts", (size_t)slots * columns);
    grow(neighbours_, "neighbours", (size_t)slots * width_);
    grow(bonds_.energy, "energy", slots);
    grow(bonds_.own, "own", slots);
    bonds_.firsts = firsts_;
    bonds_.neighbours = neighbours_;
  }

  // The old one is freed first: there may not be room for both.
  template <class View> static void grow(View &view, const char *name, size_t size) {
    if (view.extent(0) >= size) return;
    view = {};
    view = View(Kokkos::view_alloc(Kokkos::WithoutInitializing, std::string("xpotace:") + name), size);
  }

  void evaluate(const Candidates<Space> &candidates, int block, int nblocks, Sums &sums) {
    const int nslots = nblocks * LANES;
    bonds_.atoms = Kokkos::subview(slots_, std::make_pair(block * LANES, block * LANES + nslots));
    bonds_.block_species = Kokkos::subview(block_species_, std::make_pair(block, block + nblocks));
    const FillLists<Space> fill = {bonds_.sites, candidates, bonds_.atoms, cutoff_squared_, bonds_.nelements,
                                   width_,       firsts_,    neighbours_,  bonds_.culprit};
    Kokkos::parallel_for("xpotace:lists", Range(0, nslots), fill);
    launch(nblocks);
    double found[CollectSlots<Space, LANES>::SUMS];
    Kokkos::parallel_reduce("xpotace:collect", Range(0, nslots), CollectSlots<Space, LANES>{bonds_},
                            Kokkos::View<double *, Kokkos::HostSpace>(found, CollectSlots<Space, LANES>::SUMS));
    sums.energy += found[0];
    for (int k = 0; k < 6; ++k) sums.virial[k] += found[1 + k];
  }

  void launch(int nblocks) {
    Policy<Space> policy(memory_.scratch ? nblocks : std::min(nblocks, memory_.teams), memory_.workers, LANES);
    if (memory_.scratch) policy.set_scratch_size(0, Kokkos::PerTeam(work_.doubles * sizeof(double)));
    Kokkos::parallel_for(Model::NAME, policy, kernel(nblocks));
  }

  Model model_;
  MemoryPlan memory_;
  BondsOf bonds_;
  TeamMemory<Space> work_;
  Kokkos::View<double *, Space> cutoff_squared_;
  bool ordered_ = false;
  int nblocks_ = 0, chunk_blocks_ = 0, width_ = 0;
  Kokkos::View<int *, Space> slots_, block_species_; // of all blocks
  Kokkos::View<int *, Space> firsts_, neighbours_;   // of a chunk
};

// Workers of a team with this many lanes.
template <class Space> int choose_workers(const EngineOptions &options, int lanes) {
  if (options.workers > 0) return options.workers;
  return IS_HOST<Space> ? 1 : DEVICE_THREADS / lanes;
}

// Teams at once, as many as the space runs and the budget holds.
template <class Space> MemoryPlan plan_buffer(const EngineOptions &options, size_t atom_bytes, int workers) {
  const size_t budget = options.budget > 0 ? options.budget : default_budget<Space>();
  const int lanes = WIDE, threads = IS_HOST<Space> ? workers : workers * lanes;
  const size_t team_bytes = team_doubles(atom_bytes, lanes) * sizeof(double);
  const size_t room = (size_t)((1.0 - LIST_SHARE) * (double)budget) / team_bytes;
  if (room == 0)
    throw EngineError("a team of " + std::to_string(lanes) + " atoms needs " + std::to_string(team_bytes) +
                      " bytes, and half of the memory for work in flight is " + std::to_string(budget / 2) +
                      "; give more with the keyword 'memory'");
  const int running = std::max(1, (int)Space().concurrency() / threads);
  const int teams = (int)std::min(room, (size_t)running);
  return {atom_bytes, lanes, workers, teams, false, teams * team_bytes, budget - teams * team_bytes};
}

template <class Space>
MemoryPlan plan_scratch(const EngineOptions &options, size_t atom_bytes, int lanes, int workers) {
  const size_t budget = options.budget > 0 ? options.budget : default_budget<Space>();
  const int threads = IS_HOST<Space> ? workers : workers * lanes;
  const int running = std::max(1, (int)Space().concurrency() / threads);
  return {atom_bytes, lanes, workers, running, true, running * team_doubles(atom_bytes, lanes) * sizeof(double),
          budget};
}

// Null when the scratch memory of a team does not hold LANES atoms.
template <class Space, int LANES, class Make>
std::unique_ptr<Engine<Space>> scratch_engine_new(const xp_plan *plan, const EngineOptions &options, const Make &make) {
  const int workers = choose_workers<Space>(options, LANES);
  auto model = make(workers);
  if (team_doubles(model.atom_bytes(), LANES) * sizeof(double) > scratch_limit<Space>()) return nullptr;
  return std::make_unique<TeamEngine<Space, decltype(model), LANES>>(
      plan, model, plan_scratch<Space>(options, model.atom_bytes(), LANES, workers));
}

// make(workers): a Model for teams of that many workers.
template <class Space, class Make>
std::unique_ptr<Engine<Space>> team_engine_new(const xp_plan *plan, const EngineOptions &options, const Make &make) {
  auto engine = scratch_engine_new<Space, WIDE>(plan, options, make);
  // On a CPU all memory is the same, and one atom would leave its vector registers empty.
  if (!engine && !IS_HOST<Space>) engine = scratch_engine_new<Space, NARROW>(plan, options, make);
  if (engine) return engine;
  const int workers = choose_workers<Space>(options, WIDE);
  auto model = make(workers);
  return std::make_unique<TeamEngine<Space, decltype(model), WIDE>>(
      plan, model, plan_buffer<Space>(options, model.atom_bytes(), workers));
}

} // namespace XPOT_NS::device

#endif
