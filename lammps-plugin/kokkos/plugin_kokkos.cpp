/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entry point of xpotacekkplugin.so: pair_style xpotace with its /kk variants. */
#include "host_check.h"
#include "pair_xpotace_kokkos.h"
#include "registration.h"

using namespace XPOT_NS;

namespace {

void *plain_new(void *lammps) {
  return static_cast<LAMMPS_NS::Pair *>(new PairXpotAce((LAMMPS_NS::LAMMPS *)lammps));
}

template <bool ON_HOST> void *kokkos_new(void *lammps) {
  return static_cast<LAMMPS_NS::Pair *>(new PairXpotAceKokkos((LAMMPS_NS::LAMMPS *)lammps, ON_HOST));
}

} // namespace

extern "C" void lammpsplugin_init(void *lammps, void *handle, void *regfunc) {
  std::string sentence = host_mismatch(lammps);
  if (sentence.empty()) sentence = kokkos_mismatch();
  if (!sentence.empty()) return host_refuse(lammps, sentence);
  style_register(lammps, handle, regfunc, "xpotace", plain_new);
  for (const char *name : {"xpotace/kk", "xpotace/kk/device"})
    style_register(lammps, handle, regfunc, name, kokkos_new<false>);
  style_register(lammps, handle, regfunc, "xpotace/kk/host", kokkos_new<true>);
}
