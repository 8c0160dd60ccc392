/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "active/environments.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "fit/factor.h"

/* Atoms of a unit at least: enough for products of matrices to run at speed. */
#define UNIT_ATOMS 256

static size_t unit_numbers(const xp_environments *e, int unit) {
  size_t count = 0;
  for (int element = 0; element < e->nelements; ++element)
    count += (size_t)xp_environments_rows(e, unit, element) * (size_t)e->sizes[element];
  return count;
}

/* The unit that begins where the last one ends; totals[nelements] are atoms so far. */
static xp_status add_unit(xp_environments *e, int *structure, long *totals, xp_error *error) {
  xp_environments_unit *unit = &e->units[e->nunits];
  unit->structure = *structure;
  unit->first = calloc((size_t)e->nelements + 1, sizeof *unit->first);
  if (!unit->first) return xp_error_memory(error, "the atoms of the data");
  memcpy(unit->first, totals, (size_t)e->nelements * sizeof *totals);
  while (*structure < e->data->set->nstructures && unit->natoms < UNIT_ATOMS) {
    const xp_structure *s = e->data->set->structures[*structure];
    int *species = calloc((size_t)s->natoms, sizeof *species);
    xp_status status = species ? xp_data_known_species(species, s, e->elements, e->nelements, error)
                               : xp_error_memory(error, "the atoms of the data");
    for (int atom = 0; atom < s->natoms && status == XP_OK; ++atom) totals[species[atom]]++;
    free(species);
    if (status != XP_OK) return status;
    unit->natoms += s->natoms;
    unit->nstructures++;
    ++*structure;
  }
  return XP_OK;
}

static xp_status make_units(xp_environments *e, xp_error *error) {
  int n = e->data->set->nstructures, structure = 0;
  long *totals = calloc((size_t)e->nelements + 1, sizeof *totals);
  e->units = calloc((size_t)n + 1, sizeof *e->units);
  xp_status status = totals && e->units ? XP_OK : xp_error_memory(error, "the atoms of the data");
  for (; structure < n && status == XP_OK; ++e->nunits) status = add_unit(e, &structure, totals, error);
  if (status == XP_OK) status = add_unit(e, &structure, totals, error);
  free(totals);
  return status;
}

xp_status xp_environments_init(xp_environments *e, const xp_descriptors *descriptors, const xp_data *data,
                               const xp_symbol *elements, int nelements, double memory, xp_error *error) {
  *e = (xp_environments){.descriptors = descriptors, .data = data, .elements = elements, .nelements = nelements};
  e->sizes = calloc((size_t)nelements + 1, sizeof *e->sizes);
  if (!e->sizes) return xp_error_memory(error, "the atoms of the data");
  for (int element = 0; element < nelements; ++element) e->sizes[element] = xp_descriptors_count(descriptors, element);
  xp_status status = make_units(e, error);
  for (int u = 0; u < e->nunits && status == XP_OK; ++u) {
    memory -= (double)unit_numbers(e, u) * sizeof(double);
    e->units[u].keep = memory >= 0.0;
  }
  if (status != XP_OK) xp_environments_clear(e);
  return status;
}

void xp_environments_clear(xp_environments *e) {
  for (int u = 0; e->units && u <= e->data->set->nstructures; ++u) {
    free(e->units[u].first);
    free(e->units[u].kept);
  }
  free(e->units);
  free(e->sizes);
  *e = (xp_environments){0};
}

int xp_environments_rows(const xp_environments *e, int unit, int element) {
  return (int)(e->units[unit + 1].first[element] - e->units[unit].first[element]);
}

long xp_environments_count(const xp_environments *e, int element) {
  return e->units[e->nunits].first[element];
}

xp_status xp_environments_reader_init(xp_environments_reader *r, const xp_environments *e, xp_error *error) {
  *r = (xp_environments_reader){.environments = e};
  r->rows = calloc((size_t)e->nelements + 1, sizeof *r->rows);
  if (!r->rows) return xp_error_memory(error, "descriptors");
  return xp_descriptors_scratch_new(&r->scratch, e->descriptors, error);
}

void xp_environments_reader_clear(xp_environments_reader *r) {
  xp_descriptors_scratch_free(r->scratch);
  free(r->mixed);
  free(r->own);
  free(r->rows);
  free(r->species);
  *r = (xp_environments_reader){0};
}

static xp_status grow(double **numbers, size_t *capacity, size_t wanted, xp_error *error) {
  if (wanted <= *capacity) return XP_OK;
  free(*numbers);
  *numbers = xp_numbers_new(wanted);
  *capacity = *numbers ? wanted : 0;
  return *numbers ? XP_OK : xp_error_memory(error, "descriptors");
}

static size_t stride_of(const xp_environments *e) {
  int stride = 0;
  for (int element = 0; element < e->nelements; ++element)
    if (e->sizes[element] > stride) stride = e->sizes[element];
  return (size_t)stride;
}

static xp_status reserve(xp_environments_reader *r, const xp_structure *structure, xp_error *error) {
  size_t natoms = (size_t)structure->natoms;
  if (natoms > r->species_capacity) {
    free(r->species);
    r->species = calloc(natoms, sizeof *r->species);
    r->species_capacity = r->species ? natoms : 0;
    if (!r->species) return xp_error_memory(error, "descriptors");
  }
  return grow(&r->mixed, &r->mixed_capacity, natoms * stride_of(r->environments), error);
}

