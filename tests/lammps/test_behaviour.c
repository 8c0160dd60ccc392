/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vasprintf */
#define _GNU_SOURCE
/* What decks rely on beside energies and forces: hybrid styles, per-atom quantities, restart files, fix adapt and fix pair.
 * LAMMPS's own pair_style snap in the same place says what to expect. */
#include "harness.h"

#include <math.h>
#include <unistd.h>

#include "xpot/file.h"
#include "xpot/neighbour.h"
#include "xpot/potential.h"

#define STRESS_COLUMNS 6
#define CENTROID_COLUMNS 9
#define BAR_OF_EV_PER_CUBIC_ANGSTROM 1.6021765e6 /* LAMMPS's nktv2p in metal units */

static xp_engine *engine;
static char *potentials; /* folder */

static char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *text(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *out = NULL;
  int length = vasprintf(&out, format, arguments);
  va_end(arguments);
  assert_true(length >= 0);
  va_end(arguments);
  return out;
}

static xp_structure *random_structure(const char *const *symbols, int nsymbols, int natoms, double cell,
                                      double smallest) {
  xp_test_random random = {.state = 4711};
  return xp_test_structure(&random, natoms, cell, smallest, symbols, nsymbols);
}

/* Labels with both sets of commands, which must agree. Both are freed. */
static void compare_commands(const xp_structure *structure, const xp_symbol *elements, int nelements, char *own,
                             char *reference, const char *name) {
  xp_structure *found = harness_label(engine, structure, elements, nelements, own);
  xp_structure *expected = harness_label(engine, structure, elements, nelements, reference);
  harness_compare(found, expected, name);
  xp_structure_free(found);
  xp_structure_free(expected);
  free(own);
  free(reference);
}

/* Under Kokkos even a hybrid style of LAMMPS's own sub-styles must be Kokkos's. */
static const char *hybrid_suffix(void) {
  return harness_threads() > 0 ? "/kk" : "";
}

static void hybrid_with_null(void **state) {
  (void)state;
  const char *symbols[] = {"Si", "Ar"};
  const xp_symbol elements[] = {"Ar", "Si"};
  xp_structure *structure = random_structure(symbols, 2, 20, 9.0, 2.2);
  const char *commands = "%spair_style hybrid%s %s lj/cut 5.0; "
                         "pair_coeff * * %s %s/Si_Zuo_JPCA2020.snapcoeff %s/Si_Zuo_JPCA2020.snapparam NULL Si; "
                         "pair_coeff 1 1*2 lj/cut 0.01 2.2; pair_modify shift yes%s";
  const char *style = harness_style();
  compare_commands(structure, elements, 2,
                   text(commands, "", "", harness_pair_style(), style, potentials, potentials, ""),
                   text(commands, harness_suffix(false), hybrid_suffix(), "snap", "snap", potentials, potentials,
                        harness_suffix(true)),
                   "hybrid");
  xp_structure_free(structure);
}

static void hybrid_overlay(void **state) {
  (void)state;
  const char *symbols[] = {"Ta"};
  const xp_symbol elements[] = {"Ta"};
  xp_structure *structure = random_structure(symbols, 1, 12, 6.5, 2.0);
  const char *commands = "%spair_style hybrid/overlay%s %s zbl 4.0 4.8; pair_coeff * * %s %s/Ta06A.snapcoeff "
                         "%s/Ta06A.snapparam Ta; pair_coeff 1 1 zbl 73 73%s";
  const char *style = harness_style();
  compare_commands(structure, elements, 1,
                   text(commands, "", "", harness_pair_style(), style, potentials, potentials, ""),
                   text(commands, harness_suffix(false), hybrid_suffix(), "snap", "snap", potentials, potentials,
                        harness_suffix(true)),
                   "overlay");
  xp_structure_free(structure);
}

