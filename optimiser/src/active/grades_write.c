/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "active/grades.h"
#include "report/table.h"
#include "xpot/extxyz.h"
#include "xpot/file.h"

static const double THRESHOLDS[] = {1.0, 2.0, 5.0, 10.0};
#define NTHRESHOLDS ((int)(sizeof THRESHOLDS / sizeof *THRESHOLDS))
/* Rounding puts atoms of the active set itself on either side of 1. */
#define ROUNDING 1e-6

/* Of a group; of all when it is -1. */
static void print_group(const xp_grades *grades, const xp_data *data, int group, FILE *stream) {
  long natoms = 0, above[NTHRESHOLDS] = {0};
  int nstructures = 0;
  double largest = 0.0;
  for (int s = 0; s < grades->nstructures; ++s) {
    if (group >= 0 && data->group[s] != group) continue;
    int n = data->set->structures[s]->natoms;
    for (int atom = 0; atom < n; ++atom) {
      double gamma = grades->gamma[s][atom];
      if (!(gamma <= largest)) largest = gamma;
      for (int t = 0; t < NTHRESHOLDS; ++t) above[t] += !(gamma <= THRESHOLDS[t] + ROUNDING);
    }
    natoms += n;
    ++nstructures;
  }
  const char *name = group < 0 ? "all" : data->groups[group][0] ? data->groups[group] : "(none)";
  fprintf(stream, "%-24s %10d %10ld %14.10g", name, nstructures, natoms, largest);
  for (int t = 0; t < NTHRESHOLDS; ++t) fprintf(stream, " %8.3f %%", 100.0 * (double)above[t] / (double)natoms);
  fprintf(stream, "\n");
}

void xp_grades_print(const xp_grades *grades, const xp_data *data, FILE *stream) {
  fprintf(stream, "%-24s %10s %10s %14s", "group", "structures", "atoms", "largest gamma");
  for (int t = 0; t < NTHRESHOLDS; ++t) fprintf(stream, "   above %2g", THRESHOLDS[t]);
  fprintf(stream, "\n");
  for (int g = 0; g < data->ngroups && data->ngroups > 1; ++g) print_group(grades, data, g, stream);
  print_group(grades, data, -1, stream);
}

typedef void put(const xp_grades *grades, const xp_data *data, int structure, FILE *stream);

static void put_structure(const xp_grades *grades, const xp_data *data, int s, FILE *stream) {
  int worst = xp_grades_worst(grades, data, s);
  const xp_structure *structure = data->set->structures[s];
  fprintf(stream, "%d,", s + 1);
  xp_table_print_text(stream, structure->config_type);
  fprintf(stream, ",%d,%.12g,%d,%s\n", structure->natoms, grades->gamma[s][worst], worst + 1,
          structure->symbols[worst]);
}

static void put_atoms(const xp_grades *grades, const xp_data *data, int s, FILE *stream) {
  const xp_structure *structure = data->set->structures[s];
  for (int atom = 0; atom < structure->natoms; ++atom)
    fprintf(stream, "%d,%d,%s,%.12g\n", s + 1, atom + 1, structure->symbols[atom], grades->gamma[s][atom]);
}

static void put_all(const xp_grades *grades, const xp_data *data, const char *header, put *line, FILE *stream) {
  fprintf(stream, "%s\n", header);
  for (int s = 0; s < grades->nstructures; ++s) line(grades, data, s, stream);
}

static xp_status write_csv(const xp_grades *grades, const xp_data *data, const char *path, const char *header,
                           put *line, xp_error *error) {
  xp_output *output = NULL;
  if (strcmp(path, "-") == 0) {
    put_all(grades, data, header, line, stdout);
    return XP_OK;
  }
  xp_status status = xp_output_open(&output, path, error);
  if (status != XP_OK) return status;
  put_all(grades, data, header, line, xp_output_stream(output));
  return xp_output_commit(output, error);
}

xp_status xp_grades_write_structures(const xp_grades *grades, const xp_data *data, const char *path, xp_error *error) {
  return write_csv(grades, data, path, "structure,config_type,atoms,largest_gamma,atom,element", put_structure, error);
}

xp_status xp_grades_write_atoms(const xp_grades *grades, const xp_data *data, const char *path, xp_error *error) {
  return write_csv(grades, data, path, "structure,atom,element,gamma", put_atoms, error);
}

/* A structure and its largest grade. */
typedef struct ranked {
  double gamma;
  int structure;
} ranked;

static int compare(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  double u = isnan(x->gamma) ? INFINITY : x->gamma, v = isnan(y->gamma) ? INFINITY : y->gamma;
  if (u != v) return u < v ? 1 : -1;
  return (x->structure > y->structure) - (x->structure < y->structure);
}

/* In place of what pair_style xpotace or an earlier grade said: a key may stand once in a comment line. */
static xp_status set_gamma(xp_structure *structure, double gamma, xp_error *error) {
  static const char key[] = "gamma";
  char text[32];
  int i = 0;
  snprintf(text, sizeof text, "%.12g", gamma);
  while (i < structure->nnotes && strcmp(structure->notes[i].key, key) != 0) ++i;
  if (i == structure->nnotes) {
    xp_note *notes = realloc(structure->notes, (size_t)(i + 1) * sizeof *notes);
    if (!notes) return xp_error_memory(error, "the selection");
    structure->notes = notes;
    notes[structure->nnotes++] = (xp_note){strdup(key), NULL};
  }
  xp_note *note = &structure->notes[i];
  free(note->value);
  note->value = strdup(text);
  return note->key && note->value ? XP_OK : xp_error_memory(error, "the selection");
}

static xp_status select_structures(xp_dataset *set, const xp_data *data, const ranked *order, double above,
                                   xp_error *error) {
  xp_status status = XP_OK;
  for (int i = 0; i < data->set->nstructures && status == XP_OK && !(order[i].gamma <= above); ++i) {
    xp_structure *copy = NULL;
    status = xp_structure_copy(&copy, data->set->structures[order[i].structure], error);
    if (status == XP_OK) status = set_gamma(copy, order[i].gamma, error);
    if (status == XP_OK)
      status = xp_dataset_append(set, copy, error);
    else
      xp_structure_free(copy);
  }
  if (status == XP_OK && set->nstructures == 0)
    status = xp_error_set(error, XP_ERROR_RANGE, "no structure has an atom with gamma above %g: the largest is %.6g",
                          above, order[0].gamma);
  return status;
}

xp_status xp_grades_write_selection(const xp_grades *grades, const xp_data *data, double above, const char *path,
                                    xp_error *error) {
  xp_dataset *set = NULL;
  ranked *order = calloc((size_t)grades->nstructures, sizeof *order);
  xp_status status = order ? xp_dataset_new(&set, error) : xp_error_memory(error, "the selection");
  for (int s = 0; s < grades->nstructures && order; ++s)
    order[s] = (ranked){grades->gamma[s][xp_grades_worst(grades, data, s)], s};
  if (order) qsort(order, (size_t)grades->nstructures, sizeof *order, compare);
  if (status == XP_OK) status = select_structures(set, data, order, above, error);
  if (status == XP_OK) status = xp_extxyz_write(path, set, error);
  xp_dataset_free(set);
  free(order);
  return status;
}
