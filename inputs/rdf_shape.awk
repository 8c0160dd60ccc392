# SPDX-License-Identifier: GPL-2.0-or-later
# First peak, the minimum after it, and how many neighbours are nearer than `near` Angstrom, of a record of rdf.in (first pair: all).
#   awk -v near=3.2 -f rdf_shape.awk FILE
/^#/ || NF < 4 { next }
$2 < 3.2 && $3 > peak { peak = $3; at = $2 }
$2 > 3 && $2 < 4 && (!lowest || $3 < low) { low = $3; lowest = $2 }
$2 < near { for (k = 4; k <= NF; k += 2) neighbours[k] = $k; last = NF }
END {
    printf "peak %.2f at %.2f, minimum %.2f at %.2f Angstrom; neighbours to %.1f:", peak, at, low, lowest, near
    for (k = 4; k <= last; k += 2) printf " %.2f", neighbours[k]
    print ""
}
