/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ace/minimise.h"
#include "ace/start.h"
#include "parallel/parallel.h"

/* Iterations of a cycle where no checkpoints are wanted, and between evaluations of the validation data. */
enum { CYCLE = 100, VALIDATE_EVERY = 10 };
/* Gauss-Newton steps at the start of a stage, and of any other cycle. */
enum { FIRST_STEPS = 6, LATER_STEPS = 1 };

static const double MEV = 1000.0;

static void clear_step(xp_ace_run *run) {
  xp_ace_problem_free(run->train);
  xp_ace_problem_free(run->validate);
  xp_ace_fit_free(run->fit);
  free(run->fixed);
  free(run->active);
  run->train = run->validate = NULL;
  run->fit = NULL;
  run->fixed = run->active = NULL;
}

void xp_ace_run_clear(xp_ace_run *run) {
  clear_step(run);
  xp_ace_basis_free(run->basis);
  xp_ace_state_clear(&run->state);
  xp_fit_weights_clear(&run->weights);
  xp_fit_weights_clear(&run->validate_weights);
  xp_ace_input_clear(&run->input);
  xp_data_free_selection(run->selected);
  free(run->shortest);
}

static xp_status write_state(const xp_ace_run *run, xp_error *error) {
  if (!run->curve[0] || xp_parallel_rank() != 0) return XP_OK;
  xp_status status = xp_ace_curve_write(&run->state, run->curve, error);
  if (status != XP_OK || !run->checkpoint[0]) return status;
  return xp_ace_state_write(&run->state, run->checkpoint, run->fingerprint, error);
}

/* Problem of a data set with the functions of the step. */
static xp_status make_problem(const xp_ace_run *run, const xp_data *data, const xp_fit_weights *weights,
                              xp_ace_problem **problem, xp_error *error) {
  xp_ace_problem_request request = {.fit = run->fit,
                                    .data = data,
                                    .weights = weights,
                                    .elements = run->input.elements,
                                    .nelements = run->input.nelements,
                                    .threads = run->request->threads};
  return xp_ace_problem_new(problem, &request, error);
}

/* Energies the input gives, in the order of the basis; NULL when it gives none. */
static const double *given_energies(const xp_ace_run *run, double *room) {
  const xp_config *config = run->request->config;
  bool any = false;
  for (int e = 0; e < run->input.nelements; ++e) {
    const xp_parameter *given = &config->reference_energies[run->input.source[e]];
    room[e] = given->value;
    any |= given->given;
  }
  return any || !run->settings.constant ? room : NULL;
}

static xp_status set_energies(xp_ace_run *run, xp_error *error) {
  int n = run->input.nelements;
  double given[XP_ACE_ELEMENTS_MOST], *e0 = run->references;
  bool some = false;
  for (int e = 0; e < n; ++e) some |= run->basis->e0[e] != 0.0;
  xp_status status =
      xp_ace_start_energies(e0, run->fixed, run->data, run->input.elements, n, given_energies(run, given),
                            run->settings.constant, xp_ace_fit_cutoff(run->fit), error);
  for (int e = 0; e < n && status == XP_OK; ++e)
    if (!some || run->fixed[e]) run->basis->e0[e] = e0[e]; /* those of an initial potential stay */
  return status;
}

static xp_status open_step(xp_ace_run *run, xp_error *error) {
  const xp_ace_fitter_request *request = run->request;
  clear_step(run);
  xp_status status = xp_ace_fit_new(&run->fit, run->basis, error);
  if (status != XP_OK) return status;
  xp_ace_fit_layout layout = xp_ace_fit_layout_of(run->fit);
  int columns = layout.ntotal - layout.nradial;
  run->fixed = calloc((size_t)run->input.nelements, sizeof *run->fixed);
  run->active = calloc((size_t)columns + 1, sizeof *run->active);
  if (!run->fixed || !run->active) return xp_error_memory(error, "the fit");
  status = set_energies(run, error);
  for (int c = 0; c < columns && status == XP_OK; ++c)
    run->active[c] = c < layout.nfunctions || !run->fixed[c - layout.nfunctions];
  run->nfunctions = 0;
  for (int i = 0; i < run->basis->nelements; ++i) run->nfunctions += run->basis->nfunctions[i];
  if (status == XP_OK) status = make_problem(run, run->data, &run->weights, &run->train, error);
  if (status == XP_OK && request->validate)
    status = make_problem(run, request->validate, &run->validate_weights, &run->validate, error);
  return status;
}

