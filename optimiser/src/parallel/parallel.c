/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parallel/parallel.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef XPOT_MPI
#include <mpi.h>

/* Counts of MPI are ints. */
#define SLICE ((size_t)1 << 27)

/* An error that all processes share is said by the first one, which must not be killed before by another's abort. */
#define SECONDS_TO_SPEAK 2

/* A text on its way. */
typedef struct parcel {
  MPI_Request request;
  char *text;
  struct parcel *next;
} parcel;

static int rank, size = 1, processes = 1;
static bool begun;
static pid_t launcher;
static parcel *parcels;

/* What launchers tell the processes they start; without one of these, MPI would only cost time. */
static bool launched(void) {
  static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK", "MPI_LOCALNRANKS"};
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
    if (getenv(names[i])) return true;
  return false;
}

static xp_status check(int code, xp_error *error) {
  if (code == MPI_SUCCESS) return XP_OK;
  return xp_error_set(error, XP_ERROR_IO, "MPI failed with code %d; is another process of this run gone?", code);
}

xp_status xp_parallel_begin(xp_error *error) {
  if (!launched()) return XP_OK;
  xp_status status = check(MPI_Init(NULL, NULL), error);
  if (status != XP_OK) return status;
  begun = true;
  launcher = getppid();
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  processes = size;
  return XP_OK;
}

/* Forgets texts that have left; all: waits for those that have not. */
static void clear_parcels(bool all) {
  for (parcel **p = &parcels; *p;) {
    parcel *sent = *p;
    int done = 0;
    if (all)
      done = MPI_Wait(&sent->request, MPI_STATUS_IGNORE) == MPI_SUCCESS || true;
    else if (MPI_Test(&sent->request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS)
      done = true; /* collect will say so */
    if (!done) {
      p = &sent->next;
      continue;
    }
    *p = sent->next;
    free(sent->text);
    free(sent);
  }
}

void xp_parallel_end(bool failed) {
  if (!begun) return;
  if (failed && processes > 1) {
    if (rank != 0) sleep(SECONDS_TO_SPEAK);
    MPI_Abort(MPI_COMM_WORLD, 1);
  }
  clear_parcels(true);
  MPI_Finalize();
  begun = false;
}

int xp_parallel_rank(void) {
  return rank;
}

int xp_parallel_size(void) {
  return size;
}

void xp_parallel_separate(void) {
  size = 1;
}

int xp_parallel_processes(void) {
  return processes;
}

bool xp_parallel_orphaned(void) {
  return begun && getppid() != launcher;
}

xp_status xp_parallel_post(int to, int tag, const char *text, xp_error *error) {
  parcel *p = calloc(1, sizeof *p);
  if (p) p->text = strdup(text);
  if (!p || !p->text) {
    free(p);
    return xp_error_memory(error, "a message to another process");
  }
  clear_parcels(false);
  p->next = parcels;
  parcels = p;
  return check(MPI_Isend(p->text, (int)strlen(text) + 1, MPI_CHAR, to, tag, MPI_COMM_WORLD, &p->request), error);
}

xp_status xp_parallel_collect(int *from, int *tag, char **text, xp_error *error) {
  MPI_Status about;
  int waiting = 0, count = 0;
  *text = NULL;
  if (!begun) return XP_OK;
  if (xp_parallel_orphaned()) return xp_error_set(error, XP_ERROR_IO, "what started this process (MPI) is gone");
  clear_parcels(false);
  xp_status status = check(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &waiting, &about), error);
  if (status != XP_OK || !waiting) return status;
  status = check(MPI_Get_count(&about, MPI_CHAR, &count), error);
  if (status == XP_OK && !(*text = malloc((size_t)count + 1))) status = xp_error_memory(error, "a message");
  if (status != XP_OK) return status;
  *from = about.MPI_SOURCE;
  *tag = about.MPI_TAG;
  return check(MPI_Recv(*text, count, MPI_CHAR, *from, *tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE), error);
}

xp_status xp_parallel_sum(double *values, size_t count, xp_error *error) {
  xp_status status = XP_OK;
  for (size_t done = 0; done < count && size > 1 && status == XP_OK; done += SLICE) {
    int n = (int)(count - done < SLICE ? count - done : SLICE);
    /* Reduced in one place and shared, so that all processes have the same bits. */
    if (rank == 0)
      status = check(MPI_Reduce(MPI_IN_PLACE, values + done, n, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD), error);
    else
      status = check(MPI_Reduce(values + done, NULL, n, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD), error);
  }
  return status == XP_OK ? xp_parallel_share(values, count, error) : status;
}

xp_status xp_parallel_share(double *values, size_t count, xp_error *error) {
  xp_status status = XP_OK;
  for (size_t done = 0; done < count && size > 1 && status == XP_OK; done += SLICE) {
    int n = (int)(count - done < SLICE ? count - done : SLICE);
    status = check(MPI_Bcast(values + done, n, MPI_DOUBLE, 0, MPI_COMM_WORLD), error);
  }
  return status;
}

xp_status xp_parallel_agree(xp_status status, xp_error *error) {
  if (size == 1) return status;
  int mine = status == XP_OK ? size : rank, first = size;
  xp_status result = check(MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD), error);
  if (result != XP_OK || first == size) return result;
  xp_error shared = rank == first ? *error : (xp_error){0};
  result = check(MPI_Bcast(&shared, (int)sizeof shared, MPI_BYTE, first, MPI_COMM_WORLD), error);
  if (result != XP_OK) return result;
  *error = shared;
  return shared.status;
}

#else

xp_status xp_parallel_begin(xp_error *error) {
  (void)error;
  return XP_OK;
}

void xp_parallel_end(bool failed) {
  (void)failed;
}

int xp_parallel_rank(void) {
  return 0;
}

int xp_parallel_size(void) {
  return 1;
}

void xp_parallel_separate(void) {}

int xp_parallel_processes(void) {
  return 1;
}

bool xp_parallel_orphaned(void) {
  return false;
}

xp_status xp_parallel_post(int rank, int tag, const char *text, xp_error *error) {
  (void)tag, (void)text;
  return xp_error_set(error, XP_ERROR_IO, "process %d cannot be told of a trial without MPI", rank);
}

xp_status xp_parallel_collect(int *rank, int *tag, char **text, xp_error *error) {
  (void)rank, (void)tag, (void)error;
  *text = NULL;
  return XP_OK;
}

xp_status xp_parallel_sum(double *values, size_t count, xp_error *error) {
  (void)values, (void)count, (void)error;
  return XP_OK;
}

xp_status xp_parallel_share(double *values, size_t count, xp_error *error) {
  (void)values, (void)count, (void)error;
  return XP_OK;
}

xp_status xp_parallel_agree(xp_status status, xp_error *error) {
  (void)error;
  return status;
}

#endif
