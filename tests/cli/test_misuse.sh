#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Bad input: one sentence, exit status 1, nothing half-written.
. "$(dirname "$0")/common.sh"
make_data
GOOD='{"kind": "snap", "twojmax": 2, "rcutfac": 3.9}'
POTENTIAL="known.snapcoeff known.snapparam"

# Command lines.
expect_error 'unknown command "serch"; did you mean "search"?' "$XPOT_OPT" serch
expect_error "unknown option --thread; did you mean \"--threads\"?" "$XPOT_OPT" fit --thread 1 input.json
expect_error "expected xpot-opt fit INPUT" "$XPOT_OPT" fit
expect_error "found 2 arguments" "$XPOT_OPT" fit a.json b.json
expect_error "given twice" "$XPOT_OPT" fit a.json --threads 1 --threads 2
expect_error "expected N (0 to 4096) behind it" "$XPOT_OPT" fit a.json --threads
expect_error "absent.json" "$XPOT_OPT" fit absent.json
expect_error "$WORK" "$XPOT_OPT" fit "$WORK"
expect_error "expected --train FILE" "$XPOT_OPT" init
expect_error "expected --data FILE" "$XPOT_OPT" evaluate $POTENTIAL
expect_error "absent.xyz" "$XPOT_OPT" evaluate $POTENTIAL --data absent.xyz
expect_error "absent.yace" "$XPOT_OPT" evaluate absent.yace --data valid.xyz
expect_error "known.snapcoeff" "$XPOT_OPT" evaluate known.snapcoeff --data valid.xyz
expect_error "train.xyz" "$XPOT_OPT" info train.xyz
expect_error "found \"Si:1\"" "$XPOT_OPT" evaluate $POTENTIAL --data valid.xyz --reference Si:1
expect_error "found \"Ge=1\"" "$XPOT_OPT" evaluate $POTENTIAL --data valid.xyz --reference Ge=1
expect_error "found both" "$XPOT_OPT" evaluate $POTENTIAL --data valid.xyz --reference Si=1 --fit-reference
expect_error "dft_energy" "$XPOT_OPT" evaluate $POTENTIAL --data valid.xyz --energy-key dft_energy

# Input files (the table of all mistakes is in the unit tests).
bad_input() {
    write_input bad.json "$2" "${3:-}"
    expect_error "$1" "$XPOT_OPT" check bad.json
    expect_error "$1" "$XPOT_OPT" fit bad.json
    grep -q "bad.json:[0-9]*:[0-9]*: " err || fail "no place in: $(cat err)"
}
bad_input 'bad.json:4:33: unknown key "rcutfak" in potential; did you mean "rcutfac"?' '{"kind": "snap", "rcutfak": 3.9}'
bad_input 'here a second time' '{"kind": "snap", "kind": "qsnap"}'
bad_input 'expected a whole number from 0 to 14' '{"twojmax": "6"}'
bad_input 'finite number' '{"rcutfac": 1e400}'
bad_input 'expected JSON' '{"rcutfac": NaN}'
bad_input '"potential.kid" is not the name of a range' '{"rcutfac": {"min": 3, "max": 4, "when": {"potential.kid": "snap"}}}'
bad_input 'unknown name "rcutfac" at character 1; known are potential.rcutfac' '{"rcutfac": "tune"}' '"constraints": ["rcutfac < 4"]'
bad_input 'expected a value of the range "potential.rcutfac", found 9' '{"rcutfac": "tune"}' '"starts": [{"potential.rcutfac": 9}]'
bad_input 'no structure of train.xyz has config_type "C"' "$GOOD" '"weights": {"C": {"eweight": 1}}'
write_input good.json "$GOOD"
sed 's/"train.xyz"/"absent.xyz"/' good.json >bad.json
expect_error "bad.json:3:" "$XPOT_OPT" fit bad.json
sed 's/"Si"/"Ge"/' good.json >bad.json
expect_error 'is Si, which is not in "elements"' "$XPOT_OPT" fit bad.json
write_input bad.json '{"twojmax": 2, "rcutfac": {"min": 3, "max": 5}}'
expect_error "is a range: give it a value, or run xpot-opt search" "$XPOT_OPT" fit bad.json
expect_error "at least one value given as a range" "$XPOT_OPT" search good.json
grep -v validate bad.json >/dev/null && sed -i 's/, "validate": "valid.xyz"//' bad.json
expect_error "a search needs data.validate" "$XPOT_OPT" search bad.json
write_input bad.json '{"twojmax": 14}' '"fit": {"memory": 0.5}'
expect_error "more than fit.memory allows" "$XPOT_OPT" fit bad.json
write_input bad.json "$GOOD" '"weights": {"default": {"eweight": 0, "fweight": 0}}'
expect_error "weight above zero" "$XPOT_OPT" fit bad.json

# Data files.
bad_data() {
    sed 's/"train.xyz"/"bad.xyz"/' good.json >bad.json
    expect_error "$1" "$XPOT_OPT" fit bad.json
    expect_error "$1" "$XPOT_OPT" evaluate $POTENTIAL --data bad.xyz --json errors.json
    grep -q "bad.xyz" err || fail "no file in: $(cat err)"
}
: >bad.xyz && bad_data "bad.xyz"
printf '0\nenergy=0\n' >bad.xyz && bad_data "bad.xyz:1"
head -c 700 train.xyz >bad.xyz && bad_data "bad.xyz:"
printf '1\nProperties=species:S:1:pos:R:3 energy=nan\nSi 0 0 0\n' >bad.xyz && bad_data "bad.xyz:"
printf '1\nProperties=species:S:1:pos:R:3 energy=1e400\nSi 0 0 0\n' >bad.xyz && bad_data "bad.xyz:"
printf '2\nProperties=species:S:1:pos:R:3 energy=-1\nSi 0 0 0\nSi 0 0 0.001\n' >bad.xyz && bad_data "bad.xyz:"
printf '1\nProperties=species:S:1:pos:R:3 energy=-1\nXx 0 0 0\n' >bad.xyz && bad_data "Xx"
printf '1\nProperties=species:S:1:pos:R:3\nSi 0 0 0\n' >bad.xyz
expect_error "found no label" "$XPOT_OPT" fit bad.json

# Where nothing can be written: a file in the way, a full disk, a limit that stops a file half way.
: >occupied
expect_error "a file of that name is in the way" "$XPOT_OPT" fit good.json --output occupied --quiet
expect_error "a file of that name is in the way" "$XPOT_OPT" fit good.json --output occupied/below --quiet
if [ -w /dev/full ]; then
    "$XPOT_OPT" evaluate $POTENTIAL --data valid.xyz >/dev/full 2>err && fail "a full standard output was not noticed"
    [ "$(wc -l <err)" = 1 ] || fail "a full standard output gave: $(cat err)"
    expect_error "/dev/full" "$XPOT_OPT" evaluate $POTENTIAL --data valid.xyz --json /dev/full
fi
expect_ok "$XPOT_OPT" fit good.json
cp -r tuned kept
write_input large.json '{"kind": "qsnap", "twojmax": 4, "rcutfac": 3.9}'
(
    trap '' XFSZ
    ulimit -f 2
    "$XPOT_OPT" fit large.json --quiet >/dev/null 2>err
) && fail "a file beyond the limit was written"
[ "$(wc -l <err)" = 1 ] || fail "a file beyond the limit gave: $(cat err)"
diff -r tuned kept || fail "a failed write changed the output folder"
echo passed
