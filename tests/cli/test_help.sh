#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# --help says everything, with unit, range and default; init writes an input that works.
. "$(dirname "$0")/common.sh"
make_data
expect_ok "$XPOT_OPT" --version
grep -qE '^xpot-opt [0-9]+\.[0-9]+\.[0-9]+$' out || fail "--version says: $(cat out)"
expect_ok "$XPOT_OPT" --help
for command in init check fit upfit search report ablate evaluate active grade survive info convert; do
    grep -q "xpot-opt $command " out || fail "--help does not name $command"
    "$XPOT_OPT" $command --help >help || fail "$command --help"
    grep -q -- "--help" help || fail "$command --help is empty"
    awk '/^  --/ && NF > 2 && $2 ~ /^[A-Z]+/ { getline next_line; if (next_line !~ /; default /) exit 1 }' help ||
        fail "$command --help has an option without range and default"
    awk 'length > 200 { exit 1 }' help || fail "$command --help has a line that is too long"
done
for command in init check fit upfit search; do
    "$XPOT_OPT" $command --help >help
    for key in train validate twojmax rcutfac rfac0 rmin0 radelem wj switchflag bzeroflag bnormflag wselfallflag chemflag \
        switchinnerflag sinner dinner eweight fweight vweight alpha rcond ridge memory trials initial seed xi hours output threads \
        ndensity fs_parameters radbase rcut core-repulsion number_of_functions_per_element nradmax_by_orders kappa ladder_step; do
        grep -qE "^    $key " help || fail "$command --help does not explain $key"
    done
done
"$XPOT_OPT" init --schema | cmp - "$XPOT_SOURCE_DIR/docs/xpot-opt.schema.json" || fail "the published schema is old"

expect_ok "$XPOT_OPT" init --train train.xyz --validate valid.xyz --out input.json
expect_ok "$XPOT_OPT" check input.json
for words in "24 structures" "search space: 3 dimensions" "potential.rcutfac" "the input is good"; do
    grep -q "$words" out || fail "check does not say '$words': $(cat out)"
done
[ -e tuned ] && fail "check wrote something"
expect_error "exists; remove it" "$XPOT_OPT" init --train train.xyz --out input.json
expect_ok "$XPOT_OPT" init --train train.xyz --kind ace --out ace.json
grep -q '"kind":.*"ace"' ace.json || fail "init --kind ace writes another kind"
expect_error "expected snap, qsnap or ace" "$XPOT_OPT" init --train train.xyz --kind pace
expect_ok "$XPOT_OPT" check ace.json
grep -q "search space: 1 dimensions" out || fail "the ACE input that init writes has other dimensions: $(cat out)"

# The largest fit of a space of ACE is that of the largest numbers, wherever they stand in a list of choices.
ace_input() { # FILE FUNCTIONS RCUT LMAX [MORE]
    cat >"$1" <<INPUT
{"elements": ["Si"], "data": {"train": "train.xyz"}, "potential": {"kind": "ace"},
 "bonds": {"ALL": {"rcut": $3}},
 "functions": {"number_of_functions_per_element": $2, "ALL": {"nradmax_by_orders": [4, 3, 2], "lmax_by_orders": [0, $4, 1]}}${5:+,
 $5}}
INPUT
}
size_of() { sed -n 's/^fit[^:]*: \(.*\)/\1/p' "$1"; }
ace_input fixed.json 30 5.5 3
expect_ok "$XPOT_OPT" check fixed.json
cp out fixed.out
ace_input space.json '{"choices": [8, 30, 12]}' '{"min": 4.0, "max": 5.5}' '{"choices": [1, 3, 2]}'
expect_ok "$XPOT_OPT" check space.json
[ -n "$(size_of out)" ] && [ "$(size_of out)" = "$(size_of fixed.out)" ] ||
    fail "the largest fit is '$(size_of out)', expected '$(size_of fixed.out)'"

# ACE takes virials by fit.virial_weight, energies and forces by kappa; weights of groups are relative.
sed 's/ virial="[^"]*"//' train.xyz >plain.xyz
note="note: no structure of .* has a virial"
ace_input ace.json 8 4.0 1
sed -i 's/train.xyz/plain.xyz/' ace.json
expect_ok "$XPOT_OPT" check ace.json
grep -q "note: no structure" err && fail "virials that nothing asks for are missed: $(cat err)"
ace_input ace.json 8 4.0 1 '"fit": {"virial_weight": 0.1}'
sed -i 's/train.xyz/plain.xyz/' ace.json
expect_ok "$XPOT_OPT" check ace.json
grep -q "$note" err || fail "check does not miss virials: $(cat err)"
ace_input ace.json 8 4.0 1 '"weights": {"default": {"vweight": 1}}'
expect_ok "$XPOT_OPT" check ace.json
grep -q "vweight acts only with fit.virial_weight" err || fail "check does not say that vweight alone does nothing: $(cat err)"
sed 's/:forces:R:3//; s/^\(Si *[^ ]* *[^ ]* *[^ ]*\) .*/\1/' train.xyz >energies.xyz
for kappa in 0 1; do
    ace_input ace.json 8 4.0 1 "\"fit\": {\"kappa\": [$kappa]}"
    sed -i 's/train.xyz/energies.xyz/' ace.json
    expect_ok "$XPOT_OPT" check ace.json
    [ "$(grep -c "has forces" err)" = $kappa ] || fail "kappa $kappa, no forces: $(cat err)"
done
mkdir study
expect_ok "$XPOT_OPT" init --train train.xyz --validate ./valid.xyz --out study/input.json
expect_ok "$XPOT_OPT" check study/input.json
"$XPOT_OPT" init --train train.xyz | grep -q '"B"' || fail "init does not list the groups"
awk '/config_type=/ { sub(/config_type=./, "config_type=G" n++) } { print }' train.xyz >many.xyz
"$XPOT_OPT" init --train many.xyz | grep -q '"G' && fail "init lists 24 groups"
echo passed
