/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Radial coefficients of a bond, which .yace and .yaml files write alike. */
#ifndef XPOT_ACE_YAML_RADIAL_H
#define XPOT_ACE_YAML_RADIAL_H

#include "ace/yaml_tree.h"
#include "xpot/ace.h"

/* Nested lists [nradmax][lmax+1][nradbasemax] of a bond whose sizes are checked. */
xp_status xp_yaml_read_coefficients(const xp_yaml_tree *tree, const xp_yaml_node *node, xp_ace_bond *bond,
                                    xp_error *error);

#endif
