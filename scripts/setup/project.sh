# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# From a bare machine to a built project.

# Packages and LAMMPS, unless the user gave a LAMMPS: then nothing of the system is touched.
prepare_dependencies() {
    if [ -n "$LAMMPS_SOURCE_DIR$LAMMPS_BUILD_DIR" ]; then
        [ -n "$LAMMPS_SOURCE_DIR" ] && [ -n "$LAMMPS_BUILD_DIR" ] ||
            die "--lammps-source and --lammps-build are needed together: the headers are in one, the library in the other"
        return
    fi
    install_build_packages
    [ "$WITH_KOKKOS" = no ] || install_kokkos_packages
    fetch_lammps
    build_lammps
}

# build_project FOLDER OPTION...
build_project() {
    local folder=$1
    shift
    say "building into $folder"
    run_logged configure cmake -S "$XPOT_ROOT" -B "$folder" -G Ninja "$@"
    run_logged build cmake --build "$folder" -j "$XPOT_JOBS"
}

build_with_lammps() {
    build_project "$XPOT_BUILD" -DLAMMPS_SOURCE_DIR="$LAMMPS_SOURCE_DIR" -DLAMMPS_BUILD_DIR="$LAMMPS_BUILD_DIR" "$@"
}
