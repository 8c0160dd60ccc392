#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The precision of a run is said at its start and kept in restart files; older restart files have none and mean double.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
load="plugin load $PLUGINS/xpotaceplugin.so"
coeff="$silicon.snapcoeff $silicon.snapparam Si"

# says NAME PRECISION ARGUMENT...: LAMMPS ends well and the line of the potential holds this precision.
says() {
    local name=$1 precision=$2
    shift 2
    run_lammps 1 "$@"
    [ "$status" -eq 0 ] || fail "$name: exit status $status: $(grep -m1 ERROR out.txt)"
    grep -q "^xpotace: SNAP potential for Si, .*, precision $precision\$" out.txt ||
        fail "$name: expected precision $precision, found '$(grep '^xpotace:' out.txt)'"
}

# rewrite FROM TO FORMAT SETTINGS: the restart file as older versions wrote it: the number of their format before their settings, or
# '' for both. Of hybrid styles only settings are there.
settings='UOPX\x02\0\0\0\x09\0\0\0precision\x05\0\0\0mixed'
rewrite() {
    perl -0777 -pe "s/${3:+\\x03\\0\\0\\0}$settings/$3$4/ or die" "$1" >"$2"
    sed "s/my.restart/$2/" read.in >"${2%.restart}.in"
}

for keyword in "" "precision double" "precision mixed"; do
    deck run.in <<<"$load
pair_style xpotace $keyword
pair_coeff * * $coeff"
    echo "write_restart my.restart" >>run.in
    expected=${keyword#precision }
    says "'$keyword'" "${expected:-double}" -in run.in
    grep -q '^  Si: .* operations an atom' out.txt || fail "'$keyword': no line of the element"
    printf '%s\nread_restart my.restart\nrun 0\n' "$load" >read.in
    says "restart of '$keyword'" "${expected:-double}" -in read.in
done
rewrite my.restart first.restart '\x01\0\0\0' ''
says "a restart file of format 1" double -in first.in
rewrite my.restart second.restart '\x02\0\0\0' 'TOPX\x01\0\0\0'
says "a restart file of format 2" mixed -in second.in

deck hybrid.in <<<"$load
pair_style hybrid/overlay xpotace precision mixed zero 3.0
pair_coeff * * xpotace $coeff
pair_coeff * * zero"
echo "write_restart my.restart" >>hybrid.in
says "a hybrid style" mixed -in hybrid.in
printf '%s\nread_restart my.restart\npair_coeff * * xpotace %s\npair_coeff * * zero\nrun 0\n' "$load" "$coeff" >read.in
says "restart of a hybrid style" mixed -in read.in
rewrite my.restart first.restart '' ''
says "a restart file of a hybrid style of format 1" double -in first.in
rewrite my.restart second.restart '' 'TOPX\x01\0\0\0'
says "a restart file of a hybrid style of format 2" mixed -in second.in
finish
