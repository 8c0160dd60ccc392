# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# On what, from what, and with what was measured.

processor() { sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1; }

has_flags() {
    local flags flag
    flags=" $(sed -n 's/^flags[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1) "
    for flag in "$@"; do [[ $flags == *" $flag "* ]] || return 1; done
}

# The level of the kernels this processor runs, by the rule of core/src/kernel/kernel.c.
kernel_level() {
    if has_flags avx512f avx512dq avx512vl avx512bw avx512cd; then
        echo "x86-64-v4 (AVX-512)"
    elif has_flags avx2 fma bmi2; then
        echo "x86-64-v3 (AVX2)"
    else
        echo "base"
    fi
}

compiler() {
    local path
    path=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$XPOT_BUILD/CMakeCache.txt" 2>/dev/null)
    [ -z "$path" ] || "$path" --version | head -n 1
}

commit() { git -C "$XPOT_ROOT" rev-parse --short=12 HEAD 2>/dev/null || echo unknown; }

# 1 when the working tree differs from the commit.
dirty() { if git -C "$XPOT_ROOT" diff --quiet HEAD 2>/dev/null; then echo 0; else echo 1; fi; }

print_machine() {
    local help
    help=$(LAMMPS_PLUGIN_PATH='' "${lammps[@]}" -h 2>/dev/null )
    printf 'processor  %s, %s cores, kernels for %s\n' "$(processor)" "$(nproc)" "$(kernel_level)"
    printf 'xpot       %s%s, %s\n' "$(commit)" "$([ "$(dirty)" = 0 ] || echo ' with changes')" "$(compiler)"
    printf 'LAMMPS     %s, %s\n' "$(sed -n 's/^Large-scale Atomic.* - //p' <<<"$help")" "$(sed -n 's/^Compiler: //p' <<<"$help")"
}
