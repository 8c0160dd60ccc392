#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Studies of inputs/ at sizes of seconds: each comes to its end and says what its expected.txt says, in other numbers.
# XPOT_ROOT, XPOT_BUILD: the source and the build folder.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
touch out.txt

# labels FILE: what `result` of inputs/study.sh wrote in front of the values.
labels() { cut -c 1-34 "$1" | sed 's/ *$//'; }

# small "DECK [SYSTEM]" OPTION...: the deck with these options.
small() {
    local deck=${1%% *} system label
    system=${1#"$deck"}
    shift
    # shellcheck disable=SC2086
    if ! timeout "$time_limit" "$XPOT_ROOT/inputs/$deck/run" $system --out "$work/$deck" "$@" >out.txt 2>&1; then
        fail "$deck: $(tail -n 3 out.txt)"
        return
    fi
    [ -s "$work/$deck/results.txt" ] || fail "$deck: no results"
    labels "$work/$deck/results.txt" | while read -r label; do
        labels "$XPOT_ROOT/inputs/$deck/expected.txt" | grep -qxF -- "$label" || echo "'$label' is not in its expected.txt"
    done >unexpected.txt
    [ ! -s unexpected.txt ] || fail "$deck: $(head -n 3 unexpected.txt)"
}

small gete-melt-quench --size 2 --melt 0.1 --liquid 0.1 --quench 0.1 --anneal 0.1 --every 0.02
small phase-change-memory-cell --size 4 --length 8 --settle 0.04 --reset 0.04 --quench 0.04 --set 0.04 --every 0.04
small silicon-melt-quench --size 2 --melt 0.04 --liquid 0.1 --rate 13000 --relax 0.1 --squeeze 200 --every 0.02
small antimony-telluride-melt-quench --size 2 --melt 0.2 --liquid 1 --quench 0.2 --anneal 1
small "template-growth gete" --size 2 --length 4 --melt 0.04 --quench 0.04 --time 0.2 --every 0.04
small "template-growth sb2te3" --size 2 --length 4 --melt 0.04 --quench 0.04 --time 0.2 --every 0.04
small tellurium-selector --size 2 --rate 5000 --equilibrate 0.1
small lithium-diffusion --size 2 --temperatures 900,1200,1500 --melt 0.1 --equilibrate 0.1 --time 1
"$XPOT_ROOT/inputs/lithium-diffusion/validate" "$work/validate" >out.txt 2>&1 || fail "diffusion where it is known: $(cat out.txt)"

identity=("$XPOT_ROOT/inputs/heat-flux/run" identity silicon "$XPOT_ROOT/potentials/mlearn-Si-ace/potential.yace" --out "$work/heat-flux")
"${identity[@]}" >out.txt 2>&1 || fail "heat-flux: $(tail -n 3 out.txt)"
[ "$(labels "$work/heat-flux/results.txt")" = $'free cluster\nperiodic' ] || fail "heat-flux: $(cat out.txt)"

if "$XPOT_ROOT/inputs/gete-melt-quench/run" --size 2.5 >out.txt 2>&1; then fail "a size that is no whole number is no error"; fi
grep -q "error: --size takes a whole number above 0, found '2.5'" out.txt || fail "a wrong size: $(cat out.txt)"
if "$XPOT_ROOT/inputs/silicon-melt-quench/run" --rate 0 >out.txt 2>&1; then fail "a rate of zero is no error"; fi
grep -q "error: --rate takes a number above 0, found '0'" out.txt || fail "a rate of zero: $(cat out.txt)"
if "$XPOT_ROOT/inputs/gete-melt-quench/run" --potential none.yaml >out.txt 2>&1; then fail "a missing potential is no error"; fi
grep -q "error: --potential: none.yaml cannot be read" out.txt || fail "a missing potential: $(cat out.txt)"
finish
