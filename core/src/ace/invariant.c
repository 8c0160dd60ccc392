/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/invariant.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "coupling/clebsch_gordan.h"

/* A polynomial that was found differs from the file's by less than this, relative to its largest coefficient. */
static const double EXACT = 1e-12;
/* A polynomial with a smaller part outside the span of the others depends on them, or vanishes but for rounding: before
 * equal factors bring products together, the squares of its coefficients add up to 2l+1 or more. */
static const double INDEPENDENT = 1e-6;
/* Larger systems (products of m times paths) are left to plain products. */
static const size_t ENTRIES_MAX = 4000000;
enum { PATHS_MAX = 256, L_MAX = 15, LABEL_MAX = 2 * L_MAX, M_OFFSET = 64, M_BITS = 8 };

struct xp_ace_invariants {
  xp_ace_shape shape;
  xp_ace_invariants *next;
  bool usable;
  int nmonomials;
  uint64_t *monomials; /* [nmonomials] ascending; owned */
  int npaths;
  xp_ace_path *paths; /* [npaths] independent ones; owned */
  double *q;          /* [npaths][nmonomials] orthonormal polynomials; owned */
  int stride;         /* of r */
  double *r;          /* [npaths][stride] polynomial i = sum_{k <= i} r[i][k] q_k; owned */
};

enum { BUCKETS = 4096 };

struct xp_ace_shapes {
  xp_ace_invariants *buckets[BUCKETS];
  bool failed;                                                /* out of memory */
  double *couplings[LABEL_MAX + 1][L_MAX + 1][LABEL_MAX + 1]; /* [2 l1 + 1][2 l2 + 1] when used; owned */
};

xp_status xp_ace_shapes_new(xp_ace_shapes **shapes, xp_error *error) {
  *shapes = calloc(1, sizeof **shapes);
  return *shapes ? XP_OK : xp_error_memory(error, "couplings of an ACE potential");
}

static void free_invariants(xp_ace_invariants *set) {
  free(set->monomials);
  free(set->paths);
  free(set->q);
  free(set->r);
  free(set);
}

void xp_ace_shapes_free(xp_ace_shapes *shapes) {
  if (!shapes) return;
  for (int b = 0; b < BUCKETS; ++b)
    while (shapes->buckets[b]) {
      xp_ace_invariants *set = shapes->buckets[b];
      shapes->buckets[b] = set->next;
      free_invariants(set);
    }
  double **couplings = &shapes->couplings[0][0][0];
  for (size_t k = 0; k < sizeof shapes->couplings / sizeof *couplings; ++k) free(couplings[k]);
  free(shapes);
}

/* Couplings of two momenta to a third, [m1 + l1][m2 + l2]; NULL: no memory. */
static const double *couplings_of(xp_ace_shapes *shapes, int l1, int l2, int l) {
  double **slot = &shapes->couplings[l1][l2][l];
  if (*slot) return *slot;
  int n2 = 2 * l2 + 1;
  *slot = malloc((size_t)(2 * l1 + 1) * (size_t)n2 * sizeof **slot);
  for (int m1 = -l1; m1 <= l1 && *slot; ++m1)
    for (int m2 = -l2; m2 <= l2; ++m2) (*slot)[(m1 + l1) * n2 + m2 + l2] = xp_clebsch_gordan(l1, m1, l2, m2, l);
  return *slot;
}

/* The product as a number: the m of equal factors descending, and the larger of the product and its conjugate. */
static uint64_t pack(const xp_ace_shape *shape, const int *ms, int sign) {
  int sorted[XP_ACE_COUPLED_RANK_MAX];
  for (int t = 0; t < shape->rank; ++t) {
    int m = sign * ms[t], at = t;
    for (int s = t - 1; s >= 0; --s) {
      if (shape->same[s] != shape->same[t] || sorted[s] >= m) continue;
      sorted[at] = sorted[s];
      at = s;
    }
    sorted[at] = m;
  }
  uint64_t key = 0;
  for (int t = 0; t < shape->rank; ++t) key = key << M_BITS | (uint64_t)(sorted[t] + M_OFFSET);
  return key;
}

static uint64_t monomial_of(const xp_ace_shape *shape, const int *ms) {
  uint64_t plus = pack(shape, ms, 1), minus = pack(shape, ms, -1);
  return plus > minus ? plus : minus;
}

