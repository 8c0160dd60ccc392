/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is the LAMMPS that loads this plugin the one it was compiled for? LAMMPS itself only prints a note when versions
 * differ, and calling into another binary interface corrupts memory, so this is asked before any style is registered. */
#ifndef XPOT_HOST_CHECK_H
#define XPOT_HOST_CHECK_H

#include <string>

namespace XPOT_NS {

// Empty when LAMMPS version, integer sizes and MPI library are those this plugin was compiled for; else one sentence. Only
// calls that have the same binary interface in every LAMMPS and MPI are made, until the version is known to be right.
std::string host_mismatch(void *lammps);

// The same for Kokkos: version, execution space, precision and layout. Call it after host_mismatch found nothing.
std::string kokkos_mismatch();

// Tells the user, once, why nothing is registered.
void host_refuse(void *lammps, const std::string &sentence);

} // namespace XPOT_NS

#endif
