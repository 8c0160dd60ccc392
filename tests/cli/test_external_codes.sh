#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The examples of inputs/ by their real programs: a search is killed within its second trial and goes on. XPOT_GAP, XPOT_FITSNAP,
# XPOT_PACEMAKER: Python environments with the programs; without, those on the PATH; skipped where there are none.
. "$(dirname "$0")/common.sh"
XPOT_BUILD=$(dirname "$(dirname "$XPOT_OPT")")
export XPOT_BUILD
[ "$XPOT_BUILD/bin/xpot-opt" = "$XPOT_OPT" ] || fail "$XPOT_OPT is not in a folder bin"
make_data
mv valid.xyz test.xyz

# search NAME ENVIRONMENT: the search of an example, killed once and run again.
search() {
    local name=$1 run=("$XPOT_SOURCE_DIR/inputs/$1/run" --data . --every 1 --trials 3 --out "$1" ${2:+--venv "$2"}) waited=0
    "${run[@]}" >"$name.log" 2>&1 &
    while [ ! -d "$name/search/trials/2" ]; do
        kill -0 $! 2>/dev/null || fail "$name ended early: $(tail -5 "$name.log") $(cat "$name/search/journal.jsonl")"
        sleep 0.2
        waited=$((waited + 1))
        [ "$waited" -lt 1500 ] || fail "$name made no trial in five minutes"
    done
    sleep 1
    pkill -KILL -P $! -x xpot-opt || fail "$name: no search to kill"
    wait $! 2>/dev/null
    cp "$name/search/journal.jsonl" before
    "${run[@]}" >"$name.log" 2>&1 || fail "$name did not go on: $(tail -5 "$name.log")"
    head -c "$(wc -c <before)" "$name/search/journal.jsonl" | cmp - before || fail "$name: going on changed earlier trials"
    [ "$(grep -c '"loss":[0-9]' "$name/search/journal.jsonl")" = 3 ] || fail "$name: not all trials succeeded: $(cat "$name/search/journal.jsonl")"
    [ -e "$name/search/best/command.out" ] || fail "$name: no folder of the best trial"
    echo "$name: $(json "$name/search/card.json" loss)"
}

tested=0
for code in gap:gap_fit:${XPOT_GAP:-} fitsnap:fitsnap3:${XPOT_FITSNAP:-} pacemaker:pacemaker:${XPOT_PACEMAKER:-}; do
    IFS=: read -r name program environment <<<"$code"
    if [ -z "$environment" ] && ! command -v "$program" >/dev/null; then
        echo "$name-search is not tested: $program is not on the PATH, and XPOT_${name^^} names no environment with it"
        continue
    fi
    search "$name-search" "$environment"
    tested=$((tested + 1))
done
[ "$tested" -gt 0 ] || exit 77
echo passed
