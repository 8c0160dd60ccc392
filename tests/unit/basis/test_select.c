/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions are in a basis: pacemaker's table, published potentials, growth, blocks of many elements. */
#include "basis/basis.h"
#include "basis/pattern.h"
#include "basis_testing.h"

/* Number of functions of each pattern in pacemaker's table, with its largest l of each rank. */
static const struct {
  const char *pattern;
  int count;
} table[] = {{"00", 11},     {"01", 11},     {"000", 30},     {"001", 64},     {"011", 64},     {"012", 106},
             {"0000", 51},   {"0001", 126},  {"0011", 195},   {"0012", 320},   {"0123", 585},   {"00000", 45},
             {"00001", 144}, {"00011", 258}, {"00012", 447},  {"00112", 650},  {"00123", 1182}, {"01234", 2212},
             {"000000", 22}, {"000001", 53}, {"000011", 108}, {"000111", 123}, {"00001111", 19}};
static const int table_lmax[] = {0, 0, 10, 6, 4, 3, 2, 2, 1};

static const xp_ace_pattern *find_pattern(xp_ace_patterns *patterns, const char *digits, int lmax) {
  int class[XP_ACE_BASIS_RANK_MAX], rank = (int)strlen(digits);
  const xp_ace_pattern *pattern;
  xp_error error = {0};
  for (int t = 0; t < rank; ++t) class[t] = digits[t] - '0';
  xp_assert_ok(xp_ace_patterns_find(patterns, rank, class, lmax, &pattern, &error), &error);
  return pattern;
}

static void patterns_have_the_sizes_of_the_table(void **state) {
  (void)state;
  xp_ace_patterns patterns = {0};
  for (size_t p = 0; p < sizeof table / sizeof *table; ++p) {
    int found = find_pattern(&patterns, table[p].pattern, table_lmax[strlen(table[p].pattern)])->count;
    if (found != table[p].count) fail_msg("%s: %d, expected %d", table[p].pattern, found, table[p].count);
  }
  xp_ace_patterns_clear(&patterns);
}

static void patterns_have_the_order_of_the_table(void **state) {
  (void)state;
  static const xp_ace_momenta first[] = {{{0, 0, 0, 0}, {0, 0}}, {{0, 0, 1, 1}, {0, 0}}, {{0, 0, 2, 2}, {0, 0}},
                                         {{0, 0, 3, 3}, {0, 0}}, {{0, 0, 4, 4}, {0, 0}}, {{0, 1, 1, 2}, {1, 1}},
                                         {{0, 1, 2, 3}, {1, 1}}};
  xp_ace_patterns patterns = {0};
  const xp_ace_pattern *pattern = find_pattern(&patterns, "0000", 4);
  for (size_t f = 0; f < sizeof first / sizeof *first; ++f)
    assert_memory_equal(&pattern->list[f], &first[f], sizeof *first);
  xp_ace_patterns_clear(&patterns);
}

/* l beyond the table adds functions and takes none away. */
static void larger_l_is_not_cut_off(void **state) {
  (void)state;
  xp_ace_patterns patterns = {0};
  const xp_ace_pattern *small = find_pattern(&patterns, "001", 6), *large = find_pattern(&patterns, "001", 8);
  int same = 0;
  for (int f = 0; f < large->count; ++f) {
    const unsigned char *ls = large->list[f].ls;
    if (ls[0] <= 6 && ls[1] <= 6 && ls[2] <= 6)
      assert_memory_equal(&large->list[f], &small->list[same++], sizeof *large->list);
  }
  assert_int_equal(same, small->count);
  assert_true(large->count > small->count);
  xp_ace_patterns_clear(&patterns);
}

/* A published potential and the input it was made with. */
typedef struct published {
  const char *path;
  int nelements, ndensity;
  const char *elements[2];
  xp_ace_block_request shape;
  int ncounts;
  long counts[2]; /* all functions of a block of one element and of two */
  int nctilde;
  int sizes[2][3]; /* nradbasemax, nradmax, lmax of a bond of equal and of different elements */
} published;

