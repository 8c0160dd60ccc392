/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inputs for FitSNAP, whose sections have names in brackets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xpot_input/skopt.h"
#include "xpot_input/translation.h"

/* Most columns of a line of a group. */
#define COLUMNS_MOST 16

static cJSON *section_of(const xp_translation *t, const char *name) {
  return cJSON_GetObjectItemCaseSensitive(t->from, name);
}

/* ---- words and lines ---- */

/* The next word of a text, blanks within parentheses being part of it; NULL: there is none. The caller frees it. */
static char *next_word(const char **text) {
  const char *start = *text + strspn(*text, " \t"), *at = start;
  int depth = 0;
  for (; *at && (depth > 0 || (*at != ' ' && *at != '\t')); ++at) depth += (*at == '(') - (*at == ')');
  *text = at;
  return at > start ? strndup(start, (size_t)(at - start)) : NULL;
}

/* A line of blank-separated values, or a list of them, as an array; takes line over. */
static cJSON *to_list(xp_translation *t, cJSON *line) {
  if (!cJSON_IsString(line)) return line;
  cJSON *list = cJSON_CreateArray();
  const char *text = line->valuestring;
  for (char *word; (word = next_word(&text));) {
    cJSON *value = NULL;
    xp_error error = {0};
    if (xp_skopt_detect(word) && xp_skopt_parse(&value, word, line->string ? line->string : "", &error) != XP_OK)
      xp_translation_note(t, "%s", error.message);
    if (!value) value = cJSON_CreateString(word);
    t->failed |= !value || !cJSON_AddItemToArray(list, value);
    free(word);
  }
  cJSON_Delete(line);
  return list;
}

/* ---- the model ---- */

static void put_elements(xp_translation *t, cJSON *bispectrum) {
  cJSON *type = xp_translation_take(bispectrum, "type"), *elements = to_list(t, type);
  if (!elements) return;
  cJSON_DeleteItemFromObjectCaseSensitive(t->to, "elements");
  xp_translation_put(t, t->to, "elements", elements);
}

/* One value for all elements, a line of one an element, or keys with their numbers (wj1, wj2, ...). */
static void put_per_element(xp_translation *t, cJSON *bispectrum, cJSON *ours, const char *key) {
  const cJSON *elements = cJSON_GetObjectItemCaseSensitive(t->to, "elements");
  cJSON *list = to_list(t, xp_translation_take(bispectrum, key));
  cJSON *values = cJSON_CreateObject();
  int n = cJSON_GetArraySize(elements);
  for (int e = 0; e < n; ++e) {
    char numbered[64];
    snprintf(numbered, sizeof numbered, "%.50s%d", key, e + 1);
    cJSON *value = xp_translation_take(bispectrum, numbered);
    if (!value && cJSON_IsArray(list) && cJSON_GetArraySize(list) == n - e) value = cJSON_DetachItemFromArray(list, 0);
    xp_translation_put(t, values, cJSON_GetArrayItem(elements, e)->valuestring, value);
  }
  bool single = cJSON_GetArraySize(values) == 1 && n == 1;
  if (single)
    xp_translation_put(t, ours, key, cJSON_DetachItemFromObjectCaseSensitive(values, values->child->string));
  else if (values->child)
    xp_translation_put(t, ours, key, cJSON_Duplicate(values, true));
  else if (list && !cJSON_IsArray(list)) {
    xp_translation_put(t, ours, key, list);
    list = NULL;
  } else if (cJSON_GetArraySize(list) == 1)
    xp_translation_put(t, ours, key, cJSON_DetachItemFromArray(list, 0));
  cJSON_Delete(values);
  cJSON_Delete(list);
}

