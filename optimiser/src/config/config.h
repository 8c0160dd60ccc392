/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an input file says: data, model, weights, search. */
#ifndef XPOT_OPTIMISER_CONFIG_H
#define XPOT_OPTIMISER_CONFIG_H

#include "config/external_input.h"
#include "config/map.h"
#include "config/parameter.h"
#include "xpot/error.h"
#include "xpot/file.h"
#include "xpot/structure.h"

/* The blocks of more elements would not fit any memory. */
#define XP_ACE_ELEMENTS_MOST 8

/* Orders of the words of options. */
typedef enum xp_fit_kind { XP_FIT_SNAP, XP_FIT_QSNAP, XP_FIT_ACE, XP_FIT_EXTERNAL } xp_fit_kind;
typedef enum xp_loss_error { XP_LOSS_RMSE, XP_LOSS_MAE, XP_LOSS_HUBER } xp_loss_error;
typedef enum xp_loss_force { XP_LOSS_VECTOR, XP_LOSS_COMPONENT } xp_loss_force;
typedef enum xp_repulsion { XP_REPULSION_AUTO, XP_REPULSION_GIVEN } xp_repulsion;
typedef enum xp_keep { XP_KEEP_BEST, XP_KEEP_ALL } xp_keep;
typedef enum xp_weighting_policy { XP_WEIGHTING_UNIFORM, XP_WEIGHTING_ENERGY } xp_weighting_policy;
typedef enum xp_ace_solver { XP_ACE_SOLVER_LBFGS, XP_ACE_SOLVER_LM, XP_ACE_SOLVER_LINEAR } xp_ace_solver;
typedef enum xp_ace_linear {
  XP_ACE_LINEAR_QR,
  XP_ACE_LINEAR_CHOLESKY,
  XP_ACE_LINEAR_EVIDENCE,
  XP_ACE_LINEAR_ARD
} xp_ace_linear;
typedef enum xp_active_choice { XP_ACTIVE_LINEAR, XP_ACTIVE_FULL, XP_ACTIVE_NONE } xp_active_choice;
typedef enum xp_ace_trainable { XP_ACE_TRAIN_ALL, XP_ACE_TRAIN_FUNCTIONS } xp_ace_trainable;

typedef struct xp_group_weights {
  const char *name; /* config_type, "default" for all that have none of their own */
  xp_place place;   /* where the input says so; file is the config's path */
  xp_parameter eweight, fweight, vweight;
} xp_group_weights;

/* Limits of a metric. */
typedef struct xp_limit_options {
  xp_parameter least, most;
} xp_limit_options;

/* Blocks of ACE: what ALL, UNARY, ..., and combinations of elements say together. */
typedef struct xp_embedding_options {
  xp_parameter npot, ndensity;
  xp_list fs_parameters; /* empty: those of ndensity */
  xp_parameter rho_core_cut, drho_core_cut;
} xp_embedding_options;

typedef struct xp_bond_options {
  xp_parameter radbase;
  xp_list radparameters;
  xp_parameter rcut, dcut, r_in, delta_in;
  xp_list core_repulsion;
  xp_parameter inner_cutoff_type;
  xp_parameter nradbase, nradmax, lmax; /* not given: what the functions need */
} xp_bond_options;

typedef struct xp_function_options {
  xp_list nradmax_by_orders, lmax_by_orders;
  xp_parameter number_of_functions; /* not given: a share of number_of_functions_per_element */
} xp_function_options;

