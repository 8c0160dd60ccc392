# SPDX-License-Identifier: GPL-2.0-or-later
# A dump of atoms that walk at random, with normal steps in each direction: msd = 3 variance a frame, alpha2 = 0.
#   awk -v atoms=200 -v frames=400 -v variance=0.02 -f random_walk.awk
function random() { state = (state * 16807) % 2147483647; return state / 2147483647 }
function normal() { return sqrt(-2 * log(random())) * cos(6.283185307179586 * random()) }
BEGIN {
    state = 20011
    deviation = sqrt(variance)
    for (f = 0; f < frames; f++) {
        printf "ITEM: TIMESTEP\n%d\nITEM: NUMBER OF ATOMS\n%d\nITEM: ATOMS id type xu yu zu\n", f, atoms
        for (k = 0; k < atoms; k++) {
            if (f > 0) { x[k] += deviation * normal(); y[k] += deviation * normal(); z[k] += deviation * normal() }
            printf "%d 1 %.6f %.6f %.6f\n", k + 1, x[k], y[k], z[k]
        }
    }
}
