/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/data.h"

#include <stdlib.h>
#include <string.h>

static int find_group(const xp_data *data, const char *name) {
  int g = 0;
  while (g < data->ngroups && strcmp(data->groups[g], name) != 0) ++g;
  return g;
}

static xp_status find_groups(xp_data *data, xp_error *error) {
  int n = data->set->nstructures;
  data->groups = calloc((size_t)n, sizeof *data->groups);
  data->group = calloc((size_t)n, sizeof *data->group);
  if (!data->groups || !data->group) return xp_error_memory(error, "the groups of the data");
  for (int s = 0; s < n; ++s) {
    const xp_structure *structure = data->set->structures[s];
    int g = find_group(data, structure->config_type);
    if (g == data->ngroups) data->groups[data->ngroups++] = structure->config_type;
    data->group[s] = g;
    data->natoms += structure->natoms;
    data->nenergies += structure->has_energy;
    data->nforces += structure->forces != NULL;
    data->nvirials += structure->has_virial;
  }
  return XP_OK;
}

static int compare_symbols(const void *a, const void *b) {
  return strcmp(a, b);
}

static xp_status add_element(xp_data *data, const char *symbol, xp_error *error) {
  for (int e = 0; e < data->nelements; ++e)
    if (strcmp(data->elements[e], symbol) == 0) return XP_OK;
  xp_symbol *more = realloc(data->elements, (size_t)(data->nelements + 1) * sizeof *more);
  if (!more) return xp_error_memory(error, "the elements of the data");
  data->elements = more;
  memcpy(more[data->nelements++], symbol, XP_SYMBOL_SIZE);
  return XP_OK;
}

static xp_status find_elements(xp_data *data, xp_error *error) {
  for (int s = 0; s < data->set->nstructures; ++s)
    for (int atom = 0; atom < data->set->structures[s]->natoms; ++atom) {
      xp_status status = add_element(data, data->set->structures[s]->symbols[atom], error);
      if (status != XP_OK) return status;
    }
  qsort(data->elements, (size_t)data->nelements, sizeof *data->elements, compare_symbols);
  return XP_OK;
}

xp_status xp_data_describe(xp_data *data, xp_error *error) {
  xp_status status = find_groups(data, error);
  return status == XP_OK ? find_elements(data, error) : status;
}

xp_status xp_data_read(xp_data **data, const char *path, const xp_extxyz_keys *keys, xp_error *error) {
  *data = NULL;
  xp_bytes bytes = {0};
  xp_data *new = calloc(1, sizeof *new);
  xp_status status = XP_OK;
  if (!new || !(new->path = strdup(path))) status = xp_error_memory(error, "the data");
  if (status == XP_OK) status = xp_bytes_read(&bytes, path, error);
  if (status == XP_OK) {
    xp_bytes_sha256(bytes.data, bytes.size, new->sha256);
    status = xp_extxyz_parse(&new->set, &bytes, keys, error);
  }
  if (status == XP_OK && new->set->nstructures == 0)
    status = xp_error_at(error, (xp_place){path, 0, 0}, "expected at least one structure, found none");
  if (status == XP_OK) status = xp_data_describe(new, error);
  xp_bytes_free(&bytes);
  if (status == XP_OK)
    *data = new;
  else
    xp_data_free(new);
  return status;
}

void xp_data_free(xp_data *data) {
  if (!data) return;
  xp_dataset_free(data->set);
  free(data->path);
  free(data->groups);
  free(data->group);
  free(data->elements);
  free(data);
}

static xp_status find_species(int *species, const xp_structure *structure, const xp_symbol *elements, int nelements,
                              const char *advice, xp_error *error) {
  for (int atom = 0; atom < structure->natoms; ++atom) {
    int e = 0;
    while (e < nelements && strcmp(structure->symbols[atom], elements[e]) != 0) ++e;
    if (e == nelements)
      return xp_error_at(error, (xp_place){structure->file, structure->line, 0}, "atom %d is %s, which %s", atom + 1,
                         structure->symbols[atom], advice);
    species[atom] = e;
  }
  return XP_OK;
}

xp_status xp_data_species(int *species, const xp_structure *structure, const xp_symbol *elements, int nelements,
                          xp_error *error) {
  return find_species(species, structure, elements, nelements,
                      "is not in \"elements\"; add it there or take the structure out", error);
}

xp_status xp_data_known_species(int *species, const xp_structure *structure, const xp_symbol *elements, int nelements,
                                xp_error *error) {
  return find_species(species, structure, elements, nelements, "the potential does not know; take the structure out",
                      error);
}
