/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/ace_input.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "xpot/structure.h"

/* What repulsion "auto" writes: pacemaker's values. */
static const double AUTO_WIDTH = 0.1, AUTO_PREFACTOR = 1.0, AUTO_EXPONENT = 1.0;

/* What building an input carries around. */
typedef struct builder {
  xp_ace_input *input;
  const xp_config *config;
  const double *values;
  const double *shortest;
} builder;

static xp_place whole(const xp_config *config) {
  return (xp_place){config->path, 0, 0};
}

static double at(const builder *b, const xp_parameter *parameter) {
  return xp_parameter_at(parameter, b->values);
}

static xp_status no_memory(xp_error *error) {
  return xp_error_memory(error, "the shape of the basis");
}

/* [list->count] */
static double *list_values(const builder *b, const xp_list *list) {
  double *numbers = calloc((size_t)list->count + 1, sizeof *numbers);
  for (int i = 0; i < list->count && numbers; ++i) numbers[i] = at(b, &list->values[i]);
  return numbers;
}

/* ---- elements ---- */

static xp_status sort_elements(const builder *b, xp_error *error) {
  xp_ace_input *input = b->input;
  int n = input->nelements = b->config->nelements;
  input->elements = calloc((size_t)n, sizeof *input->elements);
  input->source = calloc((size_t)n, sizeof *input->source);
  input->embeddings = calloc((size_t)n, sizeof *input->embeddings);
  input->bonds = calloc((size_t)n * (size_t)n, sizeof *input->bonds);
  if (!input->elements || !input->source || !input->embeddings || !input->bonds) return no_memory(error);
  for (int e = 0; e < n; ++e) {
    int s = e;
    for (; s > 0 && strcmp(b->config->elements[input->source[s - 1]], b->config->elements[e]) > 0; --s)
      input->source[s] = input->source[s - 1];
    input->source[s] = e;
  }
  for (int s = 0; s < n; ++s) memcpy(input->elements[s], b->config->elements[input->source[s]], XP_SYMBOL_SIZE);
  return XP_OK;
}

/* ---- embeddings ---- */

/* Numbers a density: prefactor and exponent. */
enum { FS_WIDTH = 2 };

static xp_status set_fs_parameters(const builder *b, const xp_embedding_options *options, int s, xp_error *error) {
  static const double standard[] = {1.0, 1.0, 1.0, 0.5};
  xp_ace_embedding *embedding = &b->input->embeddings[s];
  int need = FS_WIDTH * embedding->ndensity, count = options->fs_parameters.count;
  bool spare = options->ndensity.dimension >= 0; /* a list for the largest ndensity serves smaller ones, too */
  if (!options->fs_parameters.given && need > (int)(sizeof standard / sizeof *standard))
    return xp_error_at(error, whole(b->config), "embeddings: %d densities of %s need fs_parameters, %d numbers",
                       embedding->ndensity, b->input->elements[s], need);
  if (options->fs_parameters.given && (count < need || (count > need && !spare)))
    return xp_error_at(error, whole(b->config),
                       "embeddings: expected %d fs_parameters for the %d densities of %s, found %d", need,
                       embedding->ndensity, b->input->elements[s], count);
  embedding->fs_parameters = calloc((size_t)need, sizeof *embedding->fs_parameters);
  if (!embedding->fs_parameters) return no_memory(error);
  for (int i = 0; i < need; ++i)
    embedding->fs_parameters[i] = options->fs_parameters.given ? at(b, &options->fs_parameters.values[i]) : standard[i];
  return XP_OK;
}

static xp_status set_embedding(const builder *b, int s, xp_error *error) {
  static const xp_ace_embedding_type types[] = {XP_ACE_FINNIS_SINCLAIR, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED};
  xp_embedding_options options = xp_config_embedding(b->config, b->input->source[s]);
  b->input->embeddings[s] = (xp_ace_embedding){.ndensity = (int)at(b, &options.ndensity),
                                               .npoti = types[(int)at(b, &options.npot)],
                                               .rho_core_cutoff = at(b, &options.rho_core_cut),
                                               .drho_core_cutoff = at(b, &options.drho_core_cut)};
  return set_fs_parameters(b, &options, s, error);
}

/* ---- bonds ---- */

