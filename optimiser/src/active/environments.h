/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors of all atoms of a data set, atoms of an element one behind the other. They come in units of a few structures,
 * which threads may read at the same time. What memory allows is kept; the rest is computed again each time, to the same bits. */
#ifndef XPOT_OPTIMISER_ENVIRONMENTS_H
#define XPOT_OPTIMISER_ENVIRONMENTS_H

#include "data/data.h"
#include "report/report.h"
#include "xpot/grade.h"

/* Puts the place of a structure, the index-th from 0, in front of an error's sentence. */
void xp_environments_name(const xp_structure *structure, int index, xp_error *error);

/* Some structures that follow each other. */
typedef struct xp_environments_unit {
  int structure, nstructures;
  int natoms;
  long *first;  /* [nelements] number of its first atom of an element among all atoms of this element; owned */
  bool keep;    /* once they are computed */
  double *kept; /* rows of all elements; NULL: not computed, or not kept; owned */
} xp_environments_unit;

typedef struct xp_environments {
  const xp_descriptors *descriptors; /* borrowed */
  const xp_data *data;               /* borrowed */
  const xp_symbol *elements;         /* [nelements] species of the descriptors; borrowed */
  int nelements, nunits;
  int *sizes;                  /* [nelements] descriptors; owned */
  xp_environments_unit *units; /* [nunits + 1], the last holds the ends; owned */
} xp_environments;

/* memory: bytes of rows to keep. An atom of another element is an error that names the structure. */
xp_status xp_environments_init(xp_environments *environments, const xp_descriptors *descriptors, const xp_data *data,
                               const xp_symbol *elements, int nelements, double memory, xp_error *error);
/* Frees the members. */
void xp_environments_clear(xp_environments *environments);

/* Atoms of an element in a unit, and in all. */
int xp_environments_rows(const xp_environments *environments, int unit, int element);
long xp_environments_count(const xp_environments *environments, int element);

/* What one thread needs to read units. */
typedef struct xp_environments_reader {
  const xp_environments *environments;
  xp_descriptors_scratch *scratch;
  double *mixed; /* rows of a structure in the order of its atoms */
  double *own;   /* rows of a unit that is not kept */
  double **rows; /* [nelements] what was read: rows [xp_environments_rows][sizes[element]] of the unit */
  int *species;
  size_t mixed_capacity, own_capacity, species_capacity;
} xp_environments_reader;

/* All zero is a reader that can be cleared. */
xp_status xp_environments_reader_init(xp_environments_reader *reader, const xp_environments *environments,
                                      xp_error *error);
void xp_environments_reader_clear(xp_environments_reader *reader);

/* Fills reader->rows, which stay until the reader reads again. A unit is read by one thread at a time. */
xp_status xp_environments_read(xp_environments_reader *reader, int unit, xp_error *error);

/* A walk over all units on several threads. */
typedef struct xp_environments_walk {
  xp_status (*visit)(void *user, const xp_environments_reader *reader, int unit, int thread, xp_error *error);
  void *user;
  bool (*wanted)(const void *user, int unit); /* NULL: all units are */
  bool in_order; /* visits are in the order of the units, one at a time; else at any time */
  int threads;
  xp_report *report; /* may be NULL */
  const char *stage; /* for the report */
} xp_environments_walk;

/* The error of the first unit that has one. */
xp_status xp_environments_visit(const xp_environments *environments, const xp_environments_walk *walk, xp_error *error);

#endif
