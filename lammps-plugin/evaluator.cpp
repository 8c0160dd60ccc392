/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "evaluator.h"

#include <algorithm>
#include <exception>

namespace XPOT_NS {

namespace {

// An array over the slots that one thread can reach.
template <int COLUMNS> struct Window {
  std::vector<double> values;

  // Zeroed by the thread that uses it, so that the memory is near.
  double (*clear(int nslots))[COLUMNS] {
    const size_t size = (size_t)nslots * COLUMNS;
    if (values.size() < size) {
      values.clear(); // nothing worth copying
      values.resize(size + size / 16);
    }
    std::fill_n(values.begin(), size, 0.0);
    return reinterpret_cast<double(*)[COLUMNS]>(values.data());
  }
};

template <int COLUMNS>
void add_window(const Cells &cells, const double (*window)[COLUMNS], int begin, int end, int first_slot,
                double (*target)[COLUMNS]) {
  for (int slot = begin; slot < end; ++slot)
    for (int k = 0; k < COLUMNS; ++k) target[cells.atom(slot)][k] += window[slot - first_slot][k];
}

} // namespace

struct Evaluator::Worker {
  Batch batch;
  Tally tally;
  const int *centres = nullptr; // slots
  int ncentres = 0;
  int end_slot = 0; // of the window
  Window<3> force;
  Window<6> peratom_virial;
  Window<9> centroid_virial;
  xp_status status = XP_OK;
  xp_error error = {};
};

Evaluator::Evaluator() = default;
Evaluator::~Evaluator() = default;

void Evaluator::sort(Team &team, const Atoms &atoms, const Bounds &bounds, const xp_plan *plan) {
  plan_ = plan;
  cells_.sort(team, atoms, bounds, xp_plan_cutoff_max(plan));
}

bool Evaluator::compute(Team &team, const Atoms &atoms, const NeighbourSource &source, const char *wanted,
                        Results &results, Failure &failure) {
  failure.atom = cells_.unplaced();
  if (failure.atom >= 0) {
    xp_error_set(&failure.error, XP_ERROR_RANGE, "its position is not a finite number");
    return false;
  }
  cells_.list_own(atoms, wanted, centres_);
  const int nworkers = team.size(), ncentres = (int)centres_.size();
  while ((int)workers_.size() < nworkers) workers_.emplace_back(new Worker);
  workers_.resize(nworkers);
  team.run(nworkers, [&](int w) {
    const Part part(ncentres, w, nworkers);
    Worker &worker = *workers_[w];
    worker.centres = centres_.data() + part.begin;
    worker.ncentres = part.end - part.begin;
    try {
      prepare(worker, results);
      worker.status = work(worker, atoms, source, results);
    } catch (const std::exception &) {
      worker.status = xp_error_memory(&worker.error, "the neighbours of a batch of atoms");
    }
  });
  if (find_failure(failure)) return false;
  team.run(nworkers, [&](int w) {
    const Part part(cells_.nslots(), w, nworkers);
    add(part.begin, part.end, results);
  });
  for (const auto &worker : workers_) {
    results.energy += worker->tally.energy;
    for (int k = 0; k < 6; ++k) results.virial[k] += worker->tally.virial[k];
  }
  return true;
}

// The tally of a worker, zero, over the slots that its centres can reach.
void Evaluator::prepare(Worker &worker, const Results &results) {
  Tally &tally = worker.tally;
  tally = Tally();
  worker.end_slot = 0;
  if (worker.ncentres > 0)
    cells_.reach(worker.centres[0], worker.centres[worker.ncentres - 1], tally.first_slot, worker.end_slot);
  const int nslots = worker.end_slot - tally.first_slot;
  tally.force = worker.force.clear(nslots);
  if (results.peratom_virial) tally.peratom_virial = worker.peratom_virial.clear(nslots);
  if (results.centroid_virial) tally.centroid_virial = worker.centroid_virial.clear(nslots);
  tally.peratom_energy = results.peratom_energy;
  tally.core_factor = results.core_factor;
  tally.with_virial = results.with_virial;
  worker.batch.set_plan(plan_);
}

xp_status Evaluator::work(Worker &worker, const Atoms &atoms, const NeighbourSource &source, const Results &results) {
  auto evaluate = [&](const int *slots, int count) {
    worker.batch.gather(atoms, cells_, source, slots, count);
    const xp_status status = worker.batch.evaluate(results.core_factor != nullptr, &worker.error);
    if (status == XP_OK) worker.batch.scatter(worker.tally);
    return status;
  };
  return in_batches(cells_, worker.centres, worker.ncentres, xp_plan_nelements(plan_), evaluate);
}

bool Evaluator::find_failure(Failure &failure) {
  for (auto &worker : workers_) {
    if (worker->status == XP_OK) continue;
    failure.atom = worker->batch.find_culprit(&failure.error);
    if (failure.atom < 0) failure.error = worker->error;
    return true;
  }
  return false;
}

void Evaluator::add(int begin, int end, const Results &results) const {
  for (const auto &worker : workers_) {
    const Tally &tally = worker->tally;
    const int first = std::max(begin, tally.first_slot), last = std::min(end, worker->end_slot);
    add_window(cells_, tally.force, first, last, tally.first_slot, results.force);
    if (tally.peratom_virial)
      add_window(cells_, tally.peratom_virial, first, last, tally.first_slot, results.peratom_virial);
    if (tally.centroid_virial)
      add_window(cells_, tally.centroid_virial, first, last, tally.first_slot, results.centroid_virial);
  }
}

double Evaluator::memory_usage() const {
  double bytes = cells_.memory_usage() + (double)sizeof(int) * centres_.capacity();
  for (const auto &worker : workers_)
    bytes += worker->batch.memory_usage() +
             (double)sizeof(double) * (worker->force.values.capacity() + worker->peratom_virial.values.capacity() +
                                       worker->centroid_virial.values.capacity());
  return bytes;
}

} // namespace XPOT_NS
