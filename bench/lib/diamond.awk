# SPDX-License-Identifier: GPL-2.0-or-later
# Extended XYZ of n^3 cells of disordered diamond silicon: awk -v n=4 -f diamond.awk
# Random numbers of its own (Lehmer), so that every awk makes the same structure.
function uniform() { state = state * 16807 % 2147483647; return state / 2147483647 }
BEGIN {
    state = 4711; a = 5.43
    split("0 0 0 2 2 0 2 0 2 0 2 2 1 1 1 3 3 1 3 1 3 1 3 3", quarter, " ")
    printf "%d\nLattice=\"%g 0 0 0 %g 0 0 0 %g\" Properties=species:S:1:pos:R:3 pbc=\"T T T\"\n", 8 * n ^ 3, n * a, n * a, n * a
    for (i = 0; i < n; i++)
        for (j = 0; j < n; j++)
            for (k = 0; k < n; k++)
                for (b = 0; b < 8; b++)
                    printf "Si %.6f %.6f %.6f\n", (i + quarter[3 * b + 1] / 4) * a + 0.2 * uniform() - 0.1,
                        (j + quarter[3 * b + 2] / 4) * a + 0.2 * uniform() - 0.1, (k + quarter[3 * b + 3] / 4) * a + 0.2 * uniform() - 0.1
}
