#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a search minimises: folds, holdouts, losses of other kinds and of a user's own, survival; and what is refused.
. "$(dirname "$0")/common.sh"
make_data
model='{"kind": "snap", "twojmax": 4, "rcutfac": 3.8}'
search='{"kind": "snap", "twojmax": 2, "rcutfac": {"min": 3.5, "max": 4.2}}'

# input FILE DATA POTENTIAL MORE: what data says beside train.
input() { printf '{"elements": ["Si"], "data": {"train": "train.xyz"%s}, "potential": %s%s}\n' "${2:+, $2}" "$3" "${4:+, $4}" >"$1"; }

# A fit with folds is to all structures, and says what folds predict; with a holdout it is to the rest.
input folds.json '"folds": 4' "$model" '"output": "folds"'
expect_ok "$XPOT_OPT" fit folds.json
grep -q '^validated on: train.xyz, 4 folds$' out || fail "fit says nothing of folds: $(cat out)"
grep -q 'standard deviation over the folds' out || fail "no spread of folds: $(cat out)"
input all.json '' "$model" '"output": "all"'
expect_ok "$XPOT_OPT" fit all.json
grep -v '^#' folds/potential.snapcoeff | cmp - <(grep -v '^#' all/potential.snapcoeff) || fail "a fit with folds is not to all structures"
[ "$(json folds/card.json folds)" = 4 ] || fail "the card does not name the folds"
[ "$(wc -l <folds/potential.parity-validate.csv)" = "$(wc -l <folds/potential.parity-train.csv)" ] || fail "not every structure is in a fold"
cmp -s folds/potential.parity-validate.csv folds/potential.parity-train.csv && fail "folds predict what they were fitted to"
input held.json '"holdout": 0.25' "$model" '"output": "held"'
expect_ok "$XPOT_OPT" fit held.json
grep -q '^validated on: train.xyz, 6 structures held out$' out || fail "fit says nothing of the holdout: $(cat out)"
grep -q '"structures":[[:space:]]*18' held/card.json || fail "the card does not say what was fitted to"
[ "$(json held/card.json holdout)" = 0.25 ] || fail "the card does not name the holdout"

# A search by folds; again: the same bytes.
input search.json '"folds": 3' "$search" '"loss": {"error": "mae", "force": "component", "energy_target": 10, "force_target": 0.1}, "search": {"trials": 5, "initial": 4}, "output": "one"'
expect_ok "$XPOT_OPT" search search.json
expect_ok "$XPOT_OPT" search search.json --output two
cmp one/journal.jsonl two/journal.jsonl || fail "two searches differ"
grep -q '"fold_spread":' one/journal.jsonl || fail "no spread of folds in the journal"
grep -q us_per_atom one/journal.jsonl && fail "a time is in the journal"
best=$(grep -o '"loss":[0-9.e+-]*' one/journal.jsonl | cut -d: -f2 | sort -g | head -1)
expect_near "$(json one/card.json value)" "$best" 1e-9 "loss of the card"
sed 's/"folds": 3/"folds": 4/' search.json >other.json
expect_error "journal.jsonl" "$XPOT_OPT" search other.json
sed 's/"mae"/"rmse"/' search.json >other.json
expect_error "journal.jsonl" "$XPOT_OPT" search other.json

# An expression over metrics; the time of an evaluation is measured because it is in it.
input own.json '"holdout": 0.2' "$search" '"loss": {"expression": "force_rmse_ev_per_ang * (1 + 0 * us_per_atom) + {energy_mae_mev_per_atom:B} / 1000"}, "search": {"trials": 3, "initial": 2}, "output": "own"'
expect_ok "$XPOT_OPT" search own.json
tail -1 own/journal.jsonl | awk -F '[:,{}]' '{ for (i = 1; i < NF; i++) { if ($i == "\"loss\"" && !loss) loss = $(i + 1)
    if ($i == "\"force_rmse_ev_per_ang\"") force = $(i + 1); if ($i == "\"energy_mae_mev_per_atom") energy = $(i + 2)
    if ($i == "\"us_per_atom\"") time = $(i + 1) }
    d = loss - force - energy / 1000; exit !(loss > 0 && time > 0 && d < 1e-12 && d > -1e-12) }' ||
    fail "the loss is not what the expression says: $(tail -1 own/journal.jsonl)"
