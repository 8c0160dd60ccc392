/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Properties of a frame: which column of an atom line means what. */
#ifndef XPOT_EXTXYZ_COLUMNS_H
#define XPOT_EXTXYZ_COLUMNS_H

#include "extxyz/fields.h"
#include "xpot/extxyz.h"
#include "xpot/structure.h"

/* First column of each quantity, from 0; -1 when the file has none. */
typedef struct xp_columns {
  int symbol;   /* element symbols */
  int number;   /* atomic numbers, used when there are no symbols */
  int position; /* three columns */
  int forces;   /* three columns */
  int local_energy;
  int force_weight;
  int count; /* columns of a line */
} xp_columns;

/* From "species:S:1:pos:R:3:..."; properties NULL means just that. keys may name the column of the forces. */
xp_status xp_columns_parse(xp_columns *columns, const xp_fields *fields, xp_field *properties,
                           const xp_extxyz_keys *keys, xp_error *error);

/* Reads one atom line of size bytes into atom i of the structure. */
xp_status xp_columns_read(const xp_columns *columns, const char *line, size_t size, xp_structure *structure, int i,
                          xp_place place, xp_error *error);

#endif
