#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/split-data: every frame goes to one file, groups keep their shares, nothing is lost or overwritten by accident.
: "${XPOT_SOURCE_DIR:?the source tree}"
. "$(dirname "$0")/common.sh"
split=$XPOT_SOURCE_DIR/scripts/split-data

# frames GROUP FIRST LAST: frames of two atoms, numbered, with the group in one of the two ways of quoting.
frames() {
    for i in $(seq "$2" "$3"); do
        printf '2\nLattice="9 0 0 0 9 0 0 0 9" Properties=species:S:1:pos:R:3:forces:R:3 energy=-%d config_type=%s number=%d\n' "$i" "$1" "$i"
        printf 'Si 0 0 0 0 0 %d\nSi 1 1 1 0 0 -%d\n' "$i" "$i"
    done
}
numbers() { cat "$@" | grep -o 'number=[0-9]*' | cut -d= -f2; }
in_group() { grep -c "config_type=$1" "$2"; }
{ frames crystal 1 50 && frames '"hot liquid"' 51 80 && frames rare 81 83; } >all.xyz

expect_ok "$split" all.xyz --out a
[ "$(numbers a/*.xyz | sort -n | paste -sd' ')" = "$(seq 83 | paste -sd' ')" ] || fail "frames were lost or doubled"
for part in train validate test; do
    [ "$(numbers a/$part.xyz)" = "$(numbers a/$part.xyz | sort -n)" ] || fail "$part.xyz is not in the order of the input"
done
for part in validate test; do
    [ "$(in_group crystal a/$part.xyz)" = 5 ] && [ "$(in_group '"hot liquid"' a/$part.xyz)" = 3 ] || fail "$part.xyz has other shares of the groups"
done
cat a/*.xyz | sort | cmp -s - <(sort all.xyz) || fail "the text of frames has changed"

# The seed decides; nothing else does.
expect_ok "$split" all.xyz --out b
cmp -s a/test.xyz b/test.xyz || fail "the same options give another split"
expect_ok "$split" all.xyz --out c --seed 2
cmp -s a/test.xyz c/test.xyz && fail "another seed gives the same split"
expect_error "a/train.xyz exists; give another folder or --overwrite" "$split" all.xyz --out a --seed 3
expect_ok "$split" all.xyz --out a --seed 2 --overwrite
cmp -s a/test.xyz c/test.xyz || fail "--overwrite gives another split"

expect_error "c/test.xyz would be replaced by its own part" "$split" c/test.xyz --out c --overwrite
expect_ok "$split" all.xyz --out d --fractions 9,1,0
[ ! -e d/test.xyz ] && [ "$(numbers d/validate.xyz | wc -l)" = 8 ] || fail "9,1,0 gives $(ls d), $(numbers d/validate.xyz | wc -l)"
expect_ok "$split" all.xyz --out e --every 10
[ "$(numbers e/test.xyz | paste -sd' ')" = "10 20 30 40 50 60 70 80" ] || fail "every tenth is $(numbers e/test.xyz)"
[ "$(numbers e/validate.xyz | paste -sd' ')" = "9 19 29 39 49 59 69 79" ] || fail "before every tenth is $(numbers e/validate.xyz)"

# Duplicates are those whose atoms and cell are the same, whatever else the comment line says.
{ cat all.xyz && frames crystal 7 9 | sed 's/number=/again=1 number=/'; } >twice.xyz
expect_ok "$split" twice.xyz --out f --drop-duplicates --drop number=50
[ "$(numbers f/*.xyz | sort -n | paste -sd' ')" = "$(seq 83 | grep -vx 50 | paste -sd' ')" ] || fail "left out: $(cat out)"
grep -qxF "86 frames, 3 groups: 66 train, 8 validate, 8 test; left out 1 by --drop, 3 duplicates" out || fail "said $(cat out)"
mkdir g
expect_error "twice.xyz:344: --drop: no frame up to here has number=99" "$split" twice.xyz --out g --drop number=99
head -n 5 all.xyz >cut.xyz
expect_error "cut.xyz:5: the last frame lacks 3 lines" "$split" cut.xyz --out g
sed '5s/.*/two/' all.xyz >bad.xyz
expect_error "bad.xyz:5: expected the number of atoms of a frame, found 'two'" "$split" bad.xyz --out g
expect_error "--fractions takes three numbers" "$split" all.xyz --out g --fractions 80,20
head -n 4 all.xyz >one.xyz
expect_error "no frame is left for validate.xyz" "$split" one.xyz --out g
[ -z "$(ls -A g)" ] || fail "something is left: $(ls -A g)"
echo passed
