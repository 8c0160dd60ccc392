/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extrapolation grades in a run: in which steps, for whom, and what happens above a threshold. */
#ifndef XPOT_GRADE_WATCH_H
#define XPOT_GRADE_WATCH_H

#include "grade_extreme.h"
#include "grade_pass.h"
#include "grade_settings.h"

#include "pointers.h"

namespace XPOT_NS {

class PotentialFiles;

class GradeWatch : protected LAMMPS_NS::Pointers {
public:
  GradeWatch(LAMMPS_NS::LAMMPS *lmp, const PotentialFiles &potential) : Pointers(lmp), potential_(potential) {}

  GradeSettings settings;

  // Before a run: whether everything is there that the settings need.
  void check() const;

  // The potential is about to be read again.
  void forget() { pass_.reset(); }

  // Whether grades are wanted in this step.
  bool due() const;

  // Grades of this step and what follows from them. All ranks must call this.
  void evaluate(Team &team, const Scene &scene);

  // For fix pair: set in steps in which it wants the grades; grades of own atoms at the last evaluation.
  int *flag() { return &flag_; }
  double *gamma() { return gamma_.empty() ? nullptr : gamma_.data(); }

  // For compute pair, which adds over ranks: largest grade at the last evaluation (on rank 0), atoms above the lowest threshold.
  static constexpr int SUMS = 2;
  double *sums() { return sums_; }

  double memory_usage() const;

private:
  void run(Team &team, const Scene &scene);
  void count(int nlocal);
  void dump(const Scene &scene) const;
  const GradeThreshold *crossed(GradeThreshold::Action action) const;
  std::string describe(const Extreme &extreme, const char *element, double above) const;

  const PotentialFiles &potential_;
  std::unique_ptr<GradePass> pass_; // null until needed
  int flag_ = 0;
  std::vector<double> gamma_; // [nmax]
  double largest_ = 0.0;      // of all ranks
  double sums_[SUMS] = {};
};

} // namespace XPOT_NS

#endif
