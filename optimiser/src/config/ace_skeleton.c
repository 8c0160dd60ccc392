/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "config/ace_input.h"

static double *duplicate(const double *numbers, int count) {
  double *copy = malloc(((size_t)count + 1) * sizeof *copy);
  if (copy && count > 0) memcpy(copy, numbers, (size_t)count * sizeof *copy);
  return copy;
}

static xp_status copy_parts(xp_ace_basis *basis, const xp_ace_input *input, xp_error *error) {
  int n = input->nelements;
  bool complete = true;
  basis->delta_spline_bins = input->delta_spline_bins;
  memcpy(basis->elements, input->elements, (size_t)n * sizeof *basis->elements);
  for (int s = 0; s < n; ++s) {
    basis->embeddings[s] = input->embeddings[s];
    basis->embeddings[s].fs_parameters =
        duplicate(input->embeddings[s].fs_parameters, 2 * input->embeddings[s].ndensity);
    complete &= basis->embeddings[s].fs_parameters != NULL;
  }
  for (int p = 0; p < n * n; ++p) {
    xp_ace_bond *bond = &basis->bonds[p];
    *bond = input->bonds[p];
    bond->radbasename = strdup(input->bonds[p].radbasename);
    bond->radparameters = duplicate(input->bonds[p].radparameters, bond->nradparameters);
    complete &= bond->radbasename && bond->radparameters;
  }
  return complete ? XP_OK : xp_error_memory(error, "the basis");
}

static xp_status select_functions(xp_ace_basis *basis, const xp_ace_input *input, long grown, xp_ace_order order,
                                  xp_error *error) {
  xp_ace_block_request *blocks = malloc((size_t)input->nblocks * sizeof *blocks);
  if (!blocks) return xp_error_memory(error, "the basis");
  for (int b = 0; b < input->nblocks; ++b) {
    blocks[b] = input->blocks[b];
    blocks[b].grown = grown;
    blocks[b].order = order;
  }
  xp_status status = xp_ace_basis_select(basis, blocks, input->nblocks, error);
  free(blocks);
  return status;
}

xp_status xp_ace_input_basis(xp_ace_basis **basis, const xp_ace_input *input, long grown, xp_ace_order order,
                             xp_error *error) {
  xp_ace_basis *new = NULL;
  *basis = NULL;
  xp_status status = xp_ace_basis_new(&new, input->nelements, error);
  if (status == XP_OK) status = copy_parts(new, input, error);
  if (status == XP_OK) status = select_functions(new, input, grown, order, error);
  if (status == XP_OK)
    *basis = new;
  else
    xp_ace_basis_free(new);
  return status;
}
