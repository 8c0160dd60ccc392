/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Gauss-Newton factor: weighted rows of all structures reduced to a triangle, by QR or by the normal matrix. */
#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ace/jacobian.h"
#include "ace/problem_data.h"
#include "parallel/parallel.h"

#define SHARE_BYTES 1e9 /* of all shares that are made at once */
enum { SHARES_MAX = 16 };

/* Added to the diagonal of the normal matrix with columns scaled to norm 1: what rounding may have taken. */
static const double JITTER = 1e-13;

/* A power of two, so that 2, 4, ... processes have whole factors and find the bits of one. */
int xp_ace_factor_parts(int columns) {
  double most = SHARE_BYTES / ((double)columns * columns * sizeof(double));
  int parts = 1;
  while (2 * parts <= most && parts < SHARES_MAX) parts *= 2;
  return parts;
}

/* Rows of some parts of the problem, collected: one of both. */
typedef struct share {
  xp_factor factor; /* QR */
  double *normal;   /* [columns + 1][columns + 1] by columns, upper triangle; owned */
} share;

/* What all shares have in common. */
typedef struct collection {
  xp_ace_jacobian common;
  xp_ace_factor_method method;
  int nshares;
  share *shares; /* owned */
  xp_report *report;
} collection;

static size_t entries(const collection *c) {
  size_t n = (size_t)c->common.columns + 1;
  return n * n;
}

static xp_status collect(const collection *c, share *s, const xp_ace_jacobian *j, int count, xp_error *error) {
  int n = c->common.columns + 1;
  if (c->method == XP_ACE_FACTOR_QR) return xp_factor_add(&s->factor, j->rows, count, error);
  cblas_dsyrk(CblasColMajor, CblasUpper, CblasNoTrans, n, count, 1.0, j->rows, n, 1.0, s->normal, n);
  return XP_OK;
}

/* Parts of the problem that go into a share. */
static int part_of(const xp_ace_problem *p, int s, int nshares) {
  return (int)((long)s * p->nparts / nshares);
}

static xp_status collect_part(const collection *c, share *s, xp_ace_jacobian *j, int part, xp_error *error) {
  const xp_ace_problem *p = c->common.problem;
  xp_status status = XP_OK;
  for (int k = p->part_first[part]; k < p->part_first[part + 1] && status == XP_OK; ++k) {
    int count;
    status = xp_ace_jacobian_rows(j, k, &count, error);
    if (status == XP_OK) status = collect(c, s, j, count, error);
#pragma omp critical(xp_ace_report)
    xp_report_advance(c->report, p->data->set->structures[k]->natoms);
  }
  return status;
}

static xp_status open_share(const collection *c, int index, xp_error *error) {
  const xp_ace_problem *p = c->common.problem;
  share *s = &c->shares[index];
  int first = p->part_first[part_of(p, index, c->nshares)], last = p->part_first[part_of(p, index + 1, c->nshares)];
  xp_factor_init(&s->factor, c->common.columns + 1, xp_ace_jacobian_count(p, c->common.terms, first, last));
  if (c->method == XP_ACE_FACTOR_QR) return XP_OK;
  s->normal = calloc(entries(c), sizeof *s->normal);
  return s->normal ? XP_OK : xp_error_memory(error, "the normal matrix of the fit");
}

/* One share of the parts that this process has. */
static xp_status fill_share(const collection *c, int index, xp_ace_jacobian *j, xp_error *error) {
  const xp_ace_problem *p = c->common.problem;
  share *s = &c->shares[index];
  xp_status status = open_share(c, index, error);
  for (int part = part_of(p, index, c->nshares); part < part_of(p, index + 1, c->nshares) && status == XP_OK; ++part)
    if (xp_ace_problem_mine(part, p->nparts)) status = collect_part(c, s, j, part, error);
  if (status != XP_OK || s->factor.total == 0) return status;
  status = xp_factor_finish(&s->factor, error);
  return status == XP_OK ? xp_factor_triangulate(&s->factor, error) : status;
}

