# SPDX-License-Identifier: GPL-2.0-or-later
# awk -v h=TIMESTEP -f identity.awk OUTPUT-OF-LAMMPS: from each three rows of in.cluster or in.periodic (before, now, after) the difference of
# the flux and the derivative of the sum of r e. Prints its root mean square for centroid and symmetric stresses, relative to that of the
# flux without convection.
/^ *Step/ { on = 1; next }
/^Loop/ { on = 0 }
on {
    row = n++ % 3
    for (k = 2; k <= 13; k++) value[row, k] = $k
    if (row != 2) next
    for (d = 1; d <= 3; d++) {
        rate = (value[2, 1 + d] - value[0, 1 + d]) / (2 * h)
        virial += (rate - value[1, 7 + d]) ^ 2
        centroid += (value[1, 4 + d] - rate) ^ 2
        symmetric += (value[1, 10 + d] - rate) ^ 2
    }
}
END {
    if (n == 0 || n % 3) { print FILENAME ": expected rows of numbers, three a place, found " n + 0 >"/dev/stderr"; exit 1 }
    printf "%.1e %.2g\n", sqrt(centroid / virial), sqrt(symmetric / virial)
}
