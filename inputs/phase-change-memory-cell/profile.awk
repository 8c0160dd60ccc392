# SPDX-License-Identifier: GPL-2.0-or-later
# Records of fix ave/chunk as a grid for gnuplot: time (ps), z (nm), temperature, order. awk -v fs=2 -f profile.awk profile.txt
/^#/ { next }
NF == 3 { if (ps != "") print ""; ps = $1 * fs / 1000; next }
$3 > 0 { print ps, $2 / 10, $4, $5 }
