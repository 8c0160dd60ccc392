/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "extxyz/columns.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "structure/element.h"

/* More columns than this are no atom line. */
enum { COLUMN_LIMIT = 10000 };

/* Names under which exporters write a quantity; the first one in a file wins. */
static const char *const symbol_names[] = {"species", "element", "elements", "symbol", "symbols", NULL};
static const char *const number_names[] = {"Z", "numbers", "atomic_numbers", NULL};
static const char *const position_names[] = {"pos", "positions", NULL};
static const char *const force_names[] = {"forces", "force", "dft_force", "dft_forces", "REF_forces", NULL};
static const char *const local_energy_names[] = {"local_energy", "local_energies", "energies", NULL};
static const char *const force_weight_names[] = {"force_weight", "w_forces", NULL};

/* How well a name fits: 0 for the first of the list, -1 for none of them. */
static int rank_of(const char *const *names, const char *name, size_t size) {
  for (int i = 0; names[i]; ++i)
    if (strlen(names[i]) == size && strncmp(names[i], name, size) == 0) return i;
  return -1;
}

/* One name:type:width of Properties. */
typedef struct property {
  const char *name;
  size_t size;
  char type;
  int width;
} property;

/* A quantity that a property may hold: where to store its column and how well the best name so far fits. */
typedef struct target {
  const char *const *names;
  const char *types; /* type letters that can be read as this quantity */
  int width;
  int *column;
  int rank;
} target;

static xp_status next_property(const char **at, property *p, const xp_fields *fields, const xp_field *field,
                               xp_error *error) {
  const char *name = *at, *colon = strchr(name, ':');
  char *end = NULL;
  long width = 0;
  if (colon && colon > name && colon[1] && colon[2] == ':') width = strtol(colon + 3, &end, 10);
  if (width < 1 || width > COLUMN_LIMIT || !end || (*end && *end != ':') || !strchr("SRILsril", colon[1]))
    return xp_error_at(error, xp_field_place(fields, field),
                       "Properties holds '%.60s' where name:type:columns is expected, with type S, R, I or L (for "
                       "instance pos:R:3)",
                       name);
  *p = (property){name, (size_t)(colon - name), (char)toupper((unsigned char)colon[1]), (int)width};
  *at = *end ? end + 1 : end;
  return XP_OK;
}

static xp_status assign(const property *p, int column, target *targets, int ntargets, const xp_fields *fields,
                        const xp_field *field, xp_error *error) {
  for (target *t = targets; t < targets + ntargets; ++t) {
    int rank = rank_of(t->names, p->name, p->size);
    if (rank < 0 || (t->rank >= 0 && t->rank < rank)) continue;
    if (p->width != t->width || !strchr(t->types, p->type))
      return xp_error_at(error, xp_field_place(fields, field),
                         "the property '%.*s' has type %c and %d columns, expected type %c and %d", (int)p->size,
                         p->name, p->type, p->width, t->types[0], t->width);
    *t->column = column;
    t->rank = rank;
  }
  return XP_OK;
}

static xp_status require(const xp_columns *columns, const char *forces, const xp_fields *fields, const xp_field *field,
                         xp_error *error) {
  xp_place place = field ? xp_field_place(fields, field) : fields->place;
  if (columns->symbol < 0 && columns->number < 0)
    return xp_error_at(error, place, "Properties names no species column (species:S:1 or Z:I:1)");
  if (columns->position < 0) return xp_error_at(error, place, "Properties names no positions (pos:R:3)");
  if (forces && columns->forces < 0)
    return xp_error_at(error, place, "Properties has no forces under the name '%.60s' that was asked for", forces);
  return XP_OK;
}

