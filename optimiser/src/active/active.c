/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "active/active.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "active/maxvol.h"
#include "active/start.h"
#include "active/sweep.h"
#include "fit/factor.h"

/* Grades up to this are 1: far above rounding, far below what one would notice. */
#define LIMIT (1.0 + 1e-7)
/* Candidates besides: once others have come in these may be above the limit, and a pass is saved. */
#define NEAR_LIMIT 0.5
/* Passes over the data: tens are usual. */
#define PASSES_MOST 1000

/* One search for active sets. */
typedef struct activity {
  const xp_active_request *request;
  xp_environments environments;
  xp_chosen *chosen; /* [nelements] */
  xp_peaks *peaks;   /* [nelements] */
  xp_active_set *set;
  xp_active_summary *summary;
} activity;

/* Rows that may take a place in the active set of an element. */
typedef struct candidates {
  int count, natoms; /* atoms come first, then rows of floors */
  long *members;     /* [count]; owned */
  double *rows;      /* [count][n]; owned */
} candidates;

static double *row_of(double *rows, int i, int n) {
  return rows + (size_t)i * (size_t)n;
}

/* inverse <- that of the chosen rows. Their columns are scaled first: descriptors differ by powers of ten. */
static xp_status invert(const xp_chosen *chosen, double *inverse, xp_error *error) {
  int n = chosen->n;
  double *scaled = xp_numbers_new((size_t)n * (size_t)n);
  if (!scaled) return xp_error_memory(error, "the active set");
  for (int k = 0; k < n; ++k)
    for (int q = 0; q < n; ++q) row_of(scaled, k, n)[q] = row_of(chosen->rows, k, n)[q] / chosen->floors[q];
  xp_status status = xp_maxvol_invert(scaled, n, inverse, error);
  for (int q = 0; q < n && status == XP_OK; ++q) cblas_dscal(n, 1.0 / chosen->floors[q], row_of(inverse, q, n), 1);
  free(scaled);
  return status;
}

static int compare(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return (x > y) - (x < y);
}

/* Members are ascending. */
static bool is_chosen(const xp_chosen *chosen, long member) {
  return bsearch(&member, chosen->members, (size_t)chosen->n, sizeof member, compare) != NULL;
}

/* For every place the atom with the largest coordinate in it; their number. */
static int list_atoms(long *members, const xp_peaks *peaks) {
  int found = 0, count = 0;
  for (int k = 0; k < peaks->n; ++k)
    if (peaks->values[k] > NEAR_LIMIT) members[found++] = peaks->atoms[k];
  qsort(members, (size_t)found, sizeof *members, compare);
  for (int i = 0; i < found; ++i)
    if (i == 0 || members[i] != members[i - 1]) members[count++] = members[i];
  return count;
}

/* Floors' rows above the limit; their number. Coordinates of such a row are its number times a row of the inverse. */
static int list_floors(long *members, const xp_chosen *chosen, const double *inverse) {
  int n = chosen->n, count = 0;
  for (int q = 0; q < n; ++q) {
    const double *row = inverse + (size_t)q * (size_t)n;
    if (chosen->floors[q] * fabs(row[cblas_idamax(n, row, 1)]) > LIMIT && !is_chosen(chosen, XP_FLOOR_ROW(q)))
      members[count++] = XP_FLOOR_ROW(q);
  }
  return count;
}

/* Whether an atom that is not in the set is outside. */
static bool has_outsider(const xp_peaks *peaks) {
  return peaks->n > 0 && peaks->values[cblas_idamax(peaks->n, peaks->values, 1)] > LIMIT;
}

/* None when all is inside. */
static xp_status find_candidates(candidates *c, const activity *a, int element, xp_error *error) {
  const xp_chosen *chosen = &a->chosen[element];
  size_t n = (size_t)chosen->n;
  c->members = calloc(2 * n + 1, sizeof *c->members);
  if (!c->members) return xp_error_memory(error, "the active set");
  int nfloors = list_floors(c->members + n, chosen, a->set->inverses[element]);
  if (nfloors == 0 && !has_outsider(&a->peaks[element])) return XP_OK;
  c->natoms = list_atoms(c->members, &a->peaks[element]);
  c->count = c->natoms + nfloors;
  memmove(c->members + c->natoms, c->members + n, (size_t)nfloors * sizeof *c->members);
  c->rows = xp_numbers_new((size_t)c->count * n);
  if (!c->rows) return xp_error_memory(error, "the active set");
  for (int i = c->natoms; i < c->count; ++i) {
    int q = (int)XP_FLOOR_ROW(c->members[i]);
    row_of(c->rows, i, chosen->n)[q] = chosen->floors[q];
  }
  return XP_OK;
}

