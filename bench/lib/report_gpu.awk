# SPDX-License-Identifier: GPL-2.0-or-later
# Table of one deck on a GPU. Input, separated by tabs: style atoms steps MB rate-of-a-run... | style atoms "-" reason
# Ratios are to the base style at the same number of atoms.
function median(values, n) { return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2 }
BEGIN { FS = "\t" }
$3 == "-" {
    row[++rows] = sprintf("%-40s %9d  %s", $1, $2, $4)
    gsub(/,/, ";", $4)
    if (csv) printf "%s,%s,%d,,,,,0,,%s\n", prefix, $1, $2, $4 >>csv
    next
}
{
    n = NF - 4
    for (i = 1; i <= n; i++) values[i] = $(i + 4)
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && values[j - 1] + 0 > values[j] + 0; j--) { t = values[j]; values[j] = values[j - 1]; values[j - 1] = t }
    row[++rows] = sprintf("%-40s %9d %6d %9.4g %9.4g %9.4g", $1, $2, $3, median(values, n), values[1], values[n])
    rate[rows] = median(values, n); atoms[rows] = $2; mb[rows] = $4
    if ($1 == base) reference[$2] = rate[rows]
    if (csv) printf "%s,%s,%d,%d,%.6g,%.6g,%.6g,%d,%s,\n", prefix, $1, $2, $3, rate[rows], values[1], values[n], n, $4 >>csv
}
END {
    printf "%-40s %9s %6s %9s %9s %9s %8s %7s %8s\n", "style", "atoms", "steps", "a-s/s", "min", "max", "speed", "MB", "B/atom"
    for (r = 1; r <= rows; r++) {
        printf "%s", row[r]
        if (r in rate) {
            printf " %8s", atoms[r] in reference ? sprintf("%.2f", rate[r] / reference[atoms[r]]) : ""
            if (mb[r] != "") printf " %7d %8d", mb[r], mb[r] * 1048576 / atoms[r]
        }
        printf "\n"
    }
    printf "a-s/s: atom-steps a second, median of the runs; speed: times that of '%s'; MB: memory of the GPU\n", base
}
