/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extended XYZ in the dialects of ASE, QUIP and pacemaker exports. docs/extxyz.md lists the keys, signs and units. */
#ifndef XPOT_EXTXYZ_H
#define XPOT_EXTXYZ_H

#include "xpot/error.h"
#include "xpot/file.h"
#include "xpot/structure.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which keys hold the labels. A NULL member means: try the known names in turn, first one found wins
 * (energy: energy, free_energy, Energy, dft_energy, REF_energy; forces: forces, force, dft_force, REF_forces, and
 * likewise for virial: virial, virials, dft_virial, REF_virial, and stress: stress, REF_stress). A key given by name must
 * be in every frame. */
typedef struct xp_extxyz_keys {
  const char *energy;
  const char *forces;
  const char *virial;      /* eV, positive when the cell wants to expand */
  const char *stress;      /* ASE: eV/Angstrom^3, minus virial over volume; 9 numbers or Voigt xx yy zz yz xz xy */
  const char *config_type; /* default "config_type" */
} xp_extxyz_keys;

/* Reads all frames of a file; keys may be NULL (all defaults). Every structure is checked (xp_structure_check). */
xp_status xp_extxyz_read(xp_dataset **dataset, const char *path, const xp_extxyz_keys *keys, xp_error *error);

/* The same from bytes in memory. */
xp_status xp_extxyz_parse(xp_dataset **dataset, const xp_bytes *bytes, const xp_extxyz_keys *keys, xp_error *error);

/* Writes all frames with 17 significant digits, so that reading them again gives the same numbers. */
xp_status xp_extxyz_write(const char *path, const xp_dataset *dataset, xp_error *error);

#ifdef __cplusplus
}
#endif
#endif
