/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values recorded from LAMMPS's own pace and snap, through pair_style xpotace. */
#include "harness.h"

#include "testing/mixed_errors.h"

#include "xpot/extxyz.h"

typedef struct record {
  const char *frames;
  const char *files[2];
  xp_symbol elements[3];
  int nelements;
} record;

static const record records[] = {
    {"ace-Cu-legacy", {"Cu-PBE-core-rep.ace"}, {"Cu"}, 1},
    {"ace-SbTe-ChebExpCos", {"SbTe-ChebExpCos.yace"}, {"Sb", "Te"}, 2},
    {"ace-SbTe-ChebLinear", {"SbTe-ChebLinear.yace"}, {"Sb", "Te"}, 2},
    {"ace-SbTe-ChebPow", {"SbTe-ChebPow.yace"}, {"Sb", "Te"}, 2},
    {"ace-SbTe-E0", {"SbTe-E0.yace"}, {"Sb", "Te"}, 2},
    {"ace-SbTe-FS", {"SbTe-FS.yace"}, {"Sb", "Te"}, 2},
    {"ace-SbTe-P1", {"SbTe-P1.yace"}, {"Sb", "Te"}, 2},
    {"ace-SbTe-P2", {"SbTe-P2.yace"}, {"Sb", "Te"}, 2},
    {"ace-SbTe-density", {"SbTe-density.yace"}, {"Sb", "Te"}, 2},
    {"ace-SbTe-innercut", {"SbTe-innercut.yace"}, {"Sb", "Te"}, 2},
    {"ace-SbTe-zbl", {"SbTe-zbl.yace"}, {"Sb", "Te"}, 2},
    {"ace-XPOT-Sb2Te3", {"XPOT-Sb2Te3.yace"}, {"Sb", "Te"}, 2},
    {"ace-XPOT-Sb2Te3-TeSb", {"XPOT-Sb2Te3.yace"}, {"Te", "Sb"}, 2},
    {"ace-XPOT-Si", {"XPOT-Si.yace"}, {"Si"}, 1},
    {"snap-C_SNAP_2021.10.15.quadratic",
     {"C_SNAP_2021.10.15.quadratic.snapcoeff", "C_SNAP_2021.10.15.quadratic.snapparam"},
     {"C"},
     1},
    {"snap-InP_JCPA2020", {"InP_JCPA2020.snapcoeff", "InP_JCPA2020.snapparam"}, {"In", "P"}, 2},
    {"snap-Mo_Zuo_JPCA2020.quadratic",
     {"Mo_Zuo_JPCA2020.quadratic.snapcoeff", "Mo_Zuo_JPCA2020.quadratic.snapparam"},
     {"Mo"},
     1},
    {"snap-Si_Zuo_JPCA2020.quadratic",
     {"Si_Zuo_JPCA2020.quadratic.snapcoeff", "Si_Zuo_JPCA2020.quadratic.snapparam"},
     {"Si"},
     1},
    {"snap-Si_Zuo_JPCA2020", {"Si_Zuo_JPCA2020.snapcoeff", "Si_Zuo_JPCA2020.snapparam"}, {"Si"}, 1},
    {"snap-Ta06A", {"Ta06A.snapcoeff", "Ta06A.snapparam"}, {"Ta"}, 1},
    {"snap-WBe_Wood_PRB2019", {"WBe_Wood_PRB2019.snapcoeff", "WBe_Wood_PRB2019.snapparam"}, {"W", "Be"}, 2},
};

static xp_engine *engine;

/* file: name of the conformance file, for what is demanded in mixed precision. */
static void compare_frames(const char *file, const char *xyz, const char *files, const xp_symbol *elements,
                           int nelements) {
  const bool mixed = strstr(harness_pair_style(), "mixed") != NULL;
  xp_mixed_errors errors = {0};
  xp_error error = {0};
  xp_dataset *dataset = NULL;
  xp_assert_ok(xp_extxyz_read(&dataset, xyz, NULL, &error), &error);
  assert_true(dataset->nstructures > 0);
  char commands[4096], name[1024];
  snprintf(commands, sizeof commands, "pair_style %s; pair_coeff * * %s ${elements}", harness_pair_style(), files);
  for (int f = 0; f < dataset->nstructures; ++f) {
    const xp_structure *expected = dataset->structures[f];
    assert_true(expected->has_energy && expected->forces && expected->has_virial && expected->local_energy);
    snprintf(name, sizeof name, "%s frame %d", xyz, f + 1);
    xp_structure *found = harness_label(engine, expected, elements, nelements, commands);
    if (mixed)
      xp_mixed_errors_add(&errors, expected, found);
    else
      harness_compare(found, expected, name);
    xp_structure_free(found);
  }
  if (mixed) assert_true(xp_mixed_errors_report(&errors, file));
  xp_mixed_errors_clear(&errors);
  xp_dataset_free(dataset);
}

static void compare_record(void **state) {
  const record *r = *state;
  char path[256], files[2048] = "";
  snprintf(path, sizeof path, "conformance/%s.xyz", r->frames);
  char *xyz = xp_test_shared(path);
  if (!xyz) skip();
  for (int i = 0; i < 2 && r->files[i]; ++i) {
    snprintf(path, sizeof path, "conformance/potentials/%s", r->files[i]);
    char *file = xp_test_shared(path);
    assert_non_null(file);
    size_t used = strlen(files);
    snprintf(files + used, sizeof files - used, "%s ", file);
    free(file);
  }
  compare_frames(r->frames, xyz, files, r->elements, r->nelements);
  free(xyz);
}

/* The older text format from LAMMPS's own examples: on every machine. */
static void compare_lammps_example(void **state) {
  (void)state;
  char *file = harness_lammps("examples/PACKAGES/pace/Cu-PBE-core-rep.ace");
  char *xyz = xp_test_source("tests/lammps/data/Cu-PBE-core-rep.xyz");
  const xp_symbol elements[] = {"Cu"};
  compare_frames("ace-Cu-legacy", xyz, file, elements, 1);
  free(file);
  free(xyz);
}

#define COUNT (sizeof records / sizeof *records)

int main(void) {
  struct CMUnitTest tests[COUNT + 1];
  for (size_t i = 0; i < COUNT; ++i)
    tests[i] = (struct CMUnitTest){records[i].frames, compare_record, NULL, NULL, (void *)&records[i]};
  tests[COUNT] = (struct CMUnitTest)cmocka_unit_test(compare_lammps_example);
  engine = harness_engine();
  int failed = cmocka_run_group_tests_name("conformance in LAMMPS", tests, NULL, NULL);
  xp_engine_free(engine);
  return harness_finish(failed);
}
