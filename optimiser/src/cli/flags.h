/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options that several commands have. */
#ifndef XPOT_OPTIMISER_FLAGS_H
#define XPOT_OPTIMISER_FLAGS_H

#define XP_FLAG_OUTPUT \
  { "--output", "FOLDER", "a folder", "as the input says", "folder for everything that is written" }
#define XP_FLAG_THREADS                                                  \
  {                                                                      \
    "--threads", "N", "0 to 4096", "as the input says",                  \
        "threads to use; 0: all processors. Results do not depend on it" \
  }
#define XP_FLAG_THREADS_WITHOUT_INPUT \
  { "--threads", "N", "0 to 4096", "0", "threads to use; 0: all processors. Results do not depend on it" }
#define XP_FLAG_QUIET \
  { "--quiet", NULL, NULL, NULL, "no messages and no progress line" }
#define XP_FLAG_STAGES                                                                                             \
  {"--kappa", "LIST", "numbers from 0 to 1 with commas", "as the input says", "fit.kappa, one number a stage"}, {  \
    "--iterations", "LIST", "whole numbers with commas", "as the input says", "fit.iterations, one number a stage" \
  }
#define XP_FLAG_TRIAL                                                                                            \
  {"--trial", "N", "the number of a trial, or best", "none", "fit with the values of this trial of a search"}, { \
    "--search", "FOLDER", "the output folder of a search", "that of the input", "where its journal is"           \
  }
#define XP_FLAG_DATA_KEYS                                                                         \
  {"--energy-key", "KEY", "a key of the file", "the usual names", "key of the energies"},         \
      {"--forces-key", "KEY", "a column of the file", "the usual names", "column of the forces"}, \
      {"--virial-key", "KEY", "a key of the file", "the usual names", "key of the virials"},      \
      {"--stress-key", "KEY", "a key of the file", "the usual names", "key of the stresses"}, {   \
    "--config-type-key", "KEY", "a key of the file", "config_type", "key of the group names"      \
  }

#endif
