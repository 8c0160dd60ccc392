/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts that all of XPOT's inputs have: ranges, the section xpot, and the report of what is left. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xpot/file.h"
#include "xpot/structure.h"
#include "xpot_input/hjson.h"
#include "xpot_input/skopt.h"
#include "xpot_input/translation.h"

#define PATH_SIZE 512

/* ---- ranges ---- */

/* Replaces every text that is a range as a whole; where one is a part of a text, as in the groups of SNAP, it stays. */
static xp_status replace_ranges(cJSON *item, const char *path, xp_error *error) {
  int i = 0;
  cJSON *next;
  for (cJSON *child = item->child; child; child = next, ++i) {
    char below[PATH_SIZE], index[16];
    snprintf(index, sizeof index, "%d", i);
    snprintf(below, sizeof below, "%.400s%s%.100s", path, path[0] ? "." : "", child->string ? child->string : index);
    next = child->next;
    xp_status status = replace_ranges(child, below, error);
    if (status != XP_OK) return status;
    if (!cJSON_IsString(child) || strncmp(child->valuestring, "skopt", 5) != 0) continue;
    cJSON *range;
    status = xp_skopt_parse(&range, child->valuestring, below, error);
    if (status != XP_OK) return status;
    if (child->string && !(range->string = strdup(child->string))) status = xp_error_memory(error, "a range");
    if (status != XP_OK || !cJSON_ReplaceItemViaPointer(item, child, range)) {
      cJSON_Delete(range);
      return status != XP_OK ? status : xp_error_memory(error, "a range");
    }
  }
  return XP_OK;
}

/* ---- the section xpot ---- */

static int count_parts(const char *path) {
  int parts = 0;
  for (const char *at = path; at && *at;) {
    at += strspn(at, "/");
    parts += *at != '\0' && strncmp(at, "./", 2) != 0;
    at = strchr(at, '/');
  }
  return parts;
}

/* XPOT read relative paths from the folder of an iteration, so many levels below its start. */
static void put_path(xp_translation *t, const char *role, char *path, int levels) {
  if (!path) return;
  const char *at = path;
  int up = 0;
  while (up < levels && strncmp(at, "../", 3) == 0) at += 3, ++up;
  xp_translation_put(t, xp_translation_section(t, t->to, "data"), role, cJSON_CreateString(at));
  if (up > 0)
    xp_translation_note(t,
                        "data.%s: %s was relative to the folder of an iteration; %s is relative to that of the input",
                        role, path, at);
  free(path);
}

/* Atomic numbers -> symbols, where the elements are not said otherwise. */
static void put_elements(xp_translation *t, cJSON *numbers) {
  cJSON *elements = cJSON_CreateArray();
  int n = cJSON_IsArray(numbers) ? cJSON_GetArraySize(numbers) : numbers != NULL;
  for (int i = 0; i < n; ++i) {
    const cJSON *item = cJSON_IsArray(numbers) ? cJSON_GetArrayItem(numbers, i) : numbers;
    int number = cJSON_IsString(item) ? atoi(item->valuestring) : item->valueint;
    const char *symbol = xp_element_symbol(number);
    if (symbol) cJSON_AddItemToArray(elements, cJSON_CreateString(symbol));
  }
  cJSON_Delete(numbers);
  if (cJSON_GetArraySize(elements) > 0)
    xp_translation_put(t, t->to, "elements", elements);
  else
    cJSON_Delete(elements);
}

static void put_output(xp_translation *t, const char *project, const char *sweep) {
  char output[PATH_SIZE];
  snprintf(output, sizeof output, "%s%s%s", project ? project : "", project && sweep ? "/" : "", sweep ? sweep : "");
  if (output[0]) xp_translation_put(t, t->to, "output", cJSON_CreateString(output));
}

/* alpha weighs components of forces since version 1.1; error_energy_ratio, its older name, weighed vectors. */
static void put_loss(xp_translation *t, cJSON *xpot, bool list) {
  cJSON *loss = xp_translation_section(t, t->to, "loss");
  bool vector = list || (cJSON_GetObjectItemCaseSensitive(xpot, "error_energy_ratio") &&
                         !cJSON_GetObjectItemCaseSensitive(xpot, "alpha"));
  double old = xp_translation_take_number(xpot, "error_energy_ratio", -1.0);
  double alpha = xp_translation_take_number(xpot, "alpha", old);
  if (alpha < 0.0)
    xp_translation_note(t, "xpot.alpha is not given; loss.alpha is that of xpot-opt");
  else
    xp_translation_put(t, loss, "alpha", cJSON_CreateNumber(alpha));
  xp_translation_put(t, loss, "force", cJSON_CreateString(vector ? "vector" : "component"));
}

static void translate_xpot(xp_translation *t, bool list) {
  static const char *const meaningless[] = {"fitting_executable",
                                            "lammps_executable",
                                            "base_directory",
                                            "error_method",
                                            "mpi_nodes",
                                            "mpi_cores_per_node",
                                            NULL};
  cJSON *xpot = xp_translation_take(t->from, "xpot");
  char *project = xp_translation_take_text(xpot, "project_name"), *sweep = xp_translation_take_text(xpot, "sweep_name");
  int levels = 1 + count_parts(project) + count_parts(sweep);
  put_elements(t, xp_translation_take(xpot, "atomic_numbers"));
  put_output(t, project, sweep);
  put_path(t, "train", xp_translation_take_text(xpot, "training_data"), levels);
  char *validate = xp_translation_take_text(xpot, "validation_data");
  put_path(t, "validate", validate ? validate : xp_translation_take_text(xpot, "validaton_data"), levels);
  put_loss(t, xpot, list);
  double folds = xp_translation_take_number(xpot, "xval_sets", 1.0);
  if (folds > 1.0) xp_translation_put(t, xp_translation_section(t, t->to, "data"), "folds", cJSON_CreateNumber(folds));
  xp_translation_drop(xpot, meaningless);
  for (const cJSON *left = xpot ? xpot->child : NULL; left; left = left->next)
    xp_translation_note(t, "xpot.%s has no counterpart and is left out", left->string);
  cJSON_Delete(xpot);
  free(project);
  free(sweep);
}

