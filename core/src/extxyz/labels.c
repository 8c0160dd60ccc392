/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "extxyz/labels.h"

#include <stdlib.h>
#include <string.h>

/* Names under which exporters write a quantity, tried in this order. */
static const char *const energy_names[] = {"energy", "free_energy", "Energy", "dft_energy", "REF_energy", NULL};
static const char *const virial_names[] = {"virial", "virials", "dft_virial", "REF_virial", NULL};
static const char *const stress_names[] = {"stress", "REF_stress", NULL};
static const char *const lattice_names[] = {"Lattice", "lattice", "cell", NULL};

bool xp_label_is_known(const char *key) {
  static const char *const *const lists[] = {energy_names, virial_names, stress_names};
  for (size_t l = 0; l < sizeof lists / sizeof *lists; ++l)
    for (const char *const *name = lists[l]; *name; ++name)
      if (strcmp(*name, key) == 0) return true;
  return false;
}

/* The field under the wanted key, or under the first of the names when none is wanted; NULL (and XP_OK) when absent. */
static xp_status find(const xp_fields *fields, const char *wanted, const char *const *names, const char *what,
                      xp_field **field, xp_error *error) {
  *field = NULL;
  if (wanted) {
    *field = xp_fields_find(fields, wanted);
    if (!*field)
      return xp_error_at(error, fields->place,
                         "the %s was asked for under the key '%.60s', which this frame does not have", what, wanted);
  }
  for (int i = 0; !wanted && names[i] && !*field; ++i) *field = xp_fields_find(fields, names[i]);
  if (*field) (*field)->used = true;
  return XP_OK;
}

static xp_status read_lattice(xp_fields *fields, xp_structure *structure, bool *present, xp_error *error) {
  xp_field *field;
  double numbers[9];
  int found;
  *present = false;
  xp_status status = find(fields, NULL, lattice_names, "cell", &field, error);
  if (status != XP_OK || !field) return status;
  status = xp_field_numbers(fields, field, numbers, 9, &found, error);
  if (status != XP_OK) return status;
  if (found != 9)
    return xp_error_at(error, xp_field_place(fields, field), "%s has %d numbers, expected 9 (the vectors a, b, c)",
                       field->key, found);
  for (int k = 0; k < 9; ++k) {
    structure->cell[k / 3][k % 3] = numbers[k];
    *present = *present || numbers[k] != 0.0; /* a cell of zeros is how some programs write "none" */
  }
  return XP_OK;
}

/* One spelling of true or false; returns its length, 0 when it is neither. */
static size_t read_logical(const char *at, bool *value) {
  static const struct {
    const char *word;
    bool value;
  } words[] = {{"True", true},   {"true", true},   {"TRUE", true},   {"T", true},  {"t", true},  {"1", true},
               {"False", false}, {"false", false}, {"FALSE", false}, {"F", false}, {"f", false}, {"0", false}};
  for (size_t i = 0; i < sizeof words / sizeof *words; ++i) {
    size_t size = strlen(words[i].word);
    if (strncmp(at, words[i].word, size) == 0 && (!at[size] || strchr(" \t,]", at[size]))) {
      *value = words[i].value;
      return size;
    }
  }
  return 0;
}

static xp_status refuse_periodic(const xp_fields *fields, const xp_field *field, xp_error *error) {
  return xp_error_at(error, xp_field_place(fields, field), "pbc is '%.40s', expected three of T and F", field->value);
}

static xp_status read_periodic(xp_fields *fields, bool lattice, xp_structure *structure, xp_error *error) {
  xp_field *field = xp_fields_find(fields, "pbc");
  int count = 0;
  for (int v = 0; v < 3; ++v) structure->periodic[v] = lattice;
  if (!field) return XP_OK;
  field->used = true;
  for (const char *at = field->value; *at && count <= 3;) {
    if (strchr(" \t,[]", *at)) {
      ++at;
      continue;
    }
    bool value;
    size_t size = read_logical(at, &value);
    if (size == 0) return refuse_periodic(fields, field, error);
    if (count < 3) structure->periodic[count] = value;
    ++count;
    at += size;
  }
  if (count == 1) /* one word for all directions */
    structure->periodic[1] = structure->periodic[2] = structure->periodic[0];
  if (count != 3 && count != 1) return refuse_periodic(fields, field, error);
  if (!lattice && (structure->periodic[0] || structure->periodic[1] || structure->periodic[2]))
    return xp_error_at(error, xp_field_place(fields, field), "pbc is '%.40s' but the frame has no Lattice",
                       field->value);
  return XP_OK;
}

