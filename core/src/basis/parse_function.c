/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "basis/parse_block.h"

typedef xp_ace_basis_reader reader;
typedef const xp_yaml_node *node_t;

enum { TYPE, NR, NL, LINT, C, SKIP, NFUNCTION };

/* One function being read. */
typedef struct entry {
  node_t node;
  const char *what; /* for messages */
  const xp_ace_block *block;
  xp_yaml_field fields[NFUNCTION];
  int rank, mus[XP_ACE_BASIS_RANK_MAX];
} entry;

static node_t list_of(const xp_ace_block *block) {
  node_t node = block->fields[XP_BLOCK_FUNCTIONS].node;
  return node && node->type == XP_YAML_SEQUENCE ? node : NULL;
}

int xp_ace_block_count(const xp_ace_block *block) {
  return list_of(block) ? list_of(block)->size : 0;
}

/* The species a word names, among those of the block; -1: none. */
static int find_species(const reader *r, const xp_ace_block *block, const char *word, int length) {
  for (int s = 0; s < block->nspecies; ++s) {
    const char *symbol = r->basis->elements[block->species[s]];
    if ((int)strlen(symbol) == length && strncmp(symbol, word, (size_t)length) == 0) return block->species[s];
  }
  return -1;
}

static xp_status read_type(const reader *r, entry *e) {
  node_t node = e->fields[TYPE].node;
  xp_status status = xp_yaml_expect(r->tree, node, XP_YAML_SCALAR, "type", r->error);
  if (status != XP_OK) return status;
  const char *word = xp_yaml_text(r->tree, node);
  xp_place place = xp_yaml_place(r->tree, node);
  e->rank = -1; /* the first word is the centre */
  for (int length; (length = xp_ace_block_word(&word)) > 0; word += length) {
    int species = find_species(r, e->block, word, length);
    if (species < 0 || (e->rank < 0 && species != e->block->species[0]))
      return xp_error_at(r->error, place, "%s: \"%.*s\" in type is not %s of block \"%.40s\"", e->what,
                         length < XP_SYMBOL_SIZE ? length : XP_SYMBOL_SIZE, word,
                         e->rank < 0 ? "the centre" : "an element",
                         xp_yaml_text(r->tree, e->block->fields[XP_BLOCK_SPECIES].node));
    if (e->rank >= XP_ACE_BASIS_RANK_MAX)
      return xp_error_at(r->error, place, "%s: the rank is above %d", e->what, XP_ACE_BASIS_RANK_MAX);
    if (e->rank >= 0) e->mus[e->rank] = species;
    e->rank++;
  }
  if (e->rank >= 1) return XP_OK;
  return xp_error_at(r->error, place, "%s: expected a centre and its neighbours as type, found \"%.40s\"", e->what,
                     xp_yaml_text(r->tree, node));
}

/* lint may end before its last entry, which follows from the coupling to zero. */
static xp_status read_lint(const reader *r, const entry *e, xp_ace_bfunction *f) {
  enum { COMPLETED_RANK_MAX = 6 };
  node_t node = e->fields[LINT].node;
  int count = xp_ace_lint_count(f->rank);
  xp_status status = node ? xp_yaml_expect_list(r->tree, node, "lint", -1, r->error) : XP_OK;
  if (status != XP_OK) return status;
  int given = node ? node->size : 0;
  bool completed = count > 0 && given == count - 1 && f->rank <= COMPLETED_RANK_MAX;
  if (given != count && !completed)
    return xp_error_at(r->error, xp_yaml_place(r->tree, node ? node : e->node),
                       "%s: expected %d entries of lint for rank %d, found %d", e->what, count, f->rank, given);
  if (node && (status = xp_yaml_fill_ints(r->tree, node, "lint", f->lint, r->error))) return status;
  if (!completed) return XP_OK;
  xp_ace_tree tree = xp_ace_tree_of(f->rank);
  int last = 2 * f->rank - 3, a = tree.left[f->rank - 2], b = tree.right[f->rank - 2], other = a == last ? b : a;
  f->lint[count - 1] = other < f->rank ? f->ls[other] : f->lint[other - f->rank];
  return XP_OK;
}

static xp_status read_coefficients(const reader *r, const entry *e, int ndensity, xp_ace_bfunction *f) {
  node_t node = e->fields[C].node;
  if (node->type == XP_YAML_SCALAR && ndensity == 1)
    return xp_yaml_double(r->tree, node, "c", f->coefficients, r->error);
  xp_status status = xp_yaml_expect_list(r->tree, node, "c", ndensity, r->error);
  return status == XP_OK ? xp_yaml_fill_doubles(r->tree, node, "c", f->coefficients, r->error) : status;
}

