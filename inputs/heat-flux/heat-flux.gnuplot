# SPDX-License-Identifier: GPL-2.0-or-later
# gnuplot -e "expected=EV-ANGSTROM-PER-PS" heat-flux.gnuplot in the folder of a run of bar: heat-flux.png
set terminal pngcairo size 800,600
set output 'heat-flux.png'
set multiplot layout 2,1
set key bottom right
set xlabel "time / ps"
set ylabel "mean flux since 0 / imposed flux"
set yrange [0.5:1.5]
n = m = sum = sums = 0
plot 'flux.txt' using (n = n + 1):(sum = sum + $2, sum / n / expected) with lines lw 2 title 'centroid stresses', \
    '' using (m = m + 1):(sums = sums + $3, sums / m / expected) with lines lw 2 title 'symmetric stresses', \
    1 with lines dt 2 lc 'black' title 'source and sink'
set key top right
set xlabel "x / Angstrom"
set ylabel "temperature / K"
set autoscale y
plot 'profile.txt' using 2:($4 > 0 ? $4 : 1/0) with linespoints pt 7 notitle
unset multiplot
