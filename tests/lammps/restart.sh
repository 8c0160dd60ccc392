#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# 500 steps, a restart file and 500 more are 1,000 steps: bit for bit where LAMMPS keeps atoms in their order, with its defaults and
# on another number of ranks to rounding. And the potential must be where it was, as it was.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
export LAMMPS_PLUGIN_PATH=$PLUGINS
export OMPI_MCA_mpi_yield_when_idle=1 # thousands of short steps on two ranks, on machines that have other work
cp "$silicon.snapcoeff" my.snapcoeff
cp "$silicon.snapparam" my.snapparam
cp "$XPOT_SOURCE_DIR/potentials/mlearn-Si-ace/potential.yace" my.yace

cat >end.in <<'DECK'
fix move all nve
timestep 0.001
thermo 100
thermo_style custom step etotal pe press
thermo_modify format float %.17g
run ${steps}
write_restart ${file}
DECK
cat >start.in <<'DECK'
units metal
atom_style atomic
lattice diamond 5.43
region box block 0 2 0 2 0 1
create_box 1 box
create_atoms 1 box
mass 1 28.0855
displace_atoms all random 0.05 0.05 0.05 4711 units box
velocity all create 1500 87287 loop geom
pair_style ${style}
pair_coeff * * ${coeff} Si
${order}
${lists}
include end.in
DECK
cat >go-on.in <<'DECK'
read_restart ${from}
${order}
${lists}
include end.in
DECK

# simulate NAME RANKS STEPS ARGUMENT...: thermo lines in NAME.
simulate() {
    local name=$1 ranks=$2 steps=$3
    shift 3
    run_lammps "$ranks" "${kokkos[@]}" -var steps "$steps" "$@"
    [ "$status" -eq 0 ] || fail "$name: exit status $status: $(grep -m1 ERROR out.txt)"
    awk '/^ *Step/ { on = 1; next } /^Loop/ { on = 0 } on' out.txt >"$name"
}

# The largest relative difference of energies in the steps that two runs share: equal NAME REFERENCE TOLERANCE
equal() {
    local most
    most=$(awk 'NR == FNR { energy[$1] = $2; potential[$1] = $3; next }
        $1 in energy { n++; d = ($2 - energy[$1]) / energy[$1]; if (d < 0) d = -d; if (d > most) most = d
                       d = ($3 - potential[$1]) / potential[$1]; if (d < 0) d = -d; if (d > most) most = d }
        END { print n < 6 ? "nothing" : most + 0 }' "$2" "$1")
    echo "$1 and $2: relative difference of energies at most $most"
    awk -v most="$most" -v tolerance="$3" 'BEGIN { exit !(most != "nothing" && most <= tolerance) }' || fail "$1 and $2 differ by $most"
}

# Lists rebuilt, and atoms exchanged and wrapped, in every step, and never sorted: the same order in both runs.
exact=(-var order "atom_modify sort 0 0" -var lists "neigh_modify every 1 delay 0 check no")
usual=(-var order "neigh_modify every 1" -var lists "neighbor 1.0 bin")

# halves NAME SETTING...: in one piece on each number of ranks, and 500 steps before a restart file.
halves() {
    local name=$1 ranks
    shift
    for ranks in $(ranks_to_try); do
        simulate "$name-whole-$ranks" "$ranks" 1000 -in start.in "${potential[@]}" -var file end.restart "$@"
        simulate "$name-first-$ranks" "$ranks" 500 -in start.in "${potential[@]}" -var file "$name-$ranks.restart" "$@"
    done
}

# go_on NAME FROM RANKS TOLERANCE SETTING...: 500 steps on RANKS from the file of FROM ranks, beside the whole run on RANKS.
go_on() {
    local name=$1 from=$2 ranks=$3 tolerance=$4
    shift 4
    simulate "$name-from-$from-on-$ranks" "$ranks" 500 -in go-on.in -var from "$name-$from.restart" -var file end.restart "$@"
    equal "$name-from-$from-on-$ranks" "$name-whole-$ranks" "$tolerance"
}

# check NAME: with LAMMPS's usual settings, on each number of ranks and from one to the other.
check() {
    local from ranks
    halves "$1" "${usual[@]}"
    for from in $(ranks_to_try); do
        for ranks in $(ranks_to_try); do go_on "$1" "$from" "$ranks" 1e-10 "${usual[@]}"; done
    done
}

# check_bits NAME: to the last bit, on each number of ranks.
check_bits() {
    local ranks
    halves "$1-bits" "${exact[@]}"
    for ranks in $(ranks_to_try); do go_on "$1-bits" "$ranks" "$ranks" 0 "${exact[@]}"; done
}

kokkos=()
potential=(-var style xpotace -var coeff "my.snapcoeff my.snapparam")
check snap
check_bits snap
potential=(-var style xpotace -var coeff my.yace)
check_bits ace
# shellcheck disable=SC2153 # from CTest
if [ "$KOKKOS" = yes ]; then
    kokkos=(-k on t 1 -sf kk)
    check ace-kk
    check_bits ace-kk
    potential=(-var style "xpotace kernel device" -var coeff "my.snapcoeff my.snapparam")
    check snap-device # adds in any order: not to the last bit
fi

kokkos=()
last=(-in go-on.in -var from snap-1.restart "${usual[@]}" -var file end.restart -var steps 0)
mkdir elsewhere
mv my.snapcoeff my.snapparam elsewhere
expect_error moved "my.snapcoeff: expected a readable potential file" "${last[@]}"
LAMMPS_POTENTIALS=$PWD/elsewhere run_lammps 1 "${last[@]}"
[ "$status" -eq 0 ] || fail "a potential in LAMMPS_POTENTIALS: $(grep -m1 ERROR out.txt)"
echo "# changed" >>elsewhere/my.snapparam
LAMMPS_POTENTIALS=$PWD/elsewhere expect_error changed "my.snapparam: expected the potential of the restart file, with SHA-256" "${last[@]}"
finish