static xp_status read_skip(const reader *r, node_t node, bool *skip) {
  static const char *const words[2][3] = {{"false", "False", "FALSE"}, {"true", "True", "TRUE"}};
  *skip = false;
  if (!node) return XP_OK;
  xp_status status = xp_yaml_expect(r->tree, node, XP_YAML_SCALAR, "skip", r->error);
  if (status != XP_OK) return status;
  for (int value = 0; value < 2; ++value)
    for (int w = 0; w < 3; ++w)
      if (strcmp(xp_yaml_text(r->tree, node), words[value][w]) == 0) {
        *skip = value;
        return XP_OK;
      }
  return xp_error_at(r->error, xp_yaml_place(r->tree, node), "skip: expected true or false, found \"%.40s\"",
                     xp_yaml_text(r->tree, node));
}

static xp_status check_function(const reader *r, const entry *e, const xp_ace_bfunction *f) {
  xp_ace_finding finding = {0};
  if (xp_ace_bfunction_check(r->basis, e->block->species[0], f, &finding)) return XP_OK;
  node_t node = e->node;
  for (int field = 0; field < NFUNCTION; ++field)
    if (e->fields[field].node && strcmp(e->fields[field].key, finding.field) == 0) node = e->fields[field].node;
  return xp_error_at(r->error, xp_yaml_place(r->tree, node), "%s: %s", e->what, finding.sentence);
}

/* Into the next free place of the centre. */
static xp_status read_function(const reader *r, entry *e) {
  int centre = e->block->species[0], ndensity = r->basis->embeddings[centre].ndensity;
  bool skip;
  xp_status status;
  if ((status = xp_yaml_fields(r->tree, e->node, e->what, e->fields, NFUNCTION, r->error)) ||
      (status = read_skip(r, e->fields[SKIP].node, &skip)) || skip || (status = read_type(r, e)) ||
      (status = xp_yaml_expect_list(r->tree, e->fields[NR].node, "nr", e->rank, r->error)) ||
      (status = xp_yaml_expect_list(r->tree, e->fields[NL].node, "nl", e->rank, r->error)))
    return status;
  xp_ace_bfunction *f = &r->basis->functions[centre][r->basis->nfunctions[centre]];
  if ((status = xp_ace_bfunction_allocate(f, e->rank, ndensity, r->error))) return status;
  r->basis->nfunctions[centre]++;
  memcpy(f->mus, e->mus, (size_t)e->rank * sizeof *f->mus);
  if ((status = xp_yaml_fill_ints(r->tree, e->fields[NR].node, "nr", f->ns, r->error)) ||
      (status = xp_yaml_fill_ints(r->tree, e->fields[NL].node, "nl", f->ls, r->error)) ||
      (status = read_lint(r, e, f)) || (status = read_coefficients(r, e, ndensity, f)))
    return status;
  return check_function(r, e, f);
}

xp_status xp_ace_block_functions(const reader *r, const xp_ace_block *block) {
  node_t list = block->fields[XP_BLOCK_FUNCTIONS].node;
  const char *text = list && list->type == XP_YAML_SCALAR ? xp_yaml_text(r->tree, list) : "";
  if (!list || (list->type == XP_YAML_SCALAR && (*text == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0)))
    return XP_OK;
  xp_status status = xp_yaml_expect(r->tree, list, XP_YAML_SEQUENCE, "nbody", r->error);
  if (status != XP_OK) return status;
  int index = 0;
  for (node_t item = xp_yaml_first(r->tree, list); item && status == XP_OK; item = xp_yaml_next(r->tree, item)) {
    char what[64];
    snprintf(what, sizeof what, "function %d of block %.20s", ++index,
             xp_yaml_text(r->tree, block->fields[XP_BLOCK_SPECIES].node));
    entry e = {.node = item,
               .what = what,
               .block = block,
               .fields = {[TYPE] = {"type", true, NULL},
                          [NR] = {"nr", true, NULL},
                          [NL] = {"nl", true, NULL},
                          [LINT] = {"lint", false, NULL},
                          [C] = {"c", true, NULL},
                          [SKIP] = {"skip", false, NULL}}};
    status = read_function(r, &e);
  }
  return status;
}
