/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "active/grades.h"

#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/flags.h"

static const xp_flag flags[] = {
    {"--data", "FILE", "extended XYZ", "none", "structures; required"},
    {"--csv", "FILE", "a file, - for standard output", "none", "write the largest gamma of each structure"},
    {"--atoms", "FILE", "a file, - for standard output", "none", "write the gamma of each atom (CSV)"},
    {"--out", "FILE", "a file", "none",
     "write structures (extended XYZ), the largest gamma first, which is in their comment lines"},
    {"--above", "GAMMA", "0 or more", "0", "with --out: only structures whose largest gamma is above this"},
    XP_FLAG_THREADS_WITHOUT_INPUT,
    XP_FLAG_QUIET,
    {0}};

/* A potential with its active set, and structures. */
typedef struct grading {
  xp_potential *potential;
  xp_active_set *set;
  xp_grade *grade;
  xp_data *data;
  xp_grades grades;
} grading;

static void clear(grading *g) {
  xp_grades_clear(&g->grades);
  xp_grade_free(g->grade);
  xp_active_set_free(g->set);
  xp_potential_free(g->potential);
  xp_data_free(g->data);
}

/* Which of the arguments is the active set is found from the content. */
static xp_status read_potential(grading *g, const xp_call *call, xp_error *error) {
  const char *paths[XP_POTENTIAL_FILES + 1];
  int npaths = 0;
  xp_status status = XP_OK;
  for (int i = 0; i < call->narguments && status == XP_OK; ++i) {
    xp_bytes bytes = {0};
    status = xp_bytes_read(&bytes, call->arguments[i], error);
    if (status == XP_OK && xp_active_set_detect(&bytes) && !g->set)
      status = xp_active_set_parse(&g->set, &bytes, error);
    else
      paths[npaths++] = call->arguments[i];
    xp_bytes_free(&bytes);
  }
  if (status == XP_OK && !g->set)
    return xp_error_set(
        error, XP_ERROR_INPUT,
        "expected the files of a potential and its active set (.asi), found no active set; make it with "
        "xpot-opt active");
  return status == XP_OK ? xp_potential_read(&g->potential, paths, npaths, error) : status;
}

static xp_status evaluate(grading *g, xp_grades_request *request, xp_error *error) {
  int n = xp_potential_nelements(g->potential);
  const char **elements = calloc((size_t)n + 1, sizeof *elements);
  xp_symbol *symbols = calloc((size_t)n + 1, sizeof *symbols);
  xp_status status = elements && symbols ? XP_OK : xp_error_memory(error, "the potential");
  for (int e = 0; e < n && status == XP_OK; ++e) {
    elements[e] = xp_potential_element(g->potential, e);
    snprintf(symbols[e], sizeof symbols[e], "%s", elements[e]);
  }
  if (status == XP_OK) status = xp_grade_new(&g->grade, g->potential, g->set, elements, n, error);
  request->grade = g->grade;
  request->elements = symbols;
  request->nelements = n;
  if (status == XP_OK) status = xp_grades_evaluate(&g->grades, request, error);
  free(elements);
  free(symbols);
  return status;
}

static xp_status check(const xp_call *call, double *above, xp_error *error) {
  const char *text = xp_call_value(call, "--above");
  char *end = NULL;
  *above = text ? strtod(text, &end) : 0.0;
  if (text && (end == text || *end || !(*above >= 0.0)))
    return xp_error_set(error, XP_ERROR_INPUT, "option --above: expected a number of 0 or more, found \"%s\"", text);
  if (text && !xp_call_value(call, "--out"))
    return xp_error_set(error, XP_ERROR_INPUT,
                        "option --above: it chooses structures for --out FILE, which is not given");
  if (!xp_call_value(call, "--data"))
    return xp_error_set(error, XP_ERROR_INPUT, "expected --data FILE; see xpot-opt grade --help");
  return xp_call_check_outputs(call, (const char *const[]){"--csv", "--atoms", "--out", NULL}, error);
}

static bool is_alone(const xp_call *call) {
  const char *csv = xp_call_value(call, "--csv"), *atoms = xp_call_value(call, "--atoms");
  return (csv && strcmp(csv, "-") == 0) || (atoms && strcmp(atoms, "-") == 0);
}

static xp_status write_all(const grading *g, const xp_call *call, double above, xp_error *error) {
  const char *csv = xp_call_value(call, "--csv"), *atoms = xp_call_value(call, "--atoms"),
             *out = xp_call_value(call, "--out");
  xp_status status = XP_OK;
  if (csv) status = xp_grades_write_structures(&g->grades, g->data, csv, error);
  if (status == XP_OK && atoms) status = xp_grades_write_atoms(&g->grades, g->data, atoms, error);
  if (status == XP_OK && out) status = xp_grades_write_selection(&g->grades, g->data, above, out, error);
  if (status == XP_OK && !is_alone(call)) xp_grades_print(&g->grades, g->data, stdout);
  return status;
}

static xp_status run(const xp_call *call, xp_error *error) {
  grading g = {0};
  double above;
  xp_report report = xp_report_standard(xp_call_value(call, "--quiet") != NULL);
  xp_status status = check(call, &above, error);
  xp_grades_request request = {.report = &report};
  if (status == XP_OK) status = xp_call_threads(call, &request.threads, error);
  if (status == XP_OK) status = read_potential(&g, call, error);
  if (status == XP_OK) status = xp_data_read(&g.data, xp_call_value(call, "--data"), NULL, error);
  request.data = g.data;
  if (status == XP_OK) status = evaluate(&g, &request, error);
  if (status == XP_OK) status = write_all(&g, call, above, error);
  clear(&g);
  return status;
}

const xp_command xp_command_grade = {
    .name = "grade",
    .arguments = "POTENTIAL... ACTIVE.asi ",
    .summary = "extrapolation grades of structures: how far their atoms are outside of a potential's data",
    .details =
        "Files in any order; the active set is known from its content, linear or full from its size. gamma is at most\n"
        "1 where the potential interpolates. Prints for each group (config_type) the largest gamma and the share of\n"
        "atoms above 1, 2, 5 and 10. --csv: structure (from 1), config_type, atoms, largest_gamma, and the atom that\n"
        "has it. --atoms: structure, atom, element, gamma.\n",
    .least = 2,
    .most = XP_POTENTIAL_FILES + 1,
    .flags = flags,
    .run = run};
