#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# --help says everything, with unit, range and default; init writes an input that works.
. "$(dirname "$0")/common.sh"
make_data
expect_ok "$XPOT_OPT" --version
grep -qE '^xpot-opt [0-9]+\.[0-9]+\.[0-9]+$' out || fail "--version says: $(cat out)"
expect_ok "$XPOT_OPT" --help
for command in init check fit search evaluate info convert; do
    grep -q "xpot-opt $command " out || fail "--help does not name $command"
    "$XPOT_OPT" $command --help >help || fail "$command --help"
    grep -q -- "--help" help || fail "$command --help is empty"
    awk '/^  --/ && NF > 2 && $2 ~ /^[A-Z]+/ { getline next_line; if (next_line !~ /; default /) exit 1 }' help ||
        fail "$command --help has an option without range and default"
    awk 'length > 200 { exit 1 }' help || fail "$command --help has a line that is too long"
done
for command in init check fit search; do
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
mkdir study
expect_ok "$XPOT_OPT" init --train train.xyz --validate ./valid.xyz --out study/input.json
expect_ok "$XPOT_OPT" check study/input.json
"$XPOT_OPT" init --train train.xyz | grep -q '"B"' || fail "init does not list the groups"
awk '/config_type=/ { sub(/config_type=./, "config_type=G" n++) } { print }' train.xyz >many.xyz
"$XPOT_OPT" init --train many.xyz | grep -q '"G' && fail "init lists 24 groups"
echo passed
