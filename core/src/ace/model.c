/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void polynomials_free(xp_ace_acejl *polynomials) {
  if (!polynomials) return;
  free(polynomials->a);
  free(polynomials->b);
  free(polynomials->c);
  free(polynomials);
}

void xp_ace_bond_clear(xp_ace_bond *bond) {
  free(bond->radbasename);
  free(bond->radparameters);
  free(bond->radcoefficients);
  polynomials_free(bond->acejl);
}

/* NULL when there is no memory. */
static double *copy_numbers(const double *numbers, size_t count) {
  double *copy = malloc((count + 1) * sizeof *copy);
  if (copy && numbers) memcpy(copy, numbers, count * sizeof *copy);
  return copy;
}

xp_status xp_ace_embedding_copy(xp_ace_embedding *copy, const xp_ace_embedding *embedding, xp_error *error) {
  *copy = *embedding;
  copy->fs_parameters = copy_numbers(embedding->fs_parameters, 2 * (size_t)embedding->ndensity);
  return copy->fs_parameters ? XP_OK : xp_error_memory(error, "an embedding");
}

xp_status xp_ace_bond_copy(xp_ace_bond *copy, const xp_ace_bond *bond, xp_error *error) {
  size_t size = (size_t)bond->nradmax * (size_t)(bond->lmax + 1) * (size_t)bond->nradbasemax;
  *copy = *bond;
  copy->acejl = NULL;
  copy->radbasename = bond->radbasename ? strdup(bond->radbasename) : NULL;
  copy->radparameters = copy_numbers(bond->radparameters, (size_t)bond->nradparameters);
  copy->radcoefficients = copy_numbers(bond->radcoefficients, bond->radcoefficients ? size : 0);
  bool complete = copy->radparameters && copy->radcoefficients && (copy->radbasename || !bond->radbasename);
  return complete ? XP_OK : xp_error_memory(error, "a bond");
}

void xp_ace_function_clear(xp_ace_function *function) {
  free(function->ctildes);
}

static void element_clear(xp_ace_model *model, int i) {
  if (model->embeddings) free(model->embeddings[i].fs_parameters);
  for (int j = 0; j < model->nelements; ++j) {
    if (model->bonds) xp_ace_bond_clear(xp_ace_model_bond(model, i, j));
    if (model->pair_terms) free(model->pair_terms[i * model->nelements + j].coefficients);
  }
  if (!model->functions || !model->functions[i]) return;
  for (int f = 0; f < model->nfunctions[i]; ++f) xp_ace_function_clear(&model->functions[i][f]);
  free(model->functions[i]);
}

void xp_ace_model_free(xp_ace_model *model) {
  if (!model) return;
  for (int i = 0; i < model->nelements; ++i) element_clear(model, i);
  for (int w = 0; w < model->nwarnings; ++w) free(model->warnings[w]);
  polynomials_free(model->pair_polynomials);
  free(model->elements);
  free(model->e0);
  free(model->embeddings);
  free(model->bonds);
  free(model->nfunctions);
  free(model->functions);
  free(model->pair_terms);
  free(model->warnings);
  free(model);
}

xp_status xp_ace_model_new(xp_ace_model **model, int nelements, xp_error *error) {
  size_t n = (size_t)nelements;
  xp_ace_model *m = calloc(1, sizeof *m);
  *model = m;
  if (!m) return xp_error_memory(error, "an ACE model");
  m->nelements = nelements;
  m->elements = calloc(n, sizeof *m->elements);
  m->e0 = calloc(n, sizeof *m->e0);
  m->embeddings = calloc(n, sizeof *m->embeddings);
  m->bonds = calloc(n * n, sizeof *m->bonds);
  m->nfunctions = calloc(n, sizeof *m->nfunctions);
  m->functions = calloc(n, sizeof *m->functions);
  if (m->elements && m->e0 && m->embeddings && m->bonds && m->nfunctions && m->functions) return XP_OK;
  xp_ace_model_free(m);
  *model = NULL;
  return xp_error_memory(error, "an ACE model");
}

xp_status xp_ace_model_warn(xp_ace_model *model, xp_error *error, const char *format, ...) {
  char sentence[XP_ERROR_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(sentence, sizeof sentence, format, arguments);
  va_end(arguments);
  size_t count = (size_t)model->nwarnings;
  if ((count & (count - 1)) == 0) { /* full at every power of two */
    char **grown = realloc(model->warnings, (count ? 2 * count : 1) * sizeof *grown);
    if (!grown) return xp_error_memory(error, "a warning");
    model->warnings = grown;
  }
  model->warnings[count] = strdup(sentence);
  if (!model->warnings[count]) return xp_error_memory(error, "a warning");
  model->nwarnings++;
  return XP_OK;
}

xp_status xp_ace_function_allocate(xp_ace_function *function, int rank, int ndensity, int num_ms_combs,
                                   xp_error *error) {
  size_t r = (size_t)rank, m = (size_t)num_ms_combs, ncoefficients = m * (size_t)ndensity;
  *function = (xp_ace_function){.rank = rank, .ndensity = ndensity, .num_ms_combs = num_ms_combs};
  function->ctildes = calloc(1, ncoefficients * sizeof(double) + (3 + m) * r * sizeof(int));
  if (!function->ctildes) return xp_error_memory(error, "an ACE function");
  function->mus = (int *)(function->ctildes + ncoefficients);
  function->ns = function->mus + r;
  function->ls = function->ns + r;
  function->ms_combs = function->ls + r;
  return XP_OK;
}