static xp_status set_auto_repulsion(const builder *b, int i, int j, xp_ace_bond *bond, xp_error *error) {
  const xp_ace_input *input = b->input;
  int n = input->nelements;
  double start = b->shortest[input->source[i] * n + input->source[j]];
  if (!(start < bond->rcut)) {
    double ri = xp_covalent_radius(input->elements[i]), rj = xp_covalent_radius(input->elements[j]);
    if (ri == 0.0 || rj == 0.0)
      return xp_error_at(
          error, whole(b->config),
          "repulsion \"auto\": %s and %s do not meet in the training data and %s has no covalent radius; "
          "use \"given\"",
          input->elements[i], input->elements[j], input->elements[ri == 0.0 ? i : j]);
    start = ri + rj;
  }
  if (!(start < bond->rcut))
    return xp_error_at(error, whole(b->config),
                       "bonds: rcut of %s and %s is %g, not above the sum of their covalent radii, %g, where the "
                       "repulsion should start; use a larger one, or repulsion \"given\"",
                       input->elements[i], input->elements[j], bond->rcut, start);
  bond->rcut_in = start;
  bond->dcut_in = AUTO_WIDTH;
  bond->prehc = AUTO_PREFACTOR;
  bond->lambdahc = AUTO_EXPONENT;
  bond->inner_cutoff_type = XP_ACE_INNER_ZBL;
  return XP_OK;
}

static xp_status set_given_repulsion(const builder *b, const xp_bond_options *options, xp_ace_bond *bond,
                                     xp_error *error) {
  static const xp_ace_inner_type types[] = {XP_ACE_INNER_DENSITY, XP_ACE_INNER_DISTANCE, XP_ACE_INNER_ZBL};
  enum { PREFACTOR, EXPONENT, CORE_NUMBERS };
  if (options->core_repulsion.count != CORE_NUMBERS)
    return xp_error_at(error, whole(b->config), "bonds: core-repulsion needs %d numbers, found %d", CORE_NUMBERS,
                       options->core_repulsion.count);
  bond->rcut_in = at(b, &options->r_in);
  bond->dcut_in = at(b, &options->delta_in);
  bond->prehc = at(b, &options->core_repulsion.values[PREFACTOR]);
  bond->lambdahc = at(b, &options->core_repulsion.values[EXPONENT]);
  bond->inner_cutoff_type = types[(int)at(b, &options->inner_cutoff_type)];
  return XP_OK;
}

static int size_or(const builder *b, const xp_parameter *size, int otherwise) {
  return size->given ? (int)at(b, size) : otherwise;
}

static xp_status set_bond(const builder *b, int i, int j, xp_error *error) {
  static const xp_ace_radial_type types[] = {XP_ACE_SBESSEL, XP_ACE_CHEB_EXP_COS, XP_ACE_CHEB_POW, XP_ACE_CHEB_LINEAR};
  xp_ace_input *input = b->input;
  xp_bond_options options = xp_config_bond(b->config, input->source[i], input->source[j]);
  xp_ace_bond *bond = &input->bonds[i * input->nelements + j];
  int radbase = (int)at(b, &options.radbase);
  *bond = (xp_ace_bond){.radbase = types[radbase],
                        .radbasename = strdup(xp_option_find("bonds", "radbase", XP_OPTION_KEYED)->words[radbase]),
                        .radparameters = list_values(b, &options.radparameters),
                        .nradparameters = options.radparameters.count,
                        .rcut = at(b, &options.rcut),
                        .dcut = at(b, &options.dcut),
                        .nradbasemax = size_or(b, &options.nradbase, 0),
                        .nradmax = size_or(b, &options.nradmax, 0),
                        .lmax = size_or(b, &options.lmax, -1)};
  if (!bond->radbasename || !bond->radparameters) return no_memory(error);
  if (bond->dcut > bond->rcut)
    return xp_error_at(error, whole(b->config), "bonds: dcut of %s and %s is %g, more than their rcut %g",
                       input->elements[i], input->elements[j], bond->dcut, bond->rcut);
  return at(b, &b->config->repulsion) == XP_REPULSION_AUTO ? set_auto_repulsion(b, i, j, bond, error)
                                                           : set_given_repulsion(b, &options, bond, error);
}

/* ---- functions ---- */

static void name_block(const xp_ace_input *input, int centre, unsigned set, char *text, size_t size) {
  size_t used = (size_t)snprintf(text, size, "%s", input->elements[centre]);
  for (int s = 0; s < input->nelements && used < size; ++s)
    if (set >> s & 1u && s != centre) used += (size_t)snprintf(text + used, size - used, " %s", input->elements[s]);
}

