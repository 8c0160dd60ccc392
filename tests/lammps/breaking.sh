#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Ways to break a run: each ends in one sentence that names the cause, and what was good is kept. ctest -V shows the sentences.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
export LAMMPS_PLUGIN_PATH=$PLUGINS
coeff="pair_coeff * * $silicon.snapcoeff $silicon.snapparam Si"

# broken NAME TEXT DECK [LINE]: 64 silicon atoms, with these lines, end in this text on one rank and on two. LINE: for the top.
broken() {
    cat >"$1.in" <<DECK
units metal
atom_style atomic
${4:-}
lattice diamond 5.43
region box block 0 2 0 2 0 2
create_box 1 box
create_atoms 1 box
mass 1 28.0855
displace_atoms all random 0.05 0.05 0.05 4711 units box
$3
DECK
    expect_error "$1" "$2" -in "$1.in"
    echo "$1: $(grep -m1 '^ERROR' out.txt)"
}

# kept NAME: each run left a last good configuration of all atoms, which LAMMPS reads and runs.
kept() {
    local file count=0
    for file in xpotace-last-good-*.data; do
        printf '%s\n' "units metal" "read_data $file" "pair_style xpotace" "$coeff" "run 0" >again.in
        run_lammps 1 -in again.in
        [ "$status" -eq 0 ] && grep -q '64 atoms' out.txt || fail "$1: $file: $(grep -m1 ERROR out.txt)"
        count=$((count + 1))
        rm -f "$file"
    done
    [ "$count" -gt 0 ] || fail "$1: no last good configuration"
}

run="pair_style xpotace
$coeff
velocity all create 300 4711
fix 1 all nve"

broken overlap "atoms ID [0-9]* (type 1, Cu) at .* and ID [0-9]* (type 1, Cu) are 0.0001 Angstrom apart, expected at least 0.00" \
    "create_atoms 1 single 0.1 0.1 0.1 units box
create_atoms 1 single 0.1001 0.1 0.1 units box
pair_style xpotace
pair_coeff * * $copper Cu
run 0"
broken close "ID 6[56] .* would move .* its nearest neighbour, ID 6[56] (type 1, Si), is 0.2" "create_atoms 1 single 1.3 1.3 3.0 units box
create_atoms 1 single 1.3 1.3 3.2 units box
pair_style xpotace zbl 1.0 2.0
$coeff
fix 1 all nve
run 10"
broken units "expected 'units metal'" "pair_style xpotace
$coeff" "units real"
broken nanometres "would move\|not a finite number\|radial functions" "change_box all x scale 0.1 y scale 0.1 z scale 0.1 remap
$run
run 10"
broken element "no element Xx" "pair_style xpotace
pair_coeff * * $silicon.snapcoeff $silicon.snapparam Xx"
broken elements "found none; .* one element an atom type follows the files" "pair_style xpotace
pair_coeff * * $silicon.snapcoeff $silicon.snapparam Si Si"
broken velocity "velocity of atom ID 5 .* is not a finite number" "$run
variable nan atom exp(1000)-exp(1000)
group five id 5
velocity five set v_nan NULL NULL
run 10"
broken timestep "would move .* expected at most 1 Angstrom (keyword runaway).*the configuration of step [0-9]* is in xpotace-last-good" "$run
timestep 0.02
run 300"
kept timestep
broken push "step 5, .*its position is not a finite number.*the configuration of step 4 is in" "$run
variable push atom (id==5)*(exp(1000*(step>3))-exp(1000*(step>3)))
fix 2 all addforce v_push 0 0
run 10"
kept push
head -c 20000 "$silicon.snapcoeff" >cut.snapcoeff
broken truncated "cut.snapcoeff:" "pair_style xpotace
pair_coeff * * cut.snapcoeff $silicon.snapparam Si"
broken no-potential "nowhere.yace: expected a readable potential file" "pair_style xpotace
pair_coeff * * nowhere.yace Si"
broken null "expected elements for atom types\|Incorrect args" "pair_style xpotace
pair_coeff * * $silicon.snapcoeff $silicon.snapparam NULL
run 0"
broken zbl "zbl: expected an ACE potential without a core repulsion other than ZBL, found" "pair_style xpotace zbl 1.0 2.0
pair_coeff * * $copper Cu"
broken lost "Lost atoms" "$run
velocity all set 50 0 0 sum yes
thermo 10
neigh_modify delay 50
run 1000" "boundary f p p"

# No room for the last configuration: the sentence says that, too.
for step in {0..300}; do ln -s /dev/full "xpotace-last-good-$step.data"; done
broken disk "would move .*; the configuration of step [0-9]* could not be written: xpotace-last-good-[0-9]*.data: .*make room on the disk" "$run
timestep 0.02
run 300"
rm xpotace-last-good-*.data

[ ! -w /dev/full ] || broken dump "Error writing dump full: No space left" "$run
dump full all custom 1 /dev/full id x y z
run 10"

# A box that falls in on itself.
broken collapse "would move\|not a finite number\|radial functions\|Non-numeric\|box" "pair_style xpotace
$coeff
velocity all create 300 4711
fix 1 all npt temp 300 300 0.1 iso 1e8 1e8 0.01
run 1000"
rm -f xpotace-last-good-*.data

# A rank that is killed ends the run.
if [ -n "$MPIRUN" ]; then
    cat >kill-rank <<'SCRIPT'
#!/bin/sh
pid=$PPID
until [ "$(cat "/proc/$pid/comm")" = "$1" ]; do pid=$(awk '{ print $4 }' "/proc/$pid/stat"); done
kill -9 "$pid"
SCRIPT
    chmod +x kill-rank
    sed "s/^run 300/shell .\/kill-rank $(basename "$LMP")\n&/" timestep.in >killed.in
    run_lammps 2 -in killed.in
    [ "$status" -ne 0 ] && [ "$status" -ne 124 ] || fail "a killed rank: exit status $status"
    echo "killed: $(grep -m1 'signal' out.txt)"
fi
finish
