/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "potential_files.h"

#include "comm.h"
#include "error.h"
#include "utils.h"

#include <climits>
#include <cstring>
#include <memory>

using namespace LAMMPS_NS;

namespace XPOT_NS {

namespace {

// Frees what the core allocated, also when LAMMPS's error class throws.
struct PotentialFree {
  void operator()(xp_potential *potential) const { xp_potential_free(potential); }
};

struct BytesGuard {
  std::vector<xp_bytes> all;
  explicit BytesGuard(size_t count) : all(count, xp_bytes{}) {}
  ~BytesGuard() {
    for (auto &bytes : all) xp_bytes_free(&bytes);
  }
};

} // namespace

PotentialFiles::~PotentialFiles() {
  xp_plan_free(plan_);
}

void PotentialFiles::load(const std::vector<PotentialFile> &names, const std::vector<std::string> &elements) {
  BytesGuard contents(names.size());
  std::vector<PotentialFile> files = names;
  for (size_t i = 0; i < files.size(); ++i) read(files[i], contents.all[i]);
  compile(contents.all, elements);
  files_ = files;
  report(elements);
}

void PotentialFiles::read(PotentialFile &file, xp_bytes &bytes) {
  xp_error problem = {};
  xp_status status = comm->me == 0 ? read_on_root(file, bytes, problem) : XP_OK;
  stop_together(status, problem);
  broadcast(bytes);
  check_units(bytes);

  char digest[65];
  xp_bytes_sha256(bytes.data, bytes.size, digest);
  if (!file.digest.empty() && file.digest != digest)
    error->all(
        FLERR,
        "{}: expected the potential of the restart file, with SHA-256 {}, found another content, with SHA-256 {}; put "
        "the old file back, or start from a data file",
        bytes.name, file.digest, digest);
  file.digest = digest;
}

xp_status PotentialFiles::read_on_root(const PotentialFile &file, xp_bytes &bytes, xp_error &problem) {
  const std::string path = utils::get_potential_file_path(file.name);
  if (path.empty())
    return xp_error_set(&problem, XP_ERROR_IO,
                        "%s: expected a readable potential file in the working directory or in a folder of "
                        "LAMMPS_POTENTIALS, found none; check the name and the permissions",
                        file.name.c_str());
  xp_status status = xp_bytes_read(&bytes, path.c_str(), &problem);
  if (status == XP_OK && bytes.size > INT_MAX)
    status = xp_error_set(&problem, XP_ERROR_INPUT, "%s: expected a potential file of less than 2 GB, found %zu bytes",
                          path.c_str(), bytes.size);
  return status;
}

void PotentialFiles::broadcast(xp_bytes &bytes) {
  int sizes[2] = {(int)bytes.size, bytes.name ? (int)std::strlen(bytes.name) : 0};
  MPI_Bcast(sizes, 2, MPI_INT, 0, world);
  std::string name(bytes.name ? bytes.name : "");
  std::vector<char> data(bytes.data, bytes.data + bytes.size);
  name.resize(sizes[1]);
  data.resize(sizes[0]);
  MPI_Bcast(name.data(), sizes[1], MPI_CHAR, 0, world);
  MPI_Bcast(data.data(), sizes[0], MPI_CHAR, 0, world);
  xp_error problem = {};
  xp_status status = comm->me == 0 ? XP_OK : xp_bytes_copy(&bytes, name.c_str(), data.data(), data.size(), &problem);
  stop_together(status, problem);
}

// Potential files may carry "UNITS: name" on their first line.
void PotentialFiles::check_units(const xp_bytes &bytes) {
  std::string line(bytes.data, strcspn(bytes.data, "\n"));
  size_t place = line.find("UNITS:");
  if (place == std::string::npos) return;
  auto words = utils::split_words(line.substr(place + strlen("UNITS:")));
  if (!words.empty() && words[0] != "metal")
    error->all(FLERR, "{}:1: expected 'UNITS: metal', found 'UNITS: {}'; pair_style xpotace converts no units",
               bytes.name, words[0]);
}

void PotentialFiles::compile(const std::vector<xp_bytes> &bytes, const std::vector<std::string> &elements) {
  std::vector<const char *> symbols;
  for (const auto &element : elements) symbols.push_back(element.c_str());

  xp_error problem = {};
  xp_potential *raw = nullptr;
  xp_status status = xp_potential_parse(&raw, bytes.data(), (int)bytes.size(), &problem);
  std::unique_ptr<xp_potential, PotentialFree> potential(raw);
  xp_plan *plan = nullptr;
  if (status == XP_OK)
    status = xp_plan_new(&plan, raw, symbols.data(), (int)symbols.size(), XP_PRECISION_DOUBLE, &problem);
  if (status == XP_OK) {
    xp_plan_free(plan_);
    plan_ = plan;
  }
  stop_together(status, problem);
  for (int i = 0; i < xp_potential_nwarnings(raw) && comm->me == 0; ++i)
    error->warning(FLERR, "{}", xp_potential_warning(raw, i));
}

void PotentialFiles::report(const std::vector<std::string> &elements) {
  if (comm->me != 0) return;
  std::string text = fmt::format("xpotace: {} potential for", xp_plan_kind(plan_) == XP_KIND_ACE ? "ACE" : "SNAP");
  for (const auto &element : elements) text += " " + element;
  text += fmt::format(", cutoff {:.4g} Angstrom\n", xp_plan_cutoff_max(plan_));
  for (const auto &file : files_) text += fmt::format("  {}  SHA-256 {}\n", file.name, file.digest);
  utils::logmesg(lmp, text);
}

// All ranks stop with the sentence of the first rank that has one; a failure may be of one rank alone (memory).
void PotentialFiles::stop_together(xp_status status, const xp_error &problem) {
  int mine = status == XP_OK ? comm->nprocs : comm->me;
  int first = 0;
  MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, world);
  if (first == comm->nprocs) return;
  char sentence[XP_ERROR_SIZE];
  std::memcpy(sentence, problem.message, sizeof sentence);
  MPI_Bcast(sentence, sizeof sentence, MPI_CHAR, first, world);
  sentence[sizeof sentence - 1] = '\0';
  error->all(FLERR, "{}", sentence);
}

} // namespace XPOT_NS
