/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fit/design.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A shard is a share of one group's structures with factors of its own; shards are the unit of parallel work, and how the
 * data are cut depends on the data alone. Merging two factors costs as much as n/3 rows, so a shard has many more. */
#define SHARD_ROWS 4 /* times the number of columns, at least */
#define SHARDS_A_GROUP 32
#define SHARD_BYTES 1e9 /* all factors together, as long as each group keeps one */

typedef struct shard {
  int group, first, last; /* structures first .. last-1 of the list of its group */
  xp_factor factors[XP_ROW_TYPES];
} shard;

typedef struct plan {
  const xp_design_request *request;
  xp_row_layout layout;
  int *structures;  /* [nstructures] sorted by group, in order within a group; those without one are missing; owned */
  int *group_start; /* [ngroups + 1]; owned */
  shard *shards;    /* [nshards], owned */
  int nshards;
} plan;

static bool has_rows(const xp_structure *structure, int type) {
  if (type == XP_ROW_ENERGY) return structure->has_energy;
  if (type == XP_ROW_FORCE) return structure->forces != NULL;
  return structure->has_virial && xp_structure_volume(structure) > 0.0;
}

static long rows_of(const xp_design_request *request, int index, int type) {
  const xp_structure *structure = request->data->set->structures[index];
  if (!request->used[request->group[index]][type] || !has_rows(structure, type)) return 0;
  return type == XP_ROW_ENERGY ? 1 : type == XP_ROW_FORCE ? 3L * structure->natoms : 6;
}

static long all_rows(const xp_design_request *request, int index) {
  long rows = 0;
  for (int type = 0; type < XP_ROW_TYPES; ++type) rows += rows_of(request, index, type);
  return rows;
}

static void sort_by_group(plan *p) {
  const xp_design_request *request = p->request;
  int count = 0;
  for (int g = 0; g < request->ngroups; ++g) {
    p->group_start[g] = count;
    for (int s = 0; s < request->data->set->nstructures; ++s)
      if (request->group[s] == g) p->structures[count++] = s;
  }
  p->group_start[request->ngroups] = count;
}

/* Shards of a group: as many as its rows allow, at most `most`. */
static int shards_of(const plan *p, int group, int most) {
  long rows = 0;
  for (int i = p->group_start[group]; i < p->group_start[group + 1]; ++i)
    rows += all_rows(p->request, p->structures[i]);
  long count = rows / (SHARD_ROWS * ((long)p->layout.columns + 1));
  return count < 1 ? 1 : count > most ? most : (int)count;
}

/* Cuts the structures of a group into count shards of about equal numbers of rows. */
static void cut_group(plan *p, int group, int count) {
  long total = 0, sum = 0;
  int end = p->group_start[group + 1], i = p->group_start[group];
  for (int s = i; s < end; ++s) total += all_rows(p->request, p->structures[s]);
  for (int c = 1; c <= count; ++c) {
    shard *new = &p->shards[p->nshards++];
    *new = (shard){.group = group, .first = i};
    while (i < end && (c == count || sum < total * c / count)) sum += all_rows(p->request, p->structures[i++]);
    new->last = i;
    for (int type = 0; type < XP_ROW_TYPES; ++type) {
      long rows = 0;
      for (int s = new->first; s < new->last; ++s) rows += rows_of(p->request, p->structures[s], type);
      xp_factor_init(&new->factors[type], p->layout.columns + 1, rows);
    }
  }
}

static void plan_clear(plan *p) {
  for (int s = 0; s < p->nshards; ++s)
    for (int type = 0; type < XP_ROW_TYPES; ++type) xp_factor_clear(&p->shards[s].factors[type]);
  free(p->shards);
  free(p->structures);
  free(p->group_start);
}

