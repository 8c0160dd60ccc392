/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Gauss-Newton factor: rows of all structures, weighted, reduced to a triangle. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ace/problem_data.h"
#include "parallel/parallel.h"

#define FACTOR_BYTES 1e9 /* of all factors that are made at once */
enum { FACTORS_MAX = 16, VIRIAL_ROWS = 6 };

static const int COMPONENTS[VIRIAL_ROWS][2] = {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}};

/* A power of two, so that 2, 4, ... processes have whole factors and find the bits of one. */
int xp_ace_factor_parts(int columns) {
  double most = FACTOR_BYTES / ((double)columns * columns * sizeof(double));
  int parts = 1;
  while (2 * parts <= most && parts < FACTORS_MAX) parts *= 2;
  return parts;
}

/* One thread's room for the rows of a structure. */
typedef struct maker {
  const xp_ace_problem *problem;
  const xp_ace_terms *terms;
  const double *parameters;
  const bool *active;
  int columns; /* without the target */
  xp_ace_fit_scratch *scratch;
  double (*forces)[3];
  double *plain; /* [1 + 3 natoms + 6][columns] */
  double *rows;  /* [1 + 3 natoms + 6][columns + 1] */
} maker;

static xp_status open_maker(maker *m, xp_error *error) {
  size_t most = 1, columns = (size_t)m->columns + 1;
  for (int s = 0; s < m->problem->nstructures; ++s) {
    size_t natoms = (size_t)m->problem->data->set->structures[s]->natoms;
    if (natoms > most) most = natoms;
  }
  size_t rows = 3 * most + 1 + VIRIAL_ROWS;
  m->forces = malloc(most * sizeof *m->forces);
  m->plain = malloc(rows * columns * sizeof *m->plain);
  m->rows = malloc(rows * columns * sizeof *m->rows);
  if (!m->forces || !m->plain || !m->rows) return xp_error_memory(error, "rows of the fit");
  return xp_ace_fit_scratch_new(&m->scratch, m->problem->fit, error);
}

static void close_maker(maker *m) {
  free(m->forces);
  free(m->plain);
  free(m->rows);
  xp_ace_fit_scratch_free(m->scratch);
}

/* Appends a row times a factor, minus its residual as the target. */
static void append(const maker *m, int *count, const double *row, double factor, double residual) {
  double *to = m->rows + (size_t)(*count)++ * (size_t)(m->columns + 1);
  for (int c = 0; c < m->columns; ++c) to[c] = !m->active || m->active[c] ? factor * row[c] : 0.0;
  to[m->columns] = -factor * residual;
}

static void append_forces(const maker *m, const xp_structure *reference, const double *weights, const double *rows,
                          int *count) {
  for (int atom = 0; atom < reference->natoms; ++atom) {
    double error[3], square = 0.0, slope;
    for (int d = 0; d < 3; ++d) {
      error[d] = m->forces[atom][d] - reference->forces[atom][d];
      square += error[d] * error[d];
    }
    xp_ace_huber(sqrt(square), m->terms->huber_force, &slope);
    double factor = sqrt(m->terms->kappa * weights[atom] * slope);
    if (factor == 0.0) continue;
    for (int d = 0; d < 3; ++d) append(m, count, rows + (size_t)(3 * atom + d) * (size_t)m->columns, factor, error[d]);
  }
}

static void append_virial(const maker *m, const xp_structure *reference, const xp_ace_fit_labels *out, double weight,
                          const double *rows, int *count) {
  double factor = sqrt(m->terms->virial * weight) / reference->natoms;
  for (int v = 0; v < VIRIAL_ROWS; ++v) {
    int a = COMPONENTS[v][0], b = COMPONENTS[v][1];
    append(m, count, rows + (size_t)v * (size_t)m->columns, factor, out->virial[a][b] - reference->virial[a][b]);
  }
}

