/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/flags.h"
#include "data/errors.h"
#include "data/predict.h"
#include "data/reference.h"
#include "report/card.h"
#include "report/parity.h"

static const xp_flag flags[] = {
    {"--data", "FILE", "extended XYZ", "none", "labelled structures; required"},
    {"--json", "FILE", "a file, - for standard output", "none", "write the errors as JSON, too"},
    {"--out", "FILE", "a file", "none",
     "write the structures with the potential's energies, forces, virials (extended XYZ)"},
    {"--parity", "FILE", "a file", "none", "write every label beside its prediction, for plots (CSV)"},
    {"--reference", "EL=E,...", "eV an atom", "0 for each", "constants to add to the potential's energies"},
    {"--fit-reference", NULL, NULL, NULL, "find the constants that fit the energies best, and add them"},
    {"--time", NULL, NULL, NULL, "measure the cost of energies and forces on one thread"},
    XP_FLAG_THREADS_WITHOUT_INPUT,
    XP_FLAG_DATA_KEYS,
    {0}};
_Static_assert(sizeof flags / sizeof *flags <= XP_COMMAND_FLAGS + 1, "too many flags");

/* One evaluation from files to numbers. */
typedef struct evaluation {
  xp_data *data;
  xp_potential *potential;
  xp_plan *plan;
  xp_structure **predicted; /* [nstructures] */
  xp_error_table table;
  double *constants; /* [data->nelements], eV; NULL when none were asked for */
  double us_per_atom;
} evaluation;

static void clear(evaluation *e) {
  if (e->predicted) xp_predict_clear(e->predicted, e->data->set->nstructures);
  free(e->predicted);
  xp_error_table_clear(&e->table);
  free(e->constants);
  xp_plan_free(e->plan);
  xp_potential_free(e->potential);
  xp_data_free(e->data);
}

static xp_status read_potential(evaluation *e, const xp_call *call, xp_error *error) {
  xp_status status = xp_potential_read(&e->potential, (const char *const *)call->arguments, call->narguments, error);
  if (status != XP_OK) return status;
  int n = xp_potential_nelements(e->potential);
  const char **elements = calloc((size_t)n, sizeof *elements);
  if (!elements) return xp_error_memory(error, "the potential");
  for (int i = 0; i < n; ++i) elements[i] = xp_potential_element(e->potential, i);
  status = xp_plan_new(&e->plan, e->potential, elements, n, XP_PRECISION_DOUBLE, error);
  free(elements);
  return status;
}

static xp_status read_data(evaluation *e, const xp_call *call, xp_error *error) {
  const char *path = xp_call_value(call, "--data");
  if (!path) return xp_error_set(error, XP_ERROR_INPUT, "expected --data FILE; see xpot-opt evaluate --help");
  xp_extxyz_keys keys = {.energy = xp_call_value(call, "--energy-key"),
                         .forces = xp_call_value(call, "--forces-key"),
                         .virial = xp_call_value(call, "--virial-key"),
                         .stress = xp_call_value(call, "--stress-key"),
                         .config_type = xp_call_value(call, "--config-type-key")};
  return xp_data_read(&e->data, path, &keys, error);
}

static xp_status bad_reference(const char *text, xp_error *error) {
  return xp_error_set(error, XP_ERROR_INPUT,
                      "option --reference: expected ELEMENT=ENERGY[,...] with elements of the data, found \"%s\"",
                      text);
}

static xp_status parse_reference(evaluation *e, const char *text, xp_error *error) {
  for (const char *rest = text; *rest;) {
    size_t length = strcspn(rest, "=");
    int element = 0;
    while (element < e->data->nelements &&
           !(strlen(e->data->elements[element]) == length && strncmp(e->data->elements[element], rest, length) == 0))
      ++element;
    if (element == e->data->nelements || rest[length] != '=') return bad_reference(text, error);
    char *end;
    const char *number = rest + length + 1;
    e->constants[element] = strtod(number, &end);
    if (end == number || (*end && *end != ',') || !isfinite(e->constants[element])) return bad_reference(text, error);
    rest = *end ? end + 1 : end;
  }
  return XP_OK;
}

static xp_status add_reference(evaluation *e, const xp_call *call, xp_error *error) {
  const char *given = xp_call_value(call, "--reference");
  bool fit = xp_call_value(call, "--fit-reference") != NULL;
  if (!given && !fit) return XP_OK;
  if (given && fit) return xp_error_set(error, XP_ERROR_INPUT, "expected --reference or --fit-reference, found both");
  e->constants = calloc((size_t)e->data->nelements, sizeof *e->constants);
  if (!e->constants) return xp_error_memory(error, "the reference energies");
  xp_status status =
      given ? parse_reference(e, given, error) : xp_reference_fit(e->constants, e->data, e->predicted, error);
  if (status == XP_OK) xp_reference_add(e->constants, e->data, e->predicted);
  return status;
}

