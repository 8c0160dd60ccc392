/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One species block of a .yaml file: an element, a pair or a set of elements, and functions. */
#ifndef XPOT_BASIS_PARSE_BLOCK_H
#define XPOT_BASIS_PARSE_BLOCK_H

#include "ace/yaml_tree.h"
#include "basis/basis.h"

/* Keys of a block. */
enum {
  XP_BLOCK_SPECIES,
  XP_BLOCK_FUNCTIONS,
  XP_BLOCK_NDENSITY,
  XP_BLOCK_NPOT,
  XP_BLOCK_PARAMETERS,
  XP_BLOCK_RHO,
  XP_BLOCK_DRHO,
  XP_BLOCK_LMAX,
  XP_BLOCK_NRADMAX,
  XP_BLOCK_NRADBASE,
  XP_BLOCK_RADBASE,
  XP_BLOCK_RADPARAMETERS,
  XP_BLOCK_RADCOEFFICIENTS,
  XP_BLOCK_RCUT,
  XP_BLOCK_DCUT,
  XP_BLOCK_CUTOFF_NAME,
  XP_BLOCK_CORE,
  XP_BLOCK_INNER,
  XP_BLOCK_R_IN,
  XP_BLOCK_DELTA_IN,
  XP_BLOCK_FIELDS
};

enum { XP_BLOCK_SPECIES_MAX = XP_ACE_BASIS_RANK_MAX + 1 };

typedef struct xp_ace_block {
  const xp_yaml_node *node;
  xp_yaml_field fields[XP_BLOCK_FIELDS];
  int nspecies;
  int species[XP_BLOCK_SPECIES_MAX]; /* [nspecies] centre first, the others ascending */
} xp_ace_block;

/* What the parts of the parser share. */
typedef struct xp_ace_basis_reader {
  const xp_yaml_tree *tree;
  xp_ace_basis *basis; /* NULL until the elements are known */
  xp_ace_block *blocks;
  int nblocks;
  xp_error *error;
} xp_ace_basis_reader;

/* A word of a text: its length, 0 at the end; *text is moved to its start. */
int xp_ace_block_word(const char **text);

/* The embedding of the element of a block. */
xp_status xp_ace_block_embedding(const xp_ace_basis_reader *r, const xp_ace_block *block);

/* The bond i-j as its own block says or, where it says nothing, that of j-i. */
xp_status xp_ace_block_bond(const xp_ace_basis_reader *r, const xp_ace_block *own, const xp_ace_block *dual);

/* Whether a block has the radial part of a bond, and its core part. */
bool xp_ace_block_is_radial(const xp_ace_block *block);
bool xp_ace_block_is_core(const xp_ace_block *block);

/* Appends the functions of a block; there is room for them. */
xp_status xp_ace_block_functions(const xp_ace_basis_reader *r, const xp_ace_block *block);

/* Number of functions in a block, skipped ones included. */
int xp_ace_block_count(const xp_ace_block *block);

#endif
