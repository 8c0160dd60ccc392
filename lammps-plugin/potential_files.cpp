/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "potential_files.h"

#include "core_repulsion.h"
#include "stop_together.h"

#include "comm.h"
#include "error.h"
#include "utils.h"

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <cstring>

using namespace LAMMPS_NS;

namespace XPOT_NS {

namespace {

struct BytesGuard {
  std::vector<xp_bytes> all;
  explicit BytesGuard(size_t count) : all(count, xp_bytes{}) {}
  ~BytesGuard() {
    for (auto &bytes : all) xp_bytes_free(&bytes);
  }
};

// One line: what compiling decided for an element.
std::string describe(const char *element, const xp_plan_facts &facts) {
  return fmt::format(
      "  {}: {}: {:.0f} operations an atom and {:.0f} a neighbour, {} atoms at once, {:.1f} kB of tables, "
      "{:.1f} kB of coefficients and indices, {:.1f} kB an atom in flight\n",
      element, facts.methods[0].name, facts.methods[0].operations + facts.fixed_operations, facts.neighbour_operations,
      facts.lanes, 1e-3 * (double)facts.table_bytes, 1e-3 * (double)facts.stream_bytes,
      1e-3 * (double)facts.atom_bytes);
}

} // namespace

// Frees what the core allocated, also when LAMMPS's error class throws.
struct PotentialFiles::Parsed {
  xp_potential *potential = nullptr;
  xp_active_set *active_set = nullptr; // null: there is none
  std::string active_set_file;

