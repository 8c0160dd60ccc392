# SPDX-License-Identifier: GPL-2.0-or-later
# Table of bench/scaling, and files for its table and plot. Input, separated by tabs: a line a case, kind style threads ranks atoms steps
# or kind style threads ranks "-" reason; below it a line of loop.awk for each run, behind a tab.
function median(column,  i, j, t, v) {
    for (i = 1; i <= runs; i++) v[i] = value[i, column] + 0
    for (i = 2; i <= runs; i++)
        for (j = i; j > 1 && v[j - 1] > v[j]; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
    least = v[1]; most = v[runs]
    return runs % 2 ? v[(runs + 1) / 2] : (v[runs / 2] + v[runs / 2 + 1]) / 2
}
# The case that was read last.
function close_case() {
    if (!runs) return
    comm[n] = median(4); pair[n] = median(5); mb[n] = median(3)
    day_seconds = median(6)
    us[n] = median(1); low[n] = least; high[n] = most; count[n] = runs
    second[n] = us[n] * atoms[n] / 1e6
    ns[n] = second[n] > 0 ? day_seconds / second[n] : 0
    rate[n] = atoms[n] / second[n] / cores[n]
    key = kind[n] "\t" style[n]
    if (!(key in base) || cores[n] < cores[base[key]]) base[key] = n
    runs = 0
}
BEGIN { FS = "\t" }
/^\t/ { runs++; split($2, field, " "); for (i = 1; i <= 6; i++) value[runs, i] = field[i]; next }
{
    close_case()
    n++
    kind[n] = $1; style[n] = $2; threads[n] = $3; ranks[n] = $4; atoms[n] = $5; steps[n] = $6; cores[n] = $3 * $4
}
# A series of the plot has a title and its own block: cores, efficiency, steps a second, nanoseconds a day.
function write_series(which,  c, title, last, file) {
    file = folder "/" which ".txt"
    for (c = 1; c <= n; c++) {
        if (kind[c] != which || !(c in us)) continue
        title = style[c] (threads[c] > 1 ? ", " threads[c] " threads a rank" : "")
        if (title != last) printf "%s\"%s\"\n", last == "" ? "" : "\n\n", title >file
        last = title
        printf "%d %.4g %.6g %.6g\n", cores[c], efficiency[c], 1 / second[c], ns[c] >file
    }
    if (last != "") close(file)
}
function write_bars(  c, wanted, file) {
    for (c = 1; c <= n; c++) if (kind[c] == "strong" && (c in us) && cores[c] > wanted) wanted = cores[c]
    if (day) wanted = day
    file = folder "/day.txt"
    for (c = 1; c <= n; c++)
        if (kind[c] == "strong" && (c in us) && cores[c] == wanted)
            printf "\"%s %dx%d\" %.6g\n", style[c], ranks[c], threads[c], ns[c] >file
}
function print_row(c,  core_us) {
    if (!(c in us)) {
        printf "%-6s %-26s %5d %7d %5d  not measured: %s\n", kind[c], style[c], ranks[c], threads[c], cores[c], steps[c]
        return
    }
    efficiency[c] = 100 * rate[c] / rate[base[kind[c] "\t" style[c]]]
    # the time of a core, so that all rows compare
    core_us = us[c] * cores[c]
    printf "%-6s %-26s %5d %7d %5d %9d %6d %9.4g %8.2f %15s %6.1f %6.1f %6.1f %8.4g\n", kind[c], style[c], ranks[c], threads[c],
        cores[c], atoms[c], steps[c], 1e3 * second[c], core_us, sprintf("%.2f-%.2f", low[c] * cores[c], high[c] * cores[c]),
        efficiency[c], comm[c], pair[c], ns[c]
    printf "%s,%s,%s,%d,%d,%d,%d,%d,%.5g,%.5g,%.5g,%d,%.4g,%.3g,%.3g,%.5g,%.4g\n", prefix, kind[c], style[c], ranks[c], threads[c],
        cores[c], atoms[c], steps[c], second[c], low[c] * atoms[c] / 1e6, high[c] * atoms[c] / 1e6, count[c], efficiency[c], comm[c],
        pair[c], ns[c], mb[c] >csv
}
END {
    close_case()
    printf "%-6s %-26s %5s %7s %5s %9s %6s %9s %8s %15s %6s %6s %6s %8s\n", "", "style", "ranks", "threads", "cores", "atoms",
        "steps", "ms/step", "us/atom", "min-max", "eff/%", "comm/%", "pair/%", "ns/day"
    print "date,commit,dirty,deck,potential,scaling,style,ranks,threads,cores,atoms,steps,s_a_step,min,max,runs,efficiency," \
        "comm_percent,pair_percent,ns_a_day,mb" >csv
    for (c = 1; c <= n; c++) if (kind[c] == "weak") print_row(c)
    for (c = 1; c <= n; c++) if (kind[c] == "strong") print_row(c)
    print "us/atom: microseconds of a core for an atom and step, median of the runs, least and most; ns/day at the time step of the deck"
    write_series("weak"); write_series("strong"); write_bars()
}
