# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Options that quickstart and test share.

WITH_KOKKOS=yes
LAMMPS_SOURCE_DIR=${LAMMPS_SOURCE_DIR:-}
LAMMPS_BUILD_DIR=${LAMMPS_BUILD_DIR:-}

common_options_help() {
    cat <<'HELP'
  --lammps-source DIR   your LAMMPS source tree (the folder that holds src/); nothing is then installed or fetched
  --lammps-build DIR    the folder it was built in (CMake, PKG_PLUGIN and PKG_ML-SNAP on); needed with --lammps-source
  --without-kokkos      do without Kokkos: no pair_style xpotace/kk
  --help                this text

Without --lammps-source the script sets up everything by itself on Debian 12 and 13: it installs missing Debian
packages (through sudo unless run by root; it says which first), and fetches and builds LAMMPS once into
${XDG_CACHE_HOME:-~/.cache}/xpot (XPOT_CACHE names another folder). XPOT_BUILD names another build folder than build/,
XPOT_JOBS the number of compilers to run at once.
HELP
}

# parse_option ARGUMENTS...: handles one shared option; leaves the number of words it took in TAKEN (0: not one of them).
parse_option() {
    TAKEN=1
    case $1 in
    --without-kokkos) WITH_KOKKOS=no ;;
    --lammps-source | --lammps-build)
        [ $# -ge 2 ] || die "$1 needs a folder; see --help"
        [ -d "$2" ] || die "$1: there is no folder '$2'"
        if [ "$1" = --lammps-source ]; then LAMMPS_SOURCE_DIR=$(cd "$2" && pwd); else LAMMPS_BUILD_DIR=$(cd "$2" && pwd); fi
        TAKEN=2
        ;;
    *) TAKEN=0 ;;
    esac
}
