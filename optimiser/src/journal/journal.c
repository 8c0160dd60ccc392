/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "journal/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/line.h"
#include "xpot/file.h"

typedef struct record {
  double *values; /* [xp_space_count] */
  xp_trial trial;
} record;

struct xp_journal {
  char *path;
  const xp_space *space;
  int file;        /* descriptor, -1 when only read */
  off_t size;      /* bytes of whole lines */
  record *records; /* [count] */
  int count;
  int capacity;
  int *order; /* [nresults], room for capacity: the trial of each result */
  int nresults;
};

int xp_journal_count(const xp_journal *journal) {
  return journal->count;
}

const xp_trial *xp_journal_trial(const xp_journal *journal, int number) {
  return &journal->records[number - 1].trial;
}

const double *xp_journal_values(const xp_journal *journal, int number) {
  return journal->records[number - 1].values;
}

int xp_journal_results(const xp_journal *journal) {
  return journal->nresults;
}

int xp_journal_result(const xp_journal *journal, int result) {
  return journal->order[result - 1];
}

void xp_journal_free(xp_journal *journal) {
  if (!journal) return;
  for (int index = 0; index < journal->count; ++index) {
    free(journal->records[index].values);
    xp_trial_clear(&journal->records[index].trial);
  }
  free(journal->records);
  free(journal->order);
  if (journal->file >= 0) close(journal->file); /* drops the lock */
  free(journal->path);
  free(journal);
}

static xp_status journal_new(xp_journal **journal, const char *path, const xp_space *space, xp_error *error) {
  *journal = calloc(1, sizeof **journal);
  if (!*journal) return xp_error_memory(error, "the journal");
  (*journal)->file = -1;
  (*journal)->space = space;
  (*journal)->path = strdup(path);
  if ((*journal)->path) return XP_OK;
  xp_journal_free(*journal);
  *journal = NULL;
  return xp_error_memory(error, "the journal");
}

static xp_status system_error(const xp_journal *journal, const char *action, xp_error *error) {
  return xp_error_set(error, XP_ERROR_IO, "%s: cannot %s the journal: %s", journal->path, action, strerror(errno));
}

/* Room for one more trial and its result; records[count] is zeroed but for its values. */
static xp_status reserve(xp_journal *journal, xp_error *error) {
  if (journal->count == journal->capacity) {
    int capacity = journal->capacity ? 2 * journal->capacity : 64;
    record *records = realloc(journal->records, (size_t)capacity * sizeof *records);
    if (records) journal->records = records;
    int *order = realloc(journal->order, (size_t)capacity * sizeof *order);
    if (order) journal->order = order;
    if (!records || !order) return xp_error_memory(error, "the trials of the journal");
    journal->capacity = capacity;
  }
  record *next = &journal->records[journal->count];
  *next = (record){.values = calloc((size_t)xp_space_count(journal->space), sizeof(double))};
  return next->values ? XP_OK : xp_error_memory(error, "the trials of the journal");
}

/* Gives back what reserve made when the record is not needed. */
static void unreserve(xp_journal *journal) {
  free(journal->records[journal->count].values);
}

/* The result becomes that of a trial; takes over its members. */
static void set_result(xp_journal *journal, int number, xp_trial *result) {
  xp_trial *trial = &journal->records[number - 1].trial;
  result->fidelity = trial->fidelity;
  result->of = trial->of;
  *trial = *result;
  *result = (xp_trial){0};
  journal->order[journal->nresults++] = number;
}

/* ---- reading ---- */

static xp_status check_start(const xp_journal *journal, const xp_event *event, xp_place place, xp_error *error) {
  if (event->number != journal->count + 1)
    return xp_error_at(error, place, "expected the start of trial %d, found trial %d; " XP_JOURNAL_RESTORE,
                       journal->count + 1, event->number);
  int of = event->trial.of;
  if (of == 0) return XP_OK;
  size_t size = (size_t)xp_space_count(journal->space) * sizeof *event->values;
  if (of > journal->count || memcmp(journal->records[of - 1].values, event->values, size) != 0 ||
      !(journal->records[of - 1].trial.fidelity < event->trial.fidelity))
    return xp_error_at(error, place, "trial %d is not the point of trial %d at a higher fidelity; " XP_JOURNAL_RESTORE,
                       event->number, of);
  return XP_OK;
}

