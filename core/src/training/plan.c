/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ace/assembly.h"
#include "ace/model.h"
#include "ace/recursion.h"
#include "training/training.h"

/* What compiling one central species needs. */
typedef struct compiler {
  xp_ace_fit *fit;
  const xp_ace_basis *basis;
  xp_ace_model model; /* borrows from the basis: what radial functions are made from */
  xp_training_centre *centre;
  int species;
  int **node; /* [elements][nradmax * (lmax+1)] base node of (n, l), -1: not used */
  int *l;     /* [nnodes] */
  int *slot;  /* [nnodes] */
  int nnodes, nslots;
  xp_error *error;
} compiler;

static xp_status no_memory(const compiler *c) {
  return xp_error_memory(c->error, "an ACE basis for fitting");
}

static void clear_centre(xp_training_centre *centre, int nelements) {
  for (int j = 0; j < nelements && centre->pairs; ++j) {
    xp_ace_radial_clear(&centre->pairs[j].radial);
    xp_ace_table_clear(&centre->pairs[j].table);
    free(centre->pairs[j].blocks);
    free(centre->pairs[j].ns);
  }
  free(centre->pairs);
  xp_ace_atom_rule_clear(&centre->rule);
  xp_ace_coupled_clear(&centre->coupled);
  free(centre->leaf_function);
  free(centre->pair_functions);
}

void xp_ace_fit_free(xp_ace_fit *fit) {
  if (!fit) return;
  for (int i = 0; i < fit->nelements && fit->centres; ++i) clear_centre(&fit->centres[i], fit->nelements);
  free(fit->centres);
  free(fit->radial_first);
  xp_reals_clear(&fit->recursion);
  free(fit);
}

static const xp_ace_bond *bond_of(const compiler *c, int j) {
  return &c->basis->bonds[c->species * c->basis->nelements + j];
}

static int place_of(const xp_ace_bond *bond, int n, int l) {
  return n * (bond->lmax + 1) + l;
}

/* Marks the (n, l) in use with 0, all others with -1. */
static xp_status mark_used(compiler *c) {
  for (int j = 0; j < c->basis->nelements; ++j) {
    size_t size = (size_t)bond_of(c, j)->nradmax * (size_t)(bond_of(c, j)->lmax + 1) + 1;
    c->node[j] = malloc(size * sizeof(int));
    if (!c->node[j]) return no_memory(c);
    for (size_t k = 0; k < size; ++k) c->node[j][k] = -1;
  }
  const xp_ace_bfunction *f = c->basis->functions[c->species];
  for (int k = 0; k < c->centre->nfunctions; ++k, ++f)
    for (int t = 0; t < f->rank && f->rank > 1; ++t)
      c->node[f->mus[t]][place_of(bond_of(c, f->mus[t]), f->ns[t] - 1, f->ls[t])] = 0;
  return XP_OK;
}

/* Numbers the base nodes of one l of one pair. */
static void add_block(compiler *c, int j, int l, int **ns) {
  const xp_ace_bond *bond = bond_of(c, j);
  xp_training_pair *pair = &c->centre->pairs[j];
  xp_training_block block = {.l = l, .n = *ns, .slot = c->nslots};
  for (int n = 0; n < bond->nradmax; ++n) {
    int *node = &c->node[j][place_of(bond, n, l)];
    if (*node < 0) continue;
    *node = c->nnodes;
    c->l[c->nnodes] = l;
    c->slot[c->nnodes++] = c->nslots;
    c->nslots += 2 * l + 1;
    (*ns)[block.count++] = n;
  }
  if (!block.count) return;
  *ns += block.count;
  pair->blocks[pair->nblocks++] = block;
  pair->lmax = l;
}

