/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Forces are minus the gradient of the energy, to 1e-7 relative, in every combination of features, while two atoms with a
 * companion each come together from beyond the cutoff to deep inside the core.
 *
 * Two places are compared with the reference only. Within a bin or two of the file from a place where the definition itself
 * steps (ChebLinear at rcut; radial functions of type density at r_in - D_in, those of ACE.jl at ri), energies ramp by the
 * whole step within 0.001 Angstrom, as in pair_style pace, too steep for differences. And the force of zbl jumps where
 * another neighbour becomes the most compressed. */
#include <math.h>

#include "ace_testing.h"
#include "coupled_functions.h"

enum { ATOMS = 4 };

static bool near_step(const ace_options *options, double r, double rcut) {
  const double reach = 0.0025;
  double start = ACE_TEST_RIN - ACE_TEST_DIN;
  bool linear = options->radial == XP_ACE_CHEB_LINEAR && fabs(r - rcut) < reach;
  bool density = options->inner == XP_ACE_INNER_DENSITY && fabs(r - start) < reach;
  bool acejl = options->radial == XP_ACE_ACEJL && fabs(r - 1.3) < reach;
  return linear || density || acejl;
}

static void check_forces(const ace_engine *engine, xp_structure *structure, const ace_options *options, double r) {
  ace_result result = ace_engine_run(engine, structure, false);
  for (int atom = 0; atom < 2; ++atom)
    for (int d = 0; d < 3; ++d) {
      double difference = ace_engine_difference(engine, structure, atom, d), force = result.forces[atom][d];
      if (!(fabs(force - difference) <= 1e-7 * fmax(1.0, fabs(force))))
        fail_msg("%s at %.6f Angstrom: force %d of atom %d is %.12g, the energy's slope %.12g", ace_test_name(options),
                 r, d, atom, force, difference);
    }
  ace_result_free(&result);
}

/* Atoms 0 and 1 at a distance r in a general direction, each with a companion that goes with it. */
static void place(xp_structure *structure, double r) {
  const double along[3] = {0.36, 0.48, 0.8}, companion[3] = {2.3, -0.7, -0.6};
  for (int d = 0; d < 3; ++d) {
    structure->positions[0][d] = 0.0;
    structure->positions[1][d] = r * along[d];
    structure->positions[2][d] = companion[d];
    structure->positions[3][d] = r * along[d] - companion[d];
  }
}

static void scan(const ace_engine *engine, const ace_options *options) {
  static const double offsets[] = {-0.05, -0.01, -0.0031, -0.0007, -0.00012, 0.0, 0.00012, 0.0007, 0.0031, 0.01};
  int second = options->nelements - 1, species[ATOMS] = {0, second, second, 0};
  double positions[ATOMS][3] = {{0}};
  double rcut = ACE_TEST_RCUT + ACE_TEST_RCUT_STEP * second;
  const double centres[] = {rcut,         rcut - ACE_TEST_DCUT,
                            ACE_TEST_RIN, ACE_TEST_RIN - ACE_TEST_DIN,
                            1.3,          1.1,
                            3.3,          ACE_TEST_RIN - 0.5 * ACE_TEST_DIN};
  xp_structure *structure = ace_test_cluster(ATOMS, (const double(*)[3])positions, species, engine->elements);
  for (size_t c = 0; c < sizeof centres / sizeof *centres; ++c)
    for (size_t o = 0; o < sizeof offsets / sizeof *offsets; ++o) {
      double r = centres[c] + offsets[o];
      bool at_step = options->radial == XP_ACE_ACEJL && offsets[o] == 0.0; /* rounding decides the side */
      place(structure, r);
      if (!at_step) ace_engine_compare(engine, structure, ace_test_name(options));
      /* a difference across a place where the second derivative jumps is no derivative to 1e-7 */
      if (offsets[o] != 0.0 && !near_step(options, r, rcut)) check_forces(engine, structure, options, r);
    }
  xp_structure_free(structure);
}

