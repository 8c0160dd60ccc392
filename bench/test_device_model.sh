#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bin/bench-device-model answers, counts what the repository has, and says in a sentence what it cannot read.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=$XPOT_BUILD/bin/bench-device-model
potential=$root/potentials/gete-ace/potential.yace
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2 && exit 1; }

"$program" --help >"$work/out" || fail "--help is an error"
grep -q '^usage: ' "$work/out" || fail "--help: $(cat "$work/out")"

"$program" --neighbours 8,12 "$potential" >"$work/out" || fail "$potential cannot be counted"
grep -q '^neighbours of Ge (50 % of the atoms): Ge 8.0 Te 12.0;' "$work/out" || fail "neighbours: $(head -2 "$work/out")"
[ "$(awk '$1 == "all" { print $NF }' "$work/out" | head -2 | sort -u)" = 60 ] || fail "20 neighbours take 60 additions: $(cat "$work/out")"
[ "$(grep -cE '^(A100 SXM 80 GB|H100 SXM|MI300A) +(double|mixed|pace/kk) ' "$work/out")" = 9 ] || fail "limits: $(cat "$work/out")"

"$program" "$root"/potentials/mlearn-Si-qsnap/potential.snap{coeff,param} >"$work/out" || fail "a SNAP potential cannot be counted"
[ "$(grep -cE '^(A100 SXM 80 GB|H100 SXM|MI300A) +(double|mixed) ' "$work/out")" = 6 ] || fail "limits: $(cat "$work/out")"

# refused WORDS ARGUMENT...: one sentence with these words.
refused() {
    local words=$1
    shift
    ! "$program" "$@" >"$work/out" 2>"$work/err" || fail "'$*' is accepted"
    grep -q "$words" "$work/err" || fail "'$*' says: $(cat "$work/err")"
}
refused "^--neighbours: expected one number, or 2 .*found '1,2,3'" --neighbours 1,2,3 "$potential"
refused "found '-1'" --neighbours -1 "$potential"
refused "^--lanes is no option of this command or lacks a value that it takes" --lanes 3 "$potential"
refused '^usage: '
refused "$work/absent.yace" "$work/absent.yace"
printf '1\nProperties=species:S:1:pos:R:3\nSi 0 0 0\n' >"$work/si.xyz"
refused "$work/si.xyz: expected elements of the potential, found 'Si'" --structure "$work/si.xyz" "$potential"
refused "$work/absent.xyz" --structure "$work/absent.xyz" "$potential"
echo passed