static xp_status check_result(const xp_journal *journal, const xp_event *event, xp_place place, xp_error *error) {
  if (event->number > journal->count)
    return xp_error_at(error, place, "found a result of trial %d, which did not start; " XP_JOURNAL_RESTORE,
                       event->number);
  if (journal->records[event->number - 1].trial.status != XP_TRIAL_PENDING)
    return xp_error_at(error, place, "found a second result of trial %d; " XP_JOURNAL_RESTORE, event->number);
  return XP_OK;
}

static xp_status read_event(xp_journal *journal, const char *line, size_t size, xp_place place, xp_error *error) {
  xp_status status = reserve(journal, error);
  if (status != XP_OK) return status;
  record *next = &journal->records[journal->count];
  xp_event event = {.values = next->values};
  status = xp_line_read_event(journal->space, line, size, place, &event, error);
  if (status == XP_OK)
    status = event.start ? check_start(journal, &event, place, error) : check_result(journal, &event, place, error);
  if (status == XP_OK && event.start) {
    next->trial = event.trial;
    ++journal->count;
    return XP_OK;
  }
  unreserve(journal);
  if (status == XP_OK)
    set_result(journal, event.number, &event.trial);
  else
    xp_trial_clear(&event.trial);
  return status;
}

/* Reads the events behind the header from whole bytes that end in a newline. */
static xp_status read_events(xp_journal *journal, const char *data, size_t whole, xp_error *error) {
  const char *line = (const char *)memchr(data, '\n', whole) + 1;
  xp_place place = {.file = journal->path, .line = 2, .column = 0};
  for (; line < data + whole; ++place.line) {
    const char *newline = memchr(line, '\n', (size_t)(data + whole - line));
    xp_status status = read_event(journal, line, (size_t)(newline - line), place, error);
    if (status != XP_OK) return status;
    line = newline + 1;
  }
  return XP_OK;
}

/* Reads all whole lines; journal->size becomes their bytes, 0 when there is not even a header but nothing that contradicts
 * the expected one: then a kill hit its very first write. */
static xp_status read_lines(xp_journal *journal, const xp_bytes *bytes, const char *header, xp_error *error) {
  size_t whole = bytes->size;
  while (whole > 0 && bytes->data[whole - 1] != '\n') --whole;
  journal->size = (off_t)whole;
  if (whole == 0 && bytes->size < strlen(header) && !memcmp(bytes->data, header, bytes->size)) return XP_OK;
  const char *newline = memchr(bytes->data, '\n', bytes->size);
  size_t first = newline ? (size_t)(newline - bytes->data) : bytes->size;
  xp_place place = {.file = journal->path, .line = 1, .column = 0};
  xp_status status = xp_line_check_header(bytes->data, first, header, place, error);
  if (status == XP_OK && whole == 0)
    return xp_error_at(error, place, "expected a newline behind the header; restore the file from a copy");
  return status == XP_OK ? read_events(journal, bytes->data, whole, error) : status;
}

xp_status xp_journal_read(xp_journal **journal, const char *path, const xp_journal_header *header, xp_error *error) {
  *journal = NULL;
  char *text = NULL;
  xp_bytes bytes = {0};
  xp_journal *opened = NULL;
  xp_status status = xp_line_header(header, &text, error);
  if (status == XP_OK) status = xp_bytes_read(&bytes, path, error);
  if (status == XP_OK) status = journal_new(&opened, path, header->space, error);
  if (status == XP_OK) status = read_lines(opened, &bytes, text, error);
  xp_bytes_free(&bytes);
  free(text);
  if (status == XP_OK)
    *journal = opened;
  else
    xp_journal_free(opened);
  return status;
}

/* ---- writing ---- */

