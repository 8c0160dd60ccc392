/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xpot-label: structures with reference labels, made with LAMMPS. */
#include <stdio.h>
#include <string.h>

#include "commands.h"

static const struct {
  const char *name, *help;
  xp_status (*run)(int argc, char **argv, xp_error *error);
} commands[] = {
    {"make", "make crystals, strained and rattled, and random packings", xp_command_make},
    {"label", "label structures with LAMMPS", xp_command_label},
    {"sample", "label frames of molecular dynamics", xp_command_sample},
};

static void help(void) {
  printf("xpot-label COMMAND ...\n\nStructures with reference labels, made with LAMMPS.\n\n");
  for (size_t i = 0; i < sizeof commands / sizeof *commands; ++i)
    printf("  %-8s %s\n", commands[i].name, commands[i].help);
  printf("\nxpot-label COMMAND --help lists the options of a command.\n");
}

int main(int argc, char **argv) {
  if (argc < 2 || strcmp(argv[1], "--help") == 0) return help(), argc < 2;
  for (size_t i = 0; i < sizeof commands / sizeof *commands; ++i) {
    if (strcmp(argv[1], commands[i].name) != 0) continue;
    xp_error error = {0};
    if (commands[i].run(argc - 1, argv + 1, &error) == XP_OK) return 0;
    if (error.message[0]) fprintf(stderr, "error: %s\n", error.message);
    return 1;
  }
  fprintf(stderr, "error: expected a command (make, label, sample), found '%s'\n", argv[1]);
  return 1;
}
