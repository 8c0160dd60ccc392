/* SPDX-License-Identifier: GPL-2.0-or-later */
/* B-basis files: written and read back, refused with a place, and what an earlier basis gives to a larger one. */
#include "basis/basis.h"
#include "basis_testing.h"
#include "testing/temporary.h"

/* A basis written and read as bytes; caller frees. */
static xp_bytes written(const xp_ace_basis *basis) {
  char *path = xp_test_file_new("", 0);
  xp_bytes bytes;
  xp_error error = {0};
  xp_assert_ok(xp_ace_basis_write(basis, path, &error), &error);
  xp_assert_ok(xp_bytes_read(&bytes, path, &error), &error);
  xp_test_file_remove(path);
  return bytes;
}

static xp_ace_basis *parsed(const xp_bytes *bytes) {
  xp_ace_basis *basis;
  xp_error error = {0};
  xp_assert_ok(xp_ace_basis_parse(&basis, bytes, &error), &error);
  return basis;
}

static void round_trip(const xp_ace_basis *basis) {
  xp_bytes first = written(basis);
  xp_ace_basis *again = parsed(&first);
  xp_bytes second = written(again);
  basis_test_assert_same(basis, again);
  assert_string_equal(first.data, second.data);
  xp_bytes_free(&first);
  xp_bytes_free(&second);
  xp_ace_basis_free(again);
}

static void files_give_back_the_basis(void **state) {
  (void)state;
  xp_ace_block_request shape = {
      .nranks = 4, .nradmax = (int[]){3, 2, 1, 1}, .lmax = (int[]){0, 2, 1, 1}, .most = 40, .grown = -1};
  for (int n = 1; n <= 4; ++n) {
    xp_ace_basis *basis = basis_test_random(n, n == 2 ? 1 : 2, &shape, (uint64_t)n), *copy;
    xp_error error = {0};
    round_trip(basis);
    xp_assert_ok(xp_ace_basis_copy(&copy, basis, &error), &error);
    basis_test_assert_same(basis, copy);
    xp_ace_basis_free(copy);
    xp_ace_basis_free(basis);
  }
  static const char *const inner[] = {"density", "distance", "zbl"};
  for (int k = 0; k < 3; ++k) {
    xp_bytes bytes = basis_test_t1(inner[k]);
    xp_ace_basis *basis = parsed(&bytes);
    round_trip(basis);
    xp_ace_basis_free(basis);
    xp_bytes_free(&bytes);
  }
}

#define ELEMENT(symbol, more)                                                                                          \
  "  - speciesblock: " symbol "\n    ndensityi: 1\n    npoti: FinnisSinclair\n    parameters: [1, 1]\n    lmaxi: 1\n"  \
  "    nradmaxi: 2\n    nradbaseij: 2\n    radbase: SBessel\n    radparameters: [1]\n    rcutij: 5\n    dcutij: 0.1\n" \
  "    radcoefficients: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]\n" more
#define FUNCTION "    nbody:\n      - {type: Si Si Si Si, nr: [1, 1, 1], nl: [0, 1, 1], lint: [1], c: 1}\n"
#define GLOBAL "global: {DeltaSplineBins: 0.001}\n"
#define SILICON GLOBAL "species:\n" ELEMENT("Si", FUNCTION)

static void metadata_and_reference_energies(void **state) {
  (void)state;
  static const struct {
    const char *metadata;
    double e0;
    int nmetadata;
  } cases[] = {
      {"metadata: {reference_energy: '{\"Si\": -0.8}'}\n", -0.8, 0},
      {"metadata: {reference_energy: '{\"Si\": -0.8, \"O\": 3, \"shift\": 0.3}', user: \"a \\\"b\\\"\\n\"}\n", -1.1, 1},
      {"metadata: {reference_energy: {Si: -2}}\n", -2.0, 0},
      {"metadata: {reference_energy: auto, user: me}\n", 0.0, 2},
      {"metadata: {reference_energy: '{broken'}\n", 0.0, 1},
      {"auxdata: {_int: {a: 1}}\n", 0.0, 0}};
  for (size_t k = 0; k < sizeof cases / sizeof *cases; ++k) {
    char text[2000];
    xp_error error;
    xp_ace_basis *basis;
    snprintf(text, sizeof text, "%s%s", cases[k].metadata, SILICON);
    xp_assert_ok(basis_test_parse(text, &basis, &error), &error);
    xp_assert_close(basis->e0[0], cases[k].e0, 1e-15);
    assert_int_equal(basis->nmetadata, cases[k].nmetadata);
    round_trip(basis);
    xp_ace_basis_free(basis);
  }
}

