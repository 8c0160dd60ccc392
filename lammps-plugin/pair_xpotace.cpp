/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pair_xpotace.h"

#include "batch.h"
#include "potential_files.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "force.h"
#include "memory.h"
#include "neigh_list.h"
#include "neighbor.h"
#include "update.h"

#include <algorithm>
#include <cstring>
#include <limits>

using namespace LAMMPS_NS;

namespace XPOT_NS {

namespace {

// The atoms of a LAMMPS neighbour list, as Batch::gather wants them.
struct ListAtoms {
  const NeighList *list;
  const double *const *x;
  const int *type;
  const int *map;
  const double *const *scales;

  int atom(int ii) const { return list->ilist[ii]; }
  int species(int i) const { return map[type[i]]; }
  int neighbours(int i) const { return list->numneigh[i]; }
  int neighbour(int i, int jj) const { return list->firstneigh[i][jj] & NEIGHMASK; }
  double position(int i, int axis) const { return x[i][axis]; }
  double scale(int i) const { return scales[type[i]][type[i]]; }
};

} // namespace

PairXpotAce::PairXpotAce(LAMMPS *lmp)
    : Pair(lmp), potential(new PotentialFiles(lmp)), scale(nullptr), batch(new Batch), corerep_flag(0), corerep_max(0),
      corerep(nullptr) {
  single_enable = 0;
  restartinfo = 1;
  respa_enable = 0;
  one_coeff = 1;
  manybody_flag = 1;
  no_virial_fdotr_compute = 1;
  centroidstressflag = CENTROID_AVAIL;
}

PairXpotAce::~PairXpotAce() {
  if (copymode) return;
  memory->destroy(corerep);
  if (allocated) {
    memory->destroy(setflag);
    memory->destroy(cutsq);
    memory->destroy(scale);
  }
}

void PairXpotAce::compute(int eflag, int vflag) {
  ev_init(eflag, vflag);

  ListAtoms atoms = {list, atom->x, atom->type, map, scale};
  Tally tally;
  tally.force = reinterpret_cast<double(*)[3]>(atom->nmax > 0 ? atom->f[0] : nullptr);
  tally.peratom_energy = eflag_atom ? eatom : nullptr;
  tally.peratom_virial = vflag_atom ? reinterpret_cast<double(*)[6]>(vatom[0]) : nullptr;
  tally.centroid_virial = cvflag_atom ? reinterpret_cast<double(*)[9]>(cvatom[0]) : nullptr;
  tally.core_factor = core_factor_array();
  tally.with_virial = vflag_either;

  batch->set_plan(potential->plan());
  for (int begin = 0; begin < list->inum; begin += Batch::MAX_ATOMS) {
    xp_error problem = {};
    batch->gather(atoms, begin, std::min(begin + Batch::MAX_ATOMS, list->inum));
    if (batch->evaluate(tally.core_factor != nullptr, &problem) != XP_OK) stop_at(*batch, problem.message);
    batch->scatter(tally);
  }

  if (eflag_global) eng_vdwl += tally.energy;
  if (vflag_global)
    for (int k = 0; k < 6; ++k) virial[k] += tally.virial[k];
}

void PairXpotAce::stop_at(Batch &failed, const char *message) {
  xp_error problem = {};
  const int i = failed.find_culprit(&problem);
  if (i < 0) error->one(FLERR, "pair_style xpotace, step {}: {}", update->ntimestep, message);
  // The core numbers the atoms of a call, and this one was alone.
  constexpr char NUMBER[] = "atom 1 ";
  std::string sentence = problem.message;
  if (sentence.rfind(NUMBER, 0) == 0) sentence.replace(0, std::strlen(NUMBER), "it ");
  error->one(FLERR, "pair_style xpotace, step {}, atom ID {} at ({:.6g}, {:.6g}, {:.6g}): {}", update->ntimestep,
             atom->tag[i], atom->x[i][0], atom->x[i][1], atom->x[i][2], sentence);
}

// Null unless fix pair asked for corerep in this step.
double *PairXpotAce::core_factor_array() {
  if (!corerep_flag) return nullptr;
  if (atom->nmax > corerep_max) {
    corerep_max = atom->nmax;
    memory->destroy(corerep);
    memory->create(corerep, corerep_max, "pair:corerep");
  }
  std::fill(corerep, corerep + atom->nlocal, 0.0);
  return corerep;
}

void PairXpotAce::allocate() {
  allocated = 1;
  const int n = atom->ntypes + 1;
  memory->create(setflag, n, n, "pair:setflag");
  memory->create(cutsq, n, n, "pair:cutsq");
  memory->create(scale, n, n, "pair:scale");
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) setflag[i][j] = 0;
  map = new int[n];
}

