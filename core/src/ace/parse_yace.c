/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ace/model.h"
#include "ace/yace_text.h"
#include "ace/yaml_radial.h"
#include "ace/yaml_tree.h"
#include "locale/locale.h"

#define COUNT(fields) ((int)(sizeof(fields) / sizeof *(fields)))

/* What the parts of the parser share. */
typedef struct reader {
  const xp_yaml_tree *tree;
  xp_ace_model *model;
  xp_error *error;
  int lmax;                 /* top-level lmax of ACE.jl files, -1: absent */
  const xp_yace_text *text; /* what the tree was made from */
  int nlines;               /* notes of an abridged text met so far */
} reader;

typedef const xp_yaml_node *node_t;

/* A finding of check.c at the place of its field. */
static xp_status report(const reader *r, const xp_ace_finding *finding, const xp_yaml_field *fields, int nfields,
                        node_t whole, const char *what) {
  node_t node = whole;
  for (int f = 0; f < nfields; ++f)
    if (fields[f].node && strcmp(fields[f].key, finding->field) == 0) node = fields[f].node;
  return xp_error_at(r->error, xp_yaml_place(r->tree, node), "%s: %s", what, finding->sentence);
}

/* Index of a species that is a mapping key or part of one. */
static xp_status read_species(const reader *r, node_t node, const char *what, int *species) {
  xp_status status = xp_yaml_int(r->tree, node, what, species, r->error);
  if (status) return status;
  if (*species >= 0 && *species < r->model->nelements) return XP_OK;
  return xp_error_at(r->error, xp_yaml_place(r->tree, node), "%s: species is %d, expected 0 to %d", what, *species,
                     r->model->nelements - 1);
}

/* Key [i, j] as the index i * nelements + j. */
static xp_status read_pair(const reader *r, node_t node, const char *what, int *pair) {
  xp_status status = xp_yaml_expect(r->tree, node, XP_YAML_SEQUENCE, what, r->error);
  if (status) return status;
  if (node->size != 2)
    return xp_error_at(r->error, xp_yaml_place(r->tree, node), "%s: expected a key [i, j] of 2 species, found %d", what,
                       node->size);
  int i = 0, j = 0;
  node_t first = xp_yaml_first(r->tree, node);
  if ((status = read_species(r, first, what, &i))) return status;
  if ((status = read_species(r, xp_yaml_next(r->tree, first), what, &j))) return status;
  *pair = i * r->model->nelements + j;
  return XP_OK;
}

static void key_name(const reader *r, bool pair, int index, char name[32]) {
  int n = r->model->nelements;
  if (pair)
    snprintf(name, 32, "[%d, %d]", index / n, index % n);
  else
    snprintf(name, 32, "%d", index);
}

/* Finds the values of a mapping whose keys are all species (or all ordered pairs), each exactly once. */
static xp_status read_table(const reader *r, node_t node, const char *what, bool pair, node_t **values) {
  int n = r->model->nelements, count = pair ? n * n : n;
  xp_status status = xp_yaml_expect(r->tree, node, XP_YAML_MAPPING, what, r->error);
  if (status) return status;
  *values = calloc((size_t)count, sizeof **values);
  if (!*values) return xp_error_memory(r->error, what);
  char name[32];
  for (node_t key = xp_yaml_first(r->tree, node); key;) {
    node_t value = xp_yaml_next(r->tree, key);
    int index = 0;
    status = pair ? read_pair(r, key, what, &index) : read_species(r, key, what, &index);
    if (status) return status;
    key_name(r, pair, index, name);
    if ((*values)[index])
      return xp_error_at(r->error, xp_yaml_place(r->tree, key), "%s: key %s appears twice, first in line %d", what,
                         name, (*values)[index]->line);
    (*values)[index] = value;
    key = xp_yaml_next(r->tree, value);
  }
  for (int index = 0; index < count; ++index)
    if (!(*values)[index]) {
      key_name(r, pair, index, name);
      return xp_error_at(r->error, xp_yaml_place(r->tree, node), "%s: key %s is missing", what, name);
    }
  return XP_OK;
}

