# SPDX-License-Identifier: GPL-2.0-or-later
# Other elements on the sites of crystals (extended XYZ of xpot-label make: the element is the first column).
#   awk -v from=Cd -v to=Zn -v seed=1 -f decorate.awk     each Cd becomes Zn with a probability that is drawn for each frame
#   awk -v from=any -v to=Cd,Zn,Te -v seed=1 ...          every atom becomes one of the three

# Park and Miller's generator: exact in double precision, the same in every awk.
function uniform() {
    state = (state * 16807) % 2147483647
    return state / 2147483647
}

BEGIN {
    n = split(to, element, ",")
    state = 1 + (seed * 48271) % 2147483646
    for (i = 0; i < 10; i++) uniform()
}
left == 0 { left = $1 + 1; share = from == "any" ? 1 : uniform(); print; next }
/Lattice=/ { left--; print; next }
{
    left--
    if ((from == "any" || $1 == from) && uniform() < share) $1 = element[1 + int(uniform() * n)]
    print
}