/* sE^2 / (sE^2 + sF^2): the share that makes both parts alike, pacemaker's "auto". It depends on the data alone, so that a fit
 * that goes on after a kill finds the same. */
static double automatic_kappa(const xp_ace_run *run) {
  const xp_dataset *set = run->data->set;
  double sum = 0.0, square = 0.0, force = 0.0, force_square = 0.0;
  long n = 0, m = 0;
  for (int s = 0; s < set->nstructures; ++s) {
    const xp_structure *structure = set->structures[s];
    double energy = structure->energy;
    for (int a = 0; a < structure->natoms; ++a)
      for (int e = 0; e < run->input.nelements; ++e)
        if (strcmp(structure->symbols[a], run->input.elements[e]) == 0) energy -= run->references[e];
    energy /= structure->natoms;
    if (structure->has_energy) sum += energy, square += energy * energy, ++n;
    for (int a = 0; a < structure->natoms && structure->forces; ++a, ++m) {
      const double *f = structure->forces[a];
      double norm2 = f[0] * f[0] + f[1] * f[1] + f[2] * f[2];
      force += sqrt(norm2);
      force_square += norm2;
    }
  }
  if (n == 0 || m == 0) return n == 0 ? 1.0 : 0.0; /* what there is counts alone */
  double energy_variance = n > 1 ? (square - sum * sum / (double)n) / ((double)n - 1.0) : 0.0;
  double force_variance = m > 0 ? force_square / (double)m - force / (double)m * force / (double)m : 0.0;
  double both = energy_variance + force_variance;
  return both > 0.0 ? energy_variance / both : 0.5;
}

static void set_terms(xp_ace_run *run, int stage) {
  const xp_ace_fit_settings *s = &run->settings;
  run->terms = (xp_ace_terms){.kappa = s->kappa_auto ? automatic_kappa(run) : s->stages[stage].kappa,
                              .virial = s->virial_weight,
                              .L1 = s->L1_coeffs,
                              .L2 = s->L2_coeffs,
                              .smooth = {s->w_rad[0], s->w_rad[1], s->w_rad[2]},
                              .huber_energy = s->huber_energy,
                              .huber_force = s->huber_force};
}

static xp_status validate(xp_ace_run *run, const double *parameters, xp_ace_loss *loss, xp_error *error) {
  loss->total = loss->energy_rmse = loss->force_rmse = NAN;
  if (!run->validate) return XP_OK;
  return xp_ace_problem_loss(run->validate, &run->terms, parameters, false, loss, NULL, error);
}

/* Whether the validation loss has not fallen for too long. */
static bool out_of_patience(const xp_ace_run *run) {
  const xp_ace_state *state = &run->state;
  return run->settings.patience > 0 && isfinite(state->best_validate) &&
         state->iteration - state->best_iteration >= run->settings.patience;
}

/* Keeps parameters that are the best of the stage by the validation data. */
static void keep_best(xp_ace_run *run, const xp_ace_loss *loss, const double *parameters, int iteration) {
  xp_ace_state *state = &run->state;
  if (!(loss->total < state->best_validate)) return;
  state->best_validate = loss->total;
  state->best_iteration = iteration;
  memcpy(state->best, parameters, (size_t)state->nparameters * sizeof *state->best);
}

