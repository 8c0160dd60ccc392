/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "objective/survival_log.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What fix halt says, before the number of the step. */
#define HALT "Fix halt condition for fix-id stop met on step "
/* Exit statuses of a shell above this stand for signals. */
#define SIGNALS 128

/* A line that begins with a text; NULL when there is none. */
static const char *find_line(const char *output, const char *text) {
  const char *at = output;
  while ((at = strstr(at, text)) && at != output && at[-1] != '\n') ++at;
  return at;
}

bool xp_survival_is_ready(const char *output, int exit_status) {
  return exit_status == 0 && find_line(output, XP_SURVIVAL_READY);
}

int xp_survival_complaint(const char *output, const char **line) {
  *line = find_line(output, "ERROR");
  if (!*line) *line = output[0] ? output : "it said nothing";
  return (int)strcspn(*line, "\n");
}

/* Whether a line is one of thermodynamic output: three numbers. */
static bool read_row(const char *line, double row[3]) {
  const char *end = line + strcspn(line, "\n");
  for (int k = 0; k < 3; ++k) {
    char *behind;
    row[k] = strtod(line, &behind);
    if (behind == line || behind > end) return false;
    line = behind;
  }
  return line + strspn(line, " ") == end;
}

/* The step of the last line of thermodynamic output with finite numbers; 0 without one. */
static double last_step(const char *output) {
  double last = 0.0, row[3];
  for (const char *line = output; *line; line += strcspn(line, "\n"), line += *line == '\n')
    if (read_row(line, row) && isfinite(row[1]) && isfinite(row[2])) last = row[0];
  return last;
}

/* LAMMPS's sentence without "ERROR on proc 0: " and the place in LAMMPS's source behind it. */
static void quote(xp_survival_fate *fate, const char *line) {
  int length = (int)strcspn(line, "\n");
  const char *colon = strstr(line, ": "), *source = strstr(line, " (src/");
  if (source && source < line + length) length = (int)(source - line);
  if (colon && colon < line + length) length -= (int)(colon + 2 - line), line = colon + 2;
  snprintf(fate->reason, sizeof fate->reason, "%.*s", length, line);
}

static void tell_death(xp_survival_fate *fate, const char *output, int exit_status,
                       const xp_survival_settings *settings) {
  const char *error = find_line(output, "ERROR"), *halt = error ? strstr(error, HALT) : NULL;
  fate->step = last_step(output);
  if (halt && sscanf(halt + strlen(HALT), "%lf", &fate->step) == 1)
    snprintf(fate->reason, sizeof fate->reason, "hotter than %g K, %g times the temperature of the thermostat",
             settings->explode * settings->temperature, settings->explode);
  else if (error)
    quote(fate, error);
  else if (exit_status > SIGNALS)
    snprintf(fate->reason, sizeof fate->reason, "LAMMPS was ended by signal %d", exit_status - SIGNALS);
  else
    snprintf(fate->reason, sizeof fate->reason, "LAMMPS ended before the last step with exit status %d", exit_status);
}

/* The last line of a run that came to its end. */
static void judge_end(xp_survival_fate *fate, const xp_survival_settings *settings, double step, double temperature,
                      double energy) {
  fate->end = XP_SURVIVAL_DIED;
  fate->step = step;
  if (step != (double)settings->steps)
    snprintf(fate->reason, sizeof fate->reason, "expected %ld steps, found %.0f", settings->steps, step);
  else if (!isfinite(energy) || !isfinite(temperature))
    snprintf(fate->reason, sizeof fate->reason, "the last energy or temperature is not a finite number");
  else if (temperature > settings->explode * settings->temperature)
    snprintf(fate->reason, sizeof fate->reason, "the last temperature is %g K, above %g times that of the thermostat",
             temperature, settings->explode);
  else
    fate->end = XP_SURVIVAL_SURVIVED;
}

void xp_survival_read(xp_survival_fate *fate, const char *output, int exit_status,
                      const xp_survival_settings *settings) {
  double step, temperature, energy;
  *fate = (xp_survival_fate){.end = XP_SURVIVAL_DIED};
  if (!find_line(output, XP_SURVIVAL_READY)) {
    const char *line;
    int length = xp_survival_complaint(output, &line);
    fate->end = XP_SURVIVAL_UNREADY;
    snprintf(fate->reason, sizeof fate->reason, "LAMMPS ended before the first step with exit status %d: %.*s",
             exit_status, length, line);
    return;
  }
  const char *end = find_line(output, XP_SURVIVAL_END);
  if (exit_status == 0 && end &&
      sscanf(end + strlen(XP_SURVIVAL_END), "%lf %lf %lf", &step, &temperature, &energy) == 3)
    judge_end(fate, settings, step, temperature, energy);
  else
    tell_death(fate, output, exit_status, settings);
}
