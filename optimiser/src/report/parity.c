/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/parity.h"

#include <stdio.h>

#include "xpot/file.h"

static const char *const AXES[3] = {"x", "y", "z"};

static void put(FILE *stream, const char *what, int structure, int atom, const char *component, const char *group,
                double reference, double predicted) {
  fprintf(stream, "%s,%d,", what, structure + 1);
  if (atom >= 0) fprintf(stream, "%d", atom + 1);
  fprintf(stream, ",%s,\"%s\",%.10g,%.10g\n", component, group, reference, predicted);
}

static void put_structure(FILE *stream, int s, const xp_structure *a, const xp_structure *b) {
  const char *group = a->config_type;
  if (a->has_energy) put(stream, "energy", s, -1, "", group, a->energy / a->natoms, b->energy / a->natoms);
  for (int atom = 0; atom < a->natoms && a->forces; ++atom)
    for (int d = 0; d < 3; ++d) put(stream, "force", s, atom, AXES[d], group, a->forces[atom][d], b->forces[atom][d]);
  for (int i = 0; i < 3 && a->has_virial && b->has_virial; ++i)
    for (int j = i; j < 3; ++j) {
      char component[3] = {AXES[i][0], AXES[j][0], '\0'};
      put(stream, "virial", s, -1, component, group, a->virial[i][j] / a->natoms, b->virial[i][j] / a->natoms);
    }
}

xp_status xp_parity_write(const char *path, const xp_data *data, xp_structure *const *predicted, xp_error *error) {
  xp_output *output = NULL;
  xp_status status = xp_output_open(&output, path, error);
  if (status != XP_OK) return status;
  FILE *stream = xp_output_stream(output);
  fprintf(stream, "what,structure,atom,component,config_type,reference,predicted\n");
  for (int s = 0; s < data->set->nstructures; ++s) put_structure(stream, s, data->set->structures[s], predicted[s]);
  return xp_output_commit(output, error);
}
