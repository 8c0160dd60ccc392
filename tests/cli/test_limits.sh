#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Trials over their limits of time and memory are stopped and recorded as failed; the search goes on. Halving makes few trials
# whole.
. "$(dirname "$0")/common.sh"
make_data

# expect_stopped FOLDER TWOJMAX REASON: the trials with this twojmax, and no others, were stopped for this reason.
expect_stopped() {
    local expected found
    expected=$(grep -c "^{\"start\".*\"potential.twojmax\":\"$2\"" "$1/journal.jsonl")
    found=$(grep -c "\"failed\":\"$3\"" "$1/journal.jsonl")
    [ "$expected" -ge 1 ] && [ "$found" = "$expected" ] ||
        fail "expected $expected stopped trials, found $found: $(cut -c1-200 "$1/journal.jsonl")"
    [ "$(grep -c '"failed"' "$1/journal.jsonl")" = "$expected" ] || fail "other trials failed, too"
    grep -q '"loss"' "$1/journal.jsonl" || fail "no other trial succeeded"
}

# qsnap with twojmax 10 takes half a minute; with 2 it takes no time.
write_input slow.json '{"kind": "qsnap", "twojmax": {"choices": [2, 10]}, "rcutfac": {"min": 4.5, "max": 5}}' \
    '"output": "slow", "threads": 1, "search": {"trials": 6, "initial": 6, "seed": 3, "trial_hours": 5e-4, "parallel": 2}'
expect_ok "$XPOT_OPT" search slow.json --quiet
expect_stopped slow 10 'stopped: it took longer than search.trial_hours, 0.0005 h'
pgrep -f "$PWD/slow|search slow.json" && fail "a worker was left"

# The triangular factor of qsnap with twojmax 10 has thousands of columns, that of 2 has few.
write_input large.json '{"kind": "qsnap", "twojmax": {"choices": [2, 10]}, "rcutfac": {"min": 4.5, "max": 5}}' \
    '"output": "large", "threads": 1, "search": {"trials": 6, "initial": 6, "seed": 3, "trial_memory": 0.06}'
if [ -n "${XPOT_SANITIZED:-}" ]; then
    echo "note: a sanitizer's own memory hides that of a trial"
else
    expect_ok "$XPOT_OPT" search large.json --quiet
    expect_stopped large 10 'stopped: it needed more memory than search.trial_memory, 0.06 GB'
fi

# Successive halving: the journal says at which share of the data, and of which trial, a trial is.
write_input halving.json '{"kind": "snap", "twojmax": {"min": 2, "max": 4}, "rcutfac": {"min": 3.5, "max": 4.3}, "rfac0": {"min": 0.7, "max": 1}}' \
    '"output": "halving", "search": {"trials": 26, "initial": 18, "seed": 3, "fidelity": [0.25, 0.5, 1]}'
expect_ok "$XPOT_OPT" search halving.json
[ "$(grep -c '^{"start".*"fidelity":0.25}' halving/journal.jsonl)" -ge 10 ] || fail "few cheap trials: $(cut -c1-200 halving/journal.jsonl)"
grep -q '^{"start".*"fidelity":0.5,"of":[0-9]*}' halving/journal.jsonl || fail "no trial went on"
grep -qE '^\{"start".*\},"of":[0-9]+\}' halving/journal.jsonl || fail "no trial went on to be a whole one"
cp -r halving before
expect_ok "$XPOT_OPT" search halving.json --trials 40
head -53 halving/journal.jsonl | cmp - before/journal.jsonl || fail "going on changed earlier trials"

# The best trial is the best within the limits; a measured metric is recorded because the search uses it.
write_input bounded.json '{"kind": "snap", "twojmax": {"choices": [2, 4]}, "rcutfac": {"min": 3.5, "max": 4.3}}' \
    '"output": "bounded", "limits": {"rank": {"max": 10}}, "search": {"trials": 10, "initial": 8, "seed": 3, "second": "us_per_atom"}'
expect_ok "$XPOT_OPT" search bounded.json
grep -q '"second_metric":"us_per_atom","second_rises":false,"bounds":\[{"metric":"rank","max":10}\]' bounded/journal.jsonl ||
    fail "the header does not say what decides: $(head -1 bounded/journal.jsonl)"
grep -q '"us_per_atom":[0-9]' bounded/journal.jsonl || fail "the cost was not measured"
grep -q '^potential.twojmax *2$' out || fail "the best trial is not within the limits: $(cat out)"
expect_ok "$XPOT_OPT" search bounded.json --trials 11
sed 's/"rank"/"ramk"/' bounded.json >wrong.json
expect_error 'rank' "$XPOT_OPT" search wrong.json --quiet
sed 's/us_per_atom/us_per_atm/' bounded.json >wrong.json
expect_error 'us_per_atom' "$XPOT_OPT" search wrong.json --quiet

write_input odd.json '{"kind": "snap", "twojmax": {"min": 2, "max": 4}}' '"search": {"fidelity": [0.5, 0.25]}'
expect_error "search.fidelity: expected shares above 0 in ascending order, the last of them 1" "$XPOT_OPT" search odd.json --quiet
expect_error "option --parallel: expected a whole number" "$XPOT_OPT" search slow.json --parallel 0
echo passed
