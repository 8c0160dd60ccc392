/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Damaged files of one format (named on the command line): read, or refused in one sentence with file and line. Crashes,
 * leaks and undefined behaviour are for the sanitizers to see. */
#include <ctype.h>

#include "fuzz/mutate.h"
#include "same_model.h"
#include "xpot/extxyz.h"
#include "xpot/potential.h"

/* Damages of each sort done to a file. */
enum { SAMPLES = 100, EXIT_USAGE = 2 };

/* A file above this size is slow to read: it is cut as often, but damaged otherwise only LARGE_SAMPLES times. */
enum { LARGE_FILE = 200000, LARGE_SAMPLES = 15 };

/* A format: how its files are read, and files of it. */
typedef struct format {
  const char *name;
  xp_status (*read)(const xp_bytes *damaged, const xp_bytes *partner, xp_error *error);
  const char *seed, *partner;                /* committed; the partner stays whole */
  const char *reference, *reference_partner; /* developers' data, or NULL */
} format;

static const format *subject;

/* A potential that was accepted must also compile and evaluate, or say why not. */
static xp_status use(const xp_potential *potential, xp_error *error) {
  xp_plan *plan = NULL;
  xp_workspace *workspace = NULL;
  xp_structure *structure = NULL, *labelled = NULL;
  int nelements = xp_potential_nelements(potential);
  const char **elements = calloc((size_t)nelements, sizeof *elements);
  assert_non_null(elements);
  for (int e = 0; e < nelements; ++e) elements[e] = xp_potential_element(potential, e);
  xp_status status = xp_plan_new(&plan, potential, elements, nelements, XP_PRECISION_DOUBLE, error);
  if (status == XP_OK) status = xp_workspace_new(&workspace, plan, error);
  if (status == XP_OK) status = xp_structure_new(&structure, 3, error);
  if (status == XP_OK) {
    for (int i = 0; i < 3; ++i) {
      strcpy(structure->symbols[i], elements[i % nelements]);
      structure->positions[i][i] = 2.0;
    }
    status = xp_evaluate_structure(plan, workspace, structure, &labelled, error);
  }
  xp_structure_free(labelled);
  xp_structure_free(structure);
  xp_workspace_free(workspace);
  xp_plan_free(plan);
  free(elements);
  return status;
}

static xp_status read_potential(const xp_bytes *damaged, const xp_bytes *partner, xp_error *error) {
  xp_bytes files[2] = {*damaged}; /* borrowed */
  if (partner) files[1] = *partner;
  xp_potential *potential = NULL;
  xp_status status = xp_potential_parse(&potential, files, partner ? 2 : 1, error);
  assert_true((status == XP_OK) == (potential != NULL));
  /* Compiling large models takes long; the small ones show as much. */
  xp_error later = {0};
  if (status == XP_OK && damaged->size < 10000 && use(potential, &later) != XP_OK)
    if (later.status == XP_ERROR_MEMORY) fail_msg("%s\n%s", later.message, damaged->data);
  xp_potential_free(potential);
  return status;
}

static xp_status read_xyz(const xp_bytes *damaged, const xp_bytes *partner, xp_error *error) {
  (void)partner;
  xp_dataset *dataset = NULL;
  xp_status status = xp_extxyz_parse(&dataset, damaged, NULL, error);
  assert_true((status == XP_OK) == (dataset != NULL));
  xp_dataset_free(dataset);
  return status;
}

#define SEEDS "tests/fuzz/seeds/"
#define REFERENCE "conformance/"