static void hybrid_scaled(void **state) {
  (void)state;
  const char *symbols[] = {"Si"};
  const xp_symbol elements[] = {"Si"};
  xp_structure *structure = random_structure(symbols, 1, 12, 6.5, 2.0);
  const char *style = harness_style();
  char *files = text("%s/Si_Zuo_JPCA2020.snapcoeff %s/Si_Zuo_JPCA2020.snapparam Si", potentials, potentials);
  compare_commands(structure, elements, 1,
                   text("pair_style hybrid/scaled 0.25 %s 0.75 lj/cut 5.0; pair_coeff * * %s %s; "
                        "pair_coeff 1 1 lj/cut 0.02 2.1",
                        harness_pair_style(), style, files),
                   text("%spair_style hybrid/scaled%s 0.25 snap 0.75 lj/cut 5.0; pair_coeff * * snap %s; "
                        "pair_coeff 1 1 lj/cut 0.02 2.1%s",
                        harness_suffix(false), hybrid_suffix(), files, harness_suffix(true)),
                   "scaled");
  free(files);
  xp_structure_free(structure);
}

/* The commands for a silicon potential of LAMMPS; own: the style under test. */
static char *silicon(bool own, const char *name) {
  if (own)
    return text("pair_style %s; pair_coeff * * %s/%s.snapcoeff %s/%s.snapparam Si", harness_pair_style(), potentials,
                name, potentials, name);
  return text("%spair_style snap; pair_coeff * * %s/%s.snapcoeff %s/%s.snapparam Si%s", harness_suffix(false),
              potentials, name, potentials, name, harness_suffix(true));
}

static void run(const xp_structure *structure, const xp_symbol *elements, int nelements, const char *commands,
                const char *more) {
  xp_error error = {0};
  xp_assert_ok(xp_engine_start(engine, structure, elements, nelements, commands, &error), &error);
  xp_assert_ok(xp_engine_command(engine, more, &error), &error);
  xp_assert_ok(xp_engine_run(engine, 0, &error), &error);
}

/* Pairs that LAMMPS keeps apart, in a cell so small that atoms see their images. */
static void excluded_pairs(void **state) {
  (void)state;
  static const char *const exclusions[] = {"exclude type 1 2", "exclude type 2 2",
                                           "exclude group one two exclude group one one"};
  const char *symbols[] = {"In", "P"};
  const xp_symbol elements[] = {"In", "P"};
  xp_structure *structure = random_structure(symbols, 2, 20, 8.0, 2.0);
  const char *commands = "%spair_style %s; pair_coeff * * %s/InP_JCPA2020.snapcoeff %s/InP_JCPA2020.snapparam In P; "
                         "group one id 1:7; group two id 5:20; neigh_modify %s%s";
  for (int k = 0; k < 3; ++k)
    compare_commands(
        structure, elements, 2, text(commands, "", harness_pair_style(), potentials, potentials, exclusions[k], ""),
        text(commands, harness_suffix(false), "snap", potentials, potentials, exclusions[k], harness_suffix(true)),
        exclusions[k]);
  xp_structure_free(structure);
}

#define STRESS                                                                \
  "compute s all stress/atom NULL virial; compute ss all reduce sum c_s[1]; " \
  "thermo_style custom step pe vol c_xpot_sum c_xpot_virial[1] c_ss"

/* Boxes with one or two long edges, and one so empty that its cells must be larger than usual. */
static void uneven_cells(void **state) {
  (void)state;
  static const char *const changes[] = {"change_box all x scale 9 y scale 5", "change_box all z scale 40",
                                        "change_box all x scale 30 y scale 30 z scale 30"};
  const char *symbols[] = {"Si"};
  const xp_symbol elements[] = {"Si"};
  xp_structure *structure = random_structure(symbols, 1, 30, 10.0, 2.1);
  xp_error error = {0};
  for (int k = 0; k < 3; ++k) {
    double energy[2], pressure[2];
    for (int own = 0; own < 2; ++own) {
      char *commands = silicon(own, "Si_Zuo_JPCA2020");
      run(structure, elements, 1, commands, STRESS "; thermo_style custom pe press c_ss");
      xp_assert_ok(xp_engine_command(engine, changes[k], &error), &error);
      xp_assert_ok(xp_engine_run(engine, 0, &error), &error);
      energy[own] = xp_engine_thermo(engine, "pe");
      pressure[own] = xp_engine_thermo(engine, "press");
      free(commands);
    }
    xp_assert_close(energy[1], energy[0], 1e-8 * fabs(energy[0]));
    xp_assert_close(pressure[1], pressure[0], 1e-7 * fmax(1.0, fabs(pressure[0])));
  }
  xp_structure_free(structure);
}

