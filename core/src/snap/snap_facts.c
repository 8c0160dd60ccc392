/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What evaluating a plan costs, counted from its lists; a complex product is six operations, a multiply-add two. */
#include "snap/snap_kernel.h"
#include "snap/snap_plan_data.h"

/* Operations of the arithmetic that is the same for all models: sine and cosine together; distance, angle and Cayley-Klein
 * parameters without them; the outer and the inner switch without them; y; the chain rule of y; from the derivatives by a
 * and b to the gradient. */
enum { SINE_COSINE = 41, GEOMETRY = 20, OUTER = 8, INNER = 14, HEIGHT = 7, CHAIN = 12, DIRECTION = 50 };

/* Of each factor of a row of strips in the gradient. */
enum { ROW = 5 };

static double stream_operations(const xp_snap_stream *stream) {
  double operations = 0.0;
  for (const xp_snap_segment *s = stream->segments; s < stream->segments + stream->nsegments; ++s)
    operations += (double)(s->end - s->first) * (6.0 + 4.0 * s->noutputs);
  return operations;
}

/* Z of all pairs of labels, what follows from it, and Y. */
static double matrix_operations(const xp_snap_plan *plan) {
  const xp_snap_tables *t = plan->tables;
  double n = t->ncomponents, labels = t->nlabels;
  double operations = labels * stream_operations(&t->same) + labels * (labels - 1.0) * stream_operations(&t->mixed);
  for (const xp_snap_target *target = t->targets; target < t->targets + t->ntargets; ++target)
    operations += 4.0 * target->n * (target->end - target->first);
  operations += 2.0 * t->nslots;
  if (!plan->quadratic) return operations;
  for (const xp_snap_component *c = t->components; c < t->components + t->ncomponents; ++c) operations += 4.0 * c->n;
  return operations + 2.0 * n * n + 4.0 * n;
}

/* Moments to U, Y to the adjoint of the moments, and the energy from both where the model is linear. */
static double fixed_operations(const xp_snap_plan *plan) {
  const xp_snap_moments *m = &plan->tables->moments;
  double contraction = plan->quadratic ? 0.0 : 4.0 * m->nentries;
  return plan->tables->nlabels * (2.0 * 8.0 * m->ncoefficients + contraction);
}

static double neighbour_operations(const xp_snap_plan *plan) {
  const xp_snap_moments *m = &plan->tables->moments;
  const xp_snap_geometry *g = &plan->geometry;
  double twojmax = plan->tables->twojmax, polynomials = plan->tables->twojmax / 2;
  /* Factors, and the derivatives by a and b from those by their powers. */
  double density = 2.0 * 6.0 * twojmax + 3.0 * polynomials,
         gradient = density + 4.0 * polynomials + 2.0 * 10.0 * twojmax;
  for (const xp_snap_row *row = m->rows; row < m->rows + m->nrows; ++row) {
    double moments = row->width * (row->single + (double)row->pairs * (row->pairs + 1));
    density += 4.0 * moments;
    gradient += 8.0 * moments + ROW * (double)row->width;
  }
  gradient += CHAIN + DIRECTION;
  return SINE_COSINE + GEOMETRY + (g->switchflag ? SINE_COSINE + OUTER : 0) +
         (g->switchinnerflag ? SINE_COSINE + INNER : 0) + 2.0 * HEIGHT + density + gradient;
}

static size_t stream_bytes(const xp_snap_stream *stream, size_t real) {
  if (stream->nsegments == 0) return 0;
  return (size_t)stream->nsegments * sizeof *stream->segments + (size_t)stream->noutputs * sizeof *stream->target +
         stream->segments[stream->nsegments - 1].end * sizeof *stream->pairs + stream->ncoefficients * real;
}

/* The lists that evaluating an atom of the species reads. */
static size_t list_bytes(const xp_snap_plan *plan, const xp_snap_terms *terms, size_t real) {
  const xp_snap_tables *t = plan->tables;
  size_t n = (size_t)t->ncomponents;
  if (plan->folded) return stream_bytes(&terms->folded, real);
  size_t bytes = stream_bytes(&t->same, real) + stream_bytes(&t->mixed, real) + n * sizeof(double) +
                 (size_t)t->nslots * sizeof *t->slots + (size_t)t->nlinks * sizeof *t->links +
                 (size_t)t->ntargets * sizeof *t->targets;
  if (plan->quadratic) bytes += n * (sizeof *t->components + sizeof(double)) + n * n * sizeof(double);
  return bytes;
}

static size_t moment_bytes(const xp_snap_moments *m, size_t real) {
  return (size_t)m->nrows * sizeof *m->rows + (size_t)m->nentries * sizeof *m->entries +
         (size_t)m->ncoefficients * real;
}

/* Arrays of the workspace that hold a number for each atom in flight. */
static size_t atom_bytes(const xp_snap_plan *plan, size_t real) {
  const xp_snap_tables *t = plan->tables;
  size_t labels = (size_t)t->nlabels, numbers = t->scratch + 2 * 2 * labels * (size_t)t->nu;
  if (!plan->folded) numbers += 2 * labels * labels * (size_t)t->nz + (size_t)t->ncomponents;
  return numbers * real + (plan->quadratic ? (size_t)t->ncomponents + 1 : 1) * sizeof(double);
}

xp_plan_facts xp_snap_plan_describe(const xp_snap_plan *plan, int species) {
  static const char folded[] = "adjoint from products of U", matrices[] = "Z, then adjoint",
                    bispectrum[] = "Z and B, then adjoint";
  const xp_snap_terms *terms = &plan->terms[species];
  size_t real = plan->precision == XP_PRECISION_MIXED ? sizeof(float) : sizeof(double);
  xp_plan_facts facts = {.neighbour_operations = neighbour_operations(plan),
                         .fixed_operations = fixed_operations(plan),
                         .table_bytes = moment_bytes(&plan->tables->moments, real),
                         .stream_bytes = list_bytes(plan, terms, real),
                         .atom_bytes = atom_bytes(plan, real),
                         .neighbour_bytes = XP_SNAP_FIELDS * sizeof(double) + sizeof(size_t),
                         .lanes = xp_snap_kernel_select(plan->precision)->width};
  if (plan->folded) facts.methods[facts.nmethods++] = (xp_plan_method){folded, stream_operations(&terms->folded)};
  facts.methods[facts.nmethods++] = (xp_plan_method){plan->quadratic ? bispectrum : matrices, matrix_operations(plan)};
  return facts;
}
