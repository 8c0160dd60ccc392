/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranges that "tune" stands for: those of du Toit's thesis (Oxford 2025), tables 3.1 and 4.2. They are sampled evenly
 * there; here on logarithms where they span decades. */
#include <string.h>

#include "config/option.h"

static const struct {
  const char *section, *name, *range;
} tunes[] = {
    {"potential", "rcutfac", "{\"min\": 2.5, \"max\": 8}"},
    {"potential", "rfac0", "{\"min\": 0.6, \"max\": 1.6}"},
    {"potential", "rmin0", "{\"min\": 0, \"max\": 0.1}"},
    {"potential", "wj", "{\"min\": 0.2, \"max\": 2}"},
    {"embeddings", "fs_parameters", "{\"min\": 0.1, \"max\": 10}"},
    {"bonds", "radbase", "{\"choices\": [\"SBessel\", \"ChebExpCos\", \"ChebPow\"]}"},
    {"bonds", "radparameters", "{\"min\": 1, \"max\": 10}"},
    {"bonds", "rcut", "{\"min\": 5, \"max\": 8}"},
    {"bonds", "dcut", "{\"min\": 0.001, \"max\": 0.1, \"scale\": \"log\"}"},
    {"functions", "number_of_functions_per_element", "{\"min\": 500, \"max\": 2000}"},
    {"weights", "eweight", "{\"min\": 10, \"max\": 100000, \"scale\": \"log\"}"},
    {"weights", "fweight", "{\"min\": 0.1, \"max\": 100, \"scale\": \"log\"}"},
};

const char *xp_option_tune(const xp_option *option) {
  for (size_t t = 0; t < sizeof tunes / sizeof *tunes; ++t)
    if (strcmp(option->section, tunes[t].section) == 0 && strcmp(option->name, tunes[t].name) == 0)
      return tunes[t].range;
  return NULL;
}
