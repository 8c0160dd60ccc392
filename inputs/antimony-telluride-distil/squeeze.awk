# SPDX-License-Identifier: GPL-2.0-or-later
# Frames of extended XYZ (rectangular cells) in which some atoms come close: `pairs` times a frame an atom and its nearest neighbour are moved to a
# distance between `near` and `far` Angstrom, their middle staying.
#   awk -v pairs=6 -v near=1.8 -v far=2.4 -f squeeze.awk FILE.xyz
BEGIN { state = 7919 }

# The same numbers with every awk (Park and Miller).
function random() { state = (state * 16807) % 2147483647; return state / 2147483647 }

function across(d, k) { return d - edge[k] * int(d / edge[k] + (d < 0 ? -0.5 : 0.5)) }

function nearest(i,  j, k, d, sum, best, found) {
    best = 1e9
    for (j = 1; j <= atoms; j++) if (j != i) {
        for (sum = k = 0; ++k <= 3;) { d = across(at[j, k] - at[i, k], k); sum += d * d }
        if (sum < best) { best = sum; found = j; apart = sqrt(sum) }
    }
    return found
}

function squeeze(  i, j, k, shift, wanted) {
    i = 1 + int(random() * atoms); j = nearest(i)
    wanted = near + (far - near) * random()
    if (taken[i] || taken[j] || wanted > apart) return
    taken[i] = taken[j] = 1
    for (k = 1; k <= 3; k++) {
        shift = across(at[j, k] - at[i, k], k) * (1 - wanted / apart) / 2
        at[i, k] += shift; at[j, k] -= shift
    }
}

{
    atoms = $1
    getline
    match($0, /Lattice="[^"]*"/)
    split(substr($0, RSTART + 9, RLENGTH - 10), cell, " ")
    edge[1] = cell[1]; edge[2] = cell[5]; edge[3] = cell[9]
    sub(/config_type=[^ ]*/, "config_type=short")
    line = $0
    for (k = 1; k <= atoms; k++) { getline; name[k] = $1; at[k, 1] = $2; at[k, 2] = $3; at[k, 3] = $4 }
    split("", taken)
    for (p = 0; p < pairs; p++) squeeze()
    print atoms "\n" line
    for (k = 1; k <= atoms; k++) printf "%s %.8f %.8f %.8f\n", name[k], at[k, 1], at[k, 2], at[k, 3]
}
