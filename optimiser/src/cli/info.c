/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "xpot/ace_basis.h"
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

/* Parameters of a fit; A-B and B-A share their radial coefficients. */
static void print_basis(const xp_ace_basis *basis) {
  int n = basis->nelements;
  long radial = 0, coefficients = 0;
  for (int i = 0; i < n; ++i)
    for (int j = i; j < n; ++j) {
      const xp_ace_bond *bond = &basis->bonds[i * n + j];
      radial += (long)bond->nradmax * (bond->lmax + 1) * bond->nradbasemax;
    }
  for (int i = 0; i < n; ++i) {
    int counts[XP_ACE_BASIS_RANK_MAX] = {0}, highest = 0;
    for (int f = 0; f < basis->nfunctions[i]; ++f) {
      int rank = basis->functions[i][f].rank;
      counts[rank - 1]++;
      if (rank > highest) highest = rank;
    }
    coefficients += (long)basis->nfunctions[i] * basis->embeddings[i].ndensity;
    printf("B basis   %s: %d functions of %d densities; of rank 1, 2, ...:", basis->elements[i], basis->nfunctions[i],
           basis->embeddings[i].ndensity);
    for (int r = 0; r < highest; ++r) printf("%s %d", r ? "," : "", counts[r]);
    printf("\n");
  }
  printf("B basis   %ld parameters: %ld radial, %ld of functions\n", radial + coefficients, radial, coefficients);
}

/* The file is read again: a potential keeps what it evaluates only. */
static xp_status print_basis_of(const char *path, xp_error *error) {
  xp_bytes bytes = {0};
  xp_ace_basis *basis = NULL;
  xp_status status = xp_bytes_read(&bytes, path, error);
  if (status == XP_OK && xp_ace_basis_detect(&bytes)) {
    status = xp_ace_basis_parse(&basis, &bytes, error);
    if (status == XP_OK) print_basis(basis);
  }
  xp_ace_basis_free(basis);
  xp_bytes_free(&bytes);
  return status;
}

static bool same_facts(const xp_plan_facts *a, const xp_plan_facts *b) {
  bool same = a->nmethods == b->nmethods && a->neighbour_operations == b->neighbour_operations &&
              a->fixed_operations == b->fixed_operations && a->table_bytes == b->table_bytes &&
              a->stream_bytes == b->stream_bytes && a->atom_bytes == b->atom_bytes &&
              a->neighbour_bytes == b->neighbour_bytes && a->lanes == b->lanes;
  for (int m = 0; same && m < a->nmethods; ++m)
    same = strcmp(a->methods[m].name, b->methods[m].name) == 0 && a->methods[m].operations == b->methods[m].operations;
  return same;
}

/* What compiling decided for an element. */
static void print_facts(const char *element, const char *precision, const xp_plan_facts *facts) {
  if (facts->nmethods == 0) return;
  printf("plan      %s, %s: %s, %.0f operations an atom", element, precision, facts->methods[0].name,
         facts->methods[0].operations);
  for (int m = 1; m < facts->nmethods; ++m)
    printf("%s %s %.0f", m == 1 ? "; not chosen:" : ",", facts->methods[m].name, facts->methods[m].operations);
  printf("\n          besides: %.0f operations an atom, %.0f a neighbour\n", facts->fixed_operations,
         facts->neighbour_operations);
  printf("          tables %zu bytes, index streams and coefficients %zu; %d atoms at once, each %zu and %zu a "
         "neighbour\n",
         facts->table_bytes, facts->stream_bytes, facts->lanes, facts->atom_bytes, facts->neighbour_bytes);
}

static void print_plans(const xp_plan *exact, const xp_plan *mixed) {
  for (int e = 0; e < xp_plan_nelements(exact); ++e) {
    xp_plan_facts a = xp_plan_describe(exact, e), b = xp_plan_describe(mixed, e);
    bool same = same_facts(&a, &b);
    print_facts(xp_plan_element(exact, e), same ? "both precisions" : "double precision", &a);
    if (!same) print_facts(xp_plan_element(exact, e), "mixed precision", &b);
  }
}

static void print_cutoffs(const xp_plan *plan) {
  int n = xp_plan_nelements(plan);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      printf("cutoff    %s-%s: %.10g Angstrom\n", xp_plan_element(plan, i), xp_plan_element(plan, j),
             xp_plan_cutoff(plan, i, j));
}

/* What evaluating would do: cutoffs and, for all elements, method and cost. */
static xp_status print_evaluation(const xp_potential *potential, xp_error *error) {
  int n = xp_potential_nelements(potential);
  xp_plan *plans[2] = {NULL, NULL};
  const char **elements = calloc((size_t)n, sizeof *elements);
  if (!elements) return xp_error_memory(error, "the potential");
  for (int e = 0; e < n; ++e) elements[e] = xp_potential_element(potential, e);
  xp_status status = xp_plan_new(&plans[0], potential, elements, n, XP_PRECISION_DOUBLE, error);
  if (status == XP_OK) status = xp_plan_new(&plans[1], potential, elements, n, XP_PRECISION_MIXED, error);
  if (status == XP_OK) {
    print_cutoffs(plans[0]);
    print_plans(plans[0], plans[1]);
  }
  xp_plan_free(plans[0]);
  xp_plan_free(plans[1]);
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
    if (potential->kind == XP_KIND_ACE) status = print_basis_of(call->arguments[0], error);
    if (status == XP_OK) status = print_evaluation(potential, error);
    for (int w = 0; w < xp_potential_nwarnings(potential); ++w)
      printf("warning   %s\n", xp_potential_warning(potential, w));
  }
  xp_potential_free(potential);
  return status;
}

const xp_command xp_command_info = {
    .name = "info",
    .arguments = "POTENTIAL... ",
    .summary = "say what the files of a potential hold, how they are evaluated and at what cost",
    .least = 0,
    .most = XP_POTENTIAL_FILES,
    .flags = flags,
    .details = "The lines \"plan\" say how the atoms of an element are evaluated: the method for the products and\n"
               "its floating-point operations (for energy and forces, a multiply-add counts two) beside other\n"
               "methods that were counted, what an atom and each neighbour need besides, and the memory. Counted\n"
               "for this processor, not measured.\n",
    .run = run};
