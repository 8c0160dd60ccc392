# SPDX-License-Identifier: GPL-2.0-or-later
set terminal pngcairo size 640,420 font "sans,10"
set output "growth.png"
set xlabel "time / ps"
set ylabel "ordered share outside the template"
set y2label "temperature / K"
set ytics nomirror
set y2tics
set yrange [0:1]
set grid
plot "record.txt" using 1:5 with lines lw 2 title "ordered", "record.txt" using 1:2 axes x1y2 with lines dt 2 title "temperature"
