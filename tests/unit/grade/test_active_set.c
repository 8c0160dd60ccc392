/* SPDX-License-Identifier: GPL-2.0-or-later */
/* .asi files: what is written is read again, what NumPy writes is read, and all else is refused in one sentence. */
#include <math.h>

#include "numpy_archive.h"
#include "testing/temporary.h"
#include "testing/testing.h"
#include "xpot/grade.h"

enum { N = 3 };
static const double numbers[N * N] = {1.0, -2.5, 3e-300, 4.0, 0.1, -0.0, 7.0, 8e300, 9.0};
static const char plain[] = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 3), }";

static xp_status parse(const char *data, size_t size, xp_active_set **set, xp_error *error) {
  xp_bytes bytes;
  xp_error_clear(error);
  xp_assert_ok(xp_bytes_copy(&bytes, "x.asi", data, size, error), error);
  xp_status status = xp_active_set_parse(set, &bytes, error);
  xp_bytes_free(&bytes);
  assert_true((status == XP_OK) == (*set != NULL));
  assert_int_equal(error->status, status);
  return status;
}

/* An archive of the same array under one or two names, read. */
static xp_status parse_arrays(const char *const *names, int count, const char *dictionary, const double *values,
                              size_t nvalues, xp_active_set **set, xp_error *error) {
  numpy_member members[2];
  size_t length, size;
  char *array = numpy_array(dictionary, values, nvalues, &length);
  for (int m = 0; m < count; ++m) members[m] = (numpy_member){names[m], array, length};
  char *archive = numpy_archive(members, count, &size);
  xp_status status = parse(archive, size, set, error);
  free(archive);
  free(array);
  return status;
}

static xp_status parse_array(const char *dictionary, const double *values, size_t nvalues, xp_active_set **set,
                             xp_error *error) {
  static const char *const names[] = {"Ge.npy"};
  return parse_arrays(names, 1, dictionary, values, nvalues, set, error);
}

static void reads_what_numpy_writes(void **state) {
  (void)state;
  static const char *const names[] = {"Te.npy", "Ge.npy"};
  xp_error error = {0};
  xp_active_set *set = NULL;
  xp_assert_ok(parse_arrays(names, 2, plain, numbers, N * N, &set, &error), &error);
  assert_int_equal(set->nelements, 2);
  assert_string_equal(set->elements[0], "Te");
  assert_string_equal(set->elements[1], "Ge");
  assert_false(set->ordered);
  for (int e = 0; e < 2; ++e) {
    assert_int_equal(set->sizes[e], N);
    assert_memory_equal(set->inverses[e], numbers, sizeof numbers);
  }
  xp_active_set_free(set);
}

static void columns_may_come_first(void **state) {
  (void)state;
  xp_error error = {0};
  xp_active_set *set = NULL;
  xp_assert_ok(parse_array("{'descr': '<f8', 'fortran_order': True, 'shape': (3, 3), }", numbers, N * N, &set, &error),
               &error);
  for (int i = 0; i < N; ++i)
    for (int j = 0; j < N; ++j) assert_true(set->inverses[0][i * N + j] == numbers[j * N + i]);
  xp_active_set_free(set);
}

/* Of NumPy 2.4.6:
 * a = numpy.array([[1.0, -2.5, 3e-300], [4.0, 0.1, -0.0], [7.0, 8e300, 9.0]])
 * with open("numpy.asi", "wb") as f: numpy.savez(f, Te=a, Ge=numpy.asfortranarray(a)) */
static void reads_a_file_of_numpy(void **state) {
  (void)state;
  xp_error error = {0};
  xp_active_set *set = NULL;
  xp_bytes bytes = {0};
  xp_assert_ok(xp_bytes_read(&bytes, XPOT_NUMPY_FILE, &error), &error);
  assert_true(xp_active_set_detect(&bytes));
  xp_assert_ok(xp_active_set_parse(&set, &bytes, &error), &error);
  assert_int_equal(set->nelements, 2);
  assert_string_equal(set->elements[0], "Te");
  assert_string_equal(set->elements[1], "Ge");
  for (int e = 0; e < 2; ++e) assert_memory_equal(set->inverses[e], numbers, sizeof numbers);
  xp_active_set_free(set);
  xp_bytes_free(&bytes);
}

static xp_active_set *some_set(void) {
  static const char *const elements[] = {"Ge", "Te"};
  static const int sizes[] = {N, 1};
  xp_error error = {0};
  xp_active_set *set = NULL;
  xp_assert_ok(xp_active_set_new(&set, 2, elements, sizes, &error), &error);
  memcpy(set->inverses[0], numbers, sizeof numbers);
  set->inverses[1][0] = -1.0 / 3.0;
  return set;
}

