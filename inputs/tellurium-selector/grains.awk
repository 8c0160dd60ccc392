# SPDX-License-Identifier: GPL-2.0-or-later
# A polycrystal as a LAMMPS data file: grains around random points of a periodic cube, each the crystal of the data file read, turned at random.
#   awk -v grains=4 -v edge=40 -v seed=1 -f grains.awk CELL.data
# Atoms of neighbouring grains may overlap: delete_atoms overlap follows.
/ [xyz]lo [xyz]hi/ { cell[++edges] = $2 - $1 }
/^Masses/ { getline; getline; mass = $2 }
/^Atoms/ { getline; inside = 1; next }
inside && NF == 5 { site[++sites, 1] = $3; site[sites, 2] = $4; site[sites, 3] = $5 }

END {
    state = 7919 * (seed == "" ? 1 : seed)
    for (g = 1; g <= grains; g++) for (k = 1; k <= 3; k++) centre[g, k] = random() * edge
    for (g = 1; g <= grains; g++) { turn(); fill(g) }
    printf "%d grains of %s\n\n%d atoms\n1 atom types\n\n", grains, FILENAME, atoms
    for (k = 1; k <= 3; k++) printf "0 %.10g %slo %shi\n", edge, substr("xyz", k, 1), substr("xyz", k, 1)
    printf "\nMasses\n\n1 %s\n\nAtoms # atomic\n\n", mass
    for (a = 1; a <= atoms; a++) print a, 1, line[a]
}

# The same numbers with every awk (Park and Miller).
function random() { state = (state * 16807) % 2147483647; return state / 2147483647 }

# A rotation, all equally likely, from a random unit quaternion.
function turn(  u, v, w, a, b, c, d) {
    u = random(); v = 6.283185307179586 * random(); w = 6.283185307179586 * random()
    a = sqrt(1 - u) * sin(v); b = sqrt(1 - u) * cos(v); c = sqrt(u) * sin(w); d = sqrt(u) * cos(w)
    r[1, 1] = 1 - 2 * (c * c + d * d); r[1, 2] = 2 * (b * c - a * d); r[1, 3] = 2 * (b * d + a * c)
    r[2, 1] = 2 * (b * c + a * d); r[2, 2] = 1 - 2 * (b * b + d * d); r[2, 3] = 2 * (c * d - a * b)
    r[3, 1] = 2 * (b * d - a * c); r[3, 2] = 2 * (c * d + a * b); r[3, 3] = 1 - 2 * (b * b + c * c)
}

# A point of the cube belongs to a grain no further than half its diagonal away.
function fill(g,  n, x, y, z, s, k, p) {
    for (k = 1; k <= 3; k++) n[k] = int(0.87 * edge / cell[k]) + 1
    for (x = -n[1]; x <= n[1]; x++) for (y = -n[2]; y <= n[2]; y++) for (z = -n[3]; z <= n[3]; z++) for (s = 1; s <= sites; s++) {
        p[1] = x * cell[1] + site[s, 1]; p[2] = y * cell[2] + site[s, 2]; p[3] = z * cell[3] + site[s, 3]
        place(g, p)
    }
}

function place(g, p,  k, q, own, other, image) {
    for (k = 1; k <= 3; k++) {
        q[k] = r[k, 1] * p[1] + r[k, 2] * p[2] + r[k, 3] * p[3]
        if (q[k] < -edge / 2 || q[k] >= edge / 2) return
        own += q[k] * q[k]
        q[k] += centre[g, k]
    }
    for (other = 1; other <= grains; other++) if (other != g && distance(q, other) < own) return
    for (k = 1; k <= 3; k++) { image[k] = q[k] % edge; if (image[k] < 0) image[k] += edge }
    line[++atoms] = sprintf("%.8f %.8f %.8f", image[1], image[2], image[3])
}

# Square of the distance to the nearest image of a grain's centre.
function distance(q, g,  k, d, sum) {
    for (k = 1; k <= 3; k++) {
        d = q[k] - centre[g, k]
        d -= edge * int(d / edge + (d < 0 ? -0.5 : 0.5))
        sum += d * d
    }
    return sum
}
