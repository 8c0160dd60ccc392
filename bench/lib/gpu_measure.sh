# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Atom-steps a second of a pair style on a GPU, and the memory of the GPU meanwhile.

SAMPLE_MS=100

# run_sampled ENTRY CELLS STEPS: LAMMPS's output in $work/out.txt; sets status, and megabytes, the most that was in use on the GPU
# beyond what was before (empty: unknown).
run_sampled() {
    local before sampler query=(nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits -i "$gpu_index")
    before=$("${query[@]}")
    "${query[@]}" -lms $SAMPLE_MS >"$work/memory.txt" &
    sampler=$!
    status=0
    run_style "$1" 1 1 -in "$bench/in.speed" -var system "$deck_system" -var coeff "$found $deck_elements" -var n "$2" \
        -var steps "$3" >"$work/out.txt" || status=$?
    kill $sampler 2>/dev/null || true
    wait $sampler 2>/dev/null || true
    megabytes=$(awk -v before="$before" '/^[0-9]+$/ && $1 > most { most = $1 }
        END { if (most && before ~ /^[0-9]+$/) print most - before }' "$work/memory.txt")
}

# Why the last run failed, in a few words.
failure() {
    awk -v status="$status" -v limit="$limit" '
        /^ERROR/ && !reason { reason = $0; sub(/^ERROR( on proc [0-9]+)?: /, "", reason); sub(/ \([^ ]*:[0-9]+\).*/, "", reason) }
        /[Oo]ut of memory|failed to allocate|nsufficient memory|cudaErrorMemoryAllocation|bad_alloc/ { memory = 1 }
        NF { last = $0 }
        END {
            if (status == 124) print "longer than " limit " s"
            else if (memory) print "out of memory"
            else print reason ? reason : last ? last : "LAMMPS stopped without a word"
        }' "$work/out.txt"
}

# measure ENTRY CELLS STEPS: sets atoms and rate (atom-steps a second), or reason and fails.
measure() {
    local loop
    run_sampled "$@"
    loop=$(awk '/^Loop time/ { print $12, $9 * $12 / $4 }' "$work/out.txt")
    if [ "$status" -ne 0 ] || [ -z "$loop" ]; then
        reason=$(failure)
        return 1
    fi
    read -r atoms rate <<<"$loop"
}

# Steps of about the time aimed at, for a rate and a number of atoms.
steps_for() {
    awk -v rate="$1" -v atoms="$2" -v s="$seconds" 'BEGIN { n = int(s * rate / atoms); print (n < 5 ? 5 : n > 20000 ? 20000 : n) }'
}

# measure_style ENTRY CELLS: a row of report_gpu.awk on standard output. A first run finds the number of steps. What failed at a
# size is not tried at larger ones: $work/failed holds those styles.
measure_style() {
    local entry=$1 cells=$2 run count rates='' most=''
    atoms=$(awk -v n="$cells" -v c="$deck_atoms_a_cell" 'BEGIN { printf "%d", n * n * n * c + 0.5 }')
    if grep -qxF "$entry" "$work/failed"; then
        printf '%s\t%s\t-\tnot tried\n' "$entry" "$atoms"
        return
    fi
    if ! measure "$entry" "$cells" "${steps:-5}"; then
        printf '%s\t%s\t-\tfailed: %s\n' "$entry" "$atoms" "$reason"
        printf '%s\n' "$entry" >>"$work/failed"
        return
    fi
    count=${steps:-$(steps_for "$rate" "$atoms")}
    for ((run = 0; run < repeats; run++)); do
        if ! measure "$entry" "$cells" "$count"; then
            printf '%s\t%s\t-\tfailed: %s\n' "$entry" "$atoms" "$reason"
            return
        fi
        rates+=$'\t'$rate
        [ -z "$megabytes" ] || most=$(awk -v a="$megabytes" -v b="${most:-0}" 'BEGIN { print (a > b ? a : b) }')
    done
    printf '%s\t%s\t%s\t%s%s\n' "$entry" "$atoms" "$count" "$most" "$rates"
}
