/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pair_xpotace.h"

#include "evaluator.h"
#include "grade_watch.h"
#include "neighbour_sources.h"
#include "openmp_team.h"
#include "potential_files.h"
#include "step_guard.h"
#include "words.h"

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

constexpr double MAX_MOVE = 1.0; // Angstrom a step: a third of a bond

} // namespace

PairXpotAce::PairXpotAce(LAMMPS *lmp)
    : Pair(lmp), potential(new PotentialFiles(lmp)), mixed(false), zbl{}, max_move(MAX_MOVE), guard(new StepGuard(lmp)),
      watch(new GradeWatch(lmp, *potential)), scale(nullptr), evaluator(new Evaluator), corerep_flag(0), corerep_max(0),
      corerep(nullptr) {
  single_enable = 0;
  restartinfo = 1;
  respa_enable = 0;
  one_coeff = 1;
  manybody_flag = 1;
  no_virial_fdotr_compute = 1;
  centroidstressflag = CENTROID_AVAIL;
  nextra = GradeWatch::SUMS;
  pvector = watch->sums();
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
  OpenMPTeam team(comm->nthreads);
  compute_with(team, eflag, vflag);
}

void PairXpotAce::compute_with(Team &team, int eflag, int vflag) {
  ev_init(eflag, vflag);
  Results results = make_results();
  Failure failure;
  const Atoms atoms = sort_atoms(team);
  const bool well = evaluate(team, atoms, results, failure);
  if (well) add_sums(results);
  finish_step(team, well ? "" : explain(failure));
  if (watch->due()) watch_atoms(team, atoms);
}

void PairXpotAce::finish_step(Team &team, const std::string &problem) {
  guard->finish(team, names(), problem, max_move);
}

Names PairXpotAce::names() const {
  return {lmp, potential->plan(), map};
}

void PairXpotAce::add_sums(const Results &results) {
  if (eflag_global) eng_vdwl += results.energy;
  if (vflag_global)
    for (int k = 0; k < 6; ++k) virial[k] += results.virial[k];
}

Results PairXpotAce::make_results() {
  Results results;
  results.force = reinterpret_cast<double(*)[3]>(atom->nmax > 0 ? atom->f[0] : nullptr);
  results.peratom_energy = eflag_atom ? eatom : nullptr;
  results.peratom_virial = vflag_atom ? reinterpret_cast<double(*)[6]>(vatom[0]) : nullptr;
  results.centroid_virial = cvflag_atom ? reinterpret_cast<double(*)[9]>(cvatom[0]) : nullptr;
  results.core_factor = core_factor_array();
  results.with_virial = vflag_either;
  return results;
}

Atoms PairXpotAce::sort_atoms(Team &team) {
  Atoms atoms = {};
  atoms.nlocal = atom->nlocal;
  atoms.nall = atom->nlocal + atom->nghost;
  atoms.x = reinterpret_cast<const double(*)[3]>(atoms.nall > 0 ? atom->x[0] : nullptr);
  atoms.type = atom->type;
  atoms.map = map;
  atoms.scale = scale;

  Bounds bounds = {};
  const double margin = xp_plan_cutoff_max(potential->plan()) + neighbor->skin;
  for (int d = 0; d < 3; ++d) {
    bounds.low[d] = neighbor->bboxlo[d] - margin;
    bounds.high[d] = neighbor->bboxhi[d] + margin;
  }
  evaluator->sort(team, atoms, bounds, potential->plan());
  return atoms;
}

// Calls use with the source of neighbours in this step and with who has a place in it (null: all).
template <class Use> auto PairXpotAce::with_neighbours(const Atoms &atoms, const Use &use) {
  if (list_source) {
    list_source->set(evaluator->cells(), host_list(), atoms.nall);
    return use(*list_source, list_source->listed());
  }
  if (!neighbor->exclude) return use(evaluator->cells(), nullptr);
  return use(ExcludingSource(evaluator->cells(), neighbor, atom), nullptr);
}

bool PairXpotAce::evaluate(Team &team, const Atoms &atoms, Results &results, Failure &failure) {
  return with_neighbours(atoms, [&](const NeighbourSource &source, const char *wanted) {
    return evaluator->compute(team, atoms, source, wanted, results, failure);
  });
}