/* Root mean square of the differences of force components. */
static double force_difference(const xp_structure *a, const xp_structure *b) {
  double sum = 0.0;
  for (int k = 0; k < 3 * a->natoms; ++k) {
    const double difference = a->forces[k / 3][k % 3] - b->forces[k / 3][k % 3];
    sum += difference * difference;
  }
  return sqrt(sum / (3.0 * a->natoms));
}

static double force_size(const xp_structure *a) {
  double sum = 0.0;
  for (int k = 0; k < 3 * a->natoms; ++k) sum += a->forces[k / 3][k % 3] * a->forces[k / 3][k % 3];
  return sqrt(sum / (3.0 * a->natoms));
}

/* The densities of the copper potential are small differences of large terms: rounding its coefficients alone moves
 * forces by more than 1e-5 eV/Angstrom (tests/conformance/mixed.c). */
static void mixed_precision(void **state) {
  (void)state;
  const char *names[] = {"Si", "Cu"};
  const double energy_bounds[] = {1e-6, 1e-4}, force_bounds[] = {1e-5, 1e-4};
  char *ace = harness_lammps("examples/PACKAGES/pace/Cu-PBE-core-rep.ace");
  char *files[] = {
      text("%s/Si_Zuo_JPCA2020.quadratic.snapcoeff %s/Si_Zuo_JPCA2020.quadratic.snapparam", potentials, potentials),
      ace};
  for (int k = 0; k < 2; ++k) {
    xp_symbol elements[1];
    snprintf(elements[0], XP_SYMBOL_SIZE, "%s", names[k]);
    xp_structure *structure = random_structure(&names[k], 1, 50, 11.0, 2.25), *found[2];
    for (int mixed = 0; mixed < 2; ++mixed) {
      char *commands = text("pair_style %s precision %s; pair_coeff * * %s %s", harness_pair_style(),
                            mixed ? "mixed" : "double", files[k], names[k]);
      found[mixed] = harness_label(engine, structure, elements, 1, commands);
      free(commands);
    }
    xp_assert_close(found[1]->energy, found[0]->energy, energy_bounds[k] * structure->natoms);
    xp_assert_close(force_difference(found[1], found[0]), 0.0, force_bounds[k] * fmax(1.0, force_size(found[0])));
    xp_structure_free(found[0]);
    xp_structure_free(found[1]);
    xp_structure_free(structure);
    free(files[k]);
  }
}

/* Forces are minus the gradient of the energy: central differences along every coordinate. */
static void compare_differences(const char *symbol, const char *commands) {
  const double h = 1e-4;
  xp_symbol elements[1];
  snprintf(elements[0], XP_SYMBOL_SIZE, "%s", symbol);
  xp_structure *structure = random_structure(&symbol, 1, 6, 0.0, 2.1);
  xp_structure *labelled = harness_label(engine, structure, elements, 1, commands);
  for (int k = 0; k < 3 * structure->natoms; ++k) {
    double *x = &structure->positions[k / 3][k % 3], at = *x, difference = 0.0;
    for (int side = -1; side <= 1; side += 2) {
      *x = at + side * h;
      xp_structure *moved = harness_label(engine, structure, elements, 1, commands);
      difference += side * moved->energy / (2.0 * h);
      xp_structure_free(moved);
    }
    *x = at;
    double force = labelled->forces[k / 3][k % 3];
    xp_assert_close(-difference, force, 1e-6 * fmax(1.0, fabs(force)));
  }
  xp_structure_free(labelled);
  xp_structure_free(structure);
}

static void forces_are_gradients(void **state) {
  (void)state;
  char *ace = harness_lammps("examples/PACKAGES/pace/Cu-PBE-core-rep.ace");
  char *commands[] = {text("pair_style %s; pair_coeff * * %s Cu", harness_pair_style(), ace),
                      silicon(true, "Si_Zuo_JPCA2020.quadratic")};
  compare_differences("Cu", commands[0]);
  compare_differences("Si", commands[1]);
  free(commands[0]);
  free(commands[1]);
  free(ace);
}

static double *gather(const char *name, int natoms, int count) {
  xp_error error = {0};
  double *values = calloc((size_t)(natoms * count), sizeof *values);
  assert_non_null(values);
  xp_assert_ok(xp_engine_gather(engine, name, count, values, &error), &error);
  return values;
}

