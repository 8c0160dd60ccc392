/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Synthetic ACE potentials of realistic make-up for benchmarks: which functions there are is decided as pacemaker does, the
 * coefficients are random and fall with the order of a function. The same options give the same file on every machine. */
#include <math.h>

#include "testing/testing.h"
#include "xpot/ace_basis.h"

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
  int nranks, nradmax[XP_ACE_BASIS_RANK_MAX], lmax[XP_ACE_BASIS_RANK_MAX];
  uint64_t seed;
  const char *out;
} options;

static const char usage[] =
    "usage: bench-make-ace [option ...] FILE.yace\n"
    "  --functions N     functions an element, as pacemaker's number_of_functions_per_element (default 3000)\n"
    "  --densities P     1 to 4, exponents 1, 0.5, 2, 0.75 (default 2)\n"
    "  --rcut R          cutoff in Angstrom (default 6.3)\n"
    "  --elements A,B    element symbols (default Si)\n"
    "  --nradmax N,...   nradmax_by_orders (default 20,12,8,6,3,2,1)\n"
    "  --lmax L,...      lmax_by_orders, as many (default 0,7,6,4,2,1,0)\n"
    "  --seed S          another seed, other coefficients (default 1)\n";

/* Functions of every block: the sets of species that hold a centre. */
static xp_status select_functions(const options *o, xp_ace_basis *basis, xp_error *error) {
  enum { BLOCKS_MAX = ELEMENTS_MAX << (ELEMENTS_MAX - 1) };
  static xp_ace_block_request blocks[BLOCKS_MAX];
  static int species[BLOCKS_MAX][ELEMENTS_MAX];
  int n = o->nelements, nblocks = n << (n - 1), count = 0;
  for (int centre = 0; centre < n; ++centre)
    for (unsigned set = 1; set < 1u << n; ++set) {
      if (!(set >> centre & 1u)) continue;
      xp_ace_block_request *block = &blocks[count];
      *block = (xp_ace_block_request){.centre = centre,
                                      .species = species[count],
                                      .nranks = o->nranks,
                                      .nradmax = o->nradmax,
                                      .lmax = o->lmax,
                                      .most = o->functions * n / nblocks,
                                      .grown = -1};
      for (int s = 0; s < n; ++s)
        if (set >> s & 1u) species[count][block->nspecies++] = s;
      ++count;
    }
  return xp_ace_basis_select(basis, blocks, count, error);
}

