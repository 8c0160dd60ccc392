/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grade_dump.h"

#include "stop_together.h"

#include "atom.h"
#include "comm.h"
#include "update.h"
#include "utils.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <mpi.h>
#include <tuple>
#include <unistd.h>

using namespace LAMMPS_NS;

namespace XPOT_NS {

namespace {

// Of values, sorted.
bool contains(const std::vector<tagint> &values, tagint value) {
  return std::binary_search(values.begin(), values.end(), value);
}

std::vector<tagint> sorted(std::vector<tagint> values) {
  std::sort(values.begin(), values.end());
  return values;
}

} // namespace

// A file that was not there is not left behind: an empty one is no extended XYZ.
void GradeDump::check() const {
  std::string problem;
  if (comm->me == 0) {
    const bool there = access(file_.c_str(), F_OK) == 0;
    FILE *fp = fopen(file_.c_str(), "a");
    if (!fp || fclose(fp) != 0 || (!there && remove(file_.c_str()) != 0))
      problem = fmt::format("pair_style xpotace gamma threshold dump: {}: expected a file that can be written: {}",
                            file_, utils::getsyserror());
  }
  stop_together(lmp, problem);
}

void GradeDump::write(const Scene &scene, const xp_plan *plan, const double *gamma, double above) const {
  std::vector<int> left; // own atoms
  for (int i = 0; i < scene.atoms.nlocal; ++i)
    if (gamma[i] > above) left.push_back(i);
  std::string text;
  for (int k = 0; k < MOST_FRAMES; ++k) {
    const Extreme centre = find_extreme(lmp, gamma, left);
    if (centre.rank < 0) break;
    Cluster cluster;
    if (comm->me == centre.rank) cluster = cut(scene, centre.atom);
    share(cluster, centre.rank);
    collect_grades(cluster, scene.atoms.nlocal, gamma);
    const std::vector<tagint> tags = sorted(cluster.tags);
    left.erase(std::remove_if(left.begin(), left.end(), [&](int i) { return contains(tags, atom->tag[i]); }),
               left.end());
    if (comm->me == 0) text += frame(cluster, centre, plan);
  }
  stop_together(lmp, comm->me == 0 ? append(text) : "");
}

// In the order of IDs behind the first atom, so that it does not depend on the ranks.
GradeDump::Cluster GradeDump::cut(const Scene &scene, int centre) const {
  const Cells &cells = scene.cells;
  int here = 0;
  while (cells.atom(here) != centre) ++here;
  std::vector<int> hits;
  hits.resize(cells.find(here, hits));
  auto place = [&](int slot) {
    std::array<double, 3> from;
    for (int d = 0; d < 3; ++d) from[d] = cells.position(slot, d) - cells.position(here, d);
    return from;
  };
  auto key = [&](int slot) { return std::make_tuple(slot != here, atom->tag[cells.atom(slot)], place(slot)); };
  std::sort(hits.begin(), hits.end(), [&](int a, int b) { return key(a) < key(b); });
  Cluster cluster;
  for (const int slot : hits) {
    cluster.tags.push_back(atom->tag[cells.atom(slot)]);
    cluster.species.push_back(cells.species(slot));
    for (const double x : place(slot)) cluster.positions.push_back(x);
  }
  return cluster;
}

// To all ranks from the one that has it.
void GradeDump::share(Cluster &cluster, int rank) const {
  int n = (int)cluster.tags.size();
  MPI_Bcast(&n, 1, MPI_INT, rank, world);
  cluster.tags.resize(n);
  cluster.species.resize(n);
  cluster.positions.resize(3 * (size_t)n);
  MPI_Bcast(cluster.tags.data(), n, MPI_LMP_TAGINT, rank, world);
  MPI_Bcast(cluster.species.data(), n, MPI_INT, rank, world);
  MPI_Bcast(cluster.positions.data(), 3 * n, MPI_DOUBLE, rank, world);
}

// Whoever owns an atom knows its grade.
void GradeDump::collect_grades(Cluster &cluster, int nlocal, const double *gamma) const {
  const std::vector<tagint> tags = sorted(cluster.tags);
  std::vector<double> own(tags.size(), 0.0), all(tags.size());
  auto index = [&](tagint tag) { return std::lower_bound(tags.begin(), tags.end(), tag) - tags.begin(); };
  for (int i = 0; i < nlocal; ++i)
    if (contains(tags, atom->tag[i])) own[index(atom->tag[i])] = gamma[i];
  MPI_Allreduce(own.data(), all.data(), (int)tags.size(), MPI_DOUBLE, MPI_MAX, world);
  for (const tagint tag : cluster.tags) cluster.gamma.push_back(all[index(tag)]);
}

std::string GradeDump::frame(const Cluster &cluster, const Extreme &centre, const xp_plan *plan) const {
  const double edge = 2.0 * xp_plan_cutoff_max(plan) + VACUUM;
  std::string text =
      fmt::format("{}\nLattice=\"{:.10g} 0 0 0 {:.10g} 0 0 0 {:.10g}\" Properties=species:S:1:pos:R:3:gamma:R:1:id:I:1 "
                  "config_type=extrapolation pbc=\"F F F\" step={} gamma={:.17g} atom={} rank={}\n",
                  cluster.tags.size(), edge, edge, edge, update->ntimestep, centre.gamma, centre.tag, centre.rank);
  for (size_t k = 0; k < cluster.tags.size(); ++k) {
    const double *r = &cluster.positions[3 * k];
    text += fmt::format("{} {:.14g} {:.14g} {:.14g} {:.17g} {}\n", xp_plan_element(plan, cluster.species[k]),
                        r[0] + 0.5 * edge, r[1] + 0.5 * edge, r[2] + 0.5 * edge, cluster.gamma[k], cluster.tags[k]);
  }
  return text;
}

// Frames are written whole or not at all. What went wrong, or nothing.
std::string GradeDump::append(const std::string &text) const {
  FILE *fp = fopen(file_.c_str(), "a");
  bool ok = fp && fseek(fp, 0, SEEK_END) == 0;
  const long size = ok ? ftell(fp) : -1;
  ok = size >= 0 && fwrite(text.data(), 1, text.size(), fp) == text.size() && fflush(fp) == 0;
  std::string reason = ok ? "" : utils::getsyserror();
  if (fp && fclose(fp) != 0 && ok) reason = utils::getsyserror();
  if (reason.empty()) return "";
  const bool whole = size >= 0 && truncate(file_.c_str(), size) == 0;
  return fmt::format("pair_style xpotace, step {}: {}: cannot write the surroundings of atoms with large extrapolation "
                     "grades: {}{}",
                     update->ntimestep, file_, reason, whole ? "" : "; its last frame may be incomplete");
}

} // namespace XPOT_NS
