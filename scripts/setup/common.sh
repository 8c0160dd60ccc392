# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by every script: where things are, how to speak, how to fail.

XPOT_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
XPOT_CACHE=${XPOT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xpot}
XPOT_BUILD=${XPOT_BUILD:-$XPOT_ROOT/build}
XPOT_JOBS=${XPOT_JOBS:-$(nproc)}

say() { printf '==> %s\n' "$*"; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# run_logged NAME COMMAND...: keeps long output out of the way; shows its end when the command fails.
run_logged() {
    local name=$1 log=$XPOT_CACHE/log/$1.txt
    shift
    mkdir -p "$XPOT_CACHE/log"
    if ! "$@" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        die "$name failed; the whole output is in $log"
    fi
}
