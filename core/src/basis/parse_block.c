/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "basis/parse_block.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ace/yaml_radial.h"

#define RHO_CORE_CUT 100000.0 /* eV, where a file says nothing; and drho_core_cut */
#define DRHO_CORE_CUT 250.0

typedef xp_ace_basis_reader reader;
typedef const xp_yaml_node *node_t;

int xp_ace_block_word(const char **text) {
  *text += strspn(*text, " \t\n");
  return (int)strcspn(*text, " \t\n");
}

static const char *name_of(const reader *r, const xp_ace_block *block) {
  return xp_yaml_text(r->tree, block->fields[XP_BLOCK_SPECIES].node);
}

/* A finding of the checks of models at the place of the key it is about. */
static xp_status report(const reader *r, const xp_ace_block *block, const xp_ace_finding *finding) {
  static const char *const names[XP_BLOCK_FIELDS] = {[XP_BLOCK_NDENSITY] = "ndensity",
                                                     [XP_BLOCK_PARAMETERS] = "FS_parameters",
                                                     [XP_BLOCK_RHO] = "rho_core_cutoff",
                                                     [XP_BLOCK_DRHO] = "drho_core_cutoff",
                                                     [XP_BLOCK_LMAX] = "lmax",
                                                     [XP_BLOCK_NRADMAX] = "nradmax",
                                                     [XP_BLOCK_NRADBASE] = "nradbasemax",
                                                     [XP_BLOCK_RADBASE] = "radbasename",
                                                     [XP_BLOCK_RADPARAMETERS] = "radparameters",
                                                     [XP_BLOCK_RCUT] = "rcut",
                                                     [XP_BLOCK_DCUT] = "dcut",
                                                     [XP_BLOCK_INNER] = "inner_cutoff_type",
                                                     [XP_BLOCK_R_IN] = "rcut_in",
                                                     [XP_BLOCK_DELTA_IN] = "dcut_in"};
  node_t node = block->node;
  for (int f = 0; f < XP_BLOCK_FIELDS; ++f)
    if (names[f] && block->fields[f].node && strcmp(names[f], finding->field) == 0) node = block->fields[f].node;
  return xp_error_at(r->error, xp_yaml_place(r->tree, node), "block %.40s: %s", name_of(r, block), finding->sentence);
}

static xp_status missing(const reader *r, const xp_ace_block *block, int field) {
  return xp_error_at(r->error, xp_yaml_place(r->tree, block->node), "block %.40s: key \"%s\" is missing",
                     name_of(r, block), block->fields[field].key);
}

static xp_status read_int(const reader *r, const xp_ace_block *block, int field, int *value) {
  const xp_yaml_field *f = &block->fields[field];
  return f->node ? xp_yaml_int(r->tree, f->node, f->key, value, r->error) : missing(r, block, field);
}

/* Keeps the value when the key is absent. */
static xp_status read_optional(const reader *r, const xp_ace_block *block, int field, double *value) {
  const xp_yaml_field *f = &block->fields[field];
  return f->node ? xp_yaml_double(r->tree, f->node, f->key, value, r->error) : XP_OK;
}

static xp_status read_double(const reader *r, const xp_ace_block *block, int field, double *value) {
  return block->fields[field].node ? read_optional(r, block, field, value) : missing(r, block, field);
}

static xp_status read_embedding_type(const reader *r, const xp_ace_block *block, xp_ace_embedding_type *type) {
  node_t node = block->fields[XP_BLOCK_NPOT].node;
  if (!node) return missing(r, block, XP_BLOCK_NPOT);
  xp_status status = xp_yaml_expect(r->tree, node, XP_YAML_SCALAR, "npoti", r->error);
  if (status != XP_OK || xp_ace_embedding_from_name(xp_yaml_text(r->tree, node), type)) return status;
  return xp_error_at(r->error, xp_yaml_place(r->tree, node),
                     "npoti: expected " XP_ACE_EMBEDDING_NAMES ", found \"%.40s\"", xp_yaml_text(r->tree, node));
}