static xp_status fill_shares(const collection *c, xp_error *error) {
  int failed = c->nshares;
  xp_error first = {0};
#pragma omp parallel num_threads(c->common.problem->threads)
  {
    xp_ace_jacobian j = c->common;
    xp_error own = {0};
    xp_status ready = xp_ace_jacobian_open(&j, &own);
#pragma omp for schedule(dynamic)
    for (int s = 0; s < c->nshares; ++s) {
      xp_status status = ready == XP_OK ? fill_share(c, s, &j, &own) : ready;
#pragma omp critical(xp_ace_factor)
      if (status != XP_OK && s < failed) {
        failed = s;
        first = own;
      }
    }
    xp_ace_jacobian_close(&j);
  }
  if (failed < c->nshares) *error = first;
  return xp_parallel_agree(failed < c->nshares ? first.status : XP_OK, error);
}

/* L2 as rows: sqrt(L2) (c + x) for every function coefficient. */
static xp_status add_ridge(const collection *c, xp_factor *factor, xp_error *error) {
  const xp_ace_jacobian *j = &c->common;
  const xp_ace_fit_layout *layout = &j->problem->layout;
  double root = sqrt(j->terms->L2);
  if (root == 0.0) return XP_OK;
  double *row = calloc((size_t)j->columns + 1, sizeof *row);
  if (!row) return xp_error_memory(error, "rows of the fit");
  xp_status status = XP_OK;
  for (int k = 0; k < layout->nfunctions && status == XP_OK; ++k) {
    if (j->active && !j->active[k]) continue;
    row[k] = root;
    row[j->columns] = -root * j->parameters[layout->nradial + k];
    status = xp_factor_add(factor, row, 1, error);
    row[k] = 0.0;
  }
  free(row);
  return status;
}

/* Merges one factor, of which every process has a share or nothing, in the order of the processes. */
static xp_status merge_factor(xp_factor *factor, const xp_factor *own, double *buffer, xp_error *error) {
  size_t n = (size_t)factor->columns * (size_t)factor->columns;
  xp_status status = XP_OK;
  for (int rank = 0; rank < xp_parallel_size() && status == XP_OK; ++rank) {
    bool mine = rank == xp_parallel_rank() && own->total > 0;
    double rows = mine ? (double)own->total : 0.0;
    status = xp_parallel_sum(&rows, 1, error);
    if (status != XP_OK || rows == 0.0) continue;
    xp_factor one = {.columns = factor->columns, .r = buffer, .total = (long)rows};
    if (mine)
      memcpy(buffer, own->r, n * sizeof *buffer);
    else
      memset(buffer, 0, n * sizeof *buffer);
    status = xp_parallel_sum(buffer, n, error);
    if (status == XP_OK) status = xp_factor_merge(factor, &one, 1.0, error);
  }
  return status;
}

static xp_status merge_factors(const collection *c, xp_factor *factor, xp_error *error) {
  double *buffer = malloc(entries(c) * sizeof *buffer);
  xp_status status = buffer ? XP_OK : xp_error_memory(error, "the fit");
  for (int s = 0; s < c->nshares && status == XP_OK; ++s) {
    status = merge_factor(factor, &c->shares[s].factor, buffer, error);
    xp_factor_clear(&c->shares[s].factor);
  }
  free(buffer);
  if (status == XP_OK) status = add_ridge(c, factor, error);
  if (status == XP_OK) status = xp_factor_finish(factor, error);
  return status == XP_OK ? xp_factor_triangulate(factor, error) : status;
}

/* L2 in the normal matrix. */
static void add_penalty(const collection *c, double *normal) {
  const xp_ace_jacobian *j = &c->common;
  const xp_ace_fit_layout *layout = &j->problem->layout;
  size_t n = (size_t)j->columns + 1;
  double *target = normal + n * (n - 1), l2 = j->terms->L2;
  for (int k = 0; k < layout->nfunctions; ++k) {
    if (j->active && !j->active[k]) continue;
    double x = j->parameters[layout->nradial + k];
    normal[n * (size_t)k + (size_t)k] += l2;
    target[k] -= l2 * x;
    target[n - 1] += l2 * x * x;
  }
}

