/* SPDX-License-Identifier: GPL-2.0-or-later */
/* B bases made in memory and as text, for the tests of the B basis. */
#ifndef XPOT_BASIS_TESTING_H
#define XPOT_BASIS_TESTING_H

#include "testing/testing.h"
#include "xpot/ace_basis.h"

enum { BASIS_ELEMENTS_MAX = 5, BASIS_BLOCKS_MAX = BASIS_ELEMENTS_MAX << (BASIS_ELEMENTS_MAX - 1) };

/* Alphabetical. */
extern const char *const basis_test_elements[BASIS_ELEMENTS_MAX];

/* All blocks of some elements with the same shape. */
typedef struct basis_blocks {
  int count;
  xp_ace_block_request list[BASIS_BLOCKS_MAX];
  int species[BASIS_BLOCKS_MAX][BASIS_ELEMENTS_MAX];
} basis_blocks;

/* shape: centre and species are filled in. */
void basis_test_blocks(basis_blocks *blocks, int nelements, const xp_ace_block_request *shape);

/* A basis without functions, ready for selection. */
xp_ace_basis *basis_test_empty(int nelements, int ndensity);

/* With the functions of all blocks, coefficients and radial coefficients random. */
xp_ace_basis *basis_test_random(int nelements, int ndensity, const xp_ace_block_request *shape, uint64_t seed);

/* The synthetic potential T1 of ace.md section 13.4 as a .yaml file with an inner cutoff type; caller frees the bytes. */
xp_bytes basis_test_t1(const char *inner_cutoff_type);

/* Parses text as a file of the name "text". */
xp_status basis_test_parse(const char *text, xp_ace_basis **basis, xp_error *error);

/* Fails unless all that is written to files is the same. */
void basis_test_assert_same(const xp_ace_basis *a, const xp_ace_basis *b);

#endif