static void fill_coefficients(const options *o, xp_ace_basis *basis, xp_test_random *random) {
  for (int i = 0; i < o->nelements; ++i)
    for (int f = 0; f < basis->nfunctions[i]; ++f) {
      xp_ace_bfunction *function = &basis->functions[i][f];
      double size = SIZE * pow(FACTOR / pow(o->rcut, 1.5), function->rank);
      for (int t = 0; t < function->rank; ++t) size *= pow(DECAY, function->ns[t] + function->ls[t]);
      for (int p = 0; p < o->densities; ++p) function->coefficients[p] = size * xp_test_uniform(random, -1.0, 1.0);
    }
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

/* Sizes follow from the functions. The core repulsion is soft enough for time steps of 1 fs. */
static xp_status fill_bond(const options *o, xp_ace_bond *bond, xp_error *error) {
  *bond = (xp_ace_bond){.lmax = -1,
                        .radbase = XP_ACE_SBESSEL,
                        .radbasename = strdup("SBessel"),
                        .radparameters = malloc(sizeof *bond->radparameters),
                        .nradparameters = 1,
                        .prehc = 50.0,
                        .lambdahc = 0.1,
                        .rcut = o->rcut,
                        .dcut = 0.01,
                        .rcut_in = 2.3,
                        .dcut_in = 1.0,
                        .inner_cutoff_type = XP_ACE_INNER_DISTANCE};
  if (!bond->radbasename || !bond->radparameters) return xp_error_memory(error, "a bond");
  bond->radparameters[0] = 3.0; /* without effect for SBessel */
  return XP_OK;
}

static void mix_radial(xp_ace_bond *bond, xp_test_random *random) {
  int rows = bond->nradmax * (bond->lmax + 1), columns = bond->nradbasemax;
  for (int r = 0; r < rows; ++r)
    for (int k = 0; k < columns; ++k) {
      double off = fabs((double)(r / (bond->lmax + 1) - k));
      double mixed = MIXING / (1.0 + off) * xp_test_uniform(random, -1.0, 1.0);
      if (off > 0.0) bond->radcoefficients[r * columns + k] = mixed;
    }
}

static xp_status name_elements(xp_ace_basis *basis, const char *list, xp_error *error) {
  for (int e = 0; e < basis->nelements; ++e) {
    size_t length = strcspn(list, ",");
    if (length == 0 || length >= XP_SYMBOL_SIZE)
      return xp_error_set(error, XP_ERROR_INPUT, "expected element symbols as in Sb,Te, found '%s'; correct --elements",
                          list);
    snprintf(basis->elements[e], XP_SYMBOL_SIZE, "%.*s", (int)length, list);
    list += length + (list[length] == ',');
  }
  return XP_OK;
}

static xp_status build(const options *o, xp_ace_basis *basis, xp_error *error) {
  int n = o->nelements;
  xp_test_random random = {o->seed};
  basis->delta_spline_bins = 0.001;
  xp_status status = name_elements(basis, o->elements, error);
  for (int i = 0; i < n && status == XP_OK; ++i) status = fill_embedding(&basis->embeddings[i], o->densities, error);
  for (int p = 0; p < n * n && status == XP_OK; ++p) status = fill_bond(o, &basis->bonds[p], error);
  if (status == XP_OK) status = select_functions(o, basis, error);
  if (status != XP_OK) return status;
  fill_coefficients(o, basis, &random);
  for (int p = 0; p < n * n; ++p) mix_radial(&basis->bonds[p], &random);
  return XP_OK;
}

static xp_status make(const options *o, xp_error *error) {
  xp_ace_basis *basis = NULL;
  xp_ace_model *model = NULL;
  xp_status status = xp_ace_basis_new(&basis, o->nelements, error);
  if (status == XP_OK) status = build(o, basis, error);
  if (status == XP_OK) status = xp_ace_basis_convert(basis, &model, error);
  if (status == XP_OK) status = xp_ace_write_yace(model, o->out, error);
  for (int i = 0; i < o->nelements && status == XP_OK; ++i)
    printf("%s: %d functions, %d after merging couplings\n", basis->elements[i], basis->nfunctions[i],
           model->nfunctions[i]);
  xp_ace_model_free(model);
  xp_ace_basis_free(basis);
  return status;
}

/* Numbers separated by commas; their count, 0 when something else was found. */
static int parse_list(const char *text, int *numbers, int low, int high) {
  int count = 0;
  for (;; ++text) {
    char *end;
    long value = strtol(text, &end, 10);
    if (end == text || value < low || value > high || count == XP_ACE_BASIS_RANK_MAX) return 0;
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
  if (strcmp(name, "--nradmax") == 0) return (o->nranks = parse_list(value, o->nradmax, 1, 40)) > 0;
  if (strcmp(name, "--lmax") == 0) return parse_list(value, o->lmax, 0, 10) == o->nranks;
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
               .nranks = 7,
               .nradmax = {20, 12, 8, 6, 3, 2, 1},
               .lmax = {0, 7, 6, 4, 2, 1, 0},
               .seed = 1};
  xp_error error = {0};
  if (!parse(&o, argc, argv)) return EXIT_FAILURE;
  xp_status status = make(&o, &error);
  if (status != XP_OK) fprintf(stderr, "%s\n", error.message);
  return status == XP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
