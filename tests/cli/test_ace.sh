#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fits of ACE from the command line: what they write says the same everywhere, an upfit begins where the fit ended, a fit that is
# killed ends as one that is not.
. "$(dirname "$0")/common.sh"
make_data

ace_input() { # FILE FIT [TRAIN]
    cat >"$1" <<INPUT
{"elements": ["Si"], "data": {"train": "${3:-train.xyz}", "validate": "valid.xyz"}, "potential": {"kind": "ace"},
 "embeddings": {"ALL": {"ndensity": 2}}, "bonds": {"ALL": {"rcut": 4.5}},
 "functions": {"number_of_functions_per_element": 30}, "fit": {$2}}
INPUT
}
# column FILE NAME LINE: a number of the learning curve, line 1 being the first behind the header, last the last one.
column() {
    awk -F, -v name="$2" -v line="$3" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next }
        { value = $c; if (NR - 1 == line) exit } END { print value }' "$1"
}

ace_input fit.json '"iterations": [25, 13], "checkpoint": 5'
expect_ok "$XPOT_OPT" fit fit.json --output fit --threads 1
for file in potential.yaml potential.yace potential.asi card.json potential.curve.csv potential.parity-train.csv potential.parity-validate.csv; do
    [ -s fit/$file ] || fail "no fit/$file"
done
[ "$(find fit -type f | wc -l)" = 7 ] || fail "something else was left: $(ls -A fit)"

# One error, in the learning curve, in the card and from either file.
energy=$(json fit/card.json energy_rmse_mev_per_atom) force=$(json fit/card.json force_rmse_ev_per_ang)
expect_near "$(column fit/potential.curve.csv energy_rmse_mev_per_atom last)" "$energy" 1e-6 "energy RMSE of the curve"
expect_near "$(column fit/potential.curve.csv force_rmse_ev_per_ang last)" "$force" 1e-8 "force RMSE of the curve"
for file in fit/potential.yaml fit/potential.yace; do
    expect_ok "$XPOT_OPT" evaluate $file --data train.xyz --json errors.json
    expect_near "$(json errors.json energy_rmse_mev_per_atom)" "$energy" 1e-6 "energy RMSE of $file"
    expect_near "$(json errors.json force_rmse_ev_per_ang)" "$force" 1e-8 "force RMSE of $file"
done

# A line for the start of each stage and for each iteration, none twice; the card counts iterations.
[ "$(tail -n +2 fit/potential.curve.csv | cut -d, -f1,3,5 | sort | uniq -d)" = "" ] || fail "the curve has an iteration twice"
expect_near "$(tail -n +2 fit/potential.curve.csv | awk -F, '$5 > 0' | wc -l)" "$(json fit/card.json iterations)" 0 "iterations"
awk -v first="$(column fit/potential.curve.csv loss 1)" -v later="$(column fit/potential.curve.csv loss 26)" \
    'BEGIN { exit !(later < first) }' || fail "the loss does not fall"

# Threads change nothing; a fit that is killed goes on.
expect_ok "$XPOT_OPT" fit fit.json --output two --threads 2
cmp fit/potential.yaml two/potential.yaml || fail "threads change the result"
"$XPOT_OPT" fit fit.json --output killed --threads 1 --quiet >/dev/null 2>&1 &
victim=$!
for _ in $(seq 500); do
    [ -e killed/potential.checkpoint ] && break
    sleep 0.01
done
{ kill -9 "$victim" && wait "$victim"; } 2>/dev/null
[ -e killed/potential.checkpoint ] || fail "the fit was not killed in time, or wrote no checkpoint"
ace_input other.json '"iterations": [26, 13], "checkpoint": 5'
expect_error "other input or data" "$XPOT_OPT" fit other.json --output killed
expect_ok "$XPOT_OPT" fit fit.json --output killed --threads 1
grep -q "going on from" err || fail "the killed fit began anew: $(cat err)"
cmp fit/potential.yaml killed/potential.yaml || fail "the killed fit ends with another potential"
[ -e killed/potential.checkpoint ] && fail "the checkpoint is left"

# An upfit begins where the fit ended.
ace_input upfit.json '"kappa": [0.02], "iterations": [5]'
expect_ok "$XPOT_OPT" upfit upfit.json fit/potential.yaml --output upfit
expect_near "$(column upfit/potential.curve.csv loss 1)" "$(column fit/potential.curve.csv loss last)" 1e-9 "loss of the start"
awk -v first="$(column upfit/potential.curve.csv loss 1)" -v later="$(column upfit/potential.curve.csv loss last)" \
    'BEGIN { exit !(later < first) }' || fail "the upfit does not lower the loss"

# Automatic kappa gives all of the loss to the labels there are.
sed 's/:forces:R:3//; s/^\(Si *[^ ]* *[^ ]* *[^ ]*\) .*/\1/' train.xyz >energies.xyz
ace_input energies.json '"kappa": "auto", "iterations": [2]' energies.xyz
expect_ok "$XPOT_OPT" fit energies.json --output energies
expect_near "$(column energies/potential.curve.csv kappa 1)" 0 0 "kappa without forces"

# What asks for a search is refused, and what no fit of ACE takes.
sed 's/"rcut": 4.5/"rcut": {"min": 4, "max": 5}/' fit.json >range.json
expect_error "bonds.ALL.rcut is a range" "$XPOT_OPT" fit range.json --output none
ace_input ridge.json '"ridge": 1'
expect_error "ridge acts only with" "$XPOT_OPT" fit ridge.json --output none
echo passed
