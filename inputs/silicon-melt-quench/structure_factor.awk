# SPDX-License-Identifier: GPL-2.0-or-later
# Static structure factor from the first pair of a record of rdf.in, with Lorch's window against the end of the record:
#   awk -v density=0.05 -f structure_factor.awk FILE     (density: atoms in a cubic Angstrom)
/^#/ || NF < 4 { next }
{ n++; r[n] = $2; h[n] = $3 - 1 }
END {
    pi = atan2(0, -1)
    width = r[2] - r[1]
    reach = r[n] + width / 2
    for (q = 1; q <= 12.001; q += 0.05) {
        sum = 0
        for (k = 1; k <= n; k++) sum += r[k] * h[k] * sin(q * r[k]) / q * sin(pi * r[k] / reach) / (pi * r[k] / reach)
        printf "%.2f %.5f\n", q, 1 + 4 * pi * density * width * sum
    }
}
