/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Printed values of radial functions, core repulsion, switch, embeddings and harmonics: of the reference and, where the
 * kernel has code of its own, of that too. */
#include <complex.h>
#include <math.h>

#include "ace/embedding.h"
#include "ace/radial.h"
#include "ace_testing.h"

/* A one-element model with rcut 6, lambda 3, dcut 0.5, five g_k and no inner cutoff. */
static xp_ace_model *printed_model(xp_ace_radial_type radial, xp_ace_inner_type inner) {
  ace_options options = {1, radial, inner, XP_ACE_FINNIS_SINCLAIR, 1, 1};
  xp_ace_model *model = ace_test_model(&options);
  xp_ace_bond *bond = model->bonds;
  strcpy(model->elements[0], "Si");
  bond->nradbasemax = 5;
  bond->nradmax = 0;
  bond->rcut = 6.0;
  bond->dcut = 0.5;
  bond->radparameters[0] = 3.0;
  bond->rcut_in = bond->dcut_in = 0.0;
  return model;
}

/* The kernel's g_k and core at r. */
static void kernel_radial(const xp_ace_model *model, double r, double g[5], double *core) {
  xp_error error = {0};
  xp_ace_radial radial;
  xp_jet scratch[8], jets[8];
  xp_assert_ok(xp_ace_radial_init(&radial, model, 0, 0, &error), &error);
  xp_ace_radial_evaluate(&radial, r, r, scratch, jets);
  for (int k = 0; k < 5; ++k) g[k] = jets[k].f;
  *core = jets[5].f;
  xp_ace_radial_clear(&radial);
}

static void test_radial(void **state) {
  (void)state;
  static const struct {
    xp_ace_radial_type type;
    double r, g[5];
  } printed[] = {
      {XP_ACE_SBESSEL, 2.3, {0.284725060383, 0.0316803139739, -0.25709734117, 0.116313336844, 0.1774104853}},
      {XP_ACE_SBESSEL,
       5.7,
       {0.000174485179393, 0.000647122448748, 0.00156559280261, 0.00305388550333, 0.0052154571496}},
      {XP_ACE_CHEB_EXP_COS, 2.3, {0.679183974773, 0.190736238759, 0.548685996479, 0.671755036616, 0.421696717934}},
      {XP_ACE_CHEB_EXP_COS,
       5.7,
       {0.00402904284748, 3.41639378953e-05, 0.00013549699036, 0.000300562176213, 0.000523760868712}},
      {XP_ACE_CHEB_POW, 2.3, {0.23450462963, 0.718048833248, 0.997059193338, 0.809818825277, 0.331962661721}},
      {XP_ACE_CHEB_POW, 5.7, {0.000125, 0.0004999375, 0.00112462503125, 0.00199875024999, 0.00312187609359}},
      {XP_ACE_CHEB_LINEAR, 2.3, {0.191666666667, 0.619722222222, 0.955990740741, 0.942666358025, 0.589964434156}},
      {XP_ACE_CHEB_LINEAR, 5.7, {0.475, 0.9975, 0.57475, 0.009975, 0.3762475}}};
  for (size_t i = 0; i < sizeof printed / sizeof *printed; ++i) {
    xp_ace_model *model = printed_model(printed[i].type, XP_ACE_INNER_DENSITY);
    double g[5], dg[5], kernel[5], core;
    xp_reference_ace_radial(model, 0, 0, printed[i].r, g, dg);
    kernel_radial(model, printed[i].r, kernel, &core);
    for (int k = 0; k < 5; ++k) {
      xp_assert_close(g[k], printed[i].g[k], 2e-12);
      xp_assert_close(kernel[k], printed[i].g[k], 2e-12);
    }
    xp_ace_model_free(model);
  }
}

static void test_zbl(void **state) {
  (void)state;
  static const double printed[2][2] = {{1.2, 12.5308937084}, {5.7, 8.55914981219e-05}};
  xp_ace_model *model = printed_model(XP_ACE_SBESSEL, XP_ACE_INNER_ZBL);
  for (int i = 0; i < 2; ++i) {
    double v, dv, g[5], core;
    xp_reference_ace_core(model, 0, 0, printed[i][0], &v, &dv);
    kernel_radial(model, printed[i][0], g, &core);
    xp_assert_close(v, printed[i][1], 1e-11 * printed[i][1]);
    xp_assert_close(core, printed[i][1], 1e-11 * printed[i][1]);
  }
  xp_ace_model_free(model);
}

/* Derivatives of the kernel's functions against the reference's, in every piece of every type. */
static void test_derivatives(void **state) {
  (void)state;
  for (int type = XP_ACE_CHEB_EXP_COS; type <= XP_ACE_SBESSEL; ++type)
    for (int inner = XP_ACE_INNER_DENSITY; inner <= XP_ACE_INNER_ZBL; ++inner) {
      xp_error error = {0};
      ace_options options = {2, (xp_ace_radial_type)type, (xp_ace_inner_type)inner, XP_ACE_FINNIS_SINCLAIR, 1, 3};
      xp_ace_model *model = ace_test_model(&options);
      xp_ace_radial radial;
      xp_jet scratch[8], jets[8];
      xp_assert_ok(xp_ace_radial_init(&radial, model, 0, 1, &error), &error);
      for (double r = 0.7; r < 5.4; r += 0.013) {
        double g[5], dg[5], v, dv;
        xp_reference_ace_radial(model, 0, 1, r, g, dg);
        xp_reference_ace_core(model, 0, 1, r, &v, &dv);
        xp_ace_radial_evaluate(&radial, r, r, scratch, jets);
        for (int k = 0; k < 4; ++k) {
          xp_assert_close(jets[k].f, g[k], 1e-12);
          xp_assert_close(jets[k].d, dg[k], 1e-11);
        }
        xp_assert_close(jets[4].f, v, 1e-12 * (1.0 + fabs(v)));
        xp_assert_close(jets[4].d, dv, 1e-12 * (1.0 + fabs(dv)));
      }
      xp_ace_radial_clear(&radial);
      xp_ace_model_free(model);
    }
}