static xp_status build_pair(compiler *c, int j) {
  const xp_ace_bond *bond = bond_of(c, j);
  xp_training_pair *pair = &c->centre->pairs[j];
  size_t places = (size_t)bond->nradmax * (size_t)(bond->lmax + 1);
  pair->nbase = bond->nradbasemax;
  pair->nradmax = bond->nradmax;
  pair->bond_lmax = bond->lmax;
  pair->first = c->fit->radial_first[c->species * c->fit->nelements + j];
  pair->blocks = calloc((size_t)bond->lmax + 1, sizeof *pair->blocks);
  pair->ns = malloc((places + 1) * sizeof *pair->ns);
  if (!pair->blocks || !pair->ns) return no_memory(c);
  int *ns = pair->ns;
  for (int l = 0; l <= bond->lmax; ++l) add_block(c, j, l, &ns);
  pair->primitive = c->centre->nprimitives;
  c->centre->nprimitives += pair->nbase * xp_training_length(pair);
  xp_status status = xp_ace_radial_init(&pair->radial, &c->model, c->species, j, c->error);
  if (status) return status;
  pair->minimum = bond->rcut / trunc(bond->rcut / c->basis->delta_spline_bins);
  return xp_ace_table_build(&pair->table, &pair->radial, NULL, 0, pair->minimum, c->error);
}

/* Couples the factors of a function as its tree says; the two nodes whose dot product it is. *odd counts couplings with odd
 * l1 + l2 + l. Neighbours first, then the two oldest results, the odd one out last. */
static void couple_tree(xp_ace_assembly *assembly, const xp_ace_bfunction *f, const int *factors, int ends[2],
                        int *odd) {
  int queue[2 * XP_ACE_BASIS_RANK_MAX], head = 0, tail = 0, used = 0;
  const xp_ace_node *nodes = assembly->nodes;
  for (int t = 0; t < f->rank; ++t) queue[tail++] = factors[t];
  int last = f->rank % 2 ? queue[--tail] : -1; /* waits for the last coupling */
  for (; used < f->rank - 2 && tail - head > 1; head += 2, ++used) {
    int a = queue[head], b = queue[head + 1], l = f->lint[used];
    *odd += (nodes[a].l + nodes[b].l + l) % 2;
    int node = xp_ace_assembly_couple(assembly, a, b, l);
    if (node < 0) break;
    queue[tail++] = node;
    nodes = assembly->nodes;
  }
  ends[0] = used == f->rank - 2 ? queue[head] : -1;
  ends[1] = last >= 0 ? last : queue[head + 1];
}

/* A function of rank >= 2 as a leaf. The coupling of two tensors of momentum L to 0 is (-1)^(L-M)/sqrt(2L+1); the real
 * tensors of coupled.h carry a factor -i for every odd coupling, of which there is an even number. */
static xp_status add_function(compiler *c, xp_ace_assembly *assembly, int function) {
  const xp_ace_bfunction *f = &c->basis->functions[c->species][function];
  int factors[XP_ACE_BASIS_RANK_MAX], ends[2], odd = 0;
  for (int t = 0; t < f->rank; ++t)
    factors[t] = c->node[f->mus[t]][place_of(bond_of(c, f->mus[t]), f->ns[t] - 1, f->ls[t])];
  couple_tree(assembly, f, factors, ends, &odd);
  if (ends[0] < 0) return no_memory(c);
  int l = assembly->nodes[ends[0]].l;
  double constant = ((l + odd / 2) % 2 ? -1.0 : 1.0) / sqrt(2.0 * l + 1.0);
  return xp_ace_assembly_add_leaf(assembly, ends[0], ends[1], function, &constant);
}

