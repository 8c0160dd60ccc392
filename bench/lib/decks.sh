# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What there is to measure: systems (bench/system.*) with potentials, and the styles that read those.

ace_styles="pace recursive;pace product;pace/kk product;xpotace;xpotace/kk;xpotace precision mixed"
snap_styles="snap;snap/kk;xpotace;xpotace/kk;xpotace precision mixed"

# name | system | atoms in a cell of the lattice | cells along an edge | files | elements | styles | base
deck_table() {
    cat <<TABLE
silicon|silicon|8|4|XPOT-Si.yace|Si|$ace_styles|pace recursive
sb2te3|sb2te3|6.667|5|XPOT-Sb2Te3.yace|Sb Te|$ace_styles|pace recursive
gete|gete|8|4|potentials/gete-ace/potential.yace|Ge Te|$ace_styles|pace recursive
copper|copper|4|4|Cu-PBE-core-rep.ace|Cu|$ace_styles|pace recursive
snap|silicon|8|4|Si_Zuo_JPCA2020.snapcoeff Si_Zuo_JPCA2020.snapparam|Si|$snap_styles|snap
qsnap|silicon|8|4|Si_Zuo_JPCA2020.quadratic.snapcoeff Si_Zuo_JPCA2020.quadratic.snapparam|Si|$snap_styles|snap
snap6|tantalum|2|6|Ta06A.snapcoeff Ta06A.snapparam|Ta|$snap_styles|snap
snap14|silicon|8|3|synthetic-2J14.snapcoeff synthetic-2J14.snapparam|Si|$snap_styles|snap
snap-two|tungsten|2|6|WBe_Wood_PRB2019.snapcoeff WBe_Wood_PRB2019.snapparam|W Be|$snap_styles|snap
TABLE
}

# Sets deck_system, deck_atoms_a_cell, deck_cells, deck_files, deck_elements, deck_styles, deck_base of a deck.
deck_load() {
    local row
    row=$(deck_table | grep "^$1|") || die "there is no deck '$1'; bench/speed --list names them"
    IFS='|' read -r _ deck_system deck_atoms_a_cell deck_cells deck_files deck_elements deck_styles deck_base <<<"$row"
}

# What the first comment of a deck's system says.
deck_title() { sed -n '2s/^# //p' "$bench/system.$deck_system"; }

# find_file NAME: its path: as it stands, or from the folders of potentials.
find_file() {
    local folder
    if [ -e "$1" ]; then
        realpath "$1"
        return 0
    fi
    for folder in "${potential_folders[@]}"; do
        if [ -e "$folder/$1" ]; then
            printf '%s\n' "$folder/$1"
            return 0
        fi
    done
    return 1
}

# find_files NAMES: their paths in a line; fails and prints the first name that is in none of the folders.
find_files() {
    local name path found=()
    for name in $1; do
        path=$(find_file "$name") || { printf '%s\n' "$name" && return 1; }
        found+=("$path")
    done
    printf '%s\n' "${found[*]}"
}

# A SNAP potential with 2J = 14 for the time alone: small coefficients of both signs. make_snap14 FOLDER
make_snap14() {
    awk 'BEGIN { print "1 205\nSi 0.5 1.0"; for (c = 0; c < 205; c++) printf "%.3e\n", 1e-3 * (c * 37 % 21 - 10) / (1 + c) }' \
        >"$1/synthetic-2J14.snapcoeff"
    printf '%s\n' 'rcutfac 4.9' 'twojmax 14' 'rfac0 0.99363' 'rmin0 0' 'bzeroflag 0' 'quadraticflag 0' >"$1/synthetic-2J14.snapparam"
}

# search_potentials FOLDER WORK: sets potential_folders; FOLDER may be empty, WORK holds what is made for a run.
search_potentials() {
    local lammps_source
    lammps_source=$(sed -n 's/^LAMMPS_SOURCE_DIR:[A-Z]*=//p' "$XPOT_BUILD/CMakeCache.txt" 2>/dev/null || true)
    potential_folders=(${1:+"$1"} "$XPOT_ROOT/../shared/conformance/potentials" ${LAMMPS_POTENTIALS:+"$LAMMPS_POTENTIALS"}
        "$lammps_source/potentials" "$2" "$XPOT_ROOT")
}

deck_list() {
    local name state
    while IFS='|' read -r name _; do
        deck_load "$name"
        if state=$(find_files "$deck_files"); then state=found; else state="not found: $state"; fi
        printf '%-10s %s\n' "$name" "$(deck_title)" "" "$deck_files ($state)"
    done < <(deck_table)
}
