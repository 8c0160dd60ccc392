#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Active sets and extrapolation grades: fit, active, grade.
. "$(dirname "$0")/common.sh"
make_data
SNAP=(known.snapcoeff known.snapparam)

# largest FILE: of the CSV of structures.
largest() { awk -F, 'NR > 1 && $4 > m { m = $4 } END { print m }' "$1"; }

expect_ok "$XPOT_OPT" active "${SNAP[@]}" --data train.xyz
[ -s known.asi ] || fail "no active set beside the potential"
for words in "element" "unexplored" "Si "; do grep -q "$words" out || fail "active does not say '$words': $(cat out)"; done
grep -q "written: known.asi, linear" err || fail "active does not say what it wrote: $(cat err)"
unzip -l known.asi | grep -q 'Si.npy' || fail "no member Si.npy"
expect_ok "$XPOT_OPT" active "${SNAP[@]}" --data train.xyz --threads 3 --memory 0 --quiet --out other.asi
cmp known.asi other.asi || fail "threads or memory change the active set"
[ ! -s err ] || fail "--quiet says: $(cat err)"

# inside: the data; outside: the data with shorter distances, the further the shorter they are
expect_ok "$XPOT_OPT" grade "${SNAP[@]}" known.asi --data train.xyz --csv train.csv --atoms atoms.csv
grep -q "^all" out || fail "grade prints no table: $(cat out)"
awk -F, 'NR > 1 && !($4 <= 1 + 1e-6) { exit 1 }' train.csv || fail "gamma of the data is $(largest train.csv)"
[ "$(wc -l <train.csv)" = 25 ] || fail "not a line a structure: $(cat train.csv)"
[ "$(tail -n +2 atoms.csv | wc -l)" = "$(tail -n +2 train.csv | awk -F, '{ n += $3 } END { print n }')" ] ||
    fail "not a line an atom"
before=0
for scale in 0.95 0.88 0.80; do
    awk -v s=$scale '/Lattice=/ { match($0, /Lattice="[^"]*"/); n = split(substr($0, RSTART + 9, RLENGTH - 10), c, " ")
        text = ""; for (i = 1; i <= n; ++i) text = text (i > 1 ? " " : "") c[i] * s
        print "Lattice=\"" text "\" Properties=species:S:1:pos:R:3 pbc=\"T T T\""; next }
        $1 == "Si" { print $1, $2 * s, $3 * s, $4 * s; next } { print }' valid.xyz >pressed.xyz
    expect_ok "$XPOT_OPT" grade known.asi "${SNAP[@]}" --data pressed.xyz --csv pressed.csv
    awk -v a="$(largest pressed.csv)" -v b="$before" 'BEGIN { exit !(a > b) }' || fail "gamma does not rise at $scale"
    before=$(largest pressed.csv)
done
awk -v g="$before" 'BEGIN { exit !(g > 1.5) }' || fail "pressed cells have a gamma of $before only"

# the structures to label first
expect_ok "$XPOT_OPT" grade "${SNAP[@]}" known.asi --data pressed.xyz --out chosen.xyz --above 1
[ "$(grep -c 'gamma=' chosen.xyz)" = "$(awk -F, 'NR > 1 && $4 > 1' pressed.csv | wc -l)" ] || fail "the selection is another"
sed -n 's/.*gamma=\([^ ]*\).*/\1/p' chosen.xyz | tr -d '"' | sort -g -r -c || fail "the largest gamma is not first"
expect_ok "$XPOT_OPT" grade "${SNAP[@]}" known.asi --data chosen.xyz --out again.xyz
cmp chosen.xyz again.xyz || fail "a selection that is graded again is another"
expect_ok "$XPOT_OPT" grade "${SNAP[@]}" known.asi --data pressed.xyz --csv -
[ "$(head -1 out)" = "structure,config_type,atoms,largest_gamma,atom,element" ] || fail "--csv - is not alone: $(cat out)"

