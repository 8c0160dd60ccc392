/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pair_style xpotace: ACE, SNAP and quadratic SNAP potentials on the OpenMP threads that LAMMPS was given. */
#ifndef LMP_PAIR_XPOTACE_H
#define LMP_PAIR_XPOTACE_H

#include "pair.h"

#include <memory>
#include <string>
#include <vector>

namespace XPOT_NS {

class Evaluator;
class GradeWatch;
class ListSource;
class PotentialFiles;
class StepGuard;
class Team;
class Words;
struct Atoms;
struct Failure;
struct ListView;
struct Names;
struct Results;

class PairXpotAce : public LAMMPS_NS::Pair {
public:
  explicit PairXpotAce(LAMMPS_NS::LAMMPS *lmp);
  ~PairXpotAce() override;
  void compute(int eflag, int vflag) override;
  void settings(int narg, char **arg) override;
  void coeff(int narg, char **arg) override;
  void init_style() override;
  double init_one(int i, int j) override;
  void write_restart(FILE *fp) override;
  void read_restart(FILE *fp) override;
  void write_restart_settings(FILE *fp) override;
  void read_restart_settings(FILE *fp) override;
  void *extract(const char *name, int &dim) override;
  void *extract_peratom(const char *name, int &ncol) override;
  double memory_usage() override;

protected:
  void compute_with(Team &team, int eflag, int vflag);

  // Takes a keyword of pair_style and the words that belong to it; false: there is no such keyword.
  virtual bool set(const std::string &keyword, Words &words);
  virtual std::string keywords() const { return "'precision', 'gamma', 'runaway' or 'zbl'"; }

  // Whether restart files keep a keyword with its words.
  virtual bool in_restart(const std::string & /*keyword*/) const { return true; }

  // pair_coeff must come (again): nothing that was made of the plan may be used any more.
  virtual void forget();

  void check_run();

  // Must come before atoms are evaluated; holds for the rest of the step.
  Atoms sort_atoms(Team &team);

  // Extrapolation grades, in steps in which they are due.
  void watch_atoms(Team &team, const Atoms &atoms);

  // Decides who knows all pairs: LAMMPS's neighbour list (true), or the cells.
  bool choose_source();
  virtual ListView host_list(); // of this step
  void expect(const std::string &keyword, const std::string &value, const std::vector<std::string> &choices);
  Results make_results();
  void add_sums(const Results &results);

  // What the host's kernel has to say of atom i.
  std::string explain_atom(Team &team, int i);

  // The end of a step on every rank, with what went wrong on this one, or empty.
  void finish_step(Team &team, const std::string &problem);

  std::unique_ptr<PotentialFiles> potential;
  bool mixed;                    // precision
  double zbl[2];                 // inner, outer, Angstrom; outer 0: off
  double max_move;               // runaway, Angstrom a step; 0: off
  std::vector<std::string> kept; // words of pair_style for restart files
  std::unique_ptr<StepGuard> guard;
  std::unique_ptr<GradeWatch> watch;
  double **scale; // [ntypes+1][ntypes+1]; the diagonal scales energy and forces of atoms of that type

private:
  void allocate();
  void require_metal_units();
  void read_settings(int narg, char **arg);
  double read_length(const char *keyword, const std::string &word);
  void load(int nfiles, const std::string *names, const std::string *digests, int nwords, char **words);
  bool needs_list() const;
  double *core_factor_array();
  template <class Use> auto with_neighbours(const Atoms &atoms, const Use &use);
  bool evaluate(Team &team, const Atoms &atoms, Results &results, Failure &failure);
  Names names() const;
  std::string explain(const Failure &failure);

  std::unique_ptr<Evaluator> evaluator;
  std::unique_ptr<ListSource> list_source;
  int corerep_flag; // fix pair sets it in steps in which it wants corerep
  int corerep_max;  // allocated length of corerep
  double *corerep;  // [nlocal] 1 - fc of ACE's core repulsion
};

} // namespace XPOT_NS

#endif
