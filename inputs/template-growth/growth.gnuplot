# SPDX-License-Identifier: GPL-2.0-or-later
# Ordered share against time, and along z when annealing begins and when it ends: growth.png
set terminal pngcairo size 900,360 font "sans,10"
set output "growth.png"
set multiplot layout 1,2
set yrange [0:1]
set grid
set xlabel "z / Angstrom"
set ylabel "ordered share"
set key top center
plot "profile-early.txt" with steps lw 2 title "annealing begins", "profile-late.txt" with steps lw 2 title "annealing ends"
set xlabel "time / ps"
set ylabel "ordered share outside the template"
set y2label "temperature / K"
set ytics nomirror
set y2tics
plot "record.txt" using 1:5 with lines lw 2 title "ordered", "record.txt" using 1:2 axes x1y2 with lines dt 2 title "temperature"
