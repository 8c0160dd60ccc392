/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <string.h>

#include "locale/locale.h"
#include "xpot/extxyz.h"

/* A value is quoted when its reader would otherwise end it early or read it as something else. */
static void write_value(FILE *stream, const char *value) {
  if (*value && !strpbrk(value, " \t\n\r\"'\\=,[]{}")) {
    fputs(value, stream);
    return;
  }
  putc('"', stream);
  for (; *value; ++value) {
    if (*value == '"' || *value == '\\') putc('\\', stream);
    if (*value == '\n')
      fputs("\\n", stream);
    else
      putc(*value, stream);
  }
  putc('"', stream);
}

static void write_matrix(FILE *stream, const char *key, const double m[3][3]) {
  fprintf(stream, "%s=\"", key);
  for (int k = 0; k < 9; ++k) fprintf(stream, "%s%.17g", k ? " " : "", m[k / 3][k % 3]);
  fputs("\" ", stream);
}

static bool has_cell(const xp_structure *structure) {
  for (int k = 0; k < 9; ++k)
    if (structure->cell[k / 3][k % 3] != 0.0) return true;
  return false;
}

/* Keys that this writer gives a meaning; a note of the same name (say, an energy the reader was told not to use) is left out. */
static bool is_written(const char *key) {
  static const char *const keys[] = {"Lattice", "Properties", "energy", "virial", "config_type", "pbc"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; ++i)
    if (strcmp(keys[i], key) == 0) return true;
  return false;
}

static void write_comment(FILE *stream, const xp_structure *s) {
  if (has_cell(s)) write_matrix(stream, "Lattice", s->cell);
  fprintf(stream, "Properties=species:S:1:pos:R:3%s%s%s ", s->forces ? ":forces:R:3" : "",
          s->local_energy ? ":local_energy:R:1" : "", s->force_weight ? ":force_weight:R:1" : "");
  if (s->has_energy) fprintf(stream, "energy=%.17g ", s->energy);
  if (s->has_virial) write_matrix(stream, "virial", s->virial);
  if (*s->config_type) {
    fputs("config_type=", stream);
    write_value(stream, s->config_type);
    putc(' ', stream);
  }
  for (int i = 0; i < s->nnotes; ++i) {
    if (is_written(s->notes[i].key)) continue;
    write_value(stream, s->notes[i].key);
    putc('=', stream);
    write_value(stream, s->notes[i].value);
    putc(' ', stream);
  }
  fprintf(stream, "pbc=\"%c %c %c\"\n", s->periodic[0] ? 'T' : 'F', s->periodic[1] ? 'T' : 'F',
          s->periodic[2] ? 'T' : 'F');
}

static void write_frame(FILE *stream, const xp_structure *s) {
  fprintf(stream, "%d\n", s->natoms);
  write_comment(stream, s);
  for (int i = 0; i < s->natoms; ++i) {
    const double *r = s->positions[i];
    fprintf(stream, "%s %.17g %.17g %.17g", s->symbols[i], r[0], r[1], r[2]);
    if (s->forces) fprintf(stream, " %.17g %.17g %.17g", s->forces[i][0], s->forces[i][1], s->forces[i][2]);
    if (s->local_energy) fprintf(stream, " %.17g", s->local_energy[i]);
    if (s->force_weight) fprintf(stream, " %.17g", s->force_weight[i]);
    putc('\n', stream);
  }
}

xp_status xp_extxyz_write(const char *path, const xp_dataset *dataset, xp_error *error) {
  XP_LOCALE_PLAIN;
  xp_output *output;
  xp_status status = xp_output_open(&output, path, error);
  if (status != XP_OK) return status;
  for (int i = 0; i < dataset->nstructures; ++i) write_frame(xp_output_stream(output), dataset->structures[i]);
  return xp_output_commit(output, error);
}