static xp_status open_locked(xp_journal *journal, xp_error *error) {
  journal->file = open(journal->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (journal->file < 0) return system_error(journal, "open", error);
  struct stat about;
  if (fstat(journal->file, &about) != 0) return system_error(journal, "examine", error);
  if (!S_ISREG(about.st_mode))
    return xp_error_set(error, XP_ERROR_IO, "%s: expected a regular file for the journal; give another output folder",
                        journal->path);
  if (flock(journal->file, LOCK_EX | LOCK_NB) == 0) return XP_OK;
  if (errno == EWOULDBLOCK)
    return xp_error_set(error, XP_ERROR_IO,
                        "%s: another process is writing this journal; wait for it or give another output folder",
                        journal->path);
  return system_error(journal, "lock", error);
}

/* A new name in a folder is safe only after the folder itself is synced. */
static xp_status sync_folder(const xp_journal *journal, xp_error *error) {
  char *copy = strdup(journal->path);
  if (!copy) return xp_error_memory(error, "the name of the journal's folder");
  int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  free(copy);
  /* EINVAL: a file system that does not sync folders, where there is nothing to do */
  xp_status status = folder < 0 || (fsync(folder) != 0 && errno != EINVAL)
                         ? system_error(journal, "sync the folder of", error)
                         : XP_OK;
  if (folder >= 0) close(folder);
  return status;
}

/* Appends a line and syncs it, or leaves the file as it was. */
static xp_status append_line(xp_journal *journal, const char *text, xp_error *error) {
  size_t length = strlen(text), written = 0;
  while (written < length) {
    ssize_t bytes = write(journal->file, text + written, length - written);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) break;
    written += (size_t)bytes;
  }
  if (written == length && fsync(journal->file) == 0) {
    journal->size += (off_t)length;
    return XP_OK;
  }
  int reason = errno;
  bool restored = ftruncate(journal->file, journal->size) == 0;
  return xp_error_set(error, XP_ERROR_IO, "%s: cannot write the journal: %s; %s", journal->path, strerror(reason),
                      restored ? "all that was written before is safe: make room and run the same command again"
                               : "its last line is incomplete and will be dropped when the same command is run again");
}

/* Cuts off what a kill left behind the last whole line. */
static xp_status drop_half_line(xp_journal *journal, size_t found, void (*notice)(void *user, const char *sentence),
                                void *user, xp_error *error) {
  if ((off_t)found == journal->size) return XP_OK;
  if (ftruncate(journal->file, journal->size) != 0 || fsync(journal->file) != 0)
    return system_error(journal, "shorten", error);
  if (!notice) return XP_OK;
  char sentence[XP_ERROR_SIZE];
  snprintf(sentence, sizeof sentence, "%s: dropped %lld bytes of a last line that was cut off while it was written",
           journal->path, (long long)found - (long long)journal->size);
  notice(user, sentence);
  return XP_OK;
}

static xp_status begin(xp_journal *journal, const char *header, xp_error *error) {
  xp_status status = append_line(journal, header, error);
  if (status == XP_OK) status = sync_folder(journal, error);
  if (status != XP_OK) unlink(journal->path);
  return status;
}

static xp_status resume(xp_journal *journal, const char *header, void (*notice)(void *user, const char *sentence),
                        void *user, xp_error *error) {
  xp_bytes bytes = {0};
  xp_status status = xp_bytes_read(&bytes, journal->path, error);
  if (status == XP_OK) status = read_lines(journal, &bytes, header, error);
  if (status == XP_OK) status = drop_half_line(journal, bytes.size, notice, user, error);
  if (status == XP_OK && journal->size == 0) status = begin(journal, header, error);
  xp_bytes_free(&bytes);
  return status;
}

xp_status xp_journal_open(xp_journal **journal, const char *path, const xp_journal_header *header,
                          void (*notice)(void *user, const char *sentence), void *user, xp_error *error) {
  *journal = NULL;
  char *text = NULL;
  xp_journal *opened = NULL;
  xp_status status = xp_line_header(header, &text, error);
  if (status == XP_OK) status = journal_new(&opened, path, header->space, error);
  if (status == XP_OK) status = open_locked(opened, error);
  if (status == XP_OK) status = resume(opened, text, notice, user, error);
  free(text);
  if (status == XP_OK)
    *journal = opened;
  else
    xp_journal_free(opened);
  return status;
}

static xp_status append_event(xp_journal *journal, const xp_event *event, xp_error *error) {
  char *text = NULL;
  xp_status status = xp_line_event(journal->space, event, &text, error);
  if (status == XP_OK) status = append_line(journal, text, error);
  free(text);
  return status;
}

xp_status xp_journal_start(xp_journal *journal, const double *values, double fidelity, int of, xp_error *error) {
  xp_status status = reserve(journal, error);
  if (status != XP_OK) return status;
  record *next = &journal->records[journal->count];
  memcpy(next->values, values, (size_t)xp_space_count(journal->space) * sizeof *values);
  next->trial = (xp_trial){.status = XP_TRIAL_PENDING, .fidelity = fidelity, .of = of};
  xp_event event = {.start = true, .number = journal->count + 1, .values = next->values, .trial = next->trial};
  status = append_event(journal, &event, error);
  if (status == XP_OK)
    ++journal->count;
  else
    unreserve(journal);
  return status;
}

xp_status xp_journal_finish(xp_journal *journal, int number, xp_trial *result, xp_error *error) {
  xp_event event = {.number = number, .trial = *result};
  xp_status status = append_event(journal, &event, error);
  if (status == XP_OK) set_result(journal, number, result);
  return status;
}
