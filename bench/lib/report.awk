# SPDX-License-Identifier: GPL-2.0-or-later
# Table of one deck. Input, separated by tabs: style threads ranks atoms steps microseconds-a-run... MB | style ... "-" reason
# Ratios are to the base style at the same number of atoms, with its first threads and ranks.
function median(values, n) { return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2 }
BEGIN { FS = "\t" }
$5 == "-" { row[++rows] = sprintf("%-26s %7d %5d %8d  not measured: %s", $1, $2, $3, $4, $6); next }
{
    n = NF - 6
    for (i = 1; i <= n; i++) values[i] = $(i + 5)
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && values[j - 1] + 0 > values[j] + 0; j--) { t = values[j]; values[j] = values[j - 1]; values[j - 1] = t }
    row[++rows] = sprintf("%-26s %7d %5d %8d %6d %9.2f %9.2f %9.2f", $1, $2, $3, $4, $5, median(values, n), values[1], values[n])
    m[rows] = median(values, n); atoms[rows] = $4; mb[rows] = $NF
    if ($1 == base && !($4 in reference)) reference[$4] = m[rows]
    if (csv) printf "%s,%s,%d,%d,%d,%d,%.4g,%.4g,%.4g,%d,%s\n", prefix, $1, $2, $3, $4, $5, m[rows], values[1], values[n], n, $NF >>csv
}
END {
    printf "%-26s %7s %5s %8s %6s %9s %9s %9s %8s %7s\n", "style", "threads", "ranks", "atoms", "steps", "us/atom", "min", "max",
        "speed", "MB"
    for (r = 1; r <= rows; r++) {
        printf "%s", row[r]
        if (r in m) printf " %8s %7.0f", atoms[r] in reference ? sprintf("%.2f", reference[atoms[r]] / m[r]) : "", mb[r]
        printf "\n"
    }
    printf "us/atom: microseconds an atom and step, median of the runs; speed: times that of '%s'\n", base
}
