#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Plugins are found and loaded in any order; a plugin for another LAMMPS is refused with one sentence.
# OTHER_PLUGINS: plugin files built for something else, with the word their refusal must hold: "word=file ...".
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

potential="pair_style xpotace
pair_coeff * * $silicon.snapcoeff $silicon.snapparam Si"

# works NAME ENVIRONMENT-AND-ARGUMENTS...: the deck runs without error or warning of ours.
works() {
    local name=$1
    shift
    run_lammps 1 "$@"
    [ "$status" -eq 0 ] || fail "$name: exit status $status"
    ! grep -q 'ERROR\|plugin is not used\|must unload' out.txt || fail "$name: $(grep -m1 'ERROR\|plugin' out.txt)"
}

deck plain.in <<<"$potential"
LAMMPS_PLUGIN_PATH=$PLUGINS works "found by LAMMPS_PLUGIN_PATH" -in plain.in
if [ -e "$PLUGINS/xpotacekkplugin.so" ]; then
    LAMMPS_PLUGIN_PATH=$PLUGINS works "with suffix kk" -k on t 1 -sf kk -in plain.in
    for order in "xpotaceplugin.so xpotacekkplugin.so" "xpotacekkplugin.so xpotaceplugin.so" "xpotacekkplugin.so"; do
        lines=""
        for plugin in $order; do lines+="plugin load $PLUGINS/$plugin"$'\n'; done
        deck both.in <<<"$lines$potential"
        works "$order" -in both.in
        works "$order with Kokkos" -k on t 1 -sf kk -in both.in
        for style in xpotace/kk/host xpotace/kk/device; do
            sed "s#pair_style xpotace#pair_style $style#" both.in >style.in
            works "$style" -k on t 1 -sf kk -in style.in
        done
    done
    deck off.in <<<"plugin load $PLUGINS/xpotacekkplugin.so
${potential/xpotace/xpotace/kk}"
    sed '1i package kokkos newton off' both.in >newton.in
    expect_error "newton off" "run LAMMPS with '-pk kokkos newton on neigh half'" -k on t 1 -sf kk -in newton.in
    expect_error "kk without Kokkos" "expected Kokkos to be on" -in off.in
fi

for pair in $OTHER_PLUGINS; do
    word=${pair%%=*}
    deck other.in <<<"plugin load ${pair#*=}
$potential"
    expect_error "$word" "Unrecognized pair style 'xpotace'" -in other.in
    count=$(grep -c 'plugin is not used: ' out.txt || true)
    [ "$count" -eq 1 ] || fail "$word: $count refusals, expected one"
    grep -q "plugin is not used: .*${word//_/ }" out.txt || fail "$word: $(grep -m1 'not used' out.txt)"
done
finish
