/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extrapolation grades of the own atoms of a process, on any team of threads. */
#ifndef XPOT_GRADE_PASS_H
#define XPOT_GRADE_PASS_H

#include "batch.h"

#include "xpot/grade.h"

#include <memory>

namespace XPOT_NS {

// Where a pair style's atoms and their neighbours are found in a step.
struct Scene {
  const Atoms &atoms;
  const Cells &cells;
  const NeighbourSource &source;
  const char *wanted; // [nlocal] own atoms that have energy; null: all
};

class GradePass {
public:
  // Plan and grade, of the same elements, must outlive this.
  GradePass(const xp_plan *plan, const xp_grade *grade);
  ~GradePass();

  // gamma [nlocal], 0 for atoms that have no energy here. An atom's is the same to the last bit on any number of threads.
  xp_status compute(Team &team, const Scene &scene, double *gamma, xp_error *error);

  double memory_usage() const;

private:
  struct Worker;

  xp_status work(Worker &worker, const Scene &scene, Part part, double *gamma) const;

  const xp_plan *plan_;
  const xp_grade *grade_;
  std::vector<int> centres_; // slots
  std::vector<std::unique_ptr<Worker>> workers_;
};

} // namespace XPOT_NS

#endif