/* Keys that need not be there, the flat radial coefficients, parts of a pair in either block, short lint. */
static void older_and_shorter_forms(void **state) {
  (void)state;
  xp_error error;
  xp_ace_basis *basis, *same;
  xp_assert_ok(basis_test_parse(SILICON, &basis, &error), &error);
  assert_true(basis->embeddings[0].rho_core_cutoff == 100000.0 && basis->embeddings[0].drho_core_cutoff == 250.0);
  assert_int_equal(basis->bonds[0].inner_cutoff_type, XP_ACE_INNER_DENSITY);
  assert_true(basis->bonds[0].prehc == 0.0 && basis->bonds[0].rcut_in == 0.0);
  char flat[2000], *at;
  strcpy(flat, SILICON);
  at = strstr(flat, "[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]");
  memcpy(at, "[1,3,5,7,2,4,6,8]                   ", strlen("[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]"));
  at = strstr(flat, "lint: [1]");
  memcpy(at, "lint: [ ]", strlen("lint: [1]"));
  xp_assert_ok(basis_test_parse(flat, &same, &error), &error);
  basis_test_assert_same(basis, same);
  xp_ace_basis_free(basis);
  xp_ace_basis_free(same);
}

/* What blocks of several elements say about one element is not looked at. */
static void parts_of_a_pair_stand_in_either_block(void **state) {
  (void)state;
  static const char text[] =
      SILICON ELEMENT("Ge", "") "  - {speciesblock: Si Ge, core-repulsion: [3, 1], r_in: 1, delta_in: 0.2}\n" ELEMENT(
          "Ge Si",
          "") "  - {speciesblock: Ge Si Te, ndensityi: 7, lmaxi: 9, nbody: [{type: Ge Te Si, nr: [2, 1], nl: [1, "
              "1], c: 4}]}\n" ELEMENT("Te", "") ELEMENT("Ge Te", "")
                  ELEMENT("Si Te", "") "  - {speciesblock: Te Si, nbody: ~}\n  - {speciesblock: Te Ge, nbody: []}\n";
  xp_error error;
  xp_ace_basis *basis;
  xp_assert_ok(basis_test_parse(text, &basis, &error), &error);
  assert_string_equal(basis->elements[0], "Ge");
  for (int pair = 1; pair <= 3; pair += 2) { /* Ge-Si and Si-Ge */
    const xp_ace_bond *bond = &basis->bonds[pair];
    assert_true(bond->prehc == 3.0 && bond->lambdahc == 1.0 && bond->rcut_in == 1.0 && bond->dcut_in == 0.2);
    assert_true(bond->lmax == 1 && bond->radcoefficients[7] == 8.0);
  }
  assert_true(basis->bonds[0].prehc == 0.0 && basis->embeddings[0].ndensity == 1);
  assert_int_equal(basis->nfunctions[0], 1);
  assert_int_equal(basis->functions[0][0].mus[0], 2);
  round_trip(basis);
  xp_ace_basis_free(basis);
}

static void refuse(const char *text, const char *sentence) {
  xp_error error;
  xp_ace_basis *basis = NULL;
  if (basis_test_parse(text, &basis, &error) != XP_ERROR_INPUT) fail_msg("accepted: %s", text);
  assert_null(basis);
  xp_assert_message(&error, sentence);
  assert_true(strncmp(error.message, "text:", 5) == 0 && error.message[5] >= '1' && error.message[5] <= '9');
}

