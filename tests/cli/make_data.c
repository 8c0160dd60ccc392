/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Data for the tests of the command line, made by libxpot itself:
 *   xpot-cli-data model NAME              NAME.snapcoeff, NAME.snapparam: a small SNAP model with known coefficients
 *   xpot-cli-data label NAME FILE SEED N  N random Si structures labelled by it; config_type A, B in turn
 *   xpot-cli-data shift FILE OUT          labels that the predictions miss by the errors of the worked example
 *   xpot-cli-data compare NAME1 NAME2 T   exit 0 when all coefficients agree within T */
#include <math.h>

#include "testing/testing.h"
#include "xpot/extxyz.h"
#include "xpot/potential.h"
#include "xpot/snap.h"

#define CUTOFF 3.9
#define TWOJMAX 4
static const char *const silicon[] = {"Si"};

static int report(const xp_error *error) {
  if (error->status != XP_OK) fprintf(stderr, "%s\n", error->message);
  return error->status != XP_OK;
}

static void file_names(char names[2][512], const char *name) {
  snprintf(names[0], sizeof names[0], "%s.snapcoeff", name);
  snprintf(names[1], sizeof names[1], "%s.snapparam", name);
}

static xp_potential *read_model(const char *name, xp_error *error) {
  char names[2][512];
  const char *paths[2] = {names[0], names[1]};
  xp_potential *potential = NULL;
  file_names(names, name);
  xp_potential_read(&potential, paths, 2, error);
  return potential;
}

static void make_model(const char *name, xp_error *error) {
  char names[2][512];
  xp_snap_model *model = NULL;
  int ncoeff = 1 + xp_snap_nbispectrum(TWOJMAX);
  xp_test_random random = {7};
  file_names(names, name);
  if (xp_snap_model_new(&model, 1, ncoeff, error) != XP_OK) return;
  model->parameters.rcutfac = CUTOFF;
  model->parameters.twojmax = TWOJMAX;
  model->elements[0].radelem = 0.5;
  model->elements[0].wj = 1.0;
  strcpy(model->elements[0].symbol, "Si");
  model->elements[0].coefficients[0] = -4.5;
  for (int c = 1; c < ncoeff; ++c) model->elements[0].coefficients[c] = xp_test_uniform(&random, -0.05, 0.05);
  xp_snap_write(model, names[0], names[1], "made by a test", error);
  xp_snap_model_free(model);
}

static xp_plan *make_plan(const char *name, xp_workspace **workspace, xp_error *error) {
  xp_potential *potential = read_model(name, error);
  xp_plan *plan = NULL;
  if (potential && xp_plan_new(&plan, potential, silicon, 1, XP_PRECISION_DOUBLE, error) == XP_OK)
    xp_workspace_new(workspace, plan, error);
  xp_potential_free(potential);
  return plan;
}

static void label(const char *name, const char *file, uint64_t seed, int count, xp_error *error) {
  xp_test_random random = {seed};
  xp_dataset *set = NULL;
  xp_workspace *workspace = NULL;
  xp_plan *plan = make_plan(name, &workspace, error);
  if (error->status == XP_OK) xp_dataset_new(&set, error);
  for (int s = 0; s < count && error->status == XP_OK; ++s) {
    xp_structure *structure = xp_test_structure(&random, 5 + s % 4, 5.5, 1.9, silicon, 1), *labelled = NULL;
    if (xp_evaluate_structure(plan, workspace, structure, &labelled, error) == XP_OK) {
      free(labelled->config_type);
      labelled->config_type = strdup(s % 2 ? "B" : "A");
      free(labelled->local_energy);
      labelled->local_energy = NULL;
      xp_dataset_append(set, labelled, error);
    }
    xp_structure_free(structure);
  }
  if (error->status == XP_OK) xp_extxyz_write(file, set, error);
  xp_dataset_free(set);
  xp_workspace_free(workspace);
  xp_plan_free(plan);
}

/* Structure s gets an energy label that is (-1)^s 0.01 (s + 1) eV a cell below the prediction, and its first atom a force label
 * that is (0.1, 0, 0.2) above it. */
static void shift(const char *file, const char *out, xp_error *error) {
  xp_dataset *set = NULL;
  if (xp_extxyz_read(&set, file, NULL, error) != XP_OK) return;
  for (int s = 0; s < set->nstructures; ++s) {
    set->structures[s]->energy -= (s % 2 ? -0.01 : 0.01) * (s + 1);
    set->structures[s]->forces[0][0] += 0.1;
    set->structures[s]->forces[0][2] += 0.2;
  }
  xp_extxyz_write(out, set, error);
  xp_dataset_free(set);
}

static int compare(const char *first, const char *second, double tolerance, xp_error *error) {
  xp_potential *a = read_model(first, error), *b = error->status == XP_OK ? read_model(second, error) : NULL;
  int different = !a || !b || a->snap->ncoeff != b->snap->ncoeff;
  for (int c = 0; !different && c < a->snap->ncoeff; ++c) {
    double difference = a->snap->elements[0].coefficients[c] - b->snap->elements[0].coefficients[c];
    if (!(fabs(difference) <= tolerance)) {
      fprintf(stderr, "coefficient %d differs by %g\n", c, difference);
      different = 1;
    }
  }
  xp_potential_free(a);
  xp_potential_free(b);
  return different;
}

int main(int argc, char **argv) {
  xp_error error = {0};
  const char *verb = argc > 1 ? argv[1] : "";
  if (argc == 3 && strcmp(verb, "model") == 0)
    make_model(argv[2], &error);
  else if (argc == 6 && strcmp(verb, "label") == 0)
    label(argv[2], argv[3], strtoull(argv[4], NULL, 10), atoi(argv[5]), &error);
  else if (argc == 4 && strcmp(verb, "shift") == 0)
    shift(argv[2], argv[3], &error);
  else if (argc == 5 && strcmp(verb, "compare") == 0)
    return compare(argv[2], argv[3], atof(argv[4]), &error) || report(&error);
  else
    return 2;
  return report(&error);
}
