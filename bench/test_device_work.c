/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bench-device-model counts: against the plan's own counts, against what can be counted by hand, and against limits that
 * potentials must keep. */
#include <math.h>
#include <string.h>

#include "ace_device_work.h"
#include "coupled_functions.h"
#include "device_limits.h"
#include "pace_kokkos_work.h"
#include "testing/temporary.h"

enum { NEIGHBOURS = 20, WORKERS = 64, BYTES_MOST = 64 << 10 };

/* The device kernel does more than the CPU's: it looks up and evaluates neighbours twice, and a leaf for each of its vectors. */
static const double MORE_LEAST = 1.0, MORE_MOST = 2.2;

static const char *const own[] = {"potentials/mlearn-Si-ace/potential.yace", "potentials/gete-ace/potential.yace"};
static const char *const shared[] = {"conformance/potentials/XPOT-Si.yace", "conformance/potentials/XPOT-Sb2Te3.yace"};

typedef struct model {
  xp_potential *potential;
  xp_plan *plan;
  xp_ace_image *image;
  xp_device_neighbours neighbours;
} model;

static void open_model(model *m, const char *path) {
  xp_error error = {0};
  const char *elements[3];
  *m = (model){0};
  xp_assert_ok(xp_potential_read(&m->potential, &path, 1, &error), &error);
  int n = xp_potential_nelements(m->potential);
  assert_true(n <= 3);
  for (int i = 0; i < n; ++i) elements[i] = xp_potential_element(m->potential, i);
  xp_assert_ok(xp_plan_new(&m->plan, m->potential, elements, n, XP_PRECISION_DOUBLE, &error), &error);
  xp_assert_ok(xp_ace_image_new(&m->image, m->plan, &error), &error);
  double given[3] = {NEIGHBOURS, NEIGHBOURS, NEIGHBOURS};
  xp_assert_ok(xp_device_neighbours_given(&m->neighbours, m->plan, given, XP_DEVICE_TILE, &error), &error);
}

static void close_model(model *m) {
  xp_device_neighbours_clear(&m->neighbours);
  xp_ace_image_free(m->image);
  xp_plan_free(m->plan);
  xp_potential_free(m->potential);
}

static void over_potentials(void (*check)(const model *m)) {
  for (size_t k = 0; k < sizeof own / sizeof *own + sizeof shared / sizeof *shared; ++k) {
    size_t nown = sizeof own / sizeof *own;
    char *path = k < nown ? xp_test_source(own[k]) : xp_test_shared(shared[k - nown]);
    if (!path) continue;
    model m;
    open_model(&m, path);
    check(&m);
    close_model(&m);
    free(path);
  }
}

static const xp_device_work *stage(const xp_device_cost *cost, const char *name) {
  for (int s = 0; s < cost->nstages; ++s)
    if (strcmp(cost->stages[s].stage, name) == 0) return &cost->stages[s];
  fail_msg("no stage '%s'", name);
  return NULL;
}

static double all_operations(const xp_device_work *w) {
  return w->operations + w->exact;
}

static void check_more(double counted, double planned, const char *what) {
  if (counted < MORE_LEAST * planned || counted > MORE_MOST * planned)
    fail_msg("%s: %.0f operations of the device kernel, %.0f of the plan", what, counted, planned);
}

static void check_operations(const model *m) {
  xp_device_cost cost;
  const xp_device_team team = {XP_PRECISION_DOUBLE, 1, 1};
  xp_ace_device_count(&cost, m->image, &m->neighbours, &team);
  double products = all_operations(stage(&cost, "forward: couplings")) +
                    all_operations(stage(&cost, "forward: leaves")) + all_operations(stage(&cost, "adjoint: leaves")) +
                    all_operations(stage(&cost, "adjoint: couplings"));
  xp_device_work total = xp_device_cost_total(&cost);
  double planned = 0.0, neighbours = 0.0;
  for (int i = 0; i < m->image->nelements; ++i) {
    xp_plan_facts facts = xp_plan_describe(m->plan, i);
    planned += facts.methods[0].operations * m->neighbours.share[i];
    neighbours += (facts.fixed_operations + NEIGHBOURS * m->image->nelements * facts.neighbour_operations) *
                  m->neighbours.share[i];
  }
  check_more(products, planned, "products");
  check_more(all_operations(&total) - products, neighbours, "neighbours");
}