/* The text of one element with one part replaced. */
static void refuse_change(const char *from, const char *to, const char *sentence) {
  char text[3000];
  const char *whole = SILICON, *at = strstr(whole, from);
  assert_non_null(at);
  snprintf(text, sizeof text, "%.*s%s%s", (int)(at - whole), whole, to, at + strlen(from));
  refuse(text, sentence);
}

static void wrong_files_are_refused_with_a_place(void **state) {
  (void)state;
  refuse_change("global: {DeltaSplineBins: 0.001}\n", "", "key \"global\" is missing");
  refuse_change("0.001", "0", "text:1:27: deltaSplineBins is 0");
  refuse_change("speciesblock: Si", "speciesblock: Si Si", "Si is named twice");
  refuse_change("speciesblock: Si", "speciesblock: Siliconium", "too long for a symbol");
  refuse_change("speciesblock: Si", "speciesblock: ''", "found none");
  refuse_change("ndensityi: 1", "ndensityj: 1", "did you mean \"ndensityi\"");
  refuse_change("ndensityi: 1", "ndensityi: 2", "text:6:17: parameters: expected 4 entries, found 2");
  refuse_change("npoti: FinnisSinclair", "npoti: Finnis", "text:5:12: npoti: expected FinnisSinclair");
  refuse_change("lmaxi: 1\n", "r_in: 0\n", "key \"lmaxi\" is missing");
  refuse_change("    rcutij: 5\n", "", "key \"rcutij\" is missing");
  refuse_change("rcutij: 5", "rcutij: -5", "text:12:13: block Si: rcut is -5");
  refuse_change("SBessel", "ACE.jl.Basic", "radbase: expected ChebExpCos");
  refuse_change("[7, 8]", "[7]", "radcoefficients: expected 2 entries (nradbasemax), found 1");
  refuse_change("[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]", "[1, 2, 3]", "radcoefficients: expected 8 entries, found 3");
  refuse_change("type: Si Si Si Si", "type: Si Si O Si", "\"O\" in type is not an element of block \"Si\"");
  refuse_change("type: Si Si Si Si", "type: O Si Si Si", "\"O\" in type is not the centre");
  refuse_change("type: Si Si Si Si", "type: Si Si Si Si Si Si Si Si Si Si", "the rank is above 8");
  refuse_change("type: Si Si Si Si", "type: Si Si", "text:16:27: nr: expected 1 entries, found 3");
  refuse_change("nr: [1, 1, 1]", "nr: [1, 1, 3]", "nr has 3, expected 1 to 2 (nradmaxi of Si-Si)");
  refuse_change("nl: [0, 1, 1]", "nl: [0, 1, 2]", "nl has 2, expected 0 to 1 (lmaxi of Si-Si)");
  refuse_change("nl: [0, 1, 1]", "nl: [0, 0, 1]",
                "text:16:65: function 1 of block Si: the angular momenta do not couple");
  refuse_change("lint: [1]", "lint: [0]", "do not couple to zero");
  refuse_change("lint: [1]", "lint: [1, 1]", "expected 1 entries of lint for rank 3, found 2");
  refuse_change("c: 1", "c: [1, 2]", "c: expected 1 entries, found 2");
  refuse_change("c: 1}", "c: 1, skip: maybe}", "skip: expected true or false");
  refuse_change("nbody:\n", "nbody: 3\n  #", "");
  refuse("metadata: {reference_energy: '{\"Si\": much}'}\n" SILICON,
         "text:1:30: reference_energy: expected a finite number");
  refuse("metadata: [1]\n" SILICON, "metadata: expected a mapping");
  refuse(SILICON ELEMENT("Si", ""), "block Si appears twice, first in line 3");
  refuse(SILICON ELEMENT("Ge", ""), "block \"Ge Si\" is missing");
  refuse(SILICON ELEMENT("Ge", "") "  - {speciesblock: Ge Si}\n  - {speciesblock: Si Ge}\n",
         "key \"lmaxi\" is missing");
  refuse(SILICON "  - {speciesblock: Ge Si}\n", "block \"Ge\" is missing");
  refuse(SILICON ELEMENT("Ge", "") ELEMENT("Ge Si", "") "  - {speciesblock: Si Ge, rcutij: 5}\n",
         "key \"rcutij\" without \"lmaxi\"");
  refuse(SILICON ELEMENT("Ge", "    inner_cutoff_type: zbl\n") "  - speciesblock: Ge Si\n  - speciesblock: Si Ge\n",
         "");
  refuse(SILICON ELEMENT("Ge", "") ELEMENT("Ge Si", "    r_in: 1\n") ELEMENT("Si Ge", "    r_in: 2\n"),
         "differs from that of \"Ge Si\"");
}