static xp_status read_elements(reader *r, node_t elements, node_t e0) {
  xp_status status = xp_yaml_expect(r->tree, elements, XP_YAML_SEQUENCE, "elements", r->error);
  if (status) return status;
  if (elements->size < 1 || elements->size > XP_ACE_ELEMENTS_MAX)
    return xp_error_at(r->error, xp_yaml_place(r->tree, elements), "elements: expected 1 to %d symbols, found %d",
                       XP_ACE_ELEMENTS_MAX, elements->size);
  if ((status = xp_ace_model_new(&r->model, elements->size, r->error))) return status;
  xp_symbol *symbol = r->model->elements;
  for (node_t item = xp_yaml_first(r->tree, elements); item; item = xp_yaml_next(r->tree, item), ++symbol) {
    if ((status = xp_yaml_expect(r->tree, item, XP_YAML_SCALAR, "elements", r->error))) return status;
    if (snprintf(*symbol, sizeof *symbol, "%s", xp_yaml_text(r->tree, item)) >= XP_SYMBOL_SIZE)
      return xp_error_at(r->error, xp_yaml_place(r->tree, item), "elements: \"%.20s\" is too long for a symbol",
                         xp_yaml_text(r->tree, item));
  }
  free(r->model->e0);
  r->model->e0 = NULL;
  if ((status = xp_yaml_doubles(r->tree, e0, "E0", elements->size, &r->model->e0, r->error))) return status;
  xp_ace_finding finding = {0};
  if (xp_ace_elements_check(r->model, &finding)) return XP_OK;
  return xp_error_at(r->error, xp_yaml_place(r->tree, elements), "%s", finding.sentence);
}

static xp_status read_embedding(const reader *r, node_t node, int i) {
  enum { NDENSITY, PARAMETERS, NPOTI, RHO, DRHO, NFIELDS };
  xp_yaml_field fields[NFIELDS] = {[NDENSITY] = {"ndensity", true, NULL},
                                   [PARAMETERS] = {"FS_parameters", true, NULL},
                                   [NPOTI] = {"npoti", true, NULL},
                                   [RHO] = {"rho_core_cutoff", true, NULL},
                                   [DRHO] = {"drho_core_cutoff", true, NULL}};
  xp_ace_embedding *embedding = &r->model->embeddings[i];
  char what[64];
  snprintf(what, sizeof what, "embedding of %s", r->model->elements[i]);
  xp_status status;
  if ((status = xp_yaml_fields(r->tree, node, what, fields, NFIELDS, r->error)) ||
      (status = xp_yaml_int(r->tree, fields[NDENSITY].node, "ndensity", &embedding->ndensity, r->error)) ||
      (status = xp_yaml_expect(r->tree, fields[NPOTI].node, XP_YAML_SCALAR, "npoti", r->error)) ||
      (status = xp_yaml_double(r->tree, fields[RHO].node, "rho_core_cutoff", &embedding->rho_core_cutoff, r->error)) ||
      (status = xp_yaml_double(r->tree, fields[DRHO].node, "drho_core_cutoff", &embedding->drho_core_cutoff, r->error)))
    return status;
  if (!xp_ace_embedding_from_name(xp_yaml_text(r->tree, fields[NPOTI].node), &embedding->npoti))
    return xp_error_at(r->error, xp_yaml_place(r->tree, fields[NPOTI].node),
                       "npoti: expected " XP_ACE_EMBEDDING_NAMES ", found \"%.40s\"",
                       xp_yaml_text(r->tree, fields[NPOTI].node));
  status = xp_yaml_doubles(r->tree, fields[PARAMETERS].node, "FS_parameters", 2L * embedding->ndensity,
                           &embedding->fs_parameters, r->error);
  if (status) return status;
  xp_ace_finding finding = {0};
  if (xp_ace_embedding_check(embedding, &finding)) return XP_OK;
  return report(r, &finding, fields, NFIELDS, node, what);
}

