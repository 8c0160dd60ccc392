/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every kind of potential must be able to do; one table of functions a kind. A new kind is a new table. */
#ifndef XPOT_KIND_H
#define XPOT_KIND_H

#include "xpot/potential.h"
#include "xpot/repulsion.h"

typedef struct xp_kind_table {
  /* What the files said. */
  int (*nelements)(const xp_potential *potential);
  const char *(*element)(const xp_potential *potential, int index);
  int (*nwarnings)(const xp_potential *potential);
  const char *(*warning)(const xp_potential *potential, int index);
  void (*model_free)(xp_potential *potential);
  xp_status (*add_zbl)(xp_potential *potential, double inner, double outer, xp_error *error);
  /* Compiled; the void pointers are the kind's own plan and workspace. */
  xp_status (*plan_new)(void **plan, const xp_potential *potential, const char *const *elements, int nelements,
                        xp_precision precision, xp_error *error);
  void (*plan_free)(void *plan);
  double (*plan_cutoff)(const void *plan, int i, int j);
  xp_repulsion (*plan_repulsion)(const void *plan, int i, int j);
  xp_plan_facts (*plan_describe)(const void *plan, int species);
  xp_status (*workspace_new)(void **workspace, const void *plan, xp_error *error);
  void (*workspace_free)(void *workspace);
  xp_status (*evaluate)(const void *plan, void *workspace, const xp_neighbourhoods *neighbourhoods,
                        const xp_evaluation *out, xp_error *error);
} xp_kind_table;

extern const xp_kind_table xp_kind_ace, xp_kind_snap;

const xp_kind_table *xp_kind_find(xp_kind kind);

#endif