void PairXpotAce::settings(int narg, char **arg) {
  if (narg > 0) error->all(FLERR, "pair_style xpotace: expected no keyword, found '{}'", arg[0]);
  require_metal_units();
}

void PairXpotAce::require_metal_units() {
  if (strcmp(update->unit_style, "metal") != 0)
    error->all(FLERR, "pair_style xpotace: expected 'units metal' (eV, Angstrom), found 'units {}'",
               update->unit_style);
}

void PairXpotAce::coeff(int narg, char **arg) {
  const int ntypes = atom->ntypes;
  const int nfiles = narg - 2 - ntypes;
  if (nfiles < 1 || nfiles > XP_POTENTIAL_FILES)
    error->all(FLERR,
               "pair_coeff for xpotace: expected '* *', one ACE file or two SNAP files, and {} element {} (one an atom "
               "type), found {} words",
               ntypes, ntypes == 1 ? "name" : "names", narg);
  std::vector<std::string> names(arg + 2, arg + 2 + nfiles);
  load(nfiles, names.data(), nullptr, ntypes, arg + 2 + nfiles);
}

void PairXpotAce::load(int nfiles, const std::string *names, const std::string *digests, int nwords, char **words) {
  require_metal_units();
  if (!allocated) allocate();
  map_element2type(nwords, words);
  std::vector<PotentialFile> files;
  for (int i = 0; i < nfiles; ++i) files.push_back({names[i], digests ? digests[i] : ""});
  batch.reset(new Batch); // it remembers the plan that is freed now
  try {
    potential->load(files, std::vector<std::string>(elements, elements + nelements));
  } catch (...) { // a program that goes on must not run the old plan with the new elements
    for (int i = 0; i <= atom->ntypes; ++i) std::fill_n(setflag[i], atom->ntypes + 1, 0);
    throw;
  }
  for (int i = 0; i <= atom->ntypes; ++i)
    for (int j = 0; j <= atom->ntypes; ++j) scale[i][j] = 1.0;
}

void PairXpotAce::init_style() {
  require_metal_units();
  if (atom->tag_enable == 0)
    error->all(FLERR, "pair_style xpotace: expected atoms with IDs, found 'atom_modify id no'");
  if (force->newton_pair == 0)
    error->all(FLERR, "pair_style xpotace: expected 'newton on' for pairs, found 'newton off'{}",
               lmp->kokkos ? "; with KOKKOS, run LAMMPS with '-pk kokkos newton on neigh half'" : "");
  neighbor->add_request(this, NeighConst::REQ_FULL);
}

double PairXpotAce::init_one(int i, int j) {
  if (setflag[i][j] == 0)
    error->all(
        FLERR,
        "pair_style xpotace: expected elements for atom types {} and {} in pair_coeff, found NULL or no pair_coeff; "
        "NULL is for types that another sub-style of pair_style hybrid handles",
        i, j);
  scale[j][i] = scale[i][j];
  return std::max(xp_plan_cutoff(potential->plan(), map[i], map[j]), xp_plan_cutoff(potential->plan(), map[j], map[i]));
}

void *PairXpotAce::extract(const char *name, int &dim) {
  dim = 0;
  if (strcmp(name, "corerep_flag") == 0) return &corerep_flag;
  dim = 2;
  if (strcmp(name, "scale") == 0) return scale;
  return nullptr;
}

void *PairXpotAce::extract_peratom(const char *name, int &ncol) {
  ncol = 0;
  return strcmp(name, "corerep") == 0 ? corerep : nullptr;
}

double PairXpotAce::memory_usage() {
  return Pair::memory_usage() + batch->memory_usage() + (double)corerep_max * sizeof(double);
}

} // namespace XPOT_NS
