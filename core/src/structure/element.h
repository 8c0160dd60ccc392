/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_ELEMENT_H
#define XPOT_ELEMENT_H

/* Atomic number of a symbol, H = 1 .. Lr = 103; 0 when it is none of them. */
int xp_element_number(const char *symbol);

#endif
