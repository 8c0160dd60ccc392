/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sentences.h"

#include "xpot/repulsion.h"
#include "xpot/structure.h"

#include "atom.h"
#include "comm.h"
#include "update.h"

#include <cmath>
#include <limits>

using namespace LAMMPS_NS;

namespace XPOT_NS {

namespace {

struct Neighbour {
  int atom = -1;
  double distance = std::numeric_limits<double>::infinity();
};

Neighbour find_nearest(const Names &names, int i) {
  const Atom *atom = names.lmp->atom;
  Neighbour nearest;
  for (int j = 0; j < atom->nlocal + atom->nghost; ++j) {
    if (j == i) continue;
    const double *a = atom->x[i], *b = atom->x[j];
    const double distance = std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    if (distance < nearest.distance) nearest = {j, distance};
  }
  return nearest;
}

const char *element_of(const Names &names, int i) {
  const int species = names.map[names.lmp->atom->type[i]];
  return species < 0 ? nullptr : xp_plan_element(names.plan, species);
}

// "ID 17 (type 1, Ge)"
std::string short_name(const Names &names, int i) {
  const Atom *atom = names.lmp->atom;
  const char *element = element_of(names, i);
  return fmt::format("ID {} (type {}{}{})", atom->tag[i], atom->type[i], element ? ", " : "", element ? element : "");
}

// Bonded atoms are about this far apart; 0: nobody knows.
double usual_distance(const Names &names, int i, int j) {
  const char *one = element_of(names, i), *other = element_of(names, j);
  const double a = one ? xp_covalent_radius(one) : 0.0, b = other ? xp_covalent_radius(other) : 0.0;
  return a > 0.0 && b > 0.0 ? a + b : 0.0;
}

} // namespace

std::string where(LAMMPS *lmp) {
  return fmt::format("pair_style xpotace, step {}, rank {}: ", lmp->update->ntimestep, lmp->comm->me);
}

std::string name_atom(const Names &names, int i) {
  const double *x = names.lmp->atom->x[i];
  return fmt::format("{} at ({:.6g}, {:.6g}, {:.6g})", short_name(names, i), x[0], x[1], x[2]);
}

std::string nearest_to(const Names &names, int i) {
  const Neighbour nearest = find_nearest(names, i);
  if (nearest.atom < 0) return "";
  const double usual = usual_distance(names, i, nearest.atom);
  return fmt::format("; its nearest neighbour, {}, is {:.4g} Angstrom away{}", short_name(names, nearest.atom),
                     nearest.distance, usual > 0.0 ? fmt::format(", where {:.3g} is usual", usual) : "");
}

std::string too_close(const Names &names, int i) {
  const Neighbour nearest = find_nearest(names, i);
  if (nearest.atom < 0) return "";
  const int a = names.map[names.lmp->atom->type[i]], b = names.map[names.lmp->atom->type[nearest.atom]];
  const double least = a < 0 || b < 0 ? 0.0 : xp_plan_repulsion(names.plan, a, b).nearest;
  if (!(nearest.distance < least)) return "";
  return fmt::format(
      "atoms {} and {} are {:.4g} Angstrom apart, expected at least {:.3g}, where the radial functions of "
      "this potential begin",
      name_atom(names, i), short_name(names, nearest.atom), nearest.distance, least);
}

} // namespace XPOT_NS
