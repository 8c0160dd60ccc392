/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One step of a pair style on any team of threads. A thread gets a slab of the spatial order and writes to arrays of its own
 * that cover what it can reach, not all atoms; the arrays are added in the order of the threads. So a step is the same however
 * the threads are timed, and with another number of threads it differs by the rounding of these sums alone. */
#ifndef XPOT_EVALUATOR_H
#define XPOT_EVALUATOR_H

#include "batch.h"

#include <memory>

namespace XPOT_NS {

// Arrays over all atoms to which a step adds, and its sums. Null members are not computed.
struct Results {
  double (*force)[3] = nullptr;
  double *peratom_energy = nullptr;
  double (*peratom_virial)[6] = nullptr;
  double (*centroid_virial)[9] = nullptr;
  double *core_factor = nullptr;
  bool with_virial = false;
  double energy = 0.0;
  double virial[6] = {};
};

// What went wrong in a step, and the atom if it is known (or -1).
struct Failure {
  int atom = -1;
  xp_error error = {};
};

class Evaluator {
public:
  Evaluator();
  ~Evaluator();

  // Sorts the atoms; must come first in every step.
  void sort(Team &team, const Atoms &atoms, const Bounds &bounds, const xp_plan *plan);
  const Cells &cells() const { return cells_; }

  // Evaluates own atoms, those that are wanted (null: all), and adds to results. On failure nothing is added to results but
  // energies of atoms and core factors.
  bool compute(Team &team, const Atoms &atoms, const NeighbourSource &source, const char *wanted, Results &results,
               Failure &failure);

  double memory_usage() const;

private:
  struct Worker;

  void prepare(Worker &worker, const Results &results);
  xp_status work(Worker &worker, const Atoms &atoms, const NeighbourSource &source, const Results &results);
  bool find_failure(Failure &failure);
  void add(int begin, int end, const Results &results) const;

  Cells cells_;
  const xp_plan *plan_ = nullptr;
  std::vector<int> centres_; // slots
  std::vector<std::unique_ptr<Worker>> workers_;
};

} // namespace XPOT_NS

#endif
