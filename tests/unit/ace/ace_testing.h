/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small ACE models made in memory and ways to evaluate them, for all ACE tests. */
#ifndef XPOT_ACE_TESTING_H
#define XPOT_ACE_TESTING_H

#include "ace/ace_plan.h"
#include "ace/model.h"
#include "reference/ace_reference.h"
#include "testing/testing.h"
#include "xpot/neighbour.h"
#include "xpot/structure.h"

/* Lengths of the synthetic models, Angstrom. */
#define ACE_TEST_RCUT 5.0
#define ACE_TEST_RCUT_STEP 0.25 /* added for every species index of the pair */
#define ACE_TEST_DCUT 0.8
#define ACE_TEST_RIN 1.9
#define ACE_TEST_DIN 0.4

/* What a synthetic model is made of; elements are C, Si, Ge. */
typedef struct ace_options {
  int nelements;
  xp_ace_radial_type radial;
  xp_ace_inner_type inner;
  xp_ace_embedding_type embedding;
  int ndensity; /* of the first element; the others have one more each */
  uint64_t seed;
} ace_options;

extern const char *const ace_test_elements[3];

/* Random functions of rank 1 to 5; caller frees. With XP_ACE_ACEJL also a pair part. */
xp_ace_model *ace_test_model(const ace_options *options);

/* Name of a combination, for messages. */
const char *ace_test_name(const ace_options *options);

/* One function with room for its tuples, appended to a species. */
xp_ace_function *ace_test_append(xp_ace_model *model, int species, int rank, int num_ms_combs);

/* A model ready to evaluate. */
typedef struct ace_engine {
  const xp_ace_model *model;
  const char *const *elements;
  int nelements;
  xp_ace_plan *plan;
  xp_ace_workspace *workspace;
} ace_engine;

/* In double precision, or in any. */
void ace_engine_open(ace_engine *engine, const xp_ace_model *model, const char *const *elements, int nelements);
void ace_engine_open_precision(ace_engine *engine, const xp_ace_model *model, const char *const *elements,
                               int nelements, xp_precision precision);
void ace_engine_close(ace_engine *engine);

/* Results for a structure; caller frees the arrays with ace_result_free. */
typedef struct ace_result {
  double energy;
  double *local;       /* [natoms] */
  double *core_factor; /* [natoms] */
  double (*forces)[3]; /* [natoms] */
} ace_result;

/* By the kernel, or by the reference. */
ace_result ace_engine_run(const ace_engine *engine, const xp_structure *structure, bool reference);
void ace_result_free(ace_result *result);

/* Kernel against reference: energies within 1e-10, forces within 1e-7, relative to 1 + their size. */
void ace_engine_compare(const ace_engine *engine, const xp_structure *structure, const char *what);

/* An isolated structure. */
xp_structure *ace_test_cluster(int natoms, const double (*positions)[3], const int *species,
                               const char *const *elements);

/* Force component by a difference of fourth order of kernel energies. */
double ace_engine_difference(const ace_engine *engine, xp_structure *structure, int atom, int direction);

#endif
