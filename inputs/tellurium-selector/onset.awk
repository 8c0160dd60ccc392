# SPDX-License-Identifier: GPL-2.0-or-later
# Where melting begins: the temperature of the ramp from which on the mean squared displacement stays more than `excess` (square Angstrom) above the
# straight line through the first `share` of the record, vibrations that grow with temperature.
#   awk -v excess=1 -v share=0.2 -f onset.awk RECORD
/^#/ { next }
{ x[++n] = $1; y[n] = $2 }
END {
    m = int(share * n)
    if (m < 3) { print "the record is too short"; exit }
    for (k = 1; k <= m; k++) { sx += x[k]; sy += y[k]; sxx += x[k] * x[k]; sxy += x[k] * y[k] }
    slope = (m * sxy - sx * sy) / (m * sxx - sx * sx)
    offset = (sy - slope * sx) / m
    for (k = n; k > 0 && y[k] - offset - slope * x[k] > excess; k--);
    if (k == n) print "none up to " x[n] " K"
    else printf "%.0f K\n", x[k + 1]
}
