/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grade_pass.h"

#include <algorithm>
#include <exception>

namespace XPOT_NS {

struct GradePass::Worker {
  Batch batch;
  xp_grade_scratch *scratch = nullptr;
  double gamma[Batch::MAX_ATOMS];
  xp_status status = XP_OK;
  xp_error error = {};

  ~Worker() { xp_grade_scratch_free(scratch); }
};

GradePass::GradePass(const xp_plan *plan, const xp_grade *grade) : plan_(plan), grade_(grade) {}
GradePass::~GradePass() = default;

xp_status GradePass::compute(Team &team, const Scene &scene, double *gamma, xp_error *error) {
  scene.cells.list_own(scene.atoms, scene.wanted, centres_);
  std::fill_n(gamma, scene.atoms.nlocal, 0.0);
  const int nworkers = team.size(), ncentres = (int)centres_.size();
  while ((int)workers_.size() < nworkers) workers_.emplace_back(new Worker);
  team.run(nworkers, [&](int w) {
    Worker &worker = *workers_[w];
    try {
      worker.status = work(worker, scene, Part(ncentres, w, nworkers), gamma);
    } catch (const std::exception &) {
      worker.status = xp_error_memory(&worker.error, "the neighbours of a batch of atoms");
    }
  });
  for (int w = 0; w < nworkers; ++w)
    if (workers_[w]->status != XP_OK) {
      *error = workers_[w]->error;
      return workers_[w]->status;
    }
  return XP_OK;
}

xp_status GradePass::work(Worker &worker, const Scene &scene, Part part, double *gamma) const {
  if (!worker.scratch) {
    const xp_status status = xp_grade_scratch_new(&worker.scratch, grade_, &worker.error);
    if (status != XP_OK) return status;
  }
  worker.batch.set_plan(plan_);
  auto evaluate = [&](const int *slots, int count) {
    worker.batch.gather(scene.atoms, scene.cells, scene.source, slots, count);
    const xp_neighbourhoods seen = worker.batch.view();
    const xp_status status = xp_grade_evaluate(grade_, worker.scratch, &seen, worker.gamma, &worker.error);
    for (int a = 0; a < count && status == XP_OK; ++a) gamma[worker.batch.atom(a)] = worker.gamma[a];
    return status;
  };
  return in_batches(scene.cells, centres_.data() + part.begin, part.end - part.begin, xp_plan_nelements(plan_),
                    evaluate);
}

double GradePass::memory_usage() const {
  double bytes = (double)sizeof(int) * centres_.capacity();
  for (const auto &worker : workers_) bytes += worker->batch.memory_usage() + sizeof *worker;
  return bytes;
}

} // namespace XPOT_NS