/* Position of a monomial, -1: not there. */
static int find_monomial(const xp_ace_invariants *set, uint64_t key) {
  int low = 0, high = set->nmonomials - 1;
  while (low <= high) {
    int middle = (low + high) / 2;
    if (set->monomials[middle] == key) return middle;
    if (set->monomials[middle] < key)
      low = middle + 1;
    else
      high = middle - 1;
  }
  return -1;
}

/* Sets the last m so that all add up to zero; false: it does not fit. */
static bool close_tuple(const xp_ace_shape *shape, int *ms) {
  int sum = 0, last = shape->rank - 1;
  for (int t = 0; t < last; ++t) sum += ms[t];
  ms[last] = -sum;
  return abs(sum) <= shape->ls[last];
}

static bool next_tuple(const xp_ace_shape *shape, int *ms) {
  do {
    int t = shape->rank - 2;
    for (; t >= 0 && ms[t] == shape->ls[t]; --t) ms[t] = -shape->ls[t];
    if (t < 0) return false;
    ms[t]++;
  } while (!close_tuple(shape, ms));
  return true;
}

static bool first_tuple(const xp_ace_shape *shape, int *ms) {
  for (int t = 0; t < shape->rank; ++t) ms[t] = -shape->ls[t];
  return close_tuple(shape, ms) || next_tuple(shape, ms);
}

static size_t count_tuples(const xp_ace_shape *shape) {
  size_t product = 1;
  for (int t = 0; t + 1 < shape->rank; ++t) product *= (size_t)(2 * shape->ls[t] + 1);
  return product;
}