static xp_status predict(evaluation *e, const xp_call *call, xp_error *error) {
  int threads;
  xp_report report = xp_report_standard(false);
  xp_status status = xp_call_threads(call, &threads, error);
  e->predicted = calloc((size_t)e->data->set->nstructures, sizeof *e->predicted);
  if (!e->predicted) return xp_error_memory(error, "the predictions");
  if (status == XP_OK) status = xp_predict(e->plan, e->data, threads, &report, e->predicted, error);
  xp_report_end(&report);
  e->us_per_atom = NAN;
  if (status == XP_OK && xp_call_value(call, "--time"))
    status = xp_predict_cost(e->plan, e->data->set->structures, e->data->set->nstructures, &e->us_per_atom, error);
  return status;
}

static cJSON *make_json(const evaluation *e, const xp_call *call) {
  cJSON *root = xp_error_table_json(&e->table, e->data);
  if (!root) return NULL;
  cJSON *files = cJSON_AddArrayToObject(root, "potential");
  for (int i = 0; i < call->narguments; ++i) cJSON_AddItemToArray(files, cJSON_CreateString(call->arguments[i]));
  cJSON_AddStringToObject(root, "data", e->data->path);
  cJSON_AddStringToObject(root, "data_sha256", e->data->sha256);
  if (e->constants) {
    cJSON *reference = cJSON_AddObjectToObject(root, "reference_energies_ev");
    for (int i = 0; i < e->data->nelements; ++i)
      cJSON_AddNumberToObject(reference, e->data->elements[i], e->constants[i]);
  }
  if (!isnan(e->us_per_atom)) cJSON_AddNumberToObject(root, "us_per_atom", e->us_per_atom);
  return root;
}

static xp_status write_structures(const evaluation *e, const char *path, xp_error *error) {
  xp_dataset set = {.structures = e->predicted, .nstructures = e->data->set->nstructures};
  return xp_extxyz_write(path, &set, error);
}

static void print(const evaluation *e, FILE *stream) {
  xp_error_table_print(&e->table, e->data, stream);
  for (int i = 0; i < e->data->nelements && e->constants; ++i)
    fprintf(stream, "added to the energies: %.8f eV for each %s\n", e->constants[i], e->data->elements[i]);
  if (!isnan(e->us_per_atom)) fprintf(stream, "cost: %.1f microseconds an atom on one thread\n", e->us_per_atom);
}

static xp_status report(evaluation *e, const xp_call *call, xp_error *error) {
  const char *json = xp_call_value(call, "--json"), *out = xp_call_value(call, "--out"),
             *parity = xp_call_value(call, "--parity");
  xp_status status = xp_error_table_new(&e->table, e->data, e->predicted, error);
  if (status == XP_OK && out) status = write_structures(e, out, error);
  if (status == XP_OK && parity) status = xp_parity_write(parity, e->data, e->predicted, error);
  if (status == XP_OK && json) status = xp_json_write(make_json(e, call), json, error);
  if (status == XP_OK && !(json && strcmp(json, "-") == 0)) print(e, stdout);
  return status;
}

static xp_status run(const xp_call *call, xp_error *error) {
  evaluation e = {0};
  xp_status status = xp_call_check_outputs(call, (const char *const[]){"--json", "--out", "--parity", NULL}, error);
  if (status == XP_OK) status = read_data(&e, call, error);
  if (status == XP_OK) status = read_potential(&e, call, error);
  if (status == XP_OK) status = predict(&e, call, error);
  if (status == XP_OK) status = add_reference(&e, call, error);
  if (status == XP_OK) status = report(&e, call, error);
  clear(&e);
  return status;
}

const xp_command xp_command_evaluate = {
    .name = "evaluate",
    .arguments = "POTENTIAL... ",
    .summary = "errors of a potential (.yace, .yaml, .ace, or .snapcoeff and .snapparam) on labelled structures",
    .details =
        "Energies: RMSE and MAE an atom, meV. Forces: of components, eV/Angstrom. Virials: of six components an atom,\n"
        "meV. JSON: energy_rmse_mev_per_atom, energy_mae_mev_per_atom, force_rmse_ev_per_ang, force_mae_ev_per_ang,\n"
        "virial_rmse_mev_per_atom, virial_mae_mev_per_atom for all structures and, in per_config_type, for each "
        "group.\n"
        "Parity: what (energy an atom, eV; force, eV/Angstrom; virial an atom, eV), structure and atom from 1, "
        "component,\n"
        "config_type, reference, predicted, one line a label; the constants that were asked for are in it.\n",
    .least = 1,
    .most = XP_POTENTIAL_FILES,
    .flags = flags,
    .run = run};