/* Cholesky's factor of the scaled normal matrix, scaled back; columns of zeros stay zero. */
static xp_status factorise(double *a, int n, xp_error *error) {
  size_t size = (size_t)n;
  double *scales = malloc(size * sizeof *scales);
  if (!scales) return xp_error_memory(error, "the fit");
  for (size_t k = 0; k < size; ++k) scales[k] = a[k * size + k] > 0.0 ? sqrt(a[k * size + k]) : 1.0;
  for (size_t k = 0; k < size; ++k) {
    for (size_t r = 0; r < k; ++r) a[k * size + r] /= scales[r] * scales[k];
    a[k * size + k] = 1.0 + JITTER;
  }
  int info = LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', n - 1, a, n);
  double *target = a + size * (size - 1), square = 0.0;
  if (info == 0) {
    cblas_dtrsv(CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, n - 1, a, n, target, 1);
    square = cblas_ddot(n - 1, target, 1, target, 1);
    target[n - 1] = square < 1.0 ? sqrt(1.0 - square) : 0.0;
  }
  for (size_t k = 0; k < size; ++k) {
    cblas_dscal((int)k + 1, scales[k], a + k * size, 1);
    memset(a + k * size + k + 1, 0, (size - k - 1) * sizeof *a);
  }
  free(scales);
  if (info == 0) return XP_OK;
  return xp_error_set(error, XP_ERROR_NUMERIC,
                      "the normal matrix of the fit is not positive definite; are labels finite?");
}

/* A column without any entry has a diagonal of 1 after scaling: it is zero again. */
static void clear_empty(double *r, int n, const double *diagonal) {
  for (int k = 0; k < n; ++k)
    if (diagonal[k] == 0.0) r[(size_t)k * (size_t)n + (size_t)k] = 0.0;
}

static xp_status merge_normals(const collection *c, xp_factor *factor, xp_error *error) {
  int n = c->common.columns + 1;
  double *sum = calloc(entries(c), sizeof *sum), *diagonal = malloc((size_t)n * sizeof *diagonal);
  xp_status status = sum && diagonal ? XP_OK : xp_error_memory(error, "the normal matrix of the fit");
  for (int s = 0; s < c->nshares && status == XP_OK; ++s) {
    status = xp_parallel_sum(c->shares[s].normal, entries(c), error);
    for (size_t k = 0; k < (size_t)n && status == XP_OK; ++k)
      cblas_daxpy(n, 1.0, c->shares[s].normal + k * (size_t)n, 1, sum + k * (size_t)n, 1);
    free(c->shares[s].normal);
    c->shares[s].normal = NULL;
  }
  if (status == XP_OK) {
    add_penalty(c, sum);
    cblas_dcopy(n, sum, n + 1, diagonal, 1);
    status = factorise(sum, n, error);
  }
  if (status == XP_OK) {
    clear_empty(sum, n, diagonal);
    factor->r = sum;
    sum = NULL;
  }
  free(sum);
  free(diagonal);
  return status;
}

static void close_collection(collection *c) {
  for (int s = 0; s < c->nshares && c->shares; ++s) {
    xp_factor_clear(&c->shares[s].factor);
    free(c->shares[s].normal);
  }
  free(c->shares);
}

xp_status xp_ace_problem_factor(const xp_ace_problem *p, const xp_ace_factor_request *request, xp_factor *factor,
                                long *rows, xp_error *error) {
  collection c = {.common = {.problem = p,
                             .terms = request->terms,
                             .parameters = request->parameters,
                             .active = request->active,
                             .columns = p->layout.ntotal - p->layout.nradial},
                  .method = request->method,
                  .report = request->report};
  c.nshares = xp_ace_factor_parts(c.common.columns + 1);
  if (c.nshares > p->nparts) c.nshares = p->nparts;
  c.shares = calloc((size_t)c.nshares, sizeof *c.shares);
  if (!c.shares) return xp_error_memory(error, "the fit");
  *rows = xp_ace_jacobian_count(p, request->terms, 0, p->nstructures);
  xp_factor_init(factor, c.common.columns + 1, *rows + p->layout.nfunctions);
  xp_report_stage(request->report, "rows of the Jacobian", p->data->natoms);
  xp_status status = fill_shares(&c, error);
  xp_report_end(request->report);
  if (status == XP_OK)
    status = c.method == XP_ACE_FACTOR_QR ? merge_factors(&c, factor, error) : merge_normals(&c, factor, error);
  close_collection(&c);
  if (status != XP_OK) xp_factor_clear(factor);
  return status;
}
