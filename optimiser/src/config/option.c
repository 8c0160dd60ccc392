/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/option.h"

#include <math.h>
#include <string.h>

#include "config/config.h"
#include "xpot/snap.h"

/* Larger than any sensible weight or energy, and still safe to square. */
#define LIMIT 1e100

/* clang-format off */
const xp_option xp_options[] = {
    {"", "output", XP_OPTION_TEXT, 0, "", 0, 0, {0}, "\"tuned\"", "folder for everything that is written, beside the input file; made when absent", offsetof(xp_config, output)},
    {"", "name", XP_OPTION_TEXT, 0, "", 0, 0, {0}, "\"potential\"", "name of the potential files in it", offsetof(xp_config, name)},
    {"", "threads", XP_OPTION_INTEGER, 0, "", 0, 4096, {0}, "0", "threads to use; 0: all processors. The results do not depend on it", offsetof(xp_config, threads)},
    {"", "reference_energies", XP_OPTION_REAL, XP_OPTION_PER_ELEMENT | XP_OPTION_RESULT, "eV", -LIMIT, LIMIT, {0}, "0", "energy of an isolated atom, taken off the energies before the fit and put back in beta_0, so that the potential reproduces the energies of the data (minus FitSNAP's ESHIFT)", offsetof(xp_config, reference_energies)},
    {"data", "train", XP_OPTION_TEXT, XP_OPTION_REQUIRED, "", 0, 0, {0}, "", "extended XYZ file to fit to; relative paths start in the folder of the input file", offsetof(xp_config, train)},
    {"data", "validate", XP_OPTION_TEXT, 0, "", 0, 0, {0}, "", "extended XYZ file on which the loss is computed; needed by search", offsetof(xp_config, validate)},
    {"data", "energy_key", XP_OPTION_TEXT, XP_OPTION_RESULT, "", 0, 0, {0}, "", "key of the energies; without it the usual names are tried", offsetof(xp_config, energy_key)},
    {"data", "forces_key", XP_OPTION_TEXT, XP_OPTION_RESULT, "", 0, 0, {0}, "", "key of the forces; without it the usual names are tried", offsetof(xp_config, forces_key)},
    {"data", "virial_key", XP_OPTION_TEXT, XP_OPTION_RESULT, "", 0, 0, {0}, "", "key of the virials; without it the usual names are tried", offsetof(xp_config, virial_key)},
    {"data", "stress_key", XP_OPTION_TEXT, XP_OPTION_RESULT, "", 0, 0, {0}, "", "key of the stresses; without it the usual names are tried", offsetof(xp_config, stress_key)},
    {"data", "config_type_key", XP_OPTION_TEXT, XP_OPTION_RESULT, "", 0, 0, {0}, "\"config_type\"", "key of the group names", offsetof(xp_config, config_type_key)},
    {"potential", "kind", XP_OPTION_WORD, XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, 1, {"snap", "qsnap"}, "\"qsnap\"", "linear or quadratic SNAP", offsetof(xp_config, kind)},
    {"potential", "twojmax", XP_OPTION_INTEGER, XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, XP_SNAP_TWOJMAX_LIMIT, {0}, "6", "2 J_max, the order of the bispectrum", offsetof(xp_config, twojmax)},
    {"potential", "rcutfac", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ABOVE, "Angstrom with radelem 0.5", 0, 100, {0}, "4.0", "cutoff of a pair, times the sum of its radelem", offsetof(xp_config, rcutfac)},
    {"potential", "rfac0", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ABOVE, "", 0, 2, {0}, "0.99363", "share of the half circle that the cutoff is mapped to; above 1 the potential jumps at some distance", offsetof(xp_config, rfac0)},
    {"potential", "rmin0", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT, "Angstrom", 0, 100, {0}, "0", "distance mapped to the pole, where switching starts", offsetof(xp_config, rmin0)},
    {"potential", "radelem", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_PER_ELEMENT | XP_OPTION_RESULT | XP_OPTION_ABOVE, "", 0, 100, {0}, "0.5", "radius of an element in units of rcutfac", offsetof(xp_config, radelem)},
    {"potential", "wj", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_PER_ELEMENT | XP_OPTION_RESULT, "", -1000, 1000, {0}, "1", "weight of a neighbour of an element", offsetof(xp_config, wj)},
    {"potential", "switchflag", XP_OPTION_FLAG, XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, 1, {0}, "true", "let the density of a neighbour go to zero at the cutoff", offsetof(xp_config, switchflag)},
    {"potential", "bzeroflag", XP_OPTION_FLAG, XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, 1, {0}, "true", "take the bispectrum of an isolated atom off", offsetof(xp_config, bzeroflag)},
    {"potential", "bnormflag", XP_OPTION_FLAG, XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, 1, {0}, "false", "divide components by 2J+1; usual with chemflag", offsetof(xp_config, bnormflag)},
    {"potential", "chemflag", XP_OPTION_FLAG, XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, 1, {0}, "false", "a density for each element: explicit multi-element SNAP", offsetof(xp_config, chemflag)},
    {"potential", "wselfallflag", XP_OPTION_FLAG, XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, 1, {0}, "false", "with chemflag: every density holds the central atom", offsetof(xp_config, wselfallflag)},
    {"potential", "switchinnerflag", XP_OPTION_FLAG, XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, 1, {0}, "false", "switch neighbours off at short distance; needs sinner and dinner", offsetof(xp_config, switchinnerflag)},
    {"potential", "sinner", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_PER_ELEMENT | XP_OPTION_RESULT | XP_OPTION_ABOVE, "Angstrom", 0, 100, {0}, "", "middle of the inner switching region", offsetof(xp_config, sinner)},
    {"potential", "dinner", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_PER_ELEMENT | XP_OPTION_RESULT | XP_OPTION_ABOVE, "Angstrom", 0, 100, {0}, "", "half width of the inner switching region", offsetof(xp_config, dinner)},
    {"weights", "eweight", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, LIMIT, {0}, "100", "factor of an energy row (error an atom, eV)", offsetof(xp_group_weights, eweight)},
    {"weights", "fweight", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, LIMIT, {0}, "1", "factor of a force row (error of a component, eV/Angstrom)", offsetof(xp_group_weights, fweight)},
    {"weights", "vweight", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, LIMIT, {0}, "0", "factor of a virial row (error of a pressure component, bar); 0: virials are not used", offsetof(xp_group_weights, vweight)},
    {"loss", "alpha", XP_OPTION_REAL, XP_OPTION_RESULT, "", 0, 1, {0}, "0.5", "share of the energy in the loss: alpha L_E + (1 - alpha) L_F", offsetof(xp_config, alpha)},
    {"fit", "constant", XP_OPTION_FLAG, XP_OPTION_RESULT, "", 0, 1, {0}, "true", "fit a constant energy for each element; false: beta_0 is the reference energy", offsetof(xp_config, constant)},
    {"fit", "rcond", XP_OPTION_REAL, XP_OPTION_RESULT, "", 0, 0.1, {0}, "1e-13", "singular values below rcond times the largest one (columns scaled to norm 1) are taken for zero", offsetof(xp_config, rcond)},
    {"fit", "ridge", XP_OPTION_REAL, XP_OPTION_RESULT, "", 0, LIMIT, {0}, "0", "ridge penalty on coefficients, each in units of the norm of its column", offsetof(xp_config, ridge)},
    {"fit", "memory", XP_OPTION_REAL, XP_OPTION_ABOVE, "GB", 0, 1000000.0, {0}, "4", "refuse a fit whose estimate is above this", offsetof(xp_config, memory)},
    {"search", "trials", XP_OPTION_INTEGER, 0, "", 1, 1000000, {0}, "60", "trials to make, those of an interrupted run included", offsetof(xp_config, trials)},
    {"search", "initial", XP_OPTION_INTEGER, 0, "", 0, 1000000, {0}, "0", "trials of the Hammersley design at the start; 0: two more than twice the number of dimensions, at most 30", offsetof(xp_config, initial)},
    {"search", "seed", XP_OPTION_INTEGER, 0, "", 0, 0x1p53, {0}, "42", "start of the random numbers", offsetof(xp_config, seed)},
    {"search", "xi", XP_OPTION_REAL, 0, "", 0, 1000, {0}, "0.01", "improvement that expected improvement asks for, in standard deviations of the losses", offsetof(xp_config, xi)},
    {"search", "hours", XP_OPTION_REAL, 0, "h", 0, 1000000.0, {0}, "0", "stop after the trial that passes this time; 0: no limit", offsetof(xp_config, hours)},
    {"search", "target_loss", XP_OPTION_REAL, 0, "", 0, LIMIT, {0}, "0", "stop at this loss; 0: never", offsetof(xp_config, target_loss)},
    {"search", "plateau", XP_OPTION_INTEGER, 0, "", 0, 1000000, {0}, "0", "stop after so many trials without a better one; 0: never", offsetof(xp_config, plateau)},
};
/* clang-format on */
const int xp_noptions = sizeof xp_options / sizeof *xp_options;

