/* SPDX-License-Identifier: GPL-2.0-or-later */
/* program_invocation_short_name */
#define _GNU_SOURCE
/* Preloaded into a program: counts what it allocates and says so at its end. */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_long count;

void *malloc(size_t size) {
  ++count;
  return __libc_malloc(size);
}

void *calloc(size_t n, size_t size) {
  ++count;
  return __libc_calloc(n, size);
}

void *realloc(void *memory, size_t size) {
  ++count;
  return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  ++count;
  return __libc_memalign(alignment, size);
}

__attribute__((destructor)) static void say(void) {
  fprintf(stderr, "allocations of %s: %ld\n", program_invocation_short_name, (long)count);
}
