/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "report/card.h"
#include "xpot/ace.h"
#include "xpot/ace_basis.h"
#include "xpot/potential.h"
#include "xpot_input/translation.h"

static const xp_flag flags[] = {{0}};

typedef enum form { FORM_YACE, FORM_YAML, FORM_INPUT, FORM_UNKNOWN } form;

static form form_of(const char *path) {
  const char *dot = strrchr(path, '.');
  if (!dot) return FORM_UNKNOWN;
  if (strcmp(dot, ".json") == 0) return FORM_INPUT;
  return strcmp(dot, ".yace") == 0 ? FORM_YACE : strcmp(dot, ".yaml") == 0 ? FORM_YAML : FORM_UNKNOWN;
}

/* By whatever name: links count. */
static bool same_file(const char *a, const char *b) {
  struct stat x, y;
  return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static xp_status check_output(const char *in, const char *out, xp_error *error) {
  if (form_of(out) == FORM_UNKNOWN)
    return xp_error_set(error, XP_ERROR_INPUT,
                        "the output is \"%s\", expected a name that ends in .yace (plain products) or .yaml (B basis), "
                        "or in .json for an "
                        "input of XPOT",
                        out);
  if (strcmp(in, out) == 0 || same_file(in, out))
    return xp_error_set(error, XP_ERROR_INPUT, "the output \"%s\" is the input; give another name", out);
  return XP_OK;
}

static xp_status write_yace(const xp_bytes *bytes, const char *out, xp_error *error) {
  xp_potential *potential = NULL;
  xp_status status = xp_potential_parse(&potential, bytes, 1, error);
  if (status == XP_OK) status = xp_ace_write_yace(potential->ace, out, error);
  xp_potential_free(potential);
  return status;
}

static xp_status write_yaml(const xp_bytes *bytes, const char *out, xp_error *error) {
  xp_ace_basis *basis = NULL;
  if (!xp_ace_basis_detect(bytes))
    return xp_error_at(
        error, (xp_place){bytes->name, 0, 0},
        "this is no B basis, expected a .yaml file: plain products are sums over couplings, which cannot be "
        "undone; give the output a name that ends in .yace");
  xp_status status = xp_ace_basis_parse(&basis, bytes, error);
  if (status == XP_OK) status = xp_ace_basis_write(basis, out, error);
  xp_ace_basis_free(basis);
  return status;
}

static void say(void *user, const char *sentence) {
  (void)user;
  fprintf(stderr, "note: %s\n", sentence);
}

static xp_status write_input(const char *in, const char *out, xp_error *error) {
  cJSON *input = NULL;
  xp_status status = xp_translate(&input, in, say, NULL, error);
  return status == XP_OK ? xp_json_write(input, out, error) : status;
}

static xp_status run(const xp_call *call, xp_error *error) {
  const char *in = call->arguments[0], *out = call->arguments[1];
  xp_bytes bytes = {0};
  xp_status status = check_output(in, out, error);
  if (status == XP_OK && form_of(out) == FORM_INPUT) return write_input(in, out, error);
  if (status == XP_OK) status = xp_bytes_read(&bytes, in, error);
  if (status == XP_OK)
    status = form_of(out) == FORM_YAML ? write_yaml(&bytes, out, error) : write_yace(&bytes, out, error);
  xp_bytes_free(&bytes);
  return status;
}

const xp_command xp_command_convert = {
    .name = "convert",
    .arguments = "IN OUT ",
    .summary = "write an ACE potential in another format, or an input of XPOT as one of xpot-opt",
    .least = 2,
    .most = 2,
    .flags = flags,
    .details =
        "The format of IN is found from its content: .yaml (B basis: what xpot-opt fit and pacemaker write), .yace\n"
        "(plain products: what LAMMPS reads) or the older .ace. That of OUT is what its name ends in: .yace from\n"
        "any of them, or .yaml from a .yaml. A .yace file cannot become a .yaml: functions that differ in their\n"
        "couplings only have been added up in it. Energies of free atoms in the metadata of a .yaml\n"
        "(reference_energy) become E0.\n"
        "An input of the Python package XPOT (HJSON; for ACE, SNAP or GAP) becomes one of xpot-opt, where OUT ends in\n"
        ".json; notes on standard error say what has no counterpart. docs/from-xpot.md has the tables.\n",
    .run = run};
