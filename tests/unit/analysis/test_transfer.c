/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "past_testing.h"

#include "analysis/transfer.h"
#include "testing/temporary.h"

static const xp_place nowhere = {NULL, 0, 0};

static xp_space *space_of(const char *const *names, int count) {
  xp_error error = {0};
  xp_space *space = NULL;
  xp_assert_ok(xp_space_new(&space, &error), &error);
  for (int n = 0; n < count; ++n)
    xp_assert_ok(xp_space_add_real(space, names[n], 1.0, 9.0, false, nowhere, &error), &error);
  return space;
}

static void finds_counterparts(void **state) {
  (void)state;
  static const char *const names[] = {"bonds.ALL.rcut",    "bonds.Te.dcut",           "bonds.GeTe.r_in",
                                      "bonds.Ge.r_in",     "potential.radelem.Ge",    "embeddings.ALL.fs_parameters[2]",
                                      "potential.rcutfac", "weights.default.eweight", "weights.A.fweight",
                                      "potential.wj",      "external.depth.x"};
  static const struct {
    const char *name;
    int expected;
  } cases[] = {
      {"bonds.ALL.rcut", 0},
      {"bonds.Te.rcut", 0},
      {"bonds.ALL.dcut", 1},
      {"bonds.ALL.r_in", -1},
      /* two say different things */ {"bonds.Ge.r_in", 3},
      {"potential.radelem", 4},
      {"potential.radelem.Te", 4},
      {"embeddings.Te.fs_parameters[2]", 5},
      {"embeddings.ALL.fs_parameters[3]", -1},
      {"weights.AIMD-NVT.eweight", 7},
      {"weights.default.fweight", 8},
      {"potential.wj.Te", 9},
      {"bonds.ALL.lmax", -1},
      {"fit.L2_coeffs", -1},
      {"potential.rfac0", -1},
  };
  xp_space *space = space_of(names, sizeof names / sizeof *names);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i)
    if (xp_transfer_counterpart(space, cases[i].name) != cases[i].expected)
      fail_msg("%s has counterpart %d, expected %d", cases[i].name, xp_transfer_counterpart(space, cases[i].name),
               cases[i].expected);
  xp_space_free(space);
}

static void converts_values(void **state) {
  (void)state;
  char *words[] = {"SBessel", "ChebPow"}, *numbers[] = {"2", "4", "8"};
  xp_range real = {.kind = XP_RANGE_REAL, .low = 3.0, .high = 5.0},
           whole = {.kind = XP_RANGE_INTEGER, .low = 1.0, .high = 4.0};
  xp_range word = {.kind = XP_RANGE_CHOICE, .high = 1.0, .choices = words, .nchoices = 2};
  xp_range number = {.kind = XP_RANGE_CHOICE, .high = 2.0, .choices = numbers, .nchoices = 3};
  const struct {
    const xp_range *from, *to;
    double value, expected;
  } cases[] = {{&real, &real, 4.5, 4.5},   {&real, &real, 7.0, 5.0},    {&real, &whole, 3.7, 4.0},
               {&whole, &real, 2.0, 3.0},  {&number, &real, 1.0, 4.0},  {&number, &whole, 2.0, 4.0},
               {&real, &number, 5.0, 1.0}, {&whole, &number, 1.0, 0.0}, {&word, &word, 1.0, 1.0}};
  double converted;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    assert_true(xp_transfer_value(cases[i].from, cases[i].value, cases[i].to, &converted));
    xp_assert_close(converted, cases[i].expected, 0.0);
  }
  assert_false(xp_transfer_value(&word, 0.0, &real, &converted));
  assert_false(xp_transfer_value(&word, 0.0, &number, &converted));
}

#define TRIAL(number, rcut, loss) \
  "{\"trial\":" number ",\"values\":{\"bonds.ALL.rcut\":" rcut "},\"loss\":" loss ",\"metrics\":{}}\n"
static const char journal[] =
    "{\"xpot_journal\":1,\"space\":[{\"name\":\"bonds.ALL.rcut\",\"kind\":\"real\",\"low\":1,\"high\":20,"
    "\"scale\":\"linear\"}]}\n" TRIAL("1", "5", "3") TRIAL("2", "12", "1") TRIAL("3", "19", "2") TRIAL("4", "6", "4");

static void maps_the_best_points(void **state) {
  (void)state;
  static const char *const names[] = {"bonds.Te.rcut", "bonds.Te.dcut"};
  static const double expected[] = {9.0, 5.0, 5.0, 5.0, 6.0, 5.0}; /* trials 2 and 3 end at the same place */
  xp_space *space = space_of(names, 2);
  xp_error error = {0};
  double *points;
  int npoints;
  char *path = xp_test_file_new(journal, strlen(journal));
  xp_assert_ok(xp_transfer_read(path, 4, space, &points, &npoints, NULL, &error), &error);
  assert_int_equal(npoints, 3);
  assert_memory_equal(points, expected, sizeof expected);
  free(points);
  xp_assert_ok(xp_transfer_read(path, 1, space, &points, &npoints, NULL, &error), &error);
  assert_int_equal(npoints, 1);
  free(points);
  xp_space_free(space);

  static const char *const foreign[] = {"potential.rcutfac"};
  space = space_of(foreign, 1);
  assert_int_equal(xp_transfer_read(path, 4, space, &points, &npoints, NULL, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "no range of this search has a counterpart");
  assert_null(points);
  xp_space_free(space);
  xp_test_file_remove(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(finds_counterparts), cmocka_unit_test(converts_values),
                                     cmocka_unit_test(maps_the_best_points)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