/* Numbers of a bond in the order of its fields. */
enum {
  NAME,
  NRADMAX,
  LMAX,
  NRADBASE,
  PARAMETERS,
  COEFFICIENTS,
  PREHC,
  LAMBDAHC,
  RCUT,
  DCUT,
  RCUT_IN,
  DCUT_IN,
  INNER,
  NBOND
};

static xp_status read_bond_type(const reader *r, xp_ace_bond *bond, node_t node) {
  bond->inner_cutoff_type = XP_ACE_INNER_DENSITY;
  if (!node) return XP_OK;
  xp_status status = xp_yaml_expect(r->tree, node, XP_YAML_SCALAR, "inner_cutoff_type", r->error);
  if (status) return status;
  if (xp_ace_inner_from_name(xp_yaml_text(r->tree, node), &bond->inner_cutoff_type)) return XP_OK;
  return xp_error_at(r->error, xp_yaml_place(r->tree, node),
                     "inner_cutoff_type: expected " XP_ACE_INNER_NAMES ", found \"%.40s\"",
                     xp_yaml_text(r->tree, node));
}

static xp_status read_bond_numbers(const reader *r, xp_ace_bond *bond, const xp_yaml_field *fields) {
  struct {
    int field;
    double *value;
  } numbers[] = {{PREHC, &bond->prehc}, {LAMBDAHC, &bond->lambdahc}, {RCUT, &bond->rcut},
                 {DCUT, &bond->dcut},   {RCUT_IN, &bond->rcut_in},   {DCUT_IN, &bond->dcut_in}};
  for (int i = 0; i < COUNT(numbers); ++i) {
    const xp_yaml_field *field = &fields[numbers[i].field];
    if (!field->node) continue;
    xp_status status = xp_yaml_double(r->tree, field->node, field->key, numbers[i].value, r->error);
    if (status) return status;
  }
  return XP_OK;
}

static xp_status read_pace_bond(const reader *r, node_t node, const char *what, int i, int j) {
  xp_yaml_field fields[NBOND] = {[NAME] = {"radbasename", true, NULL},
                                 [NRADMAX] = {"nradmax", true, NULL},
                                 [LMAX] = {"lmax", true, NULL},
                                 [NRADBASE] = {"nradbasemax", true, NULL},
                                 [PARAMETERS] = {"radparameters", true, NULL},
                                 [COEFFICIENTS] = {"radcoefficients", true, NULL},
                                 [PREHC] = {"prehc", true, NULL},
                                 [LAMBDAHC] = {"lambdahc", true, NULL},
                                 [RCUT] = {"rcut", true, NULL},
                                 [DCUT] = {"dcut", true, NULL},
                                 [RCUT_IN] = {"rcut_in", false, NULL},
                                 [DCUT_IN] = {"dcut_in", false, NULL},
                                 [INNER] = {"inner_cutoff_type", false, NULL}};
  xp_ace_bond *bond = xp_ace_model_bond(r->model, i, j);
  xp_status status;
  if ((status = xp_yaml_fields(r->tree, node, what, fields, NBOND, r->error)) ||
      (status = xp_yaml_int(r->tree, fields[NRADMAX].node, "nradmax", &bond->nradmax, r->error)) ||
      (status = xp_yaml_int(r->tree, fields[LMAX].node, "lmax", &bond->lmax, r->error)) ||
      (status = xp_yaml_int(r->tree, fields[NRADBASE].node, "nradbasemax", &bond->nradbasemax, r->error)) ||
      (status =
           xp_yaml_doubles(r->tree, fields[PARAMETERS].node, "radparameters", -1, &bond->radparameters, r->error)) ||
      (status = read_bond_numbers(r, bond, fields)) || (status = read_bond_type(r, bond, fields[INNER].node)))
    return status;
  bond->nradparameters = fields[PARAMETERS].node->size;
  xp_ace_finding finding = {0};
  if (!xp_ace_bond_check(r->model, i, j, &finding)) return report(r, &finding, fields, NBOND, node, what);
  return xp_yaml_read_coefficients(r->tree, fields[COEFFICIENTS].node, bond, r->error);
}

