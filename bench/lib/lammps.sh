# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Running LAMMPS with a style entry such as "xpotace precision mixed" or "pace/kk product".

# Open MPI: as root as well, and ranks that may use as many cores as their threads need. Other MPI libraries ignore these.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_hwloc_base_binding_policy=none
export PRTE_MCA_hwloc_default_binding_policy=none OMPI_MCA_rmaps_base_oversubscribe=1

# use_lammps BINARY PLUGINS: sets lammps, the command; BINARY empty means the LAMMPS this was built against.
use_lammps() {
    lammps=("$XPOT_ROOT/scripts/lmp")
    if [ -n "$1" ]; then
        command -v "$1" >/dev/null || die "'$1' is no program; give -l the path of a LAMMPS binary"
        lammps=("$1")
        plugin_path=$XPOT_BUILD/lib${2:+:$2}
    else
        plugin_path=$2
    fi
}

# The options that a style needs: those its manual page asks for. kokkos_gpus: how many a node may use; empty: none.
kokkos_gpus=''
kokkos_options() {
    local on="-k on t $2 ${kokkos_gpus:+g $kokkos_gpus} -sf kk"
    case ${1%% *} in
    xpotace/kk) echo "$on" ;;
    */kk) echo "$on -pk kokkos newton on neigh half" ;;
    esac
}

# launcher_words THREADS RANKS: what stands before LAMMPS: launch, in which {ranks} and {threads} are replaced, or mpirun.
launch=''
launcher_words() {
    local words=${launch//\{ranks\}/$2}
    if [ -n "$launch" ]; then echo "${words//\{threads\}/$1}"; elif [ "$2" != 1 ]; then echo "$mpirun -np $2"; fi
}

# run_style ENTRY THREADS RANKS LAMMPS-ARGUMENT...
run_style() {
    local entry=$1 threads=$2 ranks=$3 launcher=() options
    shift 3
    read -ra options <<<"$(kokkos_options "$entry" "$threads")"
    read -ra launcher <<<"$(launcher_words "$threads" "$ranks")"
    env LAMMPS_PLUGIN_PATH="$plugin_path" OMP_NUM_THREADS="$threads" OMP_PROC_BIND="${OMP_PROC_BIND:-false}" \
        "${launcher[@]}" "${lammps[@]}" "${options[@]}" -nocite -log none -var here "$bench" -var style "$entry" "$@" 2>&1
}
