/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A potential of any kind, from file to forces: read (xp_potential), compile (xp_plan), evaluate. */
#ifndef XPOT_POTENTIAL_H
#define XPOT_POTENTIAL_H

#include <stdbool.h>

#include "xpot/error.h"
#include "xpot/file.h"
#include "xpot/neighbour.h"
#include "xpot/structure.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum xp_kind { XP_KIND_ACE, XP_KIND_SNAP } xp_kind;

struct xp_ace_basis;
struct xp_ace_model;
struct xp_snap_model;

/* What the files say, lossless and writable back. Exactly one of ace and snap is set, as kind says. Owned. */
typedef struct xp_potential {
  xp_kind kind;
  struct xp_ace_model *ace;
  struct xp_snap_model *snap;
  struct xp_ace_basis *basis;  /* what ace was expanded from, of a .yaml file; else NULL */
  double zbl_inner, zbl_outer; /* ZBL that plans add to the model, Angstrom (xpot/repulsion.h); outer 0: none */
} xp_potential;

/* Most files one potential consists of (SNAP: coefficients and parameters). */
#define XP_POTENTIAL_FILES 2

/* Reads a potential: one .yace, .yaml or .ace file, or a .snapcoeff and a .snapparam file in any order. The kind is found
 * from the content, never from the names. */
xp_status xp_potential_read(xp_potential **potential, const char *const *paths, int npaths, xp_error *error);

/* The same from bytes in memory (LAMMPS: rank 0 reads, all ranks parse). */
xp_status xp_potential_parse(xp_potential **potential, const xp_bytes *files, int nfiles, xp_error *error);

/* NULL is allowed. */
void xp_potential_free(xp_potential *potential);

/* Element symbols the potential knows, in file order. */
int xp_potential_nelements(const xp_potential *potential);
const char *xp_potential_element(const xp_potential *potential, int index);

/* Warnings that reading produced (asymmetric chem-SNAP coefficients, rfac0 > 1, ...): sentences for the user. */
int xp_potential_nwarnings(const xp_potential *potential);
const char *xp_potential_warning(const xp_potential *potential, int index);

/* Arithmetic of an evaluation. Mixed: products in float32; energies, forces and everything summed over atoms in float64. */
typedef enum xp_precision { XP_PRECISION_DOUBLE, XP_PRECISION_MIXED } xp_precision;

/* An immutable evaluation plan for a chosen list of elements; any number of threads may use it at once. */
typedef struct xp_plan xp_plan;

/* Compiles a potential for the elements a simulation holds. Species indices everywhere in evaluation are positions in
 * elements; the order matters for chem-SNAP labels and for sinner/dinner (snap.md, LAMMPS pair_coeff order).
 * A symbol the potential does not know is XP_ERROR_INPUT. The potential may be freed afterwards. */
xp_status xp_plan_new(xp_plan **plan, const xp_potential *potential, const char *const *elements, int nelements,
                      xp_precision precision, xp_error *error);

/* NULL is allowed. */
void xp_plan_free(xp_plan *plan);

xp_kind xp_plan_kind(const xp_plan *plan);
xp_precision xp_plan_precision(const xp_plan *plan);
int xp_plan_nelements(const xp_plan *plan);
const char *xp_plan_element(const xp_plan *plan, int species);

/* Cutoff of a neighbour of species j around a centre of species i, Angstrom; and the largest of all. */
double xp_plan_cutoff(const xp_plan *plan, int i, int j);
double xp_plan_cutoff_max(const xp_plan *plan);

/* One way of evaluating the products of a species and what it would cost. */
typedef struct xp_plan_method {
  const char *name;  /* "coupled pairs", ...; static */
  double operations; /* floating-point operations an atom for energy and gradient, a multiply-add being two */
} xp_plan_method;

#define XP_PLAN_METHODS 3

/* What compiling decided for the atoms of one species, counted, not measured. */
typedef struct xp_plan_facts {
  int nmethods;
  xp_plan_method methods[XP_PLAN_METHODS]; /* the first is the one that was chosen */
  double neighbour_operations; /* operations a neighbour: radial functions, harmonics, gradient; mean over the
                                              species of neighbours */
  double fixed_operations;     /* all other operations an atom that do not depend on its neighbours */
  size_t table_bytes;          /* radial tables of this species */
  size_t stream_bytes;         /* index streams and coefficients of this species */
  size_t atom_bytes;           /* scratch an atom in flight, without neighbours */
  size_t neighbour_bytes;      /* scratch a neighbour of an atom in flight */
  int lanes;                   /* atoms in flight at once in a thread on this processor */
} xp_plan_facts;

xp_plan_facts xp_plan_describe(const xp_plan *plan, int species);

/* Scratch memory of one thread; grows to what it has seen and is reused without allocation afterwards. */
typedef struct xp_workspace xp_workspace;

xp_status xp_workspace_new(xp_workspace **workspace, const xp_plan *plan, xp_error *error);

/* NULL is allowed. */
void xp_workspace_free(xp_workspace *workspace);

/* Output arrays of xp_evaluate, owned by the caller; NULL members are not computed. */
typedef struct xp_evaluation {
  double *energy; /* [natoms] energy of each central atom, eV */
  double (
      *gradient)[3];   /* [nneighbours][3] d(energy of the centre)/d(position of the neighbour), eV/Angstrom. The force
                            on the neighbour is minus this, on the centre plus this; the virial is
                            -displacement (x) gradient */
  double *core_factor; /* [natoms] 1 - fc of ACE's inner cutoff: 0 in normal bonding, 1 where only core repulsion
                            acts; 0 for SNAP */
} xp_evaluation;

/* Evaluates the neighbourhoods with the CPU kernel. Neighbours at or beyond their pair cutoff contribute nothing and get
 * a zero gradient. XP_ERROR_RANGE when an ACE neighbour is closer than one look-up bin of the file (as pair_style pace),
 * XP_ERROR_MEMORY when the workspace cannot grow. */
xp_status xp_evaluate(const xp_plan *plan, xp_workspace *workspace, const xp_neighbourhoods *neighbourhoods,
                      const xp_evaluation *out, xp_error *error);

/* Evaluates a whole structure into a labelled copy: energy, forces, virial, local_energy are set. Symbols must be in
 * the plan's elements (XP_ERROR_INPUT names the atom otherwise). */
xp_status xp_evaluate_structure(const xp_plan *plan, xp_workspace *workspace, const xp_structure *structure,
                                xp_structure **labelled, xp_error *error);

#ifdef __cplusplus
}
#endif
#endif