/* The polynomials' own keys, which bonds and polypairpot share. */
enum { XL, XR, PL, PR, R0, P, MAXN, RECURSION, NPOLYNOMIAL };
#define POLYNOMIAL_FIELDS                                                                                     \
  [XL] = {"xl", true, NULL}, [XR] = {"xr", true, NULL}, [PL] = {"pl", true, NULL}, [PR] = {"pr", true, NULL}, \
  [R0] = {"r0", true, NULL}, [P] = {"p", true, NULL}, [MAXN] = {"maxn", true, NULL},                          \
  [RECURSION] = {"recursion_coefficients", true, NULL}

static xp_status read_recursion(const reader *r, node_t node, xp_ace_acejl *polynomials) {
  xp_yaml_field fields[] = {{"A", true, NULL}, {"B", true, NULL}, {"C", true, NULL}};
  double **lists[] = {&polynomials->a, &polynomials->b, &polynomials->c};
  xp_status status = xp_yaml_fields(r->tree, node, "recursion_coefficients", fields, COUNT(fields), r->error);
  for (int i = 0; i < COUNT(fields) && !status; ++i)
    status = xp_yaml_doubles(r->tree, fields[i].node, fields[i].key, polynomials->maxn, lists[i], r->error);
  return status;
}

static xp_status read_polynomials(const reader *r, const xp_yaml_field *fields, xp_ace_acejl **result) {
  xp_ace_acejl *q = *result = calloc(1, sizeof *q);
  if (!q) return xp_error_memory(r->error, "ACE.jl polynomials");
  double *numbers[] = {[XL] = &q->xl, [XR] = &q->xr, [PL] = &q->pl, [PR] = &q->pr, [R0] = &q->r0, [P] = &q->p};
  xp_status status = XP_OK;
  for (int i = XL; i <= P && !status; ++i)
    status = xp_yaml_double(r->tree, fields[i].node, fields[i].key, numbers[i], r->error);
  if (status || (status = xp_yaml_int(r->tree, fields[MAXN].node, "maxn", &q->maxn, r->error))) return status;
  xp_ace_finding finding = {0};
  if (!xp_ace_polynomials_check(q, &finding))
    return report(r, &finding, fields, NPOLYNOMIAL, fields[MAXN].node, "ACE.jl polynomials");
  return read_recursion(r, fields[RECURSION].node, q);
}

static xp_status read_acejl_bond(const reader *r, node_t node, const char *what, int i, int j) {
  enum { JL_NAME = NPOLYNOMIAL, JL_RCUT, NFIELDS };
  xp_yaml_field fields[NFIELDS] = {
      POLYNOMIAL_FIELDS, [JL_NAME] = {"radbasename", true, NULL}, [JL_RCUT] = {"rcut", true, NULL}};
  xp_ace_bond *bond = xp_ace_model_bond(r->model, i, j);
  xp_status status;
  if ((status = xp_yaml_fields(r->tree, node, what, fields, NFIELDS, r->error)) ||
      (status = xp_yaml_double(r->tree, fields[JL_RCUT].node, "rcut", &bond->rcut, r->error)) ||
      (status = read_polynomials(r, fields, &bond->acejl)))
    return status;
  if (r->lmax < 0)
    return xp_error_at(r->error, xp_yaml_place(r->tree, node), "ACE.jl radial functions need lmax at the top level");
  bond->nradmax = bond->nradbasemax = bond->acejl->maxn;
  bond->lmax = r->lmax;
  xp_ace_finding finding = {0};
  if (xp_ace_bond_check(r->model, i, j, &finding)) return XP_OK;
  return report(r, &finding, fields, NFIELDS, node, what);
}

