#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A step allocates no memory once the first is done: a hundred steps more, as many allocations but for a few of LAMMPS and MPI.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
export LAMMPS_PLUGIN_PATH=$PLUGINS

cat >steps.in <<DECK
units metal
atom_style atomic
lattice diamond 5.43
region box block 0 3 0 3 0 3
create_box 1 box
create_atoms 1 box
mass 1 28.0855
displace_atoms all random 0.1 0.1 0.1 4711 units box
pair_style xpotace
pair_coeff * * \${coeff}
neigh_modify delay 1000
thermo 1000
run 5 post no
run \${steps} post no
DECK

# allocations THREADS STEPS COEFF
allocations() {
    OMP_NUM_THREADS=$1 LD_PRELOAD=$ALLOCATIONS run_lammps 1 -in steps.in -var steps "$2" -var coeff "$3"
    [ "$status" -eq 0 ] || fail "$2 steps: exit status $status: $(grep -m1 ERROR out.txt)"
    sed -n "s/^allocations of $(basename "$LMP"): //p" out.txt
}

for coeff in "$silicon.snapcoeff $silicon.snapparam Si" "$copper Cu"; do
    for threads in 1 2; do
        few=$(allocations "$threads" 20 "$coeff")
        many=$(allocations "$threads" 120 "$coeff")
        [ -n "$few" ] && [ -n "$many" ] && [ "$((many - few))" -lt 50 ] ||
            fail "$coeff: '$few' allocations in 20 steps, '$many' in 120"
    done
done
finish
