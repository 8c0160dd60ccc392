/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace_testing.h"

#include <math.h>

const char *const ace_test_elements[3] = {"C", "Si", "Ge"};

enum { NRADMAX = 3, LMAX = 3, NRADBASE = 4, RANK_MAX = 5, FUNCTIONS_PER_RANK = 4, TUPLES = 3 };

static double *numbers(int count) {
  double *list = calloc((size_t)count, sizeof *list);
  assert_non_null(list);
  return list;
}

static const char *radial_name(xp_ace_radial_type type) {
  static const char *const names[] = {"ChebExpCos", "ChebPow", "ChebLinear", "SBessel", "ACE.jl.Basic", "TEST_Nothing"};
  return names[type];
}

const char *ace_test_name(const ace_options *options) {
  static char name[128];
  snprintf(name, sizeof name, "%d elements, %s, %s, %s, P = %d", options->nelements, radial_name(options->radial),
           xp_ace_inner_name(options->inner), xp_ace_embedding_name(options->embedding), options->ndensity);
  return name;
}

static xp_ace_acejl *polynomials(xp_test_random *random, double rcut) {
  xp_ace_acejl *q = calloc(1, sizeof *q);
  assert_non_null(q);
  *q = (xp_ace_acejl){.pl = 2.0, .pr = 2.0, .r0 = 2.4, .p = 2.0, .maxn = NRADBASE};
  q->xl = pow((1.0 + q->r0) / (1.0 + rcut), q->p);
  q->xr = pow((1.0 + q->r0) / (1.0 + 1.1), q->p);
  q->a = numbers(NRADBASE);
  q->b = numbers(NRADBASE);
  q->c = numbers(NRADBASE);
  for (int n = 0; n < NRADBASE; ++n) {
    q->a[n] = xp_test_uniform(random, 0.4, 1.2);
    q->b[n] = xp_test_uniform(random, -1.0, 0.0);
    q->c[n] = xp_test_uniform(random, -0.5, 0.5);
  }
  return q;
}

static void fill_bond(xp_test_random *random, const ace_options *options, xp_ace_bond *bond, int i, int j) {
  bool zbl = options->inner == XP_ACE_INNER_ZBL;
  bond->nradmax = NRADMAX;
  bond->lmax = LMAX;
  bond->nradbasemax = NRADBASE;
  bond->radbase = options->radial;
  bond->radbasename = strdup(radial_name(options->radial));
  bond->inner_cutoff_type = options->inner;
  bond->rcut = ACE_TEST_RCUT + ACE_TEST_RCUT_STEP * (i + j);
  if (options->radial == XP_ACE_ACEJL) {
    bond->nradmax = NRADBASE;
    bond->acejl = polynomials(random, bond->rcut);
    return;
  }
  bond->nradparameters = 1;
  bond->radparameters = numbers(1);
  bond->radparameters[0] = 3.1;
  bond->radcoefficients = numbers(NRADMAX * (LMAX + 1) * NRADBASE);
  for (int c = 0; c < NRADMAX * (LMAX + 1) * NRADBASE; ++c)
    bond->radcoefficients[c] = xp_test_uniform(random, -1.0, 1.0);
  bond->prehc = zbl ? 1.0 : 25.0 + i + j;
  bond->lambdahc = zbl ? 1.0 : 0.6;
  bond->dcut = ACE_TEST_DCUT;
  bond->rcut_in = ACE_TEST_RIN;
  bond->dcut_in = ACE_TEST_DIN;
}

static void fill_embedding(const ace_options *options, xp_ace_embedding *embedding, int i) {
  static const double exponents[] = {1.0, 0.5, 2.0, 0.8, 1.3, 0.101};
  embedding->ndensity = options->ndensity + i;
  embedding->npoti = options->embedding;
  embedding->fs_parameters = numbers(2 * embedding->ndensity);
  for (int p = 0; p < embedding->ndensity; ++p) {
    embedding->fs_parameters[2 * p] = 1.0 - 0.2 * p;
    embedding->fs_parameters[2 * p + 1] = exponents[p];
  }
  embedding->rho_core_cutoff = 5.0;
  embedding->drho_core_cutoff = 4.0;
}

xp_ace_function *ace_test_append(xp_ace_model *model, int species, int rank, int num_ms_combs) {
  xp_error error = {0};
  int count = model->nfunctions[species];
  xp_ace_function *grown = realloc(model->functions[species], ((size_t)count + 1) * sizeof *grown);
  assert_non_null(grown);
  model->functions[species] = grown;
  xp_assert_ok(xp_ace_function_allocate(&grown[count], rank, model->embeddings[species].ndensity, num_ms_combs, &error),
               &error);
  model->nfunctions[species]++;
  return &grown[count];
}

