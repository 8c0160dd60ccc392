/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pair_style xpotace: ACE, SNAP and quadratic SNAP potentials on the OpenMP threads that LAMMPS was given. */
#ifndef LMP_PAIR_XPOTACE_H
#define LMP_PAIR_XPOTACE_H

#include "pair.h"

#include <memory>
#include <string>

namespace XPOT_NS {

class Evaluator;
class ListSource;
class PotentialFiles;
class Team;
struct Failure;
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

private:
  void allocate();
  void require_metal_units();
  void forget();
  void load(int nfiles, const std::string *names, const std::string *digests, int nwords, char **words);
  bool needs_list() const;
  double *core_factor_array();
  Results make_results();
  bool evaluate(Team &team, Results &results, Failure &failure);
  [[noreturn]] void stop_at(const Failure &failure);

  std::unique_ptr<PotentialFiles> potential;
  std::unique_ptr<Evaluator> evaluator;
  std::unique_ptr<ListSource> list_source;
  bool mixed;       // precision
  double **scale;   // [ntypes+1][ntypes+1]; the diagonal scales energy and forces of atoms of that type
  int corerep_flag; // fix pair sets it in steps in which it wants corerep
  int corerep_max;  // allocated length of corerep
  double *corerep;  // [nlocal] 1 - fc of ACE's core repulsion
};

} // namespace XPOT_NS

#endif
