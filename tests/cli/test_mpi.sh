#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Several processes on one ACE fit: the potential of one process; an error ends all of them with one sentence.
. "$(dirname "$0")/ace_common.sh"
. "$(dirname "$0")/mpi_common.sh"

ELEMENTS='["Sb", "Te"]'
make_ace "$TWO" 5
write_ace fit.json "$TWO" '"kappa": [0.9, 0.1], "iterations": [40, 20], "checkpoint": 9, "virial_weight": 0.1'
expect_ok "$XPOT_OPT" fit fit.json --threads 1 --output one --quiet
for processes in 2 4; do
    expect_ok parallel $processes fit fit.json --threads 1 --output many$processes
    same_fit one many$processes "$processes processes"
    [ "$(grep -c "written:" err)" = 1 ] || fail "$processes processes said: $(cat err)"
done
write_ace linear.json "$LINEAR" '"solver": "linear", "kappa": 0.5'
expect_ok "$XPOT_OPT" fit linear.json --threads 1 --output one-linear --quiet
expect_ok parallel 2 fit linear.json --threads 1 --output two-linear
same_fit one-linear two-linear "2 processes, a linear model"
# The factors of three are merged in another order.
expect_ok parallel 3 fit linear.json --threads 1 --output three-linear
for error in energy_rmse_mev_per_atom force_rmse_ev_per_ang; do
    expected=$(json one-linear/card.json $error)
    expect_near "$(json three-linear/card.json $error)" "$expected" "$(awk -v e="$expected" 'BEGIN { print 1e-9 * e }')" \
        "3 processes, $error"
done

# Killed and gone on with by another number of processes.
"$XPOT_OPT" fit fit.json --threads 1 --output parts --quiet >out 2>err &
victim=$!
for attempt in $(seq 1 1000); do [ -s parts/potential.checkpoint ] && break; sleep 0.01; done
kill -KILL $victim 2>/dev/null
wait $victim 2>/dev/null
[ -s parts/potential.checkpoint ] || echo "note: the fit was over before it was killed"
expect_ok parallel 2 fit fit.json --threads 1 --output parts
same_fit one parts "one process, then two"

# Errors, of the input and in the data of the second process, are said once.
said_once() {
    parallel 2 fit "$2" --threads 1 >out 2>err && fail "$2 was fitted"
    [ "$(grep -c "^xpot-opt: " err)" = 1 ] || fail "$2: $(cat err)"
    grep -q "^xpot-opt: .*$1" err || fail "expected '$1', found: $(cat err)"
}
write_ace bad.json "$TWO" '"solver": "linear"'
said_once 'needs one density' bad.json
# The last structure, which is the second process's, has two atoms closer than a bin of the tables.
awk '{ line[NR] = $0 } END { for (i = 1; i < NR; i++) print line[i]
    split(line[NR - 1], atom); print atom[1], atom[2] + 0.02, atom[3], atom[4], 0, 0, 0 }' train.xyz >close.xyz
write_ace close.json "$TWO" '"kappa": 0.5, "iterations": 5'
sed -i 's/"train.xyz"/"close.xyz"/; s/"kind": "ace",/"kind": "ace", "delta_spline_bins": 0.05,/' close.json
said_once 'close.xyz:[0-9]*: ' close.json
echo passed
