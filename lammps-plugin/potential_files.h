/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A potential as a LAMMPS run holds it: files that only rank 0 reads, and the evaluation plan on every rank. Whatever
 * goes wrong ends in LAMMPS's error class with one sentence, once. */
#ifndef XPOT_POTENTIAL_FILES_H
#define XPOT_POTENTIAL_FILES_H

#include "pointers.h"

#include "xpot/grade.h"
#include "xpot/potential.h"

#include <string>
#include <vector>

namespace XPOT_NS {

struct PotentialFile {
  std::string name;   // as in pair_coeff
  std::string digest; // SHA-256 of the content
};

class PotentialFiles : protected LAMMPS_NS::Pointers {
public:
  // The potential's own and an active set.
  static constexpr int MOST_FILES = XP_POTENTIAL_FILES + 1;

  explicit PotentialFiles(LAMMPS_NS::LAMMPS *lmp) : Pointers(lmp) {}
  ~PotentialFiles() override;
  PotentialFiles(const PotentialFiles &) = delete;
  PotentialFiles &operator=(const PotentialFiles &) = delete;

  // Reads the files and compiles the plan for these elements. Where names have a digest, the content must match it.
  void load(const std::vector<PotentialFile> &names, const std::vector<std::string> &elements, xp_precision precision);

  // ZBL repulsion for what is loaded afterwards, Angstrom; outer 0: none.
  void set_zbl(double inner, double outer) {
    zbl_inner_ = inner;
    zbl_outer_ = outer;
  }

  const xp_plan *plan() const { return plan_; }

  // Null without an active set among the files.
  const xp_grade *grade() const { return grade_; }
  const std::vector<PotentialFile> &files() const { return files_; }

private:
  struct Parsed;

  void parse(std::vector<PotentialFile> &files, Parsed &parsed);
  void read(PotentialFile &file, xp_bytes &bytes);
  xp_status read_on_root(const PotentialFile &file, xp_bytes &bytes, xp_error &error);
  void broadcast(xp_bytes &bytes);
  void check_units(const xp_bytes &bytes);
  void add_zbl(xp_potential *potential);
  void compile(const xp_potential *potential, const std::vector<std::string> &elements, xp_precision precision);
  void compile_grade(const Parsed &parsed, const std::vector<std::string> &elements);
  void report();
  std::string describe_grade() const;

  std::vector<PotentialFile> files_;
  xp_plan *plan_ = nullptr;
  xp_grade *grade_ = nullptr;
  double zbl_inner_ = 0.0, zbl_outer_ = 0.0;
};

} // namespace XPOT_NS

#endif