static const format formats[] = {
    {"yace", read_potential, SEEDS "tiny.yace", NULL, REFERENCE "potentials/SbTe-zbl.yace", NULL},
    {"yaml", read_potential, SEEDS "tiny.yaml", NULL, NULL, NULL},
    {"ace", read_potential, SEEDS "tiny.ace", NULL, REFERENCE "potentials/Cu-PBE-core-rep.ace", NULL},
    {"snapcoeff", read_potential, SEEDS "tiny.snapcoeff", SEEDS "tiny.snapparam",
     REFERENCE "potentials/InP_JCPA2020.snapcoeff", REFERENCE "potentials/InP_JCPA2020.snapparam"},
    {"snapparam", read_potential, SEEDS "tiny.snapparam", SEEDS "tiny.snapcoeff",
     REFERENCE "potentials/InP_JCPA2020.snapparam", REFERENCE "potentials/InP_JCPA2020.snapcoeff"},
    {"xyz", read_xyz, SEEDS "tiny.xyz", NULL, REFERENCE "ace-XPOT-Sb2Te3.xyz", NULL},
};

/* "name:line: " or "name:line:column: " in front of one line of text. */
static void assert_sentence(const xp_error *error) {
  const char *at = error->message;
  while (*at && *at != ':') ++at;
  bool placed = at > error->message && isdigit((unsigned char)at[1]);
  const char *text = strstr(error->message, ": ");
  if (!placed || !text || strlen(text) < 10 || strchr(error->message, '\n'))
    fail_msg("expected one sentence with file and line, found: %s", error->message);
}

/* XP_OK or a refusal; frees damaged. */
static xp_status try_reading(xp_bytes *damaged, const xp_bytes *partner) {
  xp_error error = {0};
  xp_status status = subject->read(damaged, partner, &error);
  if (status != XP_OK) {
    if (status != XP_ERROR_INPUT && status != XP_ERROR_RANGE) fail_msg("status %d: %s", (int)status, error.message);
    assert_int_equal(error.status, status);
    assert_sentence(&error);
  }
  xp_bytes_free(damaged);
  return status;
}

/* A whole file and its partner, under names without folders. */
typedef struct original {
  xp_bytes bytes, partner;
} original;

static void load(xp_bytes *bytes, char *path, const char *name) {
  xp_error error = {0};
  xp_assert_ok(xp_bytes_read(bytes, path, &error), &error);
  free(path);
  free(bytes->name);
  bytes->name = strdup(name);
  assert_non_null(bytes->name);
}

static original load_seed(void) {
  original o = {0};
  load(&o.bytes, xp_test_source(subject->seed), "damaged");
  if (subject->partner) load(&o.partner, xp_test_source(subject->partner), "partner");
  return o;
}

/* False when the reference data are absent. */
static bool load_reference(original *o) {
  *o = (original){0};
  char *path = subject->reference ? xp_test_shared(subject->reference) : NULL;
  if (!path) return false;
  load(&o->bytes, path, "damaged");
  if (subject->reference_partner) load(&o->partner, xp_test_shared(subject->reference_partner), "partner");
  return true;
}

static void unload(original *o) {
  xp_bytes_free(&o->bytes);
  xp_bytes_free(&o->partner);
}

static const xp_bytes *partner_of(const original *o) {
  return o->partner.data ? &o->partner : NULL;
}

/* Any number in place of another may still be a valid file. */
static xp_bytes any_number(const xp_bytes *bytes, xp_test_random *random) {
  return xp_mutate_number(bytes, random, NULL);
}

static xp_bytes (*const damages[])(const xp_bytes *, xp_test_random *) = {
    xp_mutate_truncate,    xp_mutate_flip, xp_mutate_repeat_line, xp_mutate_remove_line, xp_mutate_repeat_word,
    xp_mutate_remove_word, any_number};

static void damage(const original *o, size_t sort, uint64_t seed) {
  xp_test_random random = {seed};
  bool large = o->bytes.size > LARGE_FILE && damages[sort] != xp_mutate_truncate;
  int samples = large ? LARGE_SAMPLES : SAMPLES, refused = 0;
  for (int sample = 0; sample < samples; ++sample) {
    xp_bytes damaged = damages[sort](&o->bytes, &random);
    refused += try_reading(&damaged, partner_of(o)) != XP_OK;
  }
  print_message("damage %zu: %d of %d files refused\n", sort, refused, samples);
}

