/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a large potential takes memory and requests for memory in proportion to the file, and less memory than the
 * file. Counted, not timed: the linker's --wrap leads the library's requests through this file. */
#include <malloc.h>

#include "ace_testing.h"

enum { FUNCTIONS = 4000, TUPLES = 12, NDENSITY = 2, LINE_MAX_SIZE = 2000 };

static struct {
  size_t requests;
  long live, peak; /* bytes */
} heap;

static void *count(void *block) {
  heap.requests++;
  heap.live += (long)malloc_usable_size(block);
  if (heap.live > heap.peak) heap.peak = heap.live;
  return block;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t number, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t number, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);

void *__wrap_malloc(size_t size) {
  return count(__real_malloc(size));
}

void *__wrap_calloc(size_t number, size_t size) {
  return count(__real_calloc(number, size));
}

void *__wrap_realloc(void *block, size_t size) {
  heap.live -= (long)malloc_usable_size(block);
  return count(__real_realloc(block, size));
}

void __wrap_free(void *block) {
  heap.live -= (long)malloc_usable_size(block);
  __real_free(block);
}

/* The tuples of l = 2, 2, 2 that add up to zero, as far as they are used. */
static const int tuples[TUPLES][3] = {{-2, 0, 2}, {-2, 1, 1}, {-2, 2, 0}, {-1, -1, 2}, {-1, 0, 1}, {-1, 1, 0},
                                      {0, -2, 2}, {0, -1, 1}, {0, 0, 0},  {0, 1, -1},  {0, 2, -2}, {1, -2, 1}};

static const char yace_head[] =
    "elements: [Si]\nE0: [0]\ndeltaSplineBins: 0.001\nembeddings:\n"
    "  0: {ndensity: 2, FS_parameters: [1, 1, 1, 0.5], npoti: FinnisSinclair, rho_core_cutoff: 5, drho_core_cutoff: "
    "5}\n"
    "bonds:\n"
    "  [0, 0]: {nradmax: 1, lmax: 2, nradbasemax: 1, radbasename: SBessel, radparameters: [5.25], "
    "radcoefficients: [[[1], [1], [1]]], prehc: 0, lambdahc: 0, rcut: 5, dcut: 0.01}\n"
    "functions:\n  0:\n";

static const char ace_head[] =
    "nelements=1\nelements: Si\nlmax=2\nembedding-function: FinnisSinclair\n4 FS parameters: 1 1 1 0.5\n"
    "core energy-cutoff parameters: 5 5\nradbasename=ChebExpCos\nnradbase=1\nnradmax=1\ncutoffmax=5\n"
    "deltaSplineBins=0.001\ncore repulsion parameters: 0 0\nradparameter= 5.25\ncutoff= 5\ndcut= 0.01\ncrad= 1 1 1\n"
    "rankmax=3\nndensitymax=2\nnum_c_tilde_max=24\nnum_ms_combinations_max=12\ntotal_basis_size_rank1: 0\n";

static char *put_yace_function(char *to, xp_test_random *random) {
  to += sprintf(to, "    - {mu0: 0, rank: 3, ndensity: %d, num_ms_combs: %d, mus: [0, 0, 0], ns: [1, 1, 1], ", NDENSITY,
                TUPLES);
  to += sprintf(to, "ls: [2, 2, 2], ms_combs: [");
  for (int q = 0; q < TUPLES; ++q)
    to += sprintf(to, q ? ", %d, %d, %d" : "%d, %d, %d", tuples[q][0], tuples[q][1], tuples[q][2]);
  to += sprintf(to, "], ctildes: [");
  for (int c = 0; c < TUPLES * NDENSITY; ++c)
    to += sprintf(to, c ? ", %.17g" : "%.17g", xp_test_uniform(random, -1.0, 1.0));
  return to + sprintf(to, "]}\n");
}

static char *put_ace_function(char *to, xp_test_random *random) {
  to += sprintf(to, "ctilde_basis_func: rank=3 ndens=%d mu0=0 mu=( 0 0 0 )\nn=( 1 1 1 )\nl=( 2 2 2 )\nnum_ms=%d\n",
                NDENSITY, TUPLES);
  for (int q = 0; q < TUPLES; ++q) {
    to += sprintf(to, "< %d %d %d >: ", tuples[q][0], tuples[q][1], tuples[q][2]);
    for (int p = 0; p < NDENSITY; ++p) to += sprintf(to, " %.17g", xp_test_uniform(random, -1.0, 1.0));
    to += sprintf(to, "\n");
  }
  return to;
}