/* Adds the point a fit has come to to the curve; check: with its validation loss. */
static xp_status note(xp_ace_run *run, const xp_ace_loss *loss, const double *parameters, int iteration, bool check,
                      xp_error *error) {
  xp_ace_point point = {run->state.step + 1,
                        run->state.stage + 1,
                        iteration,
                        run->nfunctions,
                        run->terms.kappa,
                        *loss,
                        {.total = NAN, .energy_rmse = NAN, .force_rmse = NAN}};
  xp_status status = check ? validate(run, parameters, &point.validate, error) : XP_OK;
  if (status == XP_OK) keep_best(run, &point.validate, parameters, iteration);
  return status == XP_OK ? xp_ace_state_add_point(&run->state, &point, error) : status;
}

static void show(const xp_ace_run *run, const xp_ace_loss *loss, int iteration) {
  int left = run->todo - run->done;
  double seconds = run->done > 0 ? (xp_report_clock() - run->start) / run->done * left : 0.0;
  xp_report_line(
      run->request->report,
      "%d functions, stage %d of %d (kappa %.3g), iteration %d: loss %.5g, %.3g meV/atom, %.4g eV/A; %.0f s left",
      run->nfunctions, run->state.stage + 1, run->settings.nstages, run->terms.kappa, iteration, loss->total,
      MEV * loss->energy_rmse, loss->force_rmse, seconds);
}

static xp_status watch(void *user, const xp_ace_loss *loss, const double *parameters, bool *stop, xp_error *error) {
  xp_ace_run *run = user;
  int iteration = ++run->state.iteration;
  run->done++;
  run->latest = *loss;
  show(run, loss, iteration);
  bool check = iteration % VALIDATE_EVERY == 0;
  xp_status status = note(run, loss, parameters, iteration, check, error);
  *stop = check && out_of_patience(run);
  return status;
}

static xp_status begin_stage(xp_ace_run *run, xp_error *error) {
  run->state.best_validate = INFINITY;
  run->state.best_iteration = 0;
  xp_status status =
      xp_ace_problem_loss(run->train, &run->terms, run->state.parameters, false, &run->latest, NULL, error);
  return status == XP_OK ? note(run, &run->latest, run->state.parameters, 0, true, error) : status;
}

/* Back to the best point by the validation data. */
static xp_status take_best(xp_ace_run *run, xp_error *error) {
  xp_ace_state *state = &run->state;
  if (run->settings.patience == 0 || !isfinite(state->best_validate) || state->best_iteration == state->iteration)
    return XP_OK;
  memcpy(state->parameters, state->best, (size_t)state->nparameters * sizeof *state->best);
  return xp_ace_problem_loss(run->train, &run->terms, state->parameters, false, &run->latest, NULL, error);
}

static xp_status end_stage(xp_ace_run *run, xp_error *error) {
  xp_ace_state *state = &run->state;
  xp_ace_point *last = &state->points[state->npoints - 1];
  xp_status status = isnan(last->validate.total) ? validate(run, state->parameters, &last->validate, error) : XP_OK;
  if (status == XP_OK) keep_best(run, &last->validate, state->parameters, state->iteration);
  if (status == XP_OK) status = take_best(run, error);
  xp_report_message(run->request->report,
                    "%d functions, stage %d of %d (kappa %.3g): %d iterations, loss %.6g, %.3f meV/atom, %.4f eV/A%s",
                    run->nfunctions, state->stage + 1, run->settings.nstages, run->terms.kappa, state->iteration,
                    run->latest.total, MEV * run->latest.energy_rmse, run->latest.force_rmse,
                    out_of_patience(run) ? " (stopped by the validation data)" : "");
  return status;
}

