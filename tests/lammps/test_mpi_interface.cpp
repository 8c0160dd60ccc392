/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How MPI libraries name themselves, and which of them a plugin may be moved between. */
#define XPOT_NS xpot_test
#include "mpi_interface.h"

#include <cstdio>

int main() {
  const struct {
    const char *library, *interface;
  } known[] = {
      {"Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4, repo rev: v4.1.4, May 26, 2022", "Open MPI v4"},
      {"Open MPI v5.0.7, package: Debian OpenMPI", "Open MPI v5"},
      {"MPICH Version:      4.2.0\nMPICH Release date: Fri Feb  9 2024", "MPICH"},
      {"MPI VERSION    : CRAY MPICH version 8.1.25.17 (ANL base 3.4a2)\n", "MPICH"},
      {"Intel(R) MPI Library 2021.10 for Linux* OS\n", "MPICH"},
      {"MVAPICH2 Version      :\t2.3.7", "MPICH"},
      {"MVAPICH Version       :\t3.0", "MPICH"},
      {"LAMMPS MPI STUBS for LAMMPS version 4 Jul 2026", "LAMMPS MPI STUBS"},
      {"HPE MPT 2.25", ""},
      {"", ""},
  };
  int failures = 0;
  for (const auto &entry : known) {
    const std::string found = XPOT_NS::mpi_interface(entry.library);
    if (found == entry.interface) continue;
    std::printf("FAILED: '%s': expected '%s', found '%s'\n", entry.library, entry.interface, found.c_str());
    ++failures;
  }
  return failures;
}
