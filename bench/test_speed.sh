#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench/speed measures what there is and says what there is not; bench/nve-drift fits a known slope.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2 && exit 1; }

"$here/speed" -n 2 --steps 2 --atoms 64 --threads 1,2 -d qsnap --results "$work/rows.csv" snap "nonsense 1" xpotace/kk >"$work/out" ||
    fail "$(cat "$work/out")"
[ "$(grep -c "^nonsense 1 .*not measured: Unrecognized pair style 'nonsense'" "$work/out")" = 2 ] || fail "$(cat "$work/out")"
awk -F, 'NR == 1 { next } { rows++; if ($4 != "qsnap" || $9 != 64 || $10 != 2 || !($12 > 0 && $12 <= $11 && $11 <= $13) || $14 != 2) bad = 1 }
    END { exit bad || rows != 4 }' "$work/rows.csv" || fail "rows: $(cat "$work/rows.csv")"
# The first style at one thread is its own base.
awk '$1 == "snap" && $2 == 1 { found = $9 == "1.00" } END { exit !found }' "$work/out" || fail "$(cat "$work/out")"
"$here/speed" --results "$work/rows.csv" -d qsnap --files absent.snapcoeff >"$work/out" || fail "an absent potential is an error"
grep -q "not measured: absent.snapcoeff was not found" "$work/out" || fail "$(cat "$work/out")"

awk 'BEGIN { for (i = 0; i < 2000; i++) printf "%g 300 %.12g\n", i * 0.01, -5 + 3e-6 * i * 0.01 + 1e-5 * sin(i * i) }' >"$work/nve.txt"
awk -f "$here/lib/drift.awk" "$work/nve.txt" | grep -q '^drift (3.0e-03 +- [1-9].*e-05) eV an atom a ns over 19.99 ps at 300 K$' ||
    fail "the slope is 3e-3, found $(awk -f "$here/lib/drift.awk" "$work/nve.txt")"
echo passed
