/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Potentials, neighbourhoods and active sets for the tests of descriptors and grades. */
#ifndef XPOT_GRADE_TESTING_H
#define XPOT_GRADE_TESTING_H

#include "cases.h"
#include "training_testing.h"
#include "xpot/grade.h"
#include "xpot/potential.h"

/* Most elements of a potential here, and the most descriptors of an atom. */
enum { GRADE_ELEMENTS_MAX = 3 };

/* A potential in memory, as if read; it takes over the basis or model. The caller frees it. */
xp_potential *grade_test_ace(xp_ace_basis *basis);
xp_potential *grade_test_snap(xp_snap_model *model);

/* A potential with some of its elements in an order of their own, and all neighbours within its cutoff of a structure. */
typedef struct grade_case {
  xp_potential *potential; /* owned */
  const char *elements[GRADE_ELEMENTS_MAX];
  int nelements;
  xp_neighbour_list *list; /* owned */
  xp_neighbourhoods view;
} grade_case;

/* Takes the potential over. reverse: elements in the reverse order of the potential's. cell 0: a cluster. */
void grade_test_open(grade_case *c, xp_potential *potential, bool reverse, uint64_t seed, int natoms, double cell);
void grade_test_close(grade_case *c);

/* Descriptors of all atoms of a case. */
typedef struct grade_rows {
  double *rows; /* [natoms][stride]; owned */
  size_t stride;
  int counts[GRADE_ELEMENTS_MAX];
} grade_rows;

grade_rows grade_test_describe(const grade_case *c, const xp_neighbourhoods *view, xp_grade_form form);

/* Energies of all atoms; the caller frees them. */
double *grade_test_energies(const grade_case *c);

/* One atom of a view alone, its neighbours in another order when random is given. */
typedef struct grade_alone {
  int species;
  size_t first[2];
  int *neighbour_species;
  double (*displacements)[3];
  xp_neighbourhoods view;
} grade_alone;

void grade_test_alone(grade_alone *alone, const xp_neighbourhoods *view, int atom, xp_test_random *random);
void grade_test_alone_clear(grade_alone *alone);

/* An active set with random inverses of the sizes that a form of the case asks for, as if from our own file. */
xp_active_set *grade_test_random_set(const grade_case *c, xp_grade_form form, uint64_t seed);

/* gamma of all atoms; the caller frees them. */
double *grade_test_grades(const grade_case *c, const xp_active_set *set, const xp_neighbourhoods *view);

#endif