static void stress_of_atoms(void **state) {
  (void)state;
  const char *symbols[] = {"Si"};
  const xp_symbol elements[] = {"Si"};
  xp_structure *structure = random_structure(symbols, 1, 12, 6.5, 2.0);
  char *own = silicon(true, "Si_Zuo_JPCA2020.quadratic"), *reference = silicon(false, "Si_Zuo_JPCA2020.quadratic");
  run(structure, elements, 1, own, STRESS);
  double *found = gather("c_s", 12, STRESS_COLUMNS);
  run(structure, elements, 1, reference, STRESS);
  double *expected = gather("c_s", 12, STRESS_COLUMNS);
  for (int k = 0; k < 12 * STRESS_COLUMNS; ++k)
    xp_assert_close(found[k], expected[k], 1e-6 * fmax(1e6, fabs(expected[k])));
  free(found);
  free(expected);
  free(own);
  free(reference);
  xp_structure_free(structure);
}

#define CENTROID                                                                       \
  "compute c all centroid/stress/atom NULL virial; compute cc all reduce sum c_c[1]; " \
  "thermo_style custom step pe vol c_xpot_sum c_xpot_virial[1] c_cc"

/* A copy moved by h along velocities. */
static xp_structure *moved(const xp_structure *structure, const double (*velocities)[3], double h) {
  xp_error error = {0};
  xp_structure *copy = NULL;
  xp_assert_ok(xp_structure_copy(&copy, structure, &error), &error);
  for (int i = 0; i < copy->natoms; ++i)
    for (int d = 0; d < 3; ++d) copy->positions[i][d] += h * velocities[i][d];
  return copy;
}

/* The heat flux of the virials, sum_j W_j v_j, must be the rate of change of sum_i r_i e_i, kinetic energy included. */
static void centroid_stress_carries_heat(void **state) {
  (void)state;
  enum { N = 9 };
  const double h = 1e-4;
  const char *symbols[] = {"Si"};
  const xp_symbol elements[] = {"Si"};
  xp_structure *structure = random_structure(symbols, 1, N, 0.0, 2.1);
  xp_test_random random = {.state = 99};
  double v[N][3], expected[3] = {0}, flux[3] = {0};
  for (int k = 0; k < 3 * N; ++k) v[k / 3][k % 3] = xp_test_uniform(&random, -1.0, 1.0);
  char *commands = silicon(true, "Si_Zuo_JPCA2020.quadratic");

  for (int side = -1; side <= 1; side += 2) {
    xp_structure *there = moved(structure, (const double(*)[3])v, side * h);
    xp_structure *labelled = harness_label(engine, there, elements, 1, commands);
    for (int k = 0; k < 3 * N; ++k)
      expected[k % 3] += structure->positions[k / 3][k % 3] * side * labelled->local_energy[k / 3] / (2.0 * h);
    xp_structure_free(labelled);
    xp_structure_free(there);
  }
  xp_structure *labelled = harness_label(engine, structure, elements, 1, commands);
  for (int i = 0; i < N; ++i) {
    double power = 0.0;
    for (int d = 0; d < 3; ++d) power += labelled->forces[i][d] * v[i][d];
    for (int d = 0; d < 3; ++d) expected[d] += structure->positions[i][d] * power;
  }

  /* LAMMPS's order: xx yy zz xy xz yz yx zx zy. */
  static const int place[3][3] = {{0, 3, 4}, {6, 1, 5}, {7, 8, 2}};
  run(structure, elements, 1, commands, CENTROID);
  double *w = gather("c_c", N, CENTROID_COLUMNS);
  for (int i = 0; i < N; ++i)
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b)
        flux[a] += -w[i * CENTROID_COLUMNS + place[a][b]] / BAR_OF_EV_PER_CUBIC_ANGSTROM * v[i][b];
  for (int d = 0; d < 3; ++d) xp_assert_close(flux[d], expected[d], 1e-6 * fmax(1.0, fabs(expected[d])));
  free(w);
  free(commands);
  xp_structure_free(labelled);
  xp_structure_free(structure);
}