static void scan_combinations(int nelements, int ndensity) {
  for (int radial = XP_ACE_CHEB_EXP_COS; radial <= XP_ACE_ZERO; ++radial)
    for (int inner = XP_ACE_INNER_DENSITY; inner <= XP_ACE_INNER_ZBL; ++inner)
      for (int embedding = 0; embedding < 2; ++embedding) {
        if (radial == XP_ACE_ACEJL && inner != XP_ACE_INNER_DENSITY) continue;
        ace_options options = {nelements,
                               (xp_ace_radial_type)radial,
                               (xp_ace_inner_type)inner,
                               (xp_ace_embedding_type)embedding,
                               ndensity,
                               (uint64_t)(1000 + radial * 100 + inner * 10 + embedding)};
        ace_engine engine;
        xp_ace_model *model = ace_test_model(&options);
        ace_engine_open(&engine, model, ace_test_elements, nelements);
        scan(&engine, &options);
        ace_engine_close(&engine);
        xp_ace_model_free(model);
      }
}

static void test_one_density(void **state) {
  (void)state;
  scan_combinations(1, 1);
}

static void test_densities(void **state) {
  (void)state;
  scan_combinations(1, 3);
}

static void test_elements(void **state) {
  (void)state;
  scan_combinations(2, 1);
}

/* Functions that the kernel evaluates as coupled tensors, up to rank 6; with a single density plain products are cheaper. */
static void scan_coupled(int nelements, int ndensity, xp_ace_inner_type inner, xp_ace_embedding_type embedding) {
  ace_options options = {nelements, XP_ACE_SBESSEL, inner, embedding, ndensity, 2000};
  xp_ace_model *model = ace_test_model(&options);
  ace_engine engine;
  coupled_clear_functions(model);
  coupled_append_examples(model);
  ace_engine_open(&engine, model, ace_test_elements, nelements);
  for (int i = 0; i < nelements; ++i)
    assert_string_equal(xp_ace_plan_describe(engine.plan, i).methods[0].name, "coupled pairs");
  scan(&engine, &options);
  ace_engine_close(&engine);
  xp_ace_model_free(model);
}

static void test_coupled(void **state) {
  (void)state;
  scan_coupled(1, 2, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR);
  scan_coupled(1, 3, XP_ACE_INNER_ZBL, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED);
  scan_coupled(2, 2, XP_ACE_INNER_DENSITY, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED);
}

/* A potential as fitted: the same along a scan through everything. */
static void test_published(void **state) {
  (void)state;
  char *path = xp_test_shared("conformance/potentials/XPOT-Si.yace");
  if (!path) skip();
  xp_error error = {0};
  xp_bytes bytes;
  xp_ace_model *model = NULL;
  xp_assert_ok(xp_bytes_read(&bytes, path, &error), &error);
  xp_assert_ok(xp_ace_parse_yace(&model, &bytes, &error), &error);
  const char *const elements[] = {"Si"};
  ace_options options = {1, XP_ACE_SBESSEL, XP_ACE_INNER_DISTANCE, XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED, 2, 0};
  const int species[ATOMS] = {0};
  const double positions[ATOMS][3] = {{0}};
  xp_structure *structure = ace_test_cluster(ATOMS, positions, species, elements);
  ace_engine engine;
  ace_engine_open(&engine, model, elements, 1);
  for (double r = 1.47; r < 6.4; r += 0.0877) {
    place(structure, r);
    check_forces(&engine, structure, &options, r);
  }
  ace_engine_close(&engine);
  xp_structure_free(structure);
  xp_ace_model_free(model);
  xp_bytes_free(&bytes);
  free(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_one_density), cmocka_unit_test(test_densities),
                                     cmocka_unit_test(test_elements), cmocka_unit_test(test_coupled),
                                     cmocka_unit_test(test_published)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