xp_status xp_ace_block_embedding(const reader *r, const xp_ace_block *block) {
  xp_ace_embedding *embedding = &r->basis->embeddings[block->species[0]];
  node_t parameters = block->fields[XP_BLOCK_PARAMETERS].node;
  embedding->rho_core_cutoff = RHO_CORE_CUT;
  embedding->drho_core_cutoff = DRHO_CORE_CUT;
  xp_status status;
  if ((status = read_int(r, block, XP_BLOCK_NDENSITY, &embedding->ndensity)) ||
      (status = read_embedding_type(r, block, &embedding->npoti)) ||
      (status = read_optional(r, block, XP_BLOCK_RHO, &embedding->rho_core_cutoff)) ||
      (status = read_optional(r, block, XP_BLOCK_DRHO, &embedding->drho_core_cutoff)))
    return status;
  if (!parameters) return missing(r, block, XP_BLOCK_PARAMETERS);
  status =
      xp_yaml_doubles(r->tree, parameters, "parameters", 2L * embedding->ndensity, &embedding->fs_parameters, r->error);
  xp_ace_finding finding = {0};
  if (status != XP_OK || xp_ace_embedding_check(embedding, &finding)) return status;
  return report(r, block, &finding);
}

bool xp_ace_block_is_radial(const xp_ace_block *block) {
  return block->fields[XP_BLOCK_LMAX].node != NULL;
}

bool xp_ace_block_is_core(const xp_ace_block *block) {
  for (int f = XP_BLOCK_CORE; f <= XP_BLOCK_DELTA_IN; ++f)
    if (block->fields[f].node) return true;
  return false;
}

static xp_status read_radbase(const reader *r, const xp_ace_block *block, xp_ace_bond *bond) {
  node_t name = block->fields[XP_BLOCK_RADBASE].node, parameters = block->fields[XP_BLOCK_RADPARAMETERS].node;
  if (!name) return missing(r, block, XP_BLOCK_RADBASE);
  if (!parameters) return missing(r, block, XP_BLOCK_RADPARAMETERS);
  xp_status status = xp_yaml_string(r->tree, name, "radbase", &bond->radbasename, r->error);
  if (status != XP_OK) return status;
  if (!xp_ace_radial_from_name(bond->radbasename, &bond->radbase) || bond->radbase == XP_ACE_ACEJL)
    return xp_error_at(r->error, xp_yaml_place(r->tree, name),
                       "radbase: expected ChebExpCos, ChebPow, ChebLinear or SBessel, found \"%.40s\"",
                       bond->radbasename);
  bond->nradparameters = parameters->size;
  return xp_yaml_doubles(r->tree, parameters, "radparameters", -1, &bond->radparameters, r->error);
}

static xp_status read_radial(const reader *r, const xp_ace_block *block, xp_ace_bond *bond) {
  xp_status status;
  if ((status = read_int(r, block, XP_BLOCK_LMAX, &bond->lmax)) ||
      (status = read_int(r, block, XP_BLOCK_NRADMAX, &bond->nradmax)) ||
      (status = read_int(r, block, XP_BLOCK_NRADBASE, &bond->nradbasemax)) ||
      (status = read_double(r, block, XP_BLOCK_RCUT, &bond->rcut)) ||
      (status = read_double(r, block, XP_BLOCK_DCUT, &bond->dcut)))
    return status;
  return read_radbase(r, block, bond);
}

