#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# xpot-opt convert: B basis to plain products, the older format, what cannot be done; info on a B basis.
. "$(dirname "$0")/common.sh"
seeds="$XPOT_SOURCE_DIR/tests/fuzz/seeds"
cp "$seeds/tiny.yaml" "$seeds/tiny.yace" "$seeds/tiny.ace" "$seeds/tiny.snapcoeff" . || fail "no seeds"

expect_ok "$XPOT_OPT" convert tiny.yaml products.yace
grep -qxF "E0: [-1.5, -0.80000000000000004]" products.yace || fail "E0 is $(grep E0 products.yace)"
expect_ok "$XPOT_OPT" info products.yace
grep -q "functions of rank 1, 2, ...: 2, 1, 1, 1$" out || fail "the products of carbon: $(cat out)"
grep -q "B basis" out && fail "plain products are called a B basis"

# The content counts: a B basis under another name.
cp tiny.yaml unnamed
expect_ok "$XPOT_OPT" convert unnamed again.yace
cmp -s products.yace again.yace || fail "the name changes the result"

# Both are one potential.
cat >pair.xyz <<'XYZ'
3
Properties=species:S:1:pos:R:3 pbc="F F F" energy=0
C 0 0 0
Si 1.5 0.7 -0.4
C -0.3 1.35 0.95
XYZ
expect_ok "$XPOT_OPT" evaluate tiny.yaml --data pair.xyz --out basis.xyz
expect_ok "$XPOT_OPT" evaluate products.yace --data pair.xyz --out products.xyz
cmp -s basis.xyz products.xyz || fail "the B basis and its products differ: $(cat basis.xyz products.xyz)"

# Written anew, a B basis stays the same; the older text format becomes a .yace.
expect_ok "$XPOT_OPT" convert tiny.yaml new.yaml
expect_ok "$XPOT_OPT" convert new.yaml newer.yaml
cmp -s new.yaml newer.yaml || fail "a B basis changes when it is written again"
expect_ok "$XPOT_OPT" convert new.yaml again.yace
cmp -s products.yace again.yace || fail "writing a B basis changes its products"
expect_ok "$XPOT_OPT" convert tiny.ace old.yace
expect_ok "$XPOT_OPT" info old.yace

expect_ok "$XPOT_OPT" info tiny.yaml
for words in "B basis   C: 5 functions of 1 densities; of rank 1, 2, ...: 2, 1, 1, 1" \
    "B basis   Si: 4 functions of 2 densities; of rank 1, 2, ...: 2, 1, 1" "B basis   27 parameters: 14 radial, 13 of functions"; do
    grep -qxF "$words" out || fail "info does not say '$words': $(cat out)"
done
check_plan out C

expect_error "cannot be undone" "$XPOT_OPT" convert tiny.yace new.yaml
expect_error "is the input; give another name" "$XPOT_OPT" convert new.yaml new.yaml
ln -s new.yaml link.yaml
expect_error "is the input; give another name" "$XPOT_OPT" convert new.yaml link.yaml
expect_error "ends in .yace" "$XPOT_OPT" convert tiny.yaml new.txt
expect_error "expected xpot-opt convert IN OUT" "$XPOT_OPT" convert tiny.yaml
expect_error "No such file" "$XPOT_OPT" convert none.yaml new.yace
expect_error "SNAP coefficient file" "$XPOT_OPT" convert tiny.snapcoeff new.yace
sed 's/nl: \[1, 1, 1, 1\]/nl: [1, 1, 1, 0]/' new.yaml >broken.yaml
expect_error "broken.yaml:" "$XPOT_OPT" convert broken.yaml new.yace
echo passed
