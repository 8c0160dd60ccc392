#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Energy conservation of 1,000 silicon atoms at 1,000 K for 1 ps; bench/nve-drift runs 20 ps.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
time_limit=500
export LAMMPS_PLUGIN_PATH=$PLUGINS
kokkos=()
[ "$KOKKOS" = no ] || kokkos=(-k on t 2 -sf kk)
run_lammps 1 "${kokkos[@]}" -in "$XPOT_ROOT/inputs/silicon-nve/nve.in" -var coeff "$silicon.snapcoeff $silicon.snapparam Si" \
    -var steps 1000 -var thermo nve.txt
[ "$status" -eq 0 ] || fail "molecular dynamics: exit status $status"
"$XPOT_ROOT/scripts/energy-drift" nve.txt 0 1e-6 || fail "energy drifts"
finish
