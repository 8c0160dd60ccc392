#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Choices of LAMMPS that must not change what happens (neighbour lists, skins, communication, grids of ranks, balance, sorting, skewed boxes,
# data files, rerun), beside a run without them; minimizers, thermostats and barostats, which must do their work.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
time_limit=300
export LAMMPS_PLUGIN_PATH=$PLUGINS
potentials=$LAMMPS_SOURCE_DIR/potentials
lattice=5.83 coeff="$potentials/InP_JCPA2020.snapcoeff $potentials/InP_JCPA2020.snapparam In P"

# crystal FIRST BOX: 64 atoms, with lines before the box is made.
crystal() {
    cat <<DECK
clear
units metal
atom_style atomic
$1
lattice diamond $lattice
region box $2
create_box 2 box
create_atoms 1 box basis 5 2 basis 6 2 basis 7 2 basis 8 2
mass 1 114.76
mass 2 30.98
$(interaction)
reset_atoms id sort yes
DECK
}

interaction() {
    cat <<DECK
pair_style \${style}
pair_coeff * * $coeff
timestep 0.002
thermo_style custom step temp pe etotal econserve press
thermo_modify norm no format float %.17g
DECK
}

# Periodic like the lattice of boxes, so that every image of an atom is moved alike.
hot() {
    cat <<'DECK'
variable k equal 2*PI/lx
variable dx atom 0.15*sin(v_k*(x+2*y-3*z)+1)
variable dy atom 0.15*sin(v_k*(3*x-y+z)+2)
variable dz atom 0.15*cos(v_k*(x-y+4*z))
variable vx atom 6*cos(v_k*(2*x+y+z))
variable vy atom 6*sin(v_k*(x-3*y+2*z)+3)
variable vz atom 6*sin(v_k*(2*x+2*y-z))
displace_atoms all move v_dx v_dy v_dz units box
velocity all set v_vx v_vy v_vz sum no
DECK
}

# steps NAME LINES: 20 steps; atoms afterwards in the file NAME, sums in a line of the output.
steps() {
    cat <<DECK
compute e all pe/atom
compute s all stress/atom NULL virial
fix move all nve
$2
run 20
write_dump all custom $1 id xu yu zu fx fy fz c_e c_s[*] modify sort id format float %.17g
print "sums $1 \$(pe:%.17g) \$(press:%.17g)"
DECK
}

# moving NAME LINES [FIRST [BOX]]: a run to be compared.
moving() {
    crystal "${3:-}" "${4:-block 0 2 0 2 0 2}"
    hot
    steps "$1" "$2"
}

changes_nothing() {
    moving plain ""
    moving no-skin "neighbor 0.0 bin
neigh_modify every 1 delay 0 check no"
    moving thick-skin "neighbor 3.0 bin"
    moving rare-lists "neigh_modify every 5 delay 10"
    moving cutoff "comm_modify cutoff 11.0"
    moving velocities "comm_modify vel yes"
    moving sort "atom_modify sort 1 2.0"
    moving no-sort "atom_modify sort 0 0"
    moving map "" "atom_modify map hash"
    moving shift "pair_modify shift yes"
    moving tail "pair_modify tail yes"
    moving grid-y "" "processors 1 * 1"
    moving grid-z "" "processors 1 1 *"
    moving balance "balance 0.9 shift xyz 5 1.0"
    moving fix-balance "fix balance all balance 5 0.9 shift x 5 1.0"
    moving rcb "comm_style tiled
balance 0.9 rcb
fix balance all balance 5 0.9 rcb"
    moving skewed "" "" "prism 0 2 0 2 0 2 0 0 0"
    # A box's own edge of tilt: the same crystal in other images.
    moving tilted "" "" "prism 0 2 0 2 0 2 2 0 0"

    crystal "" "block 0 2 0 2 0 2"
    hot
    echo "write_data my.data nocoeff"
    printf 'clear\nunits metal\natom_style atomic\nread_data my.data\n'
    interaction
    steps data ""
}
changes_nothing >moving.in
# LAMMPS's KOKKOS package has no such lists: not for kernels of devices.
{
    moving nsq "neighbor 1.0 nsq"
    moving multi "neighbor 1.0 multi"
    moving mode-multi "neighbor 1.0 multi
comm_modify mode multi"
} >lists.in

# All forces on the outermost level of rRESPA, whose steps are then Verlet's.
moving respa "run_style respa 2 2 pair 2" >respa.in

# Energies in the steps of a run, and of its dump.
{
    crystal "" "block 0 2 0 2 0 2"
    hot
    cat <<'DECK'
fix move all nve
thermo 5
dump d all custom 5 my.dump id type x y z
dump_modify d sort id format float %.17g
run 20
undump d
print "rerun"
rerun my.dump dump x y z
DECK
} >rerun.in

# Atoms that come and go, and a change of the box, between steps.
{
    crystal "" "block 0 2 0 2 0 2"
    hot
    cat <<'DECK'
fix move all nve
run 10
group some id 5 17 40
delete_atoms group some
run 10
create_atoms 2 single 1.3 1.1 0.9
velocity all zero linear
run 10
change_box all x scale 1.01 remap
change_box all triclinic xy final 1.5 remap
run 10
print "sums changed $(pe:%.17g) $(press:%.17g)"
DECK
} >changed.in