/* The value of one key, looked up before the mapping as a whole is checked; NULL when there is none. */
static node_t peek(const reader *r, node_t node, const char *name) {
  if (node->type != XP_YAML_MAPPING) return NULL;
  for (node_t key = xp_yaml_first(r->tree, node); key;) {
    node_t value = xp_yaml_next(r->tree, key);
    if (key->type == XP_YAML_SCALAR && strcmp(xp_yaml_text(r->tree, key), name) == 0) return value;
    key = xp_yaml_next(r->tree, value);
  }
  return NULL;
}

static xp_status read_bond(const reader *r, node_t node, int i, int j) {
  xp_ace_bond *bond = xp_ace_model_bond(r->model, i, j);
  char what[64];
  snprintf(what, sizeof what, "bond [%d, %d]", i, j);
  xp_status status = xp_yaml_expect(r->tree, node, XP_YAML_MAPPING, what, r->error);
  if (status) return status;
  node_t name = peek(r, node, "radbasename");
  if (!name) return xp_error_at(r->error, xp_yaml_place(r->tree, node), "%s: key \"radbasename\" is missing", what);
  if ((status = xp_yaml_string(r->tree, name, "radbasename", &bond->radbasename, r->error))) return status;
  if (!xp_ace_radial_from_name(bond->radbasename, &bond->radbase))
    return xp_error_at(r->error, xp_yaml_place(r->tree, name),
                       "radbasename: expected " XP_ACE_RADIAL_NAMES ", found \"%.40s\"", bond->radbasename);
  return bond->radbase == XP_ACE_ACEJL ? read_acejl_bond(r, node, what, i, j) : read_pace_bond(r, node, what, i, j);
}

/* place: of ms_combs. */
static xp_status warn_tuples(const reader *r, xp_place place, const xp_ace_function *function, const char *what) {
  for (int q = 0; q < function->num_ms_combs; ++q)
    if (!xp_ace_tuple_invariant(function, q))
      return xp_ace_model_warn(r->model, r->error,
                               "%s:%ld:%ld: %s: tuple %d of ms_combs does not add up to 0; the energy will depend on "
                               "the orientation",
                               place.file, place.line, place.column, what, q + 1);
  return XP_OK;
}

enum { MU0, RANK, NDENSITY, NUM, MUS, NS, LS, MS, CTILDES, NFUNCTION };

/* What the lengths of the lists follow from. */
static xp_status check_sizes(const reader *r, const xp_yaml_field *fields, const char *what, const xp_ace_function *f) {
  int wrong = f->rank < 1 || f->rank > XP_ACE_RANK_MAX ? RANK
              : f->ndensity < 1                        ? NDENSITY
              : f->num_ms_combs < 0                    ? NUM
                                                       : NFUNCTION;
  if (wrong == NFUNCTION) return XP_OK;
  return xp_error_at(r->error, xp_yaml_place(r->tree, fields[wrong].node),
                     "%s: expected a rank from 1 to %d, at least one density and a number of tuples not below 0", what,
                     XP_ACE_RANK_MAX);
}

/* The arrays of a function whose numbers are read; their memory is asked for once the file has shown all entries. */
static xp_status read_arrays(const reader *r, const xp_yaml_field *fields, xp_ace_function *f) {
  long tuples = f->num_ms_combs;
  long counts[NFUNCTION] = {
      [MUS] = f->rank, [NS] = f->rank, [LS] = f->rank, [MS] = tuples * f->rank, [CTILDES] = tuples * f->ndensity};
  xp_status status = XP_OK;
  for (int list = MUS; list <= CTILDES && !status; ++list)
    status = xp_yaml_expect_list(r->tree, fields[list].node, fields[list].key, counts[list], r->error);
  if (status || (status = xp_ace_function_allocate(f, f->rank, f->ndensity, f->num_ms_combs, r->error))) return status;
  int *lists[NFUNCTION] = {[MUS] = f->mus, [NS] = f->ns, [LS] = f->ls, [MS] = f->ms_combs};
  for (int list = MUS; list <= MS && !status; ++list)
    status = xp_yaml_fill_ints(r->tree, fields[list].node, fields[list].key, lists[list], r->error);
  return status ? status : xp_yaml_fill_doubles(r->tree, fields[CTILDES].node, "ctildes", f->ctildes, r->error);
}

