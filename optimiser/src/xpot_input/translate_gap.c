/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inputs for gap_fit: its command line, with a parameter for every range, as an input for another fitting code. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "space/number.h"
#include "xpot_input/translation.h"

/* A command line that grows, and the parameters that it names. */
typedef struct writer {
  xp_translation *t;
  cJSON *parameters;
  FILE *stream;
} writer;

/* A placeholder for a range, which becomes a parameter of that name; takes the range over. */
static void write_range(writer *w, const char *name, cJSON *range) {
  fprintf(w->stream, "{{%s}}", name);
  xp_translation_put(w->t, w->parameters, name, range);
}

static void write_value(writer *w, const char *name, cJSON *value);

/* {a b c} */
static void write_list(writer *w, const char *name, cJSON *list) {
  fprintf(w->stream, "{");
  for (int i = 0; list->child; ++i) {
    char below[200];
    snprintf(below, sizeof below, "%.150s.%d", name, i);
    if (i > 0) fprintf(w->stream, " ");
    write_value(w, below, cJSON_DetachItemFromArray(list, 0));
  }
  fprintf(w->stream, "}");
  cJSON_Delete(list);
}

/* Takes the value over. */
static void write_value(writer *w, const char *name, cJSON *value) {
  if (cJSON_IsObject(value)) {
    write_range(w, name, value);
    return;
  }
  if (cJSON_IsArray(value)) {
    write_list(w, name, value);
    return;
  }
  char number[XP_NUMBER_SIZE];
  if (cJSON_IsNumber(value)) xp_number_format(value->valuedouble, number);
  if (cJSON_IsNumber(value))
    fprintf(w->stream, "%s", number);
  else if (cJSON_IsBool(value))
    fprintf(w->stream, "%s", cJSON_IsTrue(value) ? "T" : "F");
  else if (cJSON_IsString(value))
    fprintf(w->stream, "%s", value->valuestring);
  cJSON_Delete(value);
}

/* Names of parameters have no blanks. */
static void name_parameter(char *name, size_t size, const char *prefix, const char *key) {
  snprintf(name, size, "%.100s%s%.80s", prefix, prefix[0] ? "." : "", key);
  for (char *c = name; *c; ++c)
    if (*c == ' ') *c = '_';
}

/* key=value for all members of an object, which is empty afterwards. */
static void write_members(writer *w, const char *prefix, cJSON *object) {
  while (object && object->child) {
    char *key = strdup(object->child->string), name[200];
    cJSON *value = key ? xp_translation_take(object, key) : NULL;
    w->t->failed |= !key;
    if (!key) return;
    name_parameter(name, sizeof name, prefix, key);
    if (value) {
      fprintf(w->stream, " %s=", key);
      write_value(w, name, value);
    }
    free(key);
  }
}

/* gap={one key=value ... : another ...} */
static void write_descriptors(writer *w, cJSON *descriptors) {
  fprintf(w->stream, " 'gap={");
  for (cJSON *d = descriptors ? descriptors->child : NULL; d; d = d->next) {
    fprintf(w->stream, "%s%s", d == descriptors->child ? "" : " : ", d->string);
    write_members(w, d->string, d);
  }
  fprintf(w->stream, "}'");
}

/* Values with blanks and braces are in quotes for the shell. */
static void write_options(writer *w) {
  cJSON *from = w->t->from, *next;
  for (cJSON *item = from->child; item; item = next) {
    next = item->next;
    char *key = strdup(item->string), name[200];
    cJSON *value = key ? xp_translation_take(from, key) : NULL;
    w->t->failed |= !key;
    if (value) {
      name_parameter(name, sizeof name, "", key);
      fprintf(w->stream, " '%s=", key);
      write_value(w, name, value);
      fprintf(w->stream, "'");
    }
    free(key);
  }
}

static char *write_command(xp_translation *t) {
  char *text = NULL;
  size_t size;
  writer w = {t, xp_translation_section(t, t->to, "parameters"), open_memstream(&text, &size)};
  if (!w.stream) return NULL;
  cJSON *descriptors = xp_translation_take(t->from, "gap");
  fprintf(w.stream, "gap_fit 'at_file={{train}}'");
  write_descriptors(&w, descriptors);
  write_options(&w);
  cJSON_Delete(descriptors);
  if (fclose(w.stream) == 0) return text;
  free(text);
  return NULL;
}

void xp_translate_gap(xp_translation *t) {
  cJSON *external = xp_translation_section(t, t->to, "external");
  char *train = xp_translation_take_text(t->from, "at_file"), *file = xp_translation_take_text(t->from, "gap_file");
  char evaluate[1024];
  t->whole = true;
  t->failed |= !cJSON_AddStringToObject(xp_translation_section(t, t->to, "potential"), "kind", "external");
  if (train) xp_translation_put(t, xp_translation_section(t, t->to, "data"), "train", cJSON_CreateString(train));
  t->failed |= !cJSON_AddStringToObject(t->from, "gp_file", file ? file : "gap.xml");
  char *command = write_command(t);
  t->failed |= !command || !cJSON_AddStringToObject(external, "command", command);
  snprintf(
      evaluate, sizeof evaluate,
      "python3 -c \"import ase, ase.io, quippy.potential as q; p = q.Potential(param_filename='%.200s'); "
      "[(x.get_potential_energy(), x.get_forces(), ase.io.write('predicted.xyz', x, format='extxyz', append=True)) "
      "for s in ase.io.read('{{validate}}', ':') "
      "for x in [ase.Atoms(s.symbols, s.positions, cell=s.cell, pbc=s.pbc, calculator=p)]]\"",
      file ? file : "gap.xml");
  t->failed |= !cJSON_AddStringToObject(external, "evaluate", evaluate);
  t->failed |= !cJSON_AddStringToObject(external, "predictions", "predicted.xyz");
  t->failed |= !cJSON_AddStringToObject(external, "energy_key", "energy");
  t->failed |= !cJSON_AddStringToObject(external, "forces_key", "forces");
  xp_translation_note(t, "external: gap_fit is to be on the PATH, and python3 with quippy (pip install quippy-ase)");
  free(train);
  free(file);
  free(command);
}
