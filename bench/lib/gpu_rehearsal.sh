# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What bench/gpu --rehearse has in place of a GPU: a stand-in for nvidia-smi, which does not know the memory of anything, and the
# build folder at hand.

[ -e "$XPOT_BUILD/CMakeCache.txt" ] || die "nothing is built in $XPOT_BUILD yet; run scripts/test first"
mkdir "$work/bin"
cat >"$work/bin/nvidia-smi" <<'SMI'
#!/bin/sh
case "$*" in
*name,compute_cap,driver_version*) echo "no GPU (rehearsal), 9.0, none" ;;
*) echo "[N/A]" ;;
esac
SMI
chmod +x "$work/bin/nvidia-smi"
PATH=$work/bin:$PATH
sizes=64,216 steps=2 repeats=2
