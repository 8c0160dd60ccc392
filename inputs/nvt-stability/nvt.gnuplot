# SPDX-License-Identifier: GPL-2.0-or-later
# gnuplot -e "folder='FOLDER'; temperatures='300 1000'" nvt.gnuplot: FOLDER/nvt.png from FOLDER/300K.txt and so on
set terminal pngcairo size 900,600
set output folder.'/nvt.png'
record(kelvin) = folder.'/'.kelvin.'K.txt'
set multiplot layout 2,1 title 'Nose-Hoover: temperature, and change of the conserved energy'
set xlabel "time / ps"
set key top left
set ylabel "temperature / K"
plot for [kelvin in temperatures] record(kelvin) using 1:2 with lines title kelvin.' K'
set ylabel "change of energy / (meV/atom)"
plot for [kelvin in temperatures] record(kelvin) using 1:($0 == 0 ? (first = $3, 0) : 1000 * ($3 - first)) with lines title kelvin.' K'
unset multiplot
