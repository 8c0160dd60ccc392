/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "basis/parse_block.h"
#include "basis/reference_energy.h"
#include "locale/locale.h"

typedef xp_ace_basis_reader reader;
typedef const xp_yaml_node *node_t;

enum { METADATA, AUXDATA, GLOBAL, SPECIES, NTOP };

static xp_status read_block_keys(const reader *r, node_t node, xp_ace_block *block) {
  *block = (xp_ace_block){.node = node,
                          .fields = {[XP_BLOCK_SPECIES] = {"speciesblock", true, NULL},
                                     [XP_BLOCK_FUNCTIONS] = {"nbody", false, NULL},
                                     [XP_BLOCK_NDENSITY] = {"ndensityi", false, NULL},
                                     [XP_BLOCK_NPOT] = {"npoti", false, NULL},
                                     [XP_BLOCK_PARAMETERS] = {"parameters", false, NULL},
                                     [XP_BLOCK_RHO] = {"rho_core_cut", false, NULL},
                                     [XP_BLOCK_DRHO] = {"drho_core_cut", false, NULL},
                                     [XP_BLOCK_LMAX] = {"lmaxi", false, NULL},
                                     [XP_BLOCK_NRADMAX] = {"nradmaxi", false, NULL},
                                     [XP_BLOCK_NRADBASE] = {"nradbaseij", false, NULL},
                                     [XP_BLOCK_RADBASE] = {"radbase", false, NULL},
                                     [XP_BLOCK_RADPARAMETERS] = {"radparameters", false, NULL},
                                     [XP_BLOCK_RADCOEFFICIENTS] = {"radcoefficients", false, NULL},
                                     [XP_BLOCK_RCUT] = {"rcutij", false, NULL},
                                     [XP_BLOCK_DCUT] = {"dcutij", false, NULL},
                                     [XP_BLOCK_CUTOFF_NAME] = {"NameOfCutoffFunctionij", false, NULL},
                                     [XP_BLOCK_CORE] = {"core-repulsion", false, NULL},
                                     [XP_BLOCK_INNER] = {"inner_cutoff_type", false, NULL},
                                     [XP_BLOCK_R_IN] = {"r_in", false, NULL},
                                     [XP_BLOCK_DELTA_IN] = {"delta_in", false, NULL}}};
  xp_status status = xp_yaml_fields(r->tree, node, "species block", block->fields, XP_BLOCK_FIELDS, r->error);
  if (status != XP_OK) return status;
  return xp_yaml_expect(r->tree, block->fields[XP_BLOCK_SPECIES].node, XP_YAML_SCALAR, "speciesblock", r->error);
}

/* Elements found so far. */
typedef struct symbols {
  xp_symbol list[XP_ACE_ELEMENTS_MAX];
  int count;
} symbols;

static int compare_symbols(const void *a, const void *b) {
  return strcmp(a, b);
}

/* Adds the names of a block; their number is counted on the way. */
static xp_status collect_names(const reader *r, xp_ace_block *block, symbols *s) {
  node_t node = block->fields[XP_BLOCK_SPECIES].node;
  xp_place place = xp_yaml_place(r->tree, node);
  const char *word = xp_yaml_text(r->tree, node);
  for (int length; (length = xp_ace_block_word(&word)) > 0; word += length) {
    if (length >= XP_SYMBOL_SIZE)
      return xp_error_at(r->error, place, "speciesblock: \"%.*s\" is too long for a symbol", XP_SYMBOL_SIZE, word);
    if (++block->nspecies > XP_BLOCK_SPECIES_MAX)
      return xp_error_at(r->error, place, "speciesblock: expected at most %d elements", XP_BLOCK_SPECIES_MAX);
    xp_symbol symbol = {0};
    memcpy(symbol, word, (size_t)length);
    int known = 0;
    while (known < s->count && strcmp(s->list[known], symbol) != 0) ++known;
    if (known < s->count) continue;
    if (s->count == XP_ACE_ELEMENTS_MAX)
      return xp_error_at(r->error, place, "species: expected at most %d elements", XP_ACE_ELEMENTS_MAX);
    memcpy(s->list[s->count++], symbol, sizeof symbol);
  }
  return block->nspecies ? XP_OK : xp_error_at(r->error, place, "speciesblock: expected element symbols, found none");
}

