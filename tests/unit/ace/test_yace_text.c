/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that stand on a line of their own are read without the YAML parser. Whatever is done to such lines, the
 * model or the error message must be those of the YAML parser. */
#include "same_model.h"

#include "ace/yace_text.h"

static char *seed_text(void) {
  xp_error error = {0};
  xp_bytes bytes;
  char *path = xp_test_source("tests/fuzz/seeds/tiny.yace");
  xp_assert_ok(xp_bytes_read(&bytes, path, &error), &error);
  free(path);
  free(bytes.name);
  return bytes.data;
}

/* All appearances of one part replaced, or the first one; caller frees. */
static char *edited(const char *text, const char *part, const char *by, bool all) {
  size_t size = strlen(text) * (1 + strlen(by)) + 1;
  char *result = malloc(size), *to = result;
  assert_non_null(result);
  assert_non_null(strstr(text, part));
  for (const char *at; (at = strstr(text, part)); text = at + strlen(part)) {
    to += sprintf(to, "%.*s%s", (int)(at - text), text, by);
    if (!all) {
      text = at + strlen(part);
      break;
    }
  }
  strcpy(to, text);
  return result;
}

static void assert_same_warnings(const xp_ace_model *a, const xp_ace_model *b) {
  assert_int_equal(a->nwarnings, b->nwarnings);
  for (int w = 0; w < a->nwarnings; ++w) assert_string_equal(a->warnings[w], b->warnings[w]);
}

/* XP_OK or the refusal of both. */
static xp_status read_both_ways(const char *text, size_t size) {
  xp_error error = {0}, plain_error = {0};
  xp_ace_model *model = NULL, *plain = NULL;
  xp_bytes bytes;
  xp_assert_ok(xp_bytes_copy(&bytes, "test.yace", text, size, &error), &error);
  xp_status status = xp_ace_parse_yace(&model, &bytes, &error);
  if (xp_ace_parse_yace_in_full(&plain, &bytes, &plain_error) != status)
    fail_msg("only one reader accepts this file (%s%s):\n%s", error.message, plain_error.message, text);
  assert_string_equal(error.message, plain_error.message);
  assert_true((status == XP_OK) == (model != NULL));
  if (status == XP_OK) {
    ace_test_assert_same(model, plain);
    assert_same_warnings(model, plain);
  }
  xp_ace_model_free(model);
  xp_ace_model_free(plain);
  xp_bytes_free(&bytes);
  return status;
}

static void check_edits(const char *const edits[][2], size_t count, xp_status expected) {
  char *seed = seed_text();
  for (size_t i = 0; i < count; ++i) {
    char *text = edited(seed, edits[i][0], edits[i][1], false);
    if (read_both_ways(text, strlen(text)) != expected) fail_msg("\"%s\" for \"%s\"", edits[i][1], edits[i][0]);
    free(text);
  }
  free(seed);
}

static void unusual_lines_are_accepted(void **state) {
  (void)state;
  static const char *const edits[][2] = {
      {"0.1]}\n", "0.1]}  \n"},
      {"0.1]}\n", "0.1]}\r\n"},
      {"0.1]}\n", "0.1]} # the first\n"},
      {"0.1]}\n", "0.1 ]}\n"},
      {"0.1]}\n", "0.1]  }\n"},
      {"0.1]}\n", "0.1,]}\n"},
      {"[-0.9, 0.1]", "[ -0.9 ,0.1 ]"},
      {"-0.9", "-0x1p-1"},
      {"-0.9", "\"-0.9\""},
      {"-0.9", "\n -0.9"},
      {"-0.9", "-.9e-1"},
      {"-0.9", "4.9406564584124654e-324"},
      {"-0.9", "00000000000000000000000000.1234567890123456789012345678901234567890"},
      {"rank: 1", "rank: +1"},
      {"rank: 1", "rank:   1"},
      {"ns: [1]", "ns: [01]"},
      {"ns: [1]", "ns: [0000000001]"},
      {"mu0: 0, rank: 1", "rank: 1, mu0: 0"},
      {"    - {mu0: 0, rank: 1", "    -   {mu0: 0, rank: 1"},
      {"ndensity: 2, num_ms_combs: 1", "ndensity: 2,\n      num_ms_combs: 1"},
      {"num_ms_combs: 1, mus: [0], ns: [1], ls: [0], ms_combs: [0], ctildes: [-0.9, 0.1]",
       "num_ms_combs: 0, mus: [0], ns: [1], ls: [0], ms_combs: [], ctildes: []"},
      {"ms_combs: [0, 0, 1, -1]", "ms_combs: [0, 0, 1, 0]"},
      {"# Two", "# " XP_YACE_NOTE " two"},
      {"radbasename: SBessel", "radbasename: \"TEST_\n    - {mu0: 0}\n    x\""}};
  check_edits(edits, sizeof edits / sizeof *edits, XP_OK);
}