static xp_status build_products(compiler *c) {
  xp_training_centre *centre = c->centre;
  xp_ace_base base = {c->nnodes, c->l, c->slot, c->nslots};
  xp_ace_assembly assembly;
  xp_status status = xp_ace_assembly_begin(&assembly, &centre->coupled, &base, 1, XP_PRECISION_DOUBLE, c->error);
  centre->leaf_function = malloc(((size_t)centre->nfunctions + 1) * sizeof *centre->leaf_function);
  centre->pair_functions = malloc(((size_t)centre->nfunctions + 1) * sizeof *centre->pair_functions);
  if (!centre->leaf_function || !centre->pair_functions) status = no_memory(c);
  for (int k = 0; k < centre->nfunctions && !status; ++k) {
    const xp_ace_bfunction *f = &c->basis->functions[c->species][k];
    if (f->rank > 1)
      status = add_function(c, &assembly, k);
    else
      centre->pair_functions[centre->npair_functions++] = (xp_training_pair_function){k, f->mus[0], f->ns[0] - 1};
  }
  if (!status) status = xp_ace_assembly_finish(&assembly, centre->leaf_function);
  xp_ace_assembly_clear(&assembly);
  return status;
}

static xp_status build_rule(compiler *c) {
  return xp_ace_atom_rule_new(&c->centre->rule, &c->basis->embeddings[c->species], c->basis->bonds[0].inner_cutoff_type,
                              0.0, c->error);
}

static void raise(int *most, int value) {
  if (value > *most) *most = value;
}

static void update_sizes(xp_ace_fit *fit, const xp_training_centre *centre) {
  for (int j = 0; j < fit->nelements; ++j) {
    const xp_training_pair *pair = &centre->pairs[j];
    raise(&fit->row_max, pair->table.row);
    raise(&fit->nscratch_max, pair->radial.nscratch);
    raise(&fit->lmax, pair->lmax);
    raise(&fit->nbase_max, pair->nbase);
    fit->cutoff = fmax(fit->cutoff, pair->radial.cutoff);
  }
  raise(&fit->nprimitives_max, centre->nprimitives);
  raise(&fit->nslots_max, centre->coupled.nslots);
  raise(&fit->nz_max, centre->coupled.nz_max);
  raise(&fit->nleaves_max, centre->coupled.nleaves);
  raise(&fit->ndensity_max, centre->rule.ndensity);
  raise(&fit->nfunctions_max, centre->nfunctions);
}

/* Room for the numbers of all base nodes of the species. */
static xp_status new_nodes(compiler *c) {
  size_t most = 1;
  for (int j = 0; j < c->basis->nelements; ++j)
    most += (size_t)bond_of(c, j)->nradmax * (size_t)(bond_of(c, j)->lmax + 1);
  c->nnodes = c->nslots = 0;
  c->node = calloc((size_t)c->basis->nelements, sizeof *c->node);
  c->l = malloc(most * sizeof *c->l);
  c->slot = malloc(most * sizeof *c->slot);
  return c->node && c->l && c->slot ? XP_OK : no_memory(c);
}

static xp_status build_centre(compiler *c) {
  int n = c->basis->nelements;
  c->centre = &c->fit->centres[c->species];
  c->centre->nfunctions = c->basis->nfunctions[c->species];
  c->centre->pairs = calloc((size_t)n, sizeof *c->centre->pairs);
  xp_status status = new_nodes(c);
  if (!c->centre->pairs) status = no_memory(c);
  if (!status) status = build_rule(c);
  if (!status) status = mark_used(c);
  for (int j = 0; j < n && !status; ++j) status = build_pair(c, j);
  if (!status) status = build_products(c);
  if (!status) update_sizes(c->fit, c->centre);
  for (int j = 0; j < n && c->node; ++j) free(c->node[j]);
  free(c->node);
  free(c->l);
  free(c->slot);
  return status;
}

/* Places all parameters: pairs (i <= j), then functions, then e0. */
static void lay_out(xp_ace_fit *fit, const xp_ace_basis *basis) {
  int n = fit->nelements, at = 0;
  for (int i = 0; i < n; ++i)
    for (int j = i; j < n; ++j) {
      const xp_ace_bond *bond = &basis->bonds[i * n + j];
      fit->radial_first[i * n + j] = fit->radial_first[j * n + i] = at;
      at += bond->nradmax * (bond->lmax + 1) * bond->nradbasemax;
    }
  fit->layout = (xp_ace_fit_layout){.nelements = n, .nradial = at};
  for (int i = 0; i < n; ++i) {
    fit->centres[i].first = at;
    at += basis->nfunctions[i] * basis->embeddings[i].ndensity;
  }
  fit->layout.nfunctions = at - fit->layout.nradial;
  fit->layout.ntotal = at + n;
}

