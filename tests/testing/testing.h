/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every test program needs: cmocka with its headers in the right order, checks for our errors, reproducible random
 * numbers, and the reference data that may be absent. */
#ifndef XPOT_TESTING_H
#define XPOT_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xpot/error.h"
#include "xpot/structure.h"

/* Fails the test with the error's sentence unless the call returned XP_OK. */
#define xp_assert_ok(call, error)                                     \
  do {                                                                \
    if ((call) != XP_OK) fail_msg("%s: %s", #call, (error)->message); \
  } while (0)

/* Fails unless |a - b| <= tolerance (NaN fails). */
#define xp_assert_close(a, b, tolerance) xp_check_close(a, b, tolerance, #a, __FILE__, __LINE__)
void xp_check_close(double a, double b, double tolerance, const char *what, const char *file, int line);

/* Fails unless the error's sentence contains the text. */
#define xp_assert_message(error, text) xp_check_message(error, text, __FILE__, __LINE__)
void xp_check_message(const xp_error *error, const char *text, const char *file, int line);

/* Reproducible random numbers (SplitMix64): the same on every machine. */
typedef struct xp_test_random {
  uint64_t state;
} xp_test_random;
double xp_test_uniform(xp_test_random *random, double low, double high);
int xp_test_integer(xp_test_random *random, int below);

/* A path below the developer's shared data folder ("conformance/ace-XPOT-Si.xyz"); NULL when absent, after printing what
 * is missing. Caller frees. */
char *xp_test_shared(const char *path);

/* A path below the source tree (tests/..., potentials/...); caller frees. */
char *xp_test_source(const char *path);

/* A random cluster or crystal of natoms atoms with a smallest distance, symbols drawn from the list. cell 0: isolated;
 * otherwise the volume of a skewed periodic cell's edge, Angstrom. */
xp_structure *xp_test_structure(xp_test_random *random, int natoms, double cell, double smallest_distance,
                                const char *const *symbols, int nsymbols);

#endif
