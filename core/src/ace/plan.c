/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ace/model.h"
#include "ace/plan_data.h"
#include "ace/recursion.h"

/* What compiling one central species needs. */
typedef struct compiler {
  xp_ace_plan *plan;
  const xp_ace_model *model;
  const int *in_model;              /* [plan elements] species of the model */
  int in_plan[XP_ACE_ELEMENTS_MAX]; /* [model elements] species of the plan, -1: not in it */
  xp_ace_centre *centre;
  int species;    /* of the plan */
  int **position; /* [plan elements][nradmax * (lmax+1)] place of (n, l) inside its block, -1: not used */
  int **block_of; /* [plan elements][lmax+1] block of l */
  int nnodes;     /* base nodes */
  int nslots;     /* their components */
  int *l, *slot;  /* [nnodes] */
  xp_error *error;
} compiler;

static void clear_pair(xp_ace_pair *pair) {
  xp_ace_radial_clear(&pair->radial);
  xp_ace_table_clear(&pair->table);
  xp_reals_clear(&pair->matrix);
  free(pair->density);
  free(pair->blocks);
}

void xp_ace_plan_free(xp_ace_plan *plan) {
  if (!plan) return;
  for (int i = 0; i < plan->nelements && plan->centres; ++i) {
    xp_ace_centre *centre = &plan->centres[i];
    for (int j = 0; j < plan->nelements && centre->pairs; ++j) clear_pair(&centre->pairs[j]);
    free(centre->pairs);
    xp_ace_atom_rule_clear(&centre->rule);
    xp_ace_coupled_clear(&centre->coupled);
    xp_ace_product_clear(&centre->product);
  }
  free(plan->centres);
  xp_reals_clear(&plan->recursion);
  free(plan);
}

double xp_ace_plan_cutoff(const xp_ace_plan *plan, int i, int j) {
  return plan->centres[i].pairs[j].radial.cutoff;
}

static const xp_ace_bond *bond_of(const compiler *c, int j) {
  return xp_ace_model_bond(c->model, c->in_model[c->species], c->in_model[j]);
}

/* Functions with a neighbour species that the plan lacks are zero. */
static bool function_used(const compiler *c, const xp_ace_function *f) {
  for (int t = 0; t < f->rank; ++t)
    if (c->in_plan[f->mus[t]] < 0) return false;
  return true;
}

/* Runs over the functions of the central species that count. */
#define FOR_EACH_FUNCTION(c, f)                                                                \
  for (const xp_ace_function *f = (c)->model->functions[(c)->in_model[(c)->species]],          \
                             *last_ = f + (c)->model->nfunctions[(c)->in_model[(c)->species]]; \
       f < last_; ++f)                                                                         \
    if (function_used(c, f))

static xp_status mark_used(compiler *c) {
  int n = c->plan->nelements;
  for (int j = 0; j < n; ++j) {
    size_t size = (size_t)bond_of(c, j)->nradmax * (size_t)(bond_of(c, j)->lmax + 1) + 1;
    c->position[j] = malloc(size * sizeof(int));
    c->block_of[j] = calloc((size_t)bond_of(c, j)->lmax + 1, sizeof(int));
    if (!c->position[j] || !c->block_of[j]) return xp_error_memory(c->error, "an ACE plan");
    for (size_t k = 0; k < size; ++k) c->position[j][k] = -1;
  }
  FOR_EACH_FUNCTION(c, f) {
    for (int t = 0; t < f->rank && f->rank > 1; ++t) {
      int j = c->in_plan[f->mus[t]];
      c->position[j][(f->ns[t] - 1) * (bond_of(c, j)->lmax + 1) + f->ls[t]] = 0;
    }
  }
  return XP_OK;
}

