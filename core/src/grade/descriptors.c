/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "grade/descriptors.h"

#include <stdlib.h>

struct xp_descriptors {
  const xp_descriptors_table *table;
  void *data; /* of the table; owned */
  int *sizes; /* by species; owned */
};

struct xp_descriptors_scratch {
  const xp_descriptors_table *table;
  void *data; /* of the table; owned */
};

static const xp_descriptors_table *find_table(xp_kind kind) {
  static const xp_descriptors_table *const tables[] = {
      [XP_KIND_ACE] = &xp_descriptors_ace, [XP_KIND_SNAP] = &xp_descriptors_snap};
  return tables[kind];
}

int xp_descriptors_size(const xp_potential *potential, xp_grade_form form, const char *element, int nelements) {
  return find_table(potential->kind)->size(potential, form, element, nelements);
}

xp_status xp_descriptors_new(xp_descriptors **descriptors, const xp_potential *potential, xp_grade_form form,
                             const char *const *elements, int nelements, xp_error *error) {
  xp_descriptors *d = *descriptors = calloc(1, sizeof *d);
  if (!d) return xp_error_memory(error, "descriptors");
  d->table = find_table(potential->kind);
  d->sizes = malloc(((size_t)nelements + 1) * sizeof *d->sizes);
  xp_status status = d->sizes ? d->table->create(&d->data, potential, form, elements, nelements, error)
                              : xp_error_memory(error, "descriptors");
  for (int e = 0; e < nelements && status == XP_OK; ++e)
    d->sizes[e] = xp_descriptors_size(potential, form, elements[e], nelements);
  if (status == XP_OK) return XP_OK;
  xp_descriptors_free(d);
  *descriptors = NULL;
  return status;
}

void xp_descriptors_free(xp_descriptors *d) {
  if (!d) return;
  d->table->release(d->data);
  free(d->sizes);
  free(d);
}

int xp_descriptors_count(const xp_descriptors *d, int species) {
  return d->sizes[species];
}

double xp_descriptors_cutoff(const xp_descriptors *d) {
  return d->table->cutoff(d->data);
}

xp_status xp_descriptors_scratch_new(xp_descriptors_scratch **scratch, const xp_descriptors *d, xp_error *error) {
  xp_descriptors_scratch *s = *scratch = calloc(1, sizeof *s);
  if (!s) return xp_error_memory(error, "scratch memory for descriptors");
  s->table = d->table;
  xp_status status = d->table->scratch_new(&s->data, d->data, error);
  if (status == XP_OK) return XP_OK;
  free(s);
  *scratch = NULL;
  return status;
}

void xp_descriptors_scratch_free(xp_descriptors_scratch *s) {
  if (!s) return;
  s->table->scratch_free(s->data);
  free(s);
}

xp_status xp_descriptors_evaluate(const xp_descriptors *d, xp_descriptors_scratch *s,
                                  const xp_neighbourhoods *neighbourhoods, double *rows, size_t stride,
                                  xp_error *error) {
  return d->table->evaluate(d->data, s->data, neighbourhoods, rows, stride, error);
}