static xp_status read_function(const reader *r, node_t node, int i, const char *what, xp_ace_function *f) {
  xp_yaml_field fields[NFUNCTION] = {[MU0] = {"mu0", true, NULL},
                                     [RANK] = {"rank", true, NULL},
                                     [NDENSITY] = {"ndensity", true, NULL},
                                     [NUM] = {"num_ms_combs", true, NULL},
                                     [MUS] = {"mus", true, NULL},
                                     [NS] = {"ns", true, NULL},
                                     [LS] = {"ls", true, NULL},
                                     [MS] = {"ms_combs", true, NULL},
                                     [CTILDES] = {"ctildes", true, NULL}};
  int mu0 = -1;
  xp_status status;
  if ((status = xp_yaml_fields(r->tree, node, what, fields, NFUNCTION, r->error)) ||
      (status = xp_yaml_int(r->tree, fields[MU0].node, "mu0", &mu0, r->error)) ||
      (status = xp_yaml_int(r->tree, fields[RANK].node, "rank", &f->rank, r->error)) ||
      (status = xp_yaml_int(r->tree, fields[NDENSITY].node, "ndensity", &f->ndensity, r->error)) ||
      (status = xp_yaml_int(r->tree, fields[NUM].node, "num_ms_combs", &f->num_ms_combs, r->error)))
    return status;
  if (mu0 != i)
    return xp_error_at(r->error, xp_yaml_place(r->tree, fields[MU0].node),
                       "%s: mu0 is %d, the function stands under species %d", what, mu0, i);
  if ((status = check_sizes(r, fields, what, f))) return status;
  if ((status = read_arrays(r, fields, f))) return status;
  xp_ace_finding finding = {0};
  if (!xp_ace_function_check(r->model, i, f, &finding)) return report(r, &finding, fields, NFUNCTION, node, what);
  return warn_tuples(r, xp_yaml_place(r->tree, fields[MS].node), f, what);
}

/* The offset of the line that a note stands for; NULL when the function is in the tree. */
static node_t find_note(const reader *r, node_t node) {
  return r->text->abridged ? peek(r, node, XP_YACE_NOTE) : NULL;
}

/* Errors have no sentence: the whole text is parsed for it. */
static xp_status read_line(reader *r, node_t node, node_t note, int i, const char *what, xp_ace_function *f) {
  size_t offset = strtoull(xp_yaml_text(r->tree, note), NULL, 10);
  xp_yace_line line;
  xp_ace_finding finding;
  if (!xp_yace_line_read(r->text->bytes, offset, &line, f) || line.mu0 != i ||
      !xp_ace_function_check(r->model, i, f, &finding))
    return XP_ERROR_INPUT;
  r->nlines++;
  xp_place place = xp_yaml_place(r->tree, node);
  place.column += line.ms_column;
  return warn_tuples(r, place, f, what);
}

static xp_status read_functions(reader *r, node_t node, int i) {
  xp_status status = xp_yaml_expect(r->tree, node, XP_YAML_SEQUENCE, "functions", r->error);
  if (status) return status;
  xp_ace_function *f = r->model->functions[i] = calloc((size_t)node->size + 1, sizeof *f);
  if (!f) return xp_error_memory(r->error, "ACE functions");
  r->model->nfunctions[i] = node->size;
  int index = 0;
  for (node_t item = xp_yaml_first(r->tree, node); item && !status; item = xp_yaml_next(r->tree, item), ++f) {
    char what[64];
    snprintf(what, sizeof what, "function %d of %s", ++index, r->model->elements[i]);
    node_t note = find_note(r, item);
    status = note ? read_line(r, item, note, i, what, f) : read_function(r, item, i, what, f);
  }
  return status;
}

