# SPDX-License-Identifier: GPL-2.0-or-later
# Frames of a LAMMPS dump of a rectangular cell (id type x y z) as extended XYZ, without labels:
#   awk -v elements="Sb Te" -v config=liquid -f inputs/dump_to_xyz.awk FILE.dump
BEGIN { split(elements, names, " ") }
/^ITEM: NUMBER/ { getline; atoms = $1; next }
/^ITEM: BOX/ { for (k = 1; k <= 3; k++) { getline; low[k] = $1; edge[k] = $2 - $1 } next }
/^ITEM: ATOMS/ {
    printf "%d\nLattice=\"%.8f 0 0 0 %.8f 0 0 0 %.8f\" Properties=species:S:1:pos:R:3 config_type=%s pbc=\"T T T\"\n", atoms, edge[1], edge[2],
        edge[3], config
    for (k = 0; k < atoms; k++) { getline; printf "%s %.8f %.8f %.8f\n", names[$2], $3 - low[1], $4 - low[2], $5 - low[3] }
}
