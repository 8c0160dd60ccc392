#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ACE fits from the command line: known models are found again, the files are complete and say the same, upfits, ladders,
# threads, and the sentence for every mistake.
. "$(dirname "$0")/ace_common.sh"

# A linear model, found by every linear method.
make_ace "$LINEAR" 1
write_ace linear.json "$LINEAR" '"solver": "linear", "kappa": 0.5, '"$NO_PENALTY"
expect_ok "$XPOT_OPT" check linear.json
grep -q "18 functions" out || fail "check says: $(cat out)"
expect_ok "$XPOT_OPT" fit linear.json
expect_recovered linear 1e-3 1e-5
for method in cholesky evidence ard; do
    write_ace $method.json "$LINEAR" '"solver": "linear", "linear": "'$method'", "kappa": 0.5, '"$NO_PENALTY"
    expect_ok "$XPOT_OPT" fit $method.json --quiet
    expect_recovered $method 0.1 1e-3
done

# What a fit leaves.
files="card.json potential.asi potential.curve.csv potential.parity-train.csv potential.parity-validate.csv potential.yace potential.yaml"
[ "$(ls -A linear | sort | tr '\n' ' ')" = "$files " ] || fail "the folder holds $(ls -A linear | tr '\n' ' ')"
for file in potential.yaml potential.yace; do
    grep -q "\"$file\":[[:space:]]*\"$(sha256sum linear/$file | cut -d' ' -f1)\"" linear/card.json ||
        fail "the card has no checksum of $file"
done
for file in train.xyz valid.xyz linear.json; do
    grep -q "$(sha256sum $file | cut -d' ' -f1)" linear/card.json || fail "the card has no checksum of $file"
done
grep -q '"loss"' linear/card.json || fail "the card has no loss"
[ "$(awk -F, '$1 == "energy"' linear/potential.parity-train.csv | wc -l)" = "$(grep -c energy= train.xyz)" ] ||
    fail "the parity table lacks energies"
awk -F, 'NR > 1 && ($6 - $7 > 1e-4 || $7 - $6 > 1e-4) { exit 1 }' linear/potential.parity-validate.csv ||
    fail "the parity table has other errors than the card"
head -1 linear/potential.curve.csv | grep -q "^step,functions,stage,kappa,iteration,loss," || fail "the curve has no names"

# Both files are the same potential, and so is what the one is converted to.
expect_ok "$XPOT_OPT" convert linear/potential.yaml converted.yace
for potential in linear/potential.yaml linear/potential.yace converted.yace; do
    expect_ok "$XPOT_OPT" evaluate $potential --data valid.xyz --json $(basename $potential).json
    expect_near "$(json $(basename $potential).json energy_rmse_mev_per_atom)" 0 1e-3 "energy RMSE of $potential"
    expect_near "$(json $(basename $potential).json force_rmse_ev_per_ang)" 0 1e-5 "force RMSE of $potential"
done
expect_ok "$XPOT_OPT" evaluate linear/potential.yaml --data valid.xyz --out yaml.xyz
expect_ok "$XPOT_OPT" evaluate linear/potential.yace --data valid.xyz --out yace.xyz
cmp -s yaml.xyz yace.xyz || fail ".yaml and .yace predict other numbers"
expect_ok "$XPOT_OPT" info linear/potential.yaml

# Two elements and two densities: better with every stage, and found from near.
ELEMENTS='["Te", "Sb"]'
make_ace "$TWO" 5
write_ace two.json "$TWO" '"kappa": [0.9, 0.3], "iterations": [60, 40]'
expect_ok "$XPOT_OPT" fit two.json
awk -F, 'NR > 1 { if (!($3 in first)) first[$3] = $6; last[$3] = $6 }
    END { exit !(length(first) == 2 && last[1] < first[1] && last[2] < first[2]) }' two/potential.curve.csv ||
    fail "a stage does not lower the loss: $(cat two/potential.curve.csv)"
[ "$(json two/card.json parameters)" -gt 100 ] || fail "the card counts $(json two/card.json parameters) parameters"
expect_ok "$XPOT_OPT" evaluate two/potential.yaml --data train.xyz --json two.errors
expect_near "$(json two.errors energy_rmse_mev_per_atom)" "$(json two/card.json energy_rmse_mev_per_atom)" 1e-6 "energy RMSE of the file"
grep -q "elements: \[Sb, Te\]" two/potential.yace || fail "the elements are not in alphabetical order"

[ "$(json two/card.json iterations)" = "$(awk -F, 'NR > 1 && $5 > 0' two/potential.curve.csv | wc -l)" ] ||
    fail "the card counts $(json two/card.json iterations) iterations"
[ "$(cut -d, -f1-5 two/potential.curve.csv | sort | uniq -d)" = "" ] || fail "the curve has a point twice"

# An upfit goes on with it: the share of the forces falls, the energies get better.
write_ace up.json "$TWO" '"kappa": [0.05, 0.001], "iterations": [20, 60]'
expect_ok "$XPOT_OPT" upfit up.json two/potential.yaml
awk -v a="$(json up/card.json energy_rmse_mev_per_atom)" -v b="$(json two/card.json energy_rmse_mev_per_atom)" \
    'BEGIN { exit !(a < 0.9 * b) }' || fail "the upfit's energy error is $(json up/card.json energy_rmse_mev_per_atom)"