static xp_status run_stage(xp_ace_run *run, xp_error *error) {
  xp_ace_state *state = &run->state;
  const xp_ace_fit_settings *settings = &run->settings;
  int iterations = settings->stages[state->stage].iterations,
      length = settings->checkpoint ? settings->checkpoint : CYCLE;
  bool lbfgs = settings->solver == XP_ACE_SOLVER_LBFGS;
  xp_ace_cycle_end end = {0};
  xp_status status = state->iteration == 0 && !state->ended ? begin_stage(run, error) : XP_OK;
  while (status == XP_OK && state->iteration < iterations && !state->ended) {
    int room = iterations - state->iteration;
    xp_ace_cycle cycle = {.problem = run->train,
                          .terms = &run->terms,
                          .active = run->active,
                          .radial = settings->trainable == XP_ACE_TRAIN_ALL,
                          .descent = lbfgs,
                          .steps = !lbfgs                  ? room
                                   : state->iteration == 0 ? FIRST_STEPS
                                                           : LATER_STEPS,
                          .iterations = room < length ? room : length,
                          .watch = watch,
                          .user = run,
                          .report = run->request->report};
    int before = state->iteration;
    status = xp_ace_cycle_run(&cycle, state->parameters, &end, error);
    /* a long cycle that ends by itself is worth another one with a fresh factor */
    int done = state->iteration - before;
    state->ended = end.stopped || done == 0 || (end.converged && done <= length / 4);
    if (status == XP_OK) status = write_state(run, error);
  }
  return status == XP_OK ? end_stage(run, error) : status;
}

/* A linear model: one solution by the method asked for. */
static xp_status run_linear(xp_ace_run *run, xp_error *error) {
  xp_ace_state *state = &run->state;
  static const xp_regression_method methods[] = {XP_REGRESSION_QR, XP_REGRESSION_CHOLESKY, XP_REGRESSION_EVIDENCE,
                                                 XP_REGRESSION_ARD};
  xp_ace_terms terms = run->terms;
  bool priors = run->settings.linear == XP_ACE_LINEAR_EVIDENCE || run->settings.linear == XP_ACE_LINEAR_ARD;
  if (priors) terms.L2 = 0.0; /* the prior takes its place */
  xp_ace_start start = {
      run->train,          run->fit, run->basis, &terms, run->fixed, methods[run->settings.linear], run->settings.rcond,
      run->request->report};
  xp_regression regression = {0};
  xp_status status = xp_ace_start_solve(&start, state->parameters, &regression, error);
  if (status == XP_OK)
    xp_report_message(run->request->report, "%d coefficients, rank %d, %.1f effective, condition %.2g, %d pruned",
                      regression.n, regression.rank, regression.effective, regression.condition, regression.pruned);
  xp_regression_clear(&regression);
  if (status == XP_OK)
    status = xp_ace_problem_loss(run->train, &run->terms, state->parameters, false, &run->latest, NULL, error);
  if (status == XP_OK) status = note(run, &run->latest, state->parameters, 0, true, error);
  return status;
}

static xp_status run_stages(xp_ace_run *run, xp_error *error) {
  xp_status status = XP_OK;
  bool linear = run->settings.solver == XP_ACE_SOLVER_LINEAR;
  if (linear) run->state.stage = run->settings.nstages - 1;
  for (; run->state.stage < run->settings.nstages && status == XP_OK; run->state.stage++) {
    set_terms(run, run->state.stage);
    status = linear ? run_linear(run, error) : run_stage(run, error);
    run->state.iteration = run->state.ended = 0;
  }
  return status;
}

/* Parameters of a step that begins: those taken over, or a start of its own. */
static xp_status begin_step(xp_ace_run *run, int adopted, xp_error *error) {
  xp_ace_fit_layout layout = xp_ace_fit_layout_of(run->fit);
  xp_status status = xp_ace_state_resize(&run->state, layout.ntotal, error);
  if (status != XP_OK) return status;
  xp_ace_fit_get(run->fit, run->basis, run->state.parameters);
  run->state.stage = run->state.iteration = run->state.ended = 0;
  run->state.best_validate = INFINITY;
  if (adopted > 0 || run->settings.solver == XP_ACE_SOLVER_LINEAR) return XP_OK;
  set_terms(run, 0);
  xp_ace_start start = {run->train, run->fit,         run->basis,          &run->terms,
                        run->fixed, XP_REGRESSION_QR, run->settings.rcond, run->request->report};
  return xp_ace_start_all(&start, run->state.parameters, error);
}

