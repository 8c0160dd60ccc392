# SPDX-License-Identifier: GPL-2.0-or-later
# Radial distribution functions in the folder of a run: rdf.png
set terminal pngcairo size 1000,640 font "sans,10"
set output 'rdf.png'
array pairs = ['all', 'Sb-Sb', 'Sb-Te', 'Te-Te']
other = system("test -s rdf-liquid-other.txt && echo yes") eq "yes"
set multiplot layout 2,4 title "Sb2Te3: liquid (above), amorphous (below)"
set xrange [2:8]
set yrange [0:*]
set xlabel "r / Angstrom"
set key at graph 0.98, graph 0.97 font ",8"
do for [state in "liquid amorphous"] {
    do for [k = 1:4] {
        set title pairs[k]
        plot 'rdf-'.state.'.txt' using 2:(column(1 + 2 * k)) with lines title state, \
            (other ? 'rdf-'.state.'-other.txt' : 'rdf-'.state.'.txt') using 2:(other ? column(1 + 2 * k) : NaN) with points pt 6 ps 0.5 title (other ? 'other potential' : '')
    }
}
unset multiplot