static xp_status plan_new(plan *p, const xp_design_request *request, xp_error *error) {
  int nlinear = xp_snap_nbispectrum(request->parameters.twojmax), n = request->nelements;
  if (request->parameters.chemflag) nlinear *= n * n * n;
  *p = (plan){.request = request};
  p->layout = xp_row_layout_new(n, nlinear, request->parameters.quadraticflag, request->constant);
  p->structures = malloc((size_t)request->data->set->nstructures * sizeof *p->structures);
  p->group_start = malloc(((size_t)request->ngroups + 1) * sizeof *p->group_start);
  p->shards = malloc((size_t)request->ngroups * SHARDS_A_GROUP * sizeof *p->shards);
  if (!p->structures || !p->group_start || !p->shards) return xp_error_memory(error, "the fit");
  sort_by_group(p);
  double one = xp_factor_bytes(p->layout.columns + 1, p->layout.columns + 1);
  int most = SHARDS_A_GROUP;
  while (most > 1 && one * most * request->ngroups > SHARD_BYTES) --most;
  for (int g = 0; g < request->ngroups; ++g) cut_group(p, g, shards_of(p, g, most));
  return XP_OK;
}

/* Neighbours of an atom, about: of the mean density where the cell says it, else as in a dense solid. */
static double count_neighbours(const xp_structure *structure, double cutoff) {
  const double dense = 0.2; /* atoms in a cubic Angstrom; diamond has 0.18 */
  double volume = xp_structure_volume(structure), sphere = 4.0 / 3.0 * M_PI * cutoff * cutoff * cutoff;
  bool periodic = structure->periodic[0] || structure->periodic[1] || structure->periodic[2];
  if (periodic && volume > 0.0) return structure->natoms / volume * sphere;
  return fmin(structure->natoms - 1, dense * sphere);
}

/* Bytes of neighbours, descriptors and their derivatives while the rows of a structure are made. */
static double scratch_bytes(const plan *p, int index) {
  const double a_neighbour = 10 * sizeof(double); /* list, gradient */
  const double widest = 14;                       /* numbers a component: sums, left and right of fit/rows.c */
  const xp_design_request *request = p->request;
  const xp_structure *structure = request->data->set->structures[index];
  double radius = 0.0, component = p->layout.nlinear * sizeof(double);
  for (int e = 0; e < request->nelements; ++e) radius = fmax(radius, request->radelem[e]);
  double neighbours = count_neighbours(structure, 2.0 * radius * request->parameters.rcutfac);
  bool derivatives = rows_of(request, index, XP_ROW_FORCE) + rows_of(request, index, XP_ROW_VIRIAL) > 0;
  return structure->natoms * neighbours * (a_neighbour + (derivatives ? 3.0 * component : 0.0)) +
         widest * component * fmax(neighbours, structure->natoms);
}

xp_design_size xp_design_measure(const xp_design_request *request) {
  plan p;
  xp_error error = {0};
  xp_design_size size = {0};
  if (plan_new(&p, request, &error) == XP_OK) {
    long largest = 0;
    double scratch = 0.0;
    int n = p.layout.columns + 1;
    size.columns = p.layout.columns;
    for (int s = 0; s < p.nshards; ++s)
      for (int type = 0; type < XP_ROW_TYPES; ++type)
        for (int i = p.shards[s].first; i < p.shards[s].last; ++i) {
          long rows = rows_of(request, p.structures[i], type);
          size.rows[type] += rows;
          if (rows > largest) largest = rows;
          size.bytes += xp_factor_bytes(n, rows); /* an upper bound, cut below */
        }
    for (int i = 0; i < p.group_start[request->ngroups]; ++i)
      scratch = fmax(scratch, scratch_bytes(&p, p.structures[i]));
    double factors = xp_factor_bytes(n, n) * (p.nshards + 3);
    if (size.bytes > factors) size.bytes = factors;
    size.bytes += xp_factor_bytes(n, n) *
                  12.0; /* the solution: R0 from shares of the parts, the normal matrix; or singular values */
    size.bytes += request->threads * ((double)n * sizeof(double) * 2.0 * (double)(largest + n) + scratch);
  }
  plan_clear(&p);
  return size;
}