/* Steps with rebuilt neighbour lists, beside snap. */
static void trajectory(void **state) {
  (void)state;
  const char *symbols[] = {"Si"};
  const xp_symbol elements[] = {"Si"};
  xp_structure *structure = random_structure(symbols, 1, 40, 11.0, 2.1);
  xp_error error = {0};
  xp_structure *end[2];
  for (int own = 0; own < 2; ++own) {
    char *commands = silicon(own, "Si_Zuo_JPCA2020");
    run(structure, elements, 1, commands, "fix move all nve; timestep 0.001; neighbor 0.3 bin; thermo 20");
    xp_assert_ok(xp_engine_run(engine, 40, &error), &error);
    xp_assert_ok(xp_engine_label(engine, &end[own], &error), &error);
    free(commands);
  }
  for (int k = 0; k < 3 * structure->natoms; ++k)
    xp_assert_close(end[1]->positions[k / 3][k % 3], end[0]->positions[k / 3][k % 3], 1e-7);
  xp_assert_close(end[1]->energy, end[0]->energy, 1e-6);
  xp_structure_free(end[0]);
  xp_structure_free(end[1]);
  xp_structure_free(structure);
}

/* A file name of this run alone; the ranks of one run share a parent. */
static char *run_file(const char *name) {
  return text("%s-%s-%d-%s-%d", name, strchr(harness_style(), '/') ? "kk" : "plain", harness_threads(),
              getenv("OMP_NUM_THREADS"), (int)getppid());
}

static void restart(void **state) {
  (void)state;
  const char *symbols[] = {"Si"};
  const xp_symbol elements[] = {"Si"};
  xp_structure *structure = random_structure(symbols, 1, 12, 6.5, 2.0);
  xp_error error = {0};
  char *commands = silicon(true, "Si_Zuo_JPCA2020.quadratic");
  xp_structure *before = harness_label(engine, structure, elements, 1, commands);
  char *file = run_file("restart");
  char *write = text("write_restart %s", file), *read = text("clear; read_restart %s", file);
  xp_assert_ok(xp_engine_command(engine, write, &error), &error);
  xp_assert_ok(xp_engine_command(engine, read, &error), &error);
  xp_assert_ok(xp_engine_run(engine, 0, &error), &error);
  xp_assert_close(xp_engine_thermo(engine, "pe"), before->energy, 1e-10 * fabs(before->energy));
  if (xp_engine_rank(engine) == 0) remove(file);
  free(file);
  free(write);
  free(read);
  free(commands);
  xp_structure_free(before);
  xp_structure_free(structure);
}

static void adapt_scale(void **state) {
  (void)state;
  const char *symbols[] = {"Si"};
  const xp_symbol elements[] = {"Si"};
  xp_structure *structure = random_structure(symbols, 1, 12, 6.5, 2.0);
  xp_error error = {0};
  char *commands = silicon(true, "Si_Zuo_JPCA2020.quadratic");
  char *adapt = text("variable lambda equal 0.25; fix half all adapt 1 pair %s scale * * v_lambda", harness_style());
  xp_structure *whole = harness_label(engine, structure, elements, 1, commands), *scaled = NULL;
  run(structure, elements, 1, commands, adapt);
  xp_assert_ok(xp_engine_label(engine, &scaled, &error), &error);
  xp_assert_close(scaled->energy, 0.25 * whole->energy, 1e-10);
  xp_assert_close(scaled->virial[0][1], 0.25 * whole->virial[0][1], 1e-10);
  for (int k = 0; k < 36; ++k) xp_assert_close(scaled->forces[k / 3][k % 3], 0.25 * whole->forces[k / 3][k % 3], 1e-10);
  free(adapt);
  free(commands);
  xp_structure_free(whole);
  xp_structure_free(scaled);
  xp_structure_free(structure);
}

