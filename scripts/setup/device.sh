# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Kokkos for a device whose compiler is there and whose Kokkos is not: configuration headers made from those of the Kokkos at
# hand. Enough to compile for the device, not to link.

# NVIDIA's architectures, and their names in KOKKOS_ARCH_; the last is the one that a build of Kokkos asks for.
declare -A CUDA_ARCHITECTURES=([sm_70]="VOLTA VOLTA70" [sm_75]="TURING75" [sm_80]="AMPERE AMPERE80" [sm_86]="AMPERE AMPERE86"
    [sm_89]="ADA89" [sm_90]="HOPPER HOPPER90" [sm_100]="BLACKWELL BLACKWELL100" [sm_120]="BLACKWELL BLACKWELL120")

# AMD's.
declare -A HIP_ARCHITECTURES=([gfx908]="AMD_GFX908" [gfx90a]="AMD_GFX90A" [gfx942]="AMD_GFX942" [gfx950]="AMD_GFX950")

# device_kokkos FOLDER HEADERS BACKEND SETUP ARCHITECTURE...: writes them. BACKEND as in KOKKOS_ENABLE_, SETUP as in the name of
# Kokkos's setup header, architectures as in KOKKOS_ARCH_.
device_kokkos() {
    local folder=$1 headers=$2 backend=$3 setup=$4 name
    shift 4
    mkdir -p "$folder/desul/atomics"
    sed -E '/^#define KOKKOS_(ENABLE_(OPENMP|THREADS|HPX|SERIAL|CUDA|HIP|SYCL)$|ARCH_)/d' "$headers/KokkosCore_config.h" \
        >"$folder/KokkosCore_config.h"
    for name in ENABLE_SERIAL "ENABLE_$backend" "${@/#/ARCH_}"; do
        grep -qw "KOKKOS_$name" "$headers/KokkosCore_config.h" || die "the Kokkos in $headers does not know KOKKOS_$name"
        printf '#define KOKKOS_%s\n' "$name" >>"$folder/KokkosCore_config.h"
    done
    printf '#include <fwd/Kokkos_Fwd_%s.hpp>\n' SERIAL "$backend" >"$folder/KokkosCore_Config_FwdBackend.hpp"
    printf '#include <decl/Kokkos_Declare_%s.hpp>\n' SERIAL "$backend" >"$folder/KokkosCore_Config_DeclareBackend.hpp"
    printf '#include <setup/Kokkos_Setup_%s.hpp>\n' "$setup" >"$folder/KokkosCore_Config_SetupBackend.hpp"
    sed "s|^/[*] #undef DESUL_ATOMICS_ENABLE_$backend [*]/|#define DESUL_ATOMICS_ENABLE_$backend|" \
        "$headers/desul/atomics/Config.hpp" >"$folder/desul/atomics/Config.hpp"
}
