# SPDX-License-Identifier: GPL-2.0-or-later
# gnuplot -e "folder='FOLDER'" scaling.gnuplot, with the files that bench/scaling leaves there
has(name) = system("test -s '".folder."/".name."' && echo 1 || echo 0") + 0
file(name) = folder."/".name
series(name) = int(system("grep -c '^\"' '".folder."/".name."'")) - 1
set terminal pngcairo noenhanced size 1500,480 font "Sans,12"
set output file("scaling.png")
set multiplot layout 1, has("weak.txt") + 2 * has("strong.txt")
set border 3
set tics nomirror out
set grid lc "#dddddd"
set key below maxrows 3
set xlabel "cores"
set logscale x 2
if (has("weak.txt")) {
    set title "weak scaling"
    set ylabel "efficiency / %"
    set yrange [0:115]
    plot for [s=0:series("weak.txt")] file("weak.txt") index s using 1:2 with linespoints lw 2 pt 7 title columnheader(1), \
        100 with lines dt 2 lc "#888888" title "ideal"
}
if (has("strong.txt")) {
    set title "strong scaling"
    set ylabel "steps a second"
    unset yrange
    set logscale y
    first = system("awk 'NR == 2 { print $3 / $1 }' '".file("strong.txt")."'") + 0
    plot for [s=0:series("strong.txt")] file("strong.txt") index s using 1:3 with linespoints lw 2 pt 7 title columnheader(1), \
        first * x with lines dt 2 lc "#888888" title "ideal"
    set title "ranks x threads"
    unset logscale
    unset xlabel
    unset key
    set ylabel "ns a day"
    set yrange [0:*]
    set style fill solid 0.7 noborder
    set boxwidth 0.6
    plot file("day.txt") using 0:2:xtic(1) with boxes lc "#5b8fc7"
}
unset multiplot
