/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers that count what is done to them, memory that counts how often it is reached, and an atom to evaluate with them, for device
 * kernels. */
#ifndef XPOT_BENCH_COUNTING_H
#define XPOT_BENCH_COUNTING_H

#include "device/team.h"

#include "device_team.h"
#include "xpot/neighbour.h"
#include "xpot/potential.h"

#include <cmath>
#include <concepts>
#include <cstdlib>
#include <memory>
#include <vector>

extern "C" {
#include "testing/testing.h"
}

namespace XPOT_NS::device {

constexpr double COUNTED_SHARE = 0.05; // how far the model may be from the kernel
constexpr int WORKERS = 8;             // of the team
constexpr int NEIGHBOURS = 13;         // of each species: three whole tiles and a bit

inline long operations, accesses;

// A number that counts what is done to it.
struct Counted {
  double value = 0.0;
  Counted() = default;
  Counted(double v) : value(v) {}
  template <std::same_as<double> T> operator T() const { return value; } // to nothing else

  Counted &operator+=(Counted other) { return *this = done(value + other.value); }
  Counted &operator-=(Counted other) { return *this = done(value - other.value); }
  Counted &operator*=(Counted other) { return *this = done(value * other.value); }

  static Counted done(double result) {
    ++operations;
    return Counted(result);
  }
};

// With an int the result is counted, unless it is how kernels write the zero of a type: 0 * x. With a double it is a double.
#define COUNT_OPERATOR(OP)                                               \
  inline Counted operator OP(Counted a, Counted b) {                     \
    return Counted::done(a.value OP b.value);                            \
  }                                                                      \
  inline Counted operator OP(int a, Counted b) {                         \
    return a == 0 ? Counted(a OP b.value) : Counted::done(a OP b.value); \
  }                                                                      \
  inline Counted operator OP(Counted a, int b) {                         \
    return Counted::done(a.value OP b);                                  \
  }                                                                      \
  inline double operator OP(double a, Counted b) {                       \
    return a OP b.value;                                                 \
  }                                                                      \
  inline double operator OP(Counted a, double b) {                       \
    return a.value OP b;                                                 \
  }
COUNT_OPERATOR(+)
COUNT_OPERATOR(-)
COUNT_OPERATOR(*)
COUNT_OPERATOR(/)
#undef COUNT_OPERATOR
inline double &operator+=(double &sum, Counted more) {
  return sum += more.value;
}

// One atom with the same number of neighbours of every species.
struct OneAtom {
  int centre;
  std::vector<double> displacements; // [neighbour][3]
  double energy = 0.0;
  int additions = 0; // global ones
  int blamed = 0;

  int atom(int, int) const { return 0; }
  int species(int) const { return centre; }
  int first(int, int s) const { return s * NEIGHBOURS; }
  bool with_virial() const { return false; }
  void load(int, int k, double d[3]) const {
    for (int c = 0; c < 3; ++c) d[c] = displacements[3 * (size_t)k + c];
  }
  void add(int, int, double[3]) { additions += 3; }
  void blame(int) { ++blamed; }
  void finish_own(int, int, double) const {}
};

struct OneWorker {
  int team_rank() const { return 0; }
  int team_size() const { return WORKERS; }
};

// What all kernels see as a team: one lane, items one after the other.
template <class Views_, class Layout> struct CountingTeam {
  using Real = Counted;
  static constexpr int LANES = 1;
  OneWorker member;
  OneAtom &bonds;
  const Views_ &v;
  const Layout &a;
  std::vector<Counted> &reals;
  std::vector<double> &doubles;

  Counted &real(int place, int) const { return ++accesses, reals[place]; }
  double &number(int place, int) const { return ++accesses, doubles[place]; }
  template <class F> void each(int count, const F &f) const {
    for (int item = 0; item < count; ++item) f(item, 0);
  }
  void barrier() const {}
  int atom(int) const { return 0; }
  int count(int, int) const { return NEIGHBOURS; }
  int longest(int) const { return NEIGHBOURS; }
};

// A potential of any kind for all its elements.
struct Compiled {
  xp_potential *potential = nullptr;
  xp_plan *plan = nullptr;

