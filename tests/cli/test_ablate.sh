#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Ablation studies, and fits and upfits of trials of a search for ACE.
. "$(dirname "$0")/ace_common.sh"
make_ace "$TWO" 1
write_ace model.json "$TWO" '"kappa": [0.5], "iterations": [20]'

expect_ok "$XPOT_OPT" ablate model.json functions.number_of_functions_per_element=8 embeddings.ALL.ndensity=1 groups.A=0.5,0 --threads 1
folder=model/ablation
[ "$(cut -d, -f1,2 $folder/ablation.csv | tail -n +2 | tr '\n' ' ')" = \
    "reference, functions.number_of_functions_per_element,8 embeddings.ALL.ndensity,1 groups.A,0.5 groups.A,0 " ] ||
    fail "the rows are $(cut -d, -f1,2 $folder/ablation.csv | tr '\n' ' ')"
[ "$(wc -l <$folder/ablation.md)" = 7 ] || fail "ablation.md: $(cat $folder/ablation.md)"
awk -F, 'NR > 1 && ($4 <= 0 || $6 <= 0 || $9 <= 0 || $10 <= 0) { exit 1 }' $folder/ablation.csv || fail "a number is missing: $(cat $folder/ablation.csv)"
awk -F, 'NR == 2 { reference = $6 } NR == 3 && $6 <= reference { exit 1 }' $folder/ablation.csv || fail "fewer functions fit better"

# The reference is the model of the input; other rows are what their inputs say.
expect_ok "$XPOT_OPT" fit model.json --threads 1
cmp model/potential.yaml $folder/reference/potential.yaml || fail "the reference is another model"
sed 's/"number_of_functions_per_element": 18/"number_of_functions_per_element": 8/; s/"output": "model"/"output": "eight"/' model.json >eight.json
expect_ok "$XPOT_OPT" fit eight.json --threads 1
cmp eight/potential.yaml $folder/functions.number_of_functions_per_element=8/potential.yaml || fail "a row is another model"
write_ace one.json "$LINEAR" '"kappa": [0.5], "iterations": [20]'
expect_ok "$XPOT_OPT" fit one.json --threads 1
cmp one/potential.yaml $folder/embeddings.ALL.ndensity=1/potential.yaml || fail "one density is another model"
half=$(json <(sed -n '/"train"/,/}/p' $folder/groups.A=0.5/card.json) structures)
none=$(json <(sed -n '/"train"/,/}/p' $folder/groups.A=0/card.json) structures)
members=$(grep -c 'config_type=A' train.xyz) all=$(grep -c 'energy=' train.xyz)
[ "$half" = $((all - members / 2)) ] && [ "$none" = $((all - members)) ] ||
    fail "half and none of $members in $all structures leave $half and $none"

# What is done is not done again; what is new, or has another input, is.
touch -d '2001-01-01' $folder/*/card.json
expect_ok "$XPOT_OPT" ablate model.json groups.A=0.5,0.25 --threads 1
[ "$(stat -c %Y $folder/groups.A=0.5/card.json)" -lt 1000000000 ] || fail "a finished row was fitted again"
[ -e $folder/groups.A=0.25/card.json ] || fail "a new row was not fitted"
expect_ok "$XPOT_OPT" ablate model.json groups.A=0 --threads 1
[ "$(stat -c %Y $folder/groups.A=0/card.json)" -lt 1000000000 ] || fail "a row of an earlier run was forgotten"
sed 's/"iterations": \[20\]/"iterations": [21]/' model.json >longer.json
expect_ok "$XPOT_OPT" ablate longer.json groups.A=0 --threads 1
[ "$(stat -c %Y $folder/groups.A=0/card.json)" -gt 1000000000 ] || fail "another input gave no other row"

# Mistakes are found before anything is fitted.
expect_error 'did you mean "embeddings.ALL.ndensity"' "$XPOT_OPT" ablate model.json embeddings.ALL.ndensit=1
expect_error 'no structure is of config_type "RSS"' "$XPOT_OPT" ablate model.json groups.RSS=0.5
expect_error "expected the share to keep" "$XPOT_OPT" ablate model.json groups.A=1.5
expect_error "changes no result" "$XPOT_OPT" ablate model.json embeddings.ALL.ndensity=2
expect_error "expected KEY=VALUE" "$XPOT_OPT" ablate model.json embeddings.ALL.ndensity

# A search; its best trial fitted, upfitted and ablated.
sed 's/"rcut": 4.5/"rcut": {"min": 3.8, "max": 4.6}/; s/"output": "model"/"output": "found", "search": {"trials": 4, "initial": 3}/' model.json >search.json
expect_ok "$XPOT_OPT" search search.json --quiet --threads 1
best=$(json found/card.json best_trial)
expect_ok "$XPOT_OPT" fit search.json --trial best --threads 1
cmp found/potential.yaml found/trial-$best/potential.yaml || fail "the best trial is another potential"
expect_ok "$XPOT_OPT" upfit search.json --trial best --kappa 0.02 --iterations 15 --threads 1
cmp -s found/trial-$best/potential.yaml found/trial-$best-upfit/potential.yaml && fail "the upfit changed nothing"
[ "$(awk -F, 'NR == 3 { print $4 }' found/trial-$best-upfit/potential.curve.csv)" = 0.02 ] || fail "the upfit had another kappa"
expect_error "run xpot-opt fit search.json --trial" "$XPOT_OPT" upfit search.json --trial $((best % 4 + 1))
expect_ok "$XPOT_OPT" ablate search.json --trial best bonds.ALL.rcut=3.9 --threads 1
cmp found/potential.yaml found/trial-$best/ablation/reference/potential.yaml || fail "the reference is not the trial"
expect_error "bonds.ALL.rcut is a range" "$XPOT_OPT" ablate search.json embeddings.ALL.ndensity=1
echo passed
