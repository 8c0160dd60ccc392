/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What trials of the tests of pools do. */
#ifndef XPOT_POOL_MISDEEDS_H
#define XPOT_POOL_MISDEEDS_H

/* Environment variable with the path of a file that some of them write. */
#define XP_MISDEED_FILE "XPOT_MISDEED_FILE"

typedef enum xp_misdeed {
  XP_MISDEED_NONE,
  XP_MISDEED_SLEEP,
  XP_MISDEED_EAT,
  XP_MISDEED_CRASH,
  XP_MISDEED_EXIT,
  XP_MISDEED_PROGRAM,
  XP_MISDEED_DIE_ONCE,
  XP_MISDEED_NAN,
  XP_MISDEED_ERROR
} xp_misdeed;

#endif