const xp_section xp_sections[] = {
    {"", "general"},
    {"data", "reference data"},
    {"potential", "the model; names and meaning as in LAMMPS's .snapparam and .snapcoeff files"},
    {"weights",
     "an object for each config_type that has weights of its own, and \"default\" for all others; a weight that "
     "an object does not give is the one of \"default\""},
    {"loss", "what the search minimises, on the validation data"},
    {"fit", "the least-squares fit"},
    {"search", "Bayesian optimisation of every value that is a range"},
};
const int xp_nsections = sizeof xp_sections / sizeof *xp_sections;

const xp_option *xp_option_find(const char *section, const char *name) {
  for (int i = 0; i < xp_noptions; ++i)
    if (strcmp(xp_options[i].section, section) == 0 && strcmp(xp_options[i].name, name) == 0) return &xp_options[i];
  return NULL;
}

static void words_range(const xp_option *option, char *text, int size) {
  int used = 0;
  for (int i = 0; i < XP_OPTION_WORDS && option->words[i] && used < size; ++i)
    used += snprintf(text + used, (size_t)(size - used), i ? " or \"%s\"" : "\"%s\"", option->words[i]);
}

void xp_option_range(const xp_option *option, char *text, int size) {
  const char *noun = option->type == XP_OPTION_INTEGER ? "a whole number" : "a number";
  const char *from = option->traits & XP_OPTION_ABOVE ? "above" : "from";
  if (option->type == XP_OPTION_TEXT)
    snprintf(text, (size_t)size, "text");
  else if (option->type == XP_OPTION_FLAG)
    snprintf(text, (size_t)size, "true or false");
  else if (option->type == XP_OPTION_WORD)
    words_range(option, text, size);
  else if (option->high < LIMIT)
    snprintf(text, (size_t)size, "%s %s %.16g to %.16g", noun, from, option->low, option->high);
  else if (option->low > -LIMIT)
    snprintf(text, (size_t)size, "%s %s %.16g", noun, from, option->low);
  else
    snprintf(text, (size_t)size, "%s", noun);
}

