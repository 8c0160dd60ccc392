/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runaway.h"

#include "cells.h"

#include "atom.h"
#include "force.h"
#include "update.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace LAMMPS_NS;

namespace XPOT_NS {

namespace {

// Steps that move atoms by their forces: not those of a minimiser, of 'run 0' or of 'rerun'.
bool in_dynamics(const Update *update) {
  return update->whichflag == 1 && update->nsteps > 0;
}

double mass_factor(const Atom *atom, const MoveRule &rule, int i) {
  if (rule.own_factor == 0.0) return rule.factor[atom->type[i]];
  return i < atom->nlocal ? rule.own_factor / atom->rmass[i] : 0.0;
}

double move_squared(const Atom *atom, const MoveRule &rule, int i) {
  const double factor = mass_factor(atom, rule, i), dt = i < atom->nlocal ? rule.dt : 0.0;
  const double *f = atom->f[i], *v = atom->v[i < atom->nlocal ? i : 0];
  double square = 0.0;
  for (int d = 0; d < 3; ++d) {
    const double move = factor * f[d] + (dt == 0.0 ? 0.0 : dt * v[d]);
    square += move * move;
  }
  return square;
}

// Counting first lets the compiler use vector registers; the search for the one comes when there is one.
int count_runaways(const Atom *atom, const MoveRule &rule, int begin, int end) {
  const double(*f)[3] = reinterpret_cast<const double(*)[3]>(atom->f[0]);
  const double(*v)[3] = reinterpret_cast<const double(*)[3]>(atom->v[0]);
  int count = 0;
  for (int i = begin; i < end; ++i) {
    const double factor = rule.factor[atom->type[i]];
    const double x = factor * f[i][0] + rule.dt * v[i][0], y = factor * f[i][1] + rule.dt * v[i][1],
                 z = factor * f[i][2] + rule.dt * v[i][2];
    count += !(x * x + y * y + z * z <= rule.most_squared);
  }
  return count;
}

int find_in_part(const Atom *atom, const MoveRule &rule, int begin, int end) {
  const bool simple = rule.own_factor == 0.0 && rule.dt > 0.0 && end <= atom->nlocal;
  if (simple && (begin == end || count_runaways(atom, rule, begin, end) == 0)) return -1;
  for (int i = begin; i < end; ++i)
    if (!(move_squared(atom, rule, i) <= rule.most_squared)) return i;
  return -1;
}

bool finite(const double a[3]) {
  return std::isfinite(a[0] + a[1] + a[2]);
}

double length(const double a[3]) {
  return std::hypot(a[0], a[1], a[2]);
}

} // namespace

void MoveRule::set(LAMMPS *lmp, double max_move) {
  const Atom *atom = lmp->atom;
  const bool limited = max_move > 0.0 && in_dynamics(lmp->update);
  dt = limited ? lmp->update->dt : 0.0;
  most_squared = limited ? max_move * max_move : std::numeric_limits<double>::max();
  const double square = limited ? dt * dt * lmp->force->ftm2v : 1.0;
  own_factor = limited && atom->rmass ? square : 0.0;
  factor.resize((size_t)atom->ntypes + 1);
  for (int type = 1; type <= atom->ntypes; ++type)
    factor[type] = limited && atom->mass ? square / atom->mass[type] : 1.0;
}

int find_runaway(LAMMPS *lmp, Team &team, const MoveRule &rule, std::vector<int> &found) {
  const Atom *atom = lmp->atom;
  const int nthreads = team.size();
  found.assign((size_t)nthreads, -1);
  team.run(nthreads, [&](int thread) {
    const Part own(atom->nlocal, thread, nthreads), images(atom->nghost, thread, nthreads);
    found[thread] = find_in_part(atom, rule, own.begin, own.end);
    if (found[thread] < 0)
      found[thread] = find_in_part(atom, rule, atom->nlocal + images.begin, atom->nlocal + images.end);
  });
  for (const int i : found)
    if (i >= 0) return i;
  return -1;
}

std::string describe_runaway(const Names &names, const MoveRule &rule, int i) {
  const Atom *atom = names.lmp->atom;
  const std::string name = name_atom(names, i), near = nearest_to(names, i);
  if (!finite(atom->f[i]))
    return fmt::format("the force on atom {} is not a finite number{}; {}", name, near, EXPLODED);
  const bool own = i < atom->nlocal;
  if (own && !finite(atom->v[i]))
    return fmt::format("the velocity of atom {} is not a finite number{}; {}", name, near, EXPLODED);
  return fmt::format(
      "atom {} would move {:.3g} Angstrom in this step, with velocity {:.3g} Angstrom/ps and force {:.3g} eV/Angstrom, "
      "expected at most {:.3g} Angstrom (keyword runaway){}; {}",
      name, std::sqrt(move_squared(atom, rule, i)), own ? length(atom->v[i]) : 0.0, length(atom->f[i]),
      std::sqrt(rule.most_squared), near, EXPLODED);
}

} // namespace XPOT_NS
