/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entry point of xpotaceplugin.so: pair_style xpotace. */
#include "host_check.h"
#include "pair_xpotace.h"
#include "registration.h"

using namespace XPOT_NS;

namespace {

void *xpotace_new(void *lammps) {
  return static_cast<LAMMPS_NS::Pair *>(new PairXpotAce((LAMMPS_NS::LAMMPS *)lammps));
}

} // namespace

extern "C" void lammpsplugin_init(void *lammps, void *handle, void *regfunc) {
  const std::string sentence = host_mismatch(lammps);
  if (!sentence.empty()) return host_refuse(lammps, sentence);
  style_register(lammps, handle, regfunc, "xpotace", xpotace_new);
}
