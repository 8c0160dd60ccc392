#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels of devices on Kokkos's CPU back end, where pace/kk stops or crashes: 400 neighbours, default settings of GPUs ('neigh full',
# 'newton off'), one atom, ranks without atoms; beside the plain style. And what they say.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
export LAMMPS_PLUGIN_PATH=$PLUGINS

# Copper: the lattice constant says how many neighbours there are, 400 at 2.6.
cat >copper.in <<DECK
units metal
atom_style atomic
processors * 1 1
lattice fcc \${a}
region box block 0 \${n} 0 3 0 3
create_box 1 box
region some block 0 \${filled} 0 3 0 3
\${create}
mass 1 63.5
reset_atoms id sort yes
variable dx atom 0.05*sin(11*x+7*y+3*z)
variable dy atom 0.05*sin(5*x-9*y+2*z)
variable dz atom 0.05*cos(4*x+y-8*z)
displace_atoms all move v_dx v_dy v_dz units box
pair_style xpotace \${keywords}
pair_coeff * * $copper Cu
compute e all pe/atom
compute s all stress/atom NULL virial
compute c all centroid/stress/atom NULL virial
dump d all custom 1 forces.txt id fx fy fz c_e c_s[*] c_c[*]
dump_modify d sort id format float %.17g
thermo 1
thermo_style custom step pe press
thermo_modify format float %.17g
fix move all nve
timestep 0.0001
run 2
DECK
lattice=(-var a 3.6 -var n 3 -var filled 3 -var create "create_atoms 1 box")

# run_copper NAME RANKS KEYWORDS ARGUMENT...: forces of three steps in NAME, thermo lines in NAME.thermo.
run_copper() {
    local name=$1 ranks=$2 keywords=$3
    shift 3
    run_lammps "$ranks" "$@" -var keywords "$keywords" -in copper.in
    [ "$status" -eq 0 ] || fail "$name: exit status $status: $(grep -m1 ERROR out.txt)"
    mv forces.txt "$name"
    awk '/^ *Step/ { on = 1; next } /^Loop/ { on = 0 } on' out.txt >"$name.thermo"
}

# same NAME REFERENCE: forces, energies and stresses of atoms, and sums.
same() {
    agrees "$1" "$2" 1e-10
    paste "$1.thermo" "$2.thermo" | awk '{ for (k = 2; k <= 3; ++k) { d = $k - $(k + 3); s = $k + $(k + 3)
        if (d * d > 1e-20 * s * s + 1e-18) bad = 1 } } END { exit bad || NR != 3 }' || fail "$1: sums differ from $2"
}

kokkos=(-k on t 2 -sf kk)
full=(-pk kokkos neigh full newton off)
run_copper plain 1 "" "${lattice[@]}"
run_copper device 1 "kernel device" "${kokkos[@]}" "${lattice[@]}"
same device plain
grep -q "xpotace/kk: kernel device: [0-9]* bytes an atom in flight, 2 teams of 4 atoms and 1 workers" out.txt ||
    fail "the plan of memory: $(grep 'kernel device' out.txt)"
for ranks in $(ranks_to_try); do
    for comm in host device; do
        run_copper "full-$ranks-$comm" "$ranks" "kernel device" "${kokkos[@]}" "${full[@]}" comm $comm "${lattice[@]}"
        same "full-$ranks-$comm" plain
        run_copper "half-$ranks-$comm" "$ranks" "kernel device" "${kokkos[@]}" -pk kokkos neigh half newton on comm $comm \
            "${lattice[@]}"
        same "half-$ranks-$comm" plain
    done
    run_copper "team-$ranks" "$ranks" "kernel device team 2 memory 1" "${kokkos[@]}" "${lattice[@]}"
    same "team-$ranks" plain
done

# Several chunks, and lists longer than pace/kk can have.
dense=(-var a 2.6 -var n 3 -var filled 3 -var create "create_atoms 1 box")
run_copper dense 1 "" "${dense[@]}"
run_copper dense-device 1 "kernel device memory 1" "${kokkos[@]}" "${dense[@]}"
same dense-device dense
neighbours=$(awk '/^Ave neighs\/atom/ { print int($NF) }' out.txt)
[ "${neighbours:-0}" -ge 400 ] || fail "expected 400 neighbours in LAMMPS's list, found ${neighbours:-none}"

# Few atoms: on two ranks one has none.
for create in "create_atoms 1 single 0.1 0.1 0.1" "create_atoms 1 region some"; do
    few=(-var a 3.6 -var n 8 -var filled 0.9 -var create "$create")
    run_copper few 1 "" "${few[@]}"
    for ranks in $(ranks_to_try); do
        run_copper "few-$ranks" "$ranks" "kernel device" "${kokkos[@]}" "${few[@]}"
        same "few-$ranks" few
        run_copper "few-off-$ranks" "$ranks" "kernel device" "${kokkos[@]}" "${full[@]}" "${few[@]}"
        same "few-off-$ranks" few
    done
done

# try NAME TEXT KEYWORDS ARGUMENT...: the run must end with the text.
try() {
    local name=$1 text=$2 keywords=$3
    shift 3
    expect_error "$name" "$text" -var keywords "$keywords" "${lattice[@]}" "$@" -in copper.in
}
try plain "expected no keyword but 'precision', 'gamma', 'runaway' or 'zbl', found 'kernel'; .*/kk" "kernel device"
try kernel "kernel: expected 'auto', 'host' or 'device', found 'gpu'" "kernel gpu" "${kokkos[@]}"
try memory "memory: expected megabytes above 0, found 'all'" "memory all" "${kokkos[@]}"
try little "a team of 4 atoms needs [0-9]* bytes.*keyword 'memory'" "kernel device memory 0.1" "${kokkos[@]}"
try team "team: expected a number of workers above 0, found '0'" "team 0" "${kokkos[@]}"
try large "expected 'team' of at most [0-9]* workers here, found 64" "kernel device team 64" "${kokkos[@]}"

# Two atoms in one place, and one nowhere: the atom is named.
sed 's/^mass 1/create_atoms 1 single 0.0001 0 0 units box\n&/' copper.in >overlap.in
expect_error overlap "atoms ID [0-9]* (type .*) at (.*) and ID [0-9]* (type .*) are .* Angstrom apart, expected at least" -var keywords "kernel device" "${kokkos[@]}" "${lattice[@]}" -in overlap.in
sed 's/^run 2/variable nan atom exp(1000)-exp(1000)\ngroup five id 5\nvelocity five set v_nan 0 0\n&/' copper.in >nan.in
expect_error nan "velocity of atom ID 5 (type .*) at (.*) is not a finite number" -var keywords "kernel device" "${kokkos[@]}" "${lattice[@]}" -in nan.in
finish