xp_status xp_columns_parse(xp_columns *columns, const xp_fields *fields, xp_field *properties,
                           const xp_extxyz_keys *keys, xp_error *error) {
  const char *wanted = keys ? keys->forces : NULL;
  const char *const wanted_names[] = {wanted, NULL};
  *columns = (xp_columns){-1, -1, -1, -1, -1, -1, 0};
  target targets[] = {{symbol_names, "S", 1, &columns->symbol, -1},
                      {number_names, "I", 1, &columns->number, -1},
                      {position_names, "R", 3, &columns->position, -1},
                      {wanted ? wanted_names : force_names, "R", 3, &columns->forces, -1},
                      {local_energy_names, "R", 1, &columns->local_energy, -1},
                      {force_weight_names, "RI", 1, &columns->force_weight, -1}};
  if (properties) properties->used = true;
  const char *at = properties ? properties->value : "species:S:1:pos:R:3";
  while (*at) {
    property p = {0};
    xp_status status = next_property(&at, &p, fields, properties, error);
    if (status == XP_OK)
      status = assign(&p, columns->count, targets, (int)(sizeof targets / sizeof *targets), fields, properties, error);
    if (status != XP_OK) return status;
    columns->count += p.width;
    if (columns->count > COLUMN_LIMIT)
      return xp_error_at(error, xp_field_place(fields, properties), "Properties names more than %d columns",
                         COLUMN_LIMIT);
  }
  return require(columns, wanted, fields, properties, error);
}

/* A word of an atom line. */
typedef struct word {
  const char *text;
  int size;
  xp_place place;
} word;

static xp_status read_number(word w, const char *what, double *number, xp_error *error) {
  char *end;
  *number = strtod(w.text, &end);
  if (end != w.text + w.size || !isfinite(*number))
    return xp_error_at(error, w.place, "expected a finite number for the %s, found '%.*s'", what,
                       w.size < 40 ? w.size : 40, w.text);
  return XP_OK;
}

static xp_status read_symbol(word w, xp_symbol symbol, xp_error *error) {
  bool good = w.size < XP_SYMBOL_SIZE && isalpha((unsigned char)w.text[0]);
  for (int i = 1; good && i < w.size; ++i) good = isalnum((unsigned char)w.text[i]) || w.text[i] == '_';
  if (!good)
    return xp_error_at(error, w.place, "expected an element symbol of at most %d letters, found '%.*s'",
                       XP_SYMBOL_SIZE - 1, w.size < 40 ? w.size : 40, w.text);
  memcpy(symbol, w.text, (size_t)w.size);
  symbol[w.size] = '\0';
  return XP_OK;
}

static xp_status read_atomic_number(word w, xp_symbol symbol, xp_error *error) {
  char *end;
  long number = strtol(w.text, &end, 10);
  const char *name = end == w.text + w.size && number > 0 && number < 1000 ? xp_element_symbol((int)number) : NULL;
  if (!name)
    return xp_error_at(error, w.place, "expected an atomic number from 1 to 103, found '%.*s'",
                       w.size < 40 ? w.size : 40, w.text);
  snprintf(symbol, XP_SYMBOL_SIZE, "%s", name);
  return XP_OK;
}

static xp_status read_word(const xp_columns *c, int column, word w, xp_structure *structure, int i, xp_error *error) {
  if (column == c->symbol) return read_symbol(w, structure->symbols[i], error);
  if (column == c->number && c->symbol < 0) return read_atomic_number(w, structure->symbols[i], error);
  if (column >= c->position && column < c->position + 3)
    return read_number(w, "position", &structure->positions[i][column - c->position], error);
  if (c->forces >= 0 && column >= c->forces && column < c->forces + 3)
    return read_number(w, "force", &structure->forces[i][column - c->forces], error);
  if (column == c->local_energy) return read_number(w, "local energy", &structure->local_energy[i], error);
  if (column == c->force_weight) return read_number(w, "force weight", &structure->force_weight[i], error);
  return XP_OK;
}

xp_status xp_columns_read(const xp_columns *columns, const char *line, size_t size, xp_structure *structure, int i,
                          xp_place place, xp_error *error) {
  const char *at = line, *end = line + size;
  int column = 0;
  for (;; ++column) {
    while (at < end && isspace((unsigned char)*at)) ++at;
    if (at == end) break;
    word w = {.text = at, .place = place};
    w.place.column = (long)(at - line) + 1;
    while (at < end && !isspace((unsigned char)*at)) ++at;
    w.size = (int)(at - w.text < 1000000 ? at - w.text : 1000000);
    if (column >= columns->count)
      return xp_error_at(error, w.place, "expected %d columns for atom %d as Properties says, found more",
                         columns->count, i + 1);
    xp_status status = read_word(columns, column, w, structure, i, error);
    if (status != XP_OK) return status;
  }
  if (column < columns->count)
    return xp_error_at(error, place, "expected %d columns for atom %d as Properties says, found %d", columns->count,
                       i + 1, column);
  return XP_OK;
}
