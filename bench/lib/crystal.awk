# SPDX-License-Identifier: GPL-2.0-or-later
# The crystals of bench/system.* as extended XYZ, for the kernels alone: awk -v crystal=silicon -v n=4 -f crystal.awk
# Random numbers of its own (Lehmer), so that every awk makes the same structure.
function uniform() { state = state * 16807 % 2147483647; return state / 2147483647 }
BEGIN {
    state = 4711
    fcc = "0 0 0 2 2 0 2 0 2 0 2 2"
    # lattice constant; sites in quarters of it; their elements, a letter each; displacement at most; part of A that is empty or B
    if (crystal == "silicon") { a = 5.43; sites = fcc " 1 1 1 3 3 1 3 1 3 1 3 3"; kinds = "AAAAAAAA"; element["A"] = "Si"; rattle = 0.1 }
    if (crystal == "sb2te3") { a = 6.13; sites = fcc " 2 0 0 0 2 0 0 0 2 2 2 2"; kinds = "AAAABBBB"; element["A"] = "Sb"; element["B"] = "Te"
        rattle = 0.1; empty = 1 / 3 }
    if (crystal == "copper") { a = 3.597; sites = fcc; kinds = "AAAA"; element["A"] = "Cu"; rattle = 0.1 }
    if (crystal == "tantalum") { a = 3.316; sites = "0 0 0 2 2 2"; kinds = "AA"; element["A"] = "Ta"; rattle = 0.05 }
    if (crystal == "tungsten") { a = 3.1803; sites = "0 0 0 2 2 2"; kinds = "AA"; element["A"] = "W"; element["B"] = "Be"; rattle = 0.05; other = 0.05 }
    split(sites, quarter, " ")
    for (cell = 0; cell < n ^ 3; cell++)
        for (s = 1; s <= length(kinds); s++) {
            kind = substr(kinds, s, 1)
            if (kind == "A" && uniform() < empty) continue
            if (kind == "A" && uniform() < other) kind = "B"
            line = element[kind]
            for (d = 1; d <= 3; d++)
                line = line sprintf(" %.6f", (int(cell / n ^ (3 - d)) % n + quarter[3 * s - 3 + d] / 4) * a + rattle * (2 * uniform() - 1))
            atom[++count] = line
        }
    printf "%d\nLattice=\"%g 0 0 0 %g 0 0 0 %g\" Properties=species:S:1:pos:R:3 pbc=\"T T T\"\n", count, n * a, n * a, n * a
    for (i = 1; i <= count; i++) print atom[i]
}