static void translate_bispectrum(xp_translation *t) {
  static const char *const same[] = {"twojmax", "rcutfac", "rfac0", "rmin0"};
  static const char *const flags[] = {"chemflag",  "bnormflag",  "wselfallflag",
                                      "bzeroflag", "switchflag", "switchinnerflag"};
  static const char *const each[] = {"wj", "radelem", "sinner", "dinner"};
  static const char *const meaningless[] = {"numTypes", NULL};
  cJSON *bispectrum = section_of(t, "[BISPECTRUM]"), *ours = xp_translation_section(t, t->to, "potential");
  bool quadratic = xp_translation_take_number(bispectrum, "quadraticflag", 0.0) != 0.0;
  t->failed |= !cJSON_AddStringToObject(ours, "kind", quadratic ? "qsnap" : "snap");
  put_elements(t, bispectrum);
  for (size_t i = 0; i < sizeof same / sizeof *same; ++i)
    xp_translation_put(t, ours, same[i], xp_translation_take(bispectrum, same[i]));
  for (size_t i = 0; i < sizeof each / sizeof *each; ++i) put_per_element(t, bispectrum, ours, each[i]);
  for (size_t i = 0; i < sizeof flags / sizeof *flags; ++i)
    xp_translation_put_flag(t, ours, flags[i], xp_translation_take(bispectrum, flags[i]));
  if (!cJSON_HasObjectItem(ours, "bzeroflag")) t->failed |= !cJSON_AddFalseToObject(ours, "bzeroflag");
  xp_translation_drop(bispectrum, meaningless);
}

/* FitSNAP adds its shifts to the energies; reference energies are taken off. */
static void translate_shifts(xp_translation *t) {
  cJSON *shifts = section_of(t, "[ESHIFT]"), *next;
  const cJSON *elements = cJSON_GetObjectItemCaseSensitive(t->to, "elements");
  for (cJSON *item = shifts ? shifts->child : NULL; item; item = next) {
    bool known = false;
    next = item->next;
    for (int e = 0; e < cJSON_GetArraySize(elements); ++e)
      known |= strcmp(cJSON_GetArrayItem(elements, e)->valuestring, item->string) == 0;
    char *symbol = strdup(item->string);
    double shift = known && symbol ? xp_translation_take_number(shifts, symbol, 0.0) : 0.0;
    if (shift != 0.0)
      xp_translation_put(t, xp_translation_section(t, t->to, "reference_energies"), symbol, cJSON_CreateNumber(-shift));
    free(symbol);
  }
}

/* ---- weights ---- */

/* What the columns of group lines are. */
typedef struct columns {
  int count;
  char *names[COLUMNS_MOST]; /* owned */
} columns;

static columns take_columns(xp_translation *t, cJSON *groups) {
  columns c = {0};
  cJSON *list = to_list(t, xp_translation_take(groups, "group_sections"));
  /* the first is the name, which is the key */
  for (int i = 1; i < cJSON_GetArraySize(list) && c.count < COLUMNS_MOST; ++i) {
    const cJSON *name = cJSON_GetArrayItem(list, i);
    if (cJSON_IsString(name)) c.names[c.count++] = strdup(name->valuestring);
  }
  cJSON_Delete(list);
  return c;
}

/* A line of a group as an object, column by column. */
static cJSON *name_columns(xp_translation *t, const columns *c, cJSON *line) {
  cJSON *list = to_list(t, line), *object = cJSON_CreateObject();
  for (int i = 0; i < c->count && cJSON_GetArraySize(list) > 0; ++i)
    xp_translation_put(t, object, c->names[i], cJSON_DetachItemFromArray(list, 0));
  cJSON_Delete(list);
  return object;
}

static void put_group(xp_translation *t, const char *name, cJSON *row, bool stress) {
  double share = xp_translation_take_number(row, "training_size", xp_translation_take_number(row, "size", 1.0));
  if (share == 0.0) {
    xp_translation_note(t, "[GROUPS].%s is test data and has no weights: its structures belong into data.validate",
                        name);
    return;
  }
  if (share != 1.0)
    xp_translation_note(t, "[GROUPS].%s: training_size %g is left out: all structures of data.train are fitted to",
                        name, share);
  cJSON *group = xp_translation_section(t, xp_translation_section(t, t->to, "weights"), name);
  xp_translation_put(t, group, "eweight", xp_translation_take(row, "eweight"));
  xp_translation_put(t, group, "fweight", xp_translation_take(row, "fweight"));
  cJSON *virial = xp_translation_take(row, "vweight");
  if (stress)
    xp_translation_put(t, group, "vweight", virial);
  else
    cJSON_Delete(virial);
}

