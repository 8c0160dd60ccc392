/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/words.h"

/* Room for a part of a key. */
enum { PART_SIZE = 128 };

/* A key in its parts. */
typedef struct target {
  char section[PART_SIZE], block[PART_SIZE]; /* "" where there is none */
  const char *name;
  const xp_option *option;
} target;

/* Advice is looked for among the options of the section, or, when there is no such section, among sections. */
static xp_status unknown_key(const char *key, int section, xp_error *error) {
  char names[XP_WORDS_MOST][2 * PART_SIZE];
  const char *words[XP_WORDS_MOST];
  int n = 0;
  for (int i = 0; i < xp_noptions && n < XP_WORDS_MOST && section >= 0; ++i) {
    if (strcmp(xp_options[i].section, xp_sections[section].name) != 0) continue;
    const char *between = xp_options[i].traits & XP_OPTION_KEYED ? ".ALL." : xp_options[i].section[0] ? "." : "";
    snprintf(names[n], sizeof names[n], "%s%s%s", xp_options[i].section, between, xp_options[i].name);
    words[n] = names[n];
    ++n;
  }
  for (int s = 0; s < xp_nsections && section < 0; ++s) words[n++] = xp_sections[s].name;
  char advice[512];
  xp_word_advice(key, words, n, advice, sizeof advice);
  return xp_error_set(error, XP_ERROR_INPUT, "there is no option \"%s\"%s", key, advice);
}

static bool copy_part(char part[PART_SIZE], const char *from, const char *end) {
  size_t size = (size_t)(end - from);
  if (size >= PART_SIZE) return false;
  memcpy(part, from, size);
  part[size] = '\0';
  return true;
}

/* The section ends at the first dot, the block (which may have dots of its own) at the last one. */
static xp_status parse_key(target *t, const char *key, xp_error *error) {
  const char *first = strchr(key, '.'), *last = strrchr(key, '.');
  *t = (target){.name = last ? last + 1 : key};
  bool fits = !first || copy_part(t->section, key, first);
  if (first != last) fits = fits && copy_part(t->block, first + 1, last);
  int section = fits ? xp_section_find(t->section) : -1;
  bool keyed = first != last;
  if (section >= 0) t->option = xp_option_find(t->section, t->name, keyed ? XP_OPTION_KEYED : 0);
  return t->option ? XP_OK : unknown_key(key, section, error);
}

/* The object of a key, made where it is absent; NULL: out of memory. */
static cJSON *enter(cJSON *object, const char *key) {
  if (!key[0]) return object;
  cJSON *inner = cJSON_GetObjectItemCaseSensitive(object, key);
  return inner ? inner : cJSON_AddObjectToObject(object, key);
}

/* Prefactor and exponent of the densities that are left. */
static void shorten_parameters(cJSON *embedding, const cJSON *ndensity) {
  cJSON *list = cJSON_GetObjectItemCaseSensitive(embedding, "fs_parameters");
  int wanted = cJSON_IsNumber(ndensity) ? 2 * ndensity->valueint : 0;
  while (wanted > 0 && cJSON_IsArray(list) && cJSON_GetArraySize(list) > wanted)
    cJSON_DeleteItemFromArray(list, cJSON_GetArraySize(list) - 1);
}

static xp_status make_change(cJSON *root, const xp_change *change, xp_error *error) {
  target t;
  xp_status status = parse_key(&t, change->key, error);
  if (status != XP_OK) return status;
  cJSON *value = cJSON_Parse(change->value);
  if (!value) value = cJSON_CreateString(change->value);
  cJSON *section = enter(root, t.section), *object = section ? enter(section, t.block) : NULL;
  if (value && object && !cJSON_IsObject(object)) {
    cJSON_Delete(value);
    return xp_error_set(error, XP_ERROR_INPUT, "%s: the input has no object to put this into", change->key);
  }
  bool done = value && object;
  if (done && cJSON_GetObjectItemCaseSensitive(object, t.name))
    done = cJSON_ReplaceItemInObjectCaseSensitive(object, t.name, value);
  else if (done)
    done = cJSON_AddItemToObject(object, t.name, value);
  if (!done) {
    cJSON_Delete(value);
    return xp_error_memory(error, "the input file");
  }
  if (strcmp(t.section, "embeddings") == 0 && strcmp(t.name, "ndensity") == 0) shorten_parameters(object, value);
  return XP_OK;
}

xp_status xp_changes_make(cJSON *root, const xp_change *changes, int nchanges, xp_error *error) {
  xp_status status = XP_OK;
  for (int c = 0; c < nchanges && status == XP_OK; ++c) status = make_change(root, &changes[c], error);
  return status;
}
