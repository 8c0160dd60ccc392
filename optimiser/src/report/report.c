/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define LINE 160
#define SECONDS_BETWEEN_LINES 0.2

static void to_standard_error(void *user, const char *sentence) {
  (void)user;
  fflush(stdout); /* where both go to one file, lines stay whole and in order */
  fprintf(stderr, "%s\n", sentence);
}

xp_report xp_report_standard(bool quiet) {
  return (xp_report){.message = quiet ? NULL : to_standard_error, .live = !quiet && isatty(STDERR_FILENO)};
}

void xp_report_end(xp_report *report) {
  if (!report) return;
  report->stage = NULL;
  if (report->width) fprintf(stderr, "\r%*s\r", report->width, "");
  report->width = 0;
}

void xp_report_message(xp_report *report, const char *format, ...) {
  if (!report || !report->message) return;
  char sentence[2048];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(sentence, sizeof sentence, format, arguments);
  va_end(arguments);
  xp_report_end(report);
  report->message(report->user, sentence);
}

static void show(xp_report *report, const char *line) {
  int width = fprintf(stderr, "\r%s", line) - 1;
  if (width < report->width) fprintf(stderr, "%*s", report->width - width, "");
  fflush(stderr);
  report->width = width;
}

void xp_report_line(xp_report *report, const char *format, ...) {
  if (!report || !report->live) return;
  char line[LINE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  show(report, line);
}

void xp_report_stage(xp_report *report, const char *stage, double total) {
  if (!report) return;
  xp_report_end(report);
  report->stage = stage;
  report->total = total;
  report->done = 0.0;
  report->start = report->last = xp_report_clock();
}

void xp_report_advance(xp_report *report, double units) {
  if (!report) return;
  report->done += units;
  double now = xp_report_clock();
  if (!report->live || !report->stage || now - report->last < SECONDS_BETWEEN_LINES) return;
  report->last = now;
  double left = (now - report->start) * (report->total - report->done) / report->done;
  xp_report_line(report, "%s: %.0f %%, %.0f s left", report->stage, 100.0 * report->done / report->total, left);
}

double xp_report_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double xp_report_peak_memory(void) {
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) != 0) return 0.0;
  return (double)usage.ru_maxrss * 1024e-6; /* kibibytes on Linux */
}