/* ---- what is left ---- */

static void report_left(xp_translation *t, const cJSON *item, const char *path) {
  for (const cJSON *child = item->child; child; child = child->next) {
    char below[PATH_SIZE];
    snprintf(below, sizeof below, "%.400s%s%.100s", path, path[0] ? "." : "", child->string ? child->string : "...");
    bool nothing = cJSON_IsNull(child) || (cJSON_IsString(child) && !child->valuestring[0]);
    if (cJSON_IsObject(child))
      report_left(t, child, below);
    else if (!nothing)
      xp_translation_note(t, "%s has no counterpart and is left out", below);
  }
}

static bool is_table(const char *path) {
  return strstr(path, ".pckl") || strstr(path, ".pkl") || strstr(path, ".gz");
}

static void report_data(xp_translation *t) {
  const cJSON *data = cJSON_GetObjectItemCaseSensitive(t->to, "data");
  static const char *const roles[] = {"train", "validate"};
  for (int r = 0; r < 2; ++r) {
    const cJSON *path = cJSON_GetObjectItemCaseSensitive(data, roles[r]);
    if (!path)
      xp_translation_note(t, "data.%s is not known: give an extended XYZ file", roles[r]);
    else if (is_table(path->valuestring))
      xp_translation_note(t,
                          "data.%s: %s is a table of pandas, which xpot-opt does not read: write its structures to an "
                          "extended XYZ file (XPOT's pkl2xyz does it) and name that",
                          roles[r], path->valuestring);
  }
  if (!cJSON_GetObjectItemCaseSensitive(t->to, "elements")) {
    xp_translation_note(t, "elements are not known: list them");
    t->failed |= !cJSON_AddArrayToObject(t->to, "elements");
  }
}

/* ---- the whole ---- */

/* The list of sections of version 1.0 as an object of named ones. */
static cJSON *name_sections(cJSON *list) {
  static const char *const names[] = {"xpot",     "[BISPECTRUM]", "[CALCULATOR]", "[ESHIFT]",    "[GROUPS]",
                                      "[MEMORY]", "[OUTFILE]",    "[PATH]",       "[REFERENCE]", "[SCRAPER]",
                                      "[SOLVER]", "[EXTRAS]",     "[PYTORCH]"};
  cJSON *object = cJSON_CreateObject();
  for (size_t s = 0; s < sizeof names / sizeof *names && object && list->child; ++s)
    cJSON_AddItemToObject(object, names[s], cJSON_DetachItemFromArray(list, 0));
  cJSON_Delete(list);
  return object;
}

static xp_status translate(xp_translation *t, const char *path, xp_error *error) {
  bool list = cJSON_IsArray(t->from);
  if (list) t->from = name_sections(t->from);
  if (!t->from) return xp_error_memory(error, "an input of XPOT");
  xp_status status = replace_ranges(t->from, "", error);
  if (status != XP_OK) return status;
  const cJSON *bispectrum = cJSON_GetObjectItemCaseSensitive(t->from, "[BISPECTRUM]");
  if (list && !cJSON_HasObjectItem(bispectrum, "twojmax"))
    return xp_error_at(
        error, (xp_place){path, 0, 0},
        "this list is no input for SNAP, and those of XPOT 1.0 for GAP are not read: write it in the form of "
        "later versions, a section \"gap\" of descriptors");
  bool snap = bispectrum != NULL, gap = cJSON_HasObjectItem(t->from, "gap");
  const cJSON *potential = cJSON_GetObjectItemCaseSensitive(t->from, "potential");
  if (!snap && !gap && !cJSON_GetObjectItemCaseSensitive(potential, "bonds"))
    return xp_error_at(
        error, (xp_place){path, 0, 0},
        "expected an input of XPOT for ACE (potential.bonds), SNAP ([BISPECTRUM]) or GAP (gap), found none of these");
  translate_xpot(t, list);
  if (snap)
    xp_translate_snap(t);
  else if (gap)
    xp_translate_gap(t);
  else
    xp_translate_ace(t);
  report_left(t, t->from, "");
  report_data(t);
  return t->failed ? xp_error_memory(error, "an input of XPOT") : XP_OK;
}

xp_status xp_translate(cJSON **translated, const char *path, void (*note)(void *user, const char *sentence), void *user,
                       xp_error *error) {
  xp_translation t = {.note = note, .user = user, .to = cJSON_CreateObject()};
  xp_bytes bytes = {0};
  xp_status status = xp_bytes_read(&bytes, path, error);
  if (status == XP_OK) status = xp_hjson_parse(&t.from, &bytes, error);
  if (status == XP_OK) status = translate(&t, path, error);
  xp_bytes_free(&bytes);
  cJSON_Delete(t.from);
  *translated = status == XP_OK ? t.to : NULL;
  if (status != XP_OK) cJSON_Delete(t.to);
  return status;
}