/* Reads embeddings, bonds or functions: one entry for every species or pair. */
static xp_status read_section(reader *r, node_t node, const char *what) {
  bool pair = strcmp(what, "bonds") == 0, embeddings = strcmp(what, "embeddings") == 0;
  int n = r->model->nelements;
  node_t *values = NULL;
  xp_status status = read_table(r, node, what, pair, &values);
  for (int i = 0; i < (pair ? n * n : n) && !status; ++i)
    status = pair ? read_bond(r, values[i], i / n, i % n)
                  : (embeddings ? read_embedding(r, values[i], i) : read_functions(r, values[i], i));
  free(values);
  return status;
}

static xp_status read_pair_coefficients(const reader *r, node_t node) {
  int n = r->model->nelements;
  node_t *values = NULL;
  xp_status status = read_table(r, node, "polypairpot coefficients", true, &values);
  for (int i = 0; i < n * n && !status; ++i)
    status = xp_yaml_doubles(r->tree, values[i], "polypairpot coefficients", r->model->pair_polynomials->maxn,
                             &r->model->pair_terms[i].coefficients, r->error);
  free(values);
  return status;
}

static xp_status read_polypairpot(const reader *r, node_t node) {
  enum { PAIR_RCUT = NPOLYNOMIAL, PAIR_COEFFICIENTS, NFIELDS };
  xp_yaml_field fields[NFIELDS] = {
      POLYNOMIAL_FIELDS, [PAIR_RCUT] = {"rcut", true, NULL}, [PAIR_COEFFICIENTS] = {"coefficients", true, NULL}};
  int n = r->model->nelements;
  r->model->pair_terms = calloc((size_t)n * (size_t)n, sizeof *r->model->pair_terms);
  if (!r->model->pair_terms) return xp_error_memory(r->error, "polypairpot");
  xp_status status;
  if ((status = xp_yaml_fields(r->tree, node, "polypairpot", fields, NFIELDS, r->error)) ||
      (status = xp_yaml_double(r->tree, fields[PAIR_RCUT].node, "rcut", &r->model->pair_rcut, r->error)) ||
      (status = read_polynomials(r, fields, &r->model->pair_polynomials)))
    return status;
  if (!(r->model->pair_rcut > 0.0 && r->model->pair_rcut <= XP_ACE_RCUT_MAX))
    return xp_error_at(r->error, xp_yaml_place(r->tree, fields[PAIR_RCUT].node),
                       "polypairpot: rcut is %g, expected a length above 0 and up to %g", r->model->pair_rcut,
                       XP_ACE_RCUT_MAX);
  return read_pair_coefficients(r, fields[PAIR_COEFFICIENTS].node);
}

static xp_status read_repulsion(const reader *r, node_t node, xp_ace_acejl_pair *term) {
  xp_yaml_field fields[] = {{"ri", true, NULL}, {"e0", true, NULL}, {"A", true, NULL}, {"B", true, NULL}};
  double *numbers[] = {&term->ri, &term->e0, &term->a, &term->b};
  xp_status status = xp_yaml_fields(r->tree, node, "reppot", fields, COUNT(fields), r->error);
  for (int i = 0; i < COUNT(fields) && !status; ++i)
    status = xp_yaml_double(r->tree, fields[i].node, fields[i].key, numbers[i], r->error);
  if (status || term->ri >= 0.0) return status;
  return xp_error_at(r->error, xp_yaml_place(r->tree, fields[0].node), "reppot: ri is %g, expected a length", term->ri);
}