/* Numbers the used (n, l) of one pair: radial columns, base nodes and their components. */
static xp_status build_blocks(compiler *c, int j) {
  const xp_ace_bond *bond = bond_of(c, j);
  xp_ace_pair *pair = &c->centre->pairs[j];
  pair->lmax = -1;
  pair->blocks = calloc((size_t)bond->lmax + 1, sizeof *pair->blocks);
  if (!pair->blocks) return xp_error_memory(c->error, "an ACE plan");
  for (int l = 0; l <= bond->lmax; ++l) {
    xp_ace_block block = {.l = l, .column = pair->ncolumns, .node = c->nnodes, .slot = c->nslots};
    for (int n = 0; n < bond->nradmax; ++n) {
      int *position = &c->position[j][n * (bond->lmax + 1) + l];
      if (*position >= 0) *position = block.count++;
    }
    if (!block.count) continue;
    c->block_of[j][l] = pair->nblocks;
    pair->blocks[pair->nblocks++] = block;
    pair->lmax = l;
    pair->ncolumns += block.count;
    c->nnodes += block.count;
    c->nslots += block.count * (2 * l + 1);
  }
  return XP_OK;
}

/* Rows of R_nl in terms of the radial basis, then those of the rank-1 part of each density; [rows][nbase]. */
static void fill_rows(const compiler *c, int j, double *rows) {
  const xp_ace_bond *bond = bond_of(c, j);
  const xp_ace_pair *pair = &c->centre->pairs[j];
  size_t nbase = (size_t)bond->nradbasemax;
  for (int n = 0; n < bond->nradmax; ++n)
    for (int l = 0; l <= bond->lmax; ++l) {
      int place = n * (bond->lmax + 1) + l;
      if (c->position[j][place] < 0) continue;
      int column = pair->blocks[c->block_of[j][l]].column + c->position[j][place];
      double *row = rows + (size_t)column * nbase;
      if (bond->radbase == XP_ACE_ACEJL)
        row[n] = 1.0;
      else
        memcpy(row, bond->radcoefficients + (size_t)place * nbase, nbase * sizeof *row);
    }
  double *density = rows + (size_t)pair->ncolumns * nbase;
  FOR_EACH_FUNCTION(c, f) {
    if (f->rank != 1 || c->in_plan[f->mus[0]] != j) continue;
    for (int q = 0; q < f->num_ms_combs; ++q)
      for (int p = 0; p < f->ndensity; ++p)
        density[(size_t)p * nbase + (size_t)f->ns[0] - 1] += f->ctildes[q * f->ndensity + p];
  }
}

/* The rows of R_nl as the kernel reads them. */
static xp_status store_matrix(const compiler *c, xp_ace_pair *pair, const double *rows) {
  size_t nbase = (size_t)pair->nbase;
  size_t tiles = ((size_t)pair->ncolumns + XP_ACE_TILE - 1) / XP_ACE_TILE, count = tiles * nbase * XP_ACE_TILE;
  double *tiled = calloc(count + 1, sizeof *tiled);
  if (!tiled) return xp_error_memory(c->error, "an ACE plan");
  for (size_t column = 0; column < (size_t)pair->ncolumns; ++column)
    for (size_t k = 0; k < nbase; ++k)
      tiled[(column / XP_ACE_TILE * nbase + k) * XP_ACE_TILE + column % XP_ACE_TILE] = rows[column * nbase + k];
  xp_status status = xp_reals_new(&pair->matrix, tiled, count, c->plan->precision, c->error);
  free(tiled);
  return status;
}

static xp_status fill_radial(const compiler *c, int j, double *rows) {
  const xp_ace_bond *bond = bond_of(c, j);
  xp_ace_pair *pair = &c->centre->pairs[j];
  size_t bytes = (size_t)c->centre->rule.ndensity * (size_t)pair->nbase * sizeof(double);
  fill_rows(c, j, rows);
  xp_status status = store_matrix(c, pair, rows);
  if (status) return status;
  pair->density = malloc(bytes + 1);
  if (!pair->density) return xp_error_memory(c->error, "an ACE plan");
  memcpy(pair->density, rows + (size_t)pair->ncolumns * (size_t)pair->nbase, bytes);
  bool tabulated = bond->radbase != XP_ACE_ACEJL;
  pair->minimum = tabulated ? bond->rcut / trunc(bond->rcut / c->model->delta_spline_bins) : 0.0;
  return xp_ace_table_build(&pair->table, &pair->radial, rows, pair->ncolumns + c->centre->rule.ndensity, pair->minimum,
                            c->error);
}

