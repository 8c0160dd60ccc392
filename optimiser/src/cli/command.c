/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config/words.h"
#include "fit/fit.h"
#include "parallel/parallel.h"
#include "xpot/extxyz.h"

static const xp_command *const commands[] = {
    &xp_command_init,   &xp_command_check, &xp_command_fit,      &xp_command_search,  &xp_command_report,
    &xp_command_ablate, &xp_command_upfit, &xp_command_evaluate, &xp_command_survive, &xp_command_active,
    &xp_command_grade,  &xp_command_info,  &xp_command_convert};
#define NCOMMANDS ((int)(sizeof commands / sizeof *commands))

static void print_program_help(void) {
  printf("xpot-opt " XPOT_VERSION ": fits ACE, SNAP and quadratic SNAP potentials and tunes their hyperparameters\n\n");
  for (int c = 0; c < NCOMMANDS; ++c) printf("  xpot-opt %-9s %s\n", commands[c]->name, commands[c]->summary);
  printf("\n  xpot-opt COMMAND --help    all options of a command\n"
         "  xpot-opt --version\n\n"
         "Exit status 0, or 1 with one sentence on standard error.\n");
}

static void print_command_help(const xp_command *command) {
  printf("xpot-opt %s %s[OPTION ...]\n\n%s\n\nOptions\n", command->name, command->arguments, command->summary);
  for (const xp_flag *flag = command->flags; flag->name; ++flag) {
    char head[64];
    if (!flag->help) continue;
    snprintf(head, sizeof head, "%s %s", flag->name, flag->argument ? flag->argument : "");
    printf("  %-22s %s\n", head, flag->help);
    if (flag->argument) printf("  %-22s %s; default %s\n", "", flag->range, flag->standard);
  }
  printf("  %-22s this text\n", "--help");
  if (command->details) printf("\n%s", command->details);
  if (command->input_help) {
    printf("\n");
    xp_option_print_help(stdout);
  }
}

static const xp_command *find_command(const char *name, xp_error *error) {
  const char *names[NCOMMANDS];
  for (int c = 0; c < NCOMMANDS; ++c) {
    names[c] = commands[c]->name;
    if (strcmp(name, names[c]) == 0) return commands[c];
  }
  char advice[256];
  xp_word_advice(name, names, NCOMMANDS, advice, sizeof advice);
  xp_error_set(error, XP_ERROR_INPUT, "unknown command \"%s\"%s", name, advice);
  return NULL;
}

static int find_flag(const xp_command *command, const char *name, xp_error *error) {
  const char *names[XP_COMMAND_FLAGS];
  int n = 0;
  for (int f = 0; command->flags[f].name; ++f) {
    if (strcmp(name, command->flags[f].name) == 0) return f;
    if (command->flags[f].help) names[n++] = command->flags[f].name;
  }
  char advice[256];
  xp_word_advice(name, names, n, advice, sizeof advice);
  xp_error_set(error, XP_ERROR_INPUT, "unknown option %s%s", name, advice);
  return -1;
}

static xp_status parse_flag(xp_call *call, char **argv, int *position, int argc, xp_error *error) {
  const char *name = argv[*position];
  int f = find_flag(call->command, name, error);
  if (f < 0) return XP_ERROR_INPUT;
  const xp_flag *flag = &call->command->flags[f];
  if (call->values[f]) return xp_error_set(error, XP_ERROR_INPUT, "option %s is given twice; remove one", name);
  call->values[f] = "";
  if (!flag->argument) return XP_OK;
  if (*position + 1 >= argc)
    return xp_error_set(error, XP_ERROR_INPUT, "option %s: expected %s (%s) behind it, found nothing", name,
                        flag->argument, flag->range);
  call->values[f] = argv[++*position];
  return XP_OK;
}

/* argv[argc] begins behind the command's name. Arguments are moved to its front. */
static xp_status parse_line(xp_call *call, int argc, char **argv, bool *help, xp_error *error) {
  call->arguments = argv;
  for (int i = 0; i < argc; ++i) {
    *help |= strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
    if (*help) return XP_OK;
    if (strncmp(argv[i], "--", 2) != 0) {
      call->arguments[call->narguments++] = argv[i];
      continue;
    }
    xp_status status = parse_flag(call, argv, &i, argc, error);
    if (status != XP_OK) return status;
  }
  const xp_command *command = call->command;
  if (call->narguments >= command->least && (command->most < 0 || call->narguments <= command->most)) return XP_OK;
  return xp_error_set(error, XP_ERROR_INPUT,
                      "expected xpot-opt %s %swith options, found %d arguments; see xpot-opt %s --help", command->name,
                      command->arguments, call->narguments, command->name);
}

const char *xp_call_value(const xp_call *call, const char *name) {
  for (int f = 0; call->command->flags[f].name; ++f)
    if (strcmp(call->command->flags[f].name, name) == 0) return call->values[f];
  return NULL;
}

xp_status xp_call_integer(const xp_call *call, const char *name, int low, int high, int standard, int *value,
                          xp_error *error) {
  const char *text = xp_call_value(call, name);
  *value = standard;
  if (!text) return XP_OK;
  char *end;
  errno = 0;
  long number = strtol(text, &end, 10);
  if (end == text || *end || errno || number < low || number > high)
    return xp_error_set(error, XP_ERROR_INPUT, "option %s: expected a whole number from %d to %d, found \"%s\"", name,
                        low, high, text);
  *value = (int)number;
  return XP_OK;
}

