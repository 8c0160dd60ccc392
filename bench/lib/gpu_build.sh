# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# LAMMPS for the NVIDIA GPU of this machine, from its release archive: found, fetched, checked, built.

LAMMPS_VERSION=4Jul2026

# need PROGRAM WHY
need() { command -v "$1" >/dev/null || die "$1 is missing: $2"; }

# Sets gpu_name, gpu_architecture (sm_90), gpu_driver and gpu_index, which nvidia-smi is asked for.
find_gpu() {
    local capability line
    need nvidia-smi "it comes with NVIDIA's driver; bench/gpu --rehearse runs without a GPU"
    gpu_index=${CUDA_VISIBLE_DEVICES:-0}
    gpu_index=${gpu_index%%,*}
    line=$(nvidia-smi --query-gpu=name,compute_cap,driver_version --format=csv,noheader -i "$gpu_index") ||
        die "nvidia-smi finds no GPU: $line"
    IFS=, read -r gpu_name capability gpu_driver <<<"${line//, /,}"
    [[ $capability =~ ^[0-9]+\.[0-9]$ ]] || die "nvidia-smi: expected a compute capability such as 9.0, found '$capability'"
    gpu_architecture=sm_${capability/./}
    [ -n "${CUDA_ARCHITECTURES[$gpu_architecture]:-}" ] || die "$gpu_name: Kokkos has no name for $gpu_architecture here"
}

# All that building needs, before an hour is spent: programs, then what CMake looks for in our own build.
check_tools() {
    need nvcc "install the CUDA toolkit, or put its bin folder in PATH"
    need curl "it fetches LAMMPS"
    need mpicxx "install an MPI library with its compiler wrappers"
    need ninja "install ninja-build"
    need python3 "LAMMPS's configuration needs it"
    (run_logged gpu-check cmake -S "$XPOT_ROOT" -B "$work/check" -G Ninja) ||
        die "this project cannot be configured here; Debian and Ubuntu: apt-get install" $BUILD_PACKAGES
}

# release_asset ANSWER NAME: "ADDRESS SHA256" of a file, from GitHub's description of a release in JSON.
release_asset() {
    python3 - "$1" "$2" <<'PYTHON'
import json
import sys
for asset in json.load(open(sys.argv[1])).get("assets", []):
    if asset["name"] == sys.argv[2] and (asset.get("digest") or "").startswith("sha256:"):
        print(asset["browser_download_url"], asset["digest"].split(":")[1])
PYTHON
}

# Sets address and checksum of LAMMPS's source archive as published with the release, stable or not.
find_release() {
    local tag
    for tag in "stable_$LAMMPS_VERSION" "patch_$LAMMPS_VERSION"; do
        curl -fsSL "https://api.github.com/repos/lammps/lammps/releases/tags/$tag" -o "$work/release.json" || continue
        read -r address checksum < <(release_asset "$work/release.json" "lammps-src-$LAMMPS_VERSION.tar.gz") && return 0
    done
    die "GitHub names no archive of LAMMPS $LAMMPS_VERSION with a checksum; give --archive FILE-or-ADDRESS and --sha256"
}

# fetch_lammps_archive ADDRESS SHA256 FILE: FILE is the archive; kept from an earlier run, or fetched, but never unchecked.
fetch_lammps_archive() {
    local address=$1 checksum=$2 file=$3
    [ ! -e "$address" ] || address=file://$(realpath "$address")
    if [ ! -e "$file" ]; then
        mkdir -p "$(dirname "$file")"
        say "fetching $address"
        curl -fL --retry 3 --no-progress-meter -o "$file.part" "$address" || die "$address cannot be fetched"
        mv "$file.part" "$file"
    fi
    if ! sha256sum --quiet -c - <<<"$checksum  $file"; then
        rm "$file"
        die "$address: expected the SHA-256 $checksum; the file was deleted"
    fi
}

# unpack_release ARCHIVE FOLDER: what its one top folder holds.
unpack_release() {
    [ ! -e "$2" ] || return 0
    rm -rf "$2.part"
    mkdir -p "$2.part"
    run_logged gpu-unpack tar -xf "$1" -C "$2.part" --strip-components=1
    [ -e "$2.part/lib/kokkos/bin/nvcc_wrapper" ] || die "$1: expected LAMMPS's source with lib/kokkos, found none"
    mv "$2.part" "$2"
}

