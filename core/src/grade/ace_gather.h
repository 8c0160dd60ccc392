/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From neighbourhoods to batches of the fitting kernels, without what only fitting needs. */
#ifndef XPOT_ACE_GATHER_H
#define XPOT_ACE_GATHER_H

#include "grade/canonical.h"
#include "neighbour/order.h"
#include "training/scratch.h"

/* Begin with zeros. */
typedef struct xp_ace_gather {
  xp_order order;
  xp_canonical canonical;
  int *sorted; /* [capacity] of each atom, from first[atom] on: its neighbours within the cutoff, numbered from
                  first[atom] on, species after species in canonical order; owned */
  size_t capacity;
  size_t most; /* neighbours of an atom */
} xp_ace_gather;

void xp_ace_gather_clear(xp_ace_gather *gather);

/* Sorts neighbours of all atoms, then atoms into batches. elements [nelements]: species of the neighbourhoods in the basis. */
xp_status xp_ace_gather_sort(xp_ace_gather *gather, const xp_ace_fit *fit, const int *elements, int nelements,
                             const xp_neighbourhoods *neighbourhoods, xp_error *error);

/* Fills the batch with atoms from position `begin` of gather->order on, ready for a forward pass without motion; *count:
 * how many. */
xp_status xp_ace_gather_batch(const xp_ace_gather *gather, xp_ace_fit_scratch *scratch, const int *elements,
                              const xp_neighbourhoods *neighbourhoods, int begin, int *count, xp_error *error);

#endif
