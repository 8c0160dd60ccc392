/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The meaning of a frame's comment line: cell, periodicity and labels of the whole cell. */
#ifndef XPOT_EXTXYZ_LABELS_H
#define XPOT_EXTXYZ_LABELS_H

#include "extxyz/fields.h"
#include "xpot/extxyz.h"
#include "xpot/structure.h"

/* Fills cell, periodic, energy, virial, config_type and notes of a structure; marks the fields it used. */
xp_status xp_labels_apply(xp_fields *fields, const xp_extxyz_keys *keys, xp_structure *structure, xp_error *error);

/* Whether a key is one of the names under which energies, virials and stresses are found. */
bool xp_label_is_known(const char *key);

#endif