/* Nothing is added atomically but forces; pace/kk adds hundreds of times as often. */
static void check_atomics(const model *m) {
  xp_device_cost cost, pace;
  xp_pace_kokkos_facts facts;
  xp_error error = {0};
  const xp_device_team team = {XP_PRECISION_MIXED, XP_DEVICE_WIDE, WORKERS};
  xp_ace_device_count(&cost, m->image, &m->neighbours, &team);
  double neighbours = NEIGHBOURS * m->image->nelements;
  xp_assert_close(xp_device_cost_total(&cost).atomics, 3.0 * neighbours, 0.0);
  xp_assert_ok(xp_pace_kokkos_count(&pace, &facts, m->potential->ace, &m->neighbours, &error), &error);
  assert_true(xp_device_cost_total(&pace).atomics > 100.0 * 3.0 * neighbours);
}

static void check_bytes(const model *m) {
  xp_device_layout layout = xp_ace_device_layout(m->image, WORKERS);
  size_t exact = xp_device_layout_bytes(&layout, XP_PRECISION_DOUBLE);
  size_t mixed = xp_device_layout_bytes(&layout, XP_PRECISION_MIXED);
  if (exact > BYTES_MOST) fail_msg("%zu bytes an atom in flight", exact);
  assert_true(mixed < exact);
  assert_true(2 * mixed > exact);
}

/* More lanes share what they read of streams; what is the atom's own stays. */
static void check_lanes(const model *m) {
  xp_device_cost one, eight;
  const xp_device_team narrow = {XP_PRECISION_DOUBLE, 1, WORKERS}, wide = {XP_PRECISION_DOUBLE, 8, WORKERS};
  xp_ace_device_count(&one, m->image, &m->neighbours, &narrow);
  xp_ace_device_count(&eight, m->image, &m->neighbours, &wide);
  assert_true(xp_device_cost_total(&eight).l2 < xp_device_cost_total(&one).l2);
  xp_assert_close(xp_device_cost_total(&eight).scratch, xp_device_cost_total(&one).scratch, 0.0);
  xp_assert_close(8.0 * stage(&eight, "forward: leaves")->l2, stage(&one, "forward: leaves")->l2, 1e-6);
}

static void test_operations(void **state) {
  (void)state, over_potentials(check_operations);
}
static void test_atomics(void **state) {
  (void)state, over_potentials(check_atomics);
}
static void test_bytes(void **state) {
  (void)state, over_potentials(check_bytes);
}
static void test_lanes(void **state) {
  (void)state, over_potentials(check_lanes);
}

/* Functions of one and of two terms, (0, 0) twice and (1, -1): a factor with m = 0 adds four times, any other twice. */
static void test_pace(void **state) {
  (void)state;
  static const coupled_function scalar = {0, 2, {0, 0}, {1, 1}, {0, 0}, 1, {{0}}, {{0.3}}};
  static const coupled_function vector = {0, 2, {0, 0}, {1, 2}, {1, 1}, 1, {{0}}, {{-0.2}}};
  ace_options options = {1, XP_ACE_SBESSEL, XP_ACE_INNER_DENSITY, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 1, 3};
  xp_ace_model *ace = ace_test_model(&options);
  coupled_clear_functions(ace);
  coupled_append(ace, &scalar);
  coupled_append(ace, &vector);
  double share[] = {1.0}, within[] = {5.0}, tiled[] = {8.0}, candidates[] = {9.0};
  xp_device_neighbours neighbours = {1, share, within, tiled, candidates};
  xp_device_cost cost;
  xp_pace_kokkos_facts facts;
  xp_error error = {0};
  xp_assert_ok(xp_pace_kokkos_count(&cost, &facts, ace, &neighbours, &error), &error);
  const xp_ace_bond *bond = &ace->bonds[0];
  double lm = 0.5 * (bond->lmax + 1) * (bond->lmax + 2), terms = 3.0;
  xp_assert_close(facts.terms, terms, 0.0);
  xp_assert_close(facts.product_bytes, terms * (2 + 3 + 2) * 16, 0.0);
  xp_assert_close(stage(&cost, "ComputeRho")->atomics, terms, 0.0);
  xp_assert_close(stage(&cost, "ComputeWeights")->atomics, 8 + 8 + 4, 0.0);
  xp_assert_close(stage(&cost, "ComputeAi")->atomics, within[0] * (bond->nradbasemax + 2 * lm * bond->nradmax + 1),
                  0.0);
  xp_assert_close(stage(&cost, "ComputeForce")->atomics, 3 * within[0] + 3, 0.0);
  /* Two factors: two products forward, two for dB_1, one for dB_0; then a density. */
  xp_assert_close(stage(&cost, "ComputeRho")->operations, terms * (6 * (2 + 2 + 1) + 2), 0.0);
  xp_ace_model_free(ace);
}

