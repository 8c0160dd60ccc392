/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_WORKER_H
#define XPOT_WORKER_H

#include "batch.h"

namespace XPOT_NS {

// What one thread writes. Nothing is shared between threads, and the sums over workers are taken in their order, so results
// do not depend on timing.
struct Worker {
  Batch batch;
  Tally tally;
  std::vector<double> force, peratom_virial, centroid_virial; // [nall][3], [nall][6], [nall][9] or empty
  xp_status status = XP_OK;
  xp_error error = {};

  double memory_usage() const {
    return batch.memory_usage() +
           (force.capacity() + peratom_virial.capacity() + centroid_virial.capacity()) * sizeof(double);
  }
};

} // namespace XPOT_NS

#endif