# a fit writes one, and its checksum; search's trials none
write_input input.json '{"kind": "qsnap", "twojmax": 2, "rcutfac": 4}' '"fit": {"active_set": "full"}'
expect_ok "$XPOT_OPT" fit input.json
grep -q "written: .*potential.asi" err || fail "fit does not say that it wrote an active set: $(cat err)"
grep -q "$(sha256sum tuned/potential.asi | cut -d' ' -f1)" tuned/card.json || fail "the card has no checksum of the active set"
grep -q '"form":[[:space:]]*"full"' tuned/card.json || fail "the card does not say which active set"
expect_ok "$XPOT_OPT" grade tuned/potential.snapcoeff tuned/potential.snapparam tuned/potential.asi --data train.xyz --csv full.csv
awk -F, 'NR > 1 && !($4 <= 1 + 1e-6) { exit 1 }' full.csv || fail "gamma of the fit's data is $(largest full.csv)"
write_input none.json '{"kind": "snap", "twojmax": 2, "rcutfac": 4}' '"output": "none", "fit": {"active_set": "none"}'
expect_ok "$XPOT_OPT" fit none.json
[ ! -e none/potential.asi ] || fail "fit writes an active set though it is told not to"
mkdir -p blocked/potential.asi/something
write_input blocked.json '{"kind": "snap", "twojmax": 2, "rcutfac": 4}' '"output": "blocked"'
if "$XPOT_OPT" fit blocked.json >out 2>err; then fail "a fit whose active set cannot be written is no error"; fi
grep -q "potential.asi: .* (the potential and card.json are written, the active set is not: xpot-opt active makes it)" err ||
    fail "a fit whose active set cannot be written: $(cat err)"
[ -s blocked/card.json ] && [ -s blocked/potential.snapcoeff ] || fail "a fit without an active set lost its card"
write_input search.json '{"kind": "snap", "twojmax": 2, "rcutfac": {"min": 3.5, "max": 4.5}}' '"output": "found", "search": {"trials": 4}'
expect_ok "$XPOT_OPT" search search.json
[ "$(find found -name '*.asi')" = found/potential.asi ] || fail "search wrote: $(find found -name '*.asi')"

# mistakes
sed 's/^Si/Ge/' valid.xyz >strange.xyz
expect_error "atom 1 is Ge, which the potential does not know" "$XPOT_OPT" active "${SNAP[@]}" --data strange.xyz --out x.asi
expect_error "expected --data FILE" "$XPOT_OPT" active "${SNAP[@]}"
expect_error "is read by this command" "$XPOT_OPT" active "${SNAP[@]}" --data train.xyz --out train.xyz
expect_error "expected different files, found x.csv of both --csv and --atoms" "$XPOT_OPT" grade "${SNAP[@]}" known.asi --data train.xyz \
    --csv x.csv --atoms x.csv
expect_error "found no active set" "$XPOT_OPT" grade "${SNAP[@]}" --data train.xyz
expect_error "--above: it chooses structures for --out" "$XPOT_OPT" grade "${SNAP[@]}" known.asi --data train.xyz --above 2
expect_error "no structure has an atom with gamma above" "$XPOT_OPT" grade "${SNAP[@]}" known.asi --data train.xyz --out x.xyz --above 1.5
expect_error 'expected "linear" or "full" or "none"' "$XPOT_OPT" fit <(sed 's/"full"/"some"/' input.json)
expect_error "belongs to another" "$XPOT_OPT" grade tuned/potential.snapcoeff tuned/potential.snapparam known.asi --data train.xyz

# killed at any time it leaves the old file or the new one
cp known.asi kept.asi
for delay in 0.002 0.01 0.02 0.05; do
    "$XPOT_OPT" active "${SNAP[@]}" --data train.xyz --quiet >out 2>err &
    pid=$!
    sleep $delay
    kill -KILL $pid 2>/dev/null
    wait $pid 2>/dev/null
    cmp known.asi kept.asi || fail "a kill after $delay s left another active set"
done
echo passed
