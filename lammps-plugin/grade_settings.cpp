/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grade_settings.h"

#include "words.h"

#include "error.h"
#include "fmt/format.h"
#include "utils.h"

#include <cmath>
#include <cstdlib>

using namespace LAMMPS_NS;

namespace XPOT_NS {

namespace {

constexpr size_t MOST_DIGITS = 18; // of a whole number that a bigint holds in any case

bigint read_steps(LAMMPS *lmp, const std::string &word) {
  const bool fits = utils::is_integer(word) && word.size() <= MOST_DIGITS;
  const bigint steps = fits ? std::strtoll(word.c_str(), nullptr, 10) : 0;
  if (steps < 1)
    lmp->error->all(FLERR, "pair_style xpotace gamma every: expected a whole number of steps above 0, found '{}'",
                    word);
  return steps;
}

double read_gamma(LAMMPS *lmp, const std::string &word) {
  const double gamma = utils::is_double(word) ? std::strtod(word.c_str(), nullptr) : 0.0;
  if (!(gamma > 0.0 && std::isfinite(gamma)))
    lmp->error->all(FLERR, "pair_style xpotace gamma threshold: expected a grade above 0, found '{}'", word);
  return gamma;
}

GradeThreshold read_threshold(LAMMPS *lmp, Words &words) {
  GradeThreshold threshold = {read_gamma(lmp, words.take()), GradeThreshold::WARN, ""};
  const std::string action = words.take();
  if (action == "stop")
    threshold.action = GradeThreshold::STOP;
  else if (action == "dump")
    threshold.action = GradeThreshold::DUMP;
  else if (action != "warn")
    lmp->error->all(FLERR, "pair_style xpotace gamma threshold: expected 'warn', 'stop' or 'dump FILE', found '{}'",
                    action);
  if (threshold.action != GradeThreshold::DUMP) return threshold;
  if (words.empty())
    lmp->error->all(FLERR, "pair_style xpotace gamma threshold dump: expected the name of a file, found nothing");
  threshold.file = words.take();
  return threshold;
}

} // namespace

GradeSettings read_grade_settings(LAMMPS *lmp, Words &words) {
  const std::string word = words.take();
  if (word != "every") lmp->error->all(FLERR, "pair_style xpotace gamma: expected 'every', found '{}'", word);
  GradeSettings settings;
  settings.every = read_steps(lmp, words.take());
  while (!words.empty() && words.peek() == "threshold") {
    words.take();
    settings.thresholds.push_back(read_threshold(lmp, words));
  }
  return settings;
}

} // namespace XPOT_NS