static void test_switch(void **state) {
  (void)state;
  static const double printed[][2] = {{1.6, 1.0}, {1.7, 0.896484375}, {1.8, 0.5}, {1.9, 0.103515625}, {2.0, 0.0}};
  double f, df;
  for (size_t i = 0; i < sizeof printed / sizeof *printed; ++i) {
    xp_reference_ace_switch(printed[i][0], 2.0, 0.4, &f, &df);
    xp_assert_close(f, printed[i][1], 1e-14);
  }
  xp_reference_ace_switch(2.0, 2.0, 0.0, &f, &df); /* a hard step belongs to its lower side */
  xp_assert_close(f, 1.0, 0.0);
}

/* F(rho; m) of the kernel: the energy of an atom with one density of weight 1. */
static double kernel_embedding(xp_ace_embedding_type type, double rho, double m) {
  double parameters[2] = {1.0, m}, slope;
  xp_ace_atom_rule rule = {.ndensity = 1, .npoti = type, .parameters = parameters, .rho_core_cutoff = 1.0};
  xp_ace_core_state core = {0};
  xp_ace_atom_energy result;
  xp_ace_atom_evaluate(&rule, &rho, 1, &core, &slope, &result);
  return result.energy;
}

static void test_embedding(void **state) {
  (void)state;
  const xp_ace_embedding_type FS = XP_ACE_FINNIS_SINCLAIR, SS = XP_ACE_FINNIS_SINCLAIR_SHIFTED_SCALED;
  const struct {
    xp_ace_embedding_type type;
    double m, rho, f;
  } printed[] = {{SS, 0.5, 0.001, 0.001249313196795},
                 {SS, 0.5, -2.5, -1.546572457047},
                 {SS, 0.5, 3.0, 1.710746626417},
                 {SS, 2.0, 0.001, 0.0007503752083229},
                 {SS, 2.0, -2.5, -6.436375733654},
                 {SS, 2.0, 3.0, 9.137534126056},
                 {SS, 0.101, 0.001, 0.001689655797834},
                 {SS, 0.101, -2.5, -1.033800855976},
                 {SS, 0.101, 3.0, 1.079014389468},
                 {FS, 0.5, 5e-7, 0.0005243356882852},
                 {FS, 0.5, 0.001, 0.03162277660168},
                 {FS, 2.0, 5e-7, 4.706242256461e-13},
                 {FS, 2.0, -2.5, -6.25},
                 {SS, 0.7, 0.0, 0.0},
                 {FS, 0.7, 0.0, 0.0}};
  for (size_t i = 0; i < sizeof printed / sizeof *printed; ++i) {
    double f, df, tolerance = 1e-12 * fabs(printed[i].f) + 1e-15;
    xp_reference_ace_embedding(printed[i].type, printed[i].rho, printed[i].m, &f, &df);
    xp_assert_close(f, printed[i].f, tolerance);
    xp_assert_close(kernel_embedding(printed[i].type, printed[i].rho, printed[i].m), printed[i].f, tolerance);
  }
}

static void test_harmonics(void **state) {
  (void)state;
  static const struct {
    int l, m;
    double re, im;
  } printed[] = {{0, 0, 1.0, 0.0},
                 {1, 0, -1.15470053838, 0.0},
                 {1, 1, -0.408248290464, -0.816496580928},
                 {2, 0, 0.37267799625, 0.0},
                 {2, 1, 0.60858061945, 1.2171612389},
                 {2, 2, -0.456435464588, 0.60858061945},
                 {3, 3, 0.602563681612, 0.10955703302},
                 {4, 4, -0.135569911707, -0.464811125852}};
  const double u[3] = {1.0 / 3.0, 2.0 / 3.0, -2.0 / 3.0};
  double complex gradient[3];
  for (size_t i = 0; i < sizeof printed / sizeof *printed; ++i) {
    double complex y = xp_reference_ace_harmonic(printed[i].l, printed[i].m, u, gradient);
    xp_assert_close(creal(y), printed[i].re, 2e-12);
    xp_assert_close(cimag(y), printed[i].im, 2e-12);
  }
  for (int l = 0; l <= 8; ++l) {
    double sum = 0.0;
    for (int m = -l; m <= l; ++m) sum += pow(cabs(xp_reference_ace_harmonic(l, m, u, gradient)), 2);
    xp_assert_close(sum, 2.0 * l + 1.0, 1e-11);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_radial),      cmocka_unit_test(test_zbl),
                                     cmocka_unit_test(test_derivatives), cmocka_unit_test(test_switch),
                                     cmocka_unit_test(test_embedding),   cmocka_unit_test(test_harmonics)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
