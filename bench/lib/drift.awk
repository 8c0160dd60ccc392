# SPDX-License-Identifier: GPL-2.0-or-later
# Slope of the energy (column 3, eV an atom) over time (column 1, ps), in eV an atom a ns. A straight line through the means of
# 20 blocks: neighbouring records are correlated, blocks hardly, so the scatter around the line gives the error of its slope.
BEGIN { n = 0 }
/^#/ { next }
{ time[n] = $1; energy[n] = $3; temperature += $2; n++ }
END {
    blocks = 20
    if (n < 2 * blocks) { print "too short: " n + 0 " records, " 2 * blocks " are needed"; exit 1 }
    for (b = 0; b < blocks; b++) {
        first = int(b * n / blocks); last = int((b + 1) * n / blocks)
        x[b] = y[b] = 0
        for (i = first; i < last; i++) { x[b] += time[i] - time[0]; y[b] += energy[i] - energy[0] }
        x[b] /= last - first; y[b] /= last - first
        sx += x[b]; sy += y[b]
    }
    for (b = 0; b < blocks; b++) { sxx += (x[b] - sx / blocks) ^ 2; sxy += (x[b] - sx / blocks) * (y[b] - sy / blocks) }
    slope = sxy / sxx
    for (b = 0; b < blocks; b++) rest += (y[b] - sy / blocks - slope * (x[b] - sx / blocks)) ^ 2
    printf "drift (%.1e +- %.1e) eV an atom a ns over %.4g ps at %.0f K\n", 1000 * slope,
        1000 * sqrt(rest / (blocks - 2) / sxx), time[n - 1] - time[0], temperature / n
}
