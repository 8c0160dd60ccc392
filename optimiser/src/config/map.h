/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sections whose keys are not options but groups of structures or blocks of elements, each with values of its own. */
#ifndef XPOT_OPTIMISER_MAP_H
#define XPOT_OPTIMISER_MAP_H

#include "config/value.h"

/* What one key says. */
typedef struct xp_entry {
  char *name;     /* the key, owned */
  xp_place place; /* in the input */
  int keyword;    /* 0: ALL, 1: UNARY, 2: BINARY, ...; -1: a combination of elements, or the name of a group */
  int nspecies;   /* of a combination */
  int *species;   /* [nspecies] indices in the input's elements, ascending, the centre of directed ones first; owned */
  void *values;   /* of the section's size, owned; those that are not given hold nothing */
} xp_entry;

typedef struct xp_map {
  void *standard;    /* the table's values, owned */
  xp_entry *entries; /* [count], in the order of the input, owned */
  int count;
} xp_map;

/* A map without entries. */
xp_status xp_map_new(xp_map *map, const xp_section *section, xp_error *error);

/* Adds what the key and object of item say. */
xp_status xp_map_parse(xp_map *map, const xp_section *section, const xp_reader *reader, const cJSON *item,
                       xp_error *error);

/* Frees the members. */
void xp_map_clear(xp_map *map, const xp_section *section);

/* The entry of a name; NULL when there is none. */
const xp_entry *xp_map_find(const xp_map *map, const char *name);

/* Copies the values that an entry gives over those in values, of the section's size. The copies are shallow: what they point
 * to stays the entry's. NULL is allowed. */
void xp_map_override(const xp_section *section, const xp_entry *entry, void *values);

/* All that is said of a block of elements, in values: the table, ALL, the keyword of its size, its combination. species as
 * in xp_entry. */
void xp_map_resolve(const xp_map *map, const xp_section *section, const int *species, int nspecies, void *values);

/* Calls visit for every block of a section, species as in xp_entry: small blocks first, then by centre. */
typedef xp_status xp_map_visit(void *context, const int *species, int nspecies, xp_error *error);
xp_status xp_map_each(const xp_section *section, int nelements, xp_map_visit *visit, void *context, xp_error *error);

#endif
