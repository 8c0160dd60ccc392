/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "device_guard.h"

#include "device/bonds.h"
#include "device/upload.h"

#include "atom_kokkos.h"
#include "atom_masks.h"
#include "force.h"

#include <algorithm>

using namespace LAMMPS_NS;

namespace XPOT_NS {

namespace {

using AT = ArrayTypes<LMPDeviceType>;
using Range = Kokkos::RangePolicy<device::DeviceSpace>;

constexpr ExecutionSpace SPACE = ExecutionSpaceFromDevice<LMPDeviceType>::space;

// As find_runaway on the host.
struct FindRunaway {
  typename AT::t_kkfloat_1d_3 v;
  typename AT::t_kkacc_1d_3 f;
  typename AT::t_int_1d_randomread type;
  typename AT::t_kkfloat_1d rmass;
  Kokkos::View<const double *, device::DeviceSpace> factor;
  double dt, own_factor, most_squared;
  int nlocal;

  KOKKOS_INLINE_FUNCTION double mass_factor(int i) const {
    if (own_factor == 0.0) return factor(type(i));
    return i < nlocal ? own_factor / rmass(i) : 0.0;
  }

  KOKKOS_INLINE_FUNCTION void operator()(int i, int &first) const {
    const double factor_here = mass_factor(i);
    double square = 0.0;
    for (int k = 0; k < 3; ++k) {
      const double move = factor_here * f(i, k) + (dt == 0.0 || i >= nlocal ? 0.0 : dt * v(i, k));
      square += move * move;
    }
    if (!(square <= most_squared) && i < first) first = i;
  }
};

struct KeepAtoms {
  typename AT::t_kkfloat_1d_3_lr x;
  typename AT::t_kkfloat_1d_3 v;
  typename AT::t_tagint_1d tag;
  typename AT::t_imageint_1d image;
  typename AT::t_int_1d type;
  KeptAtoms<device::DeviceSpace> kept;

  KOKKOS_INLINE_FUNCTION void operator()(int i) const {
    for (int k = 0; k < 3; ++k) {
      kept.x(i, k) = x(i, k);
      kept.v(i, k) = v(i, k);
    }
    kept.tag(i) = tag(i);
    kept.image(i) = image(i);
    kept.type(i) = type(i);
  }
};

template <class View> void make(View &view, const char *name, int n) {
  view = View();
  view = View(Kokkos::view_alloc(Kokkos::WithoutInitializing, std::string("xpotace:good ") + name), n);
}

template <class View> auto to_vector(const View &view, int n) {
  const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), view);
  return std::vector<typename View::non_const_value_type>(host.data(), host.data() + n);
}

LastGood::Rows to_rows(const KeptAtoms<device::DeviceSpace>::Rows &view, int n) {
  const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), view);
  LastGood::Rows rows((size_t)n);
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < 3; ++k) rows[i][k] = host(i, k);
  return rows;
}

} // namespace

void DeviceGuard::update_factor(const MoveRule &rule) {
  if (rule.factor == factor_) return;
  factor_ = rule.factor;
  factor_there_ = device::upload<Space>("factor", factor_.data(), (int)factor_.size());
}

int DeviceGuard::find_culprit(Team & /*team*/, const MoveRule &rule) {
  auto *atom_kokkos = static_cast<AtomKokkos *>(atom);
  atom_kokkos->sync(SPACE, F_MASK | V_MASK | TYPE_MASK | (rule.own_factor != 0.0 ? RMASS_MASK : EMPTY_MASK));
  update_factor(rule);
  FindRunaway functor = {};
  functor.v = atom_kokkos->k_v.view<LMPDeviceType>();
  functor.f = atom_kokkos->k_f.view<LMPDeviceType>();
  functor.type = atom_kokkos->k_type.view<LMPDeviceType>();
  if (rule.own_factor != 0.0) functor.rmass = atom_kokkos->k_rmass.view<LMPDeviceType>();
  functor.factor = factor_there_;
  functor.dt = rule.dt;
  functor.own_factor = rule.own_factor;
  functor.most_squared = rule.most_squared;
  functor.nlocal = atom->nlocal;
  // With 'newton off' the forces of images have been sent home.
  const int natoms = force->newton_pair ? atom->nlocal + atom->nghost : atom->nlocal;
  int first = device::NOBODY;
  Kokkos::parallel_reduce("xpotace:runaway", Range(0, natoms), functor, Kokkos::Min<int>(first));
  return first < natoms ? first : -1;
}

void DeviceGuard::keep(Team & /*team*/) {
  auto *atom_kokkos = static_cast<AtomKokkos *>(atom);
  last_good.keep_box();
  natoms_ = atom->nlocal;
  if ((int)kept_.type.extent(0) < natoms_) {
    const int size = natoms_ + natoms_ / 16;
    make(kept_.x, "x", size);
    make(kept_.v, "v", size);
    make(kept_.tag, "tag", size);
    make(kept_.image, "image", size);
    make(kept_.type, "type", size);
  }
  atom_kokkos->sync(SPACE, X_MASK | V_MASK | TAG_MASK | IMAGE_MASK | TYPE_MASK);
  KeepAtoms functor = {};
  functor.x = atom_kokkos->k_x.view<LMPDeviceType>();
  functor.v = atom_kokkos->k_v.view<LMPDeviceType>();
  functor.tag = atom_kokkos->k_tag.view<LMPDeviceType>();
  functor.image = atom_kokkos->k_image.view<LMPDeviceType>();
  functor.type = atom_kokkos->k_type.view<LMPDeviceType>();
  functor.kept = kept_;
  Kokkos::parallel_for("xpotace:keep", Range(0, natoms_), functor);
}

void DeviceGuard::fetch() {
  if (!kept_.type.data()) return;
  last_good.set_atoms(to_rows(kept_.x, natoms_), to_rows(kept_.v, natoms_), to_vector(kept_.tag, natoms_),
                      to_vector(kept_.type, natoms_), to_vector(kept_.image, natoms_));
}

void DeviceGuard::sync_host() {
  static_cast<AtomKokkos *>(atom)->sync(Host, X_MASK | V_MASK | F_MASK | TYPE_MASK | TAG_MASK | RMASS_MASK);
}

double DeviceGuard::memory_usage() const {
  const double row = 6.0 * sizeof(double) + sizeof(tagint) + sizeof(imageint) + sizeof(int);
  return StepGuard::memory_usage() + row * (double)kept_.type.extent(0);
}

} // namespace XPOT_NS
