/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ace_device_work.c counts, against the kernel itself; and constants and sizes that the model repeats. */
#include "device/ace_kernel.h"
#include "device/team_engine.h"

#include "ace_device_work.h"
#include "counting.h"

using namespace XPOT_NS::device;

namespace {

using CountedViews = AceViews<Kokkos::HostSpace, Counted>;

struct AceCountingTeam : CountingTeam<CountedViews, AceLayout> {
  const xp_ace_image_centre &centre;
  const xp_ace_image_pair *pairs;
};

struct Model : Compiled {
  xp_ace_image *image = nullptr;

  explicit Model(const char *path) : Compiled({path}) {
    xp_error error = {};
    xp_assert_ok(xp_ace_image_new(&image, plan, &error), &error);
  }
  ~Model() { xp_ace_image_free(image); }
};

void run_kernel(const Model &model, OneAtom &atom) {
  const AceLayout layout = ace_layout(*model.image, WORKERS);
  const CountedViews views(*model.image);
  std::vector<Counted> reals(layout.reals);
  std::vector<double> doubles(layout.doubles);
  const AceCountingTeam t = {{{}, atom, views, layout, reals, doubles},
                             model.image->centres[atom.centre],
                             views.pairs.data() + atom.centre * views.nelements};
  operations = accesses = 0;
  find_energies(t);
  atom.energy = doubles[layout.result + ENERGY];
  find_adjoints(t);
  find_gradients(t);
}

void check_counts(const char *path) {
  const Model model(path);
  OneAtom atom = make_atom(model.plan, 0);
  run_kernel(model, atom);
  xp_assert_close(atom.energy, evaluate(model.plan, atom), 1e-8);
  xp_device_neighbours neighbours = neighbours_of(model.plan, atom.centre);
  const xp_device_team team = {XP_PRECISION_DOUBLE, 1, WORKERS};
  xp_device_cost cost;
  xp_ace_device_count(&cost, model.image, &neighbours, &team);
  compare_counts(xp_device_cost_total(&cost), atom, path);
  xp_device_neighbours_clear(&neighbours);
}

void check_layout(const char *path) {
  const Model model(path);
  for (const int workers : {1, 8, 64}) {
    const AceLayout layout = ace_layout(*model.image, workers);
    const xp_device_layout repeated = xp_ace_device_layout(model.image, workers);
    assert_int_equal(xp_device_layout_bytes(&repeated, XP_PRECISION_DOUBLE), layout_bytes<double>(layout));
    assert_int_equal(xp_device_layout_bytes(&repeated, XP_PRECISION_MIXED), layout_bytes<float>(layout));
  }
}

void over_potentials(void (*check)(const char *path)) {
  const char *const own[] = {"potentials/mlearn-Si-ace/potential.yace", "potentials/gete-ace/potential.yace"};
  const char *const shared[] = {"conformance/potentials/XPOT-Si.yace", "conformance/potentials/XPOT-Sb2Te3.yace",
                                "conformance/potentials/Cu-PBE-core-rep.ace"};
  for (const char *name : own) {
    const std::unique_ptr<char, void (*)(void *)> path(xp_test_source(name), free);
    check(path.get());
  }
  for (const char *name : shared) {
    const std::unique_ptr<char, void (*)(void *)> path(xp_test_shared(name), free);
    if (path) check(path.get());
  }
}

void test_counts(void **) {
  over_potentials(check_counts);
}
void test_layout(void **) {
  over_potentials(check_layout);
}

static_assert(XP_DEVICE_TILE == TILE && XP_DEVICE_OWN_SUMS == OWN_SUMS && XP_DEVICE_RESULTS == (int)RESULTS &&
              XP_DEVICE_FEW_DENSITIES == FEW_DENSITIES);
static_assert(XP_DEVICE_THREADS == DEVICE_THREADS && XP_DEVICE_WIDE == WIDE && XP_DEVICE_NARROW == NARROW);

} // namespace

int main() {
  const Kokkos::ScopeGuard kokkos;
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_layout), cmocka_unit_test(test_counts)};
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