static xp_status build_pair(compiler *c, int j) {
  const xp_ace_bond *bond = bond_of(c, j);
  xp_ace_pair *pair = &c->centre->pairs[j];
  xp_status status = build_blocks(c, j);
  if (status) return status;
  status = xp_ace_radial_init(&pair->radial, c->model, c->in_model[c->species], c->in_model[j], c->error);
  if (status) return status;
  pair->nbase = pair->radial.nbase;
  pair->rcut_in = bond->rcut_in;
  pair->dcut_in = bond->dcut_in;
  pair->inner_start = bond->rcut_in - bond->dcut_in;
  size_t nrows = (size_t)(pair->ncolumns + c->centre->rule.ndensity);
  double *rows = calloc(nrows * (size_t)pair->nbase + 1, sizeof *rows);
  status = rows ? fill_radial(c, j, rows) : xp_error_memory(c->error, "an ACE plan");
  free(rows);
  return status;
}

static xp_status list_nodes(compiler *c) {
  c->l = malloc(((size_t)c->nnodes + 1) * sizeof *c->l);
  c->slot = malloc(((size_t)c->nnodes + 1) * sizeof *c->slot);
  if (!c->l || !c->slot) return xp_error_memory(c->error, "an ACE plan");
  for (int j = 0; j < c->plan->nelements; ++j) {
    const xp_ace_pair *pair = &c->centre->pairs[j];
    for (const xp_ace_block *b = pair->blocks; b < pair->blocks + pair->nblocks; ++b)
      for (int n = 0; n < b->count; ++n) {
        c->l[b->node + n] = b->l;
        c->slot[b->node + n] = b->slot + n * (2 * b->l + 1);
      }
  }
  return XP_OK;
}

static int node_of(const compiler *c, const xp_ace_function *f, int t) {
  int j = c->in_plan[f->mus[t]], l = f->ls[t];
  return c->centre->pairs[j].blocks[c->block_of[j][l]].node +
         c->position[j][(f->ns[t] - 1) * (bond_of(c, j)->lmax + 1) + l];
}

static xp_status build_products(compiler *c) {
  int count = 0;
  FOR_EACH_FUNCTION(c, f) count += f->rank > 1;
  const xp_ace_function **functions = malloc(((size_t)count + 1) * sizeof *functions);
  int *nodes = malloc(((size_t)count + 1) * XP_ACE_RANK_MAX * sizeof *nodes);
  xp_status status = functions && nodes ? XP_OK : xp_error_memory(c->error, "an ACE plan");
  if (!status) {
    count = 0;
    FOR_EACH_FUNCTION(c, f) {
      if (f->rank == 1) continue;
      for (int t = 0; t < f->rank; ++t) nodes[(size_t)count * XP_ACE_RANK_MAX + (size_t)t] = node_of(c, f, t);
      functions[count++] = f;
    }
    xp_ace_products_input input = {.functions = functions,
                                   .nodes = nodes,
                                   .count = count,
                                   .nnodes = c->nnodes,
                                   .l = c->l,
                                   .slot = c->slot,
                                   .nslots = c->nslots,
                                   .ndensity = c->centre->rule.ndensity,
                                   .precision = c->plan->precision};
    status = xp_ace_products_compile(c->centre, &input, c->error);
  }
  free(functions);
  free(nodes);
  return status;
}

static xp_status build_rule(compiler *c) {
  int i = c->in_model[c->species];
  return xp_ace_atom_rule_new(&c->centre->rule, &c->model->embeddings[i], c->model->bonds[0].inner_cutoff_type,
                              c->model->e0[i], c->error);
}

static void raise(int *most, int value) {
  if (value > *most) *most = value;
}

static void update_sizes(xp_ace_plan *plan, const xp_ace_centre *centre) {
  for (int j = 0; j < plan->nelements; ++j) {
    const xp_ace_pair *pair = &centre->pairs[j];
    raise(&plan->row_max, pair->table.row);
    raise(&plan->nscratch_max, pair->radial.nscratch);
    raise(&plan->lmax, pair->lmax);
    raise(&plan->nbase_max, pair->nbase);
    raise(&plan->ncolumns_max, pair->ncolumns);
    raise(&plan->ncontracted_max, xp_ace_pair_components(pair) * pair->nbase);
  }
  raise(&plan->nslots_max, centre->coupled.nslots);
  raise(&plan->leaves_max, centre->coupled.row_max);
  raise(&plan->nz_max, centre->coupled.nz_max);
  raise(&plan->nproduct_max, centre->product.nslots);
  raise(&plan->ndensity_max, centre->rule.ndensity);
}

