# SPDX-License-Identifier: GPL-2.0-or-later
set terminal pngcairo size 1000,360 font "sans,10"
set output "diffusion.png"
set multiplot layout 1,3
set grid
set logscale x
set logscale y
set xlabel "time / ps"
set ylabel "mean squared displacement / Å^2"
set key left top
plot for [t in temperatures] "msd-".t.".txt" using 1:2 with lines lw 2 title t." K"
unset logscale y
set ylabel "non-Gaussian parameter"
set key left top
plot for [t in temperatures] "msd-".t.".txt" using 1:3 with lines lw 2 title t." K"
unset logscale x
set xtics rotate by -45
set logscale y
set xlabel "1000 K / temperature"
set ylabel "D / (10^{-9} m^2/s)"
plot "arrhenius.txt" using (1000/$1):2 with linespoints pt 7 notitle
