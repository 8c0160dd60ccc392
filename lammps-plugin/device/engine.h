/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A potential on an execution space: plans its memory, then evaluates all atoms in chunks that fit it. */
#ifndef XPOT_DEVICE_ENGINE_H
#define XPOT_DEVICE_ENGINE_H

#include "short_lists.h"

#include "xpot/potential.h"

#include <memory>
#include <stdexcept>
#include <string>

namespace XPOT_NS::device {

struct EngineOptions {
  size_t budget = 0; // bytes of memory for work in flight; 0: a share of what is free
  int workers = 0;   // of a team; 0: as the execution space likes it
};

// How the work in flight is laid out. Everything of a potential is allocated before the first step except the lists, whose chunks
// are cut to their share of the budget.
struct MemoryPlan {
  size_t atom_bytes;  // of an atom in flight
  int lanes, workers; // of a team
  int teams;          // at once
  bool scratch;       // in the teams' own scratch memory, not in a buffer
  size_t work_bytes;  // of all teams
  size_t list_bytes;  // for the lists of a chunk
};

struct Sums {
  double energy = 0.0;
  double virial[6] = {};
  int culprit = NOBODY; // an atom that could not be evaluated: the results are worth nothing
};

template <class Space> class Engine {
public:
  virtual ~Engine() = default;
  virtual const MemoryPlan &memory() const = 0;

  // Adds to results. Throws std::runtime_error when memory runs out.
  virtual Sums compute(const Sites<Space> &sites, const Candidates<Space> &candidates,
                       const ResultArrays<Space> &results, bool with_virial) = 0;
};

// What does not fit: a sentence for the user.
class EngineError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

using DeviceSpace = Kokkos::DefaultExecutionSpace;

// In the precision of the plan, which need not live longer. Throws EngineError.
std::unique_ptr<Engine<DeviceSpace>> engine_new(const xp_plan *plan, const EngineOptions &options);

} // namespace XPOT_NS::device

#endif
