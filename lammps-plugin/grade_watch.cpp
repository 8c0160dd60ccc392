/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grade_watch.h"

#include "grade_dump.h"
#include "potential_files.h"
#include "stop_together.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "update.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace LAMMPS_NS;

namespace XPOT_NS {

void GradeWatch::check() const {
  if (settings.every > 0 && !potential_.grade())
    error->all(FLERR, "pair_style xpotace gamma: expected an active set file (.asi) among the files of pair_coeff, "
                      "found none; xpot-opt active makes one");
  for (const auto &threshold : settings.thresholds)
    if (threshold.action == GradeThreshold::DUMP) GradeDump(lmp, threshold.file).check();
}

bool GradeWatch::due() const {
  return flag_ || (settings.every > 0 && update->ntimestep % settings.every == 0);
}

void GradeWatch::evaluate(Team &team, const Scene &scene) {
  if (!potential_.grade())
    error->all(FLERR, "fix pair: expected an active set file (.asi) among the files of pair_coeff for gamma of "
                      "pair_style xpotace, found none; xpot-opt active makes one");
  run(team, scene);
  count(scene.atoms.nlocal);
  dump(scene); // first, so that the frames are there when a run stops
  const GradeThreshold *warn = crossed(GradeThreshold::WARN), *stop = crossed(GradeThreshold::STOP);
  if (!warn && !stop) return;
  std::vector<int> own;
  for (int i = 0; i < scene.atoms.nlocal; ++i)
    if (gamma_[i] == largest_) own.push_back(i);
  const Extreme extreme = find_extreme(lmp, gamma(), own);
  const char *element = xp_plan_element(potential_.plan(), scene.atoms.map[extreme.type]);
  if (warn && comm->me == 0) error->warning(FLERR, "{}", describe(extreme, element, warn->gamma));
  if (stop) stop_together(lmp, describe(extreme, element, stop->gamma));
}

void GradeWatch::run(Team &team, const Scene &scene) {
  if ((int)gamma_.size() < atom->nmax) gamma_.resize(atom->nmax);
  if (!pass_) pass_.reset(new GradePass(potential_.plan(), potential_.grade()));
  xp_error problem = {};
  const xp_status status = pass_->compute(team, scene, gamma(), &problem);
  stop_together(lmp, status == XP_OK ? ""
                                     : fmt::format("pair_style xpotace, step {}: extrapolation grades: {}",
                                                   update->ntimestep, problem.message));
}

// A grade that is no number is above everything.
void GradeWatch::count(int nlocal) {
  double lowest = settings.thresholds.empty() ? 1.0 : std::numeric_limits<double>::infinity(), most = 0.0;
  for (const auto &threshold : settings.thresholds) lowest = std::min(lowest, threshold.gamma);
  sums_[0] = sums_[1] = 0.0;
  for (int i = 0; i < nlocal; ++i) {
    if (!std::isfinite(gamma_[i])) gamma_[i] = std::numeric_limits<double>::infinity();
    most = std::max(most, gamma_[i]);
    if (gamma_[i] > lowest) sums_[1] += 1.0;
  }
  MPI_Allreduce(&most, &largest_, 1, MPI_DOUBLE, MPI_MAX, world);
  if (comm->me == 0) sums_[0] = largest_;
}

void GradeWatch::dump(const Scene &scene) const {
  for (const auto &threshold : settings.thresholds)
    if (threshold.action == GradeThreshold::DUMP && largest_ > threshold.gamma)
      GradeDump(lmp, threshold.file).write(scene, potential_.plan(), gamma_.data(), threshold.gamma);
}

// The highest threshold of this action below the largest grade, or null.
const GradeThreshold *GradeWatch::crossed(GradeThreshold::Action action) const {
  const GradeThreshold *highest = nullptr;
  for (const auto &threshold : settings.thresholds)
    if (threshold.action == action && largest_ > threshold.gamma && (!highest || threshold.gamma > highest->gamma))
      highest = &threshold;
  return highest;
}

std::string GradeWatch::describe(const Extreme &extreme, const char *element, double above) const {
  return fmt::format(
      "pair_style xpotace, step {}: atom ID {} ({}, type {}, on rank {}) has extrapolation grade {:.6g}, "
      "above {:.6g}",
      update->ntimestep, extreme.tag, element, extreme.type, extreme.rank, extreme.gamma, above);
}

double GradeWatch::memory_usage() const {
  return (double)sizeof(double) * gamma_.capacity() + (pass_ ? pass_->memory_usage() : 0.0);
}

} // namespace XPOT_NS
