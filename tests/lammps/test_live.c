/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every SNAP potential that LAMMPS ships, beside LAMMPS's own pair_style snap, on random structures. */
#include "harness.h"

#include <dirent.h>

#include "xpot/potential.h"

#define MAX_POTENTIALS 64
#define MAX_ELEMENTS 8
#define ENDING ".snapcoeff"

static xp_engine *engine;

typedef struct potential {
  char name[256]; /* without ending */
  char files[2048];
  xp_symbol elements[MAX_ELEMENTS];
  int nelements;
  double cutoff;
} potential;

static void load(potential *p) {
  char path[300];
  char *files[2];
  const char *endings[] = {ENDING, ".snapparam"};
  for (int i = 0; i < 2; ++i) {
    snprintf(path, sizeof path, "potentials/%s%s", p->name, endings[i]);
    files[i] = harness_lammps(path);
  }
  snprintf(p->files, sizeof p->files, "%s %s", files[0], files[1]);
  xp_error error = {0};
  xp_potential *read = NULL;
  xp_plan *plan = NULL;
  const char *names[MAX_ELEMENTS];
  xp_assert_ok(xp_potential_read(&read, (const char *const *)files, 2, &error), &error);
  p->nelements = xp_potential_nelements(read);
  assert_in_range(p->nelements, 1, MAX_ELEMENTS);
  for (int e = 0; e < p->nelements; ++e) {
    snprintf(p->elements[e], XP_SYMBOL_SIZE, "%s", xp_potential_element(read, e));
    names[e] = p->elements[e];
  }
  xp_assert_ok(xp_plan_new(&plan, read, names, p->nelements, XP_PRECISION_DOUBLE, &error), &error);
  p->cutoff = xp_plan_cutoff_max(plan);
  xp_plan_free(plan);
  xp_potential_free(read);
  free(files[0]);
  free(files[1]);
}

/* cell as in xp_test_structure, as a part of the potential's cutoff. */
static void compare_structure(const potential *p, xp_test_random *random, int natoms, double cell) {
  const double smallest = 0.4 * p->cutoff;
  const char *symbols[MAX_ELEMENTS];
  for (int e = 0; e < p->nelements; ++e) symbols[e] = p->elements[e];
  xp_structure *structure = xp_test_structure(random, natoms, cell * p->cutoff, smallest, symbols, p->nelements);
  char own[4096], snap[4096];
  snprintf(own, sizeof own, "pair_style %s; pair_coeff * * %s ${elements}", harness_pair_style(), p->files);
  snprintf(snap, sizeof snap, "%spair_style snap; pair_coeff * * %s ${elements}%s", harness_suffix(false), p->files,
           harness_suffix(true));
  xp_structure *expected = harness_label(engine, structure, p->elements, p->nelements, snap);
  xp_structure *found = harness_label(engine, structure, p->elements, p->nelements, own);
  harness_compare(found, expected, p->name);
  xp_structure_free(expected);
  xp_structure_free(found);
  xp_structure_free(structure);
}

static void compare_potential(void **state) {
  potential *p = *state;
  load(p);
  xp_test_random random = {.state = 20260704};
  compare_structure(p, &random, 1, 0.7);  /* sees only its own images */
  compare_structure(p, &random, 12, 1.3); /* skewed cell */
  compare_structure(p, &random, 9, 0.0);  /* cluster */
}

static int find_potentials(potential *found, int most) {
  char *folder = harness_lammps("potentials");
  DIR *directory = opendir(folder);
  assert_non_null(directory);
  int count = 0;
  for (struct dirent *entry; (entry = readdir(directory));) {
    size_t length = strlen(entry->d_name), ending = strlen(ENDING);
    if (length <= ending || strcmp(entry->d_name + length - ending, ENDING) != 0) continue;
    assert_true(count < most);
    snprintf(found[count++].name, sizeof found->name, "%.*s", (int)(length - ending), entry->d_name);
  }
  closedir(directory);
  free(folder);
  return count;
}

int main(void) {
  static potential potentials[MAX_POTENTIALS];
  static struct CMUnitTest tests[MAX_POTENTIALS];
  int count = find_potentials(potentials, MAX_POTENTIALS);
  for (int i = 0; i < count; ++i)
    tests[i] = (struct CMUnitTest){potentials[i].name, compare_potential, NULL, NULL, &potentials[i]};
  engine = harness_engine();
  int failed = count == 0 ? 1 : _cmocka_run_group_tests("SNAP beside LAMMPS", tests, (size_t)count, NULL, NULL);
  xp_engine_free(engine);
  return harness_finish(failed);
}