static void damage_in_every_way(const original *o) {
  for (size_t sort = 0; sort < sizeof damages / sizeof *damages; ++sort) damage(o, sort, 100 + sort);
}

static void the_whole_file_is_read(void **state) {
  (void)state;
  original o = load_seed();
  xp_bytes copy;
  xp_error error = {0};
  xp_assert_ok(xp_bytes_copy(&copy, "damaged", o.bytes.data, o.bytes.size, &error), &error);
  assert_int_equal(try_reading(&copy, partner_of(&o)), XP_OK);
  unload(&o);
}

static void damaged_seeds(void **state) {
  (void)state;
  original o = load_seed();
  damage_in_every_way(&o);
  unload(&o);
}

static void damaged_reference_files(void **state) {
  (void)state;
  original o;
  if (!load_reference(&o)) skip();
  damage_in_every_way(&o);
  unload(&o);
}

/* Every number of a potential acts, so none may be infinite or no number at all. */
static void numbers_of_potentials_are_finite(void **state) {
  (void)state;
  static const char *const texts[] = {"nan", ".nan", "inf", "-.inf", "1e400", "-1e400", "one"};
  if (subject->read != read_potential) skip();
  original o = load_seed();
  xp_test_random random = {99};
  for (size_t t = 0; t < sizeof texts / sizeof *texts; ++t)
    for (int sample = 0; sample < SAMPLES; ++sample) {
      xp_bytes damaged = xp_mutate_number(&o.bytes, &random, texts[t]);
      char *text = strdup(damaged.data);
      assert_non_null(text);
      if (try_reading(&damaged, partner_of(&o)) == XP_OK) fail_msg("%s was accepted in: %s", texts[t], text);
      free(text);
    }
  unload(&o);
}

/* Most of a .yace file is read without the YAML parser; with it, the result must be the same. */
static void compare_readers(const original *o, size_t sort, int samples) {
  xp_test_random random = {200 + sort};
  for (int sample = 0; sample < samples; ++sample) {
    xp_bytes damaged = damages[sort](&o->bytes, &random);
    xp_error error = {0}, plain_error = {0};
    xp_ace_model *model = NULL, *plain = NULL;
    xp_status status = xp_ace_parse_yace(&model, &damaged, &error);
    if (xp_ace_parse_yace_in_full(&plain, &damaged, &plain_error) != status)
      fail_msg("only one reader accepts this file (%s%s):\n%s", error.message, plain_error.message, damaged.data);
    if (status == XP_OK) ace_test_assert_same(model, plain);
    xp_ace_model_free(model);
    xp_ace_model_free(plain);
    xp_bytes_free(&damaged);
  }
}

static void both_readers_agree(void **state) {
  (void)state;
  original o;
  if (strcmp(subject->name, "yace") != 0) skip();
  for (size_t sort = 0; sort < sizeof damages / sizeof *damages; ++sort) {
    o = load_seed();
    compare_readers(&o, sort, 10 * SAMPLES);
    unload(&o);
    if (!load_reference(&o)) continue;
    compare_readers(&o, sort, LARGE_SAMPLES);
    unload(&o);
  }
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_whole_file_is_read),  cmocka_unit_test(damaged_seeds),
      cmocka_unit_test(damaged_reference_files), cmocka_unit_test(numbers_of_potentials_are_finite),
      cmocka_unit_test(both_readers_agree),
  };
  for (size_t f = 0; argc == 2 && f < sizeof formats / sizeof *formats; ++f)
    if (strcmp(formats[f].name, argv[1]) == 0) subject = &formats[f];
  if (!subject) {
    fprintf(stderr, "usage: fuzz yace|yaml|ace|snapcoeff|snapparam|xyz\n");
    return EXIT_USAGE;
  }
  return cmocka_run_group_tests_name(subject->name, tests, NULL, NULL);
}
