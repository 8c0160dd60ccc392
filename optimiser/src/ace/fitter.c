/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/fitter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ace/run.h"
#include "data/distances.h"
#include "parallel/parallel.h"
#include "report/folder.h"

/* Pairs that never come closer than this have no shortest distance. */
static const double DISTANCE_MAX = 6.0; /* Angstrom */

/* Of a stage that a share of its iterations would leave with fewer. */
enum { ITERATIONS_LEAST = 5 };

struct xp_ace_fitter {
  xp_ace_fitter_request request;
  double *shortest; /* [nelements][nelements] NULL until needed; owned */
};

xp_status xp_ace_fitter_new(xp_ace_fitter **fitter, const xp_ace_fitter_request *request, xp_error *error) {
  *fitter = calloc(1, sizeof **fitter);
  if (!*fitter) return xp_error_memory(error, "the fit");
  (*fitter)->request = *request;
  return XP_OK;
}

void xp_ace_fitter_free(xp_ace_fitter *fitter) {
  if (!fitter) return;
  free(fitter->shortest);
  free(fitter);
}

/* *shortest is found once. */
static xp_status need_distances(const xp_ace_fitter *f, const xp_data *data, double **shortest, xp_error *error) {
  const xp_config *config = f->request.config;
  size_t n = (size_t)config->nelements;
  if (*shortest) return XP_OK;
  *shortest = calloc(n * n, sizeof **shortest);
  if (!*shortest) return xp_error_memory(error, "shortest distances");
  return xp_distances_find(*shortest, data->set, config->elements, config->nelements, DISTANCE_MAX, f->request.threads,
                           error);
}

static xp_status check_memory(const xp_ace_fitter *f, const xp_ace_size *size, xp_error *error) {
  double gigabytes = size->bytes * 1e-9, limit = f->request.config->memory.value;
  if (gigabytes <= limit) return XP_OK;
  return xp_error_set(error, XP_ERROR_RANGE,
                      "the fit has %d coefficients and needs about %.1f GB, more than fit.memory allows (%g GB); raise "
                      "that, or take fewer functions, a shorter rcut or more processes",
                      size->coefficients, gigabytes, limit);
}

static xp_status measure(const xp_ace_fitter *f, const xp_ace_input *input, const xp_data *data, xp_ace_size *size,
                         xp_error *error) {
  xp_ace_basis *basis = NULL;
  xp_ace_fit *fit = NULL;
  xp_status status = xp_ace_input_basis(&basis, input, -1, XP_ACE_ORDER_POWER, error);
  if (status == XP_OK) status = xp_ace_fit_new(&fit, basis, error);
  if (status == XP_OK) {
    xp_ace_fit_layout layout = xp_ace_fit_layout_of(fit);
    *size = (xp_ace_size){.radial = layout.nradial, .coefficients = layout.nfunctions};
    for (int i = 0; i < basis->nelements; ++i) size->functions += basis->nfunctions[i];
    size->bytes = xp_ace_problem_bytes(fit, data, f->request.threads);
    status = check_memory(f, size, error);
  }
  xp_ace_fit_free(fit);
  xp_ace_basis_free(basis);
  return status;
}

xp_status xp_ace_fitter_measure(xp_ace_fitter *f, const double *values, xp_ace_size *size, xp_error *error) {
  xp_ace_input input = {0};
  xp_ace_fit_settings settings;
  xp_status status = xp_ace_fit_settings_of(&settings, f->request.config, values, error);
  if (status == XP_OK) status = need_distances(f, f->request.train, &f->shortest, error);
  if (status == XP_OK) status = xp_ace_input_new(&input, f->request.config, values, f->shortest, error);
  if (status == XP_OK) status = measure(f, &input, f->request.train, size, error);
  xp_ace_input_clear(&input);
  return status;
}

