/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core_repulsion.h"

#include "fmt/format.h"

#include <map>

namespace XPOT_NS {

namespace {

std::string describe(const xp_repulsion &repulsion) {
  if (!repulsion.form) return "none; close atoms may attract each other (keyword zbl)";
  return fmt::format("{} below {:.3g} Angstrom{}", repulsion.form, repulsion.outer,
                     repulsion.inner > 0.0 ? fmt::format(", alone below {:.3g}", repulsion.inner) : "");
}

} // namespace

std::string describe_repulsion(const xp_plan *plan) {
  std::map<std::string, std::string> pairs; // by description
  for (int i = 0; i < xp_plan_nelements(plan); ++i)
    for (int j = i; j < xp_plan_nelements(plan); ++j)
      pairs[describe(xp_plan_repulsion(plan, i, j))] +=
          fmt::format(" {}-{}", xp_plan_element(plan, i), xp_plan_element(plan, j));
  std::string text;
  for (const auto &pair : pairs) text += fmt::format("  core repulsion of{}: {}\n", pair.second, pair.first);
  return text;
}

} // namespace XPOT_NS
