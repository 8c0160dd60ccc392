# SPDX-License-Identifier: GPL-2.0-or-later
# Mean squared displacement and non-Gaussian parameter against time, over all atoms and all starts, of a dump of unwrapped positions (id type xu yu zu):
#   awk -v ps=0.1 -f msd.awk FILE.dump
# ps: time between frames. Times up to half of the dump; columns: time/ps, <dr^2>/A^2, 3 <dr^4> / (5 <dr^2>^2) - 1, starts.
/^ITEM: NUMBER/ { getline; atoms = $1; next }
/^ITEM: ATOMS/ {
    for (k = 0; k < atoms; k++) { getline; x[frames + 0, k] = $3; y[frames + 0, k] = $4; z[frames + 0, k] = $5 }
    frames++
}
END {
    print "# time/ps msd/A^2 alpha2 starts"
    most = int((frames - 1) / 2)
    gap = int(frames / 200) + 1 # starts closer than this say nothing new and take their time
    for (lag = 1; lag <= most; lag = lag + 1 + int(lag / 20)) {
        second = fourth = n = 0
        for (start = 0; start + lag < frames; start += gap) {
            n++
            for (k = 0; k < atoms; k++) {
                dx = x[start + lag, k] - x[start, k]; dy = y[start + lag, k] - y[start, k]; dz = z[start + lag, k] - z[start, k]
                square = dx * dx + dy * dy + dz * dz
                second += square; fourth += square * square
            }
        }
        second /= n * atoms; fourth /= n * atoms
        printf "%.6g %.6g %.5f %d\n", lag * ps, second, 3 * fourth / (5 * second * second) - 1, n
    }
}