static void larger_bases_adopt_smaller_ones(void **state) {
  (void)state;
  xp_ace_block_request small = {
      .nranks = 3, .nradmax = (int[]){3, 2, 1}, .lmax = (int[]){0, 2, 1}, .most = -1, .grown = -1};
  xp_ace_block_request large = {
      .nranks = 4, .nradmax = (int[]){5, 3, 2, 1}, .lmax = (int[]){0, 3, 2, 1}, .most = -1, .grown = -1};
  xp_ace_basis *earlier = basis_test_random(2, 2, &small, 1), *basis = basis_test_random(2, 2, &large, 2), *before;
  xp_error error = {0};
  int adopted, same = 0;
  xp_assert_ok(xp_ace_basis_copy(&before, basis, &error), &error);
  xp_assert_ok(xp_ace_basis_adopt(basis, earlier, &adopted, &error), &error);
  for (int i = 0; i < 2; ++i) {
    assert_true(basis->e0[i] == earlier->e0[i]);
    for (int f = 0; f < basis->nfunctions[i]; ++f) {
      const xp_ace_bfunction *b = &basis->functions[i][f];
      const xp_ace_bfunction *from =
          bsearch(b, earlier->functions[i], (size_t)earlier->nfunctions[i], sizeof *b, xp_ace_bfunction_compare);
      same += from != NULL;
      if (!from) from = &before->functions[i][f];
      assert_memory_equal(b->coefficients, from->coefficients, 2 * sizeof(double));
    }
  }
  assert_int_equal(adopted, same);
  assert_int_equal(adopted, earlier->nfunctions[0] + earlier->nfunctions[1]);
  const xp_ace_bond *to = &basis->bonds[1], *from = &earlier->bonds[1], *old = &before->bonds[1];
  assert_true(to->nradmax > from->nradmax && to->lmax > from->lmax && to->nradbasemax > from->nradbasemax);
  for (int n = 0; n < to->nradmax; ++n)
    for (int l = 0; l <= to->lmax; ++l)
      for (int k = 0; k < to->nradbasemax; ++k) {
        int at = (n * (to->lmax + 1) + l) * to->nradbasemax + k;
        bool shared = n < from->nradmax && l <= from->lmax && k < from->nradbasemax;
        double expected = shared ? from->radcoefficients[(n * (from->lmax + 1) + l) * from->nradbasemax + k]
                                 : old->radcoefficients[at];
        assert_true(to->radcoefficients[at] == expected);
      }
  strcpy(earlier->elements[1], "Xx");
  assert_int_equal(xp_ace_basis_adopt(basis, earlier, &adopted, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "other elements");
  xp_ace_basis_free(earlier);
  xp_ace_basis_free(before);
  earlier = basis_test_random(2, 1, &small, 1);
  assert_int_equal(xp_ace_basis_adopt(basis, earlier, &adopted, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, "ndensity");
  xp_ace_basis_free(earlier);
  xp_ace_basis_free(basis);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(files_give_back_the_basis),
      cmocka_unit_test(metadata_and_reference_energies),
      cmocka_unit_test(older_and_shorter_forms),
      cmocka_unit_test(parts_of_a_pair_stand_in_either_block),
      cmocka_unit_test(wrong_files_are_refused_with_a_place),
      cmocka_unit_test(larger_bases_adopt_smaller_ones),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
