/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_MASSES_H
#define XPOT_MASSES_H

/* Standard atomic weight of an element, g/mol (IUPAC 2021, abridged; mass number of the longest-lived isotope where there is
 * none), or 0 for an unknown symbol. */
double xp_mass_find(const char *symbol);

#endif
