/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "data/data.h"
#include "report/card.h"

static const xp_flag flags[] = {
    {"--train", "FILE", "extended XYZ", "none", "structures to fit to; required unless --schema is given"},
    {"--validate", "FILE", "extended XYZ", "none", "structures on which a search computes its loss"},
    {"--kind", "KIND", "snap, qsnap or ace", "qsnap", "kind of potential"},
    {"--out", "FILE", "a file, - for standard output", "-", "where to write the input file"},
    {"--schema", NULL, NULL, NULL, "print the JSON Schema of input files instead"},
    {0}};

static cJSON *range(double low, double high, bool logarithmic) {
  cJSON *object = cJSON_CreateObject();
  cJSON_AddNumberToObject(object, "min", low);
  cJSON_AddNumberToObject(object, "max", high);
  if (logarithmic) cJSON_AddStringToObject(object, "scale", "log");
  return object;
}

static void add_elements(cJSON *root, const xp_data *data) {
  cJSON *elements = cJSON_AddArrayToObject(root, "elements");
  for (int e = 0; e < data->nelements; ++e) cJSON_AddItemToArray(elements, cJSON_CreateString(data->elements[e]));
}

/* The ranges that the thesis suggests in table 3.1, cut where SNAP is smooth (rfac0 up to 1) or dear (rcutfac). */
static void add_snap(cJSON *root, const char *kind) {
  cJSON *potential = cJSON_AddObjectToObject(root, "potential");
  cJSON_AddStringToObject(potential, "kind", kind);
  cJSON_AddNumberToObject(potential, "twojmax", 6);
  cJSON_AddItemToObject(potential, "rcutfac", range(3.0, 6.0, false));
  cJSON_AddItemToObject(potential, "rfac0", range(0.6, 1.0, false));
}

static cJSON *add_block(cJSON *root, const char *section) {
  return cJSON_AddObjectToObject(cJSON_AddObjectToObject(root, section), "ALL");
}

/* Two densities and the table's shape of the basis; the range of the cutoff is the thesis's. SBessel has no other parameter. */
static void add_ace(cJSON *root) {
  static const double fs_parameters[] = {1.0, 1.0, 1.0, 0.5}, kappa[] = {0.8, 0.02};
  static const int nradmax[] = {15, 6, 4, 3, 2}, lmax[] = {0, 5, 4, 2, 1}, iterations[] = {600, 300};
  cJSON_AddStringToObject(cJSON_AddObjectToObject(root, "potential"), "kind", "ace");
  cJSON *embeddings = add_block(root, "embeddings"), *bonds = add_block(root, "bonds");
  cJSON_AddNumberToObject(embeddings, "ndensity", 2);
  cJSON_AddItemToObject(embeddings, "fs_parameters", cJSON_CreateDoubleArray(fs_parameters, 4));
  cJSON_AddStringToObject(bonds, "radbase", "SBessel");
  cJSON_AddItemToObject(bonds, "rcut", range(5.0, 8.0, false));
  cJSON *functions = cJSON_AddObjectToObject(root, "functions");
  cJSON_AddNumberToObject(functions, "number_of_functions_per_element", 300);
  cJSON *all = cJSON_AddObjectToObject(functions, "ALL");
  cJSON_AddItemToObject(all, "nradmax_by_orders", cJSON_CreateIntArray(nradmax, 5));
  cJSON_AddItemToObject(all, "lmax_by_orders", cJSON_CreateIntArray(lmax, 5));
  cJSON *fit = cJSON_AddObjectToObject(root, "fit");
  cJSON_AddItemToObject(fit, "kappa", cJSON_CreateDoubleArray(kappa, 2));
  cJSON_AddItemToObject(fit, "iterations", cJSON_CreateIntArray(iterations, 2));
}

/* Each group that is listed takes a matrix of its own in the fit: many are left to the user. */
#define MOST_GROUPS 8

static void add_weights(cJSON *root, const xp_data *data) {
  cJSON *weights = cJSON_AddObjectToObject(root, "weights");
  cJSON *standard = cJSON_AddObjectToObject(weights, "default");
  cJSON_AddItemToObject(standard, "eweight", range(10.0, 10000.0, true));
  cJSON_AddNumberToObject(standard, "fweight", 1.0);
  bool listed = data->ngroups > 1 && data->ngroups <= MOST_GROUPS;
  for (int g = 0; g < data->ngroups && listed; ++g)
    if (data->groups[g][0] && strcmp(data->groups[g], "default") != 0)
      cJSON_AddObjectToObject(weights, data->groups[g]);
}

/* Paths of an input start in its folder: one that was given from here stays as it is when the input comes here, too. */
static void add_path(cJSON *files, const char *role, const char *path, const char *out) {
  char absolute[PATH_MAX];
  bool here = !out || !strchr(out, '/') || path[0] == '/';
  cJSON_AddStringToObject(files, role, !here && realpath(path, absolute) ? absolute : path);
}

static cJSON *make_input(const xp_data *data, const char *validate, const char *out, const char *kind) {
  cJSON *root = cJSON_CreateObject();
  cJSON *files = cJSON_AddObjectToObject(root, "data");
  add_path(files, "train", data->path, out);
  if (validate) add_path(files, "validate", validate, out);
  add_elements(root, data);
  if (strcmp(kind, "ace") == 0)
    add_ace(root);
  else {
    add_snap(root, kind);
    add_weights(root, data);
  }
  cJSON_AddNumberToObject(cJSON_AddObjectToObject(root, "loss"), "alpha", 0.5);
  cJSON *search = cJSON_AddObjectToObject(root, "search");
  cJSON_AddNumberToObject(search, "trials", 60);
  cJSON_AddNumberToObject(search, "seed", 42);
  cJSON_AddStringToObject(root, "output", "tuned");
  return root;
}

static xp_status run(const xp_call *call, xp_error *error) {
  const char *train = xp_call_value(call, "--train"), *validate = xp_call_value(call, "--validate");
  const char *out = xp_call_value(call, "--out");
  if (xp_call_value(call, "--schema")) {
    xp_option_print_schema(stdout);
    return XP_OK;
  }
  if (!train) return xp_error_set(error, XP_ERROR_INPUT, "expected --train FILE; see xpot-opt init --help");
  const char *kind = xp_call_value(call, "--kind");
  if (!kind) kind = "qsnap";
  int word = xp_option_word(xp_option_find("potential", "kind", 0), kind);
  if (word < 0 || word == XP_FIT_EXTERNAL)
    return xp_error_set(error, XP_ERROR_INPUT, "option --kind: expected snap, qsnap or ace, found %s", kind);
  struct stat old;
  if (out && strcmp(out, "-") != 0 && stat(out, &old) == 0 && S_ISREG(old.st_mode))
    return xp_error_set(error, XP_ERROR_INPUT, "option --out: %s exists; remove it or give another name", out);
  xp_data *data = NULL, *other = NULL;
  xp_status status = xp_data_read(&data, train, NULL, error);
  if (status == XP_OK && validate) status = xp_data_read(&other, validate, NULL, error);
  if (status == XP_OK) status = xp_json_write(make_input(data, validate, out, kind), out ? out : "-", error);
  xp_data_free(data);
  xp_data_free(other);
  return status;
}

const xp_command xp_command_init = {
    .name = "init",
    .arguments = "",
    .summary = "write an input file for some data, to start from",
    .details = "The elements and groups (up to 8) are those of the data; an empty object of weights means those of\n"
               "\"default\". xpot-opt check lists all groups.\n"
               "Paths in an input file are relative to the folder it is in.\n",
    .input_help = true,
    .flags = flags,
    .run = run};