static const published si = {.path = "conformance/potentials/XPOT-Si.yace",
                             .nelements = 1,
                             .ndensity = 2,
                             .elements = {"Si"},
                             .shape = {.nranks = 7,
                                       .nradmax = (int[]){20, 12, 8, 6, 3, 2, 1},
                                       .lmax = (int[]){0, 7, 6, 4, 2, 1, 0},
                                       .most = 3000,
                                       .grown = -1},
                             .ncounts = 1,
                             .counts = {46551},
                             .nctilde = 2771,
                             .sizes = {{19, 12, 7}}};

static const published sbte = {.path = "conformance/potentials/XPOT-Sb2Te3.yace",
                               .nelements = 2,
                               .ndensity = 4,
                               .elements = {"Sb", "Te"},
                               .shape = {.nranks = 5,
                                         .nradmax = (int[]){16, 12, 8, 5, 2},
                                         .lmax = (int[]){0, 8, 6, 3, 1},
                                         .most = 450,
                                         .grown = -1},
                               .ncounts = 2,
                               .counts = {16863, 154205},
                               .nctilde = 898,
                               .sizes = {{14, 12, 5}, {11, 9, 4}}};

static xp_ace_basis *regenerate(const published *p) {
  basis_blocks blocks;
  xp_error error = {0};
  xp_ace_basis *basis = basis_test_empty(p->nelements, p->ndensity);
  for (int i = 0; i < p->nelements; ++i) strcpy(basis->elements[i], p->elements[i]);
  basis_test_blocks(&blocks, p->nelements, &p->shape);
  for (int b = 0; b < blocks.count; ++b) {
    long count;
    xp_assert_ok(xp_ace_basis_count(&blocks.list[b], &count, &error), &error);
    assert_int_equal(count, p->counts[blocks.list[b].nspecies - 1]);
  }
  xp_assert_ok(xp_ace_basis_select(basis, blocks.list, blocks.count, &error), &error);
  return basis;
}

static void published_sizes_are_regenerated(void **state) {
  (void)state;
  const published *all[] = {&si, &sbte};
  for (int k = 0; k < 2; ++k) {
    xp_ace_basis *basis = regenerate(all[k]);
    xp_ace_model *model = NULL;
    xp_error error = {0};
    xp_assert_ok(xp_ace_basis_convert(basis, &model, &error), &error);
    int n = basis->nelements;
    for (int i = 0; i < n; ++i) {
      assert_int_equal(basis->nfunctions[i], k == 0 ? 3000 : 900);
      assert_int_equal(model->nfunctions[i], all[k]->nctilde);
      for (int j = 0; j < n; ++j) {
        const xp_ace_bond *bond = xp_ace_basis_bond(basis, i, j);
        const int *sizes = all[k]->sizes[i != j];
        assert_int_equal(bond->nradbasemax, sizes[0]);
        assert_int_equal(bond->nradmax, sizes[1]);
        assert_int_equal(bond->lmax, sizes[2]);
        for (int c = 0; c < bond->nradmax * (bond->lmax + 1) * bond->nradbasemax; ++c)
          assert_true(bond->radcoefficients[c] ==
                      (c / ((bond->lmax + 1) * bond->nradbasemax) == c % bond->nradbasemax));
      }
    }
    xp_ace_model_free(model);
    xp_ace_basis_free(basis);
  }
}

static void assert_same_factors(const xp_ace_function *a, const xp_ace_function *b) {
  assert_int_equal(a->rank, b->rank);
  size_t size = (size_t)a->rank * sizeof(int);
  assert_memory_equal(a->mus, b->mus, size);
  assert_memory_equal(a->ns, b->ns, size);
  assert_memory_equal(a->ls, b->ls, size);
  assert_int_equal(a->num_ms_combs, b->num_ms_combs);
  assert_memory_equal(a->ms_combs, b->ms_combs, (size_t)a->num_ms_combs * size);
}

