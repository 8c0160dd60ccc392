/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "step_guard.h"

#include "stop_together.h"

namespace XPOT_NS {

int StepGuard::find_culprit(Team &team, const MoveRule &rule) {
  return find_runaway(lmp, team, rule, found_);
}

void StepGuard::finish(Team &team, const Names &names, const std::string &problem, double max_move) {
  std::string sentence = problem;
  if (sentence.empty()) {
    rule_.set(lmp, max_move);
    const int culprit = find_culprit(team, rule_);
    if (culprit >= 0) {
      sync_host();
      sentence = where(lmp) + describe_runaway(names, rule_, culprit);
    }
  }
  stop_together(lmp, sentence, [this] {
    fetch();
    return last_good.write();
  });
  keep(team);
}

} // namespace XPOT_NS