/* One box through all it can be: empty, one atom, many, denser than any before, skewed; beside snap. */
static void changing_atoms(void **state) {
  (void)state;
  static const char *const changes[] = {"delete_atoms group all",
                                        "create_atoms 1 single 1 1 1",
                                        "create_atoms 1 random 50 4711 NULL overlap 1.5 maxtry 1000",
                                        "change_box all x scale 0.7 y scale 0.6 remap",
                                        "change_box all xy final 3.0 remap",
                                        "delete_atoms random fraction 0.5 yes all NULL 99",
                                        "change_box all x scale 5 remap"};
  enum { STAGES = sizeof changes / sizeof *changes };
  const char *symbols[] = {"Si"};
  const xp_symbol elements[] = {"Si"};
  xp_structure *structure = random_structure(symbols, 1, 12, 12.0, 2.1);
  xp_error error = {0};
  double energy[2][STAGES], stress[2][STAGES];
  for (int own = 0; own < 2; ++own) {
    char *commands = silicon(own, "Si_Zuo_JPCA2020");
    run(structure, elements, 1, commands, STRESS "; thermo_style custom pe press c_ss");
    for (int stage = 0; stage < STAGES; ++stage) {
      xp_assert_ok(xp_engine_command(engine, changes[stage], &error), &error);
      for (int again = 0; again < 2; ++again) xp_assert_ok(xp_engine_run(engine, 0, &error), &error);
      energy[own][stage] = xp_engine_thermo(engine, "pe");
      stress[own][stage] = xp_engine_thermo(engine, "press");
    }
    free(commands);
  }
  assert_true(energy[1][0] == 0.0 && energy[1][1] < 0.0);
  for (int stage = 0; stage < STAGES; ++stage) {
    xp_assert_close(energy[1][stage], energy[0][stage], 1e-8 * fmax(1.0, fabs(energy[0][stage])));
    xp_assert_close(stress[1][stage], stress[0][stage], 1e-7 * fmax(1.0, fabs(stress[0][stage])));
  }
  xp_structure_free(structure);
}

/* An ACE and a SNAP potential at once are the sum of both. */
static void two_instances(void **state) {
  (void)state;
  const char *symbols[] = {"Cu", "Si"};
  const xp_symbol elements[] = {"Cu", "Si"};
  xp_structure *structure = random_structure(symbols, 2, 14, 8.0, 2.2);
  const char *style = harness_style(), *pair_style = harness_pair_style();
  char *ace = harness_lammps("examples/PACKAGES/pace/Cu-PBE-core-rep.ace");
  char *snap = text("%s/Si_Zuo_JPCA2020.snapcoeff %s/Si_Zuo_JPCA2020.snapparam", potentials, potentials);
  char *commands[] = {
      text("pair_style %s; pair_coeff * * %s Cu Cu", pair_style, ace),
      text("pair_style %s; pair_coeff * * %s Si Si", pair_style, snap),
      text("pair_style hybrid/overlay %s %s; pair_coeff * * %s 2 %s Si Si; pair_coeff * * %s 1 %s Cu Cu", style, style,
           style, snap, style, ace)};
  xp_structure *one = harness_label(engine, structure, elements, 2, commands[0]);
  xp_structure *other = harness_label(engine, structure, elements, 2, commands[1]);
  xp_structure *both = harness_label(engine, structure, elements, 2, commands[2]);
  one->energy += other->energy;
  for (int i = 0; i < one->natoms; ++i) {
    one->local_energy[i] += other->local_energy[i];
    for (int d = 0; d < 3; ++d) one->forces[i][d] += other->forces[i][d];
  }
  for (int k = 0; k < 9; ++k) one->virial[k / 3][k % 3] += other->virial[k / 3][k % 3];
  harness_compare(both, one, "ACE and SNAP");
  for (int k = 0; k < 3; ++k) free(commands[k]);
  free(ace);
  free(snap);
  xp_structure_free(one);
  xp_structure_free(other);
  xp_structure_free(both);
  xp_structure_free(structure);
}

/* A program that catches LAMMPS's error must not go on with half of another potential. */
static void goes_on_after_bad_pair_coeff(void **state) {
  (void)state;
  const char *symbols[] = {"Cu", "Si"};
  const xp_symbol elements[] = {"Cu", "Si"};
  xp_structure *structure = random_structure(symbols, 2, 12, 8.0, 2.1);
  xp_error error = {0};
  char *good =
      text("pair_coeff * * %s/Si_Zuo_JPCA2020.snapcoeff %s/Si_Zuo_JPCA2020.snapparam Si Si", potentials, potentials);
  char *commands = text("pair_style %s; %s", harness_pair_style(), good);
  xp_structure *before = harness_label(engine, structure, elements, 2, commands);
  assert_int_equal(xp_engine_command(engine, "pair_coeff * * nowhere.yace Cu Si", &error), XP_ERROR_RANGE);
  xp_assert_message(&error, "nowhere.yace");
  assert_int_equal(xp_engine_run(engine, 0, &error), XP_ERROR_RANGE);
  xp_assert_message(&error, "pair coeffs are not set");
  xp_assert_ok(xp_engine_command(engine, good, &error), &error);
  xp_assert_ok(xp_engine_run(engine, 0, &error), &error);
  xp_assert_close(xp_engine_thermo(engine, "pe"), before->energy, 1e-12 * fabs(before->energy));
  free(good);
  free(commands);
  xp_structure_free(before);
  xp_structure_free(structure);
}

