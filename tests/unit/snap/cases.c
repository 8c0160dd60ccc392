/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

#include <math.h>

#include "reference/snap_reference.h"

const char *const snap_symbols[] = {"Ge", "Sb", "Te", "In"};

const snap_case snap_cases[] = {
    {.name = "twojmax 0", .twojmax = 0, .nelements = 1},
    {.name = "twojmax 1", .twojmax = 1, .nelements = 1},
    {.name = "twojmax 2", .twojmax = 2, .nelements = 1},
    {.name = "twojmax 3, two elements", .twojmax = 3, .nelements = 2},
    {.name = "twojmax 6", .twojmax = 6, .nelements = 1},
    {.name = "twojmax 7", .twojmax = 7, .nelements = 1},
    {.name = "twojmax 8, three elements", .twojmax = 8, .nelements = 3},
    {.name = "twojmax 14", .twojmax = 14, .nelements = 1},
    {.name = "no switch", .twojmax = 4, .nelements = 2, .no_switch = true},
    {.name = "no bzero", .twojmax = 4, .nelements = 2, .no_bzero = true},
    {.name = "bnorm", .twojmax = 5, .nelements = 2, .bnorm = true},
    {.name = "wselfall alone", .twojmax = 4, .nelements = 2, .wselfall = true},
    {.name = "rfac0 0.6", .twojmax = 6, .nelements = 1, .rfac0 = 0.6},
    {.name = "rfac0 1.4", .twojmax = 6, .nelements = 1, .rfac0 = 1.4},
    {.name = "rfac0 2.7", .twojmax = 5, .nelements = 1, .rfac0 = 2.7},
    {.name = "rmin0 1.9", .twojmax = 5, .nelements = 2, .rmin0 = 1.9},
    {.name = "rmin0 1.9, no switch", .twojmax = 5, .nelements = 2, .rmin0 = 1.9, .no_switch = true},
    {.name = "inner", .twojmax = 6, .nelements = 2, .inner = true},
    {.name = "inner, no switch", .twojmax = 4, .nelements = 2, .inner = true, .no_switch = true},
    {.name = "quadratic 0", .twojmax = 0, .nelements = 1, .quadratic = true},
    {.name = "quadratic", .twojmax = 6, .nelements = 1, .quadratic = true},
    {.name = "quadratic, two elements, no bzero", .twojmax = 5, .nelements = 2, .quadratic = true, .no_bzero = true},
    {.name = "quadratic, bnorm, inner", .twojmax = 4, .nelements = 2, .quadratic = true, .bnorm = true, .inner = true},
    {.name = "chem, one element", .twojmax = 4, .nelements = 1, .chem = true, .bnorm = true},
    {.name = "chem", .twojmax = 4, .nelements = 2, .chem = true},
    {.name = "chem as published", .twojmax = 6, .nelements = 2, .chem = true, .bnorm = true, .wselfall = true},
    {.name = "chem, no bzero", .twojmax = 3, .nelements = 2, .chem = true, .no_bzero = true},
    {.name = "chem, three elements", .twojmax = 3, .nelements = 3, .chem = true, .bnorm = true},
    {.name = "chem, inner, rmin0", .twojmax = 4, .nelements = 2, .chem = true, .inner = true, .rmin0 = 0.3},
    {.name = "chem quadratic", .twojmax = 3, .nelements = 2, .chem = true, .quadratic = true},
    {.name = "chem quadratic, all",
     .twojmax = 2,
     .nelements = 3,
     .chem = true,
     .quadratic = true,
     .bnorm = true,
     .wselfall = true,
     .inner = true,
     .rfac0 = 0.8},
};
const int snap_ncases = (int)(sizeof snap_cases / sizeof *snap_cases);

static void fill_inner(xp_snap_parameters *p, xp_test_random *random, int nelements) {
  p->switchinnerflag = true;
  p->ninner = nelements;
  p->sinner = calloc((size_t)nelements, sizeof(double));
  p->dinner = calloc((size_t)nelements, sizeof(double));
  assert_non_null(p->sinner);
  assert_non_null(p->dinner);
  for (int i = 0; i < nelements; ++i) {
    p->sinner[i] = xp_test_uniform(random, 2.0, 2.3);
    p->dinner[i] = xp_test_uniform(random, 0.2, 0.4);
  }
}

