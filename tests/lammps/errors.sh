#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every mistake ends LAMMPS with one sentence, on one rank and on two.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
load="plugin load $PLUGINS/xpotaceplugin.so"
files="$silicon.snapcoeff $silicon.snapparam"
good="pair_coeff * * $files Si"

# try NAME TEXT LINES: a deck with these lines must end with the text.
try() {
    deck "$1.in" <<<"$load
$3"
    expect_error "$1" "$2" -in "$1.in"
}

try keyword "expected no keyword but 'precision', 'gamma', 'runaway' or 'zbl', found 'recursive'" "pair_style xpotace recursive"
try precision "precision: expected 'double' or 'mixed', found 'single'" "pair_style xpotace precision single"
try no-precision "precision: expected 'double' or 'mixed', found 'nothing'" "pair_style xpotace precision"
try other-precision "pair coeffs are not set" "pair_style xpotace
$good
pair_style xpotace precision mixed"
deck good.in <<<"$load
pair_style xpotace
$good"
run_lammps 1 -in good.in
[ "$status" -eq 0 ] || fail "the deck without mistakes"
sed '1i newton off' good.in >newton.in
expect_error newton "expected 'newton on'" -in newton.in
sed 's/^units metal/units real/' good.in >units.in
expect_error units "expected 'units metal'" -in units.in
sed 's/^atom_style atomic/&\natom_modify id no/' good.in >ids.in
expect_error ids "expected atoms with IDs" -in ids.in
try respa "does not support rRESPA" "pair_style xpotace
$good
run_style respa 2 2 inner 1 3.0 4.0 outer 2"
try words "expected '\* \*', one ACE file or two SNAP files, perhaps an active set file, and 1 element name" "pair_style xpotace
pair_coeff * * Si"
try element "Xx" "pair_style xpotace
pair_coeff * * $files Xx"
try null "Incorrect args for pair coefficients" "pair_style xpotace
pair_coeff * * $files NULL"
try missing "nowhere.yace: expected a readable potential file" "pair_style xpotace
pair_coeff * * nowhere.yace Si"
try folder "potentials" "pair_style xpotace
pair_coeff * * $LAMMPS_SOURCE_DIR/potentials Si"
try binary "expected" "pair_style xpotace
pair_coeff * * $LMP Si"

head -c 20000 "$silicon.snapcoeff" >cut.snapcoeff
try truncated-snap "cut.snapcoeff:" "pair_style xpotace
pair_coeff * * cut.snapcoeff $silicon.snapparam Si"
head -c 30000 "$copper" >cut.ace
try truncated-ace "cut.ace:" "pair_style xpotace
pair_coeff * * cut.ace Cu"
sed '1s/metal/real/' "$copper" >real.ace
try file-units "real.ace:1: expected 'UNITS: metal'" "pair_style xpotace
pair_coeff * * real.ace Cu"

# Two atoms nearly in one place: the atom is named.
try overlap "atoms ID [19] (type 1, Cu) at (.*) and ID [19] (type 1, Cu) are .* Angstrom apart, expected at least" "create_atoms 1 single 0.0001 0 0 units box
mass 1 63.546
pair_style xpotace
pair_coeff * * $copper Cu"

# A velocity that is no number: nothing of LAMMPS notices.
for kind in "$files Si" "$copper Cu"; do
    try nan "velocity of atom ID 5 (type 1, [SC][iu]) at (.*) is not a finite number" "pair_style xpotace
pair_coeff * * $kind
variable nan atom exp(1000)-exp(1000)
group five id 5
velocity five set v_nan 0 0
fix 1 all nve
run 2"
done

# A restart file whose potential has changed.
cp "$silicon.snapcoeff" my.snapcoeff
deck write.in <<<"$load
pair_style xpotace
pair_coeff * * my.snapcoeff $silicon.snapparam Si"
echo "write_restart my.restart" >>write.in
run_lammps 1 -in write.in
[ "$status" -eq 0 ] || fail "writing a restart file"
printf '%s\nread_restart my.restart\nrun 0\n' "$load" >read.in
run_lammps 1 -in read.in
[ "$status" -eq 0 ] || fail "reading a restart file"
echo "# changed" >>my.snapcoeff
expect_error restart "my.snapcoeff: expected the potential of the restart file, with SHA-256" -in read.in
rm my.snapcoeff
expect_error restart-missing "my.snapcoeff: expected a readable potential file" -in read.in
finish