static xp_status read_core(const reader *r, const xp_ace_block *block, xp_ace_bond *bond) {
  node_t core = block->fields[XP_BLOCK_CORE].node, type = block->fields[XP_BLOCK_INNER].node;
  double repulsion[2] = {0.0, 0.0};
  xp_status status = XP_OK;
  if (core && ((status = xp_yaml_expect_list(r->tree, core, "core-repulsion", 2, r->error)) ||
               (status = xp_yaml_fill_doubles(r->tree, core, "core-repulsion", repulsion, r->error))))
    return status;
  bond->prehc = repulsion[0];
  bond->lambdahc = repulsion[1];
  if ((status = read_optional(r, block, XP_BLOCK_R_IN, &bond->rcut_in)) ||
      (status = read_optional(r, block, XP_BLOCK_DELTA_IN, &bond->dcut_in)) || !type ||
      (status = xp_yaml_expect(r->tree, type, XP_YAML_SCALAR, "inner_cutoff_type", r->error)))
    return status;
  if (xp_ace_inner_from_name(xp_yaml_text(r->tree, type), &bond->inner_cutoff_type)) return XP_OK;
  return xp_error_at(r->error, xp_yaml_place(r->tree, type),
                     "inner_cutoff_type: expected " XP_ACE_INNER_NAMES ", found \"%.40s\"",
                     xp_yaml_text(r->tree, type));
}

/* The older, flat list has k slowest, then n, then l. */
static xp_status read_flat(const reader *r, node_t node, xp_ace_bond *bond) {
  size_t nn = (size_t)bond->nradmax, nl = (size_t)bond->lmax + 1, nk = (size_t)bond->nradbasemax, from = 0;
  double *flat = NULL;
  xp_status status = xp_yaml_doubles(r->tree, node, "radcoefficients", (long)(nn * nl * nk), &flat, r->error);
  if (status == XP_OK) bond->radcoefficients = calloc(nn * nl * nk + 1, sizeof *flat);
  if (status == XP_OK && !bond->radcoefficients) status = xp_error_memory(r->error, "radcoefficients");
  for (size_t k = 0; k < nk && status == XP_OK; ++k)
    for (size_t n = 0; n < nn; ++n)
      for (size_t l = 0; l < nl; ++l) bond->radcoefficients[(n * nl + l) * nk + k] = flat[from++];
  free(flat);
  return status;
}

static xp_status read_coefficients(const reader *r, const xp_ace_block *block, xp_ace_bond *bond) {
  node_t node = block->fields[XP_BLOCK_RADCOEFFICIENTS].node;
  if (!node) return missing(r, block, XP_BLOCK_RADCOEFFICIENTS);
  node_t first = node->type == XP_YAML_SEQUENCE ? xp_yaml_first(r->tree, node) : NULL;
  if (first && first->type == XP_YAML_SCALAR) return read_flat(r, node, bond);
  return xp_yaml_read_coefficients(r->tree, node, bond, r->error);
}

/* Some keys of the radial part without lmaxi, which announces them. */
static xp_status refuse_incomplete(const reader *r, const xp_ace_block *block) {
  for (int f = XP_BLOCK_NRADMAX; f <= XP_BLOCK_DCUT; ++f)
    if (block->fields[f].node)
      return xp_error_at(r->error, xp_yaml_place(r->tree, block->fields[f].node),
                         "block %.40s: key \"%s\" without \"lmaxi\"; give the whole radial part or none of it",
                         name_of(r, block), block->fields[f].key);
  return XP_OK;
}

xp_status xp_ace_block_bond(const reader *r, const xp_ace_block *own, const xp_ace_block *dual) {
  int i = own->species[0], j = own->nspecies > 1 ? own->species[1] : i;
  xp_ace_bond *bond = xp_ace_basis_bond(r->basis, i, j);
  const xp_ace_block *radial = xp_ace_block_is_radial(own) ? own : dual, *core = xp_ace_block_is_core(own) ? own : dual;
  bond->inner_cutoff_type = XP_ACE_INNER_DENSITY;
  xp_status status;
  if (radial != own && (status = refuse_incomplete(r, own))) return status;
  if ((status = read_radial(r, radial, bond)) || (status = read_core(r, core, bond))) return status;
  xp_ace_model view = xp_ace_basis_view(r->basis);
  xp_ace_finding finding = {0};
  if (!xp_ace_bond_check(&view, i, j, &finding)) {
    bool in_core = strcmp(finding.field, "inner_cutoff_type") == 0 || strcmp(finding.field, "rcut_in") == 0 ||
                   strcmp(finding.field, "dcut_in") == 0;
    return report(r, in_core ? core : radial, &finding);
  }
  return read_coefficients(r, radial, bond);
}
