# SPDX-License-Identifier: GPL-2.0-or-later
# gnuplot -e "data='melt.txt'; picture='melt.png'" melt.gnuplot
set terminal pngcairo size 900,600
set output picture
set multiplot layout 2,1 title "512 Si atoms, potential tuned by xpot-opt"
set xlabel "time / ps"
set arrow from first 2.0, graph 0 to first 2.0, graph 1 nohead dashtype 2
set key top left
set ylabel "temperature / K"
plot data using 1:2 with lines linewidth 2 title "temperature", NaN with lines dashtype 2 linecolor black title "NVE starts"
set ylabel "total energy / (eV an atom)"
plot data using 1:3 with lines linewidth 2 linecolor 2 notitle
unset multiplot
