#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A search whose fits another code makes: templates, the three ways of reading results, failures, limits, kill and resume. The code is
# tests/cli/fake_fitter.
FAKE=$(cd "$(dirname "$0")" && pwd)/fake_fitter
. "$(dirname "$0")/common.sh"
make_data
echo "$FAKE {{validate}} {{a}} {{b}} {{ mode }} # {{{{x}} {{word}} {{flag}} {{seed}} {{trial}} {{fidelity}} {{train}}" >run.in
A='"a": {"min": 0, "max": 1}' B='"b": {"min": 1, "max": 4, "whole": true}' READ='"predictions": "predicted.xyz"'

# write_external FILE MODE MORE [READ [SEARCH]]: MODE is JSON; MORE: further members of "external".
write_external() {
    cat >"$1" <<INPUT
{
  "elements": ["Si"],
  "output": "${1%.json}",
  "data": {"train": "train.xyz", "validate": "valid.xyz"},
  "potential": {"kind": "external"},
  "parameters": {$A, $B, "mode": $2, "word": {"choices": ["T", "F"]}, "flag": true},
  "external": {"files": {"run.sh": "run.in"}, "command": "sh run.sh", ${4:-$READ}${3:+, $3}},
  "search": {${5:-"\"trials\": 10, \"initial\": 5"}}
}
INPUT
}

# What a trial's files say, and what stays of them.
write_external good.json '"good"' ''
expect_ok "$XPOT_OPT" check good.json
grep -q "parameters.b  *1 to 4, whole" out || fail "check does not show the parameters: $(cat out)"
grep -q "command: sh run.sh" out || fail "check does not show the command: $(cat out)"
expect_ok "$XPOT_OPT" search good.json
best=$(readlink good/best)
[ "$(ls good/trials)" = "${best#trials/}" ] || fail "other folders than that of the best trial are left: $(ls good/trials)"
grep -qE "valid.xyz [0-9.]+ [1-4] good # \{\{x\}\} [TF] true 42 ${best#trials/} 1 $WORK/train.xyz" good/best/run.sh ||
    fail "the template was filled with: $(cat good/best/run.sh)"
value=$(awk '{ printf "%.6f", ($1 - 0.3) ^ 2 + ($2 - 2) ^ 2 }' good/best/arguments)
expect_near "$(json good/card.json energy_mae_mev_per_atom)" \
    "$(awk -v w="$value" '/^[0-9]+$/ { ++n; sum += 1000 * w / $1 } END { print sum / n }' valid.xyz)" 1e-4 "energy MAE of the card"
expect_near "$(json good/card.json force_rmse_ev_per_ang)" 0 1e-12 "force RMSE of the card"
[ "$(wc -l <good/trials.csv)" = 11 ] || fail "trials.csv has $(wc -l <good/trials.csv) lines"
cp -r good before
expect_ok "$XPOT_OPT" search good.json
cmp before/journal.jsonl good/journal.jsonl || fail "a finished search changed its journal"

# The same search with all folders kept has the same journal; numbers are read from text, JSON and tables.
write_external all.json '"good"' '"keep": "all", "metrics": {
    "text": {"file": "log.txt", "pattern": "RMSE: +([-0-9.e]+) *"}, "member": {"file": "out.json", "pointer": "/errors/1/a~1b"},
    "last": {"file": "table.csv", "column": "rmse"}, "chosen": {"file": "table.csv", "column": "rmse", "where": "set=test"}}'
expect_ok "$XPOT_OPT" search all.json
[ "$(ls all/trials | wc -l)" = 10 ] || fail "keep all left $(ls all/trials | wc -l) folders"
value=$(awk '{ printf "%.6f", ($1 - 0.3) ^ 2 + ($2 - 2) ^ 2 }' all/best/arguments)
for name in text member chosen; do expect_near "$(json all/card.json $name)" "$value" 1e-9 "metric $name"; done
expect_near "$(json all/card.json last)" 7 0 "the last row of a table"
write_external number.json '"good"' '' '"metrics": {"loss": {"file": "log.txt", "pattern": "final RMSE: +([-0-9.e]+)"}}'
sed -i '/"data"/d' number.json
sed -i 's/{{train}}/x/; s/{{validate}}/..\/..\/..\/valid.xyz/' run.in
expect_ok "$XPOT_OPT" search number.json
expect_near "$(json number/card.json loss)" "$(sed -n 's/final RMSE: *\([0-9.]*\) eV/\1/p' number/best/log.txt)" 0 "a loss that is read"

# A potential that the code leaves is evaluated by xpot-opt: that of the model that made the data has no error.
cp "$WORK"/known.snap* . 2>/dev/null
echo "cp $WORK/known.snapcoeff a.snapcoeff && cp $WORK/known.snapparam a.snapparam # {{a}}" >copy.in
write_external potential.json '"good"' '' '"potential": "a.snapcoeff a.snapparam"' '"trials": 3'
sed -i 's/run.in/copy.in/' potential.json
expect_ok "$XPOT_OPT" search potential.json
expect_near "$(json potential/card.json loss)" 0 1e-9 "loss of the known potential"

