# SPDX-License-Identifier: GPL-2.0-or-later
# A crystal as a LAMMPS data file, in a rectangular cell:
#   awk -v crystal=te -v cells="3 2 3" -f inputs/crystal.awk
#   te             trigonal tellurium, chains along z, 6 atoms a cell                                types: Te
#   sb2te3         rhombohedral antimony telluride, quintuple layers along z, 30 atoms a cell        types: Sb Te
#   sb2te3-cubic   its rocksalt form, a third of the antimony sites empty at random (seed), 8 sites  types: Sb Te
#   gete-cubic     rocksalt germanium telluride, 8 atoms a cell                                      types: Ge Te
# elements="Sb Te" gives crystals of tellurium the types of a binary potential; scale stretches all lengths; a and c replace the lattice constants.
BEGIN {
    split(cells == "" ? "1 1 1" : cells, n, " ")
    if (scale == "") scale = 1
    state = 7919 * (seed == "" ? 1 : seed)
    if (crystal == "te") tellurium()
    else if (crystal == "sb2te3") layered()
    else if (crystal == "sb2te3-cubic") rocksalt(6.05, "Sb Te", 1 / 3)
    else if (crystal == "gete-cubic") rocksalt(6.0, "Ge Te", 0)
    else {
        print "crystal.awk: no crystal '" crystal "'; te, sb2te3, sb2te3-cubic, gete-cubic are known" >"/dev/stderr"
        exit 1
    }
    for (k = split(elements == "" ? own : elements, names, " "); k > 0; k--) type[names[k]] = k
    replicate()
    write()
}

function box(x, y, z, names) { edge[1] = x * scale; edge[2] = y * scale; edge[3] = z * scale; own = names }

function site(element, x, y, z) { of[++sites] = element; at[sites, 1] = x; at[sites, 2] = y; at[sites, 3] = z }

# hexagonal ELEMENT X Y Z: fractions of a hexagonal cell, in the rectangular one of twice its size.
function hexagonal(element, x, y, z) { site(element, x - y / 2, y / 2, z); site(element, x - y / 2 + 0.5, y / 2 + 0.5, z) }

function tellurium(  u) {
    a = a ? a : 4.51; c = c ? c : 5.96; u = 0.269
    box(a, a * sqrt(3), c, "Te")
    hexagonal("Te", u, 0, 1 / 3); hexagonal("Te", 0, u, 2 / 3); hexagonal("Te", -u, -u, 0)
}

function rhombohedral(element, z) { hexagonal(element, 0, 0, z); hexagonal(element, 1 / 3, 2 / 3, z + 2 / 3); hexagonal(element, 2 / 3, 1 / 3, z + 1 / 3) }

function layered() {
    a = a ? a : 4.31; c = c ? c : 31.0
    box(a, a * sqrt(3), c, "Sb Te")
    rhombohedral("Te", 0); rhombohedral("Te", 0.2117); rhombohedral("Te", -0.2117)
    rhombohedral("Sb", 0.3988); rhombohedral("Sb", -0.3988)
}

function rocksalt(length_of_edge, names, vacancies,  k, x, y, z, pair) {
    a = a ? a : length_of_edge
    split(names, pair, " ")
    box(a, a, a, names)
    empty = vacancies; vacant = pair[1]
    for (x = 0; x < 2; x++) for (y = 0; y < 2; y++) for (z = 0; z < 2; z++) site(pair[(x + y + z) % 2 + 1], x / 2, y / 2, z / 2)
}

function replicate(  x, y, z, k) {
    for (x = 0; x < n[1]; x++) for (y = 0; y < n[2]; y++) for (z = 0; z < n[3]; z++) for (k = 1; k <= sites; k++) {
        element[++atoms] = of[k]
        place[atoms, 1] = wrap((x + at[k, 1]) / n[1]); place[atoms, 2] = wrap((y + at[k, 2]) / n[2]); place[atoms, 3] = wrap((z + at[k, 3]) / n[3])
        if (of[k] == vacant) candidates[++open] = atoms
    }
    for (k = int(open * empty + 0.5); k > 0; k--) remove(1 + int(random() * open))
}

# The same numbers with every awk (Park and Miller).
function random() { state = (state * 16807) % 2147483647; return state / 2147483647 }

function wrap(x) { return x < 0 ? x + 1 : x >= 1 ? x - 1 : x }

function remove(which) { gone[candidates[which]] = 1; candidates[which] = candidates[open--]; removed++ }

function write(  k, id) {
    printf "crystal %s\n\n%d atoms\n%d atom types\n\n", crystal, atoms - removed, split(elements == "" ? own : elements, names, " ")
    for (k = 1; k <= 3; k++) printf "0 %.10g %slo %shi\n", edge[k] * n[k], substr("xyz", k, 1), substr("xyz", k, 1)
    printf "\nMasses\n\n"
    mass["Ge"] = 72.63; mass["Sb"] = 121.76; mass["Te"] = 127.60
    for (k = 1; k in names; k++) print k, mass[names[k]]
    printf "\nAtoms # atomic\n\n"
    for (k = 1; k <= atoms; k++) if (!(k in gone))
        printf "%d %d %.10g %.10g %.10g\n", ++id, type[element[k]], place[k, 1] * edge[1] * n[1], place[k, 2] * edge[2] * n[2], place[k, 3] * edge[3] * n[3]
}