/* Functions, order, factor order and tuples of the files; coefficients come from the fit. */
static void published_functions_are_regenerated(void **state) {
  (void)state;
  const published *all[] = {&si, &sbte};
  for (int k = 0; k < 2; ++k) {
    char *path = xp_test_shared(all[k]->path);
    if (!path) skip();
    xp_ace_basis *basis = regenerate(all[k]);
    xp_ace_model *model = NULL, *file = NULL;
    xp_bytes bytes;
    xp_error error = {0};
    xp_assert_ok(xp_bytes_read(&bytes, path, &error), &error);
    xp_assert_ok(xp_ace_parse_yace(&file, &bytes, &error), &error);
    xp_assert_ok(xp_ace_basis_convert(basis, &model, &error), &error);
    for (int i = 0; i < basis->nelements; ++i) {
      assert_int_equal(model->nfunctions[i], file->nfunctions[i]);
      for (int f = 0; f < model->nfunctions[i]; ++f)
        assert_same_factors(&model->functions[i][f], &file->functions[i][f]);
    }
    xp_ace_model_free(file);
    xp_ace_model_free(model);
    xp_ace_basis_free(basis);
    xp_bytes_free(&bytes);
    free(path);
  }
}

static bool contains(const xp_ace_basis *basis, int i, const xp_ace_bfunction *function) {
  return bsearch(function, basis->functions[i], (size_t)basis->nfunctions[i], sizeof *function,
                 xp_ace_bfunction_compare) != NULL;
}

/* However it grows, a basis keeps what it had and ends as the same set. */
static void growth_ends_in_the_same_set(void **state) {
  (void)state;
  xp_ace_block_request shape = {
      .nranks = 4, .nradmax = (int[]){6, 4, 2, 1}, .lmax = (int[]){0, 3, 2, 2}, .most = 60, .grown = -1};
  xp_error error = {0};
  basis_blocks blocks;
  xp_ace_basis *full = basis_test_random(2, 2, &shape, 3);
  for (int order = XP_ACE_ORDER_POWER; order <= XP_ACE_ORDER_BODY; ++order) {
    xp_ace_basis *before = NULL;
    shape.order = (xp_ace_order)order;
    for (shape.grown = 0; shape.grown <= 60; shape.grown += 15) {
      xp_ace_basis *basis = basis_test_empty(2, 2);
      basis_test_blocks(&blocks, 2, &shape);
      xp_assert_ok(xp_ace_basis_select(basis, blocks.list, blocks.count, &error), &error);
      for (int i = 0; i < 2; ++i) {
        assert_int_equal(basis->nfunctions[i], 2 * shape.grown);
        for (int f = 0; f < basis->nfunctions[i]; ++f) assert_true(contains(full, i, &basis->functions[i][f]));
        for (int f = 0; before && f < before->nfunctions[i]; ++f)
          assert_true(contains(basis, i, &before->functions[i][f]));
      }
      xp_ace_basis_free(before);
      before = basis;
    }
    for (int i = 0; i < 2; ++i) assert_int_equal(before->nfunctions[i], full->nfunctions[i]);
    xp_ace_basis_free(before);
  }
  xp_ace_basis_free(full);
}

/* Growth by body order: low ranks first. */
static void body_order_begins_with_low_ranks(void **state) {
  (void)state;
  xp_ace_block_request shape = {.nranks = 3,
                                .nradmax = (int[]){4, 2, 1},
                                .lmax = (int[]){0, 2, 1},
                                .most = -1,
                                .grown = 4,
                                .order = XP_ACE_ORDER_BODY};
  xp_ace_basis *basis = basis_test_random(1, 1, &shape, 1);
  for (int f = 0; f < 4; ++f) assert_int_equal(basis->functions[0][f].rank, 1);
  xp_ace_basis_free(basis);
  shape.order = XP_ACE_ORDER_POWER;
  basis = basis_test_random(1, 1, &shape, 1);
  assert_int_equal(basis->functions[0][3].rank, 2); /* n = 1, 1 comes before n = 4 */
  xp_ace_basis_free(basis);
}

/* Species of a function, the centre included, as bits. */
static unsigned species_of(int centre, const xp_ace_bfunction *f) {
  unsigned set = 1u << centre;
  for (int t = 0; t < f->rank; ++t) set |= 1u << f->mus[t];
  return set;
}

