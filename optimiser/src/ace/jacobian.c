/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Weighted rows of the Jacobian of one structure. */
#include "ace/jacobian.h"

#include <math.h>
#include <stdlib.h>

#include "ace/problem_data.h"

enum { VIRIAL_ROWS = 6 };

static const int COMPONENTS[VIRIAL_ROWS][2] = {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}};

xp_status xp_ace_jacobian_open(xp_ace_jacobian *m, xp_error *error) {
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

void xp_ace_jacobian_close(xp_ace_jacobian *m) {
  free(m->forces);
  free(m->plain);
  free(m->rows);
  xp_ace_fit_scratch_free(m->scratch);
}

/* Appends a row times a factor, minus its residual as the target. */
static void append(const xp_ace_jacobian *m, int *count, const double *row, double factor, double residual) {
  double *to = m->rows + (size_t)(*count)++ * (size_t)(m->columns + 1);
  for (int c = 0; c < m->columns; ++c) to[c] = !m->active || m->active[c] ? factor * row[c] : 0.0;
  to[m->columns] = -factor * residual;
}

static void append_forces(const xp_ace_jacobian *m, const xp_structure *reference, const double *weights,
                          const double *rows, int *count) {
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

static void append_virial(const xp_ace_jacobian *m, const xp_structure *reference, const xp_ace_fit_labels *out,
                          double weight, const double *rows, int *count) {
  double factor = sqrt(m->terms->virial * weight) / reference->natoms;
  for (int v = 0; v < VIRIAL_ROWS; ++v) {
    int a = COMPONENTS[v][0], b = COMPONENTS[v][1];
    append(m, count, rows + (size_t)v * (size_t)m->columns, factor, out->virial[a][b] - reference->virial[a][b]);
  }
}

xp_status xp_ace_jacobian_rows(const xp_ace_jacobian *m, int s, int *count, xp_error *error) {
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

long xp_ace_jacobian_count(const xp_ace_problem *p, const xp_ace_terms *terms, int first, int last) {
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
