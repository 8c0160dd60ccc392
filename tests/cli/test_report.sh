#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What comes behind a search: tables as XPOT's, a report from the journal alone, fits of any trial, points for another search.
. "$(dirname "$0")/common.sh"
make_data
write_input search.json '{"kind": "snap", "twojmax": {"choices": [2, 4]}, "rcutfac": {"min": 3.5, "max": 4.3}, "rmin0": {"choices": [0, 5]}}' \
    '"weights": {"default": {"eweight": {"min": 1, "max": 100, "scale": "log"}}}, "search": {"trials": 14, "initial": 10, "seed": 3}'
expect_ok "$XPOT_OPT" search search.json --quiet
failed=$(grep -c '"failed"' tuned/journal.jsonl)
[ "$failed" -gt 0 ] || fail "no trial failed: the test needs some"

# The tables of XPOT: headers, a row a trial, the numbers of the journal.
[ "$(head -1 tuned/parameters.csv)" = "iteration,loss,potential.twojmax,potential.rcutfac,potential.rmin0,weights.default.eweight" ] ||
    fail "parameters.csv has the header $(head -1 tuned/parameters.csv)"
for table in parameters atomistic_errors loss_function_errors; do
    [ "$(wc -l <tuned/$table.csv)" = 15 ] || fail "$table.csv has $(wc -l <tuned/$table.csv) lines"
    [ "$(wc -l <tuned/${table}_final)" = 16 ] || fail "${table}_final has $(wc -l <tuned/${table}_final) lines"
    grep -qvE '^\|.*\|$' tuned/${table}_final && fail "${table}_final is no table"
done
for table in atomistic_errors loss_function_errors; do
    [ "$(head -1 tuned/$table.csv)" = "Iteration,Train Δ Energy,Test Δ Energy,Train Δ Force,Test Δ Force" ] ||
        fail "$table.csv has the header $(head -1 tuned/$table.csv)"
done
best=$(tail -n +2 tuned/parameters.csv | awk -F, '$2 != ""' | sort -t, -k2 -g | head -1)
trial=${best%%,*}
expect_near "$(awk -F, -v t="$trial" '$1 == t { printf "%.17g", 1000 * $3 }' tuned/atomistic_errors.csv)" \
    "$(sed -n '/"errors"/,$p' tuned/card.json | sed -n '/"validate"/,$p' | grep -o '"energy_rmse_mev_per_atom":[^,]*' | head -1 | cut -d: -f2 | tr -d '\t ')" 1e-8 \
    "energy error in atomistic_errors.csv"
expect_near "$(awk -F, -v t="$trial" '$1 == t { print $3 }' tuned/loss_function_errors.csv)" "$(json tuned/card.json energy_loss)" 1e-12 \
    "energy error in loss_function_errors.csv"

# The report needs the journal only; it makes the same tables.
mkdir alone && cp tuned/journal.jsonl alone/
expect_ok "$XPOT_OPT" report alone
for table in trials.csv parameters.csv atomistic_errors.csv loss_function_errors_final; do
    cmp tuned/$table alone/$table || fail "report made another $table"
done
grep -q "^best: trial $trial, loss" out || fail "the report does not name trial $trial: $(cat out)"
grep -q "14 trials over 4 dimensions; $((14 - failed)) succeeded, $failed failed" out || fail "the report counts: $(head -1 out)"
[ "$(grep -c 'rmin0' <(sed -n '/^failed trials/,/^$/p' out))" = 1 ] || fail "failures are not put together: $(cat out)"
[ "$(sed -n '2,3p' alone/report/importance.csv | cut -d, -f1 | sort | tr '\n' ' ')" = "potential.rmin0 potential.twojmax " ] || fail "importance: $(cat alone/report/importance.csv)"
[ "$(grep -c '^potential.rcutfac,' alone/report/dependence.csv)" = 40 ] || fail "the curve of rcutfac has another grid"
[ "$(grep -c 'potential.rcutfac,.*,weights.default.eweight,\|weights.default.eweight,.*,potential.rcutfac,' alone/report/dependence-pairs.csv)" = 1600 ] ||
    fail "the map of two real parameters has another grid"
for picture in convergence evaluations dependence; do
    [ -s alone/report/$picture.gnuplot ] || fail "no program for the picture of $picture"
    if command -v gnuplot >/dev/null; then
        [ "$(head -c 4 alone/report/$picture.png | tail -c 3)" = PNG ] || fail "no picture of $picture"
    fi
done
expect_ok "$XPOT_OPT" report search.json --second rank --dimensions 2
[ "$(cut -d, -f1 tuned/report/dependence.csv | sort -u | wc -l)" = 3 ] || fail "--dimensions 2 shows $(cut -d, -f1 tuned/report/dependence.csv | sort -u)"
awk -F, 'NR > 1 && $4 == 1 { found = 1 } END { exit !found }' tuned/report/front.csv || fail "no Pareto front"
expect_error 'has no metric "speed"' "$XPOT_OPT" report tuned --second speed
(PATH=/nowhere "$XPOT_OPT" report alone >out 2>err) || fail "without gnuplot: $(cat err)"
grep -q "gnuplot is not installed" out || fail "without gnuplot nothing is said: $(cat out)"

# A journal that another process is writing; one of another kind of file; none.
mkdir running && head -c -20 tuned/journal.jsonl >running/journal.jsonl
expect_ok "$XPOT_OPT" report running
mkdir wrong && cp search.json wrong/journal.jsonl
expect_error "journal.jsonl:1" "$XPOT_OPT" report wrong
expect_error "journal.jsonl" "$XPOT_OPT" report .

# The best trial fitted again is the potential of the search; a failed one says why it did.
expect_ok "$XPOT_OPT" fit search.json --trial best
cmp tuned/potential.snapcoeff tuned/trial-$trial/potential.snapcoeff || fail "the best trial gives another potential"
[ "$(json tuned/trial-$trial/card.json best_trial)" = "$trial" ] || fail "the card does not name its trial"
other=$(tail -n +2 tuned/parameters.csv | awk -F, '$2 != ""' | sort -t, -k2 -g | sed -n 3p)
expect_ok "$XPOT_OPT" fit search.json --trial "${other%%,*}" --output third --quiet
expect_near "$(json third/card.json value)" "$(echo "$other" | cut -d, -f2)" 1e-12 "loss of the third best trial"
expect_error "rmin0" "$XPOT_OPT" fit search.json --trial "$(awk -F, 'NR > 1 && $2 == "" { print $1; exit }' tuned/parameters.csv)"
expect_error "expected a number from 1 to 14" "$XPOT_OPT" fit search.json --trial 15
expect_error "--search acts only with --trial" "$XPOT_OPT" fit search.json --search tuned
sed 's/"rcutfac": {[^}]*}/"rcutfac": 4/' search.json >fixed.json
expect_error "potential.rcutfac is a range in" "$XPOT_OPT" fit fixed.json --trial best

# A search that begins where another one ended.
sed 's/"max": 4.3/"max": 4.2/; s/"seed": 3/"transfer": "tuned", "transfer_points": 2, "seed": 4/; s/"elements"/"output": "second", "elements"/' \
    search.json >second.json
expect_ok "$XPOT_OPT" search second.json --quiet
grep -q '"starts":\[\[' second/journal.jsonl || fail "the journal has no points of the earlier search"
sed 's/"transfer": "tuned"/"transfer": "nothing"/' second.json >nothing.json
expect_error "nothing" "$XPOT_OPT" search nothing.json
echo passed