static int compare_keys(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static xp_status list_monomials(xp_ace_invariants *set, xp_error *error) {
  int ms[XP_ACE_COUPLED_RANK_MAX], count = 0;
  set->monomials = malloc((count_tuples(&set->shape) + 1) * sizeof *set->monomials);
  if (!set->monomials) return xp_error_memory(error, "couplings of an ACE potential");
  for (bool more = first_tuple(&set->shape, ms); more; more = next_tuple(&set->shape, ms))
    set->monomials[count++] = monomial_of(&set->shape, ms);
  if (count > 0) qsort(set->monomials, (size_t)count, sizeof *set->monomials, compare_keys);
  for (int k = 0; k < count; ++k)
    if (k == 0 || set->monomials[k] != set->monomials[set->nmonomials - 1])
      set->monomials[set->nmonomials++] = set->monomials[k];
  return XP_OK;
}

/* A part of a path: its factors' l and the L after each of them. */
typedef struct part {
  int size;
  const signed char *ls;
  signed char *labels;
} part;

static part left_part(const xp_ace_shape *shape, xp_ace_path *path) {
  return (part){shape->nleft, shape->ls, path->left};
}
static part right_part(const xp_ace_shape *shape, xp_ace_path *path) {
  return (part){shape->rank - shape->nleft, shape->ls + shape->nleft, path->right};
}

static int result_of(const part *p) {
  return p->labels[p->size - 1];
}

/* Sets the smallest labels from factor t on. */
static void first_labels(const part *p, int t) {
  if (t == 0) p->labels[t++] = p->ls[0];
  for (; t < p->size; ++t) p->labels[t] = (signed char)abs(p->labels[t - 1] - p->ls[t]);
}

/* Goes to the next labels of a part; false at the end. */
static bool next_labels(const part *p) {
  int t = p->size - 1;
  while (t > 0 && p->labels[t] == p->labels[t - 1] + p->ls[t]) --t;
  if (t == 0) return false;
  p->labels[t]++;
  first_labels(p, t + 1);
  return true;
}

/* Paths whose parts end with l; returns how many there are now. */
static int list_paths_of(const xp_ace_shape *shape, int l, xp_ace_path *paths, int count) {
  xp_ace_path path = {.l = (signed char)l};
  part left = left_part(shape, &path), right = right_part(shape, &path);
  first_labels(&left, 0);
  do {
    if (result_of(&left) != l) continue;
    first_labels(&right, 0);
    do {
      if (result_of(&right) == l && count < PATHS_MAX) paths[count++] = path;
    } while (next_labels(&right));
  } while (next_labels(&left));
  return count;
}

/* The coupling coefficient of one part for a tuple; *m and *odd are what its result has. */
static double part_weight(xp_ace_shapes *shapes, const part *p, const int *ms, int *m, int *odd) {
  double weight = 1.0;
  *m = ms[0];
  for (int t = 1; t < p->size && weight != 0.0; ++t) {
    int l1 = p->labels[t - 1], l2 = p->ls[t], l = p->labels[t];
    if (abs(*m + ms[t]) > l) return 0.0;
    const double *couplings = couplings_of(shapes, l1, l2, l);
    if (!couplings) {
      shapes->failed = true;
      return 0.0;
    }
    weight *= couplings[(*m + l1) * (2 * l2 + 1) + ms[t] + l2];
    *odd += (l1 + l2 + l) % 2;
    *m += ms[t];
  }
  return weight;
}

/* The dot product of the two results, coupled.h: sum over m of (-1)^m left_m right_-m, with the factors -i. */
static double path_weight(xp_ace_shapes *shapes, const xp_ace_shape *shape, xp_ace_path *path, const int *ms) {
  part left = left_part(shape, path), right = right_part(shape, path);
  int m, other, odd = 0;
  double weight = part_weight(shapes, &left, ms, &m, &odd);
  if (weight != 0.0) weight *= part_weight(shapes, &right, ms + left.size, &other, &odd);
  return (odd / 2 + abs(m)) % 2 ? -weight : weight;
}

/* Coefficients of a path's polynomial, [nmonomials]. */
static void expand(xp_ace_shapes *shapes, const xp_ace_invariants *set, xp_ace_path *path, double *polynomial) {
  int ms[XP_ACE_COUPLED_RANK_MAX];
  memset(polynomial, 0, (size_t)set->nmonomials * sizeof *polynomial);
  for (bool more = first_tuple(&set->shape, ms); more; more = next_tuple(&set->shape, ms)) {
    double weight = path_weight(shapes, &set->shape, path, ms);
    if (weight != 0.0) polynomial[find_monomial(set, monomial_of(&set->shape, ms))] += weight;
  }
}

static double dot(const double *a, const double *b, int n) {
  double sum = 0.0;
  for (int k = 0; k < n; ++k) sum += a[k] * b[k];
  return sum;
}

/* Takes the parts along earlier polynomials off, adding them to r; twice, for full orthogonality. */
static void orthogonalise(const xp_ace_invariants *set, double *polynomial, double *r) {
  for (int pass = 0; pass < 2; ++pass)
    for (int k = 0; k < set->npaths; ++k) {
      const double *q = set->q + (size_t)k * (size_t)set->nmonomials;
      double along = dot(q, polynomial, set->nmonomials);
      r[k] += along;
      for (int c = 0; c < set->nmonomials; ++c) polynomial[c] -= along * q[c];
    }
}

/* Keeps a path when its polynomial is new. */
static void keep_path(xp_ace_shapes *shapes, xp_ace_invariants *set, xp_ace_path *path) {
  if (set->npaths == set->stride) return;
  double *q = set->q + (size_t)set->npaths * (size_t)set->nmonomials, *r = set->r + set->npaths * set->stride;
  expand(shapes, set, path, q);
  memset(r, 0, (size_t)set->stride * sizeof *r);
  orthogonalise(set, q, r);
  double rest = sqrt(dot(q, q, set->nmonomials));
  if (!(rest > INDEPENDENT)) return;
  for (int c = 0; c < set->nmonomials; ++c) q[c] /= rest;
  r[set->npaths] = rest;
  set->paths[set->npaths++] = *path;
}

static bool small_enough(const xp_ace_shape *shape) {
  int sum = 0;
  for (int t = 0; t < shape->rank; ++t) {
    sum += shape->ls[t];
    if (shape->ls[t] > L_MAX) return false;
  }
  return shape->rank <= XP_ACE_COUPLED_RANK_MAX && sum % 2 == 0 && sum <= 2 * L_MAX &&
         count_tuples(shape) <= ENTRIES_MAX;
}

static xp_status work_out(xp_ace_shapes *shapes, xp_ace_invariants *set, xp_error *error) {
  if (!small_enough(&set->shape)) return XP_OK;
  xp_ace_path *paths = malloc(PATHS_MAX * sizeof *paths);
  xp_status status = paths ? list_monomials(set, error) : xp_error_memory(error, "couplings of an ACE potential");
  int count = 0;
  for (int l = 0; l <= L_MAX && !status; ++l) count = list_paths_of(&set->shape, l, paths, count);
  int capacity = count < set->nmonomials ? count : set->nmonomials;
  size_t entries = (size_t)count * (size_t)set->nmonomials;
  if (!status && count < PATHS_MAX && entries <= ENTRIES_MAX) {
    set->q = malloc(((size_t)capacity * (size_t)set->nmonomials + 1) * sizeof *set->q);
    set->r = malloc(((size_t)capacity * (size_t)capacity + 1) * sizeof *set->r);
    set->paths = malloc(((size_t)capacity + 1) * sizeof *set->paths);
    set->stride = capacity;
    bool room = set->q && set->r && set->paths;
    for (int p = 0; p < count && room; ++p) keep_path(shapes, set, &paths[p]);
    set->usable = room && !shapes->failed;
    if (!set->usable) status = xp_error_memory(error, "couplings of an ACE potential");
  }
  free(paths);
  return status;
}

static size_t bucket_of(const xp_ace_shape *shape) {
  size_t hash = 5381;
  const unsigned char *bytes = (const unsigned char *)shape;
  for (size_t k = 0; k < sizeof *shape; ++k) hash = hash * 33 + bytes[k];
  return hash % BUCKETS;
}

xp_status xp_ace_shapes_find(xp_ace_shapes *shapes, const xp_ace_shape *shape, const xp_ace_invariants **invariants,
                             xp_error *error) {
  xp_ace_invariants **bucket = &shapes->buckets[bucket_of(shape)], *set = *bucket;
  while (set && memcmp(&set->shape, shape, sizeof *shape) != 0) set = set->next;
  *invariants = NULL;
  if (!set) {
    set = calloc(1, sizeof *set);
    if (!set) return xp_error_memory(error, "couplings of an ACE potential");
    set->shape = *shape;
    set->next = *bucket;
    *bucket = set;
    xp_status status = work_out(shapes, set, error);
    if (status) return status;
  }
  if (set->usable) *invariants = set;
  return XP_OK;
}

int xp_ace_invariants_count(const xp_ace_invariants *invariants) {
  return invariants->npaths;
}

const xp_ace_path *xp_ace_invariants_path(const xp_ace_invariants *invariants, int index) {
  return &invariants->paths[index];
}

/* The file's polynomial as a vector [nmonomials]; false: a product that no invariant has. */
static bool gather(const xp_ace_invariants *set, const int *ms, int ntuples, const double *coefficients, int nset,
                   double *polynomial) {
  memset(polynomial, 0, (size_t)set->nmonomials * sizeof *polynomial);
  for (int q = 0; q < ntuples; ++q) {
    int at = find_monomial(set, monomial_of(&set->shape, ms + q * set->shape.rank));
    if (at < 0) return false;
    polynomial[at] += coefficients[q * nset];
  }
  return true;
}

static double largest(const double *x, int n) {
  double most = 0.0;
  for (int k = 0; k < n; ++k) most = fmax(most, fabs(x[k]));
  return most;
}

/* One set of weights by back substitution; polynomial becomes what is left of it. */
static void substitute(const xp_ace_invariants *set, double *polynomial, int nset, double *weights) {
  double along[PATHS_MAX] = {0.0};
  orthogonalise(set, polynomial, along);
  for (int i = set->npaths - 1; i >= 0; --i) {
    double w = along[i] / set->r[i * set->stride + i];
    for (int k = 0; k < i; ++k) along[k] -= w * set->r[i * set->stride + k];
    weights[i * nset] = w;
  }
}

xp_status xp_ace_invariants_solve(const xp_ace_invariants *invariants, const int *ms, int ntuples,
                                  const double *coefficients, int nset, double *weights, bool *exact, xp_error *error) {
  double *polynomial = malloc(((size_t)invariants->nmonomials + 1) * sizeof *polynomial);
  if (!polynomial) return xp_error_memory(error, "couplings of an ACE potential");
  *exact = true;
  for (int p = 0; p < nset && *exact; ++p) {
    *exact = gather(invariants, ms, ntuples, coefficients + p, nset, polynomial);
    if (!*exact) break;
    double scale = largest(polynomial, invariants->nmonomials);
    substitute(invariants, polynomial, nset, weights + p);
    *exact = largest(polynomial, invariants->nmonomials) <= EXACT * scale;
  }
  free(polynomial);
  return XP_OK;
}
