/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/map.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "config/words.h"

/* Index: fewer by one than the number of different elements, behind ALL. */
static const char *const keywords[] = {"ALL", "UNARY", "BINARY", "TERNARY", "QUATERNARY", "QUINARY"};
enum { KEYWORDS = sizeof keywords / sizeof *keywords };

static bool is_option_of(const xp_option *option, const xp_section *section) {
  return option->traits & XP_OPTION_KEYED && strcmp(option->section, section->name) == 0;
}

xp_status xp_map_new(xp_map *map, const xp_section *section, xp_error *error) {
  *map = (xp_map){.standard = calloc(1, section->size)};
  xp_status status = map->standard ? XP_OK : xp_error_memory(error, "the input file");
  for (int i = 0; i < xp_noptions && status == XP_OK; ++i)
    if (is_option_of(&xp_options[i], section)) status = xp_value_standard(&xp_options[i], map->standard, 0, error);
  return status;
}

static void clear_values(const xp_section *section, void *values) {
  for (int i = 0; i < xp_noptions && values; ++i)
    if (is_option_of(&xp_options[i], section)) xp_value_clear(&xp_options[i], values, 0);
  free(values);
}

void xp_map_clear(xp_map *map, const xp_section *section) {
  for (int e = 0; e < map->count; ++e) {
    clear_values(section, map->entries[e].values);
    free(map->entries[e].species);
    free(map->entries[e].name);
  }
  free(map->entries);
  clear_values(section, map->standard);
  *map = (xp_map){0};
}

const xp_entry *xp_map_find(const xp_map *map, const char *name) {
  for (int e = 0; e < map->count; ++e)
    if (strcmp(map->entries[e].name, name) == 0) return &map->entries[e];
  return NULL;
}

/* ---- keys of blocks ---- */

/* How many keywords make sense for blocks of so many elements. */
static int count_keywords(const xp_section *section) {
  return section->most ? section->most + 1 : KEYWORDS;
}

static xp_status unknown_block(const xp_section *section, const xp_reader *r, const cJSON *item, xp_error *error) {
  const char *names[2 * XP_WORDS_MOST + KEYWORDS];
  int n = 0;
  for (; n < count_keywords(section); ++n) names[n] = keywords[n];
  for (int i = 0; i < xp_noptions && n < XP_WORDS_MOST; ++i)
    if (strcmp(xp_options[i].section, section->name) == 0 && !(xp_options[i].traits & XP_OPTION_KEYED))
      names[n++] = xp_options[i].name;
  for (int e = 0; e < r->nelements && e < XP_WORDS_MOST; ++e) names[n++] = r->elements[e];
  char advice[512];
  xp_word_advice(item->string, names, n, advice, sizeof advice);
  return xp_error_at(error, xp_json_place(r->json, item),
                     "%s: the key \"%s\" is neither %s to %s nor made of symbols in \"elements\"%s", section->name,
                     item->string, keywords[0], keywords[count_keywords(section) - 1], advice);
}

/* The element with the longest symbol that text begins with; -1 when there is none. */
static int leading_element(const xp_reader *r, const char *text) {
  int best = -1;
  for (int e = 0; e < r->nelements; ++e)
    if (strncmp(text, r->elements[e], strlen(r->elements[e])) == 0 &&
        (best < 0 || strlen(r->elements[e]) > strlen(r->elements[best])))
      best = e;
  return best;
}

static bool contains(const xp_entry *entry, int species) {
  for (int s = 0; s < entry->nspecies; ++s)
    if (entry->species[s] == species) return true;
  return false;
}

/* In ascending order behind the first fixed ones. */
static void insert(xp_entry *entry, int fixed, int species) {
  int s = entry->nspecies++;
  for (; s > fixed && entry->species[s - 1] > species; --s) entry->species[s] = entry->species[s - 1];
  entry->species[s] = species;
}

static xp_status read_combination(xp_entry *entry, const xp_section *section, const xp_reader *r, const cJSON *item,
                                  xp_error *error) {
  entry->species = calloc((size_t)r->nelements + 1, sizeof *entry->species);
  if (!entry->species) return xp_error_memory(error, "the input file");
  for (const char *at = item->string; *at;) {
    if (isspace((unsigned char)*at)) {
      ++at;
      continue;
    }
    int e = leading_element(r, at);
    if (e < 0) return unknown_block(section, r, item, error);
    if (contains(entry, e))
      return xp_error_at(error, xp_json_place(r->json, item), "%s: the key \"%s\" names %s twice; name it once",
                         section->name, item->string, r->elements[e]);
    insert(entry, section->directed, e);
    at += strlen(r->elements[e]);
  }
  if (entry->nspecies == 0) return unknown_block(section, r, item, error);
  if (section->most && entry->nspecies > section->most)
    return xp_error_at(error, xp_json_place(r->json, item), "%s: the key \"%s\" names %d elements, expected at most %d",
                       section->name, item->string, entry->nspecies, section->most);
  return XP_OK;
}

static xp_status read_block_key(xp_entry *entry, const xp_section *section, const xp_reader *r, const cJSON *item,
                                xp_error *error) {
  for (int k = 0; k < count_keywords(section); ++k)
    if (strcmp(item->string, keywords[k]) == 0) entry->keyword = k;
  return entry->keyword >= 0 ? XP_OK : read_combination(entry, section, r, item, error);
}

