/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xpot/potential.h"

#include <stdlib.h>

#include "potential/detect.h"
#include "potential/kind.h"
#include "xpot/ace.h"
#include "xpot/ace_basis.h"
#include "xpot/snap.h"

const xp_kind_table *xp_kind_find(xp_kind kind) {
  static const xp_kind_table *const tables[] = {[XP_KIND_ACE] = &xp_kind_ace, [XP_KIND_SNAP] = &xp_kind_snap};
  return tables[kind];
}

static xp_status refuse_alone(const xp_bytes *file, xp_format format, xp_error *error) {
  xp_place place = {file->name, 1, 1};
  switch (format) {
  case XP_FORMAT_EMPTY:
    return xp_error_at(error, place, "the file is empty, expected a potential; give another file");
  case XP_FORMAT_SNAPCOEFF:
    return xp_error_at(error, place, "this is a SNAP coefficient file; give its parameter file (.snapparam) as well");
  case XP_FORMAT_SNAPPARAM:
    return xp_error_at(error, place, "this is a SNAP parameter file; give its coefficient file (.snapcoeff) as well");
  default:
    return xp_error_at(error, place,
                       "this is no potential known here, expected a .yace, .yaml, .ace, .snapcoeff or .snapparam "
                       "file; check that the right file is given and complete");
  }
}

static xp_status refuse_pair(const xp_bytes files[2], const xp_format formats[2], xp_error *error) {
  for (int f = 0; f < 2; ++f)
    if (formats[f] == XP_FORMAT_UNKNOWN || formats[f] == XP_FORMAT_EMPTY)
      return refuse_alone(&files[f], formats[f], error);
  return xp_error_at(error, (xp_place){files[1].name, 1, 1},
                     "this is %s and %s is %s, expected one SNAP coefficient file "
                     "and one SNAP parameter file, or one ACE file alone; correct the list of files",
                     xp_format_name(formats[1]), files[0].name, xp_format_name(formats[0]));
}

/* Evaluated as what it expands into. */
static xp_status parse_basis(xp_potential *potential, const xp_bytes *file, xp_error *error) {
  xp_status status = xp_ace_basis_parse(&potential->basis, file, error);
  if (status == XP_OK) status = xp_ace_basis_convert(potential->basis, &potential->ace, error);
  return status;
}

static xp_status parse_one(xp_potential *potential, const xp_bytes *file, xp_error *error) {
  xp_format format = xp_format_detect(file);
  potential->kind = XP_KIND_ACE;
  if (format == XP_FORMAT_YACE) return xp_ace_parse_yace(&potential->ace, file, error);
  if (format == XP_FORMAT_BBASIS) return parse_basis(potential, file, error);
  if (format == XP_FORMAT_ACE) return xp_ace_parse_ace(&potential->ace, file, error);
  return refuse_alone(file, format, error);
}

/* Whether the pair reads as coefficients and parameters. A file that is neither but comes with its proper partner counts:
 * SNAP's own reader then says which line is wrong. */
static bool is_snap_pair(xp_format coefficients, xp_format parameters) {
  if (coefficients == XP_FORMAT_SNAPCOEFF) return parameters == XP_FORMAT_SNAPPARAM || parameters == XP_FORMAT_UNKNOWN;
  return coefficients == XP_FORMAT_UNKNOWN && parameters == XP_FORMAT_SNAPPARAM;
}

static xp_status parse_two(xp_potential *potential, const xp_bytes *files, xp_error *error) {
  xp_format formats[2] = {xp_format_detect(&files[0]), xp_format_detect(&files[1])};
  potential->kind = XP_KIND_SNAP;
  for (int c = 0; c < 2; ++c)
    if (is_snap_pair(formats[c], formats[1 - c]))
      return xp_snap_parse(&potential->snap, &files[c], &files[1 - c], error);
  return refuse_pair(files, formats, error);
}

xp_status xp_potential_parse(xp_potential **result, const xp_bytes *files, int nfiles, xp_error *error) {
  *result = NULL;
  if (nfiles < 1 || nfiles > XP_POTENTIAL_FILES)
    return xp_error_set(error, XP_ERROR_INPUT, "a potential consists of one or two files, %d were given", nfiles);
  xp_potential *potential = calloc(1, sizeof *potential);
  if (!potential) return xp_error_memory(error, "a potential");
  xp_status status = nfiles == 1 ? parse_one(potential, files, error) : parse_two(potential, files, error);
  if (status != XP_OK) {
    xp_potential_free(potential);
    return status;
  }
  *result = potential;
  return XP_OK;
}

xp_status xp_potential_read(xp_potential **result, const char *const *paths, int npaths, xp_error *error) {
  *result = NULL;
  xp_bytes files[XP_POTENTIAL_FILES] = {0};
  xp_status status = XP_OK;
  for (int f = 0; f < npaths && f < XP_POTENTIAL_FILES && status == XP_OK; ++f)
    status = xp_bytes_read(&files[f], paths[f], error);
  if (status == XP_OK) status = xp_potential_parse(result, files, npaths, error);
  for (int f = 0; f < XP_POTENTIAL_FILES; ++f) xp_bytes_free(&files[f]);
  return status;
}

void xp_potential_free(xp_potential *potential) {
  if (!potential) return;
  xp_kind_find(potential->kind)->model_free(potential);
  xp_ace_basis_free(potential->basis);
  free(potential);
}

int xp_potential_nelements(const xp_potential *potential) {
  return xp_kind_find(potential->kind)->nelements(potential);
}

const char *xp_potential_element(const xp_potential *potential, int index) {
  return xp_kind_find(potential->kind)->element(potential, index);
}

int xp_potential_nwarnings(const xp_potential *potential) {
  return xp_kind_find(potential->kind)->nwarnings(potential);
}

const char *xp_potential_warning(const xp_potential *potential, int index) {
  return xp_kind_find(potential->kind)->warning(potential, index);
}
