/* SPDX-License-Identifier: GPL-2.0-or-later */
/* B bases with random parameters, and structures as fitting sees them. */
#ifndef XPOT_TRAINING_TESTING_H
#define XPOT_TRAINING_TESTING_H

#include "testing/testing.h"
#include "xpot/ace_fit.h"
#include "xpot/neighbour.h"

/* What a basis is made of; elements are Al, Ge, Si. */
typedef struct training_options {
  int nelements;
  xp_ace_radial_type radial;
  xp_ace_inner_type inner;
  xp_ace_embedding_type embedding;
  int ndensity; /* of the first element; the others have one more each, at most 4 */
  uint64_t seed;
} training_options;

extern const char *const training_elements[3];

/* Functions of ranks 1 to 5 of all blocks with random coefficients; caller frees. */
xp_ace_basis *training_basis(const training_options *options);

/* Name of a combination, for messages. */
const char *training_name(const training_options *options);

/* A basis ready to train, with one structure. */
typedef struct training_case {
  xp_ace_basis *basis;
  xp_ace_fit *fit;
  xp_ace_fit_layout layout;
  double *parameters; /* [ntotal] */
  xp_structure *structure;
  xp_ace_fit_structure *prepared;
  xp_ace_fit_scratch *scratch;
} training_case;

/* natoms atoms, at least so far apart; cell 0: a cluster. */
void training_open(training_case *c, const training_options *options, int natoms, double cell, double distance);
void training_close(training_case *c);

/* Takes the structure's positions again, after a change of them or of its cell. */
void training_renew(training_case *c);

/* Energy, forces [natoms] and virial at the parameters. */
xp_ace_fit_labels training_predict(const training_case *c, double (*forces)[3]);

/* All combinations that are tested: radial bases, inner cutoffs, embeddings, P = 1 .. 4, one to three elements. */
int training_combinations(training_options *list, int room);

#endif
