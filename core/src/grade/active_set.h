/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_ACTIVE_SET_H
#define XPOT_ACTIVE_SET_H

#include "xpot/grade.h"

/* Place of an element in a set, or -1. */
int xp_active_set_find(const xp_active_set *set, const char *element);

#endif
