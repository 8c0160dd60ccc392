/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ace/yaml_put.h"
#include "basis/basis.h"
#include "basis/reference_energy.h"
#include "locale/locale.h"

/* A function and the block it belongs to: its centre and all other species among its neighbours. Blocks of one and two
 * species exist without functions, too. */
typedef struct item {
  int nothers, centre;
  int others[XP_ACE_BASIS_RANK_MAX]; /* [nothers] ascending */
  int index;                         /* of the function, -1: none */
} item;

static int compare_blocks(const item *a, const item *b) {
  if (a->nothers != b->nothers) return a->nothers < b->nothers ? -1 : 1;
  if (a->centre != b->centre) return a->centre < b->centre ? -1 : 1;
  for (int s = 0; s < a->nothers; ++s)
    if (a->others[s] != b->others[s]) return a->others[s] < b->others[s] ? -1 : 1;
  return 0;
}

static int compare_items(const void *a, const void *b) {
  const item *x = a, *y = b;
  int order = compare_blocks(x, y);
  return order ? order : (x->index > y->index) - (x->index < y->index);
}

static void add_species(item *it, int species) {
  int at = it->nothers;
  if (species == it->centre) return;
  for (int s = 0; s < it->nothers; ++s)
    if (it->others[s] == species) return;
  for (; at > 0 && it->others[at - 1] > species; --at) it->others[at] = it->others[at - 1];
  it->others[at] = species;
  it->nothers++;
}

/* All functions and the blocks that must exist, in the order of the file. */
static item *list_items(const xp_ace_basis *basis, size_t *count) {
  size_t n = (size_t)basis->nelements, size = n * n;
  for (size_t i = 0; i < n; ++i) size += (size_t)basis->nfunctions[i];
  item *items = calloc(size, sizeof *items), *it = items;
  if (!items) return NULL;
  for (int i = 0; i < basis->nelements; ++i) {
    for (int j = 0; j < basis->nelements; ++j, ++it) {
      *it = (item){.centre = i, .index = -1};
      add_species(it, j);
    }
    for (int f = 0; f < basis->nfunctions[i]; ++f, ++it) {
      *it = (item){.centre = i, .index = f};
      for (int t = 0; t < basis->functions[i][f].rank; ++t) add_species(it, basis->functions[i][f].mus[t]);
    }
  }
  qsort(items, size, sizeof *items, compare_items);
  *count = size;
  return items;
}

static void put_field(FILE *out, const char *key, double value) {
  fprintf(out, "    %s: ", key);
  xp_yaml_put_number(out, value);
  fputc('\n', out);
}

