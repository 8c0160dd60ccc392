# SPDX-License-Identifier: GPL-2.0-or-later
# Temperature and order along the cell against time, in the folder of a run of phase-change-memory-cell: profile.png
set terminal pngcairo size 1000,450
set output 'profile.png'
set multiplot layout 1,2 title "RESET, quench and SET of a memory cell"
set xlabel "time / ps"
set ylabel "z / nm"
set pm3d map corners2color c1
set title "temperature / K"
set palette defined (0 'black', 1 'red', 2 'yellow', 3 'white')
splot 'profile.dat' using 1:2:3 notitle
set title "Q4 of six neighbours"
set palette defined (0 'white', 1 'blue')
splot 'profile.dat' using 1:2:4 notitle
unset multiplot