/* One to five elements: every block has the functions that it counts, each function belongs to one block. */
static void blocks_of_all_sizes(void **state) {
  (void)state;
  xp_ace_block_request shape = {
      .nranks = 5, .nradmax = (int[]){2, 2, 1, 1, 1}, .lmax = (int[]){0, 2, 1, 1, 0}, .most = -1, .grown = -1};
  for (int n = 1; n <= BASIS_ELEMENTS_MAX; ++n) {
    xp_error error = {0};
    basis_blocks blocks;
    xp_ace_basis *basis = basis_test_random(n, 1, &shape, 1);
    xp_ace_model *model = NULL;
    basis_test_blocks(&blocks, n, &shape);
    int total = 0;
    for (int b = 0; b < blocks.count; ++b) {
      const xp_ace_block_request *block = &blocks.list[b];
      unsigned set = 0;
      long wanted, found = 0;
      for (int s = 0; s < block->nspecies; ++s) set |= 1u << block->species[s];
      xp_assert_ok(xp_ace_basis_count(block, &wanted, &error), &error);
      for (int f = 0; f < basis->nfunctions[block->centre]; ++f)
        found += species_of(block->centre, &basis->functions[block->centre][f]) == set;
      assert_int_equal(found, wanted);
      assert_true(wanted > 0);
    }
    for (int i = 0; i < n; ++i) {
      total += basis->nfunctions[i];
      for (int f = 1; f < basis->nfunctions[i]; ++f)
        assert_true(xp_ace_bfunction_compare(&basis->functions[i][f - 1], &basis->functions[i][f]) < 0);
    }
    xp_assert_ok(xp_ace_basis_convert(basis, &model, &error), &error);
    print_message("%d elements: %d functions\n", n, total);
    xp_ace_model_free(model);
    xp_ace_basis_free(basis);
  }
}

static void refuse(const xp_ace_block_request *blocks, int nblocks, int nradmax, const char *sentence) {
  xp_error error = {0};
  xp_ace_basis *basis = basis_test_empty(2, 1);
  basis->bonds[0].nradmax = nradmax;
  assert_int_equal(xp_ace_basis_select(basis, blocks, nblocks, &error), XP_ERROR_INPUT);
  xp_assert_message(&error, sentence);
  xp_ace_basis_free(basis);
}

static void requests_that_make_no_sense(void **state) {
  (void)state;
  static const int both[] = {0, 1}, wrong[] = {1, 0}, nradmax[] = {3, 2}, lmax[] = {0, 2}, lmax1[] = {1, 2},
                   large[] = {0, 21};
  xp_ace_block_request good = {
      .nspecies = 2, .species = both, .nranks = 2, .nradmax = nradmax, .lmax = lmax, .most = -1, .grown = -1};
  xp_ace_block_request bad = good, twice[2] = {good, good};
  bad.species = wrong;
  refuse(&bad, 1, 0, "ascending species");
  bad = good;
  bad.centre = 2;
  refuse(&bad, 1, 0, "its centre among them");
  bad = good;
  bad.nranks = 9;
  refuse(&bad, 1, 0, "1 to 8 ranks");
  bad = good;
  bad.lmax = lmax1;
  refuse(&bad, 1, 0, "lmax_by_orders of rank 1 is 1");
  bad.lmax = large;
  refuse(&bad, 1, 0, "lmax_by_orders of rank 2 is 21");
  refuse(twice, 2, 0, "asked for twice");
  bad = good;
  bad.species = both;
  bad.nspecies = 1;
  refuse(&bad, 1, 1, "nradmax of C-C is 1, the functions need 2");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(patterns_have_the_sizes_of_the_table),
      cmocka_unit_test(patterns_have_the_order_of_the_table),
      cmocka_unit_test(larger_l_is_not_cut_off),
      cmocka_unit_test(published_sizes_are_regenerated),
      cmocka_unit_test(published_functions_are_regenerated),
      cmocka_unit_test(growth_ends_in_the_same_set),
      cmocka_unit_test(body_order_begins_with_low_ranks),
      cmocka_unit_test(blocks_of_all_sizes),
      cmocka_unit_test(requests_that_make_no_sense),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
