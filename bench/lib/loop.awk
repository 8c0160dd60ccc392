# SPDX-License-Identifier: GPL-2.0-or-later
# From the output of LAMMPS: microseconds an atom and step, atoms, MB of a process, per cent of the time in communication and in the
# pair style (mean over ranks), ns a day times seconds a step. Or LAMMPS's reason, and exit status 1.
/^Loop time/ { time = $4 / $9 / $12 * 1e6; step = $4 / $9; atoms = $12 }
/^Performance:/ { day = $2 * step }
/^Comm +\|/ { comm = $NF }
/^Pair +\|/ { pair = $NF }
/^Maximum resident set size/ { mb = $5 }
/^ERROR/ && !reason { reason = $0; sub(/^ERROR( on proc [0-9]+)?: /, "", reason); sub(/ \(src.*/, "", reason) }
NF { last = $0 }
END {
    if (time && mb) print time, atoms, mb, comm + 0, pair + 0, day
    else print reason ? reason : last ? last : "LAMMPS stopped without a reason"
    exit !(time && mb)
}
