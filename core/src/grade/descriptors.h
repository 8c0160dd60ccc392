/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every kind of potential must be able to do to describe atoms; one table of functions a kind. */
#ifndef XPOT_DESCRIPTORS_H
#define XPOT_DESCRIPTORS_H

#include "xpot/grade.h"

typedef struct xp_descriptors_table {
  /* The void pointers are the kind's own descriptors and scratch memory. */
  xp_status (*create)(void **data, const xp_potential *potential, xp_grade_form form, const char *const *elements,
                      int nelements, xp_error *error);
  void (*release)(void *data);
  /* As xp_descriptors_size. */
  int (*size)(const xp_potential *potential, xp_grade_form form, const char *element, int nelements);
  double (*cutoff)(const void *data);
  xp_status (*scratch_new)(void **scratch, const void *data, xp_error *error);
  void (*scratch_free)(void *scratch);
  /* As xp_descriptors_evaluate: takes neighbours in canonical order. */
  xp_status (*evaluate)(const void *data, void *scratch, const xp_neighbourhoods *neighbourhoods, double *rows,
                        size_t stride, xp_error *error);
} xp_descriptors_table;

extern const xp_descriptors_table xp_descriptors_ace, xp_descriptors_snap;

/* Descriptors that an element has in a simulation with nelements, without compiling them; 0 when the potential does not
 * have the element or no basis. */
int xp_descriptors_size(const xp_potential *potential, xp_grade_form form, const char *element, int nelements);

#endif
