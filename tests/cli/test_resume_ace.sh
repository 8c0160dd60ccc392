#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Killed at random moments and run again, an ACE fit ends with the bytes of one that was not.
. "$(dirname "$0")/ace_common.sh"
ELEMENTS='["Sb", "Te"]'
make_ace "$TWO" 5
RANDOM=${XPOT_TEST_SEED:-17}

# check_fit INPUT: what is left when a fit that was killed has come to its end.
check_fit() {
    same_fit whole parts "$1, killed"
    [ "$(find parts -type f ! -name '*.part' ! -name '.*' | wc -l)" = 7 ] || fail "other files were left: $(ls -A parts)"
}

# kill_fits INPUT: runs and kills it at random moments, again and again; a fit that ends before it is begun anew.
kill_fits() {
    local start whole killed=0 resumed=0 victim
    start=$(date +%s.%N)
    expect_ok "$XPOT_OPT" fit "$1" --output whole --quiet --threads 1
    whole=$(awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { print b - a }')
    while [ "$killed" -lt 6 ] || [ "$resumed" -lt 2 ]; do
        [ "$SECONDS" -lt 600 ] || fail "$1: only $killed kills hit the fit, $resumed of them one that went on"
        "$XPOT_OPT" fit "$1" --output parts --threads 1 >out 2>err &
        victim=$!
        sleep "$(awk -v r="$RANDOM" -v w="$whole" 'BEGIN { print w * (0.1 + 0.4 * r / 32768) }')"
        kill -KILL "$victim" 2>/dev/null
        wait "$victim" 2>/dev/null
        if [ $? = 137 ]; then
            killed=$((killed + 1))
            grep -q "going on from" err && resumed=$((resumed + 1))
        else
            check_fit "$1"
            rm -r parts
        fi
    done
    expect_ok "$XPOT_OPT" fit "$1" --output parts --threads 2
    check_fit "$1"
    echo "$1: $killed kills, $resumed of them of a fit that went on"
    rm -r whole parts
}

write_ace stages.json "$TWO" '"kappa": [0.9, 0.3, 0.01], "iterations": [120, 80, 60], "checkpoint": 7'
kill_fits stages.json
# What comes from data and earlier steps: kappa, the basis, the best point so far. Without free atoms their energies are
# fitted, too.
tail -n +7 train.xyz >bound.xyz && mv bound.xyz train.xyz
grep -q config_type=free train.xyz && fail "the free atoms are not where they were"
write_ace ladder.json "$TWO" '"kappa": "auto", "iterations": [40, 40], "checkpoint": 9, "ladder_step": 7, "patience": 15'
kill_fits ladder.json
write_ace lm.json "$TWO" '"kappa": [0.9, 0.1], "iterations": 40, "checkpoint": 2, "solver": "lm", "initial_potential": "known.yaml", "L2_coeffs": 1e-4, "ladder_step": 9'
kill_fits lm.json
echo passed
