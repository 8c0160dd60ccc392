/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "make.h"
#include "options.h"
#include "xpot/extxyz.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

int xp_command_help(int argc, char **argv) {
  for (int i = 1; i < argc; ++i)
    if (strcmp(argv[i], "--help") == 0) return 1;
  return 0;
}

int xp_command_elements(xp_symbol *symbols, int most, const char *text, const char *option, xp_error *error) {
  int count = 0;
  for (const char *at = text; *at; at += *at == ',') {
    size_t length = strcspn(at, ",");
    if (length == 0 || length >= XP_SYMBOL_SIZE || count == most) {
      xp_error_set(error, XP_ERROR_INPUT, "%s: expected up to %d element symbols separated by commas, found '%s'",
                   option, most, text);
      return -1;
    }
    memset(symbols[count], 0, sizeof symbols[count]);
    memcpy(symbols[count++], at, length);
    at += length;
  }
  return count;
}

typedef struct settings {
  xp_make_recipe recipe;
  const char *element, *out;
  bool random;
  int cells, count, seed;
} settings;

static xp_status check(settings *s, xp_error *error) {
  xp_make_recipe *recipe = &s->recipe;
  if (!s->out) return xp_error_set(error, XP_ERROR_INPUT, "make: --out FILE is needed");
  if (!s->element) return xp_error_set(error, XP_ERROR_INPUT, "make: --element SYMBOL is needed");
  if (s->random == (recipe->lattice != NULL))
    return xp_error_set(error, XP_ERROR_INPUT, "make: expected either --lattice NAME or --random");
  if (recipe->lattice && recipe->a == 0.0)
    return xp_error_set(error, XP_ERROR_INPUT, "make: --a LENGTH is needed with --lattice");
  if (s->random && (recipe->natoms == 0 || recipe->density == 0.0))
    return xp_error_set(error, XP_ERROR_INPUT, "make: --atoms N and --density D are needed with --random");
  recipe->nelements = xp_command_elements(recipe->elements, XP_MAKE_ELEMENTS, s->element, "--element", error);
  if (recipe->nelements < 0) return error->status;
  for (int v = 0; v < 3; ++v) recipe->cells[v] = s->cells;
  recipe->seed = (uint64_t)s->seed;
  return XP_OK;
}

static xp_status write_structures(const settings *s, xp_error *error) {
  xp_dataset *dataset = NULL;
  xp_status status = xp_dataset_new(&dataset, error);
  for (int i = 0; i < s->count && status == XP_OK; ++i) {
    xp_structure *structure = NULL;
    status = xp_make_structure(&structure, &s->recipe, i, error);
    if (status == XP_OK) status = xp_dataset_append(dataset, structure, error);
  }
  if (status == XP_OK) status = xp_extxyz_write(s->out, dataset, error);
  xp_dataset_free(dataset);
  return status;
}

static void help(const xp_option *options, int noptions) {
  printf(
      "xpot-label make (--lattice NAME --a LENGTH | --random --atoms N --density D) --element E[,E...] --out FILE\n\n"
      "Makes structures: a crystal, strained and rattled at random, or a random packing. The same options give the "
      "same\n"
      "structures on every machine. Lattices (conventional cells): %s.\n\n",
      xp_make_lattices());
  xp_options_print(options, noptions);
}

xp_status xp_command_make(int argc, char **argv, xp_error *error) {
  settings s = {.recipe = {.config_type = "", .smallest_distance = 2.0}, .cells = 1, .count = 1, .seed = 1};
  const xp_option options[] = {
      {"--lattice", "NAME", "crystal of this lattice", XP_OPTION_TEXT, &s.recipe.lattice, 0, 0},
      {"--random", NULL, "random packing in a cube", XP_OPTION_FLAG, &s.random, 0, 0},
      {"--element", "E[,E...]", "element, or one for each sublattice", XP_OPTION_TEXT, &s.element, 0, 0},
      {"--a", "LENGTH", "lattice constant, Angstrom", XP_OPTION_REAL, &s.recipe.a, 0.1, 1000},
      {"--c", "LENGTH", "second lattice constant of hcp, Angstrom (default: ideal)", XP_OPTION_REAL, &s.recipe.c, 0.1,
       1000},
      {"--cells", "N", "conventional cells along each edge (default 1)", XP_OPTION_INTEGER, &s.cells, 1, 100},
      {"--strain", "E", "largest element of a random symmetric strain (default 0)", XP_OPTION_REAL, &s.recipe.strain, 0,
       0.3},
      {"--rattle", "LENGTH", "standard deviation of random displacements along x, y, z, Angstrom (default 0)",
       XP_OPTION_REAL, &s.recipe.rattle, 0, 10},
      {"--atoms", "N", "atoms of a random packing", XP_OPTION_INTEGER, &s.recipe.natoms, 1, 1000000},
      {"--density", "D", "atoms a cubic Angstrom of a random packing", XP_OPTION_REAL, &s.recipe.density, 1e-9, 10},
      {"--smallest-distance", "LENGTH", "of a random packing, Angstrom (default 2)", XP_OPTION_REAL,
       &s.recipe.smallest_distance, 0.1, 100},
      {"--count", "N", "structures to make (default 1)", XP_OPTION_INTEGER, &s.count, 1, 1000000},
      {"--seed", "N", "of the random numbers (default 1)", XP_OPTION_INTEGER, &s.seed, 0, 2147483647},
      {"--config-type", "NAME", "group name written with each structure", XP_OPTION_TEXT, &s.recipe.config_type, 0, 0},
      {"--out", "FILE", "extended XYZ file to write", XP_OPTION_TEXT, &s.out, 0, 0},
  };
  if (xp_command_help(argc, argv)) return help(options, COUNT(options)), XP_OK;
  xp_status status = xp_options_parse(options, COUNT(options), argc, argv, NULL, error);
  if (status == XP_OK) status = check(&s, error);
  if (status == XP_OK) status = write_structures(&s, error);
  return status;
}
