/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entry point of xpotacekkplugin.so: pair_style xpotace with its /kk variants. */
#include "host_check.h"
#include "pair_xpotace_kokkos.h"
#include "registration.h"

#include <type_traits>

using namespace XPOT_NS;

namespace {

template <class Style> void *style_new(void *lammps) {
  return static_cast<LAMMPS_NS::Pair *>(new Style((LAMMPS_NS::LAMMPS *)lammps));
}

} // namespace

extern "C" void lammpsplugin_init(void *lammps, void *handle, void *regfunc) {
  std::string sentence = host_mismatch(lammps);
  if (sentence.empty()) sentence = kokkos_mismatch();
  if (!sentence.empty()) return host_refuse(lammps, sentence);
  style_register(lammps, handle, regfunc, "xpotace", style_new<PairXpotAce>);
  for (const char *name : {"xpotace/kk", "xpotace/kk/device", "xpotace/kk/host"})
    style_register(lammps, handle, regfunc, name, style_new<PairXpotAceKokkos>);
}