/* Weighted rows of one structure. */
static xp_status make_rows(const maker *m, int s, int *count, xp_error *error) {
  const xp_ace_problem *p = m->problem;
  const xp_structure *reference = p->data->set->structures[s];
  const xp_fit_weights *w = p->weights;
  xp_ace_fit_labels out = {.forces = m->forces};
  bool virial = reference->has_virial && m->terms->virial * w->virial[s] > 0.0;
  bool forces = reference->forces && m->terms->kappa > 0.0;
  double *force_rows = m->plain + m->columns,
         *virial_rows = force_rows + 3 * (size_t)reference->natoms * (size_t)m->columns;
  xp_ace_fit_rows rows = {m->plain, forces ? force_rows : NULL, virial ? virial_rows : NULL};
  *count = 0;
  xp_status status = xp_ace_fit_predict(p->fit, m->scratch, p->structures[s], m->parameters, &out, error);
  if (status == XP_OK) status = xp_ace_fit_make_rows(p->fit, m->scratch, p->structures[s], m->parameters, &rows, error);
  if (status != XP_OK) return status;
  if (reference->has_energy && w->energy[s] > 0.0 && m->terms->kappa < 1.0) {
    double residual = out.energy - reference->energy, slope;
    xp_ace_huber(residual / reference->natoms, m->terms->huber_energy, &slope);
    double factor = sqrt((1.0 - m->terms->kappa) * w->energy[s] * slope) / reference->natoms;
    append(m, count, m->plain, factor, residual);
  }
  if (forces) append_forces(m, reference, w->force + w->first[s], force_rows, count);
  if (virial) append_virial(m, reference, &out, w->virial[s], virial_rows, count);
  return XP_OK;
}

static xp_status make_part(const maker *m, xp_factor *factor, int first, int last, xp_report *report, xp_error *error) {
  xp_status status = XP_OK;
  for (int s = first; s < last && status == XP_OK; ++s) {
    int count;
    status = make_rows(m, s, &count, error);
    if (status == XP_OK) status = xp_factor_add(factor, m->rows, count, error);
#pragma omp critical(xp_ace_report)
    xp_report_advance(report, m->problem->data->set->structures[s]->natoms);
  }
  return status;
}

/* Parts of the problem that go into a factor. */
static int part_of(const xp_ace_problem *p, int factor, int nfactors) {
  return (int)((long)factor * p->nparts / nfactors);
}

/* One factor of the parts that this process has. */
static xp_status make_factor(const maker *m, xp_factor *factor, int f, int nfactors, xp_report *report,
                             xp_error *error) {
  const xp_ace_problem *p = m->problem;
  xp_status status = XP_OK;
  for (int part = part_of(p, f, nfactors); part < part_of(p, f + 1, nfactors) && status == XP_OK; ++part)
    if (xp_ace_problem_mine(part, p->nparts))
      status = make_part(m, factor, p->part_first[part], p->part_first[part + 1], report, error);
  if (status == XP_OK && factor->total > 0) status = xp_factor_finish(factor, error);
  return status == XP_OK && factor->total > 0 ? xp_factor_triangulate(factor, error) : status;
}

static xp_status make_factors(const maker *common, xp_factor *factors, int nfactors, xp_report *report,
                              xp_error *error) {
  int failed = nfactors;
  xp_error first = {0};
#pragma omp parallel num_threads(common->problem->threads)
  {
    maker m = *common;
    xp_error own = {0};
    xp_status ready = open_maker(&m, &own);
#pragma omp for schedule(dynamic)
    for (int f = 0; f < nfactors; ++f) {
      xp_status status = ready == XP_OK ? make_factor(&m, &factors[f], f, nfactors, report, &own) : ready;
#pragma omp critical(xp_ace_factor)
      if (status != XP_OK && f < failed) {
        failed = f;
        first = own;
      }
    }
    close_maker(&m);
  }
  if (failed < nfactors) *error = first;
  return xp_parallel_agree(failed < nfactors ? first.status : XP_OK, error);
}

/* L2 as rows: sqrt(L2) (c + x) for every function coefficient. */
static xp_status add_ridge(const maker *m, xp_factor *factor, xp_error *error) {
  const xp_ace_fit_layout *layout = &m->problem->layout;
  double root = sqrt(m->terms->L2);
  if (root == 0.0) return XP_OK;
  double *row = calloc((size_t)m->columns + 1, sizeof *row);
  if (!row) return xp_error_memory(error, "rows of the fit");
  xp_status status = XP_OK;
  for (int c = 0; c < layout->nfunctions && status == XP_OK; ++c) {
    row[c] = root;
    row[m->columns] = -root * m->parameters[layout->nradial + c];
    if (!m->active || m->active[c]) status = xp_factor_add(factor, row, 1, error);
    row[c] = 0.0;
  }
  free(row);
  return status;
}