void PairXpotAce::watch_atoms(Team &team, const Atoms &atoms) {
  with_neighbours(atoms, [&](const NeighbourSource &source, const char *wanted) {
    watch->evaluate(team, {atoms, evaluator->cells(), source, wanted});
  });
}

ListView PairXpotAce::host_list() {
  return {list->inum, list->ilist, list->numneigh, list->firstneigh};
}

std::string PairXpotAce::explain(const Failure &failure) {
  const int i = failure.atom;
  if (i < 0) return where(lmp) + failure.error.message;
  std::string sentence = too_close(names(), i);
  if (sentence.empty()) {
    // The core numbers the atoms of a call, and this one was alone.
    constexpr char NUMBER[] = "atom 1 ";
    std::string reason = failure.error.message;
    if (reason.rfind(NUMBER, 0) == 0) reason.replace(0, std::strlen(NUMBER), "it ");
    sentence = fmt::format("atom {}: {}{}", name_atom(names(), i), reason, nearest_to(names(), i));
  }
  return fmt::format("{}{}; {}", where(lmp), sentence, EXPLODED);
}

std::string PairXpotAce::explain_atom(Team &team, int i) {
  const Atoms atoms = sort_atoms(team);
  std::vector<char> wanted(atoms.nlocal, 0);
  wanted[i] = 1;
  std::vector<double> forces(3 * (size_t)atoms.nall);
  Results results;
  results.force = reinterpret_cast<double(*)[3]>(forces.data());
  Failure failure;
  if (evaluator->compute(team, atoms, evaluator->cells(), wanted.data(), results, failure)) {
    failure.atom = i;
    xp_error_set(&failure.error, XP_ERROR_RANGE, "its energy is not a finite number");
  }
  return explain(failure);
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
  require_metal_units();
  const bool was_mixed = mixed;
  const double was_zbl[2] = {zbl[0], zbl[1]};
  mixed = false;
  watch->settings = {};
  zbl[0] = zbl[1] = 0.0;
  max_move = MAX_MOVE;
  try {
    read_settings(narg, arg);
  } catch (...) { // a program that goes on must not run the old plan with the new settings
    forget();
    throw;
  }
  potential->set_zbl(zbl[0], zbl[1]);
  if (mixed != was_mixed || zbl[0] != was_zbl[0] || zbl[1] != was_zbl[1]) forget();
}

void PairXpotAce::read_settings(int narg, char **arg) {
  kept.clear();
  Words words(narg, arg);
  while (!words.empty()) {
    const size_t start = words.position();
    const std::string keyword = words.take();
    if (!set(keyword, words))
      error->all(FLERR, "pair_style xpotace: expected no keyword but {}, found '{}'{}", keywords(), keyword,
                 lmp->kokkos ? "" : "; keywords of devices need xpotace/kk");
    if (!in_restart(keyword)) continue;
    const auto taken = words.since(start);
    kept.insert(kept.end(), taken.begin(), taken.end());
  }
}

double PairXpotAce::read_length(const char *keyword, const std::string &word) {
  const double length = utils::is_double(word) ? std::stod(word) : 0.0;
  if (!(length > 0.0)) error->all(FLERR, "pair_style xpotace {} Angstrom above 0, found '{}'", keyword, word);
  return length;
}

void PairXpotAce::expect(const std::string &keyword, const std::string &value,
                         const std::vector<std::string> &choices) {
  std::string list;
  for (const auto &choice : choices) {
    if (choice == value) return;
    list += (list.empty() ? "'" : choice == choices.back() ? " or '" : ", '") + choice + "'";
  }
  error->all(FLERR, "pair_style xpotace {}: expected {}, found '{}'", keyword, list, value);
}

