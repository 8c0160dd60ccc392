#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A step does not depend on the number of threads but by rounding, and not at all on their timing: forces, energies and stresses
# of atoms with OpenMP threads and, where there is KOKKOS, with Kokkos's; with LAMMPS's neighbour list as without. Kernels of devices
# add forces in any order: there rounding is of the timing, too.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
export LAMMPS_PLUGIN_PATH=$PLUGINS
potentials=$LAMMPS_SOURCE_DIR/potentials

cat >step.in <<DECK
units metal
atom_style atomic
lattice diamond 5.83
region box block 0 6 0 3 0 3
create_box 2 box
create_atoms 1 box
set type 1 type/fraction 2 0.4 4711
group both type 1 2
\${first}
\${include}
mass 1 114.76
mass 2 30.98
displace_atoms all random 0.2 0.2 0.2 4711 units box
\${style}
pair_coeff * * \${name} $potentials/InP_JCPA2020.snapcoeff $potentials/InP_JCPA2020.snapparam In P
compute e all pe/atom
compute s all stress/atom NULL virial
dump d all custom 1 forces.txt id fx fy fz c_e c_s[*]
dump_modify d sort id format float %.17g
thermo_style custom step pe press
thermo_modify format float %.17g
run 0
set atom 1*60 type 1
run 1 pre no
DECK

# step NAME THREADS ARGUMENT...: forces of one step in NAME.
step() {
    local name=$1 threads=$2
    shift 2
    OMP_NUM_THREADS=$threads run_lammps 1 "$@" -in step.in
    [ "$status" -eq 0 ] || fail "$name: exit status $status: $(grep -m1 ERROR out.txt)"
    mv forces.txt "$name"
}

plain=(-var first "" -var include "" -var style "pair_style xpotace" -var name "")
step one 1 "${plain[@]}"
for threads in 2 3 8; do
    step "threads-$threads" "$threads" "${plain[@]}"
    agrees "threads-$threads" one
    step again "$threads" "${plain[@]}"
    cmp -s again "threads-$threads" || fail "two runs with $threads threads differ"
done
listed=(-var first "" -var include "" -var style "pair_style hybrid/overlay xpotace" -var name xpotace)
for threads in 1 2; do
    step "listed-$threads" "$threads" "${listed[@]}"
    agrees "listed-$threads" one
    step "included-$threads" "$threads" -var first "atom_modify first both" -var include "neigh_modify include both" \
        -var style "pair_style xpotace" -var name ""
    agrees "included-$threads" one
done
if [ "$KOKKOS" = yes ]; then
    for threads in 1 2 3; do
        step "kokkos-$threads" "$threads" -k on t "$threads" -sf kk "${plain[@]}"
        agrees "kokkos-$threads" one
    done
    for threads in 1 2 3; do
        for team in 1 "$threads"; do
            step "device-$threads-$team" "$threads" -k on t "$threads" -sf kk -var first "" -var include "" \
                -var style "pair_style xpotace kernel device team $team" -var name ""
            agrees "device-$threads-$team" one 1e-11
        done
    done
fi
finish
