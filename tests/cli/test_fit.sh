#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A fit to data that a known model made gives that model back.
. "$(dirname "$0")/common.sh"
make_data
SAME='{"kind": "snap", "twojmax": 4, "rcutfac": 3.9}'

write_input fit.json "$SAME"
expect_ok "$XPOT_OPT" fit fit.json
"$XPOT_CLI_DATA" compare known tuned/potential 1e-7 || fail "the fit does not give the known coefficients"
for file in potential.snapcoeff potential.snapparam potential.asi card.json potential.parity-train.csv potential.parity-validate.csv; do [ -s tuned/$file ] || fail "no tuned/$file"; done
[ "$(find tuned -type f | wc -l)" = 6 ] || fail "something else was left in tuned: $(ls tuned)"
grep -q "\"command\":[[:space:]]*\"xpot-opt fit " tuned/card.json || fail "the card does not have the command: $(grep command tuned/card.json)"
grep -q "$(sha256sum train.xyz | cut -d' ' -f1)" tuned/card.json || fail "the card has no checksum of the data"
grep -q "$(sha256sum tuned/potential.snapcoeff | cut -d' ' -f1)" tuned/card.json || fail "the card has no checksum of the potential"
expect_near "$(json tuned/card.json energy_rmse_mev_per_atom)" 0 1e-5 "energy RMSE"
expect_near "$(json tuned/card.json force_rmse_ev_per_ang)" 0 1e-6 "force RMSE"

# Virials, energies or forces alone say as much; beta_0 is in the energies only.
write_input virial.json "$SAME" '"output": "virial", "weights": {"default": {"eweight": 1, "fweight": 0, "vweight": 1e-6}}'
expect_ok "$XPOT_OPT" fit virial.json
"$XPOT_CLI_DATA" compare known virial/potential 1e-6 || fail "energies and virials do not give the known coefficients"

# A quadratic model holds the linear one: the same energies.
write_input quadratic.json '{"kind": "qsnap", "twojmax": 4, "rcutfac": 3.9}' '"output": "quadratic"'
expect_ok "$XPOT_OPT" fit quadratic.json
expect_near "$(json quadratic/card.json force_loss)" 0 1e-5 "force loss of the quadratic model"

# A reference energy changes what is fitted, not the potential.
write_input reference.json "$SAME" '"output": "reference", "reference_energies": {"Si": -3.25}'
expect_ok "$XPOT_OPT" fit reference.json
"$XPOT_CLI_DATA" compare known reference/potential 1e-7 || fail "a reference energy changed the potential"
write_input constant.json "$SAME" '"output": "constant", "reference_energies": -4.5, "fit": {"constant": false}'
expect_ok "$XPOT_OPT" fit constant.json
"$XPOT_CLI_DATA" compare known constant/potential 1e-7 || fail "beta_0 is not the reference energy"

# Wrong labels of group B do harm unless its weights are zero.
awk '/config_type=.?B/ { sub(/energy=[-0-9.e]*/, "energy=0.0") } { print }' train.xyz >bad.xyz
cmp -s bad.xyz train.xyz && fail "the labels of B were not changed"
sed 's/"train.xyz"/"bad.xyz"/; s/"elements"/"output": "bad", "elements"/' fit.json >bad.json
expect_ok "$XPOT_OPT" fit bad.json
"$XPOT_CLI_DATA" compare known bad/potential 1e-3 2>/dev/null && fail "wrong labels do no harm"
write_input zero.json "$SAME" '"output": "zero", "weights": {"B": {"eweight": 0, "fweight": 0}}'
sed -i 's/"train.xyz"/"bad.xyz"/' zero.json
expect_ok "$XPOT_OPT" fit zero.json
"$XPOT_CLI_DATA" compare known zero/potential 1e-7 || fail "a group of weight zero does harm"

# The same numbers from any number of threads and from another folder.
for threads in 1 2 3; do
    expect_ok "$XPOT_OPT" fit quadratic.json --threads $threads --output threads$threads
    cmp quadratic/potential.snapcoeff threads$threads/potential.snapcoeff || fail "$threads threads give another potential"
done
mkdir elsewhere && cd elsewhere && expect_ok "$XPOT_OPT" fit ../fit.json --output here && [ -s here/card.json ] ||
    fail "a fit from another folder does not work"
echo passed