static void translate_groups(xp_translation *t, bool stress) {
  static const char *const meaningless[] = {"group_types", "random_seed", NULL};
  static const char *const policies[] = {"smartweights", "random_sampling", "BOLTZT"};
  cJSON *groups = section_of(t, "[GROUPS]");
  columns c = take_columns(t, groups);
  xp_translation_drop(groups, meaningless);
  for (int p = 0; p < 3; ++p)
    if (xp_translation_take_number(groups, policies[p], 0.0) != 0.0)
      xp_translation_note(t, "[GROUPS].%s has no counterpart and is left out", policies[p]);
  while (groups && groups->child) {
    char *name = strdup(groups->child->string ? groups->child->string : "");
    cJSON *row = name_columns(t, &c, cJSON_DetachItemFromArray(groups, 0));
    if (name) put_group(t, name, row, stress);
    t->failed |= !name;
    free(name);
    cJSON_Delete(row);
  }
  for (int i = 0; i < c.count; ++i) free(c.names[i]);
  if (cJSON_HasObjectItem(t->to, "weights"))
    xp_translation_note(
        t, "groups of FitSNAP are files or folders: those of xpot-opt are the config_type of structures in data.train");
}

/* ---- the rest ---- */

static void translate_reference(xp_translation *t) {
  cJSON *reference = section_of(t, "[REFERENCE]");
  char *style = xp_translation_take_text(reference, "pair_style");
  if (style && strncmp(style, "zero", 4) != 0)
    xp_translation_note(
        t,
        "[REFERENCE]: \"%s\" is left out: take its energies and forces off the labels, and overlay it in "
        "LAMMPS",
        style);
  free(style);
  cJSON_DeleteItemFromObjectCaseSensitive(t->from, "[REFERENCE]");
}

static void translate_solver(xp_translation *t) {
  cJSON *solver = section_of(t, "[SOLVER]");
  char *name = xp_translation_take_text(solver, "solver");
  if (name && strcmp(name, "SVD") != 0)
    xp_translation_note(t, "[SOLVER].solver \"%s\" is left out: fits are least squares, with fit.ridge if given", name);
  free(name);
  cJSON_DeleteItemFromObjectCaseSensitive(t->from, "[SOLVER]");
}

static void translate_paths(xp_translation *t) {
  char *name = xp_translation_take_text(section_of(t, "[OUTFILE]"), "potential");
  char *folder = xp_translation_take_text(section_of(t, "[PATH]"), "dataPath");
  if (name && !strchr(name, '/')) xp_translation_put(t, t->to, "name", cJSON_CreateString(name));
  if (folder)
    xp_translation_note(
        t, "[PATH].dataPath: xpot-opt does not read the folder %s of FitSNAP: data.train is one extended XYZ file",
        folder);
  free(name);
  free(folder);
}

void xp_translate_snap(xp_translation *t) {
  static const char *const meaningless[] = {"[SCRAPER]", "[EXTRAS]",  "[MEMORY]", "[OUTFILE]",
                                            "[PATH]",    "[PYTORCH]", NULL};
  cJSON *calculator = section_of(t, "[CALCULATOR]");
  bool stress = xp_translation_take_number(calculator, "stress", 0.0) != 0.0;
  if (xp_translation_take_number(calculator, "energy", 1.0) == 0.0)
    xp_translation_note(t, "[CALCULATOR].energy 0: set weights.default.eweight to 0");
  if (xp_translation_take_number(calculator, "force", 1.0) == 0.0)
    xp_translation_note(t, "[CALCULATOR].force 0: set weights.default.fweight to 0");
  cJSON_DeleteItemFromObjectCaseSensitive(calculator, "calculator");
  translate_bispectrum(t);
  translate_shifts(t);
  translate_groups(t, stress);
  translate_reference(t);
  translate_solver(t);
  translate_paths(t);
  xp_translation_drop(t->from, meaningless);
}
