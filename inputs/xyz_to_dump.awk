# SPDX-License-Identifier: GPL-2.0-or-later
# Frames of an extended XYZ file with rectangular cells as a dump for LAMMPS's rerun, those whose config_type matches a pattern:
#   awk -v elements="Ge Te" -v config='^data.03' -f xyz_to_dump.awk FILE.xyz
BEGIN { count = split(elements, names, " "); for (k = 1; k <= count; k++) type[names[k]] = k }

function value(key,  text) {
    if (!match($0, "(^| )" key "=(\"[^\"]*\"|[^ ]*)")) return ""
    text = substr($0, RSTART, RLENGTH)
    sub(/^ ?[^=]*=/, "", text)
    gsub(/"/, "", text)
    return text
}

function header(  cell, k) {
    split(value("Lattice"), cell, " ")
    for (k = 2; k <= 8; k++)
        if (k != 5 && cell[k] != 0) {
            print FILENAME ": expected rectangular cells, found Lattice=\"" value("Lattice") "\"" >"/dev/stderr"
            exit 1
        }
    printf "ITEM: TIMESTEP\n%d\nITEM: NUMBER OF ATOMS\n%d\nITEM: BOX BOUNDS pp pp pp\n", step++, atoms
    for (k = 1; k <= 9; k += 4) print 0, cell[k]
    print "ITEM: ATOMS id type x y z"
}

left == 0 { atoms = left = $1; getline; chosen = value("config_type") ~ config; if (chosen) header(); next }
{ if (chosen) print atoms - left + 1, type[$1], $2, $3, $4; left-- }
