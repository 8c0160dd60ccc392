/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "basis/reference_energy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The text of a scalar for the parser. */
typedef struct source {
  const char *text;
  size_t left;
} source;

static size_t read_text(void *state, char *buffer, size_t size) {
  source *s = state;
  size_t part = s->left < size ? s->left : size;
  memcpy(buffer, s->text, part);
  s->text += part;
  s->left -= part;
  return part;
}

/* Index of an element, nelements for "shift", -1 otherwise. */
static int find_key(const xp_ace_basis *basis, const char *key) {
  for (int i = 0; i < basis->nelements; ++i)
    if (strcmp(key, basis->elements[i]) == 0) return i;
  return strcmp(key, "shift") == 0 ? basis->nelements : -1;
}

static bool read_number(const xp_yaml_tree *tree, const xp_yaml_node *node, double *value) {
  if (node->type != XP_YAML_SCALAR) return false;
  char *end;
  const char *text = xp_yaml_text(tree, node);
  *value = strtod(text, &end);
  return end > text && *end == '\0' && isfinite(*value);
}

/* Elements that the potential does not have may be in the object. place: of the whole value. */
static xp_status take_object(xp_ace_basis *basis, const xp_yaml_tree *tree, const xp_yaml_node *object, xp_place place,
                             xp_error *error) {
  double shift = 0.0;
  for (const xp_yaml_node *key = xp_yaml_first(tree, object), *value; key; key = xp_yaml_next(tree, value)) {
    value = xp_yaml_next(tree, key);
    int index = key->type == XP_YAML_SCALAR ? find_key(basis, xp_yaml_text(tree, key)) : -1;
    if (index < 0) continue;
    if (!read_number(tree, value, index < basis->nelements ? &basis->e0[index] : &shift))
      return xp_error_at(error, place, XP_ACE_REFERENCE_ENERGY ": expected a finite number of eV for \"%.20s\"",
                         xp_yaml_text(tree, key));
  }
  for (int i = 0; i < basis->nelements; ++i) basis->e0[i] -= shift;
  return XP_OK;
}

xp_status xp_ace_reference_energy_read(xp_ace_basis *basis, const xp_yaml_tree *tree, const xp_yaml_node *value,
                                       bool *taken, xp_error *error) {
  xp_place place = xp_yaml_place(tree, value);
  *taken = value->type == XP_YAML_MAPPING;
  if (*taken) return take_object(basis, tree, value, place, error);
  if (value->type != XP_YAML_SCALAR) return XP_OK;
  const char *text = xp_yaml_text(tree, value);
  source state = {text, strlen(text)};
  xp_yaml_source from = {place.file, read_text, &state};
  xp_yaml_tree *object = NULL;
  if (text[strspn(text, " ")] != '{' || xp_yaml_parse(&object, &from, NULL) != XP_OK) return XP_OK;
  *taken = xp_yaml_root(object)->type == XP_YAML_MAPPING;
  xp_status status = *taken ? take_object(basis, object, xp_yaml_root(object), place, error) : XP_OK;
  xp_yaml_free(object);
  return status;
}

bool xp_ace_reference_energy_exists(const xp_ace_basis *basis) {
  for (int i = 0; i < basis->nelements; ++i)
    if (basis->e0[i] != 0.0) return true;
  return false;
}

void xp_ace_reference_energy_put(FILE *out, const xp_ace_basis *basis) {
  fputc('{', out);
  for (int i = 0; i < basis->nelements; ++i)
    fprintf(out, "%s\\\"%s\\\": %.17g", i ? ", " : "", basis->elements[i], basis->e0[i]);
  fputc('}', out);
}