static xp_status build_centre(compiler *c) {
  int n = c->plan->nelements;
  xp_status status = build_rule(c);
  if (status) return status;
  c->nnodes = c->nslots = 0;
  c->l = c->slot = NULL;
  c->centre->pairs = calloc((size_t)n, sizeof *c->centre->pairs);
  c->position = calloc((size_t)n, sizeof *c->position);
  c->block_of = calloc((size_t)n, sizeof *c->block_of);
  if (!c->centre->pairs || !c->position || !c->block_of) {
    status = xp_error_memory(c->error, "an ACE plan");
    goto done;
  }
  status = mark_used(c);
  for (int j = 0; j < n && !status; ++j) status = build_pair(c, j);
  if (!status) status = list_nodes(c);
  if (!status) status = build_products(c);
  if (!status) update_sizes(c->plan, c->centre);
done:
  for (int j = 0; j < n; ++j) {
    if (c->position) free(c->position[j]);
    if (c->block_of) free(c->block_of[j]);
  }
  free(c->position);
  free(c->block_of);
  free(c->l);
  free(c->slot);
  return status;
}

static xp_status map_elements(compiler *c, const char *const *elements, int *in_model) {
  const xp_ace_model *model = c->model;
  for (int s = 0; s < model->nelements; ++s) c->in_plan[s] = -1;
  for (int i = 0; i < c->plan->nelements; ++i) {
    int s = 0;
    while (s < model->nelements && strcmp(model->elements[s], elements[i]) != 0) s++;
    if (s == model->nelements)
      return xp_error_set(c->error, XP_ERROR_INPUT,
                          "element %.20s is not in the ACE potential, whose first element is "
                          "%s; use a potential made for it",
                          elements[i], model->elements[0]);
    if (c->in_plan[s] >= 0) return xp_error_set(c->error, XP_ERROR_INPUT, "element %s is asked for twice", elements[i]);
    c->in_plan[s] = i;
    in_model[i] = s;
  }
  return XP_OK;
}

static double largest_cutoff(const xp_ace_model *model) {
  double largest = 0.0;
  for (int p = 0; p < model->nelements * model->nelements; ++p) largest = fmax(largest, model->bonds[p].rcut);
  return largest;
}

xp_status xp_ace_plan_new(xp_ace_plan **plan, const xp_ace_model *model, const char *const *elements, int nelements,
                          xp_precision precision, xp_error *error) {
  *plan = NULL;
  if (nelements < 1 || nelements > model->nelements || model->nelements > XP_ACE_ELEMENTS_MAX)
    return xp_error_set(error, XP_ERROR_INPUT, "expected 1 to %d elements for this ACE potential, found %d",
                        model->nelements, nelements);
  xp_status status = xp_ace_model_check(model, error);
  if (status) return status;
  int in_model[XP_ACE_ELEMENTS_MAX];
  compiler c = {.plan = calloc(1, sizeof *c.plan), .model = model, .in_model = in_model, .error = error};
  if (c.plan) c.plan->centres = calloc((size_t)nelements, sizeof *c.plan->centres);
  if (!c.plan || !c.plan->centres) {
    status = xp_error_memory(error, "an ACE plan");
    goto done;
  }
  c.plan->nelements = nelements;
  c.plan->precision = precision;
  c.plan->nearest_limit = largest_cutoff(model);
  if ((status = map_elements(&c, elements, in_model))) goto done;
  for (c.species = 0; c.species < nelements && !status; ++c.species) {
    c.centre = &c.plan->centres[c.species];
    status = build_centre(&c);
  }
  if (!status) status = xp_ace_recursion_build(&c.plan->recursion, c.plan->lmax, precision, error);
done:
  if (status)
    xp_ace_plan_free(c.plan);
  else
    *plan = c.plan;
  return status;
}
