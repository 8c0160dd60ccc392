/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What both parsers, the writer and the plan share about models: names in files, limits, checks. */
#ifndef XPOT_ACE_MODEL_H
#define XPOT_ACE_MODEL_H

#include <stdbool.h>

#include "xpot/ace.h"

/* Limits no sensible potential reaches; they keep a damaged file from asking for absurd amounts of memory. */
enum {
  XP_ACE_ELEMENTS_MAX = 128,
  XP_ACE_L_MAX = 64,
  XP_ACE_RADIAL_MAX = 4096, /* nradmax and nradbasemax */
  XP_ACE_RANK_MAX = 32,
  XP_ACE_DENSITIES_MAX = 64
};

#define XP_ACE_RCUT_MAX 100.0      /* Angstrom: no potential has neighbours so far away */
#define XP_ACE_BINS_WIDTH_MIN 1e-5 /* Angstrom, of deltaSplineBins */

/* Room for one finding of a check. */
enum { XP_ACE_FINDING_SIZE = 400 };

/* What is wrong with a part of a model: the field of the file it is in ("" when of the whole part) and a sentence.
 * field is NULL when all is well. */
typedef struct xp_ace_finding {
  const char *field;
  char sentence[XP_ACE_FINDING_SIZE];
} xp_ace_finding;

/* Fills finding and returns false. */
bool xp_ace_found(xp_ace_finding *finding, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* An empty model with room for nelements elements, their embeddings and bonds. */
xp_status xp_ace_model_new(xp_ace_model **model, int nelements, xp_error *error);

static inline xp_ace_bond *xp_ace_model_bond(const xp_ace_model *model, int i, int j) {
  return &model->bonds[i * model->nelements + j];
}

/* Appends a printf-formatted sentence to the warnings. */
xp_status xp_ace_model_warn(xp_ace_model *model, xp_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As xp_ace_parse_yace, all through the YAML parser: slower by a factor, and where error messages come from. */
xp_status xp_ace_parse_yace_in_full(xp_ace_model **model, const xp_bytes *bytes, xp_error *error);

/* Room for a function's arrays, all zero; rank, ndensity and num_ms_combs are set. */
xp_status xp_ace_function_allocate(xp_ace_function *function, int rank, int ndensity, int num_ms_combs,
                                   xp_error *error);
void xp_ace_function_clear(xp_ace_function *function);

/* Deep copies; of bonds that are not ACE.jl's. The target is to be freed also when there is not enough memory. */
xp_status xp_ace_embedding_copy(xp_ace_embedding *copy, const xp_ace_embedding *embedding, xp_error *error);
xp_status xp_ace_bond_copy(xp_ace_bond *copy, const xp_ace_bond *bond, xp_error *error);
void xp_ace_bond_clear(xp_ace_bond *bond);

/* Checks of one part; the functions' check relies on checked bonds and embeddings. All return true when all is well. */
bool xp_ace_bins_check(double delta_spline_bins, xp_ace_finding *finding);
bool xp_ace_elements_check(const xp_ace_model *model, xp_ace_finding *finding);
bool xp_ace_embedding_check(const xp_ace_embedding *embedding, xp_ace_finding *finding);
bool xp_ace_bond_check(const xp_ace_model *model, int i, int j, xp_ace_finding *finding);
bool xp_ace_function_check(const xp_ace_model *model, int i, const xp_ace_function *function, xp_ace_finding *finding);
bool xp_ace_polynomials_check(const xp_ace_acejl *polynomials, xp_ace_finding *finding);

/* All checks, for models made in memory. */
xp_status xp_ace_model_check(const xp_ace_model *model, xp_error *error);

/* True when the m of a tuple add up to zero, as they do in every rotationally invariant function. */
bool xp_ace_tuple_invariant(const xp_ace_function *function, int tuple);

/* Names in files. The from-name functions return false for unknown names. */
bool xp_ace_radial_from_name(const char *name, xp_ace_radial_type *type);
bool xp_ace_embedding_from_name(const char *name, xp_ace_embedding_type *type);
bool xp_ace_inner_from_name(const char *name, xp_ace_inner_type *type);
const char *xp_ace_embedding_name(xp_ace_embedding_type type);
const char *xp_ace_inner_name(xp_ace_inner_type type);
#define XP_ACE_RADIAL_NAMES "ChebExpCos, ChebPow, ChebLinear, SBessel or ACE.jl..."
#define XP_ACE_EMBEDDING_NAMES "FinnisSinclair or FinnisSinclairShiftedScaled"
#define XP_ACE_INNER_NAMES "density, distance or zbl"

#endif
