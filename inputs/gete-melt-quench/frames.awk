# SPDX-License-Identifier: GPL-2.0-or-later
# Energy and root mean square of the forces' components of the frames whose config_type matches: awk -v config=REGEX -f frames.awk FILE.xyz
left == 0 {
    left = atoms = $1
    getline
    match($0, /config_type=[^ ]*/)
    chosen = substr($0, RSTART + 12, RLENGTH - 12) ~ config
    match($0, / energy=[^ ]*/)
    if (chosen) { frames++; energy += substr($0, RSTART + 8, RLENGTH - 8) / atoms }
    next
}
{ left--; if (chosen) { components += 3; square += $5 ^ 2 + $6 ^ 2 + $7 ^ 2 } }
END {
    if (frames) printf "%d, %.4f eV an atom, force %.3f eV/Angstrom\n", frames, energy / frames, sqrt(square / components)
    else { print FILENAME ": no frame has a config_type that matches " config >"/dev/stderr"; exit 1 }
}