/* Nor with the sums of a step that failed. (On several ranks LAMMPS ends the program.) */
static void goes_on_after_collision(void **state) {
  (void)state;
  if (harness_ranks() > 1) skip();
  const char *symbols[] = {"Cu"};
  const xp_symbol elements[] = {"Cu"};
  xp_structure *structure = random_structure(symbols, 1, 40, 0.0, 2.0);
  xp_error error = {0};
  char *file = harness_lammps("examples/PACKAGES/pace/Cu-PBE-core-rep.ace");
  char *commands = text("pair_style %s; pair_coeff * * %s Cu", harness_pair_style(), file);
  xp_structure *expected = harness_label(engine, structure, elements, 1, commands), *found = NULL;
  for (int d = 0; d < 3; ++d) structure->positions[39][d] = structure->positions[0][d];
  xp_assert_ok(xp_engine_start(engine, structure, elements, 1, commands, &error), &error);
  assert_int_equal(xp_engine_run(engine, 0, &error), XP_ERROR_RANGE);
  xp_assert_message(&error, "are 0 Angstrom apart");
  char *apart = text("set atom 40 x %.17g y %.17g z %.17g", expected->positions[39][0], expected->positions[39][1],
                     expected->positions[39][2]);
  xp_assert_ok(xp_engine_command(engine, apart, &error), &error);
  xp_assert_ok(xp_engine_run(engine, 0, &error), &error);
  xp_assert_ok(xp_engine_label(engine, &found, &error), &error);
  harness_compare(found, expected, "after a collision");
  free(apart);
  free(commands);
  free(file);
  xp_structure_free(found);
  xp_structure_free(expected);
  xp_structure_free(structure);
}

/* 1 - fc of every atom, straight from the core. */
static double *core_factors(const char *file, const xp_structure *structure) {
  xp_error error = {0};
  xp_potential *potential = NULL;
  xp_plan *plan = NULL;
  xp_workspace *workspace = NULL;
  xp_neighbour_list *list = NULL;
  const char *elements[] = {"Cu"};
  xp_assert_ok(xp_potential_read(&potential, &file, 1, &error), &error);
  xp_assert_ok(xp_plan_new(&plan, potential, elements, 1, XP_PRECISION_DOUBLE, &error), &error);
  xp_assert_ok(xp_workspace_new(&workspace, plan, &error), &error);
  int *species = calloc((size_t)structure->natoms, sizeof *species);
  double *factors = calloc((size_t)structure->natoms, sizeof *factors);
  assert_true(species && factors);
  xp_assert_ok(xp_neighbour_list_new(&list, structure, species, xp_plan_cutoff_max(plan), &error), &error);
  xp_neighbourhoods seen = xp_neighbour_list_view(list);
  xp_evaluation out = {.core_factor = factors};
  xp_assert_ok(xp_evaluate(plan, workspace, &seen, &out, &error), &error);
  free(species);
  xp_neighbour_list_free(list);
  xp_workspace_free(workspace);
  xp_plan_free(plan);
  xp_potential_free(potential);
  return factors;
}

/* LAMMPS's example potential with its core energy cutoff, 100 keV, moved to where atoms can meet. Rank 0 writes. */
static char *soft_core_potential(void) {
  xp_error error = {0};
  xp_bytes bytes = {0};
  char *original = harness_lammps("examples/PACKAGES/pace/Cu-PBE-core-rep.ace"), *file = run_file("soft-core");
  xp_assert_ok(xp_bytes_read(&bytes, original, &error), &error);
  char *at = strstr(bytes.data, "100000.000000000000000000 250.0");
  assert_non_null(at);
  memcpy(at, "000100.000000000000000000 050.0", strlen("100000.000000000000000000 250.0"));
  if (xp_engine_rank(engine) == 0) xp_assert_ok(xp_file_write(file, bytes.data, bytes.size, &error), &error);
  xp_bytes_free(&bytes);
  free(original);
  return file;
}

