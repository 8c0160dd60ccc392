# SPDX-License-Identifier: GPL-2.0-or-later
# gnuplot -e "start=PS" record.gnuplot in the folder of a run of silicon-melt-quench: silicon.png (start: of the compression)
set terminal pngcairo size 1000,700
set output 'silicon.png'
set multiplot layout 2,3 title "Silicon: melt, quench, compression"
set xlabel "time / ps"
set ylabel "temperature / K"
plot 'record.txt' using 1:2 with lines notitle
set ylabel "density / (g/cm^3)"
plot 'record.txt' using 1:4 with lines notitle
set ylabel "energy / (eV/atom)"
plot 'record.txt' using 1:5 with lines notitle
set xlabel "pressure / GPa"
set ylabel "share of atoms with so many neighbours"
set key outside top center horizontal font ",7"
set yrange [0:1]
array names = ['up to 3', '4', '5', '6', '7', 'from 8']
plot for [k = 1:6] 'record.txt' using ($1 > start ? $3 : NaN):(column(6 + k)) with points pt 7 ps 0.3 title names[k]
set yrange [0:*]
set key inside top right vertical font ",8"
set xlabel "r / Angstrom"
set ylabel "g(r)"
plot 'rdf-liquid.txt' using 2:3 with lines title 'liquid', 'rdf-amorphous.txt' using 2:3 with lines title 'amorphous'
set xlabel "q / (1/Angstrom)"
set xtics auto
set ylabel "S(q)"
plot 'sq-liquid.txt' using 1:2 with lines title 'liquid', 'sq-amorphous.txt' using 1:2 with lines title 'amorphous'
unset multiplot
