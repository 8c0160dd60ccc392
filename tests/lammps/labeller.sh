#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# xpot-label: same seeds, same structures; labels on one rank and on two; mistakes are one sentence and leave no file.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
commands="pair_style snap; pair_coeff * * $silicon.snapcoeff $silicon.snapparam Si"
touch out.txt

frames() { grep -c Lattice "$1" || true; }

# refuses TEXT ARGUMENT...: exit status 1, one line with this text, nothing written.
refuses() {
    local text=$1
    shift
    status=0
    "$LABEL" "$@" >out.txt 2>&1 || status=$?
    [ "$status" -eq 1 ] || fail "$*: exit status $status"
    [ "$(wc -l <out.txt)" -eq 1 ] && grep -q -- "$text" out.txt || fail "$*: expected '$text', found '$(cat out.txt)'"
    [ ! -e no.xyz ] || fail "$*: left a file"
}

crystal=(--lattice diamond --element Si --a 5.43 --strain 0.05 --rattle 0.1 --count 2 --config-type crystal)
"$LABEL" make "${crystal[@]}" --seed 1 --out a.xyz
"$LABEL" make "${crystal[@]}" --seed 1 --out b.xyz
"$LABEL" make "${crystal[@]}" --seed 2 --out c.xyz
cmp -s a.xyz b.xyz || fail "the same seed made other structures"
! cmp -s a.xyz c.xyz || fail "another seed made the same structures"
for lattice in sc bcc fcc hcp diamond; do
    "$LABEL" make --lattice $lattice --element Si --a 4.0 --out lattice.xyz || fail "lattice $lattice"
done
for lattice in cscl rocksalt zincblende; do
    "$LABEL" make --lattice $lattice --element Ga,As --a 5.6 --out lattice.xyz || fail "lattice $lattice"
done
"$LABEL" make --random --element Si --atoms 20 --density 0.04 --smallest-distance 2.0 --out random.xyz

"$LABEL" label a.xyz --commands "$commands" --out labelled.xyz
[ "$(frames labelled.xyz)" -eq 2 ] || fail "two labelled frames expected"
grep -q 'forces:R:3.*local_energy:R:1.*energy=.*virial=.*config_type=crystal' labelled.xyz || fail "labels are missing"
cat >commands.txt <<COMMANDS
# A deck's own way of writing: comments; it isn't split, and continued lines.
pair_style snap # linear; or "quadratic
pair_coeff * * $silicon.snapcoeff &
    $silicon.snapparam \${elements}
variable text string "a;b"
quit
COMMANDS
"$LABEL" label a.xyz --commands-file commands.txt --out again.xyz
cmp -s labelled.xyz again.xyz || fail "commands from a file gave other labels"
for path in "" "$PLUGINS"; do
    LAMMPS_PLUGIN_PATH=$path "$LABEL" label a.xyz --commands "${commands/snap;/xpotace;}" --plugin "$PLUGINS/xpotaceplugin.so" \
        --out plugin.xyz || fail "with a plugin, LAMMPS_PLUGIN_PATH '$path'"
done
if [ -n "$MPIRUN" ]; then
    $MPIRUN 2 "$LABEL" label a.xyz --commands "$commands" --out ranks.xyz
    [ "$(frames ranks.xyz)" -eq 2 ] || fail "two labelled frames expected from two ranks"
fi

"$LABEL" sample random.xyz --commands "$commands" --temperature 1000 --every 5 --equilibrate 5 --frames 3 --config-type liquid \
    --out sampled.xyz
[ "$(frames sampled.xyz)" -eq 3 ] || fail "three sampled frames expected"
"$LABEL" sample a.xyz --commands "$commands" --temperature 10 --every 1 --equilibrate 0 --frames 1 --seed 1000000000 --out seed.xyz ||
    fail "the largest seed"
# A label is the potential's alone: labelling the frames again gives the same energies.
"$LABEL" label sampled.xyz --commands "$commands" --out relabelled.xyz
for file in sampled relabelled; do grep -o ' energy=-[0-9]*\.[0-9]\{6\}' $file.xyz >$file.txt; done
cmp -s sampled.txt relabelled.txt || fail "sampled labels differ from those of the same frames"

refuses "--lattice: expected one of" make --lattice cubic --element Si --a 5 --out no.xyz
refuses "--a: expected a number" make --lattice fcc --element Si --a long --out no.xyz
refuses "no room for atom" make --random --element Si --atoms 50 --density 0.2 --smallest-distance 3 --out no.xyz
refuses "--out FILE is needed" make --lattice fcc --element Si --a 5
refuses "expected an option" make --latice fcc
refuses "Unrecognized pair style 'snop'" label a.xyz --commands "pair_style snop" --out no.xyz
refuses "nowhere.xyz" label nowhere.xyz --commands "$commands" --out no.xyz
refuses "temperature" sample random.xyz --commands "$commands" --out no.xyz
refuses "expected a command" melt
refuses "choose a potential, found none" label a.xyz --commands " ; " --out no.xyz
refuses "leave the cell of the structure alone" sample a.xyz --commands "$commands; fix box all nph iso 1e5 1e5 0.1" \
    --temperature 300 --out no.xyz
refuses "leave the 8 atoms of the structure alone, found 9" label a.xyz --commands "$commands; create_atoms 1 single 1 1 1" --out no.xyz
sed '0,/^Si/s//Xx/' a.xyz >unknown.xyz
refuses "unknown.xyz:.*expected a chemical element, found 'Xx' (atom 1)" label unknown.xyz --commands "$commands" --out no.xyz
# Known before the work, not after.
refuses "nowhere/no.xyz: cannot write" sample a.xyz --commands "$commands" --temperature 300 --frames 1000000 --out nowhere/no.xyz
printf 'plugin load %s/xpotaceplugin.so\npair_style xpotace\npair_coeff * * no.yace Si' "$PLUGINS" >missing.txt
refuses "one element an atom type follows the files$" label a.xyz --commands-file missing.txt --out no.xyz

# says_once TEXT ARGUMENT...: two ranks end with one sentence.
says_once() {
    local text=$1
    shift
    status=0
    timeout "$time_limit" $MPIRUN 2 "$LABEL" "$@" >out.txt 2>&1 || status=$?
    [ "$status" -ne 0 ] && [ "$status" -ne 124 ] || fail "$* on two ranks: exit status $status"
    [ "$(grep -c '^error: ' out.txt)" -eq 1 ] && grep -q "^error: .*$text" out.txt || fail "$* on two ranks: expected '$text' once"
    [ ! -e no.xyz ] || fail "$* on two ranks: left a file"
}
if [ -n "$MPIRUN" ]; then
    says_once "nowhere.xyz" label nowhere.xyz --commands "$commands" --out no.xyz
    says_once "snop" label a.xyz --commands "pair_style snop" --out no.xyz
    says_once "no.so" label a.xyz --commands "$commands" --plugin no.so --out no.xyz
    says_once "nowhere/no.xyz" label a.xyz --commands "$commands" --out nowhere/no.xyz
fi
for command in "" make label sample; do "$LABEL" $command --help >out.txt || fail "$command --help"; done
finish
