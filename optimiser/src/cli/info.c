/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "xpot/ace.h"
#include "xpot/potential.h"
#include "xpot/snap.h"

static const xp_flag flags[] = {{"--schema", NULL, NULL, NULL, "print the JSON Schema of input files instead"}, {0}};

static xp_status print_files(const xp_call *call, xp_error *error) {
  for (int i = 0; i < call->narguments; ++i) {
    xp_bytes bytes = {0};
    char digest[65];
    xp_status status = xp_bytes_read(&bytes, call->arguments[i], error);
    if (status != XP_OK) return status;
    xp_bytes_sha256(bytes.data, bytes.size, digest);
    printf("file      %s\nsha256    %s (%zu bytes)\n", call->arguments[i], digest, bytes.size);
    xp_bytes_free(&bytes);
  }
  return XP_OK;
}

static void print_snap(const xp_snap_model *model) {
  const xp_snap_parameters *p = &model->parameters;
  printf("kind      %s%s\n", p->quadraticflag ? "quadratic SNAP" : "SNAP",
         p->chemflag ? ", explicit multi-element" : "");
  printf("rcutfac   %.10g\ntwojmax   %d (%d bispectrum components)\nrfac0     %.10g\nrmin0     %.10g\n", p->rcutfac,
         p->twojmax, xp_snap_nbispectrum(p->twojmax), p->rfac0, p->rmin0);
  printf("flags     switchflag %d, bzeroflag %d, bnormflag %d, wselfallflag %d, switchinnerflag %d\n", p->switchflag,
         p->bzeroflag, p->bnormflag, p->wselfallflag, p->switchinnerflag);
  for (int e = 0; e < model->nelements; ++e) {
    const xp_snap_element *element = &model->elements[e];
    printf("element   %s: radelem %.10g, wj %.10g, %d coefficients, beta_0 %.10g eV", element->symbol, element->radelem,
           element->wj, model->ncoeff, element->coefficients[0]);
    if (p->switchinnerflag && e < p->ninner)
      printf(", inner switch %.10g +- %.10g Angstrom", p->sinner[e], p->dinner[e]);
    printf("\n");
  }
}

/* Number of functions of each rank of an element. */
static void print_ranks(const xp_ace_model *model, int e) {
  int highest = 0;
  for (int f = 0; f < model->nfunctions[e]; ++f)
    if (model->functions[e][f].rank > highest) highest = model->functions[e][f].rank;
  for (int rank = 1; rank <= highest; ++rank) {
    int count = 0;
    for (int f = 0; f < model->nfunctions[e]; ++f) count += model->functions[e][f].rank == rank;
    printf("%s%d", rank == 1 ? "; functions of rank 1, 2, ...: " : ", ", count);
  }
}

static void print_ace(const xp_ace_model *model) {
  printf("kind      atomic cluster expansion\n");
  for (int e = 0; e < model->nelements; ++e) {
    const xp_ace_embedding *embedding = &model->embeddings[e];
    printf("element   %s: E0 %.10g eV, %d densities with exponents", model->elements[e], model->e0[e],
           embedding->ndensity);
    for (int d = 0; d < embedding->ndensity; ++d) printf(" %.6g", embedding->fs_parameters[2 * d + 1]);
    print_ranks(model, e);
    printf("\n");
  }
  for (int i = 0; i < model->nelements; ++i)
    for (int j = 0; j < model->nelements; ++j) {
      const xp_ace_bond *bond = &model->bonds[i * model->nelements + j];
      printf("bond      %s-%s: %s, rcut %.10g, dcut %.10g Angstrom, nradmax %d, lmax %d\n", model->elements[i],
             model->elements[j], bond->radbasename ? bond->radbasename : "?", bond->rcut, bond->dcut, bond->nradmax,
             bond->lmax);
    }
}

static xp_status print_cutoffs(const xp_potential *potential, xp_error *error) {
  int n = xp_potential_nelements(potential);
  xp_plan *plan = NULL;
  const char **elements = calloc((size_t)n, sizeof *elements);
  if (!elements) return xp_error_memory(error, "the potential");
  for (int e = 0; e < n; ++e) elements[e] = xp_potential_element(potential, e);
  xp_status status = xp_plan_new(&plan, potential, elements, n, XP_PRECISION_DOUBLE, error);
  for (int i = 0; i < n && status == XP_OK; ++i)
    for (int j = 0; j < n; ++j)
      printf("cutoff    %s-%s: %.10g Angstrom\n", elements[i], elements[j], xp_plan_cutoff(plan, i, j));
  xp_plan_free(plan);
  free(elements);
  return status;
}

static xp_status run(const xp_call *call, xp_error *error) {
  xp_potential *potential = NULL;
  if (xp_call_value(call, "--schema")) {
    xp_option_print_schema(stdout);
    return XP_OK;
  }
  if (call->narguments == 0)
    return xp_error_set(error, XP_ERROR_INPUT, "expected the files of a potential; see xpot-opt info --help");
  xp_status status = xp_potential_read(&potential, (const char *const *)call->arguments, call->narguments, error);
  if (status == XP_OK) status = print_files(call, error);
  if (status == XP_OK) {
    if (potential->kind == XP_KIND_ACE)
      print_ace(potential->ace);
    else
      print_snap(potential->snap);
    status = print_cutoffs(potential, error);
    for (int w = 0; w < xp_potential_nwarnings(potential); ++w)
      printf("warning   %s\n", xp_potential_warning(potential, w));
  }
  xp_potential_free(potential);
  return status;
}

const xp_command xp_command_info = {.name = "info",
                                    .arguments = "POTENTIAL... ",
                                    .summary = "say what the files of a potential hold",
                                    .least = 0,
                                    .most = XP_POTENTIAL_FILES,
                                    .flags = flags,
                                    .run = run};
