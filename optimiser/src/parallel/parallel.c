/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parallel/parallel.h"

#include <stdlib.h>

#ifdef XPOT_MPI
#include <mpi.h>

/* Counts of MPI are ints. */
#define SLICE ((size_t)1 << 27)

static int rank, size = 1;
static bool begun;

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
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  return XP_OK;
}

void xp_parallel_end(bool failed) {
  if (!begun) return;
  if (failed && size > 1) MPI_Abort(MPI_COMM_WORLD, 1);
  MPI_Finalize();
  begun = false;
}

int xp_parallel_rank(void) {
  return rank;
}

int xp_parallel_size(void) {
  return size;
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
