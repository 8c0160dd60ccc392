/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XPOT_OPTIMISER_NUMBER_H
#define XPOT_OPTIMISER_NUMBER_H

/* Room for any number and its zero byte. */
#define XP_NUMBER_SIZE 32

/* The text with the fewest digits (15, 16 or 17) that reads back as exactly this number; "null" when it is not finite. */
void xp_number_format(double number, char text[XP_NUMBER_SIZE]);

#endif
