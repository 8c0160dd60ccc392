/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xpot/repulsion.h"

#include <math.h>

#include "potential/kind.h"

xp_status xp_potential_add_zbl(xp_potential *potential, double inner, double outer, xp_error *error) {
  if (!(isfinite(inner) && isfinite(outer) && inner > 0.0 && outer > inner))
    return xp_error_set(error, XP_ERROR_INPUT, "zbl: expected 0 < INNER < OUTER, Angstrom, found %g and %g", inner,
                        outer);
  return xp_kind_find(potential->kind)->add_zbl(potential, inner, outer, error);
}
