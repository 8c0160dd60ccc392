#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The synthetic potentials of the benchmarks: function sets of pacemaker, the same file every time, kernels that read it.
: "${BENCH_MAKE_ACE:?the program that makes potentials}" "${BENCH_EVALUATE:?the program that times kernels}"
: "${BENCH_PRECISION:?the program that compares precisions}"
. "$(dirname "$0")/common.sh"
make_data

# The input shapes of the published potentials XPOT-Si and XPOT-Sb2Te3 give the numbers of functions of their files.
expect_ok "$BENCH_MAKE_ACE" --functions 3000 si.yace
grep -qxF "Si: 3000 functions, 2771 after merging couplings" out || fail "silicon has $(cat out)"
expect_ok "$BENCH_MAKE_ACE" --elements Sb,Te --functions 900 --nradmax 16,12,8,5,2 --lmax 0,8,6,3,1 --densities 4 --rcut 8 sbte.yace
grep -qxF "Te: 900 functions, 898 after merging couplings" out || fail "tellurium has $(cat out)"
expect_ok "$XPOT_OPT" info sbte.yace
for words in "4 densities with exponents 1 0.5 2 0.75; functions of rank 1, 2, ...: 25, 259, 425, 163, 26" \
    "Sb-Te: SBessel, rcut 8, dcut 0.01 Angstrom, nradmax 9, lmax 4"; do
    grep -qF "$words" out || fail "info does not say '$words': $(cat out)"
done
check_plan out Sb cheapest
check_plan out Te cheapest

expect_ok "$BENCH_MAKE_ACE" --functions 300 one.yace
expect_ok "$BENCH_MAKE_ACE" --functions 300 two.yace
expect_ok "$BENCH_MAKE_ACE" --functions 300 --seed 2 three.yace
cmp -s one.yace two.yace || fail "the same options give another file"
cmp -s one.yace three.yace && fail "another seed gives the same file"

# Turned structures have the same energy: the couplings are invariant.
expect_ok "$XPOT_OPT" evaluate one.yace --data valid.xyz --out straight.xyz
awk '/Lattice=/ { match($0, /Lattice="[^"]*"/); split(substr($0, RSTART + 9, RLENGTH - 10), h, " ")
         turned = sprintf("Lattice=\"%s %s %s %s %s %s %s %s %s\"", h[3], h[1], h[2], h[6], h[4], h[5], h[9], h[7], h[8])
         print substr($0, 1, RSTART - 1) turned substr($0, RSTART + RLENGTH); next }
     NF > 3 { x = $2; $2 = $4; $4 = $3; $3 = x } { print }' valid.xyz >turned.xyz
expect_ok "$XPOT_OPT" evaluate one.yace --data turned.xyz --out turned-labelled.xyz
energies() { grep -o ' energy=[-0-9.e+]*' "$1" | cut -d= -f2; }
paste <(energies straight.xyz) <(energies turned-labelled.xyz) | awk '
    { d = $1 - $2; if (d > 1e-9 || d < -1e-9) bad = 1 } END { exit bad || NR != 6 }' || fail "energies change when the cell is turned"

expect_ok "$BENCH_EVALUATE" --seconds 0.01 --level 1 valid.xyz one.yace
[ "$(grep -c 'microseconds an atom' out)" = 6 ] || fail "six structures were not timed: $(cat out)"
"$BENCH_EVALUATE" --level 5 valid.xyz one.yace >out 2>&1 && fail "level 5 was taken"
# Mixed precision is another arithmetic, and a good one.
expect_ok "$BENCH_PRECISION" valid.xyz known.snapcoeff known.snapparam
awk '{ for (i = 1; i < NF; i++) if ($i == "error" && $(i + 1) == "RMS") { n++; if (!($(i + 2) > 0 && $(i + 2) < 1e-4)) bad = 1 } }
    END { exit bad || n != 6 }' <(tr -d , <out) || fail "odd differences: $(cat out)"
echo passed
