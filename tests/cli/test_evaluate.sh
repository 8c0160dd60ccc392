#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Errors on labels that miss the predictions by known amounts; what info says of a potential.
. "$(dirname "$0")/common.sh"
make_data
"$XPOT_CLI_DATA" label known four.xyz 3 4 && "$XPOT_CLI_DATA" shift four.xyz shifted.xyz || fail "no data"

# Cells of 5, 6, 7, 8 atoms; energy errors 0.01, -0.02, 0.03, -0.04 eV; a force error (0.1, 0, 0.2) in each.
expect_ok "$XPOT_OPT" evaluate known.snapcoeff known.snapparam --data shifted.xyz --json errors.json
expected() { awk "BEGIN { printf \"%.12g\", $1 }"; }
expect_near "$(json errors.json energy_rmse_mev_per_atom)" \
    "$(expected '1000 * sqrt((0.01^2/25 + 0.02^2/36 + 0.03^2/49 + 0.04^2/64) / 4)')" 1e-6 "energy RMSE"
expect_near "$(json errors.json energy_mae_mev_per_atom)" "$(expected '1000 * (0.01/5 + 0.02/6 + 0.03/7 + 0.04/8) / 4')" 1e-6 \
    "energy MAE"
expect_near "$(json errors.json force_rmse_ev_per_ang)" "$(expected 'sqrt(4 * 0.05 / 78)')" 1e-9 "force RMSE"
expect_near "$(json errors.json force_mae_ev_per_ang)" "$(expected '4 * 0.3 / 78')" 1e-9 "force MAE"
expect_near "$(json errors.json virial_rmse_mev_per_atom)" 0 1e-6 "virial RMSE"
# Parity data hold the errors label by label: 4 energies, 3 components of 26 atoms, 6 of 4 virials.
expect_ok "$XPOT_OPT" evaluate known.snapcoeff known.snapparam --data shifted.xyz --parity parity.csv
[ "$(head -1 parity.csv)" = "what,structure,atom,component,config_type,reference,predicted" ] || fail "no header: $(head -1 parity.csv)"
for row in energy:4 force:78 virial:24; do
    [ "$(grep -c "^${row%:*}," parity.csv)" = "${row#*:}" ] || fail "parity has $(grep -c "^${row%:*}," parity.csv) rows of ${row%:*}"
done
expect_near "$(awk -F, '$1 == "energy" { s += ($6 - $7)^2; n++ } END { print 1000 * sqrt(s / n) }' parity.csv)" \
    "$(json errors.json energy_rmse_mev_per_atom)" 1e-3 "energy RMSE of parity data"
expect_near "$(awk -F, '$1 == "force" { s += ($6 - $7)^2; n++ } END { print sqrt(s / n) }' parity.csv)" \
    "$(json errors.json force_rmse_ev_per_ang)" 1e-6 "force RMSE of parity data"
# Group A is the first and third cell.
grep -q '"per_config_type"' errors.json || fail "no errors per config_type"
sed -n '/"A":/,/}/p' errors.json >group.json
expect_near "$(json group.json energy_mae_mev_per_atom)" "$(expected '1000 * (0.01/5 + 0.03/7) / 2')" 1e-6 "energy MAE of A"
expect_near "$(json group.json force_rmse_ev_per_ang)" "$(expected 'sqrt(2 * 0.05 / 36)')" 1e-9 "force RMSE of A"

# The files in the other order, standard output, one thread: the same numbers.
"$XPOT_OPT" evaluate known.snapparam known.snapcoeff --data shifted.xyz --json - --threads 1 >other.json || fail "--json -"
expect_near "$(json other.json energy_rmse_mev_per_atom)" "$(json errors.json energy_rmse_mev_per_atom)" 0 "other order"

# A constant of every atom is found; given by hand it does the same.
awk '{ if (match($0, /energy=[-0-9.e]+/)) { e = substr($0, RSTART + 7, RLENGTH - 7); n = prev
         sub(/energy=[-0-9.e]+/, sprintf("energy=%.15g", e - 157.5 * n)) } prev = $1; print }' valid.xyz >far.xyz
expect_ok "$XPOT_OPT" evaluate known.snapcoeff known.snapparam --data far.xyz --json far.json
expect_near "$(json far.json energy_mae_mev_per_atom)" 157500 1e-3 "energy MAE without constants"
expect_ok "$XPOT_OPT" evaluate known.snapcoeff known.snapparam --data far.xyz --json far.json --fit-reference
expect_near "$(json far.json energy_mae_mev_per_atom)" 0 1e-6 "energy MAE with fitted constants"
expect_near "$(json far.json Si)" -157.5 1e-9 "fitted constant"
expect_ok "$XPOT_OPT" evaluate known.snapcoeff known.snapparam --data far.xyz --json far.json --reference Si=-157.5
expect_near "$(json far.json energy_mae_mev_per_atom)" 0 1e-6 "energy MAE with given constants"

# Predicted structures are labels again; the cost is a number.
expect_ok "$XPOT_OPT" evaluate known.snapcoeff known.snapparam --data shifted.xyz --out predicted.xyz --time --json timed.json
expect_ok "$XPOT_OPT" evaluate known.snapcoeff known.snapparam --data predicted.xyz --json again.json
expect_near "$(json again.json force_rmse_ev_per_ang)" 0 1e-12 "force RMSE of predictions"
expect_near "$(json again.json structures)" 4 0 "structures written"
awk -v t="$(json timed.json us_per_atom)" 'BEGIN { exit !(t > 0) }' || fail "no cost"

# What is read is not overwritten; --json - leaves nothing else on standard output.
cp valid.xyz linked.xyz && ln -s linked.xyz link.xyz
for option in --out --json --parity; do
    expect_error "is read by this command" "$XPOT_OPT" evaluate known.snapcoeff known.snapparam --data linked.xyz $option link.xyz
    expect_error "is read by this command" "$XPOT_OPT" evaluate known.snapcoeff known.snapparam --data valid.xyz $option known.snapparam
done
"$XPOT_OPT" evaluate known.snapcoeff known.snapparam --data valid.xyz --time --json - >alone.json 2>err || fail "--json -"
[ "$(head -c 1 alone.json)" = "{" ] && [ "$(tail -n 1 alone.json)" = "}" ] || fail "--json - is not alone: $(cat alone.json)"
sed 's/ virial=/ my_virial=/' valid.xyz >named.xyz
expect_ok "$XPOT_OPT" evaluate known.snapcoeff known.snapparam --data named.xyz --virial-key my_virial --json named.json
expect_near "$(json named.json virial_rmse_mev_per_atom)" 0 1e-6 "virial RMSE by key"
sed 's/ virial=/ my_stress=/' valid.xyz >named.xyz
expect_ok "$XPOT_OPT" evaluate known.snapcoeff known.snapparam --data named.xyz --stress-key my_stress --json named.json
grep -q '"virial_rmse_mev_per_atom":[[:space:]]*[1-9]' named.json || fail "--stress-key is not used"

expect_ok "$XPOT_OPT" info known.snapcoeff known.snapparam
for words in "twojmax   4 (14 bispectrum components)" "rcutfac   3.9" "Si-Si: 3.9 Angstrom" \
    "$(sha256sum known.snapcoeff | cut -d' ' -f1)"; do
    grep -qF "$words" out || fail "info does not say '$words'"
done
check_plan out Si
echo passed
