#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What CMake says about a LAMMPS that plugins cannot be built for.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
touch out.txt

# refuses TEXT: configuring with the LAMMPS in source/ and build/ fails with this text, however CMake breaks its lines.
refuses() {
    status=0
    "$CMAKE" -S "$XPOT_ROOT" -B ours -DXPOT_TESTS=OFF -DLAMMPS_SOURCE_DIR="$work/source" -DLAMMPS_BUILD_DIR="$work/build" \
        >out.txt 2>&1 || status=$?
    [ "$status" -ne 0 ] || fail "'$1': CMake succeeded"
    [ "$(grep -c 'CMake Error' out.txt)" -eq 1 ] && tr -s ' \n' ' ' <out.txt | grep -qF -- "$1" || fail "expected '$1'"
}

refuses "LAMMPS_SOURCE_DIR: expected the folder that holds LAMMPS's src/lammps.h"
mkdir -p source/src build
touch source/src/lammps.h source/src/version.h
refuses "LAMMPS_BUILD_DIR: expected the folder in which LAMMPS was built with CMake"
touch build/CMakeCache.txt
refuses 'version.h: expected a date such as "4 Jul 2026"'
echo '#define LAMMPS_VERSION "4 Jul 2026"' >source/src/version.h
echo 'PKG_PLUGIN:BOOL=OFF' >build/CMakeCache.txt
refuses "was built without the PLUGIN package"
printf 'PKG_PLUGIN:BOOL=ON\nBUILD_MPI:BOOL=OFF\n' >build/CMakeCache.txt
refuses "finish the build of LAMMPS first"
touch build/lmp build/liblammps.a
chmod +x build/lmp
refuses "build/liblammps.a: expected a shared library"
finish
