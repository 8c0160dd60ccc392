/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two models are one, to the last bit of every number. */
#ifndef XPOT_TEST_ACE_SAME_MODEL_H
#define XPOT_TEST_ACE_SAME_MODEL_H

#include "ace_testing.h"

/* Fails the test unless all but the warnings is the same. */
void ace_test_assert_same(const xp_ace_model *a, const xp_ace_model *b);

#endif
