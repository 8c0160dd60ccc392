#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs of survival by LAMMPS itself: potentials of both kinds, fitted to silicon, live through a warm crystal; cells that become far
# hotter than the thermostat do not. XPOT_OPT: the program.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# cells NUMBER RATTLE: diamond cells of 8 atoms, stretched, sheared and rattled.
cells() {
    awk -v n="$1" -v rattle="$2" 'BEGIN { srand(4); for (s = 0; s < n; s++) {
    a = 5.43 * (1 + rattle * 0.25 * (rand() - 0.5)); t = rattle * 1.3 * (rand() - 0.5)
    printf "8\nLattice=\"%.8f 0 0 %.8f %.8f 0 0 %.8f %.8f\" Properties=species:S:1:pos:R:3 config_type=A pbc=\"T T T\"\n", a, t, a, t, a
    for (i = 0; i < 4; i++) for (j = 0; j < 2; j++) {
        x = (i == 1 || i == 2) / 2 + j / 4; y = (i == 1 || i == 3) / 2 + j / 4; z = (i == 2 || i == 3) / 2 + j / 4
        printf "Si %.8f %.8f %.8f\n", x * a + y * t + rattle * (rand() - 0.5), y * a + z * t + rattle * (rand() - 0.5), z * a + rattle * (rand() - 0.5)
    } } }'
}
cells 24 0.3 >cells.xyz
cells 1 0 >crystal.xyz
"$XPOT_OPT" evaluate "$silicon.snapcoeff" "$silicon.snapparam" --data cells.xyz --out train.xyz >out.txt 2>&1 || { cat out.txt && exit 1; }

# share NAME POTENTIAL SURVIVAL EXPECTED: a fit with these settings has this share of survivors.
share() {
    cat >"$1.json" <<INPUT
{"elements": ["Si"], "data": {"train": "train.xyz", "holdout": 0.2}, "output": "$1", "potential": $2,
 "fit": {${5:-}}, "survival": {"runs": 2, "steps": 300, "lammps": "$LMP", "plugin": "$PLUGINS/xpotaceplugin.so", $3}}
INPUT
    "$XPOT_OPT" fit "$1.json" >out.txt 2>&1 || fail "$1: $(tail -n 3 out.txt)"
    grep -q "share of runs that survived $4)" out.txt || fail "$1: expected survival $4, found $(grep -m1 '^loss' out.txt)"
}

snap='{"kind": "snap", "twojmax": 6, "rcutfac": 4.7}'
share warm "$snap" '"structures": "crystal.xyz", "temperature": 300' 1
share rattled "$snap" '"structures": "cells.xyz", "temperature": 1' 0
share ace '{"kind": "ace"}, "functions": {"number_of_functions_per_element": 30}' '"structures": "crystal.xyz", "temperature": 300' 1 '"iterations": [30, 10]'

sed "s#xpotaceplugin#no-such-plugin#" warm.json >none.json
if "$XPOT_OPT" fit none.json >out.txt 2>&1; then fail "a missing plugin is no error"; fi
grep -q "none.json: survival.lammps: expected .* pair_style xpotace" out.txt || fail "a missing plugin: $(cat out.txt)"
finish
