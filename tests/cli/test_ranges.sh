#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A search with conditions, constraints and points to start from: every trial keeps to them, and a kill loses nothing.
. "$(dirname "$0")/common.sh"
make_data
write_input search.json '{"kind": {"choices": ["qsnap", "snap"]},
    "twojmax": {"ordered": [2, 4, 6], "when": {"potential.kind": "snap"}, "otherwise": 2},
    "rcutfac": {"min": 3.5, "max": 4.3}, "rfac0": {"min": 0.7, "max": 0.99}}' \
    '"constraints": ["potential.rcutfac < 4.4 - 0.05 * potential.twojmax", "potential.rfac0 < 0.9"],
    "fit": {"ridge": {"min": 1e-12, "max": 1e-6, "scale": "log", "when": {"potential.kind": ["qsnap"]}, "otherwise": 0}},
    "search": {"trials": 16, "initial": 8, "seed": 3}'
expect_ok "$XPOT_OPT" check search.json
grep -q 'potential.twojmax .*2, 4, 6, in this order; with potential.kind snap$' out || fail "check does not say when: $(cat out)"
expect_ok "$XPOT_OPT" search search.json
grep -q '"values":{"potential.kind":"qsnap","potential.twojmax":null,' tuned/journal.jsonl || fail "twojmax acts for qsnap: $(cat tuned/journal.jsonl)"
grep -q '"potential.kind":"snap".*"fit.ridge":null' tuned/journal.jsonl || fail "the ridge acts for snap"
grep '"potential.kind":"snap"' tuned/journal.jsonl | grep -q '"potential.twojmax":null' && fail "twojmax does not act for snap"
grep -o '"values":{.*' tuned/journal.jsonl | tr -d '{}"' | awk -F'[:,]' '{
    for (i = 2; i < NF; i += 2) value[$i] = $(i + 1)
    j = value["potential.twojmax"] == "null" ? 2 : value["potential.twojmax"]
    if (!(value["potential.rcutfac"] < 4.4 - 0.05 * j && value["potential.rfac0"] < 0.9)) exit 1 }' ||
    fail "a trial breaks a constraint: $(cat tuned/journal.jsonl)"
[ "$(grep -o '"values":{[^}]*}' tuned/journal.jsonl | sort -u | wc -l)" = 16 ] || fail "a point was tried twice"

grep -q '^[0-9]*,[^,]*,qsnap,,' tuned/trials.csv || fail "the table has values that did not act: $(cat tuned/trials.csv)"

# What is not active is what "otherwise" says: with twojmax 2 a quadratic model has 1 + 5 + 15 coefficients.
number=$(grep '"potential.kind":"qsnap"' tuned/journal.jsonl | head -1 | sed 's/{"start":\([0-9]*\),.*/\1/')
[ "$(grep "^{\"trial\":$number," tuned/journal.jsonl | grep -o '"rank":[0-9]*')" = '"rank":21' ] || fail "trial $number has not twojmax 2"

# Killed, and run again: the same bytes.
cp -r tuned before
head -20 before/journal.jsonl >tuned/journal.jsonl
expect_ok "$XPOT_OPT" search search.json
cmp before/journal.jsonl tuned/journal.jsonl || fail "a search that was cut went on with other trials"

# Other conditions or constraints are another search.
sed 's/"otherwise": 2/"otherwise": 4/' search.json >other.json
expect_error "which differs in potential.twojmax" "$XPOT_OPT" search other.json
sed 's/rfac0 < 0.9/rfac0 < 0.95/' search.json >other.json
expect_error "which differs in constraints" "$XPOT_OPT" search other.json

# Two kinds of potential in one search, each with ranges of its own.
write_input kinds.json '{"kind": {"choices": ["snap", "ace"]}, "twojmax": {"choices": [2, 4]}, "rcutfac": 3.9}' \
    '"output": "kinds", "fit": {"solver": "linear"}, "functions": {"number_of_functions_per_element": {"min": 5, "max": 20}},
    "bonds": {"ALL": {"rcut": {"min": 3.5, "max": 4.3}}}, "search": {"trials": 6, "initial": 6}'
expect_ok "$XPOT_OPT" search kinds.json
grep -q '"potential.kind":"ace","potential.twojmax":null,' kinds/journal.jsonl || fail "twojmax acts for ace"
grep -q '"potential.kind":"snap","potential.twojmax":"[24]","functions.number_of_functions_per_element":null,"bonds.ALL.rcut":null' \
    kinds/journal.jsonl || fail "ranges of ace act for snap: $(cat kinds/journal.jsonl)"
grep '"trial"' kinds/journal.jsonl | grep -q failed && fail "a trial failed: $(cat kinds/journal.jsonl)"
echo passed
