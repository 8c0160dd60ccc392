/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Weights of structures and atoms against numbers computed by hand, and the convex hull against geometry. */
#include "data/weights.h"

#include <math.h>

#include "data/hull.h"
#include "testing/temporary.h"
#include "testing/testing.h"

typedef struct study {
  xp_config *config;
  xp_data *data;
} study;

/* more: sections of the input. */
static study make(const char *more, const char *frames) {
  study s;
  char text[1024];
  xp_error error = {0};
  snprintf(text, sizeof text,
           "{\"elements\": [\"A\", \"B\"], \"data\": {\"train\": \"t\"}, \"potential\": {\"kind\": \"ace\"}%s}", more);
  char *input = xp_test_file_new(text, strlen(text)), *data = xp_test_file_new(frames, strlen(frames));
  xp_assert_ok(xp_config_read(&s.config, input, &error), &error);
  xp_assert_ok(xp_data_read(&s.data, data, NULL, &error), &error);
  xp_test_file_remove(input);
  xp_test_file_remove(data);
  return s;
}

static void clear(study *s) {
  xp_config_free(s->config);
  xp_data_free(s->data);
}

static xp_fit_weights weigh(const char *more, const char *frames) {
  study s = make(more, frames);
  xp_fit_weights weights;
  xp_error error = {0};
  xp_assert_ok(xp_fit_weights_new(&weights, s.config, NULL, s.data, &error), &error);
  clear(&s);
  return weights;
}

static void check(const double *found, const double *expected, int n) {
  for (int i = 0; i < n; ++i) xp_assert_close(found[i], expected[i], 1e-14);
}

/* Two atoms with forces and a virial; three atoms without forces; one atom without an energy. */
#define FRAMES                                                                                          \
  "2\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-2 virial=\"1 0 0 0 1 0 0 0 1\" config_type=x\n" \
  "A 0 0 0 1 0 0\nA 2 0 0 -1 0 0\n"                                                                     \
  "3\nenergy=-6 config_type=y\nA 0 0 0\nA 2 0 0\nA 4 0 0\n"                                             \
  "1\nProperties=species:S:1:pos:R:3:forces:R:3 virial=\"1 0 0 0 1 0 0 0 1\"\nA 0 0 0 0 0 0\n"

static void test_uniform(void **state) {
  (void)state;
  const double energy[] = {0.5, 0.5, 0.0}, virial[] = {0.5, 0.0, 0.5};
  const double force[] = {1 / 3.0, 1 / 3.0, 0, 0, 0, 1 / 3.0};
  xp_fit_weights w = weigh("", FRAMES);
  assert_int_equal(w.first[3], 6);
  assert_int_equal(w.dropped, 0);
  check(w.energy, energy, 3);
  check(w.virial, virial, 3);
  check(w.force, force, 6);
  xp_fit_weights_clear(&w);
}

/* The table's eweight 100 says nothing: only what the input gives counts, relative to 1. */
static void test_groups(void **state) {
  (void)state;
  const double energy[] = {0.75, 0.25, 0.0}, virial[] = {1 / 3.0, 0.0, 2 / 3.0}, force[] = {0.4, 0.4, 0, 0, 0, 0.2};
  xp_fit_weights w = weigh(
      ",\"weights\": {\"x\": {\"eweight\": 3, \"fweight\": 2, \"vweight\": 1}, \"default\": {\"vweight\": 2}}", FRAMES);
  check(w.energy, energy, 3);
  check(w.virial, virial, 3);
  check(w.force, force, 6);
  xp_fit_weights_clear(&w);
}

