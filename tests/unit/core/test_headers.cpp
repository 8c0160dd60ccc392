// SPDX-License-Identifier: GPL-2.0-or-later
// A C++ program reaches the C library: every header declares C linkage. That the headers compile alone is this target's
// other sources.
#include <cstring>

#include "xpot/ace.h"
#include "xpot/ace_basis.h"
#include "xpot/error.h"
#include "xpot/extxyz.h"
#include "xpot/file.h"
#include "xpot/frame.h"
#include "xpot/neighbour.h"
#include "xpot/potential.h"
#include "xpot/snap.h"
#include "xpot/structure.h"

int main() {
  xp_error error;
  xp_error_clear(&error);
  xp_error_set(&error, XP_ERROR_INPUT, "%s", "reached");
  xp_ace_model_free(nullptr);
  xp_ace_basis_free(nullptr);
  xp_snap_model_free(nullptr);
  xp_potential_free(nullptr);
  xp_plan_free(nullptr);
  xp_workspace_free(nullptr);
  xp_dataset_free(nullptr);
  xp_structure_free(nullptr);
  xp_neighbour_list_free(nullptr);
  xp_output_discard(nullptr);
  xp_dataset *dataset = nullptr;
  bool refused = xp_extxyz_read(&dataset, "/", nullptr, &error) == XP_ERROR_IO;
  return refused && dataset == nullptr && std::strlen(error.message) > 0 ? 0 : 1;
}