/* Rows that some structures have; what has no weight has none. */
static long count_rows(const xp_ace_problem *p, const xp_ace_terms *terms, int first, int last) {
  const xp_fit_weights *w = p->weights;
  long rows = 0;
  for (int s = first; s < last; ++s) {
    const xp_structure *structure = p->data->set->structures[s];
    if (structure->has_energy && (1.0 - terms->kappa) * w->energy[s] > 0.0) rows += 1;
    for (int atom = 0; atom < structure->natoms && structure->forces; ++atom)
      if (terms->kappa * w->force[w->first[s] + atom] > 0.0) rows += 3;
    if (structure->has_virial && terms->virial * w->virial[s] > 0.0) rows += VIRIAL_ROWS;
  }
  return rows;
}

/* Merges one factor, of which every process has a share or nothing, in the order of the processes. */
static xp_status merge_shares(xp_factor *factor, const xp_factor *own, double *buffer, xp_error *error) {
  size_t entries = (size_t)factor->columns * (size_t)factor->columns;
  xp_status status = XP_OK;
  for (int rank = 0; rank < xp_parallel_size() && status == XP_OK; ++rank) {
    bool mine = rank == xp_parallel_rank() && own->total > 0;
    double rows = mine ? (double)own->total : 0.0;
    status = xp_parallel_sum(&rows, 1, error);
    if (status != XP_OK || rows == 0.0) continue;
    xp_factor share = {.columns = factor->columns, .r = buffer, .total = (long)rows};
    if (mine)
      memcpy(buffer, own->r, entries * sizeof *buffer);
    else
      memset(buffer, 0, entries * sizeof *buffer);
    status = xp_parallel_sum(buffer, entries, error);
    if (status == XP_OK) status = xp_factor_merge(factor, &share, 1.0, error);
  }
  return status;
}

static xp_status merge_all(const maker *m, xp_factor *factors, int nfactors, xp_factor *factor, xp_error *error) {
  size_t columns = (size_t)factor->columns;
  double *buffer = malloc(columns * columns * sizeof *buffer);
  xp_status status = buffer ? XP_OK : xp_error_memory(error, "the fit");
  for (int f = 0; f < nfactors && status == XP_OK; ++f) {
    status = merge_shares(factor, &factors[f], buffer, error);
    xp_factor_clear(&factors[f]);
  }
  free(buffer);
  if (status == XP_OK) status = add_ridge(m, factor, error);
  if (status == XP_OK) status = xp_factor_finish(factor, error);
  return status == XP_OK ? xp_factor_triangulate(factor, error) : status;
}

xp_status xp_ace_problem_factor(const xp_ace_problem *p, const xp_ace_terms *terms, const double *parameters,
                                const bool *active, xp_factor *factor, long *rows, xp_report *report, xp_error *error) {
  maker common = {.problem = p,
                  .terms = terms,
                  .parameters = parameters,
                  .active = active,
                  .columns = p->layout.ntotal - p->layout.nradial};
  int nfactors = xp_ace_factor_parts(common.columns + 1);
  if (nfactors > p->nparts) nfactors = p->nparts;
  xp_factor *factors = calloc((size_t)nfactors, sizeof *factors);
  if (!factors) return xp_error_memory(error, "the fit");
  *rows = count_rows(p, terms, 0, p->nstructures);
  for (int f = 0; f < nfactors; ++f) {
    int first = p->part_first[part_of(p, f, nfactors)], last = p->part_first[part_of(p, f + 1, nfactors)];
    xp_factor_init(&factors[f], common.columns + 1, count_rows(p, terms, first, last));
  }
  xp_factor_init(factor, common.columns + 1, *rows + p->layout.nfunctions);
  xp_report_stage(report, "rows of the Jacobian", p->data->natoms);
  xp_status status = make_factors(&common, factors, nfactors, report, error);
  xp_report_end(report);
  if (status == XP_OK) status = merge_all(&common, factors, nfactors, factor, error);
  for (int f = 0; f < nfactors; ++f) xp_factor_clear(&factors[f]);
  free(factors);
  if (status != XP_OK) xp_factor_clear(factor);
  return status;
}
