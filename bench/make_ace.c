/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Synthetic ACE potentials of realistic make-up for benchmarks: which functions there are is decided as pacemaker does, the
 * coefficients are random and fall with the order of a function. The same options give the same file on every machine. */
#include <math.h>

#include "ace/model.h"
#include "ace_basis.h"
#include "testing/testing.h"
#include "xpot/ace.h"

enum { ELEMENTS_MAX = 8, DENSITIES_MAX = 4 };

/* Coefficients: uniform in +-SIZE * (FACTOR / rcut^(3/2))^rank * DECAY^(sum of ns and ls). The atomic base grows as rcut^(3/2);
 * with these forces are of the order of 1 eV/Angstrom. */
#define SIZE 0.02
#define FACTOR 1.5
#define DECAY 0.8
/* Radial coefficients: 1 on the diagonal, beside it uniform in +-MIXING / (1 + distance from it). */
#define MIXING 0.2

typedef struct options {
  int nelements, functions, densities;
  const char *elements;
  double rcut;
  xp_basis_shape shape;
  uint64_t seed;
  const char *out;
} options;

typedef struct builder {
  const options *options;
  xp_ace_model *model;
  xp_test_random random;
  int centre;
} builder;

static const char usage[] =
    "usage: bench-make-ace [option ...] FILE.yace\n"
    "  --functions N     functions an element, as pacemaker's number_of_functions_per_element (default 3000)\n"
    "  --densities P     1 to 4, exponents 1, 0.5, 2, 0.75 (default 2)\n"
    "  --rcut R          cutoff in Angstrom (default 6.3)\n"
    "  --elements A,B    element symbols (default Si)\n"
    "  --nradmax N,...   nradmax_by_orders (default 20,12,8,6,3,2,1)\n"
    "  --lmax L,...      lmax_by_orders, as many (default 0,7,6,4,2,1,0)\n"
    "  --seed S          another seed, other coefficients (default 1)\n";

static void grow(int *largest, int value) {
  if (value > *largest) *largest = value;
}

/* The bond must offer what the functions use; pacemaker keeps both directions alike. */
static void cover(xp_ace_model *model, int i, int j, int rank, int n, int l) {
  xp_ace_bond *bonds[2] = {xp_ace_model_bond(model, i, j), xp_ace_model_bond(model, j, i)};
  for (int b = 0; b < 2; ++b) {
    grow(rank == 1 ? &bonds[b]->nradbasemax : &bonds[b]->nradmax, n);
    grow(&bonds[b]->lmax, l);
  }
}

static xp_ace_function *append(builder *b, const xp_basis_group *group, xp_error *error) {
  int *count = &b->model->nfunctions[b->centre];
  xp_ace_function **functions = &b->model->functions[b->centre];
  xp_ace_function *grown = realloc(*functions, ((size_t)*count + 1) * sizeof *grown);
  if (!grown) {
    xp_error_memory(error, "functions");
    return NULL;
  }
  *functions = grown;
  if (xp_ace_function_allocate(&grown[*count], group->rank, b->options->densities, group->ntuples, error) != XP_OK)
    return NULL;
  return &grown[(*count)++];
}

static xp_status add_group(void *context, const xp_basis_group *group, xp_error *error) {
  builder *b = context;
  int rank = group->rank, densities = b->options->densities;
  xp_ace_function *function = append(b, group, error);
  if (!function) return error->status;
  for (int t = 0; t < rank; ++t) {
    function->mus[t] = group->mus[t];
    function->ns[t] = group->ns[t];
    function->ls[t] = group->ls[t];
    cover(b->model, b->centre, group->mus[t], rank, group->ns[t], group->ls[t]);
  }
  memcpy(function->ms_combs, group->ms, (size_t)(rank * group->ntuples) * sizeof(int));
  for (int q = 0; q < group->ntuples * densities; ++q) function->ctildes[q] = 0.0;
  double size = SIZE * pow(FACTOR / pow(b->options->rcut, 1.5), rank) * pow(DECAY, group->power - rank);
  for (int f = 0; f < group->nfunctions; ++f)
    for (int p = 0; p < densities; ++p) {
      double c = size * xp_test_uniform(&b->random, -1.0, 1.0);
      for (int q = 0; q < group->ntuples; ++q)
        function->ctildes[q * densities + p] += c * group->coefficients[f * group->ntuples + q];
    }
  return XP_OK;
}