typedef struct format {
  const char *head;
  char *(*put_function)(char *to, xp_test_random *random);
  xp_status (*parse)(xp_ace_model **model, const xp_bytes *bytes, xp_error *error);
  bool counted;           /* the number of functions stands in front of them */
  const char *tuples_key; /* in front of the number of tuples */
} format;

static const format formats[] = {{yace_head, put_yace_function, xp_ace_parse_yace, false, "num_ms_combs: "},
                                 {ace_head, put_ace_function, xp_ace_parse_ace, true, "num_ms="}};

static xp_bytes make_file(const format *format, int nfunctions) {
  xp_test_random random = {3};
  xp_bytes bytes = {.name = strdup("large"), .data = malloc(LINE_MAX_SIZE * (size_t)(nfunctions + 1))};
  assert_non_null(bytes.name);
  assert_non_null(bytes.data);
  char *to = bytes.data + sprintf(bytes.data, "%s", format->head);
  if (format->counted) to += sprintf(to, "total_basis_size: %d\n", nfunctions);
  for (int f = 0; f < nfunctions; ++f) to = format->put_function(to, &random);
  bytes.size = (size_t)(to - bytes.data);
  return bytes;
}

/* Reads and checks; heap then holds the most memory beside the file and the number of requests. */
static size_t read_file(const format *format, int nfunctions) {
  xp_error error = {0};
  xp_ace_model *model = NULL;
  xp_bytes bytes = make_file(format, nfunctions);
  size_t size = bytes.size;
  memset(&heap, 0, sizeof heap);
  xp_assert_ok(format->parse(&model, &bytes, &error), &error);
  xp_assert_ok(xp_ace_model_check(model, &error), &error);
  assert_int_equal(model->nfunctions[0], nfunctions);
  xp_ace_model_free(model);
  xp_bytes_free(&bytes);
  return size;
}

static void reading_takes_less_memory_than_the_file(void **state) {
  (void)state;
  for (size_t f = 0; f < sizeof formats / sizeof *formats; ++f) {
    size_t size = read_file(&formats[f], FUNCTIONS);
    print_message("format %zu: %zu bytes, at most %ld bytes in use, %zu requests\n", f, size, heap.peak, heap.requests);
    /* The coefficients at least: otherwise nothing was counted. */
    assert_true(heap.peak > (long)sizeof(double) * FUNCTIONS * TUPLES * NDENSITY);
    assert_true((size_t)heap.peak < size);
  }
}

static void requests_are_few_and_in_proportion(void **state) {
  (void)state;
  for (size_t f = 0; f < sizeof formats / sizeof *formats; ++f) {
    read_file(&formats[f], FUNCTIONS);
    size_t once = heap.requests;
    long peak = heap.peak;
    read_file(&formats[f], 2 * FUNCTIONS);
    assert_in_range(once, FUNCTIONS, FUNCTIONS + 200);
    assert_in_range(heap.requests, 2 * FUNCTIONS, 2 * once);
    assert_true(heap.peak < 5 * peak / 2);
  }
}

/* A count that the file does not bear out. */
static void damaged_counts_take_no_memory(void **state) {
  (void)state;
  for (size_t f = 0; f < sizeof formats / sizeof *formats; ++f) {
    xp_error error = {0};
    xp_ace_model *model = NULL;
    xp_bytes bytes = make_file(&formats[f], 2);
    char *count_text = strstr(bytes.data, formats[f].tuples_key) + strlen(formats[f].tuples_key);
    memmove(count_text + 6, count_text, strlen(count_text) + 1);
    memcpy(count_text, "123456", 6);
    bytes.size += 6;
    memset(&heap, 0, sizeof heap);
    assert_int_equal(formats[f].parse(&model, &bytes, &error), XP_ERROR_INPUT);
    assert_in_range(heap.peak, 1, 100 * bytes.size);
    xp_bytes_free(&bytes);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(reading_takes_less_memory_than_the_file),
                                     cmocka_unit_test(requests_are_few_and_in_proportion),
                                     cmocka_unit_test(damaged_counts_take_no_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