static void fill_parameters(xp_snap_parameters *p, const snap_case *which) {
  xp_snap_parameters_default(p);
  p->rcutfac = SNAP_RCUTFAC;
  p->twojmax = which->twojmax;
  if (which->rfac0 > 0.0) p->rfac0 = which->rfac0;
  p->rmin0 = which->rmin0;
  p->switchflag = !which->no_switch;
  p->bzeroflag = !which->no_bzero;
  p->quadraticflag = which->quadratic;
  p->chemflag = which->chem;
  p->bnormflag = which->bnorm;
  p->wselfallflag = which->wselfall;
}

xp_snap_model *snap_case_model(const snap_case *which, xp_test_random *random) {
  xp_error error = {0};
  xp_snap_parameters parameters;
  xp_snap_model *model = NULL;
  fill_parameters(&parameters, which);
  int ncoeff = xp_snap_ncoeff(&parameters, which->nelements);
  xp_assert_ok(xp_snap_model_new(&model, which->nelements, ncoeff, &error), &error);
  model->parameters = parameters;
  if (which->inner) fill_inner(&model->parameters, random, which->nelements);
  parameters.quadraticflag = false;
  int nlinear = xp_snap_ncoeff(&parameters, which->nelements);
  for (int i = 0; i < which->nelements; ++i) {
    xp_snap_element *element = &model->elements[i];
    snprintf(element->symbol, XP_SYMBOL_SIZE, "%s", snap_symbols[i]);
    element->radelem = 0.5 + 0.04 * i;
    element->wj = 1.0 - 0.3 * i;
    for (int k = 0; k < ncoeff; ++k)
      element->coefficients[k] =
          xp_test_uniform(random, -1.0, 1.0) / (k < nlinear ? nlinear : 100.0 * nlinear * nlinear);
  }
  return model;
}

double snap_model_cutoff(const xp_snap_model *model) {
  double largest = 0.0;
  for (int i = 0; i < model->nelements; ++i) largest = fmax(largest, model->elements[i].radelem);
  return 2.0 * largest * model->parameters.rcutfac;
}

snap_scene snap_scene_random(xp_test_random *random, int natoms, double cell, double smallest_distance, int nelements,
                             double cutoff) {
  xp_error error = {0};
  snap_scene scene = {0};
  xp_structure *structure = xp_test_structure(random, natoms, cell, smallest_distance, snap_symbols, nelements);
  int *species = calloc((size_t)natoms, sizeof *species);
  assert_non_null(species);
  for (int i = 0; i < natoms; ++i)
    while (strcmp(structure->symbols[i], snap_symbols[species[i]]) != 0) ++species[i];
  xp_assert_ok(xp_neighbour_list_new(&scene.list, structure, species, cutoff, &error), &error);
  scene.view = xp_neighbour_list_view(scene.list);
  scene.nneighbours = scene.list->first[natoms];
  free(species);
  xp_structure_free(structure);
  return scene;
}

void snap_scene_free(snap_scene *scene) {
  xp_neighbour_list_free(scene->list);
}

snap_run snap_run_new(const xp_snap_model *model, int nelements, const snap_scene *scene) {
  return snap_run_precision(model, snap_symbols, nelements, scene, XP_PRECISION_DOUBLE);
}

snap_run snap_run_precision(const xp_snap_model *model, const char *const *elements, int nelements,
                            const snap_scene *scene, xp_precision precision) {
  xp_error error = {0};
  snap_run run = {0};
  xp_assert_ok(xp_snap_plan_new(&run.plan, model, elements, nelements, precision, &error), &error);
  xp_assert_ok(xp_snap_workspace_new(&run.workspace, run.plan, &error), &error);
  run.energy = calloc((size_t)scene->view.natoms + 1, sizeof *run.energy);
  run.gradient = calloc(scene->nneighbours + 1, sizeof *run.gradient);
  assert_non_null(run.energy);
  assert_non_null(run.gradient);
  return run;
}

void snap_run_evaluate(snap_run *run, const xp_neighbourhoods *neighbourhoods) {
  xp_error error = {0};
  xp_evaluation out = {.energy = run->energy, .gradient = run->gradient};
  xp_assert_ok(xp_snap_evaluate(run->plan, run->workspace, neighbourhoods, &out, &error), &error);
}

