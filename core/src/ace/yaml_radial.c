/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/yaml_radial.h"

#include <stdlib.h>

static xp_status expect_count(const xp_yaml_tree *tree, const xp_yaml_node *node, int count, const char *of,
                              xp_error *error) {
  xp_status status = xp_yaml_expect(tree, node, XP_YAML_SEQUENCE, "radcoefficients", error);
  if (status || node->size == count) return status;
  return xp_error_at(error, xp_yaml_place(tree, node), "radcoefficients: expected %d entries (%s), found %d", count, of,
                     node->size);
}

/* Nested lists [nradmax][lmax+1][nradbasemax]; nothing is allocated before the outer shape is known to be right. */
xp_status xp_yaml_read_coefficients(const xp_yaml_tree *tree, const xp_yaml_node *node, xp_ace_bond *bond,
                                    xp_error *error) {
  xp_status status = expect_count(tree, node, bond->nradmax, "nradmax", error);
  if (status) return status;
  const xp_yaml_node *row = xp_yaml_first(tree, node);
  if (row) {
    if ((status = expect_count(tree, row, bond->lmax + 1, "lmax + 1", error))) return status;
    if ((status = expect_count(tree, xp_yaml_first(tree, row), bond->nradbasemax, "nradbasemax", error))) return status;
  }
  size_t size = (size_t)bond->nradmax * (size_t)(bond->lmax + 1) * (size_t)bond->nradbasemax;
  double *value = bond->radcoefficients = calloc(size + 1, sizeof *value);
  if (!value) return xp_error_memory(error, "radcoefficients");
  for (; row; row = xp_yaml_next(tree, row)) {
    if ((status = expect_count(tree, row, bond->lmax + 1, "lmax + 1", error))) return status;
    for (const xp_yaml_node *list = xp_yaml_first(tree, row); list; list = xp_yaml_next(tree, list)) {
      if ((status = expect_count(tree, list, bond->nradbasemax, "nradbasemax", error))) return status;
      for (const xp_yaml_node *item = xp_yaml_first(tree, list); item; item = xp_yaml_next(tree, item))
        if ((status = xp_yaml_double(tree, item, "radcoefficients", value++, error))) return status;
    }
  }
  return XP_OK;
}
