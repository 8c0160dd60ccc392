#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The plugin for a LAMMPS whose bundled Kokkos is built for CUDA: what CMake makes of it, and one file of device code. The LAMMPS is
# the one at hand, under a Kokkos configuration that says CUDA. Skipped without nvcc or Kokkos's installed headers.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$XPOT_ROOT/scripts/setup/common.sh"
. "$XPOT_ROOT/scripts/setup/device.sh"
touch out.txt

headers=/usr/include/kokkos
CUDACXX=$(command -v nvcc || command -v /usr/local/cuda/bin/nvcc) && [ -e "$headers/KokkosCore_config.h" ] || exit 77
export CUDACXX
mkdir -p source/lib/kokkos/core build/lib
ln -s "$LAMMPS_SOURCE_DIR/src" source/src
cp -rs "$headers" source/lib/kokkos/core/src
rm source/lib/kokkos/core/src/KokkosCore_* source/lib/kokkos/core/src/desul/atomics/Config.hpp
device_kokkos build/lib/kokkos "$headers" CUDA Cuda ${CUDA_ARCHITECTURES[sm_90]}
ln -s "$(dirname "$LMP")"/{lmp,liblammps.so} build/
sed 's/^EXTERNAL_KOKKOS:BOOL=.*/EXTERNAL_KOKKOS:BOOL=OFF/' "$(dirname "$LMP")/CMakeCache.txt" >build/CMakeCache.txt

"$CMAKE" -S "$XPOT_ROOT" -B ours -G "$CMAKE_GENERATOR" -DXPOT_TESTS=OFF -DXPOT_WERROR=ON -DCMAKE_EXPORT_COMPILE_COMMANDS=ON \
    -DLAMMPS_SOURCE_DIR="$work/source" -DLAMMPS_BUILD_DIR="$work/build" >out.txt 2>&1 || fail "CMake: $(grep -A5 Error out.txt)"
grep -q "xpotace/kk for CUDA 90" out.txt || fail "CMake does not say CUDA 90"
for file in kokkos/pair_xpotace_kokkos device/ace_double; do
    grep -q "nvcc.*sm_90.*--extended-lambda.* -x cu .*$file.cpp" ours/compile_commands.json || fail "$file.cpp is not compiled by nvcc"
done
grep -q "nvcc.*lammps-plugin/batch.cpp" ours/compile_commands.json && fail "batch.cpp, which is no device code, is compiled by nvcc"
if [ "$CMAKE_GENERATOR" = Ninja ]; then
    "$CMAKE" --build ours --target lammps-plugin/kokkos/CMakeFiles/xpotacekkplugin.dir/kokkos_check.cpp.o >out.txt 2>&1 ||
        fail "kokkos_check.cpp does not compile"
fi

# Device code that a plugin cannot be linked for.
echo '#define KOKKOS_ENABLE_CUDA_RELOCATABLE_DEVICE_CODE' >>build/lib/kokkos/KokkosCore_config.h
"$CMAKE" -S "$XPOT_ROOT" -B ours >out.txt 2>&1 || fail "CMake: $(grep -A5 Error out.txt)"
tr -s ' \n' ' ' <out.txt | grep -q "xpotacekkplugin.so is left out: LAMMPS's Kokkos is built with .*RELOCATABLE" ||
    fail "relocatable device code is not refused"
finish