static void test_structure(void **state) {
  (void)state;
  static const char text[] = "3\nproperties=species:S:1:pos:R:3 pbc=\"F F F\"\nSi 0 0 0\nSi 0 0 2.4\nSi 0 0 4.8\n";
  char *path = xp_test_source(own[0]), *structure = xp_test_file_new(text, strlen(text));
  model m;
  xp_error error = {0};
  xp_device_neighbours counted;
  open_model(&m, path);
  assert_true(xp_plan_cutoff(m.plan, 0, 0) > 4.8);
  xp_assert_ok(xp_device_neighbours_counted(&counted, m.plan, structure, XP_DEVICE_TILE, &error), &error);
  xp_assert_close(counted.share[0], 1.0, 0.0);
  xp_assert_close(counted.within[0], 2.0, 0.0);
  xp_assert_close(counted.tiled[0], XP_DEVICE_TILE, 0.0);
  xp_assert_close(counted.candidates[0], 2.0, 0.0);
  xp_device_neighbours_clear(&counted);
  close_model(&m);
  xp_test_file_remove(structure);
  free(path);
}

/* The slowest resource binds. */
static void test_limits(void **state) {
  (void)state;
  const xp_device *device = &xp_devices[0];
  const xp_device_memory scratch = {false, false, 0.0}, buffer = {false, true, 2.0 * device->l2};
  double peak = device->units * device->clock * device->fp64;
  xp_device_work arithmetic = {.operations = peak}, atomics = {.operations = 0.1 * peak, .atomics = device->l2_rate};
  xp_device_work slots = {.scratch = 4.0 * device->dram_rate};
  xp_device_times t = xp_device_limit(device, &arithmetic, &scratch);
  assert_int_equal(t.bound, XP_DEVICE_ARITHMETIC);
  xp_assert_close(t.seconds[t.bound], 1.0, 1e-12);
  t = xp_device_limit(device, &atomics, &scratch);
  assert_int_equal(t.bound, XP_DEVICE_ATOMICS);
  xp_assert_close(t.seconds[t.bound], XP_DEVICE_SECTOR, 1e-9);
  t = xp_device_limit(device, &slots, &scratch);
  assert_int_equal(t.bound, XP_DEVICE_L1);
  t = xp_device_limit(device, &slots, &buffer);
  assert_int_equal(t.bound, XP_DEVICE_DRAM);
  xp_assert_close(t.seconds[t.bound], 4.0, 1e-12);
  xp_assert_close(xp_device_atoms(device, 4, 256, 40 << 10), device->units * 4.0 * 4.0, 0.0);
  xp_assert_close(xp_device_atoms(device, 32, 256, 0), device->units * 8.0 * 32.0, 0.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_operations), cmocka_unit_test(test_atomics),
                                     cmocka_unit_test(test_bytes),      cmocka_unit_test(test_lanes),
                                     cmocka_unit_test(test_pace),       cmocka_unit_test(test_structure),
                                     cmocka_unit_test(test_limits)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
