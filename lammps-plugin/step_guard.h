/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a step: forces are looked at before LAMMPS moves atoms by them. Either all ranks go on and keep the
 * configuration, or all write the last one they kept and stop with one sentence. */
#ifndef XPOT_STEP_GUARD_H
#define XPOT_STEP_GUARD_H

#include "last_good.h"
#include "runaway.h"
#include "sentences.h"

namespace XPOT_NS {

class StepGuard : protected LAMMPS_NS::Pointers {
public:
  explicit StepGuard(LAMMPS_NS::LAMMPS *lmp) : Pointers(lmp), last_good(lmp) {}

  // Other atoms may come: nothing is kept of those that were.
  void forget() { last_good.forget(); }

  // problem: what went wrong on this rank, with whom, or empty. max_move: Angstrom a step, 0: any.
  void finish(Team &team, const Names &names, const std::string &problem, double max_move);

  virtual double memory_usage() const { return last_good.memory_usage(); }

protected:
  // An atom, ghosts included, whose force or move cannot be, or -1.
  virtual int find_culprit(Team &team, const MoveRule &rule);
  virtual void keep(Team &team) { last_good.keep(team); }

  // Before last_good is written.
  virtual void fetch() {}

  // Before a culprit is described.
  virtual void sync_host() {}

  LastGood last_good;

private:
  MoveRule rule_;
  std::vector<int> found_; // by thread
};

} // namespace XPOT_NS

#endif