void snap_run_free(snap_run *run) {
  xp_snap_plan_free(run->plan);
  xp_snap_workspace_free(run->workspace);
  free(run->energy);
  free(run->gradient);
}

static double largest(const double *values, size_t count) {
  double result = 1.0;
  for (size_t i = 0; i < count; ++i) result = fmax(result, fabs(values[i]));
  return result;
}

void snap_compare(const xp_snap_model *model, int nelements, const snap_scene *scene, double tolerance) {
  xp_error error = {0};
  size_t natoms = (size_t)scene->view.natoms, n = scene->nneighbours;
  snap_run run = snap_run_new(model, nelements, scene);
  double *energy = calloc(natoms + 1, sizeof *energy);
  double(*gradient)[3] = calloc(n + 1, sizeof *gradient);
  assert_non_null(energy);
  assert_non_null(gradient);
  xp_evaluation out = {.energy = energy, .gradient = gradient};
  xp_assert_ok(xp_reference_snap(model, snap_symbols, nelements, &scene->view, &out, &error), &error);
  snap_run_evaluate(&run, &scene->view);
  double scale = tolerance * largest(energy, natoms);
  for (size_t i = 0; i < natoms; ++i) xp_assert_close(run.energy[i], energy[i], scale);
  scale = tolerance * largest(gradient[0], 3 * n);
  for (size_t i = 0; i < n; ++i)
    for (int d = 0; d < 3; ++d) xp_assert_close(run.gradient[i][d], gradient[i][d], scale);
  free(energy);
  free(gradient);
  snap_run_free(&run);
}

/* Adds sign times the forces of gradients. */
static void add_forces(const xp_neighbour_list *list, const double (*gradient)[3], double sign, double (*forces)[3]) {
  for (int i = 0; i < list->natoms; ++i)
    for (size_t k = list->first[i]; k < list->first[i + 1]; ++k)
      for (int d = 0; d < 3; ++d) {
        forces[i][d] += sign * gradient[k][d];
        forces[list->index[k]][d] -= sign * gradient[k][d];
      }
}

static double root_mean_square(const double (*forces)[3], int natoms) {
  double sum = 0.0;
  for (int i = 0; i < natoms; ++i)
    for (int d = 0; d < 3; ++d) sum += forces[i][d] * forces[i][d];
  return sqrt(sum / (3.0 * natoms));
}

snap_deviation snap_mixed_deviation(const xp_snap_model *model, const xp_structure *structure) {
  xp_error error = {0};
  snap_scene scene = {0};
  snap_deviation result = {0};
  const char *elements[8];
  int natoms = structure->natoms, *species = calloc((size_t)natoms, sizeof *species);
  double(*forces)[3] = calloc((size_t)natoms, sizeof *forces);
  assert_true(species && forces && model->nelements <= 8);
  for (int i = 0; i < model->nelements; ++i) elements[i] = model->elements[i].symbol;
  for (int i = 0; i < natoms; ++i)
    while (strcmp(structure->symbols[i], elements[species[i]]) != 0) assert_true(++species[i] < model->nelements);
  xp_assert_ok(xp_neighbour_list_new(&scene.list, structure, species, snap_model_cutoff(model), &error), &error);
  scene.view = xp_neighbour_list_view(scene.list);
  scene.nneighbours = scene.list->first[natoms];
  snap_run exact = snap_run_precision(model, elements, model->nelements, &scene, XP_PRECISION_DOUBLE);
  snap_run mixed = snap_run_precision(model, elements, model->nelements, &scene, XP_PRECISION_MIXED);
  snap_run_evaluate(&exact, &scene.view);
  snap_run_evaluate(&mixed, &scene.view);
  for (int i = 0; i < natoms; ++i) {
    result.energy = fmax(result.energy, fabs(mixed.energy[i] - exact.energy[i]));
    result.energy_scale = fmax(result.energy_scale, fabs(exact.energy[i]));
  }
  add_forces(scene.list, (const double(*)[3])exact.gradient, 1.0, forces);
  result.force_scale = root_mean_square((const double(*)[3])forces, natoms);
  add_forces(scene.list, (const double(*)[3])mixed.gradient, -1.0, forces);
  result.force = root_mean_square((const double(*)[3])forces, natoms);
  snap_run_free(&exact);
  snap_run_free(&mixed);
  snap_scene_free(&scene);
  free(species);
  free(forces);
  return result;
}