static xp_status check_orders(const builder *b, const xp_function_options *options, const char *name, xp_error *error) {
  int nradmax = options->nradmax_by_orders.count, lmax = options->lmax_by_orders.count;
  if (nradmax != lmax)
    return xp_error_at(
        error, whole(b->config),
        "functions: nradmax_by_orders of block \"%s\" has %d numbers, lmax_by_orders %d; expected as many", name,
        nradmax, lmax);
  if (nradmax > XP_ACE_BASIS_RANK_MAX)
    return xp_error_at(error, whole(b->config),
                       "functions: nradmax_by_orders of block \"%s\" has %d numbers, at most %d", name, nradmax,
                       XP_ACE_BASIS_RANK_MAX);
  if (at(b, &options->lmax_by_orders.values[0]) != 0.0)
    return xp_error_at(error, whole(b->config),
                       "functions: the first of lmax_by_orders of block \"%s\" must be 0, found %g", name,
                       at(b, &options->lmax_by_orders.values[0]));
  return XP_OK;
}

/* Functions that each block may keep. */
static long share(const builder *b, int nblocks) {
  double total = at(b, &b->config->number_of_functions_per_element) * b->input->nelements;
  return (long)floor(total / nblocks);
}

static xp_status add_block(const builder *b, int centre, unsigned set, long most, xp_error *error) {
  xp_ace_input *input = b->input;
  xp_ace_block_request *block = &input->blocks[input->nblocks];
  int sources[XP_ACE_ELEMENTS_MOST], n = 0;
  sources[n++] = input->source[centre];
  for (int e = 0; e < input->nelements; ++e)
    for (int s = 0; s < input->nelements; ++s)
      if (input->source[s] == e && s != centre && set >> s & 1u) sources[n++] = e;
  xp_function_options options = xp_config_functions(b->config, sources, n);
  char name[XP_ACE_ELEMENTS_MOST * (XP_SYMBOL_SIZE + 1)];
  name_block(input, centre, set, name, sizeof name);
  xp_status status = check_orders(b, &options, name, error);
  if (status != XP_OK) return status;
  int nranks = options.nradmax_by_orders.count;
  int *numbers = calloc((size_t)(n + 2 * nranks), sizeof *numbers);
  if (!numbers) return no_memory(error);
  int *nradmax = numbers + n, *lmax = nradmax + nranks, next = 0;
  for (int s = 0; s < input->nelements; ++s)
    if (set >> s & 1u) numbers[next++] = s;
  for (int r = 0; r < nranks; ++r) {
    nradmax[r] = (int)at(b, &options.nradmax_by_orders.values[r]);
    lmax[r] = (int)at(b, &options.lmax_by_orders.values[r]);
  }
  *block = (xp_ace_block_request){.centre = centre,
                                  .nspecies = n,
                                  .species = numbers,
                                  .nranks = nranks,
                                  .nradmax = nradmax,
                                  .lmax = lmax,
                                  .most = size_or(b, &options.number_of_functions, (int)most),
                                  .grown = -1};
  ++input->nblocks;
  return XP_OK;
}

/* Small blocks first, then by centre, as pacemaker lists them. */
static xp_status add_blocks(const builder *b, xp_error *error) {
  int n = b->input->nelements, nblocks = n << (n - 1);
  b->input->blocks = calloc((size_t)nblocks, sizeof *b->input->blocks);
  if (!b->input->blocks) return no_memory(error);
  xp_status status = XP_OK;
  for (int size = 1; size <= n; ++size)
    for (int centre = 0; centre < n; ++centre)
      for (unsigned set = 1; set < 1u << n && status == XP_OK; ++set)
        if (__builtin_popcount(set) == size && set >> centre & 1u)
          status = add_block(b, centre, set, share(b, nblocks), error);
  return status;
}

xp_status xp_ace_input_new(xp_ace_input *input, const xp_config *config, const double *values, const double *shortest,
                           xp_error *error) {
  *input = (xp_ace_input){.delta_spline_bins = xp_parameter_at(&config->delta_spline_bins, values)};
  builder b = {input, config, values, shortest};
  int n = config->nelements;
  xp_status status = sort_elements(&b, error);
  for (int s = 0; s < n && status == XP_OK; ++s) status = set_embedding(&b, s, error);
  for (int p = 0; p < n * n && status == XP_OK; ++p) status = set_bond(&b, p / n, p % n, error);
  if (status == XP_OK) status = add_blocks(&b, error);
  if (status != XP_OK) xp_ace_input_clear(input);
  return status;
}

void xp_ace_input_clear(xp_ace_input *input) {
  int n = input->nelements;
  for (int s = 0; s < n && input->embeddings; ++s) free(input->embeddings[s].fs_parameters);
  for (int p = 0; p < n * n && input->bonds; ++p) {
    free(input->bonds[p].radbasename);
    free(input->bonds[p].radparameters);
  }
  for (int k = 0; k < input->nblocks; ++k) free((void *)input->blocks[k].species); /* one block of memory */
  free(input->blocks);
  free(input->bonds);
  free(input->embeddings);
  free(input->source);
  free(input->elements);
  *input = (xp_ace_input){0};
}
