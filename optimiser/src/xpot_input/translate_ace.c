/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inputs for pacemaker: most names are ours. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/option.h"
#include "xpot_input/translation.h"

/* Moves what the option table knows from one object to another. */
static void move_known(xp_translation *t, cJSON *from, cJSON *to, const char *section, int keyed) {
  cJSON *next;
  for (cJSON *item = from ? from->child : NULL; item; item = next) {
    next = item->next;
    const xp_option *option = xp_option_find(section, item->string, keyed);
    if (!option) continue;
    char *key = item->string ? strdup(item->string) : NULL;
    if (key) xp_translation_put(t, to, key, xp_translation_take(from, key));
    t->failed |= !key;
    free(key);
  }
}

/* Blocks of elements: ALL, UNARY, ..., and combinations. */
static void move_blocks(xp_translation *t, cJSON *potential, const char *name) {
  cJSON *from = cJSON_GetObjectItemCaseSensitive(potential, name), *to = xp_translation_section(t, t->to, name);
  move_known(t, from, to, name, 0);
  for (cJSON *block = from ? from->child : NULL; block; block = block->next)
    if (cJSON_IsObject(block))
      move_known(t, block, xp_translation_section(t, to, block->string), name, XP_OPTION_KEYED);
}

/* A cutoff function other than the cosine is not ours. */
static void check_cutoffs(xp_translation *t, cJSON *bonds) {
  for (cJSON *block = bonds ? bonds->child : NULL; block; block = block->next) {
    char *name = xp_translation_take_text(block, "NameofCutoffFunction");
    if (name && strcmp(name, "cos") != 0)
      xp_translation_note(t, "potential.bonds.%s.NameofCutoffFunction is \"%s\", but that of xpot-opt is cos",
                          block->string, name);
    free(name);
  }
}

static void translate_potential(xp_translation *t, cJSON *potential) {
  cJSON *ours = xp_translation_section(t, t->to, "potential");
  t->failed |= !cJSON_AddStringToObject(ours, "kind", "ace");
  xp_translation_put(t, ours, "delta_spline_bins", xp_translation_take(potential, "deltaSplineBins"));
  cJSON *elements = xp_translation_take(potential, "elements");
  if (elements) cJSON_DeleteItemFromObjectCaseSensitive(t->to, "elements");
  xp_translation_put(t, t->to, "elements", elements);
  check_cutoffs(t, cJSON_GetObjectItemCaseSensitive(potential, "bonds"));
  move_blocks(t, potential, "embeddings");
  move_blocks(t, potential, "bonds");
  move_blocks(t, potential, "functions");
}

static void translate_weighting(xp_translation *t, cJSON *fit, cJSON *ours) {
  cJSON *weighting = cJSON_GetObjectItemCaseSensitive(fit, "weighting");
  char *type = xp_translation_take_text(weighting, "type");
  if (type && strcmp(type, "EnergyBasedWeightingPolicy") == 0) {
    t->failed |= !cJSON_AddStringToObject(ours, "weighting", "energy");
    move_known(t, weighting, ours, "fit", 0);
  } else if (type && strcmp(type, "UniformWeightingPolicy") != 0)
    xp_translation_note(t, "fit.weighting.type \"%s\" has no counterpart and is left out", type);
  free(type);
}

static void translate_fit(xp_translation *t, cJSON *fit) {
  static const char *const same[] = {"ladder_step", "ladder_type", NULL};
  cJSON *ours = xp_translation_section(t, t->to, "fit");
  move_known(t, cJSON_GetObjectItemCaseSensitive(fit, "loss"), ours, "fit", 0);
  xp_translation_put(t, ours, "iterations", xp_translation_take(fit, "maxiter"));
  for (const char *const *key = same; *key; ++key) xp_translation_put(t, ours, *key, xp_translation_take(fit, *key));
  translate_weighting(t, fit, ours);
  char *optimizer = xp_translation_take_text(fit, "optimizer"),
       *trainable = xp_translation_take_text(fit, "trainable_parameters");
  if (optimizer && strcmp(optimizer, "BFGS") != 0 && strcmp(optimizer, "L-BFGS-B") != 0)
    xp_translation_note(t, "fit.optimizer \"%s\" is left out: xpot-opt has fit.solver", optimizer);
  if (trainable && strcmp(trainable, "func") == 0)
    t->failed |= !cJSON_AddStringToObject(ours, "trainable", "functions");
  if (trainable && strcmp(trainable, "func") != 0 && strcmp(trainable, "ALL") != 0)
    xp_translation_note(t, "fit.trainable_parameters \"%s\" is left out: all parameters are fitted", trainable);
  cJSON *repulsion = xp_translation_take(fit, "repulsion");
  bool automatic = cJSON_IsString(repulsion) && strcmp(repulsion->valuestring, "auto") == 0;
  t->failed |= !cJSON_AddStringToObject(xp_translation_section(t, t->to, "potential"), "repulsion",
                                        automatic ? "auto" : "given");
  cJSON_Delete(repulsion);
  free(optimizer);
  free(trainable);
}

static char *join(const char *folder, char *name) {
  if (!folder || !name || name[0] == '/') return name;
  size_t size = strlen(folder) + strlen(name) + 2;
  char *path = malloc(size);
  if (!path) return name;
  snprintf(path, size, "%s/%s", folder, name);
  free(name);
  return path;
}

static void translate_data(xp_translation *t, cJSON *data) {
  cJSON *ours = xp_translation_section(t, t->to, "data");
  char *folder = xp_translation_take_text(data, "datapath");
  char *train = join(folder, xp_translation_take_text(data, "filename"));
  char *test = join(folder, xp_translation_take_text(data, "test_filename"));
  double share = xp_translation_take_number(data, "test_size", 0.0);
  if (train) xp_translation_put(t, ours, "train", cJSON_CreateString(train));
  if (test) xp_translation_put(t, ours, "validate", cJSON_CreateString(test));
  if (share > 0.0 && share < 1.0 && !test) t->failed |= !cJSON_AddNumberToObject(ours, "holdout", share);
  free(folder);
  free(train);
  free(test);
}

void xp_translate_ace(xp_translation *t) {
  static const char *const meaningless[] = {"cutoff", "metadata", "backend", "seed", NULL};
  cJSON *fit = cJSON_GetObjectItemCaseSensitive(t->from, "fit");
  static const char *const zeros[] = {"w1_coeffs", "w2_coeffs"};
  cJSON *loss = cJSON_GetObjectItemCaseSensitive(fit, "loss");
  for (int z = 0; z < 2; ++z)
    if (xp_translation_take_number(loss, zeros[z], 0.0) != 0.0)
      xp_translation_note(t, "fit.loss.%s has no counterpart and is left out", zeros[z]);
  translate_data(t, cJSON_GetObjectItemCaseSensitive(t->from, "data"));
  translate_potential(t, cJSON_GetObjectItemCaseSensitive(t->from, "potential"));
  translate_fit(t, fit);
  xp_translation_drop(t->from, meaningless);
  xp_translation_note(t, "cutoff, seed, metadata and backend of pacemaker mean nothing here; neighbours are those "
                         "within rcut of their bonds");
}
