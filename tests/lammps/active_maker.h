/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Active sets for tests: of random atoms, with no search for the largest volume. */
#ifndef XPOT_ACTIVE_MAKER_H
#define XPOT_ACTIVE_MAKER_H

#include "xpot/grade.h"

/* Descriptors of so many atoms of each element as it has descriptors, in random structures, that span a volume. */
xp_status active_maker_write(const xp_potential *potential, xp_grade_form form, const char *const *elements,
                             int nelements, const char *path, xp_error *error);

#endif
