# SPDX-License-Identifier: GPL-2.0-or-later
# Means of record.txt between two times (ps): awk -v from=0 -v to=10 -f means.awk record.txt
!/^#/ && $1 > from && $1 <= to { n++; for (k = 2; k <= 6; k++) sum[k] += $k }
END {
    if (n) printf "%.0f K, %.4f eV an atom, %.2f GPa, force %.3f eV/Angstrom, %.0f %% crystalline\n", sum[2] / n, sum[3] / n, sum[4] / n, sum[5] / n,
        100 * sum[6] / n
    else print "no record"
}
