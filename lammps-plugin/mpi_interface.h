/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_MPI_INTERFACE_H
#define XPOT_MPI_INTERFACE_H

#include <string>

namespace XPOT_NS {

// The binary interface of an MPI library, from what MPI_Get_library_version says: MPICH for all that share MPICH's, Open MPI
// with its major version, LAMMPS's stubs; empty for a library that is not known.
inline std::string mpi_interface(const std::string &library) {
  const std::string open_mpi = "Open MPI v", stubs = "LAMMPS MPI STUBS";
  if (library.rfind(open_mpi, 0) == 0) return library.substr(0, library.find('.'));
  if (library.rfind(stubs, 0) == 0) return stubs;
  for (const char *name : {"MPICH", "MVAPICH", "Intel(R) MPI"})
    if (library.find(name) != std::string::npos) return "MPICH";
  return "";
}

} // namespace XPOT_NS

#endif