static void wrong_lines_are_refused(void **state) {
  (void)state;
  static const char *const edits[][2] = {
      {"-0.9", "nan"},
      {"-0.9", "- 0.9"},
      {"-0.9", "0.9 1"},
      {"-0.9", "-0.9,"},
      {"-0.9", "1e999"},
      {"-0.9", "\t-0.9x"},
      {"-0.9", "\f-0.9"},
      {"-0.9, 0.1]", "-0.9, 0.1, 0.2]"},
      {"-0.9, 0.1]", "-0.9]"},
      {"-0.9, 0.1]", "-0.9, 0.1"},
      {"-0.9, 0.1]}", "-0.9, 0.1]}}"},
      {"-0.9, 0.1]}", "-0.9, 0.1]} {}"},
      {"-0.9, 0.1]}", "-0.9, 0.1], rank: 1}"},
      {"mu0: 0", "mu0: 1"},
      {"mu0: 0", "mu0:0"},
      {"ns: [1]", "ns: [9]"},
      {"ns: [1]", "ns: [4294967297]"},
      {"ns: [1]", "ns: [1.0]"},
      {"ns: [1]", "ns: [--1]"},
      {"ls: [0]", "ls: [1]"},
      {"ls: [0], ", ""},
      {"rank: 1", "rank: 0"},
      {"rank: 1", "rank: 999999999"},
      {"ndensity: 2, num_ms", "ndensity: 999999999, num_ms"},
      {"ndensity: 2, num_ms", "ndensity: -2, num_ms"},
      {"num_ms_combs: 1", "num_ms_combs: 999999999"},
      {"num_ms_combs: 1", "num_ms_combs: -1"},
      {"    - {mu0", "     - {mu0"},
      {"    - {mu0", "- {mu0"},
      {"    - {mu0: 0, rank: 1", "    - {mu0: 0}\n    - {mu0: 0, rank: 1"},
      {"    - {mu0: 0, rank: 1", "    - {" XP_YACE_NOTE ": 5}\n    - {mu0: 0, rank: 1"},
      {"deltaSplineBins: 0.001", "deltaSplineBins: 0.001\n    - {mu0: 0}"},
      {"radbasename: SBessel", "radbasename: \"SBessel\n    - {mu0: 0}\n    x\""}};
  check_edits(edits, sizeof edits / sizeof *edits, XP_ERROR_INPUT);
}

/* A line that is text, and in its stead something that passes for the note of another line. */
static void notes_cannot_be_forged(void **state) {
  (void)state;
  char *seed = seed_text(), note[128];
  char *text = edited(seed, "radbasename: SBessel", "radbasename: \"TEST_\n    - {mu0: 0}\n    x\"", false);
  assert_int_equal(read_both_ways(text, strlen(text)), XP_OK);
  char *brace = strstr(strstr(text, "functions:"), "{mu0");
  int length = snprintf(note, sizeof note, "functions:\n  0:\n    - {" XP_YACE_NOTE ": %06d}\n", 0);
  long offset = brace - text + length - (long)strlen("functions:\n  0:\n");
  snprintf(note, sizeof note, "functions:\n  0:\n    - {" XP_YACE_NOTE ": %06ld}\n", offset);
  char *forged = edited(text, "functions:\n  0:\n", note, false);
  assert_int_equal(read_both_ways(forged, strlen(forged)), XP_ERROR_INPUT);
  free(forged);
  free(text);
  free(seed);
}

static void other_line_ends(void **state) {
  (void)state;
  char *seed = seed_text();
  char *text = edited(seed, "\n", "\r\n", true);
  assert_int_equal(read_both_ways(text, strlen(text)), XP_OK);
  free(text);
  text = edited(seed, "\n", "\r", true);
  read_both_ways(text, strlen(text));
  free(text);
  assert_int_equal(read_both_ways(seed, strlen(seed) - 1), XP_OK);
  free(seed);
}

static void cut_off_anywhere(void **state) {
  (void)state;
  char *seed = seed_text();
  for (size_t size = 0; size < strlen(seed); ++size) read_both_ways(seed, size);
  free(seed);
}

static void a_byte_changed(void **state) {
  (void)state;
  static const char bytes[] = {0, '\n', '\r', '\t', ' ', '"', '#', '-', '{', '}', ',', '9', '\x85'};
  char *seed = seed_text();
  size_t size = strlen(seed);
  for (char *at = strstr(seed, "functions:"); *at; ++at)
    for (size_t b = 0; b < sizeof bytes; ++b) {
      char before = *at;
      *at = bytes[b];
      read_both_ways(seed, size);
      *at = before;
    }
  free(seed);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(unusual_lines_are_accepted), cmocka_unit_test(wrong_lines_are_refused),
      cmocka_unit_test(notes_cannot_be_forged),     cmocka_unit_test(other_line_ends),
      cmocka_unit_test(cut_off_anywhere),           cmocka_unit_test(a_byte_changed)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