write_ace given.json "$TWO" '"kappa": [0.05, 0.001], "iterations": [20, 60], "initial_potential": "two/potential.yaml"'
expect_ok "$XPOT_OPT" fit given.json
same_fit up given "fit.initial_potential and upfit"
write_ace known.json "$TWO" '"kappa": 0.5, "iterations": 5, '"$NO_PENALTY"
expect_ok "$XPOT_OPT" upfit known.json known.yaml
expect_recovered known 1e-5 1e-7

# A ladder ends with all functions and in the same files.
write_ace ladder.json "$TWO" '"kappa": 0.5, "iterations": 15, "ladder_step": [3, 0.1]'
expect_ok "$XPOT_OPT" fit ladder.json
awk -F, 'NR > 1 { if ($1 != step) { if ($2 <= functions) exit 1; step = $1; functions = $2 } }
    END { exit !(step > 2 && functions == '"$(awk -F, 'END { print $2 }' two/potential.curve.csv)"') }' ladder/potential.curve.csv ||
    fail "the ladder's steps are odd"

# Any number of threads, and another folder: the same bytes.
for threads in 1 2 3; do
    expect_ok "$XPOT_OPT" fit two.json --threads $threads --output threads$threads --quiet
    same_fit two threads$threads "$threads threads"
done
write_ace auto.json "$TWO" '"kappa": "auto", "iterations": 5, "weighting": "energy", "virial_weight": 0.1, "huber_force": 0.5, "L1_coeffs": 1e-6'
expect_ok "$XPOT_OPT" fit auto.json
awk -F, 'NR == 2 { exit !($4 > 0 && $4 < 1 && $9 > 0 && $10 > 0 && $11 > 0) }' auto/potential.curve.csv || fail "a term of the loss is missing"

# Mistakes.
bad() {
    write_ace bad.json "${3:-$TWO}" "$2" "${4:-}"
    expect_error "$1" "$XPOT_OPT" fit bad.json --quiet
}
bad 'unknown key "kapa" in fit; did you mean "kappa"?' '"kapa": 1'
bad 'unknown key "ndensities"' '"kappa": 1' '"ndensities": 1'
bad 'solver "linear" needs one density with exponent 1' '"solver": "linear"'
bad 'absent.yaml' '"initial_potential": "absent.yaml"'
bad 'train.xyz' '"initial_potential": "train.xyz"'
bad 'is a range: give it a value, or run xpot-opt search' '"kappa": {"min": 0.1, "max": 0.9}'
bad 'iterations has 3 numbers and kappa 2' '"kappa": [0.5, 0.1], "iterations": [1, 2, 3]'
bad 'more than fit.memory allows' '"memory": 1e-4'
bad 'rcutfac' '"kappa": 1' "$TWO" '"loss": {"alpha": 0.5}, "rcutfac": 3'
bad 'ridge' '"ridge": 0.1'
expect_error "absent.yaml" "$XPOT_OPT" upfit two.json absent.yaml
expect_error "linear/potential.yace" "$XPOT_OPT" upfit two.json linear/potential.yace
expect_error "expected the potential to go on with behind the input, or --trial" "$XPOT_OPT" upfit two.json
write_input snap.json '{"kind": "snap", "twojmax": 2, "rcutfac": 3.9}'
sed -i 's/\["Si"\]/["Sb", "Te"]/' snap.json
expect_error "an upfit goes on with an ACE potential" "$XPOT_OPT" upfit snap.json known.yaml

# Data without the labels that the loss is made of: what is there serves, nothing is an error.
cp train.xyz all.xyz
sed 's/energy=[-0-9.e+]* *//' all.xyz >train.xyz
write_ace forces.json "$TWO" '"kappa": 0.5, "iterations": 3'
expect_ok "$XPOT_OPT" fit forces.json
bad 'train.xyz: stage 2 of the fit (kappa 0) has nothing to fit to: it needs energies' '"kappa": [0.5, 0]'
awk 'NF == 7 { print $1, $2, $3, $4; next } { sub(/:forces:R:3/, ""); print }' all.xyz >train.xyz
bad 'needs forces' '"kappa": 1'
write_ace energies.json "$TWO" '"kappa": 0.5, "iterations": 3'
expect_ok "$XPOT_OPT" fit energies.json
cp all.xyz train.xyz
bad 'needs energies or forces' '"kappa": 0.5' "$TWO" '"weights": {"default": {"eweight": 0, "fweight": 0}}'

# A checkpoint of another fit is left alone.
mkdir other && printf 'xpot-opt ACE checkpoint 1\n0123\n' >other/potential.checkpoint
expect_error "the checkpoint is of a fit with other input or data" "$XPOT_OPT" fit two.json --output other
echo words >other/potential.checkpoint
expect_error "expected a checkpoint of xpot-opt fit" "$XPOT_OPT" fit two.json --output other
echo passed