sed 's/force_rmse_ev_per_ang/force_rmse/' own.json >wrong.json
expect_error 'unknown name "force_rmse"' "$XPOT_OPT" search wrong.json

# A command; one that fails, or that does not end, is a failed trial.
cat >score.sh <<'SCRIPT'
#!/bin/sh
awk -F '[:,]' '/"force_rmse_ev_per_ang"/ { print 10 * $2 }' "$1"
SCRIPT
chmod +x score.sh
input command.json '"holdout": 0.2' "$search" '"loss": {"command": "./score.sh"}, "search": {"trials": 3, "initial": 2}, "output": "command"'
expect_ok "$XPOT_OPT" search command.json
expect_near "$(json command/card.json value)" "$(awk -v f="$(json command/card.json force_loss)" 'BEGIN { print 10 * f / sqrt(3) }')" 1e-4 "loss by a command"
echo 'exit 7' >>score.sh
sed 's/"output": "command"/"output": "failing"/' command.json >failing.json
"$XPOT_OPT" search failing.json --quiet 2>err && fail "failing commands made a search"
grep -q 'loss.command ./score.sh ended with exit status 7' failing/journal.jsonl || fail "no reason: $(cat failing/journal.jsonl)"
printf '#!/bin/sh\nsleep 1000\n' >score.sh
sed 's/"output": "command"/"output": "slow"/; s/"trials": 3, "initial": 2/"trials": 1, "initial": 1, "trial_hours": 0.0005/' command.json >slow.json
"$XPOT_OPT" search slow.json --quiet 2>err && fail "a command that does not end made a search"
grep -q '"failed":"' slow/journal.jsonl || fail "no failed trial: $(cat slow/journal.jsonl err)"
pgrep -f "^sleep 1000$" >/dev/null && fail "the command outlives its trial"
ls -d ./*/scratch-* 2>/dev/null && fail "scratch folders are left"

# Survival, by a program in LAMMPS's place: every second run fails.
cat >lmp.sh <<'SCRIPT'
#!/bin/sh
while [ $# -gt 1 ]; do shift; done
echo XPOT ready
grep -q '^read_data' "$1" || exit 0
n=$(cat "$COUNT" 2>/dev/null || echo 0)
echo $((n + 1)) >"$COUNT"
[ $((n % 2)) = 0 ] && echo XPOT end 2000 900 -50
SCRIPT
chmod +x lmp.sh
export COUNT=$WORK/count
input survival.json '"holdout": 0.2' "$search" "\"survival\": {\"runs\": 4, \"lammps\": \"$WORK/lmp.sh\"}, \"search\": {\"trials\": 2, \"initial\": 2}, \"output\": \"survival\""
expect_ok "$XPOT_OPT" search survival.json
[ "$(grep -c '"survival":0.5' survival/journal.jsonl)" = 2 ] || fail "no survival in the journal: $(cat survival/journal.jsonl)"
grep -q 'share of runs that survived 0.5' out || fail "no survival at the end: $(cat out)"
sed 's#/lmp.sh#/no-lmp.sh#; s/"output": "survival"/"output": "none"/' survival.json >wrong.json
expect_error "survival.lammps" "$XPOT_OPT" search wrong.json

# Not more than one way to validate.
input wrong.json '"folds": 3, "holdout": 0.2' "$model" ''
expect_error "found folds and holdout" "$XPOT_OPT" fit wrong.json
input wrong.json '"folds": 25' "$model" ''
expect_error "at most as many as structures" "$XPOT_OPT" fit wrong.json
input wrong.json '' "$search" ''
expect_error "data.holdout" "$XPOT_OPT" search wrong.json
echo passed
