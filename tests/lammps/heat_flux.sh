#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# With centroid stresses the heat flux is the derivative of the sum of r e: of a free cluster that moves, and, atom by atom, in a periodic
# crystal. With symmetric stresses, which are all that pace and snap have, it is another quantity.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
export LAMMPS_PLUGIN_PATH=$PLUGINS
decks=$XPOT_SOURCE_DIR/inputs/heat-flux
own=$XPOT_SOURCE_DIR/potentials
lammps=$LAMMPS_SOURCE_DIR/potentials

# check NAME DECK TIMESTEP RANKS SYSTEM COEFF STYLE ARGUMENT...: the error of the flux is rounding's and the time step's.
check() {
    local name="$1 $2 $7 on $4 ranks" deck=$2 timestep=$3 ranks=$4 system=$5 coeff=$6 style=$7 errors
    shift 7
    run_lammps "$ranks" "$@" -in "$decks/in.$deck" -var here "$decks" -var system "$system" -var coeff "$coeff" -var style "$style" \
        -var timestep "$timestep"
    [ "$status" -eq 0 ] || fail "$name: exit status $status: $(grep -m1 ERROR out.txt)"
    errors=$(awk -v h="$timestep" -f "$decks/identity.awk" out.txt) || true
    echo "$name: relative error, centroid and symmetric: $errors"
    awk -v errors="$errors" 'BEGIN { exit !(split(errors, e) == 2 && e[1] < 2e-6 && e[2] > 0.1) }' || fail "$name: $errors"
}

# check_styles NAME SYSTEM COEFF
check_styles() {
    local name=$1 ranks deck
    shift
    for ranks in $(ranks_to_try); do
        for deck in "cluster 5e-6" "periodic 2e-5"; do
            # shellcheck disable=SC2086 # two words
            check "$name" $deck "$ranks" "$@" xpotace
            [ "$KOKKOS" = yes ] || continue
            # shellcheck disable=SC2086
            check "$name" $deck "$ranks" "$@" "xpotace kernel host" -k on t 1 -sf kk
            # shellcheck disable=SC2086
            check "$name" $deck "$ranks" "$@" "xpotace kernel device" -k on t 1 -sf kk
        done
    done
}

check_styles "SNAP, two elements" inp "$lammps/InP_JCPA2020.snapcoeff $lammps/InP_JCPA2020.snapparam In P"
check_styles "quadratic SNAP" silicon "$own/mlearn-Si-qsnap/potential.snapcoeff $own/mlearn-Si-qsnap/potential.snapparam Si"
check_styles "ACE" silicon "$own/mlearn-Si-ace/potential.yace Si"
check_styles "ACE, two elements" gete "$own/gete-ace/potential.yace Ge Te"

# What pair_style snap says to the same.
run_lammps 1 -in "$decks/in.cluster" -var here "$decks" -var system silicon -var coeff "$silicon.snapcoeff $silicon.snapparam Si" -var style snap
grep -q "ERROR: Pair style does not support compute centroid/stress/atom" out.txt || fail "snap: $(grep -m1 ERROR out.txt)"
finish
