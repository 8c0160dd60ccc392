/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xpot/structure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "structure/cell.h"

xp_status xp_structure_new(xp_structure **result, int natoms, xp_error *error) {
  *result = NULL;
  if (natoms < 1)
    return xp_error_set(error, XP_ERROR_RANGE, "a structure needs at least one atom, %d were asked for", natoms);
  xp_structure *structure = calloc(1, sizeof *structure);
  if (!structure) return xp_error_memory(error, "a structure");
  structure->natoms = natoms;
  structure->symbols = calloc((size_t)natoms, sizeof *structure->symbols);
  structure->positions = calloc((size_t)natoms, sizeof *structure->positions);
  structure->config_type = strdup("");
  if (!structure->symbols || !structure->positions || !structure->config_type) {
    xp_structure_free(structure);
    return xp_error_memory(error, "the atoms of a structure");
  }
  *result = structure;
  return XP_OK;
}

/* A copy of bytes, or NULL when there are none; clears *ok when out of memory. */
static void *duplicate(const void *data, size_t size, bool *ok) {
  if (!data) return NULL;
  void *copy = malloc(size);
  if (copy)
    memcpy(copy, data, size);
  else
    *ok = false;
  return copy;
}

static char *duplicate_text(const char *text, bool *ok) {
  return duplicate(text, text ? strlen(text) + 1 : 0, ok);
}

static void copy_notes(xp_structure *copy, const xp_structure *structure, bool *ok) {
  if (structure->nnotes == 0) return;
  copy->notes = calloc((size_t)structure->nnotes, sizeof *copy->notes);
  if (!copy->notes) {
    *ok = false;
    return;
  }
  copy->nnotes = structure->nnotes;
  for (int i = 0; i < copy->nnotes; ++i) {
    copy->notes[i].key = duplicate_text(structure->notes[i].key, ok);
    copy->notes[i].value = duplicate_text(structure->notes[i].value, ok);
  }
}

xp_status xp_structure_copy(xp_structure **result, const xp_structure *structure, xp_error *error) {
  *result = NULL;
  xp_structure *copy = malloc(sizeof *copy);
  if (!copy) return xp_error_memory(error, "a copy of a structure");
  bool ok = true;
  size_t n = (size_t)structure->natoms;
  *copy = *structure;
  copy->notes = NULL;
  copy->nnotes = 0;
  copy->symbols = duplicate(structure->symbols, n * sizeof *copy->symbols, &ok);
  copy->positions = duplicate(structure->positions, n * sizeof *copy->positions, &ok);
  copy->forces = duplicate(structure->forces, n * sizeof *copy->forces, &ok);
  copy->local_energy = duplicate(structure->local_energy, n * sizeof *copy->local_energy, &ok);
  copy->force_weight = duplicate(structure->force_weight, n * sizeof *copy->force_weight, &ok);
  copy->config_type = duplicate_text(structure->config_type, &ok);
  copy->file = duplicate_text(structure->file, &ok);
  copy_notes(copy, structure, &ok);
  if (!ok) {
    xp_structure_free(copy);
    return xp_error_memory(error, "a copy of a structure");
  }
  *result = copy;
  return XP_OK;
}

void xp_structure_free(xp_structure *structure) {
  if (!structure) return;
  free(structure->symbols);
  free(structure->positions);
  free(structure->forces);
  free(structure->local_energy);
  free(structure->force_weight);
  free(structure->config_type);
  for (int i = 0; i < structure->nnotes; ++i) {
    free(structure->notes[i].key);
    free(structure->notes[i].value);
  }
  free(structure->notes);
  free(structure->file);
  free(structure);
}

double xp_structure_volume(const xp_structure *structure) {
  return fabs(xp_cell_determinant(structure->cell));
}
