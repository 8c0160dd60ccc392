/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Room for the records of an image before they are added. */
#ifndef XPOT_IMAGE_EXTEND_H
#define XPOT_IMAGE_EXTEND_H

#include <stdlib.h>

#include "xpot/ace_image.h"

/* Room for count more records in a member of `image`, whose used ones another member counts; leaves the function with an error
 * in `error` when there is none. */
#define XP_IMAGE_EXTEND(member, used, count)                                                                      \
  do {                                                                                                            \
    void *grown_ = realloc(image->member, ((size_t)image->used + (size_t)(count) + 1) * sizeof *(image->member)); \
    if (!grown_) return xp_error_memory(error, "an ACE image");                                                   \
    image->member = grown_;                                                                                       \
  } while (0)

#endif
