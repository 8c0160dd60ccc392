/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random SNAP models with every feature, random neighbourhoods, and their evaluation by kernel and reference. */
#ifndef XPOT_TEST_SNAP_CASES_H
#define XPOT_TEST_SNAP_CASES_H

#include "snap/snap_plan.h"
#include "testing/testing.h"
#include "xpot/neighbour.h"
#include "xpot/potential.h"
#include "xpot/snap.h"

/* Parameters that differ from LAMMPS's defaults; zero means the default. */
typedef struct snap_case {
  const char *name;
  int twojmax;
  int nelements;
  double rfac0;
  double rmin0;
  bool no_switch;
  bool no_bzero;
  bool quadratic;
  bool chem;
  bool bnorm;
  bool wselfall;
  bool inner;
} snap_case;

/* Every feature alone and in combination. */
extern const snap_case snap_cases[];
extern const int snap_ncases;

/* Elements of the cases, in the order they are used. */
extern const char *const snap_symbols[];

/* Cutoff scale of the cases, Angstrom with radius 0.5. */
#define SNAP_RCUTFAC 3.4

/* A model with random coefficients, radii and weights. Caller frees. */
xp_snap_model *snap_case_model(const snap_case *which, xp_test_random *random);

/* Neighbourhoods with displacements that a test may change. */
typedef struct snap_scene {
  xp_neighbour_list *list;
  xp_neighbourhoods view;
  size_t nneighbours;
} snap_scene;

/* All neighbours within cutoff in a random cluster (cell 0) or crystal; species i is snap_symbols[i]. */
snap_scene snap_scene_random(xp_test_random *random, int natoms, double cell, double smallest_distance, int nelements,
                             double cutoff);
void snap_scene_free(snap_scene *scene);

/* A plan with its workspace and room for results. */
typedef struct snap_run {
  xp_snap_plan *plan;
  xp_snap_workspace *workspace;
  double *energy;
  double (*gradient)[3];
} snap_run;

snap_run snap_run_new(const xp_snap_model *model, int nelements, const snap_scene *scene);
snap_run snap_run_precision(const xp_snap_model *model, const char *const *elements, int nelements,
                            const snap_scene *scene, xp_precision precision);
void snap_run_evaluate(snap_run *run, const xp_neighbourhoods *neighbourhoods);
void snap_run_free(snap_run *run);

/* Mixed against double precision for one structure. */
typedef struct snap_deviation {
  double energy;       /* largest difference of an atom's energy, eV */
  double energy_scale; /* largest energy of an atom */
  double force;        /* RMS difference over force components, eV/Angstrom */
  double force_scale;  /* RMS force component */
} snap_deviation;

snap_deviation snap_mixed_deviation(const xp_snap_model *model, const xp_structure *structure);

/* Largest distance at which anything of the model acts. */
double snap_model_cutoff(const xp_snap_model *model);

/* Fails unless kernel and reference agree for all centres and neighbours to tolerance times max(1, largest value). */
void snap_compare(const xp_snap_model *model, int nelements, const snap_scene *scene, double tolerance);

#endif
