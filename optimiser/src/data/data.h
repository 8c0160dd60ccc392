/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of labelled structures, with its checksum and its groups. */
#ifndef XPOT_OPTIMISER_DATA_H
#define XPOT_OPTIMISER_DATA_H

#include "xpot/error.h"
#include "xpot/extxyz.h"
#include "xpot/structure.h"

typedef struct xp_data {
  xp_dataset *set; /* owned */
  char *path;      /* owned */
  char sha256[65];
  int natoms;
  int nenergies, nforces, nvirials; /* structures that have the label */
  int ngroups;
  const char **groups; /* [ngroups] config_type in order of appearance; the array is owned */
  int *group;          /* [nstructures] index in groups; owned */
  int nelements;
  xp_symbol *elements; /* [nelements] in alphabetical order; owned */
} xp_data;

/* Reads a file; one without any structure is an error. keys may be NULL. */
xp_status xp_data_read(xp_data **data, const char *path, const xp_extxyz_keys *keys, xp_error *error);

/* Finds what follows from the structures: numbers of atoms and labels, groups, elements, all of which are empty. */
xp_status xp_data_describe(xp_data *data, xp_error *error);

/* NULL is allowed. */
void xp_data_free(xp_data *data);

/* Species of every atom of a structure: index in elements[nelements], those of an input. An atom of another element is an error
 * that names the file and line. species[natoms]. */
xp_status xp_data_species(int *species, const xp_structure *structure, const xp_symbol *elements, int nelements,
                          xp_error *error);

/* The same for the elements of a potential, to which none can be added. */
xp_status xp_data_known_species(int *species, const xp_structure *structure, const xp_symbol *elements, int nelements,
                                xp_error *error);

#endif
