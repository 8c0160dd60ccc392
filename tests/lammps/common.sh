# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the test scripts that run LAMMPS itself. CTest sets LMP, PLUGINS, LAMMPS_SOURCE_DIR, MPIRUN (empty without MPI).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failures=0
time_limit=120 # seconds a run of LAMMPS
silicon="$LAMMPS_SOURCE_DIR/potentials/Si_Zuo_JPCA2020.quadratic"
copper="$LAMMPS_SOURCE_DIR/examples/PACKAGES/pace/Cu-PBE-core-rep.ace"

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# run_lammps RANKS ARGUMENT...: its output in out.txt, its exit status in $status.
run_lammps() {
    local ranks=$1
    shift
    status=0
    if [ "$ranks" -gt 1 ]; then
        timeout "$time_limit" $MPIRUN "$ranks" "$LMP" -nocite -log log.lammps "$@" >out.txt 2>&1 || status=$?
    else
        timeout "$time_limit" "$LMP" -nocite -log log.lammps "$@" >out.txt 2>&1 || status=$?
    fi
}

ranks_to_try() { if [ -n "$MPIRUN" ]; then echo 1 2; else echo 1; fi; }

# One line of LAMMPS's "ERROR: ..." with this text, once, and a non-zero exit. expect_error NAME TEXT LAMMPS-ARGUMENT...
expect_error() {
    local name=$1 text=$2 ranks count
    shift 2
    for ranks in $(ranks_to_try); do
        run_lammps "$ranks" "$@"
        count=$(grep -c '^ERROR' out.txt || true)
        [ "$status" -ne 0 ] && [ "$status" -ne 124 ] || fail "$name on $ranks ranks: exit status $status"
        [ "$count" -eq 1 ] || fail "$name on $ranks ranks: $count errors, expected one"
        grep -q '^ERROR.*'"$text" out.txt || fail "$name on $ranks ranks: expected '$text', found '$(grep -m1 ERROR out.txt)'"
    done
}

# deck NAME: a deck of 8 silicon atoms, with the lines of standard input in place of the potential.
deck() {
    cat >"$1" <<DECK
units metal
atom_style atomic
lattice diamond 5.43
region box block 0 1 0 1 0 1
create_box 1 box
create_atoms 1 box
mass 1 28.0855
$(cat)
run 0
DECK
}

# Largest difference of two files, each column on its own scale (its largest value).
difference() {
    paste "$1" "$2" | awk '/^[0-9]+ [-0-9.]+ / && NF > 4 { n = NF / 2; for (k = 2; k <= n; ++k) {
        d = $k - $(n + k); if (d < 0) d = -d; if (d > most[k]) most[k] = d
        v = $k < 0 ? -$k : $k; if (v > scale[k]) scale[k] = v } ++rows }
        END { for (k in most) if (most[k] / scale[k] > worst) worst = most[k] / scale[k]; print rows < 2 ? "nothing" : worst + 0 }'
}

# agrees NAME REFERENCE [TOLERANCE]: within 1e-12.
agrees() {
    local most
    most=$(difference "$1" "$2")
    awk -v most="$most" -v tolerance="${3:-1e-12}" 'BEGIN { exit !(most != "nothing" && most < tolerance) }' ||
        fail "$1 and $2 differ by $most"
}

finish() {
    [ "$failures" -eq 0 ] || { tail -n 30 out.txt && exit 1; }
    echo "all as expected"
}
