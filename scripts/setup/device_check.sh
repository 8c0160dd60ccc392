# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Compiles the device code for GPUs that are not there, for scripts/check-cuda and scripts/check-hip. They set backend (CUDA, HIP),
# setup (of device.sh), architectures and compiler (the defaults), budget and budget_why, and define the functions:
#   check_usage                    the help
#   find_compiler                  sets compiler, or ends by skip
#   compile_device ARCH FILE       what the compiler says about the kernels; the host's half is not compiled
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$XPOT_ROOT/scripts/setup/device.sh"

SPACE=xpot_check # namespace of our code here

skip() {
    printf 'skipped: %s\n' "$*"
    exit 77
}

check_options_help() {
    cat <<HELP
Compiles every device translation unit, or these FILEs, for each architecture, needs no GPU, and prints what the compiler says of
each kernel, and what follows for the threads that run at once.

Fails when a kernel spills registers, or when its stack frame is above the budget: either is memory traffic of every thread.
Ends with exit status 77, which CTest shows as skipped, where the compiler or the headers of Kokkos or of LAMMPS are missing.

  --arch A,B            of $known (default $architectures)
  --budget BYTES        of stack of a kernel (default $budget: $budget_why)
  --kokkos DIR          Kokkos's installed headers (default $kokkos)
  --lammps-source DIR   LAMMPS's source tree (default LAMMPS_SOURCE_DIR, else that of the build folder)
HELP
}

# Definitions and folders that any device translation unit needs.
unit_options() {
    local arch=$1
    printf '%s\n' -std=c++20 -O3 "-DXPOT_NS=$SPACE" -DLMP_KOKKOS -DLMP_KOKKOS_DOUBLE_DOUBLE -DLMP_KOKKOS_LAYOUT_LEGACY \
        -DLAMMPS_SMALLBIG "-I$XPOT_ROOT/lammps-plugin" "-I$XPOT_ROOT/core/include" -isystem "$work/$arch" -isystem "$kokkos" \
        -isystem "$lammps/src" -isystem "$lammps/src/KOKKOS" -isystem "$lammps/src/STUBS"
}

# compile_unit ARCH FILE: what the compiler says in $work/NAME.ARCH.log.
compile_unit() {
    local log
    log=$work/$(basename "$2" .cpp).$1.log
    mapfile -t options < <(unit_options "$1")
    compile_device "$1" "$2" >"$log" 2>&1 || {
        head -n 20 "$log" >&2
        die "$(realpath --relative-to="$XPOT_ROOT" "$2") does not compile for $1"
    }
}

parse_check_options() {
    while [ $# -gt 0 ] && [[ $1 == -* ]]; do
        [ "$1" != --help ] || { check_usage; exit 0; }
        [ $# -ge 2 ] || die "option '$1' is unknown or lacks its value; see --help"
        case $1 in
        --arch) architectures=$2 ;;
        --budget) budget=$2 ;;
        --scratch) scratch=$2 ;;
        --kokkos) kokkos=$2 ;;
        --lammps-source) lammps=$2 ;;
        --compiler) compiler=$2 ;;
        *) die "unknown option '$1'; see --help" ;;
        esac
        shift 2
    done
    files=("$@")
    [ ${#files[@]} -gt 0 ] || files=("$XPOT_ROOT"/lammps-plugin/device/*.cpp "$XPOT_ROOT"/lammps-plugin/kokkos/*.cpp)
    [[ "$budget $scratch" =~ ^[0-9]+\ [0-9]+$ ]] || die "--budget and --scratch take bytes, found '$budget' and '$scratch'"
}

check_device() {
    local -n names=${backend}_ARCHITECTURES
    local arch
    known=$(printf '%s\n' "${!names[@]}" | sort -V | paste -sd' ')
    scratch=0 kokkos=/usr/include/kokkos
    lammps=${LAMMPS_SOURCE_DIR:-$(sed -n 's/^LAMMPS_SOURCE_DIR:[A-Z]*=//p' "$XPOT_BUILD/CMakeCache.txt" 2>/dev/null || true)}
    parse_check_options "$@"
    for arch in ${architectures//,/ }; do
        [ -n "${names[$arch]:-}" ] || die "--arch: expected some of $known, found '$arch'"
    done
    find_compiler
    [ -e "$kokkos/KokkosCore_config.h" ] || skip "there are no Kokkos headers in $kokkos; --kokkos names their folder"
    [ -e "$lammps/src/KOKKOS/kokkos_type.h" ] || skip "there is no LAMMPS source with its KOKKOS package; --lammps-source names it"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    for arch in ${architectures//,/ }; do
        device_kokkos "$work/$arch" "$kokkos" "$backend" "$setup" ${names[$arch]}
        printf "$arch\0%s\0" "${files[@]}"
    done >"$work/jobs"
    say "compiling ${#files[@]} files for $architectures"
    export -f compile_unit compile_device unit_options die
    export work compiler kokkos lammps SPACE XPOT_ROOT
    xargs -0 -n 2 -P "$XPOT_JOBS" bash -c 'compile_unit "$@"' compile <"$work/jobs" || exit 1
    python3 "$XPOT_ROOT/scripts/setup/kernel_table.py" --space $SPACE --budget "$budget" --scratch "$scratch" "$work"/*.log
}
