# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a run of a deck needs: coefficients, cells, steps.

# coefficients STYLE: what follows "pair_coeff * *" with the files that were $found.
coefficients() {
    case $1 in
    sw) echo "$(find_file Si.sw || echo Si.sw) Si" ;;
    *) echo "$found $deck_elements" ;;
    esac
}

# Cells along an edge for about this many atoms.
cells_for() { awk -v a="$1" -v c="$deck_atoms_a_cell" 'BEGIN { n = int((a / c) ^ (1 / 3) + 0.5); print (n < 1 ? 1 : n) }'; }

# steps_for MICROSECONDS ATOMS: steps that take about $seconds, of so many microseconds an atom.
steps_for() {
    awk -v us="$1" -v atoms="$2" -v s="$seconds" 'BEGIN { n = int(s * 1e6 / us / atoms / 10) * 10; print (n < 10 ? 10 : n > 20000 ? 20000 : n) }'
}