static xp_status read_initial(const xp_ace_run *run, xp_ace_basis **initial, xp_error *error) {
  xp_bytes bytes = {0};
  *initial = NULL;
  if (!run->settings.initial_potential) return XP_OK;
  xp_status status = xp_bytes_read(&bytes, run->settings.initial_potential, error);
  if (status == XP_OK) status = xp_ace_basis_parse(initial, &bytes, error);
  xp_bytes_free(&bytes);
  return status;
}

/* The basis of the next step: *basis is replaced; *last: all functions are in it. */
static xp_status next_basis(const xp_ace_run *run, long *grown, int whole, xp_ace_basis **basis, bool *last,
                            xp_error *error) {
  const xp_ace_fit_settings *s = &run->settings;
  int count = 0;
  for (int i = 0; *basis && i < (*basis)->nelements; ++i) count += (*basis)->nfunctions[i];
  long more = lround(s->ladder_fraction * count);
  if (more < s->ladder_functions) more = s->ladder_functions;
  bool ladder = s->ladder_functions > 0 || s->ladder_fraction > 0.0;
  *grown = ladder ? *grown + (more > 0 ? more : 1) : -1;
  xp_ace_basis_free(*basis);
  *basis = NULL;
  xp_status status = xp_ace_input_basis(basis, &run->input, *grown, s->ladder_type, error);
  count = 0;
  for (int i = 0; status == XP_OK && i < (*basis)->nelements; ++i) count += (*basis)->nfunctions[i];
  *last = !ladder || count >= whole;
  return status;
}

static xp_status count_whole(const xp_ace_run *run, int *whole, xp_error *error) {
  xp_ace_basis *basis = NULL;
  xp_status status = xp_ace_input_basis(&basis, &run->input, -1, run->settings.ladder_type, error);
  *whole = 0;
  for (int i = 0; status == XP_OK && i < basis->nelements; ++i) *whole += basis->nfunctions[i];
  xp_ace_basis_free(basis);
  return status;
}

/* Takes over what the initial potential has, then what the step before has; NULL: there is none. */
static xp_status adopt_both(xp_ace_run *run, const xp_ace_basis *initial, const xp_ace_basis *before, int *adopted,
                            xp_error *error) {
  int count = 0;
  *adopted = 0;
  xp_status status = initial ? xp_ace_basis_adopt(run->basis, initial, adopted, error) : XP_OK;
  if (status == XP_OK && before) status = xp_ace_basis_adopt(run->basis, before, &count, error);
  *adopted += count;
  return status;
}

/* Everything of one step. */
static xp_status run_step(xp_ace_run *run, const xp_ace_basis *initial, const xp_ace_basis *before, xp_error *error) {
  int adopted;
  xp_status status = adopt_both(run, initial, before, &adopted, error);
  if (status == XP_OK) status = open_step(run, error);
  if (status != XP_OK) return status;
  if (run->resumed && run->state.nparameters != xp_ace_fit_layout_of(run->fit).ntotal)
    return xp_error_at(error, (xp_place){run->checkpoint, 0, 0},
                       "the checkpoint has another number of parameters; remove it");
  if (!run->resumed)
    status = begin_step(run, adopted, error);
  else if (run->state.npoints > 0)
    run->latest = run->state.points[run->state.npoints - 1].train;
  run->resumed = false;
  for (int s = run->state.stage; s < run->settings.nstages; ++s) run->todo += run->settings.stages[s].iterations;
  run->todo -= run->state.iteration;
  if (status == XP_OK) status = run_stages(run, error);
  if (status == XP_OK) xp_ace_fit_put(run->fit, run->state.parameters, run->basis);
  return status;
}

static xp_status run_ladder(xp_ace_run *run, const xp_ace_basis *initial, xp_error *error) {
  xp_ace_basis *next = NULL, *before = NULL;
  long grown = 0;
  int whole;
  bool last = false;
  xp_status status = count_whole(run, &whole, error);
  for (int step = 0; status == XP_OK && !last; ++step) {
    status = next_basis(run, &grown, whole, &next, &last, error);
    if (status != XP_OK || (run->resumed && step < run->state.step)) continue;
    xp_ace_basis_free(before);
    before = run->basis;
    run->basis = NULL;
    status = xp_ace_basis_copy(&run->basis, next, error);
    if (!run->resumed) run->state.step = step;
    if (status == XP_OK) status = run_step(run, initial, before, error);
  }
  xp_ace_basis_free(next);
  xp_ace_basis_free(before);
  return status;
}

