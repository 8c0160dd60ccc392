/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration of the last step that went well, kept in memory for the day when one does not. It does not refer to the
 * present atoms, which may have moved to other ranks or have positions that are no numbers. */
#ifndef XPOT_LAST_GOOD_H
#define XPOT_LAST_GOOD_H

#include "team.h"

#include "lmptype.h"
#include "pointers.h"

#include <array>
#include <string>
#include <vector>

namespace XPOT_NS {

class LastGood : protected LAMMPS_NS::Pointers {
public:
  explicit LastGood(LAMMPS_NS::LAMMPS *lmp) : Pointers(lmp) {}

  // Nothing is kept any more.
  void forget() { step_ = NONE; }

  // Keeps the present atoms of this rank.
  void keep(Team &team);

  // The same in two halves, where the atoms are not in LAMMPS's arrays of the host: step and box now, the atoms of that step
  // when they are needed.
  void keep_box();
  using Rows = std::vector<std::array<double, 3>>;
  void set_atoms(Rows x, Rows v, std::vector<LAMMPS_NS::tagint> tag, std::vector<int> type,
                 std::vector<LAMMPS_NS::imageint> image);

  // Writes what was kept as a data file; all ranks together. Returns on rank 0 what to say of it.
  std::string write() const;

  double memory_usage() const;

private:
  static constexpr LAMMPS_NS::bigint NONE = -1;

  struct Row {
    LAMMPS_NS::tagint tag;
    LAMMPS_NS::imageint image;
    int type;
    double x[3], v[3];
  };
  struct Box {
    double low[3], high[3], tilt[3]; // tilt: xy xz yz
    bool triclinic, periodic[3];
  };

  std::string file_name() const;
  Box find_box() const;
  void write_header(FILE *fp, const Box &box, LAMMPS_NS::bigint natoms) const;
  template <class Line> void write_rows(FILE *fp, const char *title, const Line &line) const;
  std::vector<Row> rows() const;

  LAMMPS_NS::bigint step_ = NONE;
  Box box_ = {};
  int natoms_ = 0;
  Rows x_, v_; // at least natoms_ long
  std::vector<LAMMPS_NS::tagint> tag_;
  std::vector<LAMMPS_NS::imageint> image_;
  std::vector<int> type_;
};

} // namespace XPOT_NS

#endif
