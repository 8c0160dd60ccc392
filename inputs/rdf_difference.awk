# SPDX-License-Identifier: GPL-2.0-or-later
# Root mean square difference of two records of rdf.in for each pair, between 2 Angstrom and `to`.
#   awk -v to=5.8 -f rdf_difference.awk FILE FILE
/^#/ || NF < 4 || $2 < 2 || $2 > to { next }
FNR == NR { for (k = 3; k < NF; k += 2) first[$1, k] = $k; next }
{ n++; for (k = 3; k < NF; k += 2) sum[k] += ($k - first[$1, k]) ^ 2; last = NF }
END { for (k = 3; k < last; k += 2) printf "%s%.3f", (k > 3 ? " " : ""), sqrt(sum[k] / n); print "" }
