/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/start.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "data/reference.h"
#include "fit/factor.h"
#include "search/random.h"
#include "xpot/neighbour.h"

/* Exponents this close to 1 make a density linear, as in the evaluator. */
static const double LINEAR_EXPONENT = 1e-10;
/* How far non-linear densities are spread about zero at the start. */
static const double SPREAD = 0.5;
/* Highest rank of functions that non-linear densities begin with. */
enum { START_RANK = 3 };

static int find(const xp_symbol *elements, int nelements, const char *symbol) {
  for (int e = 0; e < nelements; ++e)
    if (strcmp(elements[e], symbol) == 0) return e;
  return -1;
}

static xp_status is_free(const xp_structure *structure, double cutoff, bool *free_atom, xp_error *error) {
  int species = 0;
  xp_neighbour_list *list = NULL;
  *free_atom = false;
  if (structure->natoms != 1 || !structure->has_energy) return XP_OK;
  xp_status status = xp_neighbour_list_new(&list, structure, &species, cutoff, error);
  if (status == XP_OK) *free_atom = list->first[1] == 0;
  xp_neighbour_list_free(list);
  return status;
}

xp_status xp_ace_start_energies(double *e0, bool *fixed, const xp_data *data, const xp_symbol *elements, int nelements,
                                const double *given, bool constant, double cutoff, xp_error *error) {
  double *constants = calloc((size_t)data->nelements + 1, sizeof *constants);
  xp_status status = constants ? XP_OK : xp_error_memory(error, "energies of free atoms");
  if (status == XP_OK && constant && data->nenergies > 0) status = xp_reference_fit(constants, data, NULL, error);
  for (int e = 0; e < nelements && status == XP_OK; ++e) {
    int d = find(data->elements, data->nelements, elements[e]);
    fixed[e] = !constant;
    e0[e] = given ? given[e] : constant && d >= 0 ? constants[d] : 0.0;
  }
  for (int s = 0; s < data->set->nstructures && status == XP_OK && constant; ++s) {
    const xp_structure *structure = data->set->structures[s];
    bool alone;
    status = is_free(structure, cutoff, &alone, error);
    int e = find(elements, nelements, structure->symbols[0]);
    if (status != XP_OK || !alone || e < 0) continue;
    e0[e] = structure->energy;
    fixed[e] = true;
  }
  free(constants);
  return status;
}

static bool is_linear(const xp_ace_embedding *embedding, int p) {
  return fabs(embedding->fs_parameters[2 * p + 1] - 1.0) < LINEAR_EXPONENT && embedding->fs_parameters[2 * p] != 0.0;
}

/* Columns of the linear densities and of energies that are not fixed. */
static void mark_active(const xp_ace_start *start, bool *active) {
  xp_ace_fit_layout layout = xp_ace_fit_layout_of(start->fit);
  for (int i = 0; i < layout.nelements; ++i) {
    const xp_ace_embedding *embedding = &start->basis->embeddings[i];
    bool *mine = active + xp_ace_fit_functions_first(start->fit, i) - layout.nradial;
    for (int f = 0; f < start->basis->nfunctions[i]; ++f)
      for (int p = 0; p < embedding->ndensity; ++p) *mine++ = is_linear(embedding, p);
    active[layout.nfunctions + i] = !start->fixed[i];
  }
}

