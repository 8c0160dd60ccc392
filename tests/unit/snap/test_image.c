/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Images against the kernel they were made for and against the reference, for every feature and for degenerate
 * neighbourhoods; that every number is written once; what is refused. */
#include <math.h>

#include "cases.h"
#include "reference/snap_image_reference.h"
#include "reference/snap_reference.h"
#include "xpot/ace_image.h"

/* Times the largest value, at least 1. */
static const double TOLERANCE = 1e-11;

/* The evaluators compared, the image's last. */
enum { REFERENCE, KERNEL, IMAGE, EVALUATORS };

static void compare_numbers(const double *found, const double *wanted, size_t count, const char *what) {
  double scale = 1.0;
  for (size_t k = 0; k < count; ++k) scale = fmax(scale, fabs(wanted[k]));
  for (size_t k = 0; k < count; ++k)
    if (!(fabs(found[k] - wanted[k]) <= TOLERANCE * scale))
      fail_msg("%s: the image gives %.15g, expected %.15g", what, found[k], wanted[k]);
}

static void evaluate(const xp_snap_model *model, const xp_plan *plan, const xp_snap_image *image,
                     const xp_neighbourhoods *view, const xp_evaluation out[EVALUATORS]) {
  xp_error error = {0};
  xp_workspace *workspace = NULL;
  xp_assert_ok(xp_workspace_new(&workspace, plan, &error), &error);
  xp_assert_ok(xp_evaluate(plan, workspace, view, &out[KERNEL], &error), &error);
  xp_assert_ok(xp_reference_snap_image(image, view, &out[IMAGE], &error), &error);
  xp_assert_ok(xp_reference_snap(model, snap_symbols, model->nelements, view, &out[REFERENCE], &error), &error);
  xp_workspace_free(workspace);
}

static void compare_scene(const xp_snap_model *model, const xp_plan *plan, const xp_snap_image *image,
                          const snap_scene *scene, const char *what) {
  size_t natoms = (size_t)scene->view.natoms, n = scene->nneighbours;
  xp_evaluation out[EVALUATORS] = {{0}};
  for (int e = 0; e < EVALUATORS; ++e) {
    out[e].energy = calloc(natoms + 1, sizeof(double));
    out[e].gradient = calloc(n + 1, sizeof *out[e].gradient);
    assert_non_null(out[e].energy);
    assert_non_null(out[e].gradient);
  }
  evaluate(model, plan, image, &scene->view, out);
  for (int e = 0; e < IMAGE; ++e) {
    compare_numbers(out[IMAGE].energy, out[e].energy, natoms, what);
    compare_numbers(out[IMAGE].gradient[0], out[e].gradient[0], 3 * n, what);
  }
  for (int e = 0; e < EVALUATORS; ++e) {
    free(out[e].energy);
    free(out[e].gradient);
  }
}

/* Neighbours of one centre by hand: nowhere, alone, in line, at and just inside the cutoff, beyond it, on the centre. */
static snap_scene degenerate_scene(void) {
  static const double displacements[][3] = {{0.0, 0.0, 1.5},  {1.1, 0.0, 0.0},          {2.2, 0.0, 0.0},
                                            {-1.1, 0.0, 0.0}, {SNAP_RCUTFAC, 0.0, 0.0}, {0.0, SNAP_RCUTFAC - 1e-9, 0.0},
                                            {0.0, 0.0, 5.0},  {0.0, 0.0, 1e-11},        {1.0, 1.0, 1.0}};
  static const size_t first[] = {0, 0, 1, 4, 6, 7, 9};
  static const int species[6] = {0}, neighbour_species[9] = {0};
  return (snap_scene){.view = {6, species, first, neighbour_species, displacements}, .nneighbours = 9};
}

/* ---- structure ---- */

static void mark(char *marks, int place, int count) {
  assert_in_range(place, 0, count - 1);
  assert_int_equal(marks[place]++, 0);
}

/* Products of one centre. */
static void check_products(const xp_snap_image *image, const xp_snap_image_centre *centre) {
  char *marks = calloc((size_t)image->nsums, 1);
  assert_non_null(marks);
  for (int s = centre->first_segment; s < centre->end_segment; ++s) {
    const xp_snap_image_segment *segment = &image->segments[s];
    assert_in_range(segment->noutputs, 1, XP_SNAP_IMAGE_OUTPUTS);
    if (s > centre->first_segment) {
      assert_true(segment[-1].noutputs >= segment->noutputs);
      if (segment[-1].noutputs == segment->noutputs) assert_true(segment[-1].nproducts >= segment->nproducts);
    }
    for (int k = 0; k < segment->noutputs; ++k) mark(marks, image->indices[segment->outputs + k], image->nsums);
  }
  int needed = image->quadratic ? image->nsums : image->nlabels * image->nentries;
  for (int k = 0; k < needed; ++k) assert_int_equal(marks[k], 1);
  for (int r = centre->first_rest; r < centre->end_rest; ++r) {
    assert_in_range(image->rests[r].output, 0, needed - 1);
    for (int k = 0; k < image->rests[r].count; ++k) assert_int_equal(marks[image->rests[r].first + k]++, 1);
  }
  free(marks);
}

