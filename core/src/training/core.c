/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a structure's energy does not depend on any parameter: core repulsion, and the factor fc by which the inner cutoff
 * fades the fitted part (ace.md section 5). */
#include <math.h>
#include <stdlib.h>

#include "training/training.h"

/* One atom's core. */
typedef struct core {
  double rho;     /* sum of V */
  double dfade;   /* density, distance: dfc/drho; zbl: dfc/dr of the nearest */
  size_t nearest; /* zbl: the most compressed bond, or NONE */
} core;

static const size_t NONE = (size_t)-1;

/* Room to look distances up. */
typedef struct tools {
  double *own;
  xp_jet *jets;
} tools;

static const xp_training_pair *pair_at(const xp_ace_fit_structure *s, const xp_ace_fit *fit, int atom, int j) {
  return &fit->centres[s->species[atom]].pairs[j];
}

static void core_of(const xp_training_pair *pair, const tools *t, double r, double *v, double *dv) {
  xp_ace_lookup look;
  int row = pair->table.row;
  xp_ace_table_look_up(&pair->table, &pair->radial, r, t->own, t->jets, &look);
  *v = *dv = 0.0;
  for (int k = 0; k < 6; ++k) {
    *v += look.value[k] * look.rows[k * row + pair->nbase];
    *dv += look.derivative[k] * look.rows[k * row + pair->nbase];
  }
}

/* Runs over the neighbours k of an atom with their species j. */
#define FOR_EACH_NEIGHBOUR(s, fit, atom, j, k)                                                                 \
  for (int j = 0; j < (fit)->nelements; ++j)                                                                   \
    for (size_t k = (s)->first[atom] + (size_t)(s)->species_first[(atom) * ((fit)->nelements + 1) + j],        \
                end_ = (s)->first[atom] + (size_t)(s)->species_first[(atom) * ((fit)->nelements + 1) + j + 1]; \
         k < end_; ++k)

/* The embedding of no densities at all has the energy of the core alone; its factor and slopes are what is wanted. */
static void fade_of(const xp_ace_fit *fit, xp_ace_fit_structure *s, int atom, const xp_ace_core_state *state, core *c) {
  xp_ace_atom_rule rule = fit->centres[s->species[atom]].rule;
  xp_ace_atom_energy bare, unit;
  double parameters[2] = {1.0, 1.0}, one = 1.0, slope;
  rule.ndensity = 0;
  rule.npoti = XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED;
  xp_ace_atom_evaluate(&rule, &one, 1, state, &slope, &bare);
  rule.ndensity = 1;
  rule.parameters = parameters;
  xp_ace_atom_evaluate(&rule, &one, 1, state, &slope, &unit); /* E_ACE = 1 */
  s->fade[atom] = 1.0 - bare.core_factor;
  c->dfade =
      rule.inner == XP_ACE_INNER_ZBL ? unit.nearest_slope - bare.nearest_slope : unit.core_slope - bare.core_slope;
}

static void find_core(const xp_ace_fit *fit, xp_ace_fit_structure *s, const tools *t, int atom, core *c) {
  xp_ace_core_state state = {0};
  double nearest = fit->nearest_limit;
  *c = (core){.nearest = NONE};
  FOR_EACH_NEIGHBOUR(s, fit, atom, j, k) {
    const xp_training_pair *pair = pair_at(s, fit, atom, j);
    double v, dv, r = s->distance[k];
    core_of(pair, t, r, &v, &dv);
    c->rho += v;
    if (r - (pair->radial.rcut_in - pair->radial.dcut_in) >= nearest) continue;
    nearest = r - (pair->radial.rcut_in - pair->radial.dcut_in);
    c->nearest = k;
    state.depth = pair->radial.rcut_in - r;
    state.width = pair->radial.dcut_in;
  }
  state.rho_core = c->rho;
  fade_of(fit, s, atom, &state, c);
}

/* Adds a gradient of the energy by a neighbour's position to core forces and virial. */
static void add_gradient(xp_ace_fit_structure *s, int atom, size_t k, double along) {
  for (int a = 0; a < 3; ++a) {
    double f = along * s->unit[k][a];
    s->core.forces[atom][a] += f;
    s->core.forces[s->index[k]][a] -= f;
    for (int b = 0; b < 3; ++b) s->core.virial[b][a] -= s->distance[k] * s->unit[k][b] * f;
  }
}

static xp_status need_forces(xp_ace_fit_structure *s, xp_error *error) {
  if (s->core.forces) return XP_OK;
  s->core.forces = calloc((size_t)s->natoms, sizeof *s->core.forces);
  return s->core.forces ? XP_OK : xp_error_memory(error, "a structure to fit to");
}

static xp_status need_fades(xp_ace_fit_structure *s, xp_error *error) {
  if (s->dfade) return XP_OK;
  s->dfade = calloc(s->first[s->natoms] + 1, sizeof *s->dfade);
  return s->dfade ? XP_OK : xp_error_memory(error, "a structure to fit to");
}

/* Core energy and forces, and the gradient of fc, of an atom whose core is not empty. */
static xp_status add_core(xp_ace_fit_structure *s, const xp_ace_fit *fit, const tools *t, int atom, const core *c,
                          xp_error *error) {
  bool zbl = fit->centres[s->species[atom]].rule.inner == XP_ACE_INNER_ZBL;
  double weight = zbl ? 1.0 - s->fade[atom] : 1.0;
  bool faded = s->fade[atom] != 1.0 || c->dfade != 0.0;
  if (weight * c->rho == 0.0 && !faded) return XP_OK;
  xp_status status = need_forces(s, error);
  if (!status && faded) status = need_fades(s, error);
  if (status) return status;
  s->core.energy += weight * c->rho;
  FOR_EACH_NEIGHBOUR(s, fit, atom, j, k) {
    double v, dv;
    core_of(pair_at(s, fit, atom, j), t, s->distance[k], &v, &dv);
    double dfade = zbl ? (k == c->nearest ? c->dfade : 0.0) : c->dfade * dv;
    add_gradient(s, atom, k, weight * dv - (zbl ? dfade * c->rho : 0.0));
    for (int a = 0; a < 3 && faded; ++a) s->dfade[k][a] = dfade * s->unit[k][a];
  }
  return XP_OK;
}

xp_status xp_training_core_build(xp_ace_fit_structure *s, const xp_ace_fit *fit, xp_error *error) {
  tools t = {.own = malloc(6 * (size_t)fit->row_max * sizeof *t.own),
             .jets = malloc((size_t)(fit->row_max + fit->nscratch_max + 1) * sizeof *t.jets)};
  xp_status status = t.own && t.jets ? XP_OK : xp_error_memory(error, "a structure to fit to");
  for (int atom = 0; atom < s->natoms && !status; ++atom) {
    core c;
    find_core(fit, s, &t, atom, &c);
    status = add_core(s, fit, &t, atom, &c, error);
  }
  free(t.own);
  free(t.jets);
  return status;
}