bool PairXpotAce::set(const std::string &keyword, Words &words) {
  if (keyword == "precision") {
    const std::string value = words.take();
    expect(keyword, value, {"double", "mixed"});
    mixed = value == "mixed";
  } else if (keyword == "gamma") {
    watch->settings = read_grade_settings(lmp, words);
  } else if (keyword == "runaway") {
    const std::string value = words.take();
    max_move = value == "off" ? 0.0 : read_length("runaway: expected 'off' or", value);
  } else if (keyword == "zbl") {
    for (double &length : zbl) length = read_length("zbl: expected INNER and OUTER,", words.take());
  } else
    return false;
  return true;
}

void PairXpotAce::forget() {
  watch->forget();
  evaluator.reset(new Evaluator); // it remembers the plan
  if (!allocated) return;
  for (int i = 0; i <= atom->ntypes; ++i) std::fill_n(setflag[i], atom->ntypes + 1, 0);
}

void PairXpotAce::require_metal_units() {
  if (strcmp(update->unit_style, "metal") != 0)
    error->all(FLERR, "pair_style xpotace: expected 'units metal' (eV, Angstrom), found 'units {}'",
               update->unit_style);
}

void PairXpotAce::coeff(int narg, char **arg) {
  const int ntypes = atom->ntypes;
  const int nfiles = narg - 2 - ntypes;
  if (nfiles < 1 || nfiles > PotentialFiles::MOST_FILES)
    error->all(
        FLERR,
        "pair_coeff for xpotace: expected '* *', one ACE file or two SNAP files, perhaps an active set file, and {} "
        "element {} (one an atom type), found {} words",
        ntypes, ntypes == 1 ? "name" : "names", narg);
  std::vector<std::string> names(arg + 2, arg + 2 + nfiles);
  load(nfiles, names.data(), nullptr, ntypes, arg + 2 + nfiles);
}

void PairXpotAce::load(int nfiles, const std::string *names, const std::string *digests, int nwords, char **words) {
  require_metal_units();
  if (!allocated) allocate();
  forget();
  map_element2type(nwords, words);
  std::vector<PotentialFile> files;
  for (int i = 0; i < nfiles; ++i) files.push_back({names[i], digests ? digests[i] : ""});
  try {
    potential->load(files, std::vector<std::string>(elements, elements + nelements),
                    mixed ? XP_PRECISION_MIXED : XP_PRECISION_DOUBLE);
  } catch (...) { // a program that goes on must not run the old plan with the new elements
    forget();
    throw;
  }
  for (int i = 0; i <= atom->ntypes; ++i)
    for (int j = 0; j <= atom->ntypes; ++j) scale[i][j] = 1.0;
}

void PairXpotAce::check_run() {
  guard->forget();
  require_metal_units();
  if (atom->tag_enable == 0)
    error->all(FLERR, "pair_style xpotace: expected atoms with IDs, found 'atom_modify id no'");
  watch->check();
}

void PairXpotAce::init_style() {
  check_run();
  if (force->newton_pair == 0)
    error->all(FLERR, "pair_style xpotace: expected 'newton on' for pairs, found 'newton off'{}",
               lmp->kokkos ? "; with KOKKOS, run LAMMPS with '-pk kokkos newton on neigh half'" : "");
  if (choose_source()) neighbor->add_request(this, NeighConst::REQ_FULL);
}

bool PairXpotAce::choose_source() {
  list_source.reset(needs_list() ? new ListSource : nullptr);
  return list_source != nullptr;
}

// Whether only a neighbour list of LAMMPS knows all pairs. Else none is built: it would be most of the memory of a run.
bool PairXpotAce::needs_list() const {
  return force->pair != this || atom->molecular != Atom::ATOMIC || neighbor->includegroup != 0;
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
  if (strcmp(name, "gamma_flag") == 0) return watch->flag();
  dim = 2;
  if (strcmp(name, "scale") == 0) return scale;
  return nullptr;
}

void *PairXpotAce::extract_peratom(const char *name, int &ncol) {
  ncol = 0;
  if (strcmp(name, "gamma") == 0) return watch->gamma();
  return strcmp(name, "corerep") == 0 ? corerep : nullptr;
}

double PairXpotAce::memory_usage() {
  return Pair::memory_usage() + evaluator->memory_usage() + guard->memory_usage() + watch->memory_usage() +
         (double)corerep_max * sizeof(double);
}

} // namespace XPOT_NS