# default_architecture SOURCE FOLDER: Kokkos's wrapper of nvcc in FOLDER, for this GPU where nothing else is said: CMake's tests say
# nothing, and nvcc 13 does not know the wrapper's own default, sm_70.
default_architecture() {
    mkdir -p "$2"
    sed "s/^default_arch=.*/default_arch=\"$gpu_architecture\"/" "$1/lib/kokkos/bin/nvcc_wrapper" >"$2/nvcc_wrapper"
    grep -q "^default_arch=\"$gpu_architecture\"" "$2/nvcc_wrapper" || die "$1/lib/kokkos/bin/nvcc_wrapper has no default_arch"
    chmod +x "$2/nvcc_wrapper"
}

# build_gpu_lammps SOURCE BUILD: with Kokkos for this GPU, and ML-PACE (whose library CMake fetches) unless without_pace is yes.
build_gpu_lammps() {
    local pace=ON names
    [ "$without_pace" = no ] || pace=OFF
    [ ! -e "$2/xpot-complete" ] || return 0
    read -ra names <<<"${CUDA_ARCHITECTURES[$gpu_architecture]}"
    default_architecture "$1" "$2-compiler"
    say "building LAMMPS for ${names[-1]} into $2 (nvcc takes its time; once)"
    run_logged gpu-lammps-configure cmake -S "$1/cmake" -B "$2" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_CXX_COMPILER="$2-compiler/nvcc_wrapper" -DCMAKE_CXX_STANDARD=20 -DBUILD_SHARED_LIBS=ON -DBUILD_MPI=ON \
        -DBUILD_OMP=ON -DBUILD_TOOLS=OFF -DPKG_PLUGIN=ON -DPKG_ML-SNAP=ON -DPKG_ML-PACE=$pace -DPKG_KOKKOS=ON \
        -DKokkos_ENABLE_SERIAL=ON -DKokkos_ENABLE_CUDA=ON "-DKokkos_ARCH_${names[-1]}=ON"
    run_logged gpu-lammps-build cmake --build "$2" -j "$XPOT_JOBS"
    touch "$2/xpot-complete"
}

# Sets LAMMPS_SOURCE_DIR and LAMMPS_BUILD_DIR, unless given. Uses archive and sha256, which may be empty.
prepare_gpu_lammps() {
    local address=$archive checksum=$sha256 folder=$XPOT_CACHE/gpu/lammps-$LAMMPS_VERSION
    [ -z "$LAMMPS_SOURCE_DIR" ] || return 0
    LAMMPS_SOURCE_DIR=$folder/source
    LAMMPS_BUILD_DIR=$folder/build-$gpu_architecture-pace-$([ "$without_pace" = no ] && echo on || echo off)
    if [ ! -e "$LAMMPS_SOURCE_DIR" ]; then
        [ -n "$address" ] || find_release
        fetch_lammps_archive "$address" "$checksum" "$XPOT_CACHE/archives/lammps-src-$LAMMPS_VERSION.tar.gz"
        unpack_release "$XPOT_CACHE/archives/lammps-src-$LAMMPS_VERSION.tar.gz" "$LAMMPS_SOURCE_DIR"
    fi
    build_gpu_lammps "$LAMMPS_SOURCE_DIR" "$LAMMPS_BUILD_DIR"
}

# What is measured, and the test that it is right.
build_for_gpu() {
    say "building into $XPOT_BUILD"
    run_logged gpu-configure cmake -S "$XPOT_ROOT" -B "$XPOT_BUILD" -G Ninja -DXPOT_TESTS=ON \
        -DLAMMPS_SOURCE_DIR="$LAMMPS_SOURCE_DIR" -DLAMMPS_BUILD_DIR="$LAMMPS_BUILD_DIR"
    run_logged gpu-build cmake --build "$XPOT_BUILD" -j "$XPOT_JOBS" --target xpotaceplugin xpotacekkplugin lammps-conformance
}