xp_status xp_call_threads(const xp_call *call, int *threads, xp_error *error) {
  int given;
  xp_status status = xp_call_integer(call, "--threads", 0, 4096, 0, &given, error);
  *threads = xp_fit_threads(&(xp_config){.threads.value = given});
  return status;
}

static bool same_file(const char *a, const char *b) {
  struct stat one, other;
  return stat(a, &one) == 0 && stat(b, &other) == 0 && S_ISREG(one.st_mode) && one.st_dev == other.st_dev &&
         one.st_ino == other.st_ino;
}

xp_status xp_call_check_outputs(const xp_call *call, const char *const *options, xp_error *error) {
  for (; *options; ++options) {
    const char *path = xp_call_value(call, *options), *data = xp_call_value(call, "--data");
    bool input = path && data && same_file(path, data);
    for (int i = 0; path && i < call->narguments; ++i) input |= same_file(path, call->arguments[i]);
    if (input)
      return xp_error_set(error, XP_ERROR_INPUT, "option %s: %s is read by this command; give another file", *options,
                          path);
    for (const char *const *other = options + 1; path && *other; ++other) {
      const char *same = xp_call_value(call, *other);
      if (same && strcmp(same, path) == 0)
        return xp_error_set(error, XP_ERROR_INPUT, "expected different files, found %s of both %s and %s", path,
                            *options, *other);
    }
  }
  return XP_OK;
}

/* Reads with the changes given and those of --kappa and --iterations, of which "0.8,0.02" is the list [0.8,0.02]. */
static xp_status read_config(const xp_call *call, const xp_change *given, int ngiven, xp_config **config,
                             xp_error *error) {
  static const char *const names[] = {"--kappa", "--iterations"}, *const keys[] = {"fit.kappa", "fit.iterations"};
  char lists[2][256];
  xp_change *changes = malloc((size_t)(ngiven + 2) * sizeof *changes);
  int n = 0;
  if (!changes) return xp_error_memory(error, "the command line");
  for (int f = 0; f < 2; ++f) {
    const char *text = xp_call_value(call, names[f]);
    if (!text) continue;
    snprintf(lists[f], sizeof lists[f], "[%s]", text);
    changes[n++] = (xp_change){keys[f], lists[f]};
  }
  for (int c = 0; c < ngiven; ++c) changes[n++] = given[c];
  xp_status status = xp_config_read_changed(config, call->arguments[0], changes, n, error);
  free(changes);
  return status;
}

xp_status xp_call_config(const xp_call *call, xp_config **config, xp_error *error) {
  return xp_call_config_changed(call, NULL, 0, config, error);
}

xp_status xp_call_config_changed(const xp_call *call, const xp_change *changes, int nchanges, xp_config **config,
                                 xp_error *error) {
  int threads;
  const char *output = xp_call_value(call, "--output");
  xp_status status = read_config(call, changes, nchanges, config, error);
  if (status == XP_OK)
    status = xp_call_integer(call, "--threads", 0, 4096, (int)(*config)->threads.value, &threads, error);
  if (status == XP_OK) (*config)->threads.value = threads;
  if (status == XP_OK && output) {
    free((*config)->output);
    (*config)->output = strdup(output);
    if (!(*config)->output) status = xp_error_memory(error, "the command line");
  }
  if (status == XP_OK) return XP_OK;
  xp_config_free(*config);
  *config = NULL;
  return status;
}

/* The program by its name alone: a card goes to people whose folders are others. */
static char *join_line(int argc, char **argv) {
  const char *folder_end = strrchr(argv[0], '/');
  size_t size = 1;
  for (int i = 0; i < argc; ++i) size += strlen(argv[i]) + 1;
  char *line = calloc(size, 1);
  for (int i = 0; i < argc && line; ++i) {
    if (i) strcat(line, " ");
    strcat(line, i == 0 && folder_end ? folder_end + 1 : argv[i]);
  }
  return line;
}

static xp_status run(int argc, char **argv, const char *line, xp_error *error) {
  xp_call call = {.command = find_command(argv[1], error), .line = line};
  bool help = false;
  if (!call.command) return error->status;
  xp_status status = parse_line(&call, argc - 2, argv + 2, &help, error);
  if (status != XP_OK) return status;
  if (!help) return call.command->run(&call, error);
  print_command_help(call.command);
  return XP_OK;
}

int xp_command_main(int argc, char **argv) {
  xp_error error = {0};
  if (xp_parallel_begin(&error) != XP_OK) {
    fprintf(stderr, "xpot-opt: %s\n", error.message);
    return 1;
  }
  if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
    print_program_help();
    if (argc < 2) xp_error_set(&error, XP_ERROR_INPUT, "expected a command, found none");
  } else if (strcmp(argv[1], "--version") == 0) {
    printf("xpot-opt %s\n", XPOT_VERSION);
  } else {
    char *line = join_line(argc, argv);
    if (!line)
      xp_error_memory(&error, "the command line");
    else
      run(argc, argv, line, &error);
    free(line);
  }
  if ((fflush(stdout) != 0 || ferror(stdout)) && error.status == XP_OK)
    xp_error_set(&error, XP_ERROR_IO, "cannot write to standard output: %s", strerror(errno));
  /* an error that all processes share is said once */
  if (error.status != XP_OK && xp_parallel_rank() == 0) fprintf(stderr, "xpot-opt: %s\n", error.message);
  xp_parallel_end(error.status != XP_OK);
  return error.status == XP_OK ? 0 : 1;
}
