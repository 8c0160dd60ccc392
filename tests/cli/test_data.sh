#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Data as they come: labels missing in all or some frames, elements missing, odd names of files and groups.
. "$(dirname "$0")/common.sh"
make_data
SAME='{"kind": "snap", "twojmax": 4, "rcutfac": 3.9}'
without_forces() { sed 's/:forces:R:3/:other:R:3/' "$1"; }
without_energy() { sed 's/ energy=[^ ]*//' "$1"; }
# every_third FILE PATTERN TEXT: replaces the pattern in the comment line of a frame in three.
every_third() {
    awk -v pattern="$2" -v text="$3" 'left == 0 { left = $1 + 2; row = 0; frame++ }
        { left--; if (++row == 2 && frame % 3 == 1) sub(pattern, text); print }' "$1"
}

# input NAME TRAIN VALID [MORE]: NAME.json with its own output folder.
input() {
    write_input "$1.json" "$SAME" "\"output\": \"$1\"${4:+, $4}"
    sed -i "s/\"train.xyz\"/\"$2\"/; s/\"valid.xyz\"/\"$3\"/" "$1.json"
}

# Forces and some energies say as much as all.
without_forces train.xyz >energies.xyz
without_energy train.xyz >forces.xyz
every_third train.xyz " energy=[^ ]*" "" >some.xyz
[ "$(grep -c ' energy=' some.xyz)" = 16 ] || fail "not a third of the energies was taken off"
input some some.xyz valid.xyz
expect_ok "$XPOT_OPT" fit some.json
"$XPOT_CLI_DATA" compare known some/potential 1e-7 || fail "frames without energies do harm"
every_third train.xyz ":forces:R:3" ":other:R:3" >some.xyz
expect_ok "$XPOT_OPT" fit some.json
"$XPOT_CLI_DATA" compare known some/potential 1e-7 || fail "frames without forces do harm"
input energies energies.xyz valid.xyz
expect_ok "$XPOT_OPT" fit energies.json
grep -q "no structure of energies.xyz has forces" err || fail "missing forces were not noted: $(cat err)"
input forces forces.xyz valid.xyz '"loss": {"alpha": 0}'
expect_ok "$XPOT_OPT" fit forces.json
expect_near "$(json forces/card.json force_loss)" 0 1e-6 "force loss without energies"

# The loss needs its labels.
without_forces valid.xyz >bare.xyz
input bare train.xyz bare.xyz
expect_error "bare.xyz: the loss needs forces (loss.alpha is 0.5), found none; check data.forces_key or set alpha to 1" "$XPOT_OPT" fit bare.json
input bare train.xyz bare.xyz '"loss": {"alpha": 1}'
expect_ok "$XPOT_OPT" fit bare.json
without_energy valid.xyz >bare.xyz
input bare train.xyz bare.xyz
expect_error "the loss needs energies" "$XPOT_OPT" fit bare.json

# Elements: listed but absent, isolated atoms, the same file twice.
sed 's/"Si"/"Si", "Ge"/; s/"tuned"/"two"/' some.json >two.json
expect_ok "$XPOT_OPT" check two.json
grep -q "no structure of some.xyz has Ge: its coefficients will be zero" err || fail "an absent element was not noted: $(cat err)"
expect_ok "$XPOT_OPT" fit two.json
grep -q "^Ge " some/potential.snapcoeff || fail "an absent element has no block"
printf '1\nProperties=species:S:1:pos:R:3 energy=-4.5 config_type=atom\nSi 0 0 0\n' | cat train.xyz - >atom.xyz
input atom atom.xyz valid.xyz
expect_ok "$XPOT_OPT" fit atom.json
"$XPOT_CLI_DATA" compare known atom/potential 1e-7 || fail "an isolated atom does harm"
input twice train.xyz train.xyz
expect_ok "$XPOT_OPT" check twice.json
grep -q "hold the same data" err || fail "validation on the training data was not noted: $(cat err)"

# Energies far from zero, as of plane-wave codes.
awk '{ if (match($0, /energy=[-0-9.e]+/)) { e = substr($0, RSTART + 7, RLENGTH - 7); n = prev
         sub(/energy=[-0-9.e]+/, sprintf("energy=%.15g", e - 16400 * n)) } prev = $1; print }' train.xyz >far.xyz
input far far.xyz valid.xyz
expect_ok "$XPOT_OPT" fit far.json
expect_near "$(json far/card.json energy_rmse_mev_per_atom)" 0 1e-3 "energy RMSE of far energies"

# Names with blanks, per cent signs, quotes and letters of other alphabets.
odd='a %s "b" Größe'
mkdir "$odd" && sed 's/config_type=A/config_type="%d flüssig"/' train.xyz >"$odd/träin 1.xyz" && cp valid.xyz "$odd"
(
    cd "$odd" || exit 1
    cat >"in put.json" <<INPUT
{"elements": ["Si"], "output": "%n out", "name": "Si %s", "data": {"train": "träin 1.xyz", "validate": "valid.xyz"},
 "potential": $SAME, "weights": {"%d flüssig": {"fweight": 2}}}
INPUT
    "$XPOT_OPT" fit "in put.json" >out 2>err || fail "odd names: $(cat err)"
    "$XPOT_OPT" evaluate "%n out/Si %s.snapcoeff" "%n out/Si %s.snapparam" --data "träin 1.xyz" --json - >e.json || fail "odd names"
    grep -q '"%d flüssig"' e.json || fail "odd group: $(cat e.json)"
) || exit 1

# A folder that cannot be written to is found before the fit.
if [ "$(id -u)" != 0 ]; then
    mkdir locked && chmod 555 locked
    expect_error "cannot write into this folder" "$XPOT_OPT" fit some.json --output locked
fi

# Two signals: the first waits for the trial, the second does not; the journal is good in any case.
write_input search.json '{"kind": "snap", "twojmax": {"min": 2, "max": 5}, "rcutfac": {"min": 3.5, "max": 5.5}}' \
    '"output": "signals", "search": {"trials": 400, "initial": 395}'
for signals in "TERM" "TERM TERM"; do
    "$XPOT_OPT" search search.json >out 2>err &
    victim=$!
    for _ in $(seq 100); do
        [ "$(wc -l 2>/dev/null <signals/journal.jsonl)" -gt 1 ] 2>/dev/null && break
        sleep 0.05
    done
    for signal in $signals; do kill -"$signal" "$victim" 2>/dev/null && sleep 0.01; done
    wait "$victim" 2>/dev/null
    status=$?
    [ "$signals" = "TERM TERM" ] && break
    [ $status = 0 ] && grep -q interrupted err && [ -s signals/potential.snapcoeff ] || fail "SIGTERM: $status, $(cat err)"
done
expect_ok "$XPOT_OPT" search search.json --trials 3 --quiet
echo passed
