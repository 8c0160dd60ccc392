/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host_check.h"

#include "mpi_interface.h"

#include "lmptype.h"
#include "version.h"

#include <mpi.h>

#include <dlfcn.h>

#include <cstdio>
#include <cstring>

namespace XPOT_NS {

namespace {

constexpr int ERROR_WARNING = 0; // _LMP_ERROR_WARNING of library.h

// A function of LAMMPS's C library interface, or null: an executable may not export it.
template <typename Function> Function *host_function(const char *name) {
  return reinterpret_cast<Function *>(dlsym(RTLD_DEFAULT, name));
}

std::string version_name(int number) {
  static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  int month = number / 100 % 100;
  if (month < 1 || month > 12) return std::to_string(number);
  return std::to_string(number % 100) + " " + months[month - 1] + " " + std::to_string(number / 10000);
}

std::string version_mismatch(void *lammps) {
  auto *version = host_function<int(void *)>("lammps_version");
  if (!version) return "LAMMPS does not export its library interface; build it with -DBUILD_SHARED_LIBS=ON";
  int running = version(lammps);
  if (running == XPOT_LAMMPS_VERSION) return "";
  return "it was built for LAMMPS " + version_name(XPOT_LAMMPS_VERSION) + ", and this is LAMMPS " +
         version_name(running) + "; build the plugin again with the source and build folder of this LAMMPS";
}

std::string size_mismatch(void *lammps) {
  struct Setting {
    const char *name;
    int size;
  };
  static const Setting settings[] = {{"tagint", sizeof(LAMMPS_NS::tagint)},
                                     {"bigint", sizeof(LAMMPS_NS::bigint)},
                                     {"imageint", sizeof(LAMMPS_NS::imageint)}};
  auto *setting = host_function<int(void *, const char *)>("lammps_extract_setting");
  if (!setting) return "LAMMPS does not export its library interface; build it with -DBUILD_SHARED_LIBS=ON";
  for (const auto &item : settings) {
    int running = setting(lammps, item.name);
    if (running != item.size)
      return std::string("it was built for ") + std::to_string(8 * item.size) + "-bit " + item.name +
             ", and this LAMMPS has " + std::to_string(8 * running) +
             " bits (LAMMPS_SIZES); build the plugin again with the build folder of this LAMMPS";
  }
  return "";
}

// The interface that mpi.h was made for.
std::string mpi_expected() {
#if defined(OMPI_MAJOR_VERSION)
  return "Open MPI v" + std::to_string(OMPI_MAJOR_VERSION);
#elif defined(MPICH_VERSION) || defined(I_MPI_VERSION) || defined(MVAPICH2_VERSION)
  return "MPICH";
#elif defined(MPI_STUBS)
  return "LAMMPS MPI STUBS";
#else
  return "";
#endif
}

std::string mpi_mismatch() {
  // Long enough for every library: Open MPI allows 256 bytes, MPICH 8192.
  static char running[8192];
  int length = 0;
  MPI_Get_library_version(running, &length);
  const std::string expected = mpi_expected(), found = mpi_interface(running);
  if (expected.empty() || found.empty() || expected == found) return "";
  if (char *end = std::strpbrk(running, ",\n")) *end = '\0';
  return "it was built for MPI library '" + expected + "', and this LAMMPS runs with '" + running +
         "'; build the plugin again with the MPI of this LAMMPS";
}

} // namespace

std::string host_mismatch(void *lammps) {
  std::string sentence = version_mismatch(lammps);
  if (sentence.empty()) sentence = size_mismatch(lammps);
  if (sentence.empty()) sentence = mpi_mismatch();
  return sentence;
}

void host_refuse(void *lammps, const std::string &sentence) {
  const std::string message = "The " XPOT_PLUGIN_FILE " plugin is not used: " + sentence;
  auto *setting = host_function<int(void *, const char *)>("lammps_extract_setting");
  if (setting && setting(lammps, "world_rank") != 0) return;
  if (auto *error = host_function<void(void *, int, const char *)>("lammps_error"))
    error(lammps, ERROR_WARNING, message.c_str());
  else
    std::fprintf(stderr, "WARNING: %s\n", message.c_str());
}

} // namespace XPOT_NS
