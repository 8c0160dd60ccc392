/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder with data of random labels, to which no fit is exact, and inputs for them. */
#ifndef XPOT_OBJECTIVE_TESTING_H
#define XPOT_OBJECTIVE_TESTING_H

#include "config/config.h"
#include "testing/testing.h"

/* The folder, made once; removed with all in it by the second. */
const char *xp_testing_folder(void);
void xp_testing_remove(void);

/* A path in it; overwritten by a later call. */
const char *xp_testing_path(const char *name);

/* Writes train.xyz: structures of Si and Ge, every third of config_type B, one C, all others A; energies, forces, virials. */
void xp_testing_write_data(int nstructures);

/* Writes and reads input.json: elements, data {"train": ..., MORE_DATA}, a linear SNAP potential, REST. */
xp_config *xp_testing_config(const char *more_data, const char *rest);

/* The same, for an input that is not good. */
void xp_testing_refuse(const char *more_data, const char *rest, const char *message);

#endif