  explicit Compiled(const std::vector<const char *> &paths) {
    xp_error error = {};
    xp_assert_ok(xp_potential_read(&potential, paths.data(), (int)paths.size(), &error), &error);
    std::vector<const char *> elements;
    for (int i = 0; i < xp_potential_nelements(potential); ++i) elements.push_back(xp_potential_element(potential, i));
    xp_assert_ok(xp_plan_new(&plan, potential, elements.data(), (int)elements.size(), XP_PRECISION_DOUBLE, &error),
                 &error);
  }
  ~Compiled() {
    xp_plan_free(plan);
    xp_potential_free(potential);
  }
  Compiled(const Compiled &) = delete;
};

inline OneAtom make_atom(const xp_plan *plan, int centre) {
  OneAtom atom = {};
  atom.centre = centre;
  xp_test_random random = {7};
  for (int s = 0; s < xp_plan_nelements(plan); ++s)
    for (int k = 0; k < NEIGHBOURS; ++k) {
      const double r = xp_test_uniform(&random, 0.5, 0.95) * xp_plan_cutoff(plan, centre, s);
      const double z = xp_test_uniform(&random, -1.0, 1.0), phi = xp_test_uniform(&random, 0.0, 6.28);
      const double across = r * std::sqrt(1.0 - z * z);
      for (const double d : {across * std::cos(phi), across * std::sin(phi), r * z}) atom.displacements.push_back(d);
    }
  return atom;
}

inline double evaluate(const xp_plan *plan, const OneAtom &atom) {
  std::vector<int> species;
  for (int s = 0; s < xp_plan_nelements(plan); ++s) species.insert(species.end(), NEIGHBOURS, s);
  const size_t first[] = {0, species.size()};
  const xp_neighbourhoods view = {1, &atom.centre, first, species.data(),
                                  reinterpret_cast<const double(*)[3]>(atom.displacements.data())};
  std::vector<double> gradient(3 * species.size());
  double energy = 0.0;
  const xp_evaluation out = {&energy, reinterpret_cast<double(*)[3]>(gradient.data()), nullptr};
  xp_workspace *workspace = nullptr;
  xp_error error = {};
  xp_assert_ok(xp_workspace_new(&workspace, plan, &error), &error);
  xp_assert_ok(xp_evaluate(plan, workspace, &view, &out, &error), &error);
  xp_workspace_free(workspace);
  return energy;
}

inline void compare(double model, double kernel, const char *what, const char *path) {
  print_message("%s: %s: model %.0f, kernel %.0f\n", path, what, model, kernel);
  if (std::fabs(model - kernel) > COUNTED_SHARE * kernel)
    fail_msg("%s: %s: the model counts %.0f, the kernel %.0f; see the model", path, what, model, kernel);
}

// The model against what a run of the kernel counted.
inline void compare_counts(const xp_device_work &model, const OneAtom &atom, const char *path) {
  compare(model.operations, (double)operations, "operations", path);
  compare(model.scratch / sizeof(double), (double)accesses, "accesses", path);
  assert_int_equal(atom.blamed, 0);
  xp_assert_close(model.atomics, atom.additions, 0.0);
}

// The neighbours of one atom, for the model.
inline xp_device_neighbours neighbours_of(const xp_plan *plan, int centre) {
  xp_error error = {};
  xp_device_neighbours neighbours;
  const std::vector<double> given(xp_plan_nelements(plan), NEIGHBOURS);
  xp_assert_ok(xp_device_neighbours_given(&neighbours, plan, given.data(), TILE, &error), &error);
  for (int s = 0; s < xp_plan_nelements(plan); ++s) neighbours.share[s] = s == centre;
  return neighbours;
}

} // namespace XPOT_NS::device

#endif
