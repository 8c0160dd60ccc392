/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The atomic cluster expansion: what .yace and .ace files hold.
 * Drautz, Phys. Rev. B 99, 014104 (2019); Lysogorskiy et al., npj Comput. Mater. 7, 97 (2021); Bochkarev et al., Phys. Rev.
 * Mater. 6, 013804 (2022). Field names are the file's; species indices are positions in elements. */
#ifndef XPOT_ACE_H
#define XPOT_ACE_H

#include "xpot/error.h"
#include "xpot/file.h"
#include "xpot/structure.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum xp_ace_embedding_type {
  XP_ACE_FINNIS_SINCLAIR,
  XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED
} xp_ace_embedding_type;

typedef enum xp_ace_radial_type {
  XP_ACE_CHEB_EXP_COS,
  XP_ACE_CHEB_POW,
  XP_ACE_CHEB_LINEAR,
  XP_ACE_SBESSEL,
  XP_ACE_ACEJL, /* ACE.jl's polynomials; bonds then use the acejl member */
  XP_ACE_ZERO   /* names TEST_...: g = 0 */
} xp_ace_radial_type;

typedef enum xp_ace_inner_type { XP_ACE_INNER_DENSITY, XP_ACE_INNER_DISTANCE, XP_ACE_INNER_ZBL } xp_ace_inner_type;

typedef struct xp_ace_embedding {
  int ndensity;
  double *fs_parameters; /* [2 * ndensity] w_0, m_0, w_1, m_1, ...; owned */
  xp_ace_embedding_type npoti;
  double rho_core_cutoff;  /* eV */
  double drho_core_cutoff; /* eV */
} xp_ace_embedding;

/* Transformed polynomials of ACE.jl (ace.md section 1.5). */
typedef struct xp_ace_acejl {
  double xl, xr, pl, pr, r0, p;
  int maxn;
  double *a, *b, *c; /* [maxn] recursion coefficients, owned */
} xp_ace_acejl;

/* One ordered pair (central species, neighbour species). */
typedef struct xp_ace_bond {
  int nradmax;     /* R_nl for n = 1 .. nradmax */
  int lmax;        /* l = 0 .. lmax */
  int nradbasemax; /* g_k for k = 0 .. nradbasemax-1 */
  xp_ace_radial_type radbase;
  char *radbasename;     /* as in the file; owned */
  double *radparameters; /* [nradparameters], only element 0 (lambda) acts; owned */
  int nradparameters;
  double *radcoefficients; /* [nradmax][lmax+1][nradbasemax]; owned */
  double prehc;            /* eV Angstrom */
  double lambdahc;         /* 1/Angstrom^2 */
  double rcut, dcut;       /* Angstrom */
  double rcut_in, dcut_in; /* Angstrom */
  xp_ace_inner_type inner_cutoff_type;
  xp_ace_acejl *acejl; /* NULL unless radbase is XP_ACE_ACEJL; owned */
} xp_ace_bond;

/* One C-tilde function. Its arrays are one block of memory, which begins with ctildes. */
typedef struct xp_ace_function {
  int rank; /* factors of a product, >= 1 */
  int ndensity;
  int num_ms_combs;
  int *mus;        /* [rank] neighbour species */
  int *ns;         /* [rank] radial index, 1-based */
  int *ls;         /* [rank] */
  int *ms_combs;   /* [num_ms_combs][rank] */
  double *ctildes; /* [num_ms_combs][ndensity], eV-free coefficients of the densities */
} xp_ace_function;

/* ACE.jl's pair part: V(r) = sum_n c_n P_n(r) above ri, repulsive exp(-A (r/ri-1)) ri/r below (ace.md section 1.5). */
typedef struct xp_ace_acejl_pair {
  double *coefficients; /* [polynomials.maxn], owned */
  double ri, e0, a, b;  /* reppot; ri = 0 when the file has none */
} xp_ace_acejl_pair;

typedef struct xp_ace_model {
  int nelements;
  xp_symbol *elements;            /* [nelements], owned */
  double *e0;                     /* [nelements], eV; owned */
  double delta_spline_bins;       /* Angstrom */
  xp_ace_embedding *embeddings;   /* [nelements], owned */
  xp_ace_bond *bonds;             /* [nelements][nelements] centre slowest, owned */
  int *nfunctions;                /* [nelements], owned */
  xp_ace_function **functions;    /* [nelements][nfunctions], owned */
  xp_ace_acejl *pair_polynomials; /* NULL unless the file has polypairpot; owned */
  double pair_rcut;               /* Angstrom, with pair_polynomials */
  xp_ace_acejl_pair *pair_terms;  /* [nelements][nelements] or NULL; owned */
  char **warnings;                /* [nwarnings], owned */
  int nwarnings;
} xp_ace_model;

/* Parses YAML (.yace) bytes. Errors name line and column. */
xp_status xp_ace_parse_yace(xp_ace_model **model, const xp_bytes *bytes, xp_error *error);

/* Parses the older text format (.ace). */
xp_status xp_ace_parse_ace(xp_ace_model **model, const xp_bytes *bytes, xp_error *error);

/* Writes a .yace file, numbers with 17 significant digits. */
xp_status xp_ace_write_yace(const xp_ace_model *model, const char *path, xp_error *error);

/* NULL is allowed. */
void xp_ace_model_free(xp_ace_model *model);

#ifdef __cplusplus
}
#endif
#endif
