/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "make.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846
#define IDEAL_C_OVER_A 1.6329931618554521 /* sqrt(8/3), hexagonal close packing of spheres */
#define SQRT3 1.7320508075688772
#define ATTEMPTS_AN_ATOM 20000
#define MAX_BASIS 8

typedef struct site {
  double at[3]; /* fractions of the conventional cell */
  int element;  /* position in the list of elements */
} site;

typedef struct lattice {
  const char *name;
  double edges[3][3]; /* of the conventional cell: x and y in units of a, z in units of c */
  bool hexagonal;     /* c counts */
  int nelements;
  int nsites;
  site sites[MAX_BASIS];
} lattice;

#define CUBE                \
  {                         \
    {1, 0, 0}, {0, 1, 0}, { \
      0, 0, 1               \
    }                       \
  }

static const lattice lattices[] = {
    {"sc", CUBE, false, 1, 1, {{{0, 0, 0}, 0}}},
    {"bcc", CUBE, false, 1, 2, {{{0, 0, 0}, 0}, {{.5, .5, .5}, 0}}},
    {"fcc", CUBE, false, 1, 4, {{{0, 0, 0}, 0}, {{0, .5, .5}, 0}, {{.5, 0, .5}, 0}, {{.5, .5, 0}, 0}}},
    {"hcp",
     {{1, 0, 0}, {0, SQRT3, 0}, {0, 0, 1}},
     true,
     1,
     4,
     {{{0, 0, 0}, 0}, {{.5, .5, 0}, 0}, {{.5, 5. / 6, .5}, 0}, {{0, 1. / 3, .5}, 0}}},
    {"diamond",
     CUBE,
     false,
     1,
     8,
     {{{0, 0, 0}, 0},
      {{0, .5, .5}, 0},
      {{.5, 0, .5}, 0},
      {{.5, .5, 0}, 0},
      {{.25, .25, .25}, 0},
      {{.25, .75, .75}, 0},
      {{.75, .25, .75}, 0},
      {{.75, .75, .25}, 0}}},
    {"cscl", CUBE, false, 2, 2, {{{0, 0, 0}, 0}, {{.5, .5, .5}, 1}}},
    {"rocksalt",
     CUBE,
     false,
     2,
     8,
     {{{0, 0, 0}, 0},
      {{0, .5, .5}, 0},
      {{.5, 0, .5}, 0},
      {{.5, .5, 0}, 0},
      {{.5, .5, .5}, 1},
      {{.5, 0, 0}, 1},
      {{0, .5, 0}, 1},
      {{0, 0, .5}, 1}}},
    {"zincblende",
     CUBE,
     false,
     2,
     8,
     {{{0, 0, 0}, 0},
      {{0, .5, .5}, 0},
      {{.5, 0, .5}, 0},
      {{.5, .5, 0}, 0},
      {{.25, .25, .25}, 1},
      {{.25, .75, .75}, 1},
      {{.75, .25, .75}, 1},
      {{.75, .75, .25}, 1}}},
};

const char *xp_make_lattices(void) {
  return "sc bcc fcc hcp diamond cscl rocksalt zincblende";
}

/* SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
static uint64_t next(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static double uniform(uint64_t *state, double low, double high) {
  return low + (high - low) * (double)(next(state) >> 11) * 0x1p-53;
}

/* Box and Muller; the second number is not kept, so that each call uses the same count of random numbers. */
static double normal(uint64_t *state) {
  double u = 1.0 - uniform(state, 0.0, 1.0), v = uniform(state, 0.0, 1.0);
  return sqrt(-2.0 * log(u)) * cos(2.0 * PI * v);
}

static const lattice *find_lattice(const char *name) {
  for (size_t i = 0; i < sizeof lattices / sizeof *lattices; ++i)
    if (strcmp(lattices[i].name, name) == 0) return &lattices[i];
  return NULL;
}

static void set_symbol(xp_structure *structure, int atom, const xp_make_recipe *recipe, int element) {
  memcpy(structure->symbols[atom], recipe->elements[element], sizeof structure->symbols[atom]);
}

static void place_sites(xp_structure *structure, const xp_make_recipe *recipe, const lattice *kind) {
  int atom = 0;
  for (int i = 0; i < recipe->cells[0]; ++i)
    for (int j = 0; j < recipe->cells[1]; ++j)
      for (int k = 0; k < recipe->cells[2]; ++k)
        for (int s = 0; s < kind->nsites; ++s) {
          const site *where = &kind->sites[s];
          double fraction[3] = {where->at[0] + i, where->at[1] + j, where->at[2] + k};
          for (int v = 0; v < 3; ++v)
            for (int d = 0; d < 3; ++d)
              structure->positions[atom][d] += fraction[v] / recipe->cells[v] * structure->cell[v][d];
          set_symbol(structure, atom++, recipe, where->element);
        }
}