# What minimizers, barostats and thermostats find, with a potential of silicon that has no hole at short distances.
lattice=5.43 coeff="$silicon.snapcoeff $silicon.snapparam Si Si"
{
    crystal "" "block 0 2 0 2 0 2"
    cat <<'DECK'
run 0
print "ideal $(pe:%.17g)"
DECK
    hot
    cat <<'DECK'
minimize 0 1e-6 500 5000
print "cg $(pe:%.17g)"
min_style fire
displace_atoms all random 0.05 0.05 0.05 4711 units box
minimize 0 1e-6 500 5000
print "fire $(pe:%.17g)"
min_style cg
fix relax all box/relax iso 0.0 vmax 0.001
minimize 0 1e-6 500 5000
print "relaxed $(pe:%.17g) $(press:%.17g)"
DECK
    for fix in "nvt temp 600 600 0.05" "npt temp 600 600 0.05 iso 0 0 0.5" "langevin 600 600 0.05 4711 tally yes
fix move all nve"; do
        crystal "" "block 0 2 0 2 0 2"
        cat <<DECK
velocity all create 1200 87287 loop geom
timestep 0.0005
fix hold all $fix
run 0
variable start equal \$(econserve:%.17g)
run 200
print "${fix%% *} \$(econserve-v_start:%.17g) \$(temp)"
DECK
    done
} >work.in

# close NAME VALUE EXPECTED TOLERANCE
close() {
    awk -v v="$2" -v e="$3" -v t="$4" 'BEGIN { d = v - e; exit !(v != "" && e != "" && d <= t && -d <= t) }' || fail "$1: found '$2', expected '$3' within $4"
}
# found WORD COLUMN: of a printed line.
found() { awk -v word="$1" -v k="$2" '$1 == word { print $k }' out.txt; }

# run_deck NAME RANKS DECK ARGUMENT...
run_deck() {
    local name=$1 ranks=$2 deck=$3
    shift 3
    run_lammps "$ranks" "$@" -in "$deck"
    [ "$status" -eq 0 ] && return
    fail "$name, $deck: exit status $status: $(grep -m1 ERROR out.txt), after $(tail -n 3 out.txt | head -n 1)"
    return 1
}

# compare NAME RANKS DECK ARGUMENT...: every run of the deck beside the first of all.
compare() {
    local name=$1 case energy pressure
    run_deck "$@" || return 0
    grep '^sums' out.txt >sums
    [ -e reference ] || { cp plain reference && cp sums reference-sums; }
    while read -r _ case energy pressure; do
        [ "$case" = tilted ] || agrees "$case" reference 1e-10
        close "$name, $case: energy" "$energy" "$(awk 'NR == 1 { print $3 }' reference-sums)" 1e-9
        close "$name, $case: pressure" "$pressure" "$(awk 'NR == 1 { print $4 }' reference-sums)" 1e-5
    done <sums
}

# check NAME RANKS ARGUMENT...
check() {
    local name=$1 ranks=$2 case
    shift 2
    compare "$name" "$ranks" moving.in "$@"
    [[ $name = device* ]] || compare "$name" "$ranks" lists.in "$@"
    [[ $name != plain* ]] || compare "$name" "$ranks" respa.in "$@"

    run_deck "$name" "$ranks" rerun.in "$@" || return 0
    awk '/^rerun/ { again = 1 } /^ *[0-9]+ +[-0-9.e+]+ +-/ { if (again) { n++; d = $3 - energy[$1]; if (d * d > 1e-18) bad = 1 } else energy[$1] = $3 }
        END { exit bad || n != 5 }' out.txt || fail "$name: energies of rerun differ"

    run_deck "$name" "$ranks" changed.in "$@" || return 0
    [ "$name" != plain ] || grep '^sums' out.txt >reference-changed
    close "$name, changed: energy" "$(found sums 3)" "$(awk '{ print $3 }' reference-changed)" 1e-8
    close "$name, changed: pressure" "$(found sums 4)" "$(awk '{ print $4 }' reference-changed)" 1e-4

    run_deck "$name" "$ranks" work.in "$@" || return 0
    close "$name, cg" "$(found cg 2)" "$(found ideal 2)" 1e-8
    close "$name, fire" "$(found fire 2)" "$(found ideal 2)" 1e-8
    close "$name, box/relax: pressure" "$(found relaxed 3)" 0 10
    awk -v e="$(found relaxed 2)" -v ideal="$(found ideal 2)" 'BEGIN { exit !(e < ideal) }' || fail "$name, box/relax: energy $(found relaxed 2)"
    for case in nvt npt langevin; do close "$name, $case: conserved energy" "$(found "$case" 2)" 0 0.02; done
    grep -E '^(ideal|cg|fire|relaxed|nvt|npt|langevin) ' out.txt | sed "s/^/$name: /"
}

check plain 1 -var style xpotace
for ranks in $(ranks_to_try); do
    [ "$ranks" = 1 ] || check "plain on $ranks ranks" "$ranks" -var style xpotace
    # shellcheck disable=SC2153 # from CTest
    [ "$KOKKOS" = yes ] || continue
    check "kk on $ranks ranks" "$ranks" -k on t 1 -sf kk -var style xpotace
    check "device on $ranks ranks" "$ranks" -k on t 1 -sf kk -var style "xpotace kernel device"
done

# What is refused; errors.sh has the plain style.
if [ "$KOKKOS" = yes ]; then
    host=(-k on t 1 -sf kk -var style "xpotace kernel host")
    sed 's/^run_style.*/run_style respa 2 2 inner 1 3.0 4.0 outer 2/' respa.in >refused.in
    expect_error respa "does not support rRESPA" "${host[@]}" -in refused.in
    expect_error newton "expected 'newton on'" "${host[@]}" -pk kokkos newton off neigh full -in rerun.in
fi
finish