# One fit with fixed values.
write_external one.json '"good"' ''
sed -i 's/"parameters".*/"parameters": {"a": 0.5, "b": 2, "mode": "good", "word": "T", "flag": false},/' one.json
expect_ok "$XPOT_OPT" fit one.json
[ "$(cat one/trials/0/arguments)" = "0.5 2 good" ] || fail "a single fit was made with $(cat one/trials/0/arguments)"
expect_error "a range: give it a value" "$XPOT_OPT" fit good.json

# Failures are trials with one sentence; the others go on.
failing() { # MODE SENTENCE [MORE [READ]]
    write_external "fail_$1.json" "{\"choices\": [\"good\", \"$1\"]}" "${3:-}" "${4:-$READ}" '"trials": 8, "initial": 8'
    expect_ok "$XPOT_OPT" search "fail_$1.json"
    grep -qF -- "$2" "fail_$1/journal.jsonl" || fail "no trial failed with '$2': $(cat "fail_$1/journal.jsonl")"
    grep -q '"loss":[0-9]' "fail_$1/journal.jsonl" || fail "no trial succeeded beside $1"
    [ "$(ls "fail_$1/trials" | wc -l)" = $((1 + $(grep -c '"failed":' "fail_$1/journal.jsonl"))) ] ||
        fail "the folders of failed trials are not kept: $(ls "fail_$1/trials")"
}
failing status 'exited with status 3; its last words: the matrix is singular'
failing signal 'the command \"sh run.sh\"'
failing missing 'predicted.xyz: cannot read this file'
failing short 'expected the 6 structures of the validation data, found 1'
failing nan 'expected a finite number, found \"nan\"' '' '"metrics": {"loss": {"file": "log.txt", "pattern": "final RMSE: *([^ ]*)"}}'
failing slow 'was killed: its time was up' '"hours": 0.0003'
pgrep -f "sleep 314.159" >/dev/null && fail "what a command started outlives its time"
write_external background.json '"background"' '' "$READ" '"trials": 2'
expect_ok "$XPOT_OPT" search background.json
pgrep -f "sleep 271.828" >/dev/null && fail "what a command leaves in the background outlives it"

# Killed at any instant, everything it started is gone, and the same command makes the same journal.
write_external whole.json '"pause"' '' "$READ" '"trials": 8, "initial": 4'
expect_ok "$XPOT_OPT" search whole.json
cp whole.json killed.json && sed -i 's/"output": "whole"/"output": "killed"/' killed.json
for seconds in 0.45 0.9 0.6; do
    "$XPOT_OPT" search killed.json --quiet >/dev/null 2>&1 &
    sleep "$seconds"
    kill -KILL $! 2>/dev/null
    wait $! 2>/dev/null
    sleep 0.1
    pgrep -f "$WORK/.*run.sh|fake_fitter $WORK" >/dev/null && fail "a killed search leaves its commands running"
done
expect_ok "$XPOT_OPT" search killed.json
cmp whole/journal.jsonl killed/journal.jsonl || fail "a search that was killed has another journal"
cmp whole/trials.csv killed/trials.csv || fail "a search that was killed has another table"
diff -r whole/best/ killed/best/ >diff.txt || fail "a search that was killed has another best trial: $(cat diff.txt)"

# Another template is another search.
echo "# more" >>run.in
expect_error "journal.jsonl" "$XPOT_OPT" search whole.json

# What is wrong with an input is said at the start, with its place.
echo 'first {{validate}}
second {{ax}}' >bad.in
sed 's/run.in/bad.in/' one.json >bad.json
expect_error 'bad.in:2:8: {{ax}} is no parameter of the input' "$XPOT_OPT" check bad.json
echo 'first {{a}} {{' >bad.in
expect_error 'bad.in:1:13: expected {{NAME}}' "$XPOT_OPT" check bad.json
sed 's/sh run.sh/sh {{run}}/' one.json >bad.json
expect_error '{{run}} is no parameter of the input' "$XPOT_OPT" check bad.json
sed 's/"a": 0.5/"trial": 0.5/' one.json >bad.json
expect_error '{{trial}} has a meaning of its own' "$XPOT_OPT" check bad.json
sed 's/"run.sh": "run.in"/"..\/run.sh": "run.in"/' one.json >bad.json
expect_error 'expected the name of a file in the folder of a trial' "$XPOT_OPT" check bad.json
sed 's/run.in/none.in/' one.json >bad.json
expect_error 'none.in: cannot read this file' "$XPOT_OPT" check bad.json
sed 's/, "predictions": "predicted.xyz"//' one.json >bad.json
expect_error 'expected one of "predictions", "potential" and a metric "loss"' "$XPOT_OPT" check bad.json
sed 's/"command"/"comand"/' one.json >bad.json
expect_error 'did you mean "command"' "$XPOT_OPT" check bad.json
sed 's/"elements"/"fit": {"rcond": 1e-9}, "elements"/' one.json >bad.json
expect_error 'rcond acts only with potential.kind "snap", "qsnap" or "ace"' "$XPOT_OPT" check bad.json
sed 's/"external"}/"snap"}/' one.json >bad.json
expect_error 'acts only with potential.kind "external"' "$XPOT_OPT" check bad.json
sed 's/"predictions": "predicted.xyz"/"metrics": {"loss": {"file": "x", "pattern": "(("}}/' one.json >bad.json
expect_error 'is no extended regular expression' "$XPOT_OPT" check bad.json
echo passed