/* Checksum of all that decides the result. */
static xp_status find_fingerprint(const xp_ace_fitter *f, const xp_data *data, double iterations, char digest[65],
                                  xp_error *error) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (!stream) return xp_error_memory(error, "the fingerprint");
  fprintf(stream, "%s %s\n", data->sha256, f->request.validate ? f->request.validate->sha256 : "");
  if (iterations != 1.0) fprintf(stream, "%a\n", iterations);
  xp_status status = xp_config_print_fingerprint(f->request.config, stream, error);
  bool failed = ferror(stream) != 0;
  failed |= fclose(stream) != 0;
  if (status == XP_OK && failed) status = xp_error_memory(error, "the fingerprint");
  if (status == XP_OK) xp_bytes_sha256(text, size, digest);
  free(text);
  return status;
}

static xp_status path_of(const xp_ace_fitter *f, const char *folder, const char *ending, char *path, xp_error *error) {
  char name[XP_FOLDER_PATH];
  snprintf(name, sizeof name, "%.1000s.%s", f->request.config->name, ending);
  return xp_folder_join(path, folder, name, error);
}

/* The data of a run, and the input, which may follow from distances in them. */
static xp_status open_data(xp_ace_run *run, xp_ace_fitter *f, const xp_fit_subset *subset, xp_error *error) {
  const xp_ace_fitter_request *request = &f->request;
  xp_status status = subset ? xp_fit_subset_select(&run->selected, subset, request->train, error) : XP_OK;
  run->data = run->selected ? run->selected : request->train;
  double **shortest = run->selected ? &run->shortest : &f->shortest;
  if (status == XP_OK) status = need_distances(f, run->data, shortest, error);
  return status == XP_OK ? xp_ace_input_new(&run->input, request->config, run->values, *shortest, error) : status;
}

/* A share of the iterations of every stage, but no fewer than a few. */
static void shorten(xp_ace_fit_settings *settings, double share) {
  for (int s = 0; s < settings->nstages; ++s) {
    int all = settings->stages[s].iterations, some = (int)ceil(share * all);
    settings->stages[s].iterations = some > ITERATIONS_LEAST ? some : all < ITERATIONS_LEAST ? all : ITERATIONS_LEAST;
  }
}

static xp_status open_run(xp_ace_run *run, xp_ace_fitter *f, const double *values, const xp_fit_subset *subset,
                          const char *folder, xp_error *error) {
  const xp_ace_fitter_request *request = &f->request;
  double share = subset && subset->iterations > 0.0 ? subset->iterations : 1.0;
  *run = (xp_ace_run){.request = request, .values = values};
  xp_status status = xp_ace_fit_settings_of(&run->settings, request->config, values, error);
  if (status == XP_OK && share < 1.0) shorten(&run->settings, share);
  if (status == XP_OK) status = open_data(run, f, subset, error);
  if (status == XP_OK) status = xp_fit_weights_new(&run->weights, request->config, values, run->data, error);
  if (status == XP_OK && request->validate)
    status = xp_fit_weights_new(&run->validate_weights, request->config, values, request->validate, error);
  if (status == XP_OK && folder) {
    status = find_fingerprint(f, run->data, share, run->fingerprint, error);
    if (status == XP_OK && run->settings.checkpoint > 0)
      status = path_of(f, folder, "checkpoint", run->checkpoint, error);
    if (status == XP_OK) status = path_of(f, folder, "curve.csv", run->curve, error);
  }
  if (status == XP_OK && run->weights.dropped > 0)
    xp_report_message(request->report, "%d structures are left out by fit.weighting", run->weights.dropped);
  return status;
}

xp_status xp_ace_fitter_run(xp_ace_fitter *f, const double *values, const xp_fit_subset *subset, const char *folder,
                            xp_ace_result *result, xp_error *error) {
  xp_ace_run run;
  *result = (xp_ace_result){0};
  xp_ace_size size;
  xp_status status = open_run(&run, f, values, subset, folder, error);
  if (status == XP_OK) status = measure(f, &run.input, run.data, &size, error);
  if (status == XP_OK) status = xp_ace_run_all(&run, result, error);
  xp_ace_run_clear(&run);
  return status;
}

xp_status xp_ace_fitter_finish(const xp_ace_fitter *f, const char *folder, xp_error *error) {
  char path[XP_FOLDER_PATH];
  xp_status status = path_of(f, folder, "checkpoint", path, error);
  if (status == XP_OK && xp_parallel_rank() == 0) unlink(path); /* absent where the fit was short */
  return status;
}
