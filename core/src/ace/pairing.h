/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds shared partial products: the greedy pairing of Re-Pair (Larsson, Moffat, Proc. IEEE 88, 1722 (2000)), on
 * unordered products instead of text. */
#ifndef XPOT_ACE_PAIRING_H
#define XPOT_ACE_PAIRING_H

#include "ace/product.h"

/* Shortens every term to two factors. inner[ninner] become the new slots first_slot, first_slot + 1, ..., each the
 * product of two smaller slots; the caller frees it. */
xp_status xp_ace_pairing_run(xp_ace_term *terms, int nterms, int first_slot, int (**inner)[2], int *ninner,
                             xp_error *error);

#endif