xp_status xp_ace_start_solve(const xp_ace_start *start, double *parameters, xp_regression *regression,
                             xp_error *error) {
  xp_ace_fit_layout layout = xp_ace_fit_layout_of(start->fit);
  int columns = layout.ntotal - layout.nradial;
  bool *active = calloc((size_t)columns + 1, sizeof *active),
       *unpenalised = calloc((size_t)columns + 1, sizeof *active);
  xp_factor factor = {0};
  long rows = 0;
  xp_status status = active && unpenalised ? XP_OK : xp_error_memory(error, "the linear fit");
  if (status == XP_OK) {
    mark_active(start, active);
    for (int c = layout.nfunctions; c < columns; ++c) unpenalised[c] = true;
    xp_ace_factor_request request = {start->terms, parameters, active, XP_ACE_FACTOR_QR, start->report};
    status = xp_ace_problem_factor(start->problem, &request, &factor, &rows, error);
  }
  if (status == XP_OK) {
    xp_regression_options options = xp_regression_defaults(start->method, rows);
    options.unpenalised = unpenalised;
    options.rcond = start->rcond;
    status = xp_regression_solve(regression, &factor, &options, error);
  }
  for (int c = 0; c < columns && status == XP_OK; ++c)
    if (active[c]) parameters[layout.nradial + c] += regression->coefficients[c];
  xp_factor_clear(&factor);
  free(active);
  free(unpenalised);
  return status;
}

/* Norms of the columns of basis functions by energies alone: their root mean squares an atom, weighted. */
static xp_status find_scales(const xp_ace_start *start, const double *parameters, double *scales, xp_error *error) {
  xp_ace_fit_layout layout = xp_ace_fit_layout_of(start->fit);
  xp_ace_terms terms = {.kappa = 0.0};
  xp_factor factor = {0};
  long rows;
  xp_ace_factor_request request = {&terms, parameters, NULL, XP_ACE_FACTOR_NORMAL, start->report};
  xp_status status = xp_ace_problem_factor(start->problem, &request, &factor, &rows, error);
  for (int c = 0; c < layout.nfunctions && status == XP_OK; ++c) {
    const double *column = factor.r + (size_t)c * (size_t)factor.columns;
    double square = 0.0;
    for (int r = 0; r <= c; ++r) square += column[r] * column[r];
    scales[c] = sqrt(square);
  }
  xp_factor_clear(&factor);
  return status;
}

/* Random coefficients of one species's non-linear densities. */
static void spread(const xp_ace_start *start, int i, const double *scales, xp_random *random, double *parameters) {
  const xp_ace_embedding *embedding = &start->basis->embeddings[i];
  int first = xp_ace_fit_functions_first(start->fit, i), nradial = xp_ace_fit_layout_of(start->fit).nradial, count = 1;
  for (int f = 0; f < start->basis->nfunctions[i]; ++f) count += start->basis->functions[i][f].rank <= START_RANK;
  for (int f = 0; f < start->basis->nfunctions[i]; ++f)
    for (int p = 0; p < embedding->ndensity; ++p) {
      int at = first + f * embedding->ndensity + p;
      double scale = scales[at - nradial], draw = xp_random_uniform(random) - 0.5;
      if (is_linear(embedding, p) || start->basis->functions[i][f].rank > START_RANK || scale == 0.0) continue;
      parameters[at] = SPREAD * sqrt(12.0 / count) * draw / scale;
    }
}

xp_status xp_ace_start_all(const xp_ace_start *start, double *parameters, xp_error *error) {
  xp_ace_fit_layout layout = xp_ace_fit_layout_of(start->fit);
  double *scales = calloc((size_t)layout.nfunctions + 1, sizeof *scales);
  xp_random random = xp_random_start(1, 0);
  bool spread_any = false;
  if (!scales) return xp_error_memory(error, "the start of the fit");
  for (int i = 0; i < layout.nelements; ++i)
    for (int p = 0; p < start->basis->embeddings[i].ndensity; ++p)
      spread_any |= !is_linear(&start->basis->embeddings[i], p);
  xp_status status = spread_any ? find_scales(start, parameters, scales, error) : XP_OK;
  for (int i = 0; i < layout.nelements && status == XP_OK && spread_any; ++i)
    spread(start, i, scales, &random, parameters);
  free(scales);
  xp_regression regression = {0};
  if (status == XP_OK) status = xp_ace_start_solve(start, parameters, &regression, error);
  xp_regression_clear(&regression);
  return status;
}