/* x -> (1 + e) x for the cell and all atoms, e symmetric. */
static void strain(xp_structure *structure, double largest, uint64_t *state) {
  double e[3][3];
  for (int a = 0; a < 3; ++a)
    for (int b = a; b < 3; ++b) e[a][b] = e[b][a] = uniform(state, -largest, largest);
  int nvectors = structure->natoms + 3;
  for (int v = 0; v < nvectors; ++v) {
    double *x = v < 3 ? structure->cell[v] : structure->positions[v - 3];
    double old[3] = {x[0], x[1], x[2]};
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b) x[a] += e[a][b] * old[b];
  }
}

static xp_status make_crystal(xp_structure **out, const xp_make_recipe *recipe, uint64_t *state, xp_error *error) {
  const lattice *kind = find_lattice(recipe->lattice);
  if (!kind)
    return xp_error_set(error, XP_ERROR_INPUT, "--lattice: expected one of %s, found '%s'", xp_make_lattices(),
                        recipe->lattice);
  if (recipe->nelements != kind->nelements)
    return xp_error_set(error, XP_ERROR_INPUT, "--element: expected %d for lattice %s, found %d", kind->nelements,
                        kind->name, recipe->nelements);
  int natoms = kind->nsites * recipe->cells[0] * recipe->cells[1] * recipe->cells[2];
  xp_status status = xp_structure_new(out, natoms, error);
  if (status != XP_OK) return status;
  xp_structure *structure = *out;
  double c = kind->hexagonal ? (recipe->c > 0.0 ? recipe->c : recipe->a * IDEAL_C_OVER_A) : recipe->a;
  for (int v = 0; v < 3; ++v) {
    structure->periodic[v] = true;
    for (int d = 0; d < 3; ++d) structure->cell[v][d] = kind->edges[v][d] * (d == 2 ? c : recipe->a) * recipe->cells[v];
  }
  place_sites(structure, recipe, kind);
  strain(structure, recipe->strain, state);
  for (int atom = 0; atom < natoms; ++atom)
    for (int d = 0; d < 3; ++d) structure->positions[atom][d] += recipe->rattle * normal(state);
  return XP_OK;
}

/* Whether a place in a cube is free of the atoms already there and their nearest images. */
static bool is_free(const xp_structure *structure, int placed, const double at[3], double distance) {
  double edge = structure->cell[0][0];
  for (int atom = 0; atom < placed; ++atom) {
    double square = 0.0;
    for (int d = 0; d < 3; ++d) {
      double x = structure->positions[atom][d] - at[d];
      x -= edge * nearbyint(x / edge);
      square += x * x;
    }
    if (square < distance * distance) return false;
  }
  return true;
}

static xp_status make_packing(xp_structure **out, const xp_make_recipe *recipe, uint64_t *state, xp_error *error) {
  xp_status status = xp_structure_new(out, recipe->natoms, error);
  if (status != XP_OK) return status;
  xp_structure *structure = *out;
  double edge = cbrt(recipe->natoms / recipe->density);
  for (int v = 0; v < 3; ++v) {
    structure->periodic[v] = true;
    structure->cell[v][v] = edge;
  }
  if (recipe->smallest_distance > edge)
    return xp_error_set(error, XP_ERROR_INPUT,
                        "--smallest-distance: expected less than the edge of the cell, %g, found %g", edge,
                        recipe->smallest_distance);
  for (int atom = 0; atom < recipe->natoms; ++atom) {
    double *at = structure->positions[atom];
    int attempt = 0;
    do {
      if (++attempt > ATTEMPTS_AN_ATOM)
        return xp_error_set(
            error, XP_ERROR_RANGE,
            "no room for atom %d of %d with %g atoms a cubic Angstrom and a smallest distance of %g; give a "
            "smaller --density or --smallest-distance",
            atom + 1, recipe->natoms, recipe->density, recipe->smallest_distance);
      for (int d = 0; d < 3; ++d) at[d] = uniform(state, 0.0, edge);
    } while (!is_free(structure, atom, at, recipe->smallest_distance));
    set_symbol(structure, atom, recipe, atom % recipe->nelements);
  }
  return XP_OK;
}

xp_status xp_make_structure(xp_structure **out, const xp_make_recipe *recipe, int index, xp_error *error) {
  *out = NULL;
  /* Two rounds of the generator put the streams of neighbouring seeds and indices far apart. */
  uint64_t state = recipe->seed;
  state = next(&state) + (uint64_t)index;
  state = next(&state);
  xp_status status =
      recipe->lattice ? make_crystal(out, recipe, &state, error) : make_packing(out, recipe, &state, error);
  if (status == XP_OK) {
    free((*out)->config_type);
    (*out)->config_type = strdup(recipe->config_type);
    status = (*out)->config_type ? xp_structure_check(*out, error) : xp_error_memory(error, "a structure");
  }
  if (status == XP_OK) return XP_OK;
  xp_structure_free(*out);
  *out = NULL;
  return status;
}
