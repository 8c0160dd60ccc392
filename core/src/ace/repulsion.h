/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Core repulsion of ACE models and plans; semantics of xpot/repulsion.h. */
#ifndef XPOT_ACE_REPULSION_H
#define XPOT_ACE_REPULSION_H

#include "ace/ace_plan.h"
#include "xpot/repulsion.h"

xp_repulsion xp_ace_plan_repulsion(const xp_ace_plan *plan, int i, int j);

xp_status xp_ace_add_zbl(xp_ace_model *model, double inner, double outer, xp_error *error);

#endif
