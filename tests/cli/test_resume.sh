#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Killed at ten random moments and run again, a search leaves what an uninterrupted one leaves.
. "$(dirname "$0")/common.sh"
make_data
write_input search.json '{"kind": "snap", "twojmax": {"min": 2, "max": 5}, "rcutfac": {"min": 3.5, "max": 5.5}, "rfac0": {"min": 0.6, "max": 1}}' \
    '"weights": {"A": {"eweight": {"min": 1, "max": 100, "scale": "log"}}}, "search": {"trials": 30, "initial": 8, "seed": 11}'
start=$(date +%s.%N)
expect_ok "$XPOT_OPT" search search.json --output whole --quiet
whole=$(awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { print b - a }')

RANDOM=${XPOT_TEST_SEED:-17}
killed=0
for attempt in $(seq 1 60); do
    [ "$killed" = 10 ] && break
    "$XPOT_OPT" search search.json --output parts --quiet >/dev/null 2>err &
    victim=$!
    sleep "$(awk -v r="$RANDOM" -v w="$whole" 'BEGIN { print w * (0.02 + 0.12 * r / 32768) }')"
    kill -KILL "$victim" 2>/dev/null || break
    wait "$victim" 2>/dev/null
    [ $? = 137 ] || break
    killed=$((killed + 1))
    echo "killed after $(($(cat parts/journal.jsonl 2>/dev/null | wc -l) - 1)) trials"
done
[ "$killed" -ge 5 ] || fail "only $killed kills hit a running search"
expect_ok "$XPOT_OPT" search search.json --output parts --quiet
for file in journal.jsonl trials.csv potential.snapcoeff potential.snapparam potential.asi; do
    cmp whole/$file parts/$file || fail "$file of the killed search differs"
done
[ "$(cut -d, -f1 parts/timings.csv | tail -n +2 | tr '\n' ' ')" = "$(seq -s ' ' 1 30) " ] ||
    fail "timings.csv lacks or repeats trials: $(cut -d, -f1 parts/timings.csv)"
find parts -name '*.part' | grep -q . && echo "note: a kill left a temporary file"
[ "$(find parts -type f ! -name '*.part' ! -name '.*' | wc -l)" = 15 ] || fail "other files were left: $(ls -A parts)"
echo "passed: $killed kills"