static void assert_same(const xp_active_set *a, const xp_active_set *b) {
  assert_int_equal(a->nelements, b->nelements);
  for (int e = 0; e < a->nelements; ++e) {
    assert_string_equal(a->elements[e], b->elements[e]);
    assert_int_equal(a->sizes[e], b->sizes[e]);
    assert_memory_equal(a->inverses[e], b->inverses[e], (size_t)(a->sizes[e] * a->sizes[e]) * sizeof(double));
  }
}

/* The bytes of an .asi that the library wrote. */
static xp_bytes written(const xp_active_set *set) {
  xp_error error = {0};
  xp_bytes bytes;
  char *folder = xp_test_folder_new("/tmp");
  const char *path = xp_test_in_folder(folder, "x.asi");
  xp_assert_ok(xp_active_set_write(set, path, &error), &error);
  xp_assert_ok(xp_bytes_read(&bytes, path, &error), &error);
  xp_test_folder_remove(folder);
  return bytes;
}

static void what_is_written_is_read_again(void **state) {
  (void)state;
  xp_error error = {0};
  xp_active_set *set = some_set(), *again = NULL;
  xp_bytes bytes = written(set);
  assert_true(xp_active_set_detect(&bytes));
  xp_assert_ok(parse(bytes.data, bytes.size, &again, &error), &error);
  assert_same(set, again);
  assert_true(again->ordered);
  xp_bytes_free(&bytes);
  xp_active_set_free(set);
  xp_active_set_free(again);
}

static void says_where_it_cannot_write(void **state) {
  (void)state;
  xp_error error = {0};
  xp_active_set *set = some_set();
  assert_int_equal(xp_active_set_write(set, "/nowhere/x.asi", &error), XP_ERROR_IO);
  xp_assert_message(&error, "/nowhere/x.asi");
  xp_active_set_free(set);
}

static void other_files_are_told_apart(void **state) {
  (void)state;
  static const char *const texts[] = {"", "P", "PK", "PK\3", "global:\n  DeltaSplineBins: 0.001\n", "\x93NUMPY"};
  for (size_t t = 0; t < sizeof texts / sizeof *texts; ++t) {
    xp_error error = {0};
    xp_bytes bytes;
    xp_active_set *set = NULL;
    xp_assert_ok(xp_bytes_copy(&bytes, "x.asi", texts[t], strlen(texts[t]), &error), &error);
    assert_false(xp_active_set_detect(&bytes));
    xp_bytes_free(&bytes);
    assert_int_equal(parse(texts[t], strlen(texts[t]), &set, &error), XP_ERROR_INPUT);
    xp_assert_message(&error, "x.asi: expected an active set");
  }
}

#define DICTIONARY(type, shape) "{'descr': '" type "', 'fortran_order': False, 'shape': (" shape "), }"

static void refuses_arrays_that_are_no_inverse(void **state) {
  (void)state;
  static const double infinite[] = {1.0, 2.0, INFINITY, 4.0}, none[] = {1.0, 2.0, 3.0, NAN};
  static const struct {
    const char *dictionary;
    const double *values;
    size_t nvalues;
    const char *sentence;
  } arrays[] = {{DICTIONARY(">f8", "3, 3"), numbers, 9, "('<f8'), found '>f8'"},
                {DICTIONARY("<f4", "3, 3"), numbers, 9, "('<f8'), found '<f4'"},
                {DICTIONARY("<f8", "3, 2"), numbers, 6, "shape (3, 2)"},
                {DICTIONARY("<f8", "9,"), numbers, 9, "shape (9,)"},
                {DICTIONARY("<f8", "1, 3, 3"), numbers, 9, "shape (1, 3, 3)"},
                {DICTIONARY("<f8", "-3, -3"), numbers, 9, "shape (-3, -3)"},
                {DICTIONARY("<f8", "99999, 99999"), numbers, 9, "at most"},
                {"{'descr': '<f8', 'fortran_order': False, }", numbers, 9, "square matrix"},
                {"{'fortran_order': False, 'shape': (3, 3), }", numbers, 9, "'<f8'"},
                {DICTIONARY("<f8", "3, 3"), numbers, 8, "expected 72 bytes"},
                {DICTIONARY("<f8", "2, 2"), numbers, 9, "expected 32 bytes"},
                {DICTIONARY("<f8", "2, 2"), infinite, 4, "finite numbers, found inf"},
                {DICTIONARY("<f8", "2, 2"), none, 4, "row 1, column 1"}};
  for (size_t a = 0; a < sizeof arrays / sizeof *arrays; ++a) {
    xp_error error = {0};
    xp_active_set *set = NULL;
    assert_int_equal(parse_array(arrays[a].dictionary, arrays[a].values, arrays[a].nvalues, &set, &error),
                     XP_ERROR_INPUT);
    xp_assert_message(&error, "x.asi, member Ge.npy: ");
    xp_assert_message(&error, arrays[a].sentence);
  }
}

