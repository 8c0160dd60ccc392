# SPDX-License-Identifier: GPL-2.0-or-later
# awk -v power=EV-PER-PS -v a=ANGSTROM -v n=CELLS -v cells=CELLS -f bar.awk profile.txt flux.txt.sums flux.txt: the flux beside the heat that
# source and sink put in and take out. Errors of means are from ten blocks of the run.
function mean_of(column, from, to, k, sum) {
    for (k = from; k <= to; k++) sum += value[k, column]
    return sum / (to - from + 1)
}
function error_of(column, b, sum, square, m) {
    for (b = 0; b < BLOCKS; b++) {
        m = mean_of(column, int(b * rows / BLOCKS) + 1, int((b + 1) * rows / BLOCKS))
        sum += m
        square += m * m
    }
    return sqrt((square - sum * sum / BLOCKS) / (BLOCKS * (BLOCKS - 1)))
}
function ratio(name, column, expected) {
    printf "%-58s %.3f +- %.3f\n", name, mean_of(column, 1, rows) / expected, error_of(column) / expected
}
BEGIN { BLOCKS = 10; WATTS_PER_METRE_KELVIN = 1602.176634 }
/^#/ { next }
FILENAME ~ /profile[.]txt$/ { # bins of a cell each; those measured
    if (NF == 4 && $1 >= 5 && $1 <= cells + 2) { bins++; sx += $2; sxx += $2 * $2; st += $4; sxt += $2 * $4 }
    next
}
FILENAME ~ /sums$/ {
    if (!started++) { first_moment = $2; first_energy = $3 }
    last_moment = $2; last_energy = $3
    next
}
{
    rows++
    for (k = 2; k <= NF; k++) value[rows, k] = $k
}
END {
    if (rows < BLOCKS) { print FILENAME ": expected a record of at least " BLOCKS " ps, found " rows + 0 "; see --time" >"/dev/stderr"; exit 1 }
    ps = rows
    change = (last_moment - first_moment) / ps
    here = power * (cells - 2) * a
    whole = power * (mean_of(7, 1, rows) - mean_of(6, 1, rows)) + change
    printf "%d ps, %.1f K; energy put in by the integrator: %.4f of the power\n", ps, mean_of(8, 1, rows), (last_energy - first_energy) / ps / power
    ratio("flux between source and sink / power, centroid stresses:", 2, here)
    ratio("flux between source and sink / power, symmetric stresses:", 3, here)
    printf "%-58s %.4f\n", "flux of all atoms / (change of sum of x e, heat), centroid:", mean_of(4, 1, rows) / whole
    printf "%-58s %.4f\n", "flux of all atoms / (change of sum of x e, heat), symmetric:", mean_of(5, 1, rows) / whole
    slope = (bins * sxt - sx * st) / (bins * sxx - sx * sx)
    printf "gradient %.2f K/Angstrom, conductivity of this bar %.2f W/(m K)\n", slope, power / (n * n * a * a) / -slope * WATTS_PER_METRE_KELVIN
}