/* What one thread works with. */
typedef struct worker {
  xp_snap_scratch *snap;
  xp_row_scratch rows;
  double *buffer; /* rows of one structure */
  size_t room;
  int *species;
} worker;

static void worker_clear(worker *w) {
  xp_snap_scratch_free(w->snap);
  xp_row_scratch_clear(&w->rows);
  free(w->buffer);
  free(w->species);
}

static xp_status reserve(worker *w, size_t numbers, int natoms, xp_error *error) {
  int *species = realloc(w->species, (size_t)natoms * sizeof *species);
  if (!species) return xp_error_memory(error, "the rows of a structure");
  w->species = species;
  if (numbers <= w->room) return XP_OK;
  free(w->buffer);
  w->buffer = malloc(numbers * sizeof *w->buffer);
  w->room = w->buffer ? numbers : 0;
  return w->buffer ? XP_OK : xp_error_memory(error, "the rows of a structure");
}

static xp_status add_structure(const plan *p, shard *target, worker *w, const xp_snap_basis *basis, int index,
                               xp_error *error) {
  const xp_design_request *request = p->request;
  const xp_structure *structure = request->data->set->structures[index];
  size_t width = (size_t)p->layout.columns + 1;
  long counts[XP_ROW_TYPES];
  for (int type = 0; type < XP_ROW_TYPES; ++type) counts[type] = rows_of(request, index, type);
  size_t all = (size_t)all_rows(request, index);
  if (all == 0) return XP_OK;
  xp_neighbour_list *list = NULL;
  xp_status status = reserve(w, width * all, structure->natoms, error);
  if (status == XP_OK) status = xp_data_species(w->species, structure, request->elements, request->nelements, error);
  if (status == XP_OK) status = xp_neighbour_list_new(&list, structure, w->species, xp_snap_basis_cutoff(basis), error);
  double *parts[XP_ROW_TYPES], *next = w->buffer;
  for (int type = 0; type < XP_ROW_TYPES; ++type) {
    parts[type] = counts[type] ? next : NULL;
    next += width * (size_t)counts[type];
  }
  xp_rows rows = {parts[XP_ROW_ENERGY], parts[XP_ROW_FORCE], parts[XP_ROW_VIRIAL]};
  if (status == XP_OK)
    status = xp_rows_make(&p->layout, basis, w->snap, &w->rows, structure, list, request->reference, &rows, error);
  for (int type = 0; type < XP_ROW_TYPES && status == XP_OK; ++type)
    if (parts[type]) status = xp_factor_add(&target->factors[type], parts[type], (int)counts[type], error);
  xp_neighbour_list_free(list);
  return status;
}

static xp_status fill_shard(const plan *p, shard *target, worker *w, const xp_snap_basis *basis, xp_report *report,
                            xp_error *error) {
  xp_status status = XP_OK;
  for (int i = target->first; i < target->last && status == XP_OK; ++i) {
    status = add_structure(p, target, w, basis, p->structures[i], error);
#pragma omp critical(xp_design)
    xp_report_advance(report, p->request->data->set->structures[p->structures[i]]->natoms);
  }
  for (int type = 0; type < XP_ROW_TYPES && status == XP_OK; ++type)
    status = xp_factor_finish(&target->factors[type], error);
  return status;
}

static int count_atoms(const plan *p) {
  int sum = 0;
  for (int i = 0; i < p->group_start[p->request->ngroups]; ++i)
    sum += p->request->data->set->structures[p->structures[i]]->natoms;
  return sum;
}