static xp_status check_function(const xp_ace_basis *basis, int i, const xp_ace_bfunction *f, xp_error *error) {
  for (int t = 0; t < f->rank; ++t) {
    const xp_ace_bond *bond = &basis->bonds[i * basis->nelements + f->mus[t]];
    int most = f->rank == 1 ? bond->nradbasemax : bond->nradmax;
    if (f->ns[t] < 1 || f->ns[t] > most || f->ls[t] < 0 || f->ls[t] > (f->rank == 1 ? 0 : bond->lmax))
      return xp_error_set(
          error, XP_ERROR_INPUT,
          "a function of %s has n = %d, l = %d, expected n from 1 to %d and l from 0 to %d as its bond allows",
          basis->elements[i], f->ns[t], f->ls[t], most, f->rank == 1 ? 0 : bond->lmax);
  }
  return XP_OK;
}

/* What fitting needs beyond what a potential may be. */
static xp_status check(const xp_ace_basis *basis, xp_error *error) {
  for (int i = 0; i < basis->nelements; ++i) {
    for (int j = 0; j < basis->nelements; ++j)
      if (basis->bonds[i * basis->nelements + j].radbase == XP_ACE_ACEJL)
        return xp_error_set(error, XP_ERROR_INPUT,
                            "the radial functions of ACE.jl cannot be fitted; use SBessel, ChebExpCos or ChebPow");
    for (int f = 0; f < basis->nfunctions[i]; ++f) {
      xp_status status = check_function(basis, i, &basis->functions[i][f], error);
      if (status) return status;
    }
  }
  return XP_OK;
}

xp_status xp_ace_fit_new(xp_ace_fit **fit, const xp_ace_basis *basis, xp_error *error) {
  *fit = NULL;
  size_t n = (size_t)basis->nelements;
  xp_status status = check(basis, error);
  if (status) return status;
  compiler c = {.fit = calloc(1, sizeof *c.fit), .basis = basis, .error = error};
  if (!c.fit) return no_memory(&c);
  c.model = (xp_ace_model){.nelements = basis->nelements,
                           .elements = basis->elements,
                           .bonds = basis->bonds,
                           .delta_spline_bins = basis->delta_spline_bins};
  c.fit->nelements = basis->nelements;
  c.fit->centres = calloc(n, sizeof *c.fit->centres);
  c.fit->radial_first = calloc(n * n, sizeof *c.fit->radial_first);
  if (!c.fit->centres || !c.fit->radial_first) status = no_memory(&c);
  if (!status) lay_out(c.fit, basis);
  for (c.species = 0; c.species < basis->nelements && !status; ++c.species) status = build_centre(&c);
  c.fit->nearest_limit = c.fit->cutoff;
  if (!status) status = xp_ace_recursion_build(&c.fit->recursion, c.fit->lmax, XP_PRECISION_DOUBLE, error);
  if (status)
    xp_ace_fit_free(c.fit);
  else
    *fit = c.fit;
  return status;
}

xp_ace_fit_layout xp_ace_fit_layout_of(const xp_ace_fit *fit) {
  return fit->layout;
}

int xp_ace_fit_radial_first(const xp_ace_fit *fit, int i, int j) {
  return fit->radial_first[i * fit->nelements + j];
}

int xp_ace_fit_functions_first(const xp_ace_fit *fit, int species) {
  return fit->centres[species].first;
}

double xp_ace_fit_cutoff(const xp_ace_fit *fit) {
  return fit->cutoff;
}
