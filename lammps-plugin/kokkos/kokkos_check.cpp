/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host_check.h"

#include "info.h"
#include "kokkos_type.h"

#include <Kokkos_Core.hpp>

#include <type_traits>

namespace XPOT_NS {

namespace {

std::string compiled_version() {
  return std::to_string(KOKKOS_VERSION / 10000) + "." + std::to_string(KOKKOS_VERSION / 100 % 100) + "." +
         std::to_string(KOKKOS_VERSION % 100);
}

std::string compiled_precision() {
  if constexpr (std::is_same_v<KK_FLOAT, double>) return "double";
  return std::is_same_v<KK_ACC_FLOAT, double> ? "mixed" : "single";
}

std::string compiled_layout() {
#ifdef LMP_KOKKOS_LAYOUT_LEGACY
  return "legacy";
#else
  return "default";
#endif
}

// LAMMPS's names of the back ends, one or several, in its order.
std::string compiled_spaces() {
  std::string names;
#ifdef KOKKOS_ENABLE_CUDA
  names += " CUDA";
#endif
#ifdef KOKKOS_ENABLE_HIP
  names += " HIP";
#endif
#ifdef KOKKOS_ENABLE_SYCL
  names += " SYCL";
#endif
#ifdef KOKKOS_ENABLE_OPENMP
  names += " OpenMP";
#endif
#ifdef KOKKOS_ENABLE_SERIAL
  names += " Serial";
#endif
#ifdef KOKKOS_ENABLE_THREADS
  names += " Pthreads";
#endif
  return names.empty() ? names : names.substr(1);
}

// The words behind "label:" in LAMMPS's description of itself, a line each.
std::string described(const std::string &text, const std::string &label) {
  size_t begin = text.find(label + ":");
  if (begin == std::string::npos) return "unknown";
  begin += label.size() + 1;
  const size_t end = text.find('\n', begin);
  std::string words = text.substr(begin, end == std::string::npos ? end : end - begin);
  const size_t first = words.find_first_not_of(' ');
  return first == std::string::npos ? "" : words.substr(first);
}

} // namespace

std::string kokkos_mismatch() {
  const std::string text = LAMMPS_NS::Info::get_accelerator_info("KOKKOS");
  if (text.empty()) return "this LAMMPS has no KOKKOS package; load xpotaceplugin.so instead";
  const struct {
    const char *what, *label;
    std::string compiled;
  } facts[] = {{"Kokkos version", "Kokkos library version", compiled_version()},
               {"Kokkos execution space", "KOKKOS package API", compiled_spaces()},
               {"KOKKOS precision", "KOKKOS package precision", compiled_precision()},
               {"KOKKOS view layout", "KOKKOS package view layout", compiled_layout()}};
  for (const auto &fact : facts) {
    const std::string running = described(text, fact.label);
    if (running != fact.compiled)
      return std::string("it was built for ") + fact.what + " '" + fact.compiled + "', and this LAMMPS has '" +
             running + "'; build the plugin again with the source and build folder of this LAMMPS";
  }
  return "";
}

} // namespace XPOT_NS
