# SPDX-License-Identifier: GPL-2.0-or-later
# The work of scripts/split-data. Variables: fractions, every, seed, duplicates, work (folder); environment: DROPS (KEY=VALUE lines).

# Park and Miller's generator ("minimal standard", CACM 31, 1192): exact in double precision, the same in every awk.
function uniform() {
    state = (state * 16807) % 2147483647
    return state / 2147483647
}

# The value of a key of a comment line, without quotes; "" when it is not there.
function value(line, key,    rest) {
    rest = " " line
    if (!match(rest, "[ \t]" key "=")) return ""
    rest = substr(rest, RSTART + RLENGTH)
    if (substr(rest, 1, 1) == "\"") {
        rest = substr(rest, 2)
        return substr(rest, 1, index(rest, "\"") - 1)
    }
    sub(/[ \t\r].*/, "", rest)
    return rest
}

function dropped(line,    i, at) {
    for (i = 1; i <= ndrops; i++) {
        at = index(drops[i], "=")
        if (value(line, substr(drops[i], 1, at - 1)) == substr(drops[i], at + 1)) return ++hits[i]
    }
    return 0
}

function end_frame(    key, group) {
    read_frames++
    if (dropped(comment)) { left_out++; return }
    key = value(comment, "Lattice") "\n" atoms
    if (duplicates && (key in seen)) { repeated++; return }
    if (duplicates) seen[key] = 1
    n++
    text[n] = natoms "\n" comment "\n" atoms
    group = value(comment, "config_type")
    if (!(group in size)) groups[++ngroups] = group
    member[group, ++size[group]] = n
}

function stop(found) {
    printf "error: %s:%d: %s\n", FILENAME, FNR, found >"/dev/stderr"
    failed = 1
    exit 1
}

# Every part is rounded over all groups so far: small groups do not lose their test frames.
function share_out(group,    i, j, swap, ntest, nvalidate) {
    total += size[group]
    ntest = int(total * share[3] + 0.5) - tests
    nvalidate = int(total * share[2] + 0.5) - validates
    if (nvalidate + ntest > size[group]) nvalidate = size[group] - ntest
    tests += ntest
    validates += nvalidate
    for (i = size[group]; i > 1; i--) {
        j = 1 + int(uniform() * i)
        swap = member[group, i]; member[group, i] = member[group, j]; member[group, j] = swap
    }
    for (i = 1; i <= size[group]; i++)
        part[member[group, i]] = i <= ntest ? "test" : i <= ntest + nvalidate ? "validate" : "train"
}

function count_out(group,    i) {
    for (i = 1; i <= size[group]; i++)
        part[member[group, i]] = i % every == 0 ? "test" : i % every == every - 1 ? "validate" : "train"
}

BEGIN {
    ndrops = ENVIRON["DROPS"] == "" ? 0 : split(ENVIRON["DROPS"], drops, "\n")
    split(fractions, share, ",")
    whole = share[1] + share[2] + share[3]
    for (i = 1; i <= 3; i++) share[i] /= whole
    state = 1 + (seed * 48271) % 2147483646
    for (i = 0; i < 10; i++) uniform()
}

left == 0 && NF == 0 { next }
left == 0 {
    if ($1 !~ /^[1-9][0-9]*$/ || NF != 1) stop("expected the number of atoms of a frame, found '" substr($0, 1, 40) "'")
    natoms = $1 + 0
    left = natoms + 1
    atoms = ""
    next
}
left == natoms + 1 { comment = $0; left--; next }
{
    atoms = atoms $0 "\n"
    if (--left == 0) end_frame()
}

END {
    if (failed) exit 1
    if (left > 0) stop("the last frame lacks " left " lines")
    for (i = 1; i <= ndrops; i++) if (!hits[i]) stop("--drop: no frame up to here has " drops[i])
    for (g = 1; g <= ngroups; g++) { if (every > 0) count_out(groups[g]); else share_out(groups[g]) }
    for (i = 1; i <= n; i++) {
        printf "%s", text[i] >(work "/" part[i] ".xyz")
        frames[part[i]]++
    }
    printf "%d frames, %d groups: %d train, %d validate, %d test", read_frames, ngroups, frames["train"], frames["validate"], frames["test"]
    if (left_out + repeated) printf "; left out %d by --drop, %d duplicates", left_out, repeated
    printf "\n"
}