static void refuse_names(const char *const *names, int count, const char *sentence) {
  xp_error error = {0};
  xp_active_set *set = NULL;
  assert_int_equal(parse_arrays(names, count, plain, numbers, N * N, &set, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, sentence);
}

static void refuses_members_that_are_no_element(void **state) {
  (void)state;
  static const char *const twice[] = {"Ge.npy", "Ge.npy"}, *const text[] = {"Ge.txt"}, *const nameless[] = {".npy"},
                           *const lengthy[] = {"Germanium.npy"};
  refuse_names(twice, 2, "an element occurs twice");
  refuse_names(text, 1, "not named ELEMENT.npy");
  refuse_names(nameless, 1, "not named ELEMENT.npy");
  refuse_names(lengthy, 1, "not named ELEMENT.npy");
  refuse_names(text, 0, "no members");
}

static void refuses_a_member_that_is_no_array(void **state) {
  (void)state;
  static const char *const contents[] = {"", "\x93NUMPY", "\x93NUMPY\1\0\xff\xff", "this is no array at all"};
  for (size_t c = 0; c < sizeof contents / sizeof *contents; ++c) {
    xp_error error = {0};
    xp_active_set *set = NULL;
    const numpy_member member = {"Ge.npy", contents[c], strlen(contents[c])};
    size_t size;
    char *archive = numpy_archive(&member, 1, &size);
    assert_int_equal(parse(archive, size, &set, &error), XP_ERROR_INPUT);
    xp_assert_message(&error, "x.asi, member Ge.npy: expected a NumPy array");
    free(archive);
  }
}

/* Cut anywhere, or with any one byte changed: refused, or still a set. What is refused is an input error of one line. */
static void try_damaged(const char *data, size_t size, bool cut) {
  xp_error error = {0};
  xp_active_set *set = NULL;
  xp_status status = parse(data, size, &set, &error);
  if (cut) assert_int_not_equal(status, XP_OK);
  if (status != XP_OK) {
    assert_int_equal(status, XP_ERROR_INPUT);
    assert_null(strchr(error.message, '\n'));
    xp_assert_message(&error, "x.asi");
  }
  xp_active_set_free(set);
}

static void survives_damage(void **state) {
  (void)state;
  static const unsigned char masks[] = {0x01, 0x80, 0xff};
  xp_active_set *set = some_set();
  xp_bytes bytes = written(set);
  for (size_t size = 0; size < bytes.size; ++size) try_damaged(bytes.data, size, true);
  for (size_t at = 0; at < bytes.size; ++at)
    for (size_t m = 0; m < sizeof masks; ++m) {
      bytes.data[at] = (char)((unsigned char)bytes.data[at] ^ masks[m]);
      try_damaged(bytes.data, bytes.size, false);
      bytes.data[at] = (char)((unsigned char)bytes.data[at] ^ masks[m]);
    }
  xp_bytes_free(&bytes);
  xp_active_set_free(set);
}

/* One changed bit of the numbers shows in the checksum. */
static void notices_a_changed_number(void **state) {
  (void)state;
  xp_error error = {0};
  xp_active_set *set = NULL;
  size_t length, size;
  char *array = numpy_array(plain, numbers, N * N, &length);
  const numpy_member member = {"Ge.npy", array, length};
  char *archive = numpy_archive(&member, 1, &size);
  char *last = archive;
  for (size_t at = 0; at + 8 <= size; ++at)
    if (memcmp(archive + at, &numbers[N * N - 1], 8) == 0) last = archive + at;
  assert_true(last > archive);
  last[0] ^= 1;
  assert_int_equal(parse(archive, size, &set, &error), XP_ERROR_INPUT);
  free(archive);
  free(array);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_what_numpy_writes),
      cmocka_unit_test(reads_a_file_of_numpy),
      cmocka_unit_test(columns_may_come_first),
      cmocka_unit_test(what_is_written_is_read_again),
      cmocka_unit_test(says_where_it_cannot_write),
      cmocka_unit_test(other_files_are_told_apart),
      cmocka_unit_test(refuses_arrays_that_are_no_inverse),
      cmocka_unit_test(refuses_members_that_are_no_element),
      cmocka_unit_test(refuses_a_member_that_is_no_array),
      cmocka_unit_test(survives_damage),
      cmocka_unit_test(notices_a_changed_number),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