static xp_status make_basis(reader *r, node_t species) {
  symbols s = {.count = 0};
  xp_status status = XP_OK;
  for (int b = 0; b < r->nblocks && status == XP_OK; ++b) status = collect_names(r, &r->blocks[b], &s);
  if (status != XP_OK) return status;
  if (s.count == 0)
    return xp_error_at(r->error, xp_yaml_place(r->tree, species), "species: expected at least one block, found none");
  qsort(s.list, (size_t)s.count, sizeof *s.list, compare_symbols);
  if ((status = xp_ace_basis_new(&r->basis, s.count, r->error))) return status;
  memcpy(r->basis->elements, s.list, (size_t)s.count * sizeof *s.list);
  xp_ace_model view = xp_ace_basis_view(r->basis);
  xp_ace_finding finding = {0};
  if (xp_ace_elements_check(&view, &finding)) return XP_OK;
  return xp_error_at(r->error, xp_yaml_place(r->tree, species), "speciesblock: %s", finding.sentence);
}

static int compare_ints(const void *a, const void *b) {
  const int *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* The species of a block as indices. */
static xp_status name_species(const reader *r, xp_ace_block *block) {
  node_t node = block->fields[XP_BLOCK_SPECIES].node;
  const char *word = xp_yaml_text(r->tree, node);
  for (int s = 0; s < block->nspecies; ++s) {
    int length = xp_ace_block_word(&word);
    xp_symbol symbol = {0};
    memcpy(symbol, word, (size_t)length);
    const xp_symbol *at = bsearch(symbol, r->basis->elements, (size_t)r->basis->nelements, sizeof *at, compare_symbols);
    block->species[s] = (int)(at - r->basis->elements);
    for (int before = 0; before < s; ++before)
      if (block->species[before] == block->species[s])
        return xp_error_at(r->error, xp_yaml_place(r->tree, node), "speciesblock: %s is named twice", *at);
    word += length;
  }
  qsort(block->species + 1, (size_t)block->nspecies - 1, sizeof *block->species, compare_ints);
  return XP_OK;
}

static bool same_species(const xp_ace_block *a, const xp_ace_block *b) {
  return a->nspecies == b->nspecies && memcmp(a->species, b->species, (size_t)a->nspecies * sizeof *a->species) == 0;
}

static xp_status name_blocks(const reader *r) {
  for (int b = 0; b < r->nblocks; ++b) {
    xp_ace_block *block = &r->blocks[b];
    xp_status status = name_species(r, block);
    if (status != XP_OK) return status;
    for (int before = 0; before < b; ++before)
      if (same_species(block, &r->blocks[before]))
        return xp_error_at(r->error, xp_yaml_place(r->tree, block->node), "block %.40s appears twice, first in line %d",
                           xp_yaml_text(r->tree, block->fields[XP_BLOCK_SPECIES].node), r->blocks[before].node->line);
  }
  return XP_OK;
}

/* The block of an element (j = i) or a pair; NULL with an error: there is none. */
static const xp_ace_block *find_block(const reader *r, node_t species, int i, int j) {
  const char *a = r->basis->elements[i], *b = r->basis->elements[j];
  xp_ace_block wanted = {.nspecies = i == j ? 1 : 2, .species = {i, j}};
  for (int k = 0; k < r->nblocks; ++k)
    if (same_species(&r->blocks[k], &wanted)) return &r->blocks[k];
  xp_error_at(r->error, xp_yaml_place(r->tree, species), "species: block \"%s%s%s\" is missing", a, i == j ? "" : " ",
              i == j ? "" : b);
  return NULL;
}

static bool same_numbers(const double *a, const double *b, size_t count) {
  for (size_t i = 0; i < count; ++i)
    if (a[i] != b[i]) return false;
  return true;
}

static bool same_bond(const xp_ace_bond *a, const xp_ace_bond *b) {
  return a->nradmax == b->nradmax && a->lmax == b->lmax && a->nradbasemax == b->nradbasemax &&
         strcmp(a->radbasename, b->radbasename) == 0 && a->nradparameters == b->nradparameters &&
         same_numbers(a->radparameters, b->radparameters, (size_t)a->nradparameters) && a->rcut == b->rcut &&
         a->dcut == b->dcut && a->prehc == b->prehc && a->lambdahc == b->lambdahc && a->rcut_in == b->rcut_in &&
         a->dcut_in == b->dcut_in &&
         same_numbers(a->radcoefficients, b->radcoefficients,
                      (size_t)a->nradmax * (size_t)(a->lmax + 1) * (size_t)a->nradbasemax);
}

/* Embeddings, then bonds; blocks may come in any order. */
static xp_status read_elements(const reader *r, node_t species) {
  int n = r->basis->nelements;
  for (int i = 0; i < n; ++i) {
    const xp_ace_block *block = find_block(r, species, i, i);
    if (!block) return r->error ? r->error->status : XP_ERROR_INPUT;
    xp_status status = xp_ace_block_embedding(r, block);
    if (status != XP_OK) return status;
  }
  for (int pair = 0; pair < n * n; ++pair) {
    int i = pair / n, j = pair % n;
    const xp_ace_block *own = find_block(r, species, i, j), *dual = own ? find_block(r, species, j, i) : NULL;
    if (!dual) return r->error ? r->error->status : XP_ERROR_INPUT;
    xp_status status = xp_ace_block_bond(r, own, dual);
    if (status != XP_OK) return status;
    if (j < i && !same_bond(&r->basis->bonds[pair], xp_ace_basis_bond(r->basis, j, i)))
      return xp_error_at(r->error, xp_yaml_place(r->tree, own->node),
                         "block \"%s %s\": the radial or core part differs from that of \"%s %s\"; make them equal or "
                         "leave one out",
                         r->basis->elements[i], r->basis->elements[j], r->basis->elements[j], r->basis->elements[i]);
  }
  return XP_OK;
}

static xp_status read_functions(const reader *r) {
  int n = r->basis->nelements;
  size_t *counts = calloc((size_t)n, sizeof *counts);
  xp_status status = counts ? XP_OK : xp_error_memory(r->error, "an ACE basis");
  for (int b = 0; b < r->nblocks && counts; ++b)
    counts[r->blocks[b].species[0]] += (size_t)xp_ace_block_count(&r->blocks[b]);
  for (int i = 0; i < n && status == XP_OK; ++i) {
    r->basis->functions[i] = calloc(counts[i] + 1, sizeof *r->basis->functions[i]);
    if (!r->basis->functions[i]) status = xp_error_memory(r->error, "an ACE basis");
  }
  free(counts);
  for (int b = 0; b < r->nblocks && status == XP_OK; ++b) status = xp_ace_block_functions(r, &r->blocks[b]);
  return status == XP_OK ? xp_ace_basis_sort(r->basis, r->error) : status;
}

static xp_status read_species(reader *r, node_t species) {
  xp_status status = xp_yaml_expect(r->tree, species, XP_YAML_SEQUENCE, "species", r->error);
  if (status != XP_OK) return status;
  r->blocks = calloc((size_t)species->size + 1, sizeof *r->blocks);
  if (!r->blocks) return xp_error_memory(r->error, "an ACE basis");
  for (node_t item = xp_yaml_first(r->tree, species); item; item = xp_yaml_next(r->tree, item))
    if ((status = read_block_keys(r, item, &r->blocks[r->nblocks++]))) return status;
  if ((status = make_basis(r, species))) return status;
  return name_blocks(r);
}

static xp_status read_global(const reader *r, node_t node) {
  xp_yaml_field field = {"DeltaSplineBins", true, NULL};
  xp_status status = xp_yaml_fields(r->tree, node, "global", &field, 1, r->error);
  if (status == XP_OK) status = xp_yaml_double(r->tree, field.node, field.key, &r->basis->delta_spline_bins, r->error);
  xp_ace_finding finding = {0};
  if (status != XP_OK || xp_ace_bins_check(r->basis->delta_spline_bins, &finding)) return status;
  return xp_error_at(r->error, xp_yaml_place(r->tree, field.node), "%s", finding.sentence);
}

static xp_status read_note(const reader *r, node_t key, node_t value) {
  xp_ace_basis *basis = r->basis;
  xp_status status = xp_yaml_expect(r->tree, key, XP_YAML_SCALAR, "metadata", r->error);
  bool taken = false;
  if (status == XP_OK && strcmp(xp_yaml_text(r->tree, key), XP_ACE_REFERENCE_ENERGY) == 0)
    status = xp_ace_reference_energy_read(basis, r->tree, value, &taken, r->error);
  if (status != XP_OK || taken) return status;
  if ((status = xp_yaml_expect(r->tree, value, XP_YAML_SCALAR, "metadata", r->error))) return status;
  xp_note *note = &basis->metadata[basis->nmetadata++];
  if ((status = xp_yaml_string(r->tree, key, "metadata", &note->key, r->error))) return status;
  return xp_yaml_string(r->tree, value, "metadata", &note->value, r->error);
}

static xp_status read_metadata(const reader *r, node_t node) {
  if (!node) return XP_OK;
  xp_status status = xp_yaml_expect(r->tree, node, XP_YAML_MAPPING, "metadata", r->error);
  if (status != XP_OK) return status;
  r->basis->metadata = calloc((size_t)node->size + 1, sizeof *r->basis->metadata);
  if (!r->basis->metadata) return xp_error_memory(r->error, "metadata");
  for (node_t key = xp_yaml_first(r->tree, node), value; key && status == XP_OK; key = xp_yaml_next(r->tree, value)) {
    value = xp_yaml_next(r->tree, key);
    status = read_note(r, key, value);
  }
  return status;
}

static xp_status read_top(reader *r) {
  xp_yaml_field fields[NTOP] = {[METADATA] = {"metadata", false, NULL},
                                [AUXDATA] = {"auxdata", false, NULL}, /* of pacemaker's own bookkeeping */
                                [GLOBAL] = {"global", true, NULL},
                                [SPECIES] = {"species", true, NULL}};
  xp_status status;
  if ((status = xp_yaml_fields(r->tree, xp_yaml_root(r->tree), "ACE basis", fields, NTOP, r->error)) ||
      (status = read_species(r, fields[SPECIES].node)) || (status = read_global(r, fields[GLOBAL].node)) ||
      (status = read_metadata(r, fields[METADATA].node)) || (status = read_elements(r, fields[SPECIES].node)))
    return status;
  return read_functions(r);
}

static size_t read_bytes(void *state, char *buffer, size_t size) {
  xp_bytes *left = state;
  size_t part = left->size < size ? left->size : size;
  memcpy(buffer, left->data, part);
  left->data += part;
  left->size -= part;
  return part;
}

xp_status xp_ace_basis_parse(xp_ace_basis **basis, const xp_bytes *bytes, xp_error *error) {
  XP_LOCALE_PLAIN;
  *basis = NULL;
  xp_yaml_tree *tree = NULL;
  xp_bytes left = *bytes; /* borrowed, moves through the text */
  xp_yaml_source source = {bytes->name, read_bytes, &left};
  xp_status status = xp_yaml_parse(&tree, &source, error);
  if (status != XP_OK) return status;
  reader r = {.tree = tree, .error = error};
  status = read_top(&r);
  free(r.blocks);
  xp_yaml_free(tree);
  if (status != XP_OK)
    xp_ace_basis_free(r.basis);
  else
    *basis = r.basis;
  return status;
}
