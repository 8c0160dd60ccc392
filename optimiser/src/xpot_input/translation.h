/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the translations of XPOT's inputs share. What is understood is taken out of the input; what is left at the end is reported. */
#ifndef XPOT_OPTIMISER_TRANSLATION_H
#define XPOT_OPTIMISER_TRANSLATION_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "xpot/error.h"

typedef struct xp_translation {
  cJSON *from; /* the input of XPOT; what has been taken is no longer in it; owned */
  cJSON *to;   /* ours; owned */
  void (*note)(void *user, const char *sentence);
  void *user;
  bool whole;  /* ranges keep "whole": the parameters that another code's inputs name */
  bool failed; /* out of memory */
} xp_translation;

/* A sentence for the user. */
void xp_translation_note(xp_translation *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Takes a member out of an object, NULL when there is none or when it says nothing ("" or {}). The caller owns it. */
cJSON *xp_translation_take(cJSON *object, const char *key);

/* The same as text, "" when it is no text; the caller frees it. NULL: absent. */
char *xp_translation_take_text(cJSON *object, const char *key);

/* The same as a number, also of text that is one; standard when absent or something else. */
double xp_translation_take_number(cJSON *object, const char *key, double standard);

/* Takes members that mean nothing here. names ends with NULL. */
void xp_translation_drop(cJSON *object, const char *const *names);

/* An object of ours, made when absent. */
cJSON *xp_translation_section(xp_translation *t, cJSON *parent, const char *name);

/* Adds a value to an object of ours; takes it over; NULL is ignored. Numbers that were written as text become numbers. */
void xp_translation_put(xp_translation *t, cJSON *object, const char *key, cJSON *value);

/* The same for a value that is 0 or 1 there and true or false here. */
void xp_translation_put_flag(xp_translation *t, cJSON *object, const char *key, cJSON *value);

/* The three kinds of inputs: everything but the section xpot. */
void xp_translate_ace(xp_translation *t);
void xp_translate_snap(xp_translation *t);
void xp_translate_gap(xp_translation *t);

/* Translates a whole input file; note gets a sentence on everything that has no counterpart. The caller frees translated. */
xp_status xp_translate(cJSON **translated, const char *path, void (*note)(void *user, const char *sentence), void *user,
                       xp_error *error);

#endif