static xp_status fill(plan *p, const xp_snap_basis *basis, xp_report *report, xp_error *error) {
  int failed = p->nshards;
  xp_error first = {0};
  xp_report_stage(report, "descriptors", count_atoms(p));
#pragma omp parallel num_threads(p->request->threads)
  {
    worker w = {0};
    xp_error own = {0};
    bool ready = xp_snap_scratch_new(&w.snap, basis, &own) == XP_OK;
#pragma omp for schedule(dynamic)
    for (int s = 0; s < p->nshards; ++s) {
      bool ok = ready && fill_shard(p, &p->shards[s], &w, basis, report, &own) == XP_OK;
#pragma omp critical(xp_design)
      if (!ok && s < failed) {
        failed = s;
        first = own;
      }
    }
    worker_clear(&w);
  }
  return failed == p->nshards ? XP_OK : xp_error_set(error, first.status, "%s", first.message);
}

/* Merges the shards of each group into its first one, pairwise: shard s takes shard s + stride. */
static xp_status merge(plan *p, xp_error *error) {
  xp_error first = {0};
  for (int stride = 1; stride < p->nshards; stride *= 2) {
#pragma omp parallel for schedule(dynamic) num_threads(p->request->threads)
    for (int s = 0; s < p->nshards; ++s) {
      int start = s;
      while (start > 0 && p->shards[start - 1].group == p->shards[s].group) --start;
      int other = s + stride;
      if ((s - start) % (2 * stride) || other >= p->nshards || p->shards[other].group != p->shards[s].group) continue;
      xp_error own = {0};
      for (int type = 0; type < XP_ROW_TYPES && own.status == XP_OK; ++type) {
        xp_factor *factor = &p->shards[other].factors[type];
        xp_factor_merge(&p->shards[s].factors[type], factor, 1.0, &own);
        xp_factor_clear(factor);
      }
#pragma omp critical(xp_design)
      if (own.status != XP_OK) first = own;
    }
  }
  return first.status == XP_OK ? XP_OK : xp_error_set(error, first.status, "%s", first.message);
}

static xp_status collect(xp_design **design, plan *p, xp_error *error) {
  xp_design *new = calloc(1, sizeof *new);
  if (!new || !(new->factors = calloc((size_t)p->request->ngroups, sizeof *new->factors))) {
    free(new);
    return xp_error_memory(error, "the fit");
  }
  new->layout = p->layout;
  new->ngroups = p->request->ngroups;
  for (int s = p->nshards - 1; s >= 0; --s) { /* the first shard of a group, which holds all, is last to be moved */
    xp_factor *to = new->factors[p->shards[s].group];
    for (int type = 0; type < XP_ROW_TYPES; ++type) {
      xp_factor_clear(&to[type]);
      to[type] = p->shards[s].factors[type];
      p->shards[s].factors[type] = (xp_factor){0};
    }
  }
  *design = new;
  return XP_OK;
}

xp_status xp_design_new(xp_design **design, const xp_design_request *request, xp_report *report, xp_error *error) {
  *design = NULL;
  plan p;
  xp_snap_basis *basis = NULL;
  xp_status status = plan_new(&p, request, error);
  if (status == XP_OK)
    status = xp_snap_basis_new(&basis, &request->parameters, request->radelem, request->wj, request->nelements, error);
  if (status == XP_OK) status = fill(&p, basis, report, error);
  if (status == XP_OK) status = merge(&p, error);
  if (status == XP_OK) status = collect(design, &p, error);
  if (status == XP_OK)
    status = xp_normal_new(&(*design)->normal, (*design)->factors, request->ngroups, request->threads, error);
  if (status != XP_OK) {
    xp_design_free(*design);
    *design = NULL;
  }
  xp_report_end(report);
  xp_snap_basis_free(basis);
  plan_clear(&p);
  return status;
}

void xp_design_free(xp_design *design) {
  if (!design) return;
  xp_normal_free(design->normal);
  for (int g = 0; g < design->ngroups; ++g)
    for (int type = 0; type < XP_ROW_TYPES; ++type) xp_factor_clear(&design->factors[g][type]);
  free(design->factors);
  free(design);
}
