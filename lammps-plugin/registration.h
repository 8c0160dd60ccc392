/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_REGISTRATION_H
#define XPOT_REGISTRATION_H

#include "lammpsplugin.h"

namespace XPOT_NS {

// Registers a pair style unless it is there already: both plugins hold xpotace, and may be loaded in any order.
void style_register(void *lammps, void *handle, void *regfunc, const char *name, lammpsplugin_factory1 *creator);

} // namespace XPOT_NS

#endif
