/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stddef.h>

#include "scheduler/scheduler.h"

xp_stop xp_stop_default(void) {
  return (xp_stop){.trials = 60, .seconds = INFINITY, .target_loss = -INFINITY};
}

xp_stop_cause xp_stop_test(const xp_stop *stop, const xp_search_progress *progress) {
  if (stop->interrupt && *stop->interrupt) return XP_STOP_INTERRUPT;
  bool counts = progress->best_within && progress->best_fidelity == 1.0;
  if (counts && progress->best_loss <= stop->target_loss) return XP_STOP_TARGET;
  if (progress->started >= stop->trials) return XP_STOP_TRIALS;
  if (stop->plateau > 0 && progress->since_best >= stop->plateau) return XP_STOP_PLATEAU;
  if (progress->seconds >= stop->seconds) return XP_STOP_SECONDS;
  return XP_STOP_NONE;
}

const char *xp_stop_cause_text(xp_stop_cause cause) {
  switch (cause) {
  case XP_STOP_NONE:
    return "still running";
  case XP_STOP_TRIALS:
    return "all trials done";
  case XP_STOP_SECONDS:
    return "time limit reached";
  case XP_STOP_TARGET:
    return "target loss reached";
  case XP_STOP_PLATEAU:
    return "no better loss for as many trials as allowed";
  case XP_STOP_INTERRUPT:
    return "interrupted";
  case XP_STOP_EXHAUSTED:
    return "every point of the search space has been tried";
  }
  return "unknown";
}