/* Every entry of U and every moment has one writer. */
static void check_expansion(const xp_snap_image *image) {
  char *u = calloc((size_t)image->nu, 1), *moments = calloc((size_t)image->nmoments, 1);
  assert_non_null(u);
  assert_non_null(moments);
  for (int e = 0; e < image->nentries; ++e) {
    mark(u, image->entries[e].u, image->nu);
    if (image->entries[e].mirror >= 0) mark(u, image->entries[e].mirror, image->nu);
  }
  for (int p = 0; p < image->npowers; ++p)
    for (int part = 0; part < 4; ++part)
      for (int n = 0; n < image->powers[p].count && image->powers[p].moments[part] >= 0; ++n)
        mark(moments, image->powers[p].moments[part] + 2 * n, image->nmoments);
  free(u);
  free(moments);
}

/* Rows 0 ... count - 1 once each, longest first, and what their terms are; returns the number of terms. */
static int check_rows(const xp_snap_image *image, const xp_snap_image_row *rows, int count, int ncomponents) {
  char *marks = calloc((size_t)count, 1);
  int total = 0;
  assert_non_null(marks);
  for (int r = 0; r < count; ++r) {
    mark(marks, rows[r].row, count);
    if (r > 0) assert_true(rows[r - 1].count >= rows[r].count);
    total += rows[r].count;
    for (int t = 0; t < rows[r].count; ++t)
      assert_in_range(image->indices[rows[r].terms + XP_SNAP_IMAGE_STRIDE * t], 0, ncomponents - 1);
  }
  free(marks);
  return total;
}

/* ---- tests ---- */

static void compare_case(const snap_case *which, uint64_t seed) {
  xp_error error = {0};
  xp_test_random random = {seed};
  xp_snap_model *model = snap_case_model(which, &random);
  xp_potential potential = {.kind = XP_KIND_SNAP, .snap = model};
  xp_plan *plan = NULL;
  xp_snap_image *image = NULL;
  xp_assert_ok(xp_plan_new(&plan, &potential, snap_symbols, which->nelements, XP_PRECISION_DOUBLE, &error), &error);
  xp_assert_ok(xp_snap_image_new(&image, plan, &error), &error);
  check_expansion(image);
  assert_int_equal(check_rows(image, image->expansion, 2 * image->nentries, image->nmoments),
                   check_rows(image, image->gathering, image->nmoments, 2 * image->nentries));
  for (int i = 0; i < which->nelements; ++i) check_products(image, &image->centres[i]);
  int natoms = which->twojmax > 8 ? 4 : 11;
  snap_scene cluster = snap_scene_random(&random, natoms, 0.0, 1.3, which->nelements, snap_model_cutoff(model));
  compare_scene(model, plan, image, &cluster, which->name);
  snap_scene_free(&cluster);
  snap_scene few = degenerate_scene();
  compare_scene(model, plan, image, &few, which->name);
  xp_snap_image_free(image);
  xp_plan_free(plan);
  xp_snap_model_free(model);
}

static void images_agree_with_the_kernel_and_the_reference(void **state) {
  (void)state;
  for (int c = 0; c < snap_ncases; ++c) compare_case(&snap_cases[c], 300 + (uint64_t)c);
}

/* The numbers of the image of a mixed plan are those of the double one to float32. */
static void mixed_plans_give_rounded_coefficients(void **state) {
  (void)state;
  double off = 0.0;
  for (int c = 0; c < snap_ncases; ++c) {
    xp_error error = {0};
    xp_test_random random = {5};
    xp_snap_model *model = snap_case_model(&snap_cases[c], &random);
    xp_potential potential = {.kind = XP_KIND_SNAP, .snap = model};
    xp_snap_image *images[2] = {NULL};
    for (int precision = 0; precision < 2; ++precision) {
      xp_plan *plan = NULL;
      xp_assert_ok(
          xp_plan_new(&plan, &potential, snap_symbols, snap_cases[c].nelements, (xp_precision)precision, &error),
          &error);
      xp_assert_ok(xp_snap_image_new(&images[precision], plan, &error), &error);
      xp_plan_free(plan);
    }
    const xp_snap_image *exact = images[0], *rounded = images[1];
    assert_int_equal(exact->nnumbers, rounded->nnumbers);
    for (int k = 0; k < exact->nnumbers; ++k) {
      const double difference = fabs(exact->numbers[k] - rounded->numbers[k]);
      assert_true(difference <= 1e-6 * fmax(1.0, fabs(exact->numbers[k])));
      off = fmax(off, difference);
    }
    xp_snap_image_free(images[0]);
    xp_snap_image_free(images[1]);
    xp_snap_model_free(model);
  }
  assert_true(off > 0.0); /* small models have whole numbers only */
}

static void other_plans_are_refused(void **state) {
  (void)state;
  xp_error error = {0};
  xp_test_random random = {5};
  xp_snap_model *model = snap_case_model(&snap_cases[2], &random);
  xp_potential potential = {.kind = XP_KIND_SNAP, .snap = model};
  xp_plan *plan = NULL;
  xp_ace_image *ace = NULL;
  xp_assert_ok(xp_plan_new(&plan, &potential, snap_symbols, 1, XP_PRECISION_DOUBLE, &error), &error);
  assert_int_equal(xp_ace_image_new(&ace, plan, &error), XP_ERROR_INPUT);
  assert_null(ace);
  xp_snap_image_free(NULL);
  xp_plan_free(plan);
  xp_snap_model_free(model);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(images_agree_with_the_kernel_and_the_reference),
                                     cmocka_unit_test(mixed_plans_give_rounded_coefficients),
                                     cmocka_unit_test(other_plans_are_refused)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