static void clear_candidates(candidates *c) {
  free(c->members);
  free(c->rows);
}

/* The rows that have become chosen, by their labels: places before, then candidates. */
static xp_status adopt(xp_chosen *chosen, const candidates *c, const int *labels, xp_error *error) {
  int n = chosen->n;
  xp_member *members = calloc((size_t)n + 1, sizeof *members);
  if (!members) return xp_error_memory(error, "the active set");
  for (int k = 0; k < n; ++k) {
    bool same = labels[k] < n;
    int from = same ? labels[k] : labels[k] - n;
    members[k] = same ? (xp_member){chosen->members[from], row_of(chosen->rows, from, n)}
                      : (xp_member){c->members[from], row_of(c->rows, from, n)};
  }
  xp_status status = xp_chosen_set(chosen, members, error);
  free(members);
  return status;
}

/* Exchanges rows of an element for candidates. As many exchanges as there are rows at most: then coordinates are computed
 * anew, before rounding adds up. */
static xp_status improve(activity *a, int element, const candidates *c, xp_error *error) {
  xp_chosen *chosen = &a->chosen[element];
  int n = chosen->n, exchanges = 0;
  double *coordinates = xp_numbers_new((size_t)c->count * (size_t)n);
  int *labels = calloc((size_t)n + (size_t)c->count + 1, sizeof *labels);
  xp_status status = coordinates && labels ? XP_OK : xp_error_memory(error, "the active set");
  if (status == XP_OK) {
    for (int l = 0; l < n + c->count; ++l) labels[l] = l;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, c->count, n, n, 1.0, c->rows, n, a->set->inverses[element],
                n, 0.0, coordinates, n);
    xp_maxvol maxvol = {n, c->count, coordinates, labels, labels + n};
    status = xp_maxvol_exchange(&maxvol, LIMIT, n, a->request->threads, &exchanges, error);
  }
  if (status == XP_OK) status = adopt(chosen, c, labels, error);
  if (status == XP_OK) status = invert(chosen, a->set->inverses[element], error);
  a->summary->exchanges += exchanges;
  free(coordinates);
  free(labels);
  return status;
}

static xp_status fetch(const activity *a, const candidates *c, xp_error *error) {
  int nelements = a->environments.nelements;
  xp_wanted *wanted = calloc((size_t)nelements + 1, sizeof *wanted);
  if (!wanted) return xp_error_memory(error, "the active set");
  for (int e = 0; e < nelements; ++e) wanted[e] = (xp_wanted){c[e].natoms, c[e].members, c[e].rows};
  xp_sweep sweep = {.environments = &a->environments,
                    .threads = a->request->threads,
                    .report = a->request->report,
                    .stage = "active set: candidates"};
  xp_status status = xp_sweep_fetch(&sweep, wanted, error);
  free(wanted);
  return status;
}

/* *better: whether anything was exchanged. */
static xp_status exchange_all(activity *a, bool *better, xp_error *error) {
  int nelements = a->environments.nelements;
  candidates *c = calloc((size_t)nelements + 1, sizeof *c);
  xp_status status = c ? XP_OK : xp_error_memory(error, "the active set");
  *better = false;
  for (int e = 0; e < nelements && status == XP_OK; ++e) {
    status = find_candidates(&c[e], a, e, error);
    *better |= c[e].count > 0;
  }
  if (status == XP_OK && *better) status = fetch(a, c, error);
  for (int e = 0; e < nelements && status == XP_OK; ++e)
    if (c[e].count > 0) status = improve(a, e, &c[e], error);
  for (int e = 0; e < nelements && c; ++e) clear_candidates(&c[e]);
  free(c);
  return status;
}

