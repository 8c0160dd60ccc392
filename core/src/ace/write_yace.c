/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "ace/model.h"
#include "ace/yaml_put.h"
#include "locale/locale.h"

static void put_field(FILE *out, const char *key, double value) {
  fprintf(out, ", %s: ", key);
  xp_yaml_put_number(out, value);
}

static void put_elements(FILE *out, const xp_ace_model *model) {
  fputs("elements: [", out);
  for (int i = 0; i < model->nelements; ++i) {
    if (i) fputs(", ", out);
    xp_yaml_put_symbol(out, model->elements[i]);
  }
  fputs("]\nE0: ", out);
  xp_yaml_put_numbers(out, model->e0, model->nelements);
  fputs("\ndeltaSplineBins: ", out);
  xp_yaml_put_number(out, model->delta_spline_bins);
  fputc('\n', out);
}

static void put_embedding(FILE *out, const xp_ace_embedding *embedding) {
  fprintf(out, "{ndensity: %d, FS_parameters: ", embedding->ndensity);
  xp_yaml_put_numbers(out, embedding->fs_parameters, 2 * embedding->ndensity);
  fprintf(out, ", npoti: %s", xp_ace_embedding_name(embedding->npoti));
  put_field(out, "rho_core_cutoff", embedding->rho_core_cutoff);
  put_field(out, "drho_core_cutoff", embedding->drho_core_cutoff);
  fputs("}\n", out);
}

static void put_pace_bond(FILE *out, const xp_ace_bond *bond) {
  fprintf(out, "{nradmax: %d, lmax: %d, nradbasemax: %d, radbasename: %s, radparameters: ", bond->nradmax, bond->lmax,
          bond->nradbasemax, bond->radbasename);
  xp_yaml_put_numbers(out, bond->radparameters, bond->nradparameters);
  fputs(", radcoefficients: ", out);
  xp_yaml_put_coefficients(out, bond);
  put_field(out, "prehc", bond->prehc);
  put_field(out, "lambdahc", bond->lambdahc);
  put_field(out, "rcut", bond->rcut);
  put_field(out, "dcut", bond->dcut);
  put_field(out, "rcut_in", bond->rcut_in);
  put_field(out, "dcut_in", bond->dcut_in);
  fprintf(out, ", inner_cutoff_type: %s}\n", xp_ace_inner_name(bond->inner_cutoff_type));
}

static void put_polynomials(FILE *out, const xp_ace_acejl *q) {
  put_field(out, "xl", q->xl);
  put_field(out, "xr", q->xr);
  put_field(out, "pl", q->pl);
  put_field(out, "pr", q->pr);
  put_field(out, "r0", q->r0);
  put_field(out, "p", q->p);
  fprintf(out, ", maxn: %d, recursion_coefficients: {A: ", q->maxn);
  xp_yaml_put_numbers(out, q->a, q->maxn);
  fputs(", B: ", out);
  xp_yaml_put_numbers(out, q->b, q->maxn);
  fputs(", C: ", out);
  xp_yaml_put_numbers(out, q->c, q->maxn);
  fputc('}', out);
}

static void put_acejl_bond(FILE *out, const xp_ace_bond *bond) {
  fprintf(out, "{radbasename: %s", bond->radbasename);
  put_field(out, "rcut", bond->rcut);
  put_polynomials(out, bond->acejl);
  fputs("}\n", out);
}

static void put_function(FILE *out, int mu0, const xp_ace_function *f) {
  fprintf(out, "    - {mu0: %d, rank: %d, ndensity: %d, num_ms_combs: %d, mus: ", mu0, f->rank, f->ndensity,
          f->num_ms_combs);
  xp_yaml_put_ints(out, f->mus, f->rank);
  fputs(", ns: ", out);
  xp_yaml_put_ints(out, f->ns, f->rank);
  fputs(", ls: ", out);
  xp_yaml_put_ints(out, f->ls, f->rank);
  fputs(", ms_combs: ", out);
  xp_yaml_put_ints(out, f->ms_combs, f->num_ms_combs * f->rank);
  fputs(", ctildes: ", out);
  xp_yaml_put_numbers(out, f->ctildes, f->num_ms_combs * f->ndensity);
  fputs("}\n", out);
}

static void put_pair_part(FILE *out, const xp_ace_model *model) {
  int n = model->nelements;
  fprintf(out, "lmax: %d\n", model->bonds[0].lmax);
  if (!model->pair_polynomials) return;
  fputs("polypairpot:\n  {rcut: ", out);
  xp_yaml_put_number(out, model->pair_rcut);
  put_polynomials(out, model->pair_polynomials);
  fputs(", coefficients: {", out);
  for (int p = 0; p < n * n; ++p) {
    fprintf(out, "%s[%d, %d]: ", p ? ", " : "", p / n, p % n);
    xp_yaml_put_numbers(out, model->pair_terms[p].coefficients, model->pair_polynomials->maxn);
  }
  fputs("}}\nreppot:\n  coefficients:\n", out);
  for (int p = 0; p < n * n; ++p) {
    const xp_ace_acejl_pair *term = &model->pair_terms[p];
    fprintf(out, "    [%d, %d]: {ri: %.17g, e0: %.17g, A: %.17g, B: %.17g}\n", p / n, p % n, term->ri, term->e0,
            term->a, term->b);
  }
}

static void put_model(FILE *out, const xp_ace_model *model) {
  int n = model->nelements;
  put_elements(out, model);
  fputs("embeddings:\n", out);
  for (int i = 0; i < n; ++i) {
    fprintf(out, "  %d: ", i);
    put_embedding(out, &model->embeddings[i]);
  }
  fputs("bonds:\n", out);
  for (int p = 0; p < n * n; ++p) {
    fprintf(out, "  [%d, %d]: ", p / n, p % n);
    if (model->bonds[p].radbase == XP_ACE_ACEJL)
      put_acejl_bond(out, &model->bonds[p]);
    else
      put_pace_bond(out, &model->bonds[p]);
  }
  fputs("functions:\n", out);
  for (int i = 0; i < n; ++i) {
    fprintf(out, model->nfunctions[i] ? "  %d:\n" : "  %d: []\n", i);
    for (int f = 0; f < model->nfunctions[i]; ++f) put_function(out, i, &model->functions[i][f]);
  }
  if (model->bonds[0].radbase == XP_ACE_ACEJL) put_pair_part(out, model);
}

xp_status xp_ace_write_yace(const xp_ace_model *model, const char *path, xp_error *error) {
  XP_LOCALE_PLAIN;
  xp_output *output = NULL;
  xp_status status = xp_output_open(&output, path, error);
  if (status) return status;
  put_model(xp_output_stream(output), model);
  return xp_output_commit(output, error);
}