bool xp_option_allows(const xp_option *option, double value) {
  if (!isfinite(value) || value > option->high) return false;
  if (option->traits & XP_OPTION_ABOVE ? value <= option->low : value < option->low) return false;
  return option->type == XP_OPTION_REAL || value == floor(value);
}

static void print_option(const xp_option *option, FILE *stream) {
  char range[128];
  xp_option_range(option, range, sizeof range);
  fprintf(stream, "    %-18s %s", option->name, range);
  if (option->unit[0]) fprintf(stream, ", %s", option->unit);
  if (option->traits & XP_OPTION_PER_ELEMENT) fprintf(stream, "; also {\"Si\": ...}");
  if (option->traits & XP_OPTION_TUNABLE) fprintf(stream, "; tunable");
  if (option->traits & XP_OPTION_REQUIRED)
    fprintf(stream, "; required");
  else
    fprintf(stream, "; default %s", option->standard[0] ? option->standard : "none");
  fprintf(stream, "\n                       %s\n", option->help);
}

void xp_option_print_help(FILE *stream) {
  fprintf(
      stream,
      "Input file (JSON). \"elements\": list of element symbols, required; their order is that of pair_coeff for\n"
      "chem-SNAP. In place of a value marked tunable: {\"min\": 3, \"max\": 6}, with \"scale\": \"log\" where equal\n"
      "ratios should be equally likely, or {\"choices\": [4, 6, 8]}.\n");
  for (int s = 0; s < xp_nsections; ++s) {
    fprintf(stream, "\n  %s%s%s\n", xp_sections[s].name, xp_sections[s].name[0] ? ": " : "", xp_sections[s].help);
    for (int i = 0; i < xp_noptions; ++i)
      if (strcmp(xp_options[i].section, xp_sections[s].name) == 0) print_option(&xp_options[i], stream);
  }
}
