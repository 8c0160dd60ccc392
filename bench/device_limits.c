/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "device_limits.h"

#include <math.h>

/* Sources. Units, clocks, operations, shared memory, memory rates: NVIDIA's A100 and H100 data sheets and architecture whitepapers,
 * AMD's MI300A data sheet and CDNA 3 white paper. Shared memory of a team: CUDA C++ Programming Guide, technical specifications;
 * its rate: 32 banks of 4 bytes. AMD's caches: ROCm Compute Profiler, peaks of gfx942 (128 bytes a clock and unit of first-level
 * cache and of LDS, and of each of 16 channels of a die's second-level cache). Second-level caches of NVIDIA have no published
 * rate: measured by RRZE-HPC/gpu-benches, gpu-l2-cache/a100_80.txt and, for want of an SXM card, h100_pcie.txt. */
const xp_device xp_devices[XP_DEVICES] = {
    {.name = "A100 SXM 80 GB",
     .units = 108,
     .unit_threads = 2048,
     .clock = 1.41e9,
     .fp64 = 64,
     .fp32 = 128,
     .scratch_rate = 128,
     .team_scratch = 163 << 10,
     .unit_scratch = 164 << 10,
     .l2_rate = 5.4e12,
     .l2 = 40e6,
     .dram_rate = 2.039e12},
    {.name = "H100 SXM",
     .units = 132,
     .unit_threads = 2048,
     .clock = 1.98e9,
     .fp64 = 128,
     .fp32 = 256,
     .scratch_rate = 128,
     .team_scratch = 227 << 10,
     .unit_scratch = 228 << 10,
     .l2_rate = 7.0e12,
     .l2 = 50e6,
     .dram_rate = 3.35e12},
    {.name = "MI300A",
     .units = 228,
     .unit_threads = 2048,
     .clock = 2.1e9,
     .fp64 = 128,
     .fp32 = 256,
     .scratch_rate = 128,
     .l1_rate = 128,
     .team_scratch = 64 << 10,
     .unit_scratch = 64 << 10,
     .l2_rate = 6 * 16 * 128 * 2.1e9,
     .l2 = 24e6,
     .dram_rate = 5.3e12},
};

const char *const xp_device_resource_names[XP_DEVICE_RESOURCES] = {"arithmetic", "L1", "L2", "DRAM", "atomics"};

/* Bytes that shared memory and the first-level cache deliver; a buffer is in global memory. */
static double l1_seconds(const xp_device *device, const xp_device_work *work, bool buffer) {
  double rate = device->units * device->clock, cached = work->requests + (buffer ? work->scratch : 0.0);
  double scratch = buffer ? 0.0 : work->scratch;
  if (device->l1_rate == 0.0) return (scratch + cached) / (rate * device->scratch_rate);
  return fmax(scratch / (rate * device->scratch_rate), cached / (rate * device->l1_rate));
}

xp_device_times xp_device_limit(const xp_device *device, const xp_device_work *work, const xp_device_memory *memory) {
  double clocks = device->units * device->clock, fp64 = clocks * device->fp64, fp32 = clocks * device->fp32;
  bool spills = memory->buffer && memory->in_flight > device->l2;
  xp_device_times t = {{0}, XP_DEVICE_ARITHMETIC};
  t.seconds[XP_DEVICE_ARITHMETIC] = work->exact / fp64 + work->operations / (memory->mixed ? fp32 : fp64);
  t.seconds[XP_DEVICE_L1] = l1_seconds(device, work, memory->buffer);
  t.seconds[XP_DEVICE_L2] = (work->l2 + (memory->buffer ? work->scratch : 0.0)) / device->l2_rate;
  t.seconds[XP_DEVICE_DRAM] = (work->dram + (spills ? work->scratch : 0.0)) / device->dram_rate;
  t.seconds[XP_DEVICE_ATOMICS] = work->atomics * XP_DEVICE_SECTOR / device->l2_rate;
  for (int r = 0; r < XP_DEVICE_RESOURCES; ++r)
    if (t.seconds[r] > t.seconds[t.bound]) t.bound = (xp_device_resource)r;
  return t;
}

double xp_device_atoms(const xp_device *device, int lanes, int threads, size_t team_bytes) {
  double teams = floor((double)device->unit_threads / threads);
  if (team_bytes > 0) teams = fmin(teams, floor((double)device->unit_scratch / (double)team_bytes));
  return device->units * teams * lanes;
}
