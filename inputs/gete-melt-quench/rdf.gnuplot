# SPDX-License-Identifier: GPL-2.0-or-later
# Radial distribution functions in the folder of a run of gete-melt-quench: rdf.png
set terminal pngcairo size 1000,700
set output 'rdf.png'
array pairs = ['all', 'Ge-Ge', 'Ge-Te', 'Te-Te']
there(name) = system("test -s rdf-".name.".txt && echo yes") eq "yes"
set multiplot layout 2,4 title "GeTe: hot liquid (above), amorphous at 300 K and liquid at 1100 K (below); points: frames of the data"
set xrange [2:8]
set yrange [0:*]
set xlabel "r / Angstrom"
do for [k = 1:4] {
    set title pairs[k]
    set key at graph 0.98, graph 0.97 font ",8"
    plot 'rdf-hot.txt' using 2:(column(1 + 2 * k)) with lines title 'hot', \
        (there('frames') ? 'rdf-frames.txt' : 'rdf-hot.txt') using 2:(there('frames') ? column(1 + 2 * k) : NaN) \
            with points pt 6 ps 0.5 title 'frames'
}
do for [k = 1:4] {
    set title pairs[k]
    plot 'rdf-amorphous.txt' using 2:(column(1 + 2 * k)) with lines title 'amorphous', \
        'rdf-liquid.txt' using 2:(column(1 + 2 * k)) with lines title 'liquid', \
        'rdf-amorphous-relaxed.txt' using 2:(column(1 + 2 * k)) with lines title 'amorphous, relaxed', \
        (there('frames-relaxed') ? 'rdf-frames-relaxed.txt' : 'rdf-hot.txt') using 2:(there('frames-relaxed') ? column(1 + 2 * k) : NaN) \
            with points pt 6 ps 0.5 title 'frames, relaxed'
}
unset multiplot
