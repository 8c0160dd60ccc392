#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# xpot-opt survive: shares, reasons, times and curves of runs by LAMMPS; a command that was killed goes on. XPOT_OPT: the program.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# cell NAME A: a diamond cell of silicon with this lattice constant.
cell() {
    awk -v a="$2" -v name="$1" 'BEGIN {
        printf "8\nLattice=\"%g 0 0 0 %g 0 0 0 %g\" Properties=species:S:1:pos:R:3 config_type=%s pbc=\"T T T\"\n", a, a, a, name
        for (i = 0; i < 4; i++) for (j = 0; j < 2; j++) {
            x = (i == 1 || i == 2) / 2 + j / 4; y = (i == 1 || i == 3) / 2 + j / 4; z = (i == 2 || i == 3) / 2 + j / 4
            printf "Si %g %g %g\n", x * a, y * a, z * a } }'
}
cell crystal 5.43 >crystal.xyz
cell crushed 4.4 >crushed.xyz
cat crystal.xyz crushed.xyz >both.xyz

# survive OUT ARGUMENT...: what it says in out.txt. lammps: the command.
lammps=$LMP
survive() {
    local out=$1
    shift
    "$XPOT_OPT" survive "$silicon.snapcoeff" "$silicon.snapparam" --atoms 60 --steps 200 --lammps "$lammps" \
        --plugin "$PLUGINS/xpotaceplugin.so" --out "$out" "$@" >out.txt 2>&1
}
refuses() {
    local text=$1
    shift
    if survive "$@"; then fail "expected '$text', found no error"; fi
    grep -q "$text" out.txt || fail "expected '$text', found $(cat out.txt)"
}

survive warm --structures crystal.xyz --runs 3 --temperature 300 || fail "warm: $(cat out.txt)"
grep -q '^3 of 3 runs survived: 100.0 %' out.txt || fail "warm: $(cat out.txt)"
grep -q '^   1       0.2      64  crystal.xyz:1 crystal  *survived$' out.txt || fail "warm: $(cat out.txt)"
[ "$(cat warm/curve.csv)" = $'time_ps,alive,share\n0,3,1\n0.2,3,1' ] || fail "warm: $(cat warm/curve.csv)"

# Half of the runs begin with a crushed cell, whose energy makes it hot at once.
both=(--structures both.xyz --temperature 100 --every 5)
survive half "${both[@]}" --runs 4 --parallel 2 || fail "half: $(cat out.txt)"
grep -q '^2 of 4 runs survived: 50.0 % (95 % interval 15.0 to 85.0 %)' out.txt || fail "half: $(cat out.txt)"
[ "$(grep -c 'crushed,64,[0-9]*,0,0.0[0-9]*,"hotter than 300 K, 3 times the temperature of the thermostat"$' half/runs.csv)" = 2 ] ||
    fail "half: $(cat half/runs.csv)"
awk -F, 'NR > 2 && $2 > last { bad = 1 } NR > 1 { last = $2; share = $3 } END { exit bad || share != 0.5 }' half/curve.csv ||
    fail "half: $(cat half/curve.csv)"

# The decks that are kept can be run by hand.
(cd half/run-0001 && "$LMP" -nocite -log none -in in.survival) >out.txt 2>&1 || fail "a deck by hand"
grep -q '^XPOT end 200 ' out.txt || fail "a deck by hand"

# The same command again makes what is not there; a LAMMPS that is killed leaves nothing.
cp half/runs.csv runs.csv
rm half/run-000[24]/output.txt
cat >killed.sh <<'SCRIPT'
grep -q read_data "${@: -1}" || exec "$LMP" "$@"
kill -9 $$
SCRIPT
lammps="bash $work/killed.sh"
refuses "run-0002/output.txt: LAMMPS was killed from outside (signal 9" half "${both[@]}" --runs 4
lammps=$LMP
[ ! -e half/run-0002/output.txt ] || fail "a killed run was kept"
survive half "${both[@]}" --runs 4 || fail "again: $(cat out.txt)"
grep -q '^2 of 4 runs are there$' out.txt || fail "again: $(cat out.txt)"
cmp runs.csv half/runs.csv || fail "again: another result"
survive half "${both[@]}" --runs 5 || fail "one more: $(cat out.txt)"
[ "$(head -n 5 half/runs.csv)" = "$(cat runs.csv)" ] || fail "one more: $(cat half/runs.csv)"

refuses 'half/settings.txt: the runs of this folder are of "temperature 100", expected "temperature 200"' half \
    --structures both.xyz --temperature 200 --every 5
lammps=no-such-lmp
refuses '^xpot-opt: --lammps: expected a command that runs LAMMPS with pair_style xpotace, "no-such-lmp" ended with exit status 127' none \
    --structures crystal.xyz
lammps=$LMP
sed 's/^Si/Ge/' crystal.xyz >ge.xyz
refuses 'ge.xyz:1.*Ge, which the potential does not know; take the structure out' none --structures ge.xyz
refuses 'expected --structures FILE' none
refuses 'expected --time or --steps, found both' none --structures crystal.xyz --time 1
refuses 'option --temperature: expected a number above 0' none --structures crystal.xyz --temperature -5
finish
