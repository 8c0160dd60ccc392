# SPDX-License-Identifier: GPL-2.0-or-later
# What tests that start MPI share: how it is started, and a reason to skip where it is not.
skip() {
    echo "SKIPPED: $*"
    exit 77
}
[ -n "${MPIRUN:-}" ] || skip "xpot-opt was built without MPI, or with sanitizers (Open MPI itself leaks)"
command -v $MPIRUN >/dev/null || skip "there is no $MPIRUN"
# Open MPI refuses to start as root, which is what containers are, and counts cores.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe OMPI_MCA_btl_vader_single_copy_mechanism=none
parallel() { "$MPIRUN" -np "$1" "$XPOT_OPT" "${@:2}"; }
parallel 2 --version >out 2>err || skip "$MPIRUN does not start two processes: $(head -c 300 err)"