/* Functions of every block of a central species: the sets of species that hold it. */
static xp_status add_functions(builder *b, int *count, xp_error *error) {
  int n = b->options->nelements, blocks = n << (n - 1), most = b->options->functions * n / blocks;
  xp_status status = XP_OK;
  for (unsigned set = 1; set < 1u << n && status == XP_OK; ++set) {
    int species[ELEMENTS_MAX];
    xp_basis_block block = {b->centre, 0, species};
    if (!(set >> b->centre & 1u)) continue;
    for (int s = 0; s < n; ++s)
      if (set >> s & 1u) species[block.nspecies++] = s;
    status = xp_basis_visit(&block, &b->options->shape, most, add_group, b, count, error);
  }
  return status;
}

static xp_status fill_embedding(xp_ace_embedding *embedding, int densities, xp_error *error) {
  static const double exponents[DENSITIES_MAX] = {1.0, 0.5, 2.0, 0.75};
  *embedding = (xp_ace_embedding){.ndensity = densities,
                                  .npoti = XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED,
                                  .rho_core_cutoff = 5.0,
                                  .drho_core_cutoff = 5.0};
  embedding->fs_parameters = malloc(2 * (size_t)densities * sizeof *embedding->fs_parameters);
  if (!embedding->fs_parameters) return xp_error_memory(error, "an embedding");
  for (int p = 0; p < densities; ++p) {
    embedding->fs_parameters[2 * p] = 1.0;
    embedding->fs_parameters[2 * p + 1] = exponents[p];
  }
  return XP_OK;
}

/* What the functions do not decide; sizes are known. The core repulsion is soft enough for time steps of 1 fs. */
static xp_status fill_bond(builder *b, xp_ace_bond *bond, xp_error *error) {
  grow(&bond->nradmax, 1);
  grow(&bond->nradbasemax, 1);
  size_t rows = (size_t)bond->nradmax * (size_t)(bond->lmax + 1), columns = (size_t)bond->nradbasemax;
  bond->radbase = XP_ACE_SBESSEL;
  bond->radbasename = strdup("SBessel");
  bond->radparameters = malloc(sizeof *bond->radparameters);
  bond->radcoefficients = malloc(rows * columns * sizeof *bond->radcoefficients);
  if (!bond->radbasename || !bond->radparameters || !bond->radcoefficients) return xp_error_memory(error, "a bond");
  bond->nradparameters = 1;
  bond->radparameters[0] = 3.0; /* without effect for SBessel */
  bond->prehc = 50.0;
  bond->lambdahc = 0.1;
  bond->rcut = b->options->rcut;
  bond->dcut = 0.01;
  bond->rcut_in = 2.3;
  bond->dcut_in = 1.0;
  bond->inner_cutoff_type = XP_ACE_INNER_DISTANCE;
  for (size_t r = 0; r < rows; ++r)
    for (size_t k = 0; k < columns; ++k) {
      double off = fabs((double)(r / (size_t)(bond->lmax + 1)) - (double)k);
      double mixed = MIXING / (1.0 + off) * xp_test_uniform(&b->random, -1.0, 1.0);
      bond->radcoefficients[r * columns + k] = off == 0.0 ? 1.0 : mixed;
    }
  return XP_OK;
}

static xp_status name_elements(xp_ace_model *model, const char *list, xp_error *error) {
  for (int e = 0; e < model->nelements; ++e) {
    size_t length = strcspn(list, ",");
    if (length == 0 || length >= XP_SYMBOL_SIZE)
      return xp_error_set(error, XP_ERROR_INPUT, "expected element symbols as in Sb,Te, found '%s'; correct --elements",
                          list);
    snprintf(model->elements[e], XP_SYMBOL_SIZE, "%.*s", (int)length, list);
    list += length + (list[length] == ',');
  }
  return XP_OK;
}

