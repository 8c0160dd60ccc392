# SPDX-License-Identifier: GPL-2.0-or-later
# D = D0 exp(-E / kT) through pairs of temperature (K) and D (10^-9 m^2/s), by least squares of the logarithm.
#   awk -f arrhenius.awk FILE
/^#/ || $2 <= 0 { next }
{ n++; x = 1 / (8.617333e-5 * $1); y = log($2); sx += x; sy += y; sxx += x * x; sxy += x * y }
END {
    if (n < 2) { print "needs two temperatures with a positive D"; exit }
    slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
    printf "%.3f eV, D0 = %.3g (10^-9 m^2/s), %d temperatures\n", -slope, exp((sy - slope * sx) / n), n
}
