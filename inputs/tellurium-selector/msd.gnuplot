# SPDX-License-Identifier: GPL-2.0-or-later
set terminal pngcairo size 640,420 font "sans,10"
set output "msd.png"
set xlabel "temperature of the ramp / K"
set ylabel "mean squared displacement / Å^2"
set yrange [0:12]
set key left top
set grid
plot "single.txt" using 1:2 with lines lw 2 title "single crystal", "polycrystal.txt" using 1:2 with lines lw 2 title "polycrystal"