static void test_keys_of_frames(void **state) {
  (void)state;
  const double energy[] = {0.8, 0.2}, force[] = {0.1, 0.3, 0.6};
  xp_fit_weights w =
      weigh("", "2\nProperties=species:S:1:pos:R:3:forces:R:3:force_weight:R:1 energy=1 energy_weight=4\n"
                "A 0 0 0 0 0 0 1\nA 2 0 0 0 0 0 3\n"
                "1\nProperties=species:S:1:pos:R:3:forces:R:3 energy=1 w_forces=6\nA 0 0 0 0 0 0\n");
  check(w.energy, energy, 2);
  check(w.force, force, 3);
  xp_fit_weights_clear(&w);
  study s = make("", "1\nenergy=1 w_energy=-2\nA 0 0 0\n");
  xp_error error = {0};
  assert_int_equal(xp_fit_weights_new(&w, s.config, NULL, s.data, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, ":2: w_energy: expected a number not below 0, found \"-2\"");
  clear(&s);
}

/* One composition. Heights 0, 0.5, 3, 20: weights 1/(e + 1)^2 = 1, 4/9, 1/16; the last is left out. */
#define LADDER                                                                              \
  "1\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-5\nA 0 0 0 0 0 0\n"                 \
  "2\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-9\nA 0 0 0 1 0 0\nA 2 0 0 -1 0 0\n" \
  "1\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-2\nA 0 0 0 0 3 0\n"                 \
  "1\nProperties=species:S:1:pos:R:3:forces:R:3 energy=15\nA 0 0 0 0 0 0\n"

static void test_energies(void **state) {
  (void)state;
  const double sum = 1.0 + 4 / 9.0 + 1 / 16.0;
  const double energy[] = {1 / sum, 4 / 9.0 / sum, 1 / 16.0 / sum, 0};
  const double forces = 1.0 + 2 / 9.0 + 2 / 9.0 + 1 / 160.0; /* 1/1, (4/9)/2 twice, (1/16)/(9 + 1) */
  const double force[] = {1 / forces, 2 / 9.0 / forces, 2 / 9.0 / forces, 1 / 160.0 / forces, 0};
  xp_fit_weights w = weigh(",\"fit\": {\"weighting\": \"energy\"}", LADDER);
  check(w.energy, energy, 4);
  check(w.force, force, 5);
  assert_int_equal(w.dropped, 1);
  xp_fit_weights_clear(&w);
}

static void test_tiers(void **state) {
  (void)state;
  const double balanced[] = {0.9 * 9 / 13.0, 0.9 * 4 / 13.0, 0.1, 0}, calm[] = {9 / 13.0, 4 / 13.0, 0, 0};
  xp_fit_weights w = weigh(",\"fit\": {\"weighting\": \"energy\", \"wlow\": 0.9}", LADDER);
  check(w.energy, balanced, 4);
  xp_fit_weights_clear(&w);
  w = weigh(",\"fit\": {\"weighting\": \"energy\", \"DFup\": 2.5}", LADDER);
  check(w.energy, calm, 4);
  assert_int_equal(w.dropped, 2);
  xp_fit_weights_clear(&w);
  w = weigh(",\"fit\": {\"weighting\": \"energy\", \"nfit\": 2}", LADDER); /* the lower tier comes first */
  check(w.energy, calm, 4);
  xp_fit_weights_clear(&w);
  w = weigh(",\"fit\": {\"weighting\": \"energy\", \"nfit\": 1}", LADDER); /* any one of the lower tier */
  xp_assert_close(w.energy[0] + w.energy[1], 1.0, 1e-14);
  xp_assert_close(w.energy[0] * w.energy[1], 0.0, 0.0);
  xp_fit_weights_clear(&w);
}

/* A at -1 and B at -2 eV/atom and AB at -2: the line between A and B lies at -1.5 there, so AB is on the hull, and AB at -1.2
 * is 0.8 above it; A at 0 is 1 above. Reference energies move the hull as they move the points. */
static void test_hull_of_structures(void **state) {
  (void)state;
  const double squares[] = {1, 1, 1, 1 / 3.24, 0.25};
  const double sum = 3.25 + 1 / 3.24;
  const char *inputs[] = {",\"fit\": {\"weighting\": \"energy\"}",
                          ",\"fit\": {\"weighting\": \"energy\"}, \"reference_energies\": {\"A\": -100, \"B\": 7}"};
  for (int i = 0; i < 2; ++i) {
    xp_fit_weights w = weigh(inputs[i], "1\nenergy=-1\nA 0 0 0\n1\nenergy=-2\nB 0 0 0\n2\nenergy=-4\nA 0 0 0\nB 2 0 0\n"
                                        "2\nenergy=-2.4\nA 0 0 0\nB 2 0 0\n1\nenergy=0\nA 0 0 0\n");
    for (int s = 0; s < 5; ++s) xp_assert_close(w.energy[s], squares[s] / sum, 1e-12);
    xp_fit_weights_clear(&w);
  }
}

/* Random points above a convex function of three and four elements, some exactly on it: those have distance zero, and no
 * point is farther from the hull than from the function. Total energies of real codes are large and differ by elements. */
static void test_hull(void **state) {
  (void)state;
  enum { POINTS = 300, MOST = 4 };
  xp_test_random random = {7};
  for (int m = 3; m <= MOST; ++m) {
    double shares[POINTS * MOST], energies[POINTS], distances[POINTS], above[POINTS];
    for (int i = 0; i < POINTS; ++i) {
      double sum = 0.0, convex = 0.0;
      for (int e = 0; e < m; ++e) sum += shares[i * m + e] = floor(xp_test_uniform(&random, 0.0, 5.0)) + (e == i % m);
      for (int e = 0; e < m; ++e) {
        double x = shares[i * m + e] /= sum;
        convex += x * x + 1000.0 * (e + 1) * x;
      }
      above[i] = i % 3 ? xp_test_uniform(&random, 0.0, 1.0) : 0.0;
      energies[i] = convex + above[i];
    }
    xp_error error = {0};
    xp_assert_ok(xp_hull_distances(distances, POINTS, energies, shares, m, &error), &error);
    for (int i = 0; i < POINTS; ++i) {
      assert_true(distances[i] >= 0.0 && distances[i] <= above[i] + 1e-8);
      for (int j = 0; j < i; ++j) /* of one composition: distances differ as energies do */
        if (memcmp(&shares[i * m], &shares[j * m], (size_t)m * sizeof *shares) == 0)
          xp_assert_close(distances[i] - distances[j], energies[i] - energies[j], 1e-8);
    }
  }
}

/* Three elements at 0, their equal mixture at -3, and half A half B at 1: that mixture with none of C is on no hull but the
 * line from A to B. (2/3, 1/6, 1/6) is half A and half the mixture: the hull is at -1.5. */
static void test_hull_by_hand(void **state) {
  (void)state;
  const double shares[] = {1,       0,       0,       0,   1,   0, 0,       0,       1,
                           1 / 3.0, 1 / 3.0, 1 / 3.0, 0.5, 0.5, 0, 2 / 3.0, 1 / 6.0, 1 / 6.0};
  const double energies[] = {0, 0, 0, -3, 1, -1}, expected[] = {0, 0, 0, 0, 1, 0.5};
  double distances[6];
  xp_error error = {0};
  xp_assert_ok(xp_hull_distances(distances, 6, energies, shares, 3, &error), &error);
  for (int i = 0; i < 6; ++i) xp_assert_close(distances[i], expected[i], 1e-11);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_uniform),        cmocka_unit_test(test_groups),
                                     cmocka_unit_test(test_keys_of_frames), cmocka_unit_test(test_energies),
                                     cmocka_unit_test(test_tiers),          cmocka_unit_test(test_hull_of_structures),
                                     cmocka_unit_test(test_hull),           cmocka_unit_test(test_hull_by_hand)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