static xp_status read_energy(xp_fields *fields, const char *wanted, xp_structure *structure, xp_error *error) {
  xp_field *field;
  int found;
  xp_status status = find(fields, wanted, energy_names, "energy", &field, error);
  if (status != XP_OK || !field) return status;
  status = xp_field_numbers(fields, field, &structure->energy, 1, &found, error);
  if (status == XP_OK && found != 1)
    status = xp_error_at(error, xp_field_place(fields, field), "%s has no value, expected a number (eV)", field->key);
  structure->has_energy = status == XP_OK;
  return status;
}

/* Nine numbers row by row, or six in Voigt order xx yy zz yz xz xy. */
static xp_status read_tensor(const xp_fields *fields, const xp_field *field, double tensor[3][3], xp_error *error) {
  static const int voigt[3][3] = {{0, 5, 4}, {5, 1, 3}, {4, 3, 2}};
  double numbers[9];
  int found;
  xp_status status = xp_field_numbers(fields, field, numbers, 9, &found, error);
  if (status != XP_OK) return status;
  if (found != 9 && found != 6)
    return xp_error_at(error, xp_field_place(fields, field),
                       "%s has %d numbers, expected 9 (row by row) or 6 (xx yy zz yz xz xy)", field->key, found);
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) tensor[a][b] = found == 9 ? numbers[3 * a + b] : numbers[voigt[a][b]];
  return XP_OK;
}

/* The virial itself, or from ASE's stress = -virial / volume. */
static xp_status read_virial(xp_fields *fields, const xp_extxyz_keys *keys, bool lattice, xp_structure *structure,
                             xp_error *error) {
  xp_field *virial = NULL, *stress = NULL;
  const char *wanted_virial = keys ? keys->virial : NULL, *wanted_stress = keys ? keys->stress : NULL;
  xp_status status = XP_OK;
  if (!wanted_stress) status = find(fields, wanted_virial, virial_names, "virial", &virial, error);
  if (status == XP_OK && !wanted_virial) status = find(fields, wanted_stress, stress_names, "stress", &stress, error);
  if (status != XP_OK) return status;
  if (stress && !lattice && !virial)
    return xp_error_at(error, xp_field_place(fields, stress), "%s needs a Lattice: its unit is eV/Angstrom^3",
                       stress->key);
  xp_field *field = virial ? virial : stress;
  if (!field) return XP_OK;
  status = read_tensor(fields, field, structure->virial, error);
  if (status != XP_OK) return status;
  structure->has_virial = true;
  if (!virial)
    for (int k = 0; k < 9; ++k) structure->virial[k / 3][k % 3] *= -xp_structure_volume(structure);
  return XP_OK;
}

static xp_status keep_notes(const xp_fields *fields, xp_structure *structure, xp_error *error) {
  structure->notes = calloc((size_t)fields->count + 1, sizeof *structure->notes);
  if (!structure->notes) return xp_error_memory(error, "the keys of a comment line");
  for (int i = 0; i < fields->count; ++i) {
    if (fields->items[i].used) continue;
    xp_note *note = &structure->notes[structure->nnotes++];
    note->key = strdup(fields->items[i].key);
    note->value = strdup(fields->items[i].value);
    if (!note->key || !note->value) return xp_error_memory(error, "the keys of a comment line");
  }
  return XP_OK;
}

static xp_status read_config_type(xp_fields *fields, const char *wanted, xp_structure *structure, xp_error *error) {
  static const char *const names[] = {"config_type", NULL};
  xp_field *field;
  xp_status status = find(fields, wanted, names, "group name", &field, error);
  if (status != XP_OK || !field) return status;
  free(structure->config_type);
  structure->config_type = strdup(field->value);
  return structure->config_type ? XP_OK : xp_error_memory(error, "a group name");
}

xp_status xp_labels_apply(xp_fields *fields, const xp_extxyz_keys *keys, xp_structure *structure, xp_error *error) {
  bool lattice;
  xp_status status = read_lattice(fields, structure, &lattice, error);
  if (status == XP_OK) status = read_periodic(fields, lattice, structure, error);
  if (status == XP_OK) status = read_energy(fields, keys ? keys->energy : NULL, structure, error);
  if (status == XP_OK) status = read_virial(fields, keys, lattice, structure, error);
  if (status == XP_OK) status = read_config_type(fields, keys ? keys->config_type : NULL, structure, error);
  if (status == XP_OK) status = keep_notes(fields, structure, error);
  return status;
}
