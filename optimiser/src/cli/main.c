/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/command.h"

int main(int argc, char **argv) {
  xp_blas_prepare(argv);
  return xp_command_main(argc, argv);
}