static xp_status describe(xp_environments_reader *r, const xp_structure *structure, xp_error *error) {
  const xp_environments *e = r->environments;
  xp_neighbour_list *list = NULL;
  xp_status status = reserve(r, structure, error);
  if (status == XP_OK) status = xp_data_known_species(r->species, structure, e->elements, e->nelements, error);
  if (status == XP_OK)
    status = xp_neighbour_list_new(&list, structure, r->species, xp_descriptors_cutoff(e->descriptors), error);
  if (status == XP_OK) {
    xp_neighbourhoods view = xp_neighbour_list_view(list);
    status = xp_descriptors_evaluate(e->descriptors, r->scratch, &view, r->mixed, stride_of(e), error);
  }
  xp_neighbour_list_free(list);
  return status;
}

static bool is_finite(const double *row, int n) {
  for (int q = 0; q < n; ++q)
    if (!isfinite(row[q])) return false;
  return true;
}

/* Rows of a structure to where those of their elements are collected: next[nelements]. */
static xp_status deal(xp_environments_reader *r, const xp_structure *structure, double **next, xp_error *error) {
  const xp_environments *e = r->environments;
  xp_status status = describe(r, structure, error);
  for (int atom = 0; atom < structure->natoms && status == XP_OK; ++atom) {
    int element = r->species[atom], n = e->sizes[element];
    const double *row = r->mixed + (size_t)atom * stride_of(e);
    if (!is_finite(row, n))
      status = xp_error_set(error, XP_ERROR_NUMERIC, "the descriptors of atom %d are not finite", atom + 1);
    memcpy(next[element], row, (size_t)n * sizeof *row);
    next[element] += n;
  }
  return status;
}

void xp_environments_name(const xp_structure *structure, int index, xp_error *error) {
  char sentence[XP_ERROR_SIZE];
  if (structure->file && strstr(error->message, structure->file)) return;
  snprintf(sentence, sizeof sentence, "%s", error->message);
  xp_error_set(error, error->status, "%s:%ld: structure %d: %.700s", structure->file ? structure->file : "data",
               structure->line, index + 1, sentence);
}

static void point(xp_environments_reader *r, int unit, double *numbers) {
  const xp_environments *e = r->environments;
  for (int element = 0; element < e->nelements; ++element) {
    r->rows[element] = numbers;
    numbers += (size_t)xp_environments_rows(e, unit, element) * (size_t)e->sizes[element];
  }
}

static xp_status compute(xp_environments_reader *r, int unit, double *numbers, xp_error *error) {
  const xp_environments_unit *u = &r->environments->units[unit];
  double **next = calloc((size_t)r->environments->nelements + 1, sizeof *next);
  if (!next) return xp_error_memory(error, "descriptors");
  xp_status status = XP_OK;
  point(r, unit, numbers);
  memcpy(next, r->rows, (size_t)r->environments->nelements * sizeof *next);
  for (int s = u->structure; s < u->structure + u->nstructures && status == XP_OK; ++s) {
    const xp_structure *structure = r->environments->data->set->structures[s];
    status = deal(r, structure, next, error);
    if (status != XP_OK) xp_environments_name(structure, s, error);
  }
  free(next);
  return status;
}

xp_status xp_environments_read(xp_environments_reader *r, int unit, xp_error *error) {
  xp_environments_unit *u = &r->environments->units[unit];
  size_t count = unit_numbers(r->environments, unit);
  if (u->kept) {
    point(r, unit, u->kept);
    return XP_OK;
  }
  if (!u->keep) {
    xp_status status = grow(&r->own, &r->own_capacity, count, error);
    return status == XP_OK ? compute(r, unit, r->own, error) : status;
  }
  double *numbers = xp_numbers_new(count);
  if (!numbers) return xp_error_memory(error, "descriptors; give less --memory");
  xp_status status = compute(r, unit, numbers, error);
  if (status == XP_OK)
    u->kept = numbers;
  else
    free(numbers);
  return status;
}

/* What the threads of a walk share. */
typedef struct progress {
  int failed; /* the first unit that failed: the same for any number of threads */
  xp_error first;
} progress;

static void note_unit(const xp_environments *e, const xp_environments_walk *walk, progress *p, int unit,
                      const xp_error *own) {
#pragma omp critical(xp_environments)
  {
    if (own->status != XP_OK && unit < p->failed) {
      p->failed = unit;
      p->first = *own;
    }
    xp_report_advance(walk->report, e->units[unit].natoms);
  }
}

static void walk_on(const xp_environments *e, const xp_environments_walk *walk, progress *p) {
  xp_environments_reader reader = {0};
  xp_error own = {0};
  xp_environments_reader_init(&reader, e, &own);
#pragma omp for ordered schedule(dynamic)
  for (int unit = 0; unit < e->nunits; ++unit) {
    bool wanted = !walk->wanted || walk->wanted(walk->user, unit);
    if (wanted && own.status == XP_OK) xp_environments_read(&reader, unit, &own);
    if (walk->in_order) {
#pragma omp ordered
      if (wanted && own.status == XP_OK) walk->visit(walk->user, &reader, unit, omp_get_thread_num(), &own);
    } else if (wanted && own.status == XP_OK) {
      walk->visit(walk->user, &reader, unit, omp_get_thread_num(), &own);
    }
    note_unit(e, walk, p, unit, &own);
  }
  xp_environments_reader_clear(&reader);
}

xp_status xp_environments_visit(const xp_environments *e, const xp_environments_walk *walk, xp_error *error) {
  progress p = {.failed = e->nunits};
  xp_report_stage(walk->report, walk->stage, e->data->natoms);
#pragma omp parallel num_threads(walk->threads)
  walk_on(e, walk, &p);
  xp_report_end(walk->report);
  return p.failed == e->nunits ? XP_OK : xp_error_set(error, p.first.status, "%s", p.first.message);
}