static xp_status check_settings(const xp_ace_run *run, xp_error *error) {
  const xp_ace_fit_settings *s = &run->settings;
  xp_place place = {run->request->config->path, 0, 0};
  if (s->solver != XP_ACE_SOLVER_LINEAR) return XP_OK;
  for (int i = 0; i < run->input.nelements; ++i) {
    const xp_ace_embedding *e = &run->input.embeddings[i];
    if (e->ndensity != 1 || e->fs_parameters[1] != 1.0)
      return xp_error_at(
          error, place,
          "solver \"linear\" needs one density with exponent 1, %s has %d with exponent %g; choose solver "
          "\"lbfgs\" or \"lm\"",
          run->input.elements[i], e->ndensity, e->fs_parameters[1]);
  }
  if (s->L1_coeffs > 0.0 || s->huber_energy > 0.0 || s->huber_force > 0.0)
    return xp_error_at(error, place,
                       "L1_coeffs, huber_energy and huber_force need solver \"lbfgs\"; remove them or choose it");
  return XP_OK;
}

static bool any_above(const double *weights, long n) {
  for (long i = 0; i < n; ++i)
    if (weights[i] > 0.0) return true;
  return false;
}

/* A stage whose loss has no data in it would find nothing and look well. */
static xp_status check_labels(const xp_ace_run *run, xp_error *error) {
  const xp_ace_fit_settings *s = &run->settings;
  const xp_fit_weights *w = &run->weights;
  bool energies = any_above(w->energy, w->nstructures), forces = any_above(w->force, w->first[w->nstructures]);
  bool virials = s->virial_weight > 0.0 && any_above(w->virial, w->nstructures);
  for (int stage = 0; stage < s->nstages; ++stage) {
    double kappa = s->kappa_auto ? 0.5 : s->stages[stage].kappa;
    if ((kappa < 1.0 && energies) || (kappa > 0.0 && forces) || virials) continue;
    return xp_error_at(error, (xp_place){run->data->path, 0, 0},
                       "stage %d of the fit (kappa %g) has nothing to fit to: it needs %s, and no structure with a "
                       "weight above zero has them; check data.energy_key, data.forces_key and the weights",
                       stage + 1, kappa,
                       kappa == 0.0   ? "energies"
                       : kappa == 1.0 ? "forces"
                                      : "energies or forces");
  }
  return XP_OK;
}

xp_status xp_ace_run_all(xp_ace_run *run, xp_ace_result *result, xp_error *error) {
  xp_ace_basis *initial = NULL;
  run->start = xp_report_clock();
  xp_status status = check_settings(run, error);
  if (status == XP_OK) status = check_labels(run, error);
  if (status == XP_OK) status = read_initial(run, &initial, error);
  if (status == XP_OK && run->checkpoint[0])
    status = xp_ace_state_read(&run->state, run->checkpoint, run->fingerprint, &run->resumed, error);
  if (status == XP_OK && run->resumed)
    xp_report_message(run->request->report, "going on from %s: stage %d, iteration %d", run->checkpoint,
                      run->state.stage + 1, run->state.iteration);
  if (status == XP_OK) status = run_ladder(run, initial, error);
  xp_ace_basis_free(initial);
  if (status != XP_OK) return status;
  if (run->curve[0] && xp_parallel_rank() == 0) status = xp_ace_curve_write(&run->state, run->curve, error);
  result->basis = run->basis;
  run->basis = NULL;
  result->train = run->latest;
  result->parameters = run->state.nparameters;
  for (int p = 0; p < run->state.npoints; ++p) result->iterations += run->state.points[p].iteration > 0;
  return status;
}
