/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/errors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MEV 1000.0

static void add_energy(xp_errors *errors, const xp_structure *reference, const xp_structure *predicted) {
  double difference = predicted->energy - reference->energy, natoms = reference->natoms;
  ++errors->nenergies;
  errors->energy_square += difference * difference / (natoms * natoms);
  errors->energy_absolute += fabs(difference) / natoms;
}

static void add_forces(xp_errors *errors, const xp_structure *reference, const xp_structure *predicted) {
  for (int atom = 0; atom < reference->natoms; ++atom)
    for (int d = 0; d < 3; ++d) {
      double difference = predicted->forces[atom][d] - reference->forces[atom][d];
      errors->force_square += difference * difference;
      errors->force_absolute += fabs(difference);
    }
  errors->nforces += 3L * reference->natoms;
}

static void add_virial(xp_errors *errors, const xp_structure *reference, const xp_structure *predicted) {
  for (int a = 0; a < 3; ++a)
    for (int b = a; b < 3; ++b) {
      double difference = (predicted->virial[a][b] - reference->virial[a][b]) / reference->natoms;
      errors->virial_square += difference * difference;
      errors->virial_absolute += fabs(difference);
      ++errors->nvirials;
    }
}

void xp_errors_add(xp_errors *errors, const xp_structure *reference, const xp_structure *predicted) {
  ++errors->nstructures;
  errors->natoms += reference->natoms;
  if (reference->has_energy && predicted->has_energy) add_energy(errors, reference, predicted);
  if (reference->forces && predicted->forces) add_forces(errors, reference, predicted);
  if (reference->has_virial && predicted->has_virial) add_virial(errors, reference, predicted);
}

static void join(xp_errors *errors, const xp_errors *more) {
  errors->nstructures += more->nstructures;
  errors->natoms += more->natoms;
  errors->nenergies += more->nenergies;
  errors->nforces += more->nforces;
  errors->nvirials += more->nvirials;
  errors->energy_square += more->energy_square;
  errors->energy_absolute += more->energy_absolute;
  errors->force_square += more->force_square;
  errors->force_absolute += more->force_absolute;
  errors->virial_square += more->virial_square;
  errors->virial_absolute += more->virial_absolute;
}

static double mean(double sum, long n) {
  return n > 0 ? sum / (double)n : NAN;
}

double xp_errors_energy_rmse(const xp_errors *e) {
  return MEV * sqrt(mean(e->energy_square, e->nenergies));
}
double xp_errors_energy_mae(const xp_errors *e) {
  return MEV * mean(e->energy_absolute, e->nenergies);
}
double xp_errors_force_rmse(const xp_errors *e) {
  return sqrt(mean(e->force_square, e->nforces));
}
double xp_errors_force_mae(const xp_errors *e) {
  return mean(e->force_absolute, e->nforces);
}
double xp_errors_virial_rmse(const xp_errors *e) {
  return MEV * sqrt(mean(e->virial_square, e->nvirials));
}
double xp_errors_virial_mae(const xp_errors *e) {
  return MEV * mean(e->virial_absolute, e->nvirials);
}

xp_status xp_error_table_new(xp_error_table *table, const xp_data *data, xp_structure *const *predicted,
                             xp_error *error) {
  *table = (xp_error_table){.ngroups = data->ngroups};
  table->groups = calloc((size_t)data->ngroups, sizeof *table->groups);
  if (!table->groups) return xp_error_memory(error, "the table of errors");
  for (int s = 0; s < data->set->nstructures; ++s)
    xp_errors_add(&table->groups[data->group[s]], data->set->structures[s], predicted[s]);
  for (int g = 0; g < table->ngroups; ++g) join(&table->all, &table->groups[g]);
  return XP_OK;
}

void xp_error_table_clear(xp_error_table *table) {
  free(table->groups);
  *table = (xp_error_table){0};
}

typedef struct measure {
  const char *key; /* in JSON */
  double (*of)(const xp_errors *errors);
  const char *format; /* in tables */
} measure;

static const measure measures[] = {
    {"energy_rmse_mev_per_atom", xp_errors_energy_rmse, " %10.3f"},
    {"energy_mae_mev_per_atom", xp_errors_energy_mae, " %10.3f"},
    {"force_rmse_ev_per_ang", xp_errors_force_rmse, " %10.4f"},
    {"force_mae_ev_per_ang", xp_errors_force_mae, " %10.4f"},
    {"virial_rmse_mev_per_atom", xp_errors_virial_rmse, " %10.3f"},
    {"virial_mae_mev_per_atom", xp_errors_virial_mae, " %10.3f"},
};
#define NMEASURES ((int)(sizeof measures / sizeof *measures))

static void print_row(const char *name, const xp_errors *errors, FILE *stream) {
  fprintf(stream, "%-24s %6ld %8ld", name[0] ? name : "(no config_type)", errors->nstructures, errors->natoms);
  for (int m = 0; m < NMEASURES; ++m) {
    double value = measures[m].of(errors);
    if (isnan(value))
      fprintf(stream, " %10s", "-");
    else
      fprintf(stream, measures[m].format, value);
  }
  fprintf(stream, "\n");
}

void xp_error_table_print(const xp_error_table *table, const xp_data *data, FILE *stream) {
  fprintf(stream, "%-24s %6s %8s %21s %21s %21s\n", "", "", "", "energy, meV/atom", "force, eV/Angstrom",
          "virial, meV/atom");
  fprintf(stream, "%-24s %6s %8s %10s %10s %10s %10s %10s %10s\n", "config_type", "cells", "atoms", "RMSE", "MAE",
          "RMSE", "MAE", "RMSE", "MAE");
  for (int g = 0; g < table->ngroups; ++g) print_row(data->groups[g], &table->groups[g], stream);
  print_row("all", &table->all, stream);
}

static bool add_measures(cJSON *object, const xp_errors *errors) {
  bool ok = cJSON_AddNumberToObject(object, "structures", (double)errors->nstructures) &&
            cJSON_AddNumberToObject(object, "atoms", (double)errors->natoms);
  for (int m = 0; m < NMEASURES && ok; ++m) {
    double value = measures[m].of(errors);
    ok = isnan(value) ? cJSON_AddNullToObject(object, measures[m].key) != NULL
                      : cJSON_AddNumberToObject(object, measures[m].key, value) != NULL;
  }
  return ok;
}

cJSON *xp_error_table_json(const xp_error_table *table, const xp_data *data) {
  cJSON *object = cJSON_CreateObject();
  bool ok = object && add_measures(object, &table->all);
  cJSON *groups = ok ? cJSON_AddObjectToObject(object, "per_config_type") : NULL;
  ok = groups != NULL;
  for (int g = 0; g < table->ngroups && ok; ++g) {
    cJSON *group = cJSON_AddObjectToObject(groups, data->groups[g]);
    ok = group && add_measures(group, &table->groups[g]);
  }
  if (ok) return object;
  cJSON_Delete(object);
  return NULL;
}
