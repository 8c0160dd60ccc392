/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads, whoever owns them: OpenMP's in the plain style, Kokkos's in /kk. */
#ifndef XPOT_TEAM_H
#define XPOT_TEAM_H

namespace XPOT_NS {

// A function of the number of a share, borrowed for the length of a call: std::function would allocate in every step.
class Work {
public:
  template <class Function>
  Work(const Function &function)
      : function_(&function), call_([](const void *f, int share) { (*static_cast<const Function *>(f))(share); }) {}
  void operator()(int share) const { call_(function_, share); }

private:
  const void *function_;
  void (*call_)(const void *, int);
};

class Team {
public:
  virtual ~Team() = default;

  // Threads that LAMMPS was given, at least one.
  virtual int size() const = 0;

  // Calls work(0) .. work(n - 1), one a thread, and returns when all have returned.
  virtual void run(int n, const Work &work) = 0;
};

} // namespace XPOT_NS

#endif
