/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "neighbour_sources.h"

#include "lmptype.h"

namespace XPOT_NS {

size_t ExcludingSource::find(int slot, std::vector<int> &hits) const {
  const size_t nhits = cells_.find(slot, hits);
  const int i = cells_.atom(slot);
  size_t count = 0;
  for (size_t k = 0; k < nhits; ++k)
    if (!excluded(i, cells_.atom(hits[k]))) hits[count++] = hits[k];
  return count;
}

// As LAMMPS decides when it builds a list.
bool ExcludingSource::excluded(int i, int j) const {
  const auto &n = *neighbor_;
  if (n.nex_type && n.ex_type[atom_->type[i]][atom_->type[j]]) return true;
  const int mask_i = atom_->mask[i], mask_j = atom_->mask[j];
  for (int m = 0; m < n.nex_group; ++m)
    if ((mask_i & n.ex1_bit[m] && mask_j & n.ex2_bit[m]) || (mask_i & n.ex2_bit[m] && mask_j & n.ex1_bit[m]))
      return true;
  for (int m = 0; m < n.nex_mol; ++m)
    if (mask_i & n.ex_mol_bit[m] && mask_j & n.ex_mol_bit[m] &&
        (atom_->molecule[i] == atom_->molecule[j]) == (n.ex_mol_intra[m] != 0))
      return true;
  return false;
}

void ListSource::set(const Cells &cells, const ListView &list, int nall) {
  cells_ = &cells;
  list_ = list;
  slot_.assign(nall, -1);
  listed_.assign(nall, 0);
  for (int slot = 0; slot < cells.nslots(); ++slot) slot_[cells.atom(slot)] = slot;
  for (int ii = 0; ii < list.ncentres; ++ii) listed_[list.centres[ii]] = 1;
}

size_t ListSource::find(int slot, std::vector<int> &hits) const {
  const int i = cells_->atom(slot), most = list_.counts[i];
  const int *neighbours = list_.neighbours[i];
  if (hits.size() < (size_t)most) hits.resize(2 * (size_t)most);
  size_t count = 0;
  for (int jj = 0; jj < most; ++jj) {
    const int there = slot_[neighbours[jj] & NEIGHMASK];
    if (there >= 0) hits[count++] = there;
  }
  return count;
}

} // namespace XPOT_NS
