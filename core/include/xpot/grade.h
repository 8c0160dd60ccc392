/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extrapolation grade of an atom: how far its descriptors are outside of those a potential was fitted to (D-optimality).
 *
 * Of all training atoms of a species the active set holds N that span the largest volume in the space of its N descriptors
 * (MaxVol). With the square matrix A of their descriptors, one row an atom, and the descriptors b of any atom of the species,
 *     gamma = max_k | sum_q b_q (A^-1)_qk |,
 * at most 1 for all training atoms, larger the further the atom is outside.
 * Podryabinkin and Shapeev, Comput. Mater. Sci. 140, 171 (2017); Lysogorskiy et al., Phys. Rev. Mater. 7, 043801 (2023). */
#ifndef XPOT_GRADE_H
#define XPOT_GRADE_H

#include <stdbool.h>

#include "xpot/error.h"
#include "xpot/file.h"
#include "xpot/neighbour.h"
#include "xpot/potential.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which numbers of an atom the grade looks at.
 * Linear: ACE: the N B functions of the species, in the order of xpot/ace_basis.h. SNAP: 1 (beta_0's) and the bispectrum
 * components, in the order of the .snapcoeff file.
 * Full: what the energy is linear in near these parameters. ACE: F'_p B_q, density p slowest, F'_p = w_p dF/drho_p without the
 * inner cutoff: ndensity N numbers. Quadratic SNAP: the derivatives of the energy by all coefficients: linear ones, then
 * 1/2 B_k^2 and B_k B_l. For linear models both are the same, but for ACE's factor F'. */
typedef enum xp_grade_form { XP_GRADE_LINEAR, XP_GRADE_FULL } xp_grade_form;

/* Descriptors of a potential's atoms, compiled for the elements of a simulation (as xp_plan_new). Immutable; threads may
 * share it. */
typedef struct xp_descriptors xp_descriptors;

/* The potential may be freed afterwards. ACE needs the B basis: a potential that was read from a .yaml file;
 * XP_ERROR_INPUT otherwise. */
xp_status xp_descriptors_new(xp_descriptors **descriptors, const xp_potential *potential, xp_grade_form form,
                             const char *const *elements, int nelements, xp_error *error);
/* NULL is allowed. */
void xp_descriptors_free(xp_descriptors *descriptors);

/* Descriptors of an atom of a species; largest cutoff, Angstrom. */
int xp_descriptors_count(const xp_descriptors *descriptors, int species);
double xp_descriptors_cutoff(const xp_descriptors *descriptors);

/* Scratch memory of one thread; grows to what it has seen. To be freed before descriptors. */
typedef struct xp_descriptors_scratch xp_descriptors_scratch;
xp_status xp_descriptors_scratch_new(xp_descriptors_scratch **scratch, const xp_descriptors *descriptors,
                                     xp_error *error);
/* NULL is allowed. */
void xp_descriptors_scratch_free(xp_descriptors_scratch *scratch);

/* Descriptors of every central atom: row i begins at rows[i * stride] and has as many numbers as its species has
 * descriptors; stride must hold the largest. A row does not depend on the other atoms of the call nor on the order of the neighbours, to the last
 * bit. XP_ERROR_RANGE where atoms are closer than a bin of the look-up tables. */
xp_status xp_descriptors_evaluate(const xp_descriptors *descriptors, xp_descriptors_scratch *scratch,
                                  const xp_neighbourhoods *neighbourhoods, double *rows, size_t stride,
                                  xp_error *error);

/* The inverses of the active sets of all elements of a potential, in any order; what an .asi file holds. */
typedef struct xp_active_set {
  int nelements;
  xp_symbol *elements; /* [nelements], owned */
  int *sizes;          /* [nelements] N, owned */
  bool ordered;      /* descriptors are known to be in xp_descriptors' order: the file is ours. Writing needs no flag */
  double **inverses; /* [nelements][N][N], row q: descriptor, column k: atom of the active set; owned. NULL: N is 0 */
} xp_active_set;

/* All zero; sizes and elements are copied. */
xp_status xp_active_set_new(xp_active_set **set, int nelements, const char *const *elements, const int *sizes,
                            xp_error *error);
/* NULL is allowed. */
void xp_active_set_free(xp_active_set *set);

/* Whether the content of a file is an active set, whatever its name. */
bool xp_active_set_detect(const xp_bytes *bytes);

/* Reads pacemaker's .asi: a NumPy .npz archive of one member ELEMENT.npy an element, float64 of shape (N, N). Files of other
 * programs do not say in which order functions stand that differ in their intermediate momenta alone (docs/formats.md):
 * xp_grade_new refuses such a file for a potential that has such functions. */
xp_status xp_active_set_parse(xp_active_set **set, const xp_bytes *bytes, xp_error *error);

/* Writes an .asi, to a temporary name first. */
xp_status xp_active_set_write(const xp_active_set *set, const char *path, xp_error *error);

/* Descriptors with their active sets. Immutable; threads may share it. */
typedef struct xp_grade xp_grade;

/* The form is found from the sizes. XP_ERROR_INPUT where elements or sizes do not fit the potential. Potential and set may be
 * freed afterwards. */
xp_status xp_grade_new(xp_grade **grade, const xp_potential *potential, const xp_active_set *set,
                       const char *const *elements, int nelements, xp_error *error);
/* NULL is allowed. */
void xp_grade_free(xp_grade *grade);

xp_grade_form xp_grade_form_of(const xp_grade *grade);
int xp_grade_count(const xp_grade *grade, int species); /* N of a species */
double xp_grade_cutoff(const xp_grade *grade);          /* the largest, Angstrom */

/* Scratch memory of one thread; grows to what it has seen. To be freed before grade. */
typedef struct xp_grade_scratch xp_grade_scratch;
xp_status xp_grade_scratch_new(xp_grade_scratch **scratch, const xp_grade *grade, xp_error *error);
/* NULL is allowed. */
void xp_grade_scratch_free(xp_grade_scratch *scratch);

/* gamma [natoms] of every central atom; not finite where a descriptor is not. The same to the last bit whatever other atoms
 * the call has and in which order the neighbours come. */
xp_status xp_grade_evaluate(const xp_grade *grade, xp_grade_scratch *scratch, const xp_neighbourhoods *neighbourhoods,
                            double *gamma, xp_error *error);

#ifdef __cplusplus
}
#endif
#endif
