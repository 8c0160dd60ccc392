/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What snap_device_work.c counts, against the kernel itself; and sizes that the model repeats. */
#include "device/snap_kernel.h"

#include "counting.h"
#include "snap_device_work.h"

#include <string>

using namespace XPOT_NS::device;

namespace {

using CountedViews = SnapViews<Kokkos::HostSpace, Counted>;

struct SnapCountingTeam : CountingTeam<CountedViews, SnapLayout> {
  const xp_snap_image_centre *centre;
  const xp_snap_image_pair *pairs;

  // As LaneArray of snap_team.h.
  struct Array {
    const SnapCountingTeam &team;
    int place;
    Counted &operator[](int entry) const { return team.real(place + entry, 0); }
  };

  int label(int species) const { return v.chem ? species : 0; }
  Array array(int place, int) const { return {*this, place}; }
  double &field(int n, int which, int lane) const { return number(a.tile + n * SNAP_FIELDS + which, lane); }
};

struct Model : Compiled {
  xp_snap_image *image = nullptr;

  explicit Model(const std::vector<const char *> &paths) : Compiled(paths) {
    xp_error error = {};
    xp_assert_ok(xp_snap_image_new(&image, plan, &error), &error);
  }
  ~Model() { xp_snap_image_free(image); }
};

void run_kernel(const Model &model, OneAtom &atom) {
  const SnapLayout layout = snap_layout(*model.image, WORKERS);
  const CountedViews views(*model.image);
  std::vector<Counted> reals(layout.reals);
  std::vector<double> doubles(layout.doubles);
  const SnapCountingTeam t = {{{}, atom, views, layout, reals, doubles},
                              views.centres.data() + atom.centre,
                              views.pairs.data() + atom.centre * views.nelements};
  operations = accesses = 0;
  snap_sum_neighbours(t);
  snap_expand(t);
  snap_multiply(t);
  snap_find_y(t);
  atom.energy = snap_energy(t, 0);
  snap_find_gradients(t);
}

void check_counts(const Model &model, const char *name) {
  OneAtom atom = make_atom(model.plan, 0);
  run_kernel(model, atom);
  xp_assert_close(atom.energy, evaluate(model.plan, atom), 1e-8);
  xp_device_neighbours neighbours = neighbours_of(model.plan, atom.centre);
  const xp_device_team team = {XP_PRECISION_DOUBLE, 1, WORKERS};
  xp_device_cost cost;
  xp_snap_device_count(&cost, model.image, &neighbours, &team);
  compare_counts(xp_device_cost_total(&cost), atom, name);
  xp_device_neighbours_clear(&neighbours);
}

void check_layout(const Model &model, const char *) {
  for (const int workers : {1, 8, 64}) {
    const SnapLayout layout = snap_layout(*model.image, workers);
    const xp_device_layout repeated = xp_snap_device_layout(model.image, workers);
    assert_int_equal(xp_device_layout_bytes(&repeated, XP_PRECISION_DOUBLE), layout_bytes<double>(layout));
    assert_int_equal(xp_device_layout_bytes(&repeated, XP_PRECISION_MIXED), layout_bytes<float>(layout));
  }
}

void over_potentials(void (*check)(const Model &model, const char *name)) {
  const char *const shared[] = {"Si_Zuo_JPCA2020", "WBe_Wood_PRB2019", "C_SNAP_2021.10.15.quadratic"};
  const std::string own = "potentials/mlearn-Si-qsnap/potential", folder = "conformance/potentials/";
  using Path = std::unique_ptr<char, void (*)(void *)>;
  const Path coefficients(xp_test_source((own + ".snapcoeff").c_str()), free),
      parameters(xp_test_source((own + ".snapparam").c_str()), free);
  check(Model({coefficients.get(), parameters.get()}), own.c_str());
  for (const std::string name : shared) {
    const Path one(xp_test_shared((folder + name + ".snapcoeff").c_str()), free),
        two(xp_test_shared((folder + name + ".snapparam").c_str()), free);
    if (one && two) check(Model({one.get(), two.get()}), name.c_str());
  }
}

void test_counts(void **) {
  over_potentials(check_counts);
}
void test_layout(void **) {
  over_potentials(check_layout);
}

static_assert(XP_DEVICE_SNAP_FIELDS == (int)SNAP_FIELDS && XP_DEVICE_SNAP_SHARES == (int)SNAP_SHARES &&
              XP_DEVICE_SNAP_ENERGY_PARTS == SNAP_ENERGY_PARTS);

} // namespace

int main() {
  const Kokkos::ScopeGuard kokkos;
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_layout), cmocka_unit_test(test_counts)};
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