static bool same_block(const xp_entry *entry, const int *species, int nspecies) {
  return entry->keyword < 0 && nspecies > 0 && entry->nspecies == nspecies &&
         memcmp(entry->species, species, (size_t)nspecies * sizeof *species) == 0;
}

/* "SbTe" and "Sb Te" are one block. */
static xp_status check_repeated(const xp_map *map, const xp_section *section, const xp_entry *entry, xp_error *error) {
  for (const xp_entry *e = map->entries; e < entry; ++e)
    if (entry->keyword < 0 && same_block(e, entry->species, entry->nspecies))
      return xp_error_at(error, entry->place, "%s: the key \"%s\" means the same as \"%s\"; join them", section->name,
                         entry->name, e->name);
  return XP_OK;
}

/* ---- entries ---- */

static xp_status unknown_option(const xp_section *section, const xp_reader *r, const cJSON *item, xp_error *error) {
  const char *names[XP_WORDS_MOST];
  int n = 0;
  for (int i = 0; i < xp_noptions && n < XP_WORDS_MOST; ++i)
    if (is_option_of(&xp_options[i], section)) names[n++] = xp_options[i].name;
  char advice[512];
  xp_word_advice(item->string, names, n, advice, sizeof advice);
  return xp_error_at(error, xp_json_place(r->json, item), "unknown key \"%s\" in %s%s", item->string, section->name,
                     advice);
}

static xp_status parse_values(xp_entry *entry, const xp_section *section, const xp_reader *r, const cJSON *object,
                              xp_error *error) {
  char prefix[160];
  snprintf(prefix, sizeof prefix, "%s.%s", section->name, object->string);
  if (!cJSON_IsObject(object))
    return xp_error_at(error, xp_json_place(r->json, object), "%s: expected an object, found %s", object->string,
                       xp_json_kind(object));
  xp_status status = XP_OK;
  for (const cJSON *item = object->child; item && status == XP_OK; item = item->next) {
    const xp_option *option = xp_option_find(section->name, item->string, XP_OPTION_KEYED);
    if (!option) return unknown_option(section, r, item, error);
    status = xp_value_parse(option, prefix, entry->values, r, item, error);
  }
  return status;
}

xp_status xp_map_parse(xp_map *map, const xp_section *section, const xp_reader *reader, const cJSON *item,
                       xp_error *error) {
  xp_entry *more = realloc(map->entries, (size_t)(map->count + 1) * sizeof *more);
  if (!more) return xp_error_memory(error, "the input file");
  map->entries = more;
  xp_entry *entry = &map->entries[map->count++];
  *entry = (xp_entry){.name = strdup(item->string), .keyword = -1, .values = calloc(1, section->size)};
  entry->place = xp_json_place(reader->json, item);
  entry->place.file = reader->path;
  if (!entry->name || !entry->values) return xp_error_memory(error, "the input file");
  xp_status status = XP_OK;
  if (section->keys == XP_KEYS_BLOCKS) status = read_block_key(entry, section, reader, item, error);
  if (status == XP_OK) status = check_repeated(map, section, entry, error);
  if (status == XP_OK) status = parse_values(entry, section, reader, item, error);
  return status;
}

/* ---- meaning ---- */

void xp_map_override(const xp_section *section, const xp_entry *entry, void *values) {
  for (int i = 0; i < xp_noptions && entry; ++i)
    if (is_option_of(&xp_options[i], section) && xp_value_given(&xp_options[i], entry->values, 0))
      xp_value_borrow(&xp_options[i], entry->values, values);
}

void xp_map_resolve(const xp_map *map, const xp_section *section, const int *species, int nspecies, void *values) {
  memcpy(values, map->standard, section->size);
  xp_map_override(section, xp_map_find(map, keywords[0]), values);
  if (nspecies < KEYWORDS) xp_map_override(section, xp_map_find(map, keywords[nspecies]), values);
  for (int e = 0; e < map->count; ++e)
    if (same_block(&map->entries[e], species, nspecies)) xp_map_override(section, &map->entries[e], values);
}

/* The elements of a bit set in ascending order; the centre first. Returns their number. */
static int list_species(unsigned set, int centre, int nelements, int *species) {
  int n = 0;
  if (centre >= 0) species[n++] = centre;
  for (int e = 0; e < nelements; ++e)
    if (set >> e & 1u && e != centre) species[n++] = e;
  return n;
}

xp_status xp_map_each(const xp_section *section, int nelements, xp_map_visit *visit, void *context, xp_error *error) {
  xp_status status = XP_OK;
  int *species = calloc((size_t)nelements + 1, sizeof *species);
  if (!species) return xp_error_memory(error, "the blocks of elements");
  for (int size = 1; size <= nelements && (!section->most || size <= section->most); ++size)
    for (int centre = section->directed ? 0 : -1; centre < (section->directed ? nelements : 0); ++centre)
      for (unsigned set = 1; set < 1u << nelements && status == XP_OK; ++set) {
        if (__builtin_popcount(set) != size || (centre >= 0 && !(set >> centre & 1u))) continue;
        int n = list_species(set, centre, nelements, species);
        status = visit(context, species, n, error);
      }
  free(species);
  return status;
}