/* Random m with |m| <= l that add up to zero: the last one closes the sum. */
static void fill_tuple(xp_test_random *random, const int *ls, int rank, int *ms) {
  for (;;) {
    int sum = 0;
    for (int t = 0; t + 1 < rank; ++t) {
      ms[t] = xp_test_integer(random, 2 * ls[t] + 1) - ls[t];
      sum += ms[t];
    }
    ms[rank - 1] = -sum;
    if (abs(sum) <= ls[rank - 1]) return;
  }
}

static void fill_function(xp_test_random *random, const ace_options *options, xp_ace_function *f) {
  for (int t = 0; t < f->rank; ++t) {
    f->mus[t] = xp_test_integer(random, options->nelements);
    f->ns[t] = 1 + xp_test_integer(random, f->rank == 1 ? NRADBASE : NRADMAX);
    f->ls[t] = f->rank == 1 ? 0 : xp_test_integer(random, LMAX + 1);
  }
  for (int q = 0; q < f->num_ms_combs; ++q) {
    fill_tuple(random, f->ls, f->rank, f->ms_combs + q * f->rank);
    for (int p = 0; p < f->ndensity; ++p)
      f->ctildes[q * f->ndensity + p] = xp_test_uniform(random, -1.0, 1.0) * pow(0.25, f->rank - 1);
  }
}

static void fill_functions(xp_test_random *random, const ace_options *options, xp_ace_model *model) {
  for (int i = 0; i < options->nelements; ++i)
    for (int rank = 1; rank <= RANK_MAX; ++rank)
      for (int f = 0; f < FUNCTIONS_PER_RANK; ++f)
        fill_function(random, options, ace_test_append(model, i, rank, rank == 1 ? 1 : TUPLES));
}

static void add_pair_part(xp_test_random *random, xp_ace_model *model) {
  int n = model->nelements;
  model->pair_rcut = ACE_TEST_RCUT - 0.3;
  model->pair_polynomials = polynomials(random, model->pair_rcut);
  model->pair_terms = calloc((size_t)(n * n), sizeof *model->pair_terms);
  assert_non_null(model->pair_terms);
  for (int p = 0; p < n * n; ++p) {
    xp_ace_acejl_pair *term = &model->pair_terms[p];
    *term = (xp_ace_acejl_pair){.ri = 1.3, .e0 = 0.2, .a = 2.0, .b = 0.7, .coefficients = numbers(NRADBASE)};
    for (int k = 0; k < NRADBASE; ++k) term->coefficients[k] = xp_test_uniform(random, -1.0, 1.0);
  }
}

xp_ace_model *ace_test_model(const ace_options *options) {
  xp_error error = {0};
  xp_ace_model *model = NULL;
  xp_test_random random = {options->seed};
  int n = options->nelements;
  xp_assert_ok(xp_ace_model_new(&model, n, &error), &error);
  model->delta_spline_bins = 0.001;
  for (int i = 0; i < n; ++i) {
    snprintf(model->elements[i], XP_SYMBOL_SIZE, "%s", ace_test_elements[i]);
    model->e0[i] = 0.1 * (i + 1);
    fill_embedding(options, &model->embeddings[i], i);
    for (int j = 0; j < n; ++j) fill_bond(&random, options, xp_ace_model_bond(model, i, j), i, j);
  }
  fill_functions(&random, options, model);
  if (options->radial == XP_ACE_ACEJL) add_pair_part(&random, model);
  return model;
}

void ace_engine_open(ace_engine *engine, const xp_ace_model *model, const char *const *elements, int nelements) {
  ace_engine_open_precision(engine, model, elements, nelements, XP_PRECISION_DOUBLE);
}

void ace_engine_open_precision(ace_engine *engine, const xp_ace_model *model, const char *const *elements,
                               int nelements, xp_precision precision) {
  xp_error error = {0};
  *engine = (ace_engine){.model = model, .elements = elements, .nelements = nelements};
  xp_assert_ok(xp_ace_plan_new(&engine->plan, model, elements, nelements, precision, &error), &error);
  xp_assert_ok(xp_ace_workspace_new(&engine->workspace, engine->plan, &error), &error);
}

void ace_engine_close(ace_engine *engine) {
  xp_ace_workspace_free(engine->workspace);
  xp_ace_plan_free(engine->plan);
}

static double cutoff_max(const ace_engine *engine) {
  double cutoff = 0.0;
  for (int i = 0; i < engine->nelements; ++i)
    for (int j = 0; j < engine->nelements; ++j) cutoff = fmax(cutoff, xp_ace_plan_cutoff(engine->plan, i, j));
  return cutoff;
}

