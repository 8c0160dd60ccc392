/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_OPENMP_TEAM_H
#define XPOT_OPENMP_TEAM_H

#include "team.h"

namespace XPOT_NS {

// The OpenMP threads of LAMMPS; one thread where the plugin was built without OpenMP.
class OpenMPTeam : public Team {
public:
  explicit OpenMPTeam(int nthreads) : nthreads_(nthreads) {}
  int size() const override {
#ifdef _OPENMP
    return nthreads_;
#else
    return 1;
#endif
  }
  void run(int n, const Work &work) override {
#ifdef _OPENMP
#pragma omp parallel for num_threads(n) schedule(static, 1) if (n > 1)
#endif
    for (int i = 0; i < n; ++i) work(i);
  }

private:
  int nthreads_;
};

} // namespace XPOT_NS

#endif
