# SPDX-License-Identifier: GPL-2.0-or-later
# gnuplot -e "data='alpha-scan.txt'; picture='alpha-scan.png'" alpha-scan.gnuplot
set terminal pngcairo size 1200,520 font ",11"
set output picture
set multiplot layout 1,2
set grid back lc rgb "#dddddd"
set border 3
set tics nomirror
set xrange [-0.03:1.03]
set xlabel "alpha, share of the energy in the loss"
set key top center horizontal
set ylabel "energy RMSE (meV/atom)" textcolor rgb "#1b6ca8"
set y2label "force RMSE (eV/A)" textcolor rgb "#c0392b"
set ytics nomirror textcolor rgb "#1b6ca8"
set y2tics nomirror textcolor rgb "#c0392b"
set yrange [0:*]
set border 11
plot data using 1:2:3 with yerrorlines pointtype 7 lc rgb "#1b6ca8" title "energy", \
    data using 1:4:5 axes x1y2 with yerrorlines pointtype 5 lc rgb "#c0392b" title "force"
unset y2tics
unset y2label
set border 3
set ytics textcolor rgb "black"
set ylabel "cutoff (A)" textcolor rgb "black"
set yrange [*:*]
unset key
plot data using 1:6:7 with yerrorlines pointtype 7 lc rgb "#333333"
unset multiplot