static xp_status build(builder *b, xp_error *error) {
  int n = b->options->nelements;
  xp_status status = xp_ace_model_new(&b->model, n, error);
  if (status != XP_OK) return status;
  b->model->delta_spline_bins = 0.001;
  status = name_elements(b->model, b->options->elements, error);
  for (b->centre = 0; b->centre < n && status == XP_OK; ++b->centre) {
    int count = 0;
    status = fill_embedding(&b->model->embeddings[b->centre], b->options->densities, error);
    if (status == XP_OK) status = add_functions(b, &count, error);
    if (status == XP_OK)
      printf("%s: %d functions, %d after merging couplings\n", b->model->elements[b->centre], count,
             b->model->nfunctions[b->centre]);
  }
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n && status == XP_OK; ++j) status = fill_bond(b, xp_ace_model_bond(b->model, i, j), error);
  return status == XP_OK ? xp_ace_model_check(b->model, error) : status;
}

/* Numbers separated by commas; their count, 0 when something else was found. */
static int parse_list(const char *text, int *numbers, int low, int high) {
  int count = 0;
  for (;; ++text) {
    char *end;
    long value = strtol(text, &end, 10);
    if (end == text || value < low || value > high || count == XP_BASIS_RANK_MAX) return 0;
    numbers[count++] = (int)value;
    if (*end == '\0') return count;
    if (*end != ',') return 0;
    text = end;
  }
}

static bool parse_number(const char *text, double low, double high, double *value) {
  char *end;
  *value = strtod(text, &end);
  return end != text && *end == '\0' && *value >= low && *value <= high;
}

static bool set_option(options *o, const char *name, const char *value) {
  int one;
  if (strcmp(name, "--functions") == 0) return parse_list(value, &o->functions, 1, 1000000) == 1;
  if (strcmp(name, "--densities") == 0) return parse_list(value, &o->densities, 1, DENSITIES_MAX) == 1;
  if (strcmp(name, "--rcut") == 0) return parse_number(value, 2.0, 20.0, &o->rcut);
  if (strcmp(name, "--nradmax") == 0) return (o->shape.nranks = parse_list(value, o->shape.nradmax, 1, 40)) > 0;
  if (strcmp(name, "--lmax") == 0) return parse_list(value, o->shape.lmax, 0, 10) == o->shape.nranks;
  if (strcmp(name, "--seed") == 0 && parse_list(value, &one, 0, 1000000) == 1) return o->seed = (uint64_t)one, true;
  if (strcmp(name, "--elements") == 0) {
    o->elements = value;
    o->nelements = 1;
    for (const char *c = value; *c; ++c) o->nelements += *c == ',';
    return o->nelements <= ELEMENTS_MAX;
  }
  return false;
}

static bool parse(options *o, int argc, char **argv) {
  for (int a = 1; a < argc; ++a) {
    if (strncmp(argv[a], "--", 2) != 0 && !o->out) {
      o->out = argv[a];
    } else if (a + 1 == argc || !set_option(o, argv[a], argv[a + 1])) {
      fprintf(stderr, "'%s%s%s' is no option of this command or has a value that it does not take\n%s", argv[a],
              a + 1 < argc ? " " : "", a + 1 < argc ? argv[a + 1] : "", usage);
      return false;
    } else {
      ++a;
    }
  }
  if (!o->out) fputs(usage, stderr);
  return o->out != NULL;
}

int main(int argc, char **argv) {
  options o = {.nelements = 1,
               .functions = 3000,
               .densities = 2,
               .elements = "Si",
               .rcut = 6.3,
               .shape = {7, {20, 12, 8, 6, 3, 2, 1}, {0, 7, 6, 4, 2, 1, 0}},
               .seed = 1};
  xp_error error = {0};
  if (!parse(&o, argc, argv)) return EXIT_FAILURE;
  builder b = {.options = &o, .random = {o.seed}};
  xp_status status = build(&b, &error);
  if (status == XP_OK) status = xp_ace_write_yace(b.model, o.out, &error);
  xp_ace_model_free(b.model);
  if (status != XP_OK) fprintf(stderr, "%s\n", error.message);
  return status == XP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