/* Passes over all atoms until none is outside. */
static xp_status search(activity *a, xp_error *error) {
  xp_active_summary *summary = a->summary;
  xp_sweep sweep = {.environments = &a->environments,
                    .inverses = a->set->inverses,
                    .threads = a->request->threads,
                    .report = a->request->report};
  xp_status status = XP_OK;
  for (bool better = true; better && status == XP_OK;) {
    char stage[64];
    snprintf(stage, sizeof stage, "active set: pass %d", ++summary->passes);
    sweep.stage = stage;
    status = xp_sweep_peaks(&sweep, a->peaks, error);
    if (summary->passes == PASSES_MOST) return status;
    if (status == XP_OK) status = exchange_all(a, &better, error);
  }
  summary->complete = status == XP_OK;
  return status;
}

static xp_status start(activity *a, xp_error *error) {
  int n = a->environments.nelements;
  xp_status status = xp_chosen_start(a->chosen, &a->environments, a->request->threads, a->request->report, error);
  for (int e = 0; e < n && status == XP_OK; ++e) {
    status = xp_peaks_init(&a->peaks[e], a->chosen[e].n, a->chosen[e].members, error);
    if (status == XP_OK) status = invert(&a->chosen[e], a->set->inverses[e], error);
  }
  return status;
}

static void summarise(const activity *a) {
  for (int e = 0; e < a->environments.nelements; ++e) {
    xp_active_element *element = &a->summary->elements[e];
    const xp_chosen *chosen = &a->chosen[e];
    *element = (xp_active_element){
        .descriptors = chosen->n, .atoms = xp_environments_count(&a->environments, e), .largest = a->peaks[e].largest};
    memcpy(element->symbol, a->set->elements[e], sizeof element->symbol);
    for (int k = 0; k < chosen->n; ++k) element->unexplored += chosen->members[k] < 0;
  }
}

static xp_status make(activity *a, const xp_descriptors *descriptors, const char *const *elements, int nelements,
                      xp_error *error) {
  const xp_active_request *request = a->request;
  xp_status status = XP_OK;
  int *sizes = calloc((size_t)nelements + 1, sizeof *sizes);
  a->chosen = calloc((size_t)nelements + 1, sizeof *a->chosen);
  a->peaks = calloc((size_t)nelements + 1, sizeof *a->peaks);
  a->summary->elements = calloc((size_t)nelements + 1, sizeof *a->summary->elements);
  if (!sizes || !a->chosen || !a->peaks || !a->summary->elements) status = xp_error_memory(error, "the active set");
  for (int e = 0; e < nelements && status == XP_OK; ++e) sizes[e] = xp_descriptors_count(descriptors, e);
  if (status == XP_OK) status = xp_active_set_new(&a->set, nelements, elements, sizes, error);
  if (status == XP_OK)
    status = xp_environments_init(&a->environments, descriptors, request->data, a->set->elements, nelements,
                                  request->memory, error);
  if (status == XP_OK) status = start(a, error);
  if (status == XP_OK) status = search(a, error);
  if (status == XP_OK) summarise(a);
  a->summary->nelements = status == XP_OK ? nelements : 0;
  free(sizes);
  return status;
}

static void clear(activity *a, int nelements) {
  for (int e = 0; a->chosen && e < nelements; ++e) xp_chosen_clear(&a->chosen[e]);
  for (int e = 0; a->peaks && e < nelements; ++e) xp_peaks_clear(&a->peaks[e]);
  free(a->chosen);
  free(a->peaks);
  if (a->environments.units) xp_environments_clear(&a->environments);
}

xp_status xp_active_make(xp_active_set **set, xp_active_summary *summary, const xp_active_request *request,
                         xp_error *error) {
  int n = xp_potential_nelements(request->potential);
  activity a = {.request = request, .summary = summary};
  xp_descriptors *descriptors = NULL;
  const char **elements = calloc((size_t)n + 1, sizeof *elements);
  *summary = (xp_active_summary){0};
  xp_status status = elements ? XP_OK : xp_error_memory(error, "the active set");
  for (int e = 0; e < n && status == XP_OK; ++e) elements[e] = xp_potential_element(request->potential, e);
  if (status == XP_OK) status = xp_descriptors_new(&descriptors, request->potential, request->form, elements, n, error);
  if (status == XP_OK) status = make(&a, descriptors, elements, n, error);
  clear(&a, n);
  if (status == XP_OK)
    *set = a.set;
  else
    xp_active_set_free(a.set);
  xp_descriptors_free(descriptors);
  free(elements);
  return status;
}

void xp_active_summary_clear(xp_active_summary *summary) {
  free(summary->elements);
  *summary = (xp_active_summary){0};
}
