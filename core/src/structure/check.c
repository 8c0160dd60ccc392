/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "neighbour/search.h"
#include "structure/cell.h"
#include "xpot/structure.h"

xp_status xp_structure_refuse(const xp_structure *structure, xp_error *error, const char *format, ...) {
  char sentence[XP_ERROR_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(sentence, sizeof sentence, format, arguments);
  va_end(arguments);
  xp_error_at(error, (xp_place){structure->file, structure->line, 0}, "%s", sentence);
  if (error) error->status = XP_ERROR_RANGE;
  return XP_ERROR_RANGE;
}

static xp_status check_cell_labels(const xp_structure *structure, xp_error *error) {
  if (structure->has_energy && !isfinite(structure->energy))
    return xp_structure_refuse(structure, error, "the energy is %g, expected a finite number; correct or remove it",
                               structure->energy);
  for (int v = 0; structure->has_virial && v < 3; ++v)
    for (int d = 0; d < 3; ++d)
      if (!isfinite(structure->virial[v][d]))
        return xp_structure_refuse(structure, error,
                                   "the virial has the component %g, expected finite numbers; correct or "
                                   "remove it",
                                   structure->virial[v][d]);
  return XP_OK;
}

static xp_status check_atom_labels(const xp_structure *structure, xp_error *error) {
  for (int i = 0; i < structure->natoms; ++i) {
    for (int d = 0; structure->forces && d < 3; ++d)
      if (!isfinite(structure->forces[i][d]))
        return xp_structure_refuse(structure, error,
                                   "atom %d (%s) has the force component %g, expected a finite number; "
                                   "correct it",
                                   i + 1, structure->symbols[i], structure->forces[i][d]);
    if (structure->local_energy && !isfinite(structure->local_energy[i]))
      return xp_structure_refuse(structure, error,
                                 "atom %d (%s) has the local energy %g, expected a finite number; "
                                 "correct it",
                                 i + 1, structure->symbols[i], structure->local_energy[i]);
    if (structure->force_weight && !(isfinite(structure->force_weight[i]) && structure->force_weight[i] >= 0.0))
      return xp_structure_refuse(structure, error,
                                 "atom %d (%s) has the force weight %g, expected a finite number not below 0; "
                                 "correct it",
                                 i + 1, structure->symbols[i], structure->force_weight[i]);
  }
  return XP_OK;
}

/* The closest pair of atoms; second < 0 while none was seen. */
typedef struct closest_pair {
  int first, second;
  double square;
} closest_pair;

static void note_pair(void *context, int i, int j, const double displacement[3], double square) {
  (void)displacement;
  closest_pair *closest = context;
  if (closest->second < 0 || square < closest->square) *closest = (closest_pair){i, j, square};
}

static xp_status check_distances(const xp_structure *structure, xp_error *error) {
  xp_search *search = NULL;
  xp_status status = xp_search_new(&search, structure, XP_MINIMUM_DISTANCE, error);
  if (status != XP_OK) return status;
  closest_pair closest = {0, -1, 0.0};
  xp_search_visit(search, note_pair, &closest);
  xp_search_free(search);
  if (closest.second < 0) return XP_OK;
  return xp_structure_refuse(structure, error,
                             "atoms %d (%s) and %d (%s) are %g Angstrom apart (images included), expected "
                             "at least %g; remove the atom that is written twice",
                             closest.first + 1, structure->symbols[closest.first], closest.second + 1,
                             structure->symbols[closest.second], sqrt(closest.square), XP_MINIMUM_DISTANCE);
}

xp_status xp_structure_check(const xp_structure *structure, xp_error *error) {
  xp_status status = check_cell_labels(structure, error);
  if (status == XP_OK) status = check_atom_labels(structure, error);
  if (status == XP_OK) status = check_distances(structure, error);
  return status;
}