  ~Parsed() {
    xp_potential_free(potential);
    xp_active_set_free(active_set);
  }
};

PotentialFiles::~PotentialFiles() {
  xp_grade_free(grade_);
  xp_plan_free(plan_);
}

void PotentialFiles::load(const std::vector<PotentialFile> &names, const std::vector<std::string> &elements,
                          xp_precision precision) {
  std::vector<PotentialFile> files = names;
  Parsed parsed;
  parse(files, parsed);
  add_zbl(parsed.potential);
  compile(parsed.potential, elements, precision);
  compile_grade(parsed, elements);
  files_ = files;
  report();
  for (int i = 0; i < xp_potential_nwarnings(parsed.potential) && comm->me == 0; ++i)
    error->warning(FLERR, "{}", xp_potential_warning(parsed.potential, i));
}

// The content of the files is gone when the plan is compiled: both may be large.
void PotentialFiles::parse(std::vector<PotentialFile> &files, Parsed &parsed) {
  BytesGuard contents(files.size());
  for (size_t i = 0; i < files.size(); ++i) read(files[i], contents.all[i]);
  auto own = [](const xp_bytes &bytes) { return !xp_active_set_detect(&bytes); };
  const auto set = std::stable_partition(contents.all.begin(), contents.all.end(), own);
  const int nown = (int)(set - contents.all.begin()), nsets = (int)(contents.all.end() - set);
  if (nsets > 1)
    error->all(FLERR, "pair_coeff for xpotace: expected one active set file at most, found {} and {}", set[0].name,
               set[1].name);
  if (nown == 0)
    error->all(FLERR,
               "pair_coeff for xpotace: expected the files of a potential beside the active set file {}, found none",
               set[0].name);
  xp_error problem = {};
  xp_status status = xp_potential_parse(&parsed.potential, contents.all.data(), nown, &problem);
  if (status == XP_OK && nsets == 1) {
    parsed.active_set_file = set[0].name;
    status = xp_active_set_parse(&parsed.active_set, &set[0], &problem);
  }
  stop_together(lmp, status == XP_OK ? "" : problem.message);
}

void PotentialFiles::read(PotentialFile &file, xp_bytes &bytes) {
  xp_error problem = {};
  xp_status status = comm->me == 0 ? read_on_root(file, bytes, problem) : XP_OK;
  stop_together(lmp, status == XP_OK ? "" : problem.message);
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
    return xp_error_set(
        &problem, XP_ERROR_IO,
        "%s: expected a readable potential file in the working directory or in a folder of "
        "LAMMPS_POTENTIALS, found none; check the name, the permissions, and that one element an atom type follows "
        "the files",
        file.name.c_str());
  xp_status status = xp_bytes_read(&bytes, path.c_str(), &problem);
  if (status == XP_OK && bytes.size > INT_MAX)
    status = xp_error_set(&problem, XP_ERROR_INPUT, "%s: expected a potential file of less than 2 GB, found %zu bytes",
                          path.c_str(), bytes.size);
  return status;
}

// The other ranks receive into what they parse from.
void PotentialFiles::broadcast(xp_bytes &bytes) {
  int sizes[2] = {(int)bytes.size, bytes.name ? (int)std::strlen(bytes.name) : 0};
  MPI_Bcast(sizes, 2, MPI_INT, 0, world);
  xp_error problem = {};
  xp_status status = XP_OK;
  if (comm->me != 0) {
    bytes.size = (size_t)sizes[0];
    bytes.name = (char *)calloc((size_t)sizes[1] + 1, 1);
    bytes.data = (char *)malloc((size_t)sizes[0] + 1);
    if (!bytes.name || !bytes.data)
      status = xp_error_memory(&problem, "the content of a potential file");
    else
      bytes.data[bytes.size] = '\0';
  }
  stop_together(lmp, status == XP_OK ? "" : problem.message);
  MPI_Bcast(bytes.name, sizes[1], MPI_CHAR, 0, world);
  MPI_Bcast(bytes.data, sizes[0], MPI_CHAR, 0, world);
}

// Potential files may carry "UNITS: name" on their first line.
void PotentialFiles::check_units(const xp_bytes &bytes) {
  constexpr size_t MOST = 1024; // flow-style YAML may be one line
  std::string line(bytes.data, std::min(strcspn(bytes.data, "\n"), MOST));
  size_t place = line.find("UNITS:");
  if (place == std::string::npos) return;
  auto words = utils::split_words(line.substr(place + strlen("UNITS:")));
  if (!words.empty() && words[0] != "metal")
    error->all(FLERR, "{}:1: expected 'UNITS: metal', found 'UNITS: {}'; pair_style xpotace converts no units",
               bytes.name, words[0]);
}

void PotentialFiles::add_zbl(xp_potential *potential) {
  if (zbl_outer_ == 0.0) return;
  xp_error problem = {};
  const xp_status status = xp_potential_add_zbl(potential, zbl_inner_, zbl_outer_, &problem);
  stop_together(lmp, status == XP_OK ? "" : fmt::format("pair_style xpotace {}", problem.message));
}

void PotentialFiles::compile(const xp_potential *potential, const std::vector<std::string> &elements,
                             xp_precision precision) {
  std::vector<const char *> symbols;
  for (const auto &element : elements) symbols.push_back(element.c_str());
  xp_error problem = {};
  xp_plan *plan = nullptr;
  const xp_status status = xp_plan_new(&plan, potential, symbols.data(), (int)symbols.size(), precision, &problem);
  if (status == XP_OK) {
    xp_plan_free(plan_);
    plan_ = plan;
  }
  stop_together(lmp, status == XP_OK ? "" : problem.message);
}

void PotentialFiles::compile_grade(const Parsed &parsed, const std::vector<std::string> &elements) {
  xp_grade_free(grade_);
  grade_ = nullptr;
  if (!parsed.active_set) return;
  std::vector<const char *> symbols;
  for (const auto &element : elements) symbols.push_back(element.c_str());
  xp_error problem = {};
  const xp_status status =
      xp_grade_new(&grade_, parsed.potential, parsed.active_set, symbols.data(), (int)symbols.size(), &problem);
  stop_together(lmp, status == XP_OK ? "" : parsed.active_set_file + ": " + problem.message);
}

std::string PotentialFiles::describe_grade() const {
  if (!grade_) return "";
  std::string text = xp_grade_form_of(grade_) == XP_GRADE_LINEAR ? "linear" : "full";
  for (int e = 0; e < xp_plan_nelements(plan_); ++e)
    text += fmt::format("{} {} descriptors of {}", e ? "," : ":", xp_grade_count(grade_, e), xp_plan_element(plan_, e));
  return "  active set, " + text + "; grades are computed in steps for which 'gamma every' or fix pair asks\n";
}

void PotentialFiles::report() {
  if (comm->me != 0) return;
  const int nelements = xp_plan_nelements(plan_);
  std::string text = fmt::format("xpotace: {} potential for", xp_plan_kind(plan_) == XP_KIND_ACE ? "ACE" : "SNAP");
  for (int e = 0; e < nelements; ++e) text += fmt::format(" {}", xp_plan_element(plan_, e));
  text += fmt::format(", cutoff {:.4g} Angstrom, precision {}\n", xp_plan_cutoff_max(plan_),
                      xp_plan_precision(plan_) == XP_PRECISION_MIXED ? "mixed" : "double");
  for (const auto &file : files_) text += fmt::format("  {}  SHA-256 {}\n", file.name, file.digest);
  for (int e = 0; e < nelements; ++e) text += describe(xp_plan_element(plan_, e), xp_plan_describe(plan_, e));
  utils::logmesg(lmp, text + describe_repulsion(plan_) + describe_grade());
}

} // namespace XPOT_NS