static xp_neighbour_list *list_of(const ace_engine *engine, const xp_structure *structure) {
  xp_error error = {0};
  xp_neighbour_list *list = NULL;
  int species[structure->natoms];
  for (int i = 0; i < structure->natoms; ++i) {
    species[i] = -1;
    for (int s = 0; s < engine->nelements; ++s)
      if (strcmp(structure->symbols[i], engine->elements[s]) == 0) species[i] = s;
    assert_true(species[i] >= 0);
  }
  /* a little farther than the cutoff, so that neighbours beyond it are there too */
  xp_assert_ok(xp_neighbour_list_new(&list, structure, species, cutoff_max(engine) + 0.1, &error), &error);
  return list;
}

ace_result ace_engine_run(const ace_engine *engine, const xp_structure *structure, bool reference) {
  xp_error error = {0};
  int n = structure->natoms;
  xp_neighbour_list *list = list_of(engine, structure);
  xp_neighbourhoods view = xp_neighbour_list_view(list);
  double(*gradient)[3] = malloc((list->first[n] + 1) * sizeof *gradient);
  ace_result result = {.local = numbers(n), .core_factor = numbers(n), .forces = calloc((size_t)n, sizeof(double[3]))};
  assert_true(gradient && result.forces);
  memset(gradient, 0xff, list->first[n] * sizeof *gradient); /* not-a-number: every entry must be written */
  xp_evaluation out = {result.local, gradient, result.core_factor};
  if (reference)
    xp_assert_ok(xp_reference_ace(engine->model, engine->elements, engine->nelements, &view, &out, &error), &error);
  else
    xp_assert_ok(xp_ace_evaluate(engine->plan, engine->workspace, &view, &out, &error), &error);
  for (int i = 0; i < n; ++i) {
    result.energy += result.local[i];
    for (size_t k = list->first[i]; k < list->first[i + 1]; ++k)
      for (int d = 0; d < 3; ++d) {
        result.forces[i][d] += gradient[k][d];
        result.forces[list->index[k]][d] -= gradient[k][d];
      }
  }
  free(gradient);
  xp_neighbour_list_free(list);
  return result;
}

void ace_result_free(ace_result *result) {
  free(result->local);
  free(result->core_factor);
  free(result->forces);
}

static void compare(double kernel, double reference, double tolerance, const char *what, const char *quantity,
                    int atom) {
  if (fabs(kernel - reference) <= tolerance * (1.0 + fabs(reference))) return;
  fail_msg("%s: %s of atom %d is %.15g, the reference has %.15g", what, quantity, atom, kernel, reference);
}

void ace_engine_compare(const ace_engine *engine, const xp_structure *structure, const char *what) {
  ace_result kernel = ace_engine_run(engine, structure, false), reference = ace_engine_run(engine, structure, true);
  for (int i = 0; i < structure->natoms; ++i) {
    compare(kernel.local[i], reference.local[i], 1e-10, what, "energy", i);
    compare(kernel.core_factor[i], reference.core_factor[i], 1e-10, what, "core factor", i);
    for (int d = 0; d < 3; ++d) compare(kernel.forces[i][d], reference.forces[i][d], 1e-7, what, "force", i);
  }
  ace_result_free(&kernel);
  ace_result_free(&reference);
}

xp_structure *ace_test_cluster(int natoms, const double (*positions)[3], const int *species,
                               const char *const *elements) {
  xp_error error = {0};
  xp_structure *structure = NULL;
  xp_assert_ok(xp_structure_new(&structure, natoms, &error), &error);
  for (int i = 0; i < natoms; ++i) {
    memcpy(structure->positions[i], positions[i], sizeof structure->positions[i]);
    snprintf(structure->symbols[i], XP_SYMBOL_SIZE, "%s", elements[species[i]]);
  }
  return structure;
}

static double energy_at(const ace_engine *engine, xp_structure *structure, double *coordinate, double value) {
  double kept = *coordinate;
  *coordinate = value;
  ace_result result = ace_engine_run(engine, structure, false);
  ace_result_free(&result);
  *coordinate = kept;
  return result.energy;
}

double ace_engine_difference(const ace_engine *engine, xp_structure *structure, int atom, int direction) {
  const double h = 2e-5; /* Angstrom: small against the 0.001 of the file's bins */
  double *x = &structure->positions[atom][direction], at = *x;
  double near = energy_at(engine, structure, x, at + h) - energy_at(engine, structure, x, at - h);
  double far = energy_at(engine, structure, x, at + 2 * h) - energy_at(engine, structure, x, at - 2 * h);
  return -(8.0 * near - far) / (12.0 * h);
}
