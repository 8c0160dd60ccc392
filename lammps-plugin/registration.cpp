/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "registration.h"

#include "force.h"
#include "lammps.h"
#include "version.h"

namespace XPOT_NS {

void style_register(void *lammps, void *handle, void *regfunc, const char *name, lammpsplugin_factory1 *creator) {
  auto *styles = static_cast<LAMMPS_NS::LAMMPS *>(lammps)->force->pair_map;
  if (styles->find(name) != styles->end()) return;
  lammpsplugin_t plugin = {};
  plugin.version = LAMMPS_VERSION;
  plugin.style = "pair";
  plugin.name = name;
  plugin.info = "ACE, SNAP and quadratic SNAP potentials";
  plugin.author = "the XPOT authors";
  plugin.creator.v1 = creator;
  plugin.handle = handle;
  ((lammpsplugin_regfunc)regfunc)(&plugin, lammps);
}

} // namespace XPOT_NS