static void core_repulsion_of_atoms(void **state) {
  (void)state;
  const char *symbols[] = {"Cu"};
  const xp_symbol elements[] = {"Cu"};
  xp_structure *structure = random_structure(symbols, 1, 12, 8.0, 2.2);
  /* One pair so close that its core energy is within the switch. */
  for (int d = 0; d < 3; ++d) structure->positions[1][d] = structure->positions[0][d] + (d == 0 ? 0.55 : 0.0);
  char *file = soft_core_potential();
  char *commands = text("pair_style %s; pair_coeff * * %s Cu", harness_pair_style(), file);
  char *request = text("fix core all pair 1 %s corerep 1", harness_style());
  run(structure, elements, 1, commands, request);
  double *found = gather("f_core", 12, 1), *expected = core_factors(file, structure);
  double largest = 0.0;
  for (int i = 0; i < 12; ++i) {
    xp_assert_close(found[i], expected[i], 1e-8);
    largest = fmax(largest, expected[i]);
  }
  assert_true(largest > 0.01 && largest < 1.0);
  if (xp_engine_rank(engine) == 0) remove(file);
  free(found);
  free(expected);
  free(request);
  free(commands);
  free(file);
  xp_structure_free(structure);
}

/* Left-handed and partly open cells, which LAMMPS gets in another frame, beside the core, which takes them as they are. */
static void any_cell(void **state) {
  (void)state;
  static const bool periodic[][3] = {{1, 1, 1}, {0, 1, 1}, {1, 0, 1}, {1, 1, 0}, {0, 0, 1}, {1, 0, 0}, {0, 0, 0}};
  const char *names[] = {"Si"};
  const xp_symbol elements[] = {"Si"};
  xp_error error = {0};
  char *files[] = {text("%s/Si_Zuo_JPCA2020.snapcoeff", potentials), text("%s/Si_Zuo_JPCA2020.snapparam", potentials)};
  char *commands = silicon(true, "Si_Zuo_JPCA2020");
  xp_potential *potential = NULL;
  xp_plan *plan = NULL;
  xp_workspace *workspace = NULL;
  xp_assert_ok(xp_potential_read(&potential, (const char *const *)files, 2, &error), &error);
  xp_assert_ok(xp_plan_new(&plan, potential, names, 1, XP_PRECISION_DOUBLE, &error), &error);
  xp_assert_ok(xp_workspace_new(&workspace, plan, &error), &error);
  xp_structure *structure = random_structure(names, 1, 8, 6.0, 2.1);
  for (int d = 0; d < 3; ++d) { /* left-handed: exchange b and c */
    double old = structure->cell[1][d];
    structure->cell[1][d] = structure->cell[2][d];
    structure->cell[2][d] = old;
  }
  for (size_t p = 0; p < sizeof periodic / sizeof *periodic; ++p) {
    memcpy(structure->periodic, periodic[p], sizeof structure->periodic);
    xp_structure *found = harness_label(engine, structure, elements, 1, commands), *expected = NULL;
    xp_assert_ok(xp_evaluate_structure(plan, workspace, structure, &expected, &error), &error);
    harness_compare(found, expected, "a cell in another frame");
    xp_structure_free(found);
    xp_structure_free(expected);
  }
  xp_structure_free(structure);
  xp_workspace_free(workspace);
  xp_plan_free(plan);
  xp_potential_free(potential);
  free(files[0]);
  free(files[1]);
  free(commands);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(hybrid_with_null),
      cmocka_unit_test(hybrid_overlay),
      cmocka_unit_test(hybrid_scaled),
      cmocka_unit_test(excluded_pairs),
      cmocka_unit_test(uneven_cells),
      cmocka_unit_test(forces_are_gradients),
      cmocka_unit_test(mixed_precision),
      cmocka_unit_test(stress_of_atoms),
      cmocka_unit_test(centroid_stress_carries_heat),
      cmocka_unit_test(any_cell),
      cmocka_unit_test(trajectory),
      cmocka_unit_test(restart),
      cmocka_unit_test(adapt_scale),
      cmocka_unit_test(core_repulsion_of_atoms),
      cmocka_unit_test(changing_atoms),
      cmocka_unit_test(two_instances),
      cmocka_unit_test(goes_on_after_bad_pair_coeff),
      cmocka_unit_test(goes_on_after_collision),
  };
  engine = harness_engine();
  potentials = harness_lammps("potentials");
  int failed = cmocka_run_group_tests_name("behaviour in LAMMPS", tests, NULL, NULL);
  free(potentials);
  xp_engine_free(engine);
  return harness_finish(failed);
}
