# SPDX-License-Identifier: GPL-2.0-or-later
# The profile of profile.txt (LAMMPS's fix ave/chunk) at a time (ps) or the last one before it: z/Angstrom, ordered share.
#   awk -v to=10 -v fs=4 -f profile.awk profile.txt
/^#/ { next }
/^[0-9]/ { if ($1 * fs / 1000 > to + 1e-6) exit; text = ""; next }
{ text = text $2 * 1 " " $4 "\n" }
END { printf "%s", text }
