#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A search finds what made the data, records failures, and goes on only with the same input.
. "$(dirname "$0")/common.sh"
make_data
write_input search.json '{"kind": "snap", "twojmax": {"choices": [2, 4]}, "rcutfac": {"min": 3.5, "max": 4.3}}' \
    '"weights": {"default": {"eweight": {"min": 1, "max": 100, "scale": "log"}}}, "search": {"trials": 20, "initial": 8, "seed": 3}'
expect_ok "$XPOT_OPT" search search.json
[ "$(wc -l <tuned/journal.jsonl)" = 41 ] || fail "the journal has $(wc -l <tuned/journal.jsonl) lines"
[ "$(wc -l <tuned/trials.csv)" = 21 ] || fail "trials.csv has $(wc -l <tuned/trials.csv) lines"
[ "$(wc -l <tuned/timings.csv)" = 21 ] || fail "timings.csv has $(wc -l <tuned/timings.csv) lines"
grep -q '^potential.twojmax *4$' out || fail "the search did not find twojmax 4: $(cat out)"
grep -qE '[0-9]{4}-[0-9]{2}-[0-9]{2}|seconds|/tmp' tuned/journal.jsonl && fail "the journal holds a date, time or path"

# The potential that is written has the loss that the journal says is best.
best=$(grep -o '"loss":[0-9.e+-]*' tuned/journal.jsonl | cut -d: -f2 | sort -g | head -1)
# cJSON writes 15 digits where they are within a unit in the last place.
expect_near "$(json tuned/card.json value)" "$best" 1e-15 "loss of the card"
[ "$(json tuned/card.json trials)" = 20 ] || fail "the card does not say how many trials were made"

# Run again: nothing is tried, the same potential is written. More trials go on from there.
cp -r tuned before
expect_ok "$XPOT_OPT" search search.json
for file in journal.jsonl trials.csv timings.csv potential.snapcoeff potential.snapparam; do
    cmp before/$file tuned/$file || fail "a finished search changed $file"
done
expect_ok "$XPOT_OPT" search search.json --trials 22
head -41 tuned/journal.jsonl | cmp - before/journal.jsonl || fail "going on changed earlier trials"
[ "$(wc -l <tuned/journal.jsonl)" = 45 ] || fail "--trials 22 did not make two more"

# Another input, other data: refused. What changes no trial is not another input.
sed 's/"max": 4.3/"max": 4.4/' search.json >other.json
expect_error "journal.jsonl" "$XPOT_OPT" search other.json
sed 's/"search"/"loss": {"alpha": 0.9}, "search"/' search.json >other.json
expect_error "journal.jsonl" "$XPOT_OPT" search other.json
cp train.xyz saved.xyz && "$XPOT_CLI_DATA" label known train.xyz 5 24
expect_error "journal.jsonl" "$XPOT_OPT" search search.json
mv saved.xyz train.xyz
sed 's/"trials": 20/"trials": 22/; s/"elements"/"threads": 1, "elements"/' search.json >same.json
expect_ok "$XPOT_OPT" search same.json

# A point that cannot be fitted is a trial with a reason. Here all with rmin0 beyond the cutoff.
write_input failing.json '{"kind": "snap", "twojmax": 2, "rcutfac": 3.9, "rmin0": {"choices": [0, 5]}, "rfac0": {"min": 0.8, "max": 1}}' \
    '"output": "failing", "search": {"trials": 8, "initial": 6}'
expect_ok "$XPOT_OPT" search failing.json
grep -q '"failed":"[^"]*rmin0' failing/journal.jsonl || fail "no failed trial with its reason: $(cat failing/journal.jsonl)"
grep -q 'rmin0' failing/trials.csv || fail "the table has no reason"
[ -s failing/potential.snapcoeff ] || fail "failed trials ended the search"
write_input hopeless.json '{"kind": "snap", "twojmax": 2, "rcutfac": 3.9, "rmin0": 5, "rfac0": {"min": 0.8, "max": 1}}' \
    '"output": "hopeless", "search": {"trials": 3}'
"$XPOT_OPT" search hopeless.json --quiet 2>err && fail "a search without a success succeeded"
grep -q "none of the 3 trials succeeded" err || fail "a search without a success said: $(cat err)"
[ -e hopeless/potential.snapcoeff ] && fail "a search without a success wrote a potential"
echo passed
