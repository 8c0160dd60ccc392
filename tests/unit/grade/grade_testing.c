/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grade_testing.h"

/* Above the inner cutoffs of the bases, so that no core acts. */
static const double SMALLEST_DISTANCE = 2.45;

static xp_potential *new_potential(xp_kind kind) {
  xp_potential *potential = calloc(1, sizeof *potential);
  assert_non_null(potential);
  potential->kind = kind;
  return potential;
}

xp_potential *grade_test_ace(xp_ace_basis *basis) {
  xp_error error = {0};
  xp_potential *potential = new_potential(XP_KIND_ACE);
  potential->basis = basis;
  xp_assert_ok(xp_ace_basis_convert(basis, &potential->ace, &error), &error);
  return potential;
}

xp_potential *grade_test_snap(xp_snap_model *model) {
  xp_potential *potential = new_potential(XP_KIND_SNAP);
  potential->snap = model;
  return potential;
}

static xp_descriptors *compile(const grade_case *c, xp_grade_form form) {
  xp_error error = {0};
  xp_descriptors *descriptors = NULL;
  xp_assert_ok(xp_descriptors_new(&descriptors, c->potential, form, c->elements, c->nelements, &error), &error);
  return descriptors;
}

static void list_neighbours(grade_case *c, const xp_structure *structure) {
  xp_error error = {0};
  int *species = calloc((size_t)structure->natoms, sizeof *species);
  assert_non_null(species);
  for (int a = 0; a < structure->natoms; ++a)
    while (strcmp(structure->symbols[a], c->elements[species[a]]) != 0) assert_true(++species[a] < c->nelements);
  xp_descriptors *descriptors = compile(c, XP_GRADE_LINEAR);
  double cutoff = xp_descriptors_cutoff(descriptors);
  xp_descriptors_free(descriptors);
  xp_assert_ok(xp_neighbour_list_new(&c->list, structure, species, cutoff, &error), &error);
  c->view = xp_neighbour_list_view(c->list);
  free(species);
}

void grade_test_open(grade_case *c, xp_potential *potential, bool reverse, uint64_t seed, int natoms, double cell) {
  xp_test_random random = {seed};
  *c = (grade_case){.potential = potential, .nelements = xp_potential_nelements(potential)};
  assert_true(c->nelements <= GRADE_ELEMENTS_MAX);
  for (int e = 0; e < c->nelements; ++e)
    c->elements[reverse ? c->nelements - 1 - e : e] = xp_potential_element(potential, e);
  xp_structure *structure = xp_test_structure(&random, natoms, cell, SMALLEST_DISTANCE, c->elements, c->nelements);
  list_neighbours(c, structure);
  xp_structure_free(structure);
}

void grade_test_close(grade_case *c) {
  xp_neighbour_list_free(c->list);
  xp_potential_free(c->potential);
}

grade_rows grade_test_describe(const grade_case *c, const xp_neighbourhoods *view, xp_grade_form form) {
  xp_error error = {0};
  grade_rows r = {0};
  xp_descriptors *descriptors = compile(c, form);
  xp_descriptors_scratch *scratch = NULL;
  for (int e = 0; e < c->nelements; ++e) {
    r.counts[e] = xp_descriptors_count(descriptors, e);
    r.stride = r.stride > (size_t)r.counts[e] ? r.stride : (size_t)r.counts[e];
  }
  r.rows = calloc((size_t)view->natoms * r.stride + 1, sizeof *r.rows);
  assert_non_null(r.rows);
  xp_assert_ok(xp_descriptors_scratch_new(&scratch, descriptors, &error), &error);
  xp_assert_ok(xp_descriptors_evaluate(descriptors, scratch, view, r.rows, r.stride, &error), &error);
  xp_descriptors_scratch_free(scratch);
  xp_descriptors_free(descriptors);
  return r;
}