static xp_status read_reppot(const reader *r, node_t node) {
  xp_yaml_field field = {"coefficients", true, NULL};
  int n = r->model->nelements;
  if (!r->model->pair_terms)
    return xp_error_at(r->error, xp_yaml_place(r->tree, node), "reppot needs polypairpot, which is missing");
  xp_status status = xp_yaml_fields(r->tree, node, "reppot", &field, 1, r->error);
  if (status) return status;
  node_t *values = NULL;
  status = read_table(r, field.node, "reppot coefficients", true, &values);
  for (int i = 0; i < n * n && !status; ++i) status = read_repulsion(r, values[i], &r->model->pair_terms[i]);
  free(values);
  return status;
}

static xp_status read_top(reader *r) {
  enum { ELEMENTS, E0, DELTA, EMBEDDINGS, BONDS, FUNCTIONS, TOP_LMAX, POLYPAIR, REPPOT, NFIELDS };
  xp_yaml_field fields[NFIELDS] = {[ELEMENTS] = {"elements", true, NULL},     [E0] = {"E0", true, NULL},
                                   [DELTA] = {"deltaSplineBins", true, NULL}, [EMBEDDINGS] = {"embeddings", true, NULL},
                                   [BONDS] = {"bonds", true, NULL},           [FUNCTIONS] = {"functions", true, NULL},
                                   [TOP_LMAX] = {"lmax", false, NULL},        [POLYPAIR] = {"polypairpot", false, NULL},
                                   [REPPOT] = {"reppot", false, NULL}};
  xp_status status;
  if ((status = xp_yaml_fields(r->tree, xp_yaml_root(r->tree), "ACE potential", fields, NFIELDS, r->error)) ||
      (status = read_elements(r, fields[ELEMENTS].node, fields[E0].node)) ||
      (status = xp_yaml_double(r->tree, fields[DELTA].node, "deltaSplineBins", &r->model->delta_spline_bins, r->error)))
    return status;
  xp_ace_finding finding = {0};
  if (!xp_ace_bins_check(r->model->delta_spline_bins, &finding))
    return xp_error_at(r->error, xp_yaml_place(r->tree, fields[DELTA].node), "%s", finding.sentence);
  r->lmax = -1;
  if (fields[TOP_LMAX].node && (status = xp_yaml_int(r->tree, fields[TOP_LMAX].node, "lmax", &r->lmax, r->error)))
    return status;
  if ((status = read_section(r, fields[EMBEDDINGS].node, "embeddings")) ||
      (status = read_section(r, fields[BONDS].node, "bonds")) ||
      (status = read_section(r, fields[FUNCTIONS].node, "functions")))
    return status;
  if (fields[POLYPAIR].node && (status = read_polypairpot(r, fields[POLYPAIR].node))) return status;
  return fields[REPPOT].node ? read_reppot(r, fields[REPPOT].node) : XP_OK;
}

static xp_status parse(xp_ace_model **model, const xp_bytes *bytes, bool abridged, xp_error *error) {
  *model = NULL;
  xp_yaml_tree *tree = NULL;
  xp_yace_text text = {.bytes = bytes, .abridged = abridged};
  xp_yaml_source source = {bytes->name, xp_yace_text_read, &text};
  xp_status status = xp_yaml_parse(&tree, &source, error);
  if (status) return status;
  reader r = {.tree = tree, .error = error, .text = &text};
  status = read_top(&r);
  /* A line that looks like a function but is none, as within a quoted text. */
  if (status == XP_OK && r.nlines != text.nlines) status = XP_ERROR_INPUT;
  xp_yaml_free(tree);
  if (status)
    xp_ace_model_free(r.model);
  else
    *model = r.model;
  return status;
}

xp_status xp_ace_parse_yace_in_full(xp_ace_model **model, const xp_bytes *bytes, xp_error *error) {
  XP_LOCALE_PLAIN;
  return parse(model, bytes, false, error);
}

xp_status xp_ace_parse_yace(xp_ace_model **model, const xp_bytes *bytes, xp_error *error) {
  XP_LOCALE_PLAIN;
  if (!strstr(bytes->data, XP_YACE_NOTE) && parse(model, bytes, true, NULL) == XP_OK) return XP_OK;
  return xp_ace_parse_yace_in_full(model, bytes, error);
}
