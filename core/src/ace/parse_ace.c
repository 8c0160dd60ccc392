/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The older text format: fixed order of sections, any white space between words (ace.md section 1.3). */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ace/model.h"
#include "locale/locale.h"

/* A cursor over the text. The first error stays; after it all reading does nothing, so that callers check once a
 * section. */
typedef struct scanner {
  const xp_bytes *bytes;
  const char *at, *end;
  xp_error *error;
  xp_status status;
  const char *line_start; /* of the last line whose number was asked for */
  long line;
} scanner;

typedef struct sizes {
  int lmax, nradbase, nradmax, ndensity;
} sizes;

/* Places are asked for in the order of the file, so lines are counted once. */
static xp_place place_of(scanner *s, const char *at) {
  if (at < s->line_start) {
    s->line_start = s->bytes->data;
    s->line = 1;
  }
  const char *newline;
  while ((newline = memchr(s->line_start, '\n', (size_t)(at - s->line_start)))) {
    s->line_start = newline + 1;
    s->line++;
  }
  return (xp_place){s->bytes->name, s->line, at - s->line_start + 1};
}

static void skip_blanks(scanner *s) {
  while (s->at < s->end && (isspace((unsigned char)*s->at) || *s->at == '#')) {
    bool comment = *s->at == '#';
    while (comment && s->at < s->end && *s->at != '\n') s->at++;
    if (s->at < s->end) s->at++;
  }
}

static int word_length(const scanner *s) {
  int length = 0;
  while (s->at + length < s->end && !isspace((unsigned char)s->at[length]) && length < 40) length++;
  return length;
}

