#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Four trials at a time on two processes of MPI, of which any process is killed at any time, fifty times: the journal stays
# valid, nothing is left running, and the search comes to its end.
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/mpi_common.sh"
KILLS=50
TRIALS=400
"$XPOT_CLI_DATA" model known && "$XPOT_CLI_DATA" label known train.xyz 1 60 && "$XPOT_CLI_DATA" label known valid.xyz 2 6 ||
    fail "the data cannot be made"
# A design of all points: nothing here is about the model that chooses them.
write_input search.json '{"kind": "snap", "twojmax": {"min": 5, "max": 7}, "rcutfac": {"min": 4.5, "max": 6.5}, "rfac0": {"min": 0.6, "max": 1}}' \
    "\"search\": {\"trials\": $TRIALS, \"initial\": $TRIALS, \"seed\": 11, \"parallel\": 2}"

begin() {
    setsid "$MPIRUN" -np 2 "$XPOT_OPT" search search.json --threads 1 --output "$WORK/many" --quiet >out 2>err &
    launcher=$!
    disown # its end is no news
}

# Processes of the search, of a kind: launcher, process (of MPI), worker.
members() {
    case $1 in
    launcher) pgrep -f "^[^ ]*$(basename "$MPIRUN") .*--output $WORK/many" ;;
    process) pgrep -f "^[^ ]*xpot-opt search search.json --threads .*--output $WORK/many" ;;
    worker) pgrep -f "^[^ ]*xpot-opt search search.json --worker .*--output $WORK/many" ;;
    esac
}

# Starts follow each other, every result belongs to a start, none is there twice; only the last line may be cut.
check_journal() {
    awk -v whole="$(tail -c 1 many/journal.jsonl | wc -l)" '
        { line[NR] = $0 }
        function fail(what) { print "line " i ": " what ": " substr(line[i], 1, 80); bad = 1 }
        END {
            last = whole ? NR : NR - 1
            for (i = 1; i <= last; i++) {
                if (line[i] !~ /^\{.*\}$/) fail("not an object")
                if (i == 1) { if (line[1] !~ /^\{"xpot_journal":2,/) fail("not a header"); continue }
                split(line[i], part, /[:,]/)
                if (part[1] == "{\"start\"") { if (part[2] != ++starts) fail("expected start " starts) }
                else if (part[1] != "{\"trial\"") fail("no event")
                else if (part[2] > starts || done[part[2]]++) fail("a result too many")
            }
            exit bad
        }' many/journal.jsonl || fail "the journal is not valid"
}

# Nothing of the search outlives what was killed. mpirun itself now and then hangs when one of its processes is killed as it begins.
wait_until_gone() {
    for attempt in $(seq 1 200); do
        [ -z "$(pgrep -f "^[^ ]*xpot-opt search search.json .*--output $WORK/many")" ] && break
        sleep 0.1
    done
    [ "$attempt" = 200 ] && fail "left running after $1 was killed: $(pgrep -fa "$WORK/many")"
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        [ -z "$(members launcher)" ] && return
        sleep 0.2
    done
    echo "note: the launcher hung"
    kill -KILL $launcher
}

pause() { sleep "$(awk -v r=$RANDOM -v most="$1" 'BEGIN { print most * r / 32768 }')"; }

RANDOM=${XPOT_TEST_SEED:-17}
declare -A killed=([launcher]=0 [process]=0 [worker]=0)
kills=0
begin
for attempt in $(seq 1 $((4 * KILLS))); do
    [ $kills = $KILLS ] && break
    pause 0.6
    kinds=(launcher process process worker worker worker)
    kind=${kinds[$((RANDOM % 6))]}
    victims=($(members $kind))
    [ ${#victims[@]} = 0 ] || victim=${victims[$((RANDOM % ${#victims[@]}))]}
    if [ ${#victims[@]} = 0 ] || ! kill -KILL "$victim" 2>/dev/null; then
        [ -n "$(members launcher)" ] || begin # it is over
        continue
    fi
    kills=$((kills + 1))
    killed[$kind]=$((${killed[$kind]} + 1))
    if [ $kind != worker ]; then
        wait_until_gone "a $kind"
        begin
    fi
    [ -s many/journal.jsonl ] && check_journal
done
kill -KILL $launcher 2>/dev/null
wait_until_gone "the last one"
[ $kills -ge $((KILLS / 2)) ] || fail "only $kills kills hit a running search"
echo "killed: ${killed[launcher]} launchers, ${killed[process]} processes, ${killed[worker]} workers," \
    "with $(grep -c '^{"trial"' many/journal.jsonl) of $TRIALS trials done"

expect_ok "$XPOT_OPT" search search.json --output "$WORK/many" --parallel 4 --quiet
check_journal
[ "$(wc -l <many/journal.jsonl)" = $((2 * TRIALS + 1)) ] || fail "the journal has $(wc -l <many/journal.jsonl) lines"
[ "$(cut -d, -f1 many/timings.csv | tail -n +2 | tr '\n' ' ')" = "$(seq -s ' ' 1 $TRIALS) " ] ||
    fail "timings.csv lacks or repeats trials"
grep '"failed"' many/journal.jsonl | grep -v 'ended by signal 9 (Killed), 2 times' && fail "a trial failed for another reason"
[ -s many/potential.snapcoeff ] || fail "there is no potential"
echo passed
