/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "last_good.h"

#include "cells.h"

#include "xpot/file.h"

#include "atom.h"
#include "comm.h"
#include "domain.h"
#include "fmt/format.h"
#include "universe.h"
#include "update.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <mpi.h>

using namespace LAMMPS_NS;

namespace XPOT_NS {

namespace {

template <class To, class From> void copy(std::vector<To> &to, const From *from, const Part &part) {
  static_assert(sizeof(To) % sizeof(From) == 0, "a row of one type");
  constexpr size_t COLUMNS = sizeof(To) / sizeof(From);
  if (part.end > part.begin)
    std::memcpy(to.data() + part.begin, from + COLUMNS * part.begin, sizeof(To) * (size_t)(part.end - part.begin));
}

// A failure is noticed at the end; fmt::print would throw.
template <class... Words> void put(FILE *fp, const char *format, const Words &...words) {
  std::fputs(fmt::format(fmt::runtime(format), words...).c_str(), fp);
}

} // namespace

void LastGood::keep_box() {
  step_ = update->ntimestep;
  natoms_ = atom->nlocal;
  for (int d = 0; d < 3; ++d) {
    box_.low[d] = domain->boxlo[d];
    box_.high[d] = domain->boxhi[d];
    box_.periodic[d] = domain->periodicity[d] != 0;
  }
  box_.triclinic = domain->triclinic != 0;
  box_.tilt[0] = domain->xy;
  box_.tilt[1] = domain->xz;
  box_.tilt[2] = domain->yz;
}

void LastGood::keep(Team &team) {
  keep_box();
  auto grow = [this](auto &array) {
    if (array.size() < (size_t)natoms_) array.resize((size_t)natoms_ + natoms_ / 8);
  };
  grow(x_);
  grow(v_);
  grow(tag_);
  grow(image_);
  grow(type_);
  if (natoms_ == 0) return;
  const int nthreads = team.size();
  team.run(nthreads, [&](int thread) {
    const Part part(natoms_, thread, nthreads);
    copy(x_, atom->x[0], part);
    copy(v_, atom->v[0], part);
    copy(tag_, atom->tag, part);
    copy(image_, atom->image, part);
    copy(type_, atom->type, part);
  });
}

void LastGood::set_atoms(Rows x, Rows v, std::vector<tagint> tag, std::vector<int> type, std::vector<imageint> image) {
  x_ = std::move(x);
  v_ = std::move(v);
  tag_ = std::move(tag);
  type_ = std::move(type);
  image_ = std::move(image);
}

std::string LastGood::file_name() const {
  const std::string world_name = universe->nworlds > 1 ? fmt::format("-{}", universe->iworld) : "";
  return fmt::format("xpotace-last-good-{}{}.data", step_, world_name);
}

// Atoms may have left a box that is not periodic since it was last fitted to them, and read_data loses atoms outside.
LastGood::Box LastGood::find_box() const {
  double extent[6]; // -low, high
  for (int d = 0; d < 3; ++d) {
    extent[d] = -box_.low[d];
    extent[3 + d] = box_.high[d];
    for (int i = 0; i < natoms_ && !box_.triclinic; ++i) {
      extent[d] = std::max(extent[d], -x_[i][d]);
      extent[3 + d] = std::max(extent[3 + d], x_[i][d]);
    }
  }
  double all[6];
  MPI_Allreduce(extent, all, 6, MPI_DOUBLE, MPI_MAX, world);
  Box box = box_;
  for (int d = 0; d < 3; ++d) {
    if (box.periodic[d]) continue;
    box.low[d] = -all[d];
    box.high[d] = all[3 + d];
  }
  return box;
}

std::vector<LastGood::Row> LastGood::rows() const {
  std::vector<Row> result((size_t)natoms_);
  for (int i = 0; i < natoms_; ++i) {
    Row &row = result[i];
    row = {tag_[i], image_[i], type_[i], {}, {}};
    std::copy_n(x_[i].data(), 3, row.x);
    std::copy_n(v_[i].data(), 3, row.v);
  }
  return result;
}

void LastGood::write_header(FILE *fp, const Box &box, bigint natoms) const {
  put(fp, "LAMMPS data file of atom_style atomic, step {}, by pair_style xpotace\n\n{} atoms\n{} atom types\n\n", step_,
      natoms, atom->ntypes);
  for (int d = 0; d < 3; ++d) put(fp, "{:.16e} {:.16e} {}lo {}hi\n", box.low[d], box.high[d], "xyz"[d], "xyz"[d]);
  if (box.triclinic) put(fp, "{:.16e} {:.16e} {:.16e} xy xz yz\n", box.tilt[0], box.tilt[1], box.tilt[2]);
  if (!atom->mass) return;
  put(fp, "\nMasses\n\n");
  for (int type = 1; type <= atom->ntypes; ++type) put(fp, "{} {:.17g}\n", type, atom->mass[type]);
}

// One section, from all ranks; fp is null but on rank 0.
template <class Line> void LastGood::write_rows(FILE *fp, const char *title, const Line &line) const {
  std::vector<Row> mine = rows();
  MPI_Datatype type;
  MPI_Type_contiguous((int)sizeof(Row), MPI_BYTE, &type);
  MPI_Type_commit(&type);
  int count = natoms_;
  if (comm->me != 0) {
    MPI_Send(&count, 1, MPI_INT, 0, 0, world);
    MPI_Send(mine.data(), count, type, 0, 0, world);
  } else {
    if (fp) put(fp, "\n{}\n\n", title);
    for (int rank = 0; rank < comm->nprocs; ++rank) {
      if (rank > 0) {
        MPI_Recv(&count, 1, MPI_INT, rank, 0, world, MPI_STATUS_IGNORE);
        mine.resize((size_t)count);
        MPI_Recv(mine.data(), count, type, rank, 0, world, MPI_STATUS_IGNORE);
      }
      for (int i = 0; i < count && fp; ++i) line(mine[i]);
    }
  }
  MPI_Type_free(&type);
}

std::string LastGood::write() const {
  bigint known = step_, first = NONE;
  MPI_Allreduce(&known, &first, 1, MPI_LMP_BIGINT, MPI_MIN, world);
  if (first == NONE) return "there is no step before it whose configuration could be written";
  const std::string name = file_name();
  xp_error problem = {};
  xp_output *output = nullptr;
  xp_status status = comm->me == 0 ? xp_output_open(&output, name.c_str(), &problem) : XP_OK;
  FILE *fp = output ? xp_output_stream(output) : nullptr;
  bigint mine = natoms_, natoms = 0;
  MPI_Allreduce(&mine, &natoms, 1, MPI_LMP_BIGINT, MPI_SUM, world);
  const Box box = find_box();
  if (fp) write_header(fp, box, natoms);
  write_rows(fp, "Atoms # atomic", [fp](const Row &row) {
    put(fp, "{} {} {:.17g} {:.17g} {:.17g} {} {} {}\n", row.tag, row.type, row.x[0], row.x[1], row.x[2],
        (row.image & IMGMASK) - IMGMAX, (row.image >> IMGBITS & IMGMASK) - IMGMAX, (row.image >> IMG2BITS) - IMGMAX);
  });
  write_rows(fp, "Velocities",
             [fp](const Row &row) { put(fp, "{} {:.17g} {:.17g} {:.17g}\n", row.tag, row.v[0], row.v[1], row.v[2]); });
  if (status == XP_OK && output) status = xp_output_commit(output, &problem);
  if (status != XP_OK)
    return fmt::format("the configuration of step {} could not be written: {}", step_, problem.message);
  return fmt::format("the configuration of step {} is in {}", step_, name);
}

double LastGood::memory_usage() const {
  return (double)(sizeof(x_[0]) * (x_.capacity() + v_.capacity()) + sizeof(tagint) * tag_.capacity() +
                  sizeof(imageint) * image_.capacity() + sizeof(int) * type_.capacity());
}

} // namespace XPOT_NS