/* Members are named as the keys of the input; see xp_options for units and meaning. All owned. */
typedef struct xp_config {
  char *path;
  char sha256[65]; /* of the input file */
  char *output, *name;
  xp_parameter threads;
  char *train, *validate, *test, *energy_key, *forces_key, *virial_key, *stress_key,
      *config_type_key; /* NULL: not given */
  xp_place train_place, validate_place, test_place;
  int nelements;
  xp_symbol *elements;              /* [nelements] */
  xp_parameter *reference_energies; /* [nelements] */
  xp_parameter kind, twojmax, rcutfac, rfac0, rmin0;
  xp_parameter *radelem, *wj;    /* [nelements] */
  xp_parameter *sinner, *dinner; /* [nelements] */
  xp_parameter switchflag, bzeroflag, bnormflag, wselfallflag, chemflag, switchinnerflag;
  xp_parameter delta_spline_bins, repulsion;
  xp_parameter number_of_functions_per_element;
  xp_map *maps; /* [xp_nsections] what the input says of the sections with keys of their own */
  int ngroups;
  xp_group_weights *groups; /* [ngroups], the first is "default" */
  xp_parameter folds, holdout;
  xp_parameter alpha, energy_target, force_target, loss_error, loss_force, loss_huber_energy, loss_huber_force,
      loss_virial_weight;
  char *expression, *command; /* of the loss; NULL: not given */
  char *cost_structure;       /* NULL: not given */
  xp_parameter cost_atoms;
  xp_parameter survival_runs, survival_atoms, survival_temperature, survival_steps, survival_timestep, survival_explode;
  char *survival_structures, *survival_lammps, *survival_plugin; /* NULL: not given */
  xp_parameter rcond, ridge, constant, memory, active_set;
  xp_list kappa, iterations, ladder_step;
  xp_parameter virial_weight, L1_coeffs, L2_coeffs, w0_rad, w1_rad, w2_rad, huber_energy, huber_force;
  xp_parameter weighting, DElow, DEup, DE, DF, DFup, wlow, nfit;
  xp_parameter solver, linear, trainable, ladder_type, patience, checkpoint;
  char *initial_potential; /* NULL: not given */
  char initial_sha256[65];
  char *external_command, *external_evaluate, *external_predictions, *external_energy_key, *external_forces_key,
      *external_virial_key, *external_potential; /* NULL: not given */
  xp_parameter external_hours, external_keep;
  xp_external_input external; /* empty unless kind is external */
  xp_parameter design, kernel, acquisition, search_kappa;
  xp_parameter trials, initial, seed, xi, hours, target_loss, plateau;
  xp_parameter parallel, trial_hours, trial_memory, keep;
  xp_list fidelity;        /* empty: off */
  char *second, *transfer; /* NULL: not given */
  xp_parameter transfer_points;
  xp_space *space; /* the dimensions, in the order of the file, with the constraints */
  double *starts;  /* [nstarts][xp_space_count(space)] points to begin a search with */
  int nstarts;
} xp_config;

xp_status xp_config_read(xp_config **config, const char *path, xp_error *error);

/* Another potential to start from than the input names; the file is read for its checksum. */
xp_status xp_config_set_initial(xp_config *config, const char *path, xp_error *error);

/* Makes a relative path that stands in an input start where the input is. NULL stays NULL. */
xp_status xp_config_beside(char **path, const char *input, xp_error *error);

/* NULL is allowed. */
void xp_config_free(xp_config *config);

/* Index in groups of the weights of a config_type: its own, or 0. */
int xp_config_group(const xp_config *config, const char *config_type);

/* True when potential.kind is, or in a search may be, this one. */
bool xp_config_may_be(const xp_config *config, xp_fit_kind kind);

/* What the input says of a block of ACE, key by key: the table's values, overridden by ALL, then UNARY, BINARY, ... by the
 * number of different elements, then its own combination. species[nspecies] are different indices in config->elements;
 * functions: the centre first. The parameters are borrowed from config. */
xp_embedding_options xp_config_embedding(const xp_config *config, int species);
xp_bond_options xp_config_bond(const xp_config *config, int a, int b);
xp_function_options xp_config_functions(const xp_config *config, const int *species, int nspecies);

/* Prints everything that decides the losses of a search, data files excepted, always the same text for the same meaning. */
xp_status xp_config_print_fingerprint(const xp_config *config, FILE *stream, xp_error *error);

#endif