/* A double-quoted scalar. */
static void put_quoted(FILE *out, const char *text) {
  enum { SPACE = 0x20, DELETE = 0x7f };
  fputc('"', out);
  for (const char *c = text; *c; ++c) {
    unsigned char byte = (unsigned char)*c;
    if (byte < SPACE || byte == DELETE)
      fprintf(out, "\\x%02x", byte);
    else
      fprintf(out, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
  }
  fputc('"', out);
}

static void put_metadata(FILE *out, const xp_ace_basis *basis) {
  bool energies = xp_ace_reference_energy_exists(basis);
  if (basis->nmetadata || energies) fputs("metadata:\n", out);
  for (int m = 0; m < basis->nmetadata; ++m) {
    const xp_note *note = &basis->metadata[m];
    if (energies && strcmp(note->key, XP_ACE_REFERENCE_ENERGY) == 0) continue;
    fputs("  ", out);
    put_quoted(out, note->key);
    fputs(": ", out);
    put_quoted(out, note->value);
    fputc('\n', out);
  }
  if (!energies) return;
  fputs("  \"" XP_ACE_REFERENCE_ENERGY "\": \"", out);
  xp_ace_reference_energy_put(out, basis);
  fputs("\"\n", out);
}

static void put_embedding(FILE *out, const xp_ace_embedding *embedding) {
  fprintf(out, "    ndensityi: %d\n    npoti: %s\n    parameters: ", embedding->ndensity,
          xp_ace_embedding_name(embedding->npoti));
  xp_yaml_put_numbers(out, embedding->fs_parameters, 2 * embedding->ndensity);
  fputc('\n', out);
  put_field(out, "rho_core_cut", embedding->rho_core_cutoff);
  put_field(out, "drho_core_cut", embedding->drho_core_cutoff);
}

static void put_bond(FILE *out, const xp_ace_bond *bond) {
  fprintf(out,
          "    nradmaxi: %d\n    lmaxi: %d\n    nradbaseij: %d\n    radbase: %s\n    radparameters: ", bond->nradmax,
          bond->lmax, bond->nradbasemax, bond->radbasename);
  xp_yaml_put_numbers(out, bond->radparameters, bond->nradparameters);
  fputs("\n    radcoefficients: ", out);
  xp_yaml_put_coefficients(out, bond);
  fputs("\n    core-repulsion: ", out);
  xp_yaml_put_numbers(out, (double[]){bond->prehc, bond->lambdahc}, 2);
  fputc('\n', out);
  put_field(out, "rcutij", bond->rcut);
  put_field(out, "dcutij", bond->dcut);
  fprintf(out, "    NameOfCutoffFunctionij: cos\n    inner_cutoff_type: %s\n",
          xp_ace_inner_name(bond->inner_cutoff_type));
  put_field(out, "r_in", bond->rcut_in);
  put_field(out, "delta_in", bond->dcut_in);
}

static void put_block(FILE *out, const xp_ace_basis *basis, const item *it, bool functions) {
  fputs("  - speciesblock: ", out);
  if (it->nothers == 0)
    xp_yaml_put_symbol(out, basis->elements[it->centre]);
  else
    fputs(basis->elements[it->centre], out);
  for (int s = 0; s < it->nothers; ++s) fprintf(out, " %s", basis->elements[it->others[s]]);
  fputc('\n', out);
  if (it->nothers == 0) put_embedding(out, &basis->embeddings[it->centre]);
  if (it->nothers <= 1) put_bond(out, xp_ace_basis_bond(basis, it->centre, it->nothers ? it->others[0] : it->centre));
  fputs(functions ? "    nbody:\n" : "    nbody: []\n", out);
}

static void put_function(FILE *out, const xp_ace_basis *basis, int centre, const xp_ace_bfunction *f) {
  fprintf(out, "      - {type: %s", basis->elements[centre]);
  for (int t = 0; t < f->rank; ++t) fprintf(out, " %s", basis->elements[f->mus[t]]);
  fputs(", nr: ", out);
  xp_yaml_put_ints(out, f->ns, f->rank);
  fputs(", nl: ", out);
  xp_yaml_put_ints(out, f->ls, f->rank);
  if (f->rank > 2) {
    fputs(", lint: ", out);
    xp_yaml_put_ints(out, f->lint, xp_ace_lint_count(f->rank));
  }
  fputs(", c: ", out);
  xp_yaml_put_numbers(out, f->coefficients, basis->embeddings[centre].ndensity);
  fputs("}\n", out);
}

static void put_species(FILE *out, const xp_ace_basis *basis, const item *items, size_t count) {
  fputs("species:\n", out);
  for (size_t i = 0; i < count; ++i) {
    const item *it = &items[i];
    bool first = i == 0 || compare_blocks(&items[i - 1], it) != 0;
    if (first) {
      size_t last = i;
      while (last + 1 < count && compare_blocks(&items[last + 1], it) == 0) ++last;
      put_block(out, basis, it, items[last].index >= 0);
    }
    if (it->index >= 0) put_function(out, basis, it->centre, &basis->functions[it->centre][it->index]);
  }
}

xp_status xp_ace_basis_write(const xp_ace_basis *basis, const char *path, xp_error *error) {
  XP_LOCALE_PLAIN;
  xp_output *output = NULL;
  size_t count = 0;
  item *items = list_items(basis, &count);
  xp_status status = items ? xp_output_open(&output, path, error) : xp_error_memory(error, "an ACE basis");
  if (status == XP_OK) {
    FILE *out = xp_output_stream(output);
    put_metadata(out, basis);
    fputs("global: {DeltaSplineBins: ", out);
    xp_yaml_put_number(out, basis->delta_spline_bins);
    fputs("}\n", out);
    put_species(out, basis, items, count);
    status = xp_output_commit(output, error);
  }
  free(items);
  return status;
}