/* The printf-formatted text says what was expected. */
__attribute__((format(printf, 2, 3))) static void fail(scanner *s, const char *format, ...) {
  if (s->status) return;
  char expected[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(expected, sizeof expected, format, arguments);
  va_end(arguments);
  s->status =
      xp_error_at(s->error, place_of(s, s->at), "expected %s, found %s%.*s%s", expected,
                  s->at < s->end ? "\"" : "the end of the file", word_length(s), s->at, s->at < s->end ? "\"" : "");
}

static bool next_is(scanner *s, const char *text) {
  skip_blanks(s);
  size_t length = strlen(text);
  return (size_t)(s->end - s->at) >= length && memcmp(s->at, text, length) == 0;
}

static void expect(scanner *s, const char *text) {
  if (s->status) return;
  if (next_is(s, text))
    s->at += strlen(text);
  else
    fail(s, "%s", text);
}

static int read_int(scanner *s, const char *what, int low, int high) {
  if (s->status) return low;
  skip_blanks(s);
  char *end;
  errno = 0;
  long value = strtol(s->at, &end, 10);
  bool whole = end > s->at && !errno && *end != '.' && !isalnum((unsigned char)*end);
  if (!whole || value < low || value > high) {
    fail(s, "an integer from %d to %d for %s", low, high, what);
    return low;
  }
  s->at = end;
  return (int)value;
}

static double read_double(scanner *s, const char *what) {
  if (s->status) return 0.0;
  skip_blanks(s);
  char *end;
  double value = strtod(s->at, &end);
  if (end == s->at || !isfinite(value)) {
    fail(s, "a finite number for %s", what);
    return 0.0;
  }
  s->at = end;
  return value;
}

static void read_word(scanner *s, const char *what, char *word, size_t size) {
  if (s->status) return;
  skip_blanks(s);
  int length = word_length(s);
  if (length == 0 || (size_t)length >= size) {
    fail(s, "%s", what);
    return;
  }
  memcpy(word, s->at, (size_t)length);
  word[length] = 0;
  s->at += length;
}

/* A count of things that take at least so many characters each, so that a damaged count cannot ask for much more memory
 * than the file could fill. */
static int read_count(scanner *s, const char *what, size_t least) {
  if (s->status) return 0;
  size_t left = (size_t)(s->end - s->at) / least;
  return read_int(s, what, 0, left < INT_MAX ? (int)left : INT_MAX);
}

static void read_species(scanner *s, xp_ace_model **model) {
  expect(s, "nelements=");
  int n = read_int(s, "nelements", 1, XP_ACE_ELEMENTS_MAX);
  expect(s, "elements:");
  if (s->status || (s->status = xp_ace_model_new(model, n, s->error))) return;
  for (int i = 0; i < n; ++i) read_word(s, "an element symbol", (*model)->elements[i], XP_SYMBOL_SIZE);
}

/* The embedding stands once and holds for every element; the core cutoffs stand once an element. */
static void read_embeddings(scanner *s, xp_ace_model *model) {
  char name[64] = "FinnisSinclair";
  bool named = next_is(s, "embedding-function:");
  if (named) {
    expect(s, "embedding-function:");
    read_word(s, XP_ACE_EMBEDDING_NAMES, name, sizeof name);
  }
  xp_ace_embedding_type type = XP_ACE_FINNIS_SINCLAIR;
  if (!s->status && !xp_ace_embedding_from_name(name, &type)) {
    s->at -= strlen(name);
    fail(s, XP_ACE_EMBEDDING_NAMES);
  }
  int count = read_int(s, "the number of FS parameters", 2, 2 * XP_ACE_DENSITIES_MAX);
  expect(s, "FS parameters:");
  double parameters[2 * XP_ACE_DENSITIES_MAX] = {0};
  for (int p = 0; p < count; ++p) {
    parameters[p] = read_double(s, "FS parameters");
    if (!named && p % 2 && !s->status && parameters[p] != 1.0)
      fail(s, "embedding-function: before exponents other than 1");
  }
  expect(s, "core energy-cutoff parameters:");
  for (int i = 0; i < model->nelements && !s->status; ++i) {
    xp_ace_embedding *embedding = &model->embeddings[i];
    embedding->npoti = type;
    embedding->ndensity = count / 2;
    embedding->fs_parameters = malloc(sizeof parameters);
    if (!embedding->fs_parameters) {
      s->status = xp_error_memory(s->error, "FS parameters");
      return;
    }
    memcpy(embedding->fs_parameters, parameters, sizeof parameters);
    embedding->rho_core_cutoff = read_double(s, "rho_core_cutoff");
    embedding->drho_core_cutoff = read_double(s, "drho_core_cutoff");
  }
  if (s->status || !next_is(s, "E0:")) return;
  expect(s, "E0:");
  for (int i = 0; i < model->nelements; ++i) model->e0[i] = read_double(s, "E0");
}

/* One number for every ordered pair. */
static void read_pair_numbers(scanner *s, xp_ace_model *model, const char *key, size_t member) {
  expect(s, key);
  for (int p = 0; p < model->nelements * model->nelements; ++p)
    *(double *)((char *)&model->bonds[p] + member) = read_double(s, key);
}

static void read_lambda(scanner *s, xp_ace_model *model) {
  expect(s, "radparameter=");
  for (int p = 0; p < model->nelements * model->nelements; ++p) {
    double *lambda = model->bonds[p].radparameters = malloc(sizeof *lambda);
    if (!lambda) s->status = xp_error_memory(s->error, "radparameter");
    if (s->status) return;
    *lambda = read_double(s, "radparameter");
    model->bonds[p].nradparameters = 1;
  }
}

/* In the file k is slowest, then n, then l. */
static void read_crad(scanner *s, xp_ace_model *model, const sizes *size) {
  expect(s, "crad=");
  size_t count = (size_t)size->nradmax * (size_t)(size->lmax + 1) * (size_t)size->nradbase;
  for (int p = 0; p < model->nelements * model->nelements && !s->status; ++p) {
    if (count > (size_t)(s->end - s->at) / 2) fail(s, "as many numbers as nradbase, nradmax and lmax announce");
    if (s->status) return;
    double *c = model->bonds[p].radcoefficients = malloc((count + 1) * sizeof *c);
    if (!c) s->status = xp_error_memory(s->error, "crad");
    for (int k = 0; k < size->nradbase && !s->status; ++k)
      for (int n = 0; n < size->nradmax; ++n)
        for (int l = 0; l <= size->lmax; ++l)
          c[((size_t)n * (size_t)(size->lmax + 1) + (size_t)l) * (size_t)size->nradbase + (size_t)k] =
              read_double(s, "crad");
  }
}

static void set_bond_shape(scanner *s, xp_ace_model *model, const sizes *size, const char *name,
                           xp_ace_radial_type type) {
  for (int p = 0; p < model->nelements * model->nelements && !s->status; ++p) {
    xp_ace_bond *bond = &model->bonds[p];
    bond->radbase = type;
    bond->radbasename = strdup(name);
    if (!bond->radbasename) s->status = xp_error_memory(s->error, "radbasename");
    bond->nradmax = size->nradmax;
    bond->lmax = size->lmax;
    bond->nradbasemax = size->nradbase;
    bond->inner_cutoff_type = XP_ACE_INNER_DENSITY;
  }
}

static xp_ace_radial_type read_radial_name(scanner *s, char *name, size_t size) {
  xp_ace_radial_type type = XP_ACE_ZERO;
  expect(s, "radbasename=");
  read_word(s, "a radbasename", name, size);
  if (!s->status && (!xp_ace_radial_from_name(name, &type) || type == XP_ACE_ACEJL)) {
    s->at -= strlen(name);
    fail(s, "ChebExpCos or ChebPow for radbasename");
  }
  return type;
}

static void read_core_repulsion(scanner *s, xp_ace_model *model) {
  expect(s, "core repulsion parameters:");
  for (int p = 0; p < model->nelements * model->nelements; ++p) {
    model->bonds[p].prehc = read_double(s, "core repulsion parameters");
    model->bonds[p].lambdahc = read_double(s, "core repulsion parameters");
  }
}

static void read_radial(scanner *s, xp_ace_model *model, sizes *size) {
  char name[64] = "";
  xp_ace_radial_type type = read_radial_name(s, name, sizeof name);
  expect(s, "nradbase=");
  size->nradbase = read_int(s, "nradbase", 1, XP_ACE_RADIAL_MAX);
  expect(s, "nradmax=");
  size->nradmax = read_int(s, "nradmax", 0, XP_ACE_RADIAL_MAX);
  expect(s, "cutoffmax=");
  read_double(s, "cutoffmax");
  expect(s, "deltaSplineBins=");
  model->delta_spline_bins = read_double(s, "deltaSplineBins");
  set_bond_shape(s, model, size, name, type);
  read_core_repulsion(s, model);
  read_lambda(s, model);
  read_pair_numbers(s, model, "cutoff=", offsetof(xp_ace_bond, rcut));
  read_pair_numbers(s, model, "dcut=", offsetof(xp_ace_bond, dcut));
  read_crad(s, model, size);
}

static void read_indices(scanner *s, const char *open, const char *what, int *list, int rank) {
  expect(s, open);
  for (int t = 0; t < rank; ++t) list[t] = read_int(s, what, INT_MIN, INT_MAX);
  expect(s, ")");
}

static void read_tuples(scanner *s, xp_ace_function *f) {
  int *m = f->ms_combs;
  double *c = f->ctildes;
  for (int q = 0; q < f->num_ms_combs && !s->status; ++q) {
    expect(s, "<");
    for (int t = 0; t < f->rank; ++t) *m++ = read_int(s, "m", INT_MIN, INT_MAX);
    expect(s, ">:");
    for (int p = 0; p < f->ndensity; ++p) *c++ = read_double(s, "a coefficient");
  }
}

static void check_function(scanner *s, xp_ace_model *model, int mu0, const xp_ace_function *f, const char *start) {
  xp_ace_finding finding = {0};
  if (!xp_ace_function_check(model, mu0, f, &finding)) {
    s->status = xp_error_at(s->error, place_of(s, start), "function: %s", finding.sentence);
    return;
  }
  for (int q = 0; q < f->num_ms_combs; ++q)
    if (!xp_ace_tuple_invariant(f, q)) {
      xp_place place = place_of(s, start);
      s->status = xp_ace_model_warn(model, s->error,
                                    "%s:%ld: tuple %d of a function does not add up to 0; the energy will depend on "
                                    "the orientation",
                                    place.file, place.line, q + 1);
      return;
    }
}

/* Of every function. */
static const char first_words[] = "ctilde_basis_func:";

static void read_function(scanner *s, xp_ace_model *model, int mu0, bool pair_term) {
  xp_ace_function *f = &model->functions[mu0][model->nfunctions[mu0]];
  expect(s, first_words);
  const char *start = s->at;
  expect(s, "rank=");
  int rank = read_int(s, "rank", pair_term ? 1 : 2, pair_term ? 1 : XP_ACE_RANK_MAX);
  expect(s, "ndens=");
  int ndensity = read_int(s, "ndens", 1, XP_ACE_DENSITIES_MAX);
  expect(s, "mu0=");
  read_int(s, "mu0", mu0, mu0);
  expect(s, "mu=(");
  int mus[XP_ACE_RANK_MAX], ns[XP_ACE_RANK_MAX], ls[XP_ACE_RANK_MAX];
  for (int t = 0; t < rank; ++t) mus[t] = read_int(s, "mu", 0, model->nelements - 1);
  expect(s, ")");
  read_indices(s, "n=(", "n", ns, rank);
  read_indices(s, "l=(", "l", ls, rank);
  expect(s, "num_ms=");
  int count = read_count(s, "num_ms", 2 * (size_t)(rank + ndensity));
  if (s->status) return;
  model->nfunctions[mu0]++;
  if ((s->status = xp_ace_function_allocate(f, rank, ndensity, count, s->error))) return;
  memcpy(f->mus, mus, (size_t)rank * sizeof *mus);
  memcpy(f->ns, ns, (size_t)rank * sizeof *ns);
  memcpy(f->ls, ls, (size_t)rank * sizeof *ls);
  read_tuples(s, f);
  if (!s->status) check_function(s, model, mu0, f, start);
}

/* Pair terms of all elements come first, then the rest of all elements. */
static void read_functions(scanner *s, xp_ace_model *model, const char *key, bool pair_term) {
  int counts[XP_ACE_ELEMENTS_MAX] = {0};
  expect(s, key);
  for (int i = 0; i < model->nelements; ++i) counts[i] = read_count(s, key, strlen(first_words));
  for (int i = 0; i < model->nelements && !s->status; ++i) {
    size_t total = (size_t)model->nfunctions[i] + (size_t)counts[i];
    xp_ace_function *grown = realloc(model->functions[i], (total + 1) * sizeof *grown);
    if (!grown)
      s->status = xp_error_memory(s->error, "ACE functions");
    else
      model->functions[i] = grown;
    for (int f = 0; f < counts[i] && !s->status; ++f) read_function(s, model, i, pair_term);
  }
}

static void check_model(scanner *s, const xp_ace_model *model, const char *start) {
  xp_error found = {0};
  if (s->status || xp_ace_model_check(model, &found) == XP_OK) return;
  s->status = xp_error_at(s->error, place_of(s, start), "%s", found.message);
}

static void read_all(scanner *s, xp_ace_model **model) {
  sizes size = {0};
  read_species(s, model);
  expect(s, "lmax=");
  size.lmax = read_int(s, "lmax", 0, XP_ACE_L_MAX);
  const char *start = s->at;
  if (!s->status) read_embeddings(s, *model);
  if (!s->status) read_radial(s, *model, &size);
  check_model(s, *model, start);
  expect(s, "rankmax=");
  read_int(s, "rankmax", 1, XP_ACE_RANK_MAX);
  expect(s, "ndensitymax=");
  read_int(s, "ndensitymax", 1, XP_ACE_DENSITIES_MAX);
  expect(s, "num_c_tilde_max=");
  read_int(s, "num_c_tilde_max", 0, INT_MAX);
  expect(s, "num_ms_combinations_max=");
  read_int(s, "num_ms_combinations_max", 0, INT_MAX);
  if (!s->status) read_functions(s, *model, "total_basis_size_rank1:", true);
  if (!s->status) read_functions(s, *model, "total_basis_size:", false);
  skip_blanks(s);
  if (!s->status && s->at < s->end) fail(s, "the end of the file");
}

xp_status xp_ace_parse_ace(xp_ace_model **model, const xp_bytes *bytes, xp_error *error) {
  XP_LOCALE_PLAIN;
  *model = NULL;
  scanner s = {.bytes = bytes,
               .at = bytes->data,
               .end = bytes->data + bytes->size,
               .error = error,
               .line_start = bytes->data,
               .line = 1};
  read_all(&s, model);
  if (s.status) {
    xp_ace_model_free(*model);
    *model = NULL;
  }
  return s.status;
}
