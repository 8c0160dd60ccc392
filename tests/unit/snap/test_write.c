/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is written can be read again, number for number, and a failed write changes nothing. */
#include <sys/stat.h>
#include <unistd.h>

#include "cases.h"
#include "testing/temporary.h"

typedef struct folder {
  char *name, *coefficients, *parameters;
} folder;

static folder folder_new(void) {
  folder f;
  f.name = xp_test_folder_new("/tmp");
  f.coefficients = xp_test_folder_path(f.name, "a.snapcoeff");
  f.parameters = xp_test_folder_path(f.name, "a.snapparam");
  return f;
}

static void folder_free(const folder *f) {
  xp_test_folder_remove_known(f->name, (const char *const[]){"a.snapcoeff", "a.snapparam", NULL});
  free(f->coefficients);
  free(f->parameters);
}

static xp_snap_model *read_model(const folder *f) {
  xp_error error = {0};
  xp_bytes files[2];
  xp_snap_model *model = NULL;
  xp_assert_ok(xp_bytes_read(&files[0], f->coefficients, &error), &error);
  xp_assert_ok(xp_bytes_read(&files[1], f->parameters, &error), &error);
  xp_assert_ok(xp_snap_parse(&model, &files[0], &files[1], &error), &error);
  xp_bytes_free(&files[0]);
  xp_bytes_free(&files[1]);
  return model;
}

static void check_equal(const xp_snap_model *a, const xp_snap_model *b) {
  const xp_snap_parameters *p = &a->parameters, *q = &b->parameters;
  assert_true(p->rcutfac == q->rcutfac && p->twojmax == q->twojmax && p->rfac0 == q->rfac0 && p->rmin0 == q->rmin0);
  assert_true(p->switchflag == q->switchflag && p->bzeroflag == q->bzeroflag && p->quadraticflag == q->quadraticflag);
  assert_true(p->chemflag == q->chemflag && p->bnormflag == q->bnormflag && p->wselfallflag == q->wselfallflag);
  assert_true(p->switchinnerflag == q->switchinnerflag && p->ninner == q->ninner);
  assert_true(p->chunksize == q->chunksize && p->parallelthresh == q->parallelthresh);
  for (int i = 0; i < p->ninner; ++i) assert_true(p->sinner[i] == q->sinner[i] && p->dinner[i] == q->dinner[i]);
  assert_int_equal(a->nelements, b->nelements);
  assert_int_equal(a->ncoeff, b->ncoeff);
  for (int i = 0; i < a->nelements; ++i) {
    assert_string_equal(a->elements[i].symbol, b->elements[i].symbol);
    assert_true(a->elements[i].radelem == b->elements[i].radelem && a->elements[i].wj == b->elements[i].wj);
    assert_memory_equal(a->elements[i].coefficients, b->elements[i].coefficients, (size_t)a->ncoeff * sizeof(double));
  }
}

static void round_trip(void **state) {
  (void)state;
  for (int c = 0; c < snap_ncases; ++c) {
    xp_error error = {0};
    xp_test_random random = {500 + (uint64_t)c};
    folder f = folder_new();
    xp_snap_model *model = snap_case_model(&snap_cases[c], &random);
    model->parameters.chunksize = 77 + c;
    xp_assert_ok(xp_snap_write(model, f.coefficients, f.parameters, "fitted today\nby nobody", &error), &error);
    xp_snap_model *again = read_model(&f);
    check_equal(model, again);
    xp_snap_model_free(again);
    xp_snap_model_free(model);
    folder_free(&f);
  }
}

/* pair_style snap takes a line of more than 1023 bytes for two, and stops at a blank line within a block. */
static void lines_suit_lammps(void **state) {
  (void)state;
  xp_error error = {0};
  xp_test_random random = {1};
  folder f = folder_new();
  const snap_case which = {.twojmax = 3, .nelements = 2, .quadratic = true};
  xp_snap_model *model = snap_case_model(&which, &random);
  char header[3000];
  memset(header, 'h', sizeof header);
  header[2500] = '\n';
  header[sizeof header - 1] = '\0';
  xp_assert_ok(xp_snap_write(model, f.coefficients, f.parameters, header, &error), &error);
  xp_bytes bytes;
  xp_assert_ok(xp_bytes_read(&bytes, f.coefficients, &error), &error);
  bool data = false;
  int blocks = 0;
  for (char *line = bytes.data, *end; (end = strchr(line, '\n')); line = end + 1) {
    assert_true(end - line < 1023);
    if (*line == '#' || line == end) {
      assert_true(!data || strncmp(line, "# End", 5) == 0);
      continue;
    }
    data = true;
    blocks += strncmp(line, "Ge 0.5", 6) == 0 || strncmp(line, "Sb 0.54", 7) == 0;
  }
  assert_int_equal(blocks, 2);
  assert_non_null(strstr(bytes.data, "B[0]\n"));
  assert_non_null(strstr(bytes.data, "B[8, 3, 2, 3]\n"));
  assert_non_null(strstr(bytes.data, "B[44, [8, 3, 2, 3], [8, 3, 2, 3]]\n"));
  xp_bytes_free(&bytes);
  xp_snap_model_free(model);
  folder_free(&f);
}

static void a_failed_write_changes_nothing(void **state) {
  (void)state;
  xp_error error = {0};
  xp_test_random random = {2};
  folder f = folder_new();
  const snap_case which = {.twojmax = 2, .nelements = 1};
  xp_snap_model *model = snap_case_model(&which, &random), *other = snap_case_model(&which, &random);
  /* The second file cannot be opened: no first file appears. */
  assert_int_equal(xp_snap_write(model, f.coefficients, "/nonexistent/a.snapparam", NULL, &error), XP_ERROR_IO);
  assert_int_not_equal(access(f.coefficients, F_OK), 0);
  /* The second file cannot be renamed, a folder has its name: the first file stays as it was. */
  assert_int_equal(mkdir(f.parameters, 0755), 0);
  assert_int_equal(xp_snap_write(model, f.coefficients, f.parameters, NULL, &error), XP_ERROR_IO);
  assert_int_not_equal(access(f.coefficients, F_OK), 0);
  assert_int_equal(rmdir(f.parameters), 0);
  xp_assert_ok(xp_snap_write(model, f.coefficients, f.parameters, NULL, &error), &error);
  assert_int_equal(unlink(f.parameters), 0);
  assert_int_equal(mkdir(f.parameters, 0755), 0);
  assert_int_equal(xp_snap_write(other, f.coefficients, f.parameters, NULL, &error), XP_ERROR_IO);
  assert_int_equal(rmdir(f.parameters), 0);
  /* An inconsistent model is refused before anything is written. */
  other->parameters.twojmax = 4;
  assert_int_equal(xp_snap_write(other, f.coefficients, f.parameters, NULL, &error), XP_ERROR_INPUT);
  assert_int_not_equal(access(f.parameters, F_OK), 0);
  xp_bytes bytes;
  xp_assert_ok(xp_bytes_read(&bytes, f.coefficients, &error), &error);
  char number[32];
  snprintf(number, sizeof number, " %.17g ", model->elements[0].coefficients[1]);
  assert_non_null(strstr(bytes.data, number));
  xp_bytes_free(&bytes);
  xp_snap_model_free(model);
  xp_snap_model_free(other);
  folder_free(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(round_trip),
      cmocka_unit_test(lines_suit_lammps),
      cmocka_unit_test(a_failed_write_changes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