double *grade_test_energies(const grade_case *c) {
  xp_error error = {0};
  xp_plan *plan = NULL;
  xp_workspace *workspace = NULL;
  double *energies = calloc((size_t)c->view.natoms + 1, sizeof *energies);
  assert_non_null(energies);
  const xp_evaluation out = {.energy = energies};
  xp_assert_ok(xp_plan_new(&plan, c->potential, c->elements, c->nelements, XP_PRECISION_DOUBLE, &error), &error);
  xp_assert_ok(xp_workspace_new(&workspace, plan, &error), &error);
  xp_assert_ok(xp_evaluate(plan, workspace, &c->view, &out, &error), &error);
  xp_workspace_free(workspace);
  xp_plan_free(plan);
  return energies;
}

static void swap(grade_alone *alone, size_t a, size_t b) {
  int species = alone->neighbour_species[a];
  alone->neighbour_species[a] = alone->neighbour_species[b];
  alone->neighbour_species[b] = species;
  for (int d = 0; d < 3; ++d) {
    double x = alone->displacements[a][d];
    alone->displacements[a][d] = alone->displacements[b][d];
    alone->displacements[b][d] = x;
  }
}

void grade_test_alone(grade_alone *alone, const xp_neighbourhoods *view, int atom, xp_test_random *random) {
  size_t start = view->first[atom], count = view->first[atom + 1] - start;
  *alone = (grade_alone){.species = view->species[atom], .first = {0, count}};
  alone->neighbour_species = calloc(count + 1, sizeof *alone->neighbour_species);
  alone->displacements = calloc(count + 1, sizeof *alone->displacements);
  assert_true(alone->neighbour_species && alone->displacements);
  memcpy(alone->neighbour_species, view->neighbour_species + start, count * sizeof *alone->neighbour_species);
  memcpy(alone->displacements, view->displacements + start, count * sizeof *alone->displacements);
  for (size_t k = count; random && k > 1; --k) swap(alone, k - 1, (size_t)xp_test_integer(random, (int)k));
  alone->view = (xp_neighbourhoods){1, &alone->species, alone->first, alone->neighbour_species,
                                    (const double(*)[3])alone->displacements};
}

void grade_test_alone_clear(grade_alone *alone) {
  free(alone->neighbour_species);
  free(alone->displacements);
}

xp_active_set *grade_test_random_set(const grade_case *c, xp_grade_form form, uint64_t seed) {
  xp_error error = {0};
  xp_test_random random = {seed};
  xp_active_set *set = NULL;
  int sizes[GRADE_ELEMENTS_MAX];
  xp_descriptors *descriptors = compile(c, form);
  for (int e = 0; e < c->nelements; ++e) sizes[e] = xp_descriptors_count(descriptors, e);
  xp_descriptors_free(descriptors);
  xp_assert_ok(xp_active_set_new(&set, c->nelements, c->elements, sizes, &error), &error);
  set->ordered = true;
  for (int e = 0; e < c->nelements; ++e)
    for (int k = 0; k < sizes[e] * sizes[e]; ++k) set->inverses[e][k] = xp_test_uniform(&random, -1.0, 1.0);
  return set;
}

double *grade_test_grades(const grade_case *c, const xp_active_set *set, const xp_neighbourhoods *view) {
  xp_error error = {0};
  xp_grade *grade = NULL;
  xp_grade_scratch *scratch = NULL;
  double *gamma = calloc((size_t)view->natoms + 1, sizeof *gamma);
  assert_non_null(gamma);
  xp_assert_ok(xp_grade_new(&grade, c->potential, set, c->elements, c->nelements, &error), &error);
  xp_assert_ok(xp_grade_scratch_new(&scratch, grade, &error), &error);
  xp_assert_ok(xp_grade_evaluate(grade, scratch, view, gamma, &error), &error);
  xp_grade_scratch_free(scratch);
  xp_grade_free(grade);
  return gamma;
}
