# SPDX-License-Identifier: GPL-2.0-or-later
# gnuplot -e "data='cost.txt'; picture='cost.png'" cost.gnuplot
# Columns of the data: functions, densities, neighbours, microseconds an atom in double, mixed and of pace recursive ("-": not there)
set terminal pngcairo size 1200,600
set output picture
set multiplot layout 1,2 title "Synthetic ACE potentials, disordered diamond silicon, one core"
set key outside below maxrows 3
set logscale y
set grid
set ylabel "microseconds an atom"
rows(condition, x, y) = \
    "< awk '!/^#/ && " . condition . " && $" . y . " != \"-\" { print $" . x . ", $" . y . " }' " . data . " | sort -g"
by_functions(densities, y) = rows("$3 > 45 && $3 < 47 && $2 == " . densities, 1, y)
by_neighbours(functions, y) = rows("$2 == 2 && $1 == " . functions, 3, y)
set xlabel "functions (46 neighbours)"
plot for [p=1:4] by_functions(p, 4) with linespoints pointtype p + 3 title sprintf("double, P = %d", p), \
    by_functions(2, 5) with linespoints pointtype 2 title "mixed, P = 2", \
    by_functions(2, 6) with linespoints pointtype 1 title "pace recursive, P = 2"
set xlabel "neighbours (P = 2)"
plot for [n in "300 3000"] by_neighbours(n, 4) with linespoints pointtype 7 title n." functions, double", \
    for [n in "300 3000"] by_neighbours(n, 5) with linespoints pointtype 2 title n." functions, mixed", \
    for [n in "300 3000"] by_neighbours(n, 6) with linespoints pointtype 1 title n." functions, pace recursive"
unset multiplot
