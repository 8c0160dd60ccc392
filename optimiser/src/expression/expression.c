/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "expression/expression.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <muParserDLL.h>

#include "config/words.h"

/* muParser's names cannot hold points or braces: name i becomes x<i>. Room for that and its zero byte. */
enum { ALIAS_SIZE = 16, ADVICE_SIZE = 512 };

struct xp_expression {
  muParserHandle_t parser;
  int nnames;
  double *values; /* [nnames] what muParser reads */
  bool *used;     /* [nnames] */
};

/* Copying a text to one that muParser reads. */
typedef struct translation {
  const char *text;
  const char *const *names;
  int nnames;
  xp_place place;
  bool *used;
  char *copy;  /* what is translated so far */
  int *origin; /* of each of its characters in text */
  size_t size; /* of copy */
} translation;

static const char *const functions[] = {"sin",  "cos",   "tan",   "asin",  "acos", "atan", "atan2", "sinh", "cosh",
                                        "tanh", "asinh", "acosh", "atanh", "exp",  "ln",   "log",   "log2", "log10",
                                        "sqrt", "abs",   "sign",  "rint",  "min",  "max",  "sum",   "avg"};
static const char *const constants[] = {"_pi", "_e"};

enum { NFUNCTIONS = sizeof functions / sizeof *functions, NCONSTANTS = sizeof constants / sizeof *constants };

/* ---- characters, whatever the locale ---- */

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t digits_size(const char *text) {
  size_t size = 0;
  while (is_digit(text[size])) ++size;
  return size;
}

/* 12, 0.5, 1e-3 */
static size_t number_size(const char *text) {
  size_t size = digits_size(text);
  if (text[size] == '.') size += 1 + digits_size(text + size + 1);
  if (text[size] != 'e' && text[size] != 'E') return size;
  size_t sign = text[size + 1] == '+' || text[size + 1] == '-';
  size_t exponent = digits_size(text + size + 1 + sign);
  return exponent ? size + 1 + sign + exponent : size;
}

static size_t name_size(const char *text) {
  size_t size = 0;
  while (is_letter(text[size]) || is_digit(text[size]) || text[size] == '.') ++size;
  size_t index = text[size] == '[' ? digits_size(text + size + 1) : 0;
  return index && text[size + 1 + index] == ']' ? size + index + 2 : size;
}

/* ---- translation ---- */

static xp_status wrong(const translation *t, size_t at, xp_error *error, const char *what) {
  return xp_error_at(error, t->place, "expression \"%.200s\": %s at character %d", t->text, what, (int)at + 1);
}

static xp_status unknown(const translation *t, size_t at, const char *kind, const char *name, const char *const *words,
                         int nwords, xp_error *error) {
  char advice[ADVICE_SIZE];
  xp_word_advice(name, words, nwords, advice, sizeof advice);
  return xp_error_at(error, t->place, "expression \"%.200s\": unknown %s \"%s\" at character %d%s", t->text, kind, name,
                     (int)at + 1, advice);
}

static int find(const char *const *words, int nwords, const char *word) {
  for (int i = 0; i < nwords; ++i)
    if (strcmp(words[i], word) == 0) return i;
  return -1;
}

static void copy_part(translation *t, const char *part, size_t size, size_t origin) {
  memcpy(t->copy + t->size, part, size);
  for (size_t i = 0; i < size; ++i) t->origin[t->size + i] = (int)origin;
  t->size += size;
}

static xp_status copy_name(translation *t, size_t at, const char *name, bool called, xp_error *error) {
  if (called && find(functions, NFUNCTIONS, name) < 0)
    return unknown(t, at, "function", name, functions, NFUNCTIONS, error);
  int index = called ? -1 : find(t->names, t->nnames, name);
  if (called || (index < 0 && find(constants, NCONSTANTS, name) >= 0)) {
    copy_part(t, name, strlen(name), at);
    return XP_OK;
  }
  if (index < 0) return unknown(t, at, "name", name, t->names, t->nnames, error);
  char alias[ALIAS_SIZE];
  int size = snprintf(alias, sizeof alias, "x%d", index);
  copy_part(t, alias, (size_t)size, at);
  t->used[index] = true;
  return XP_OK;
}

/* A name of size characters at start; *at moves behind it and its closing brace. */
static xp_status translate_name(translation *t, size_t *at, size_t start, size_t size, xp_error *error) {
  char *name = strndup(t->text + start, size);
  if (!name) return xp_error_memory(error, "an expression");
  bool braces = start > *at;
  size_t end = start + size + braces, next = end;
  while (is_blank(t->text[next])) ++next;
  xp_status status = copy_name(t, *at, name, !braces && t->text[next] == '(', error);
  free(name);
  *at = end;
  return status;
}

static bool compares(const char *text, size_t at) {
  return text[at + 1] == '=' || (at > 0 && strchr("=<>!", text[at - 1]));
}

static xp_status translate_next(translation *t, size_t *at, xp_error *error) {
  const char *text = t->text + *at;
  if (*text == '{') {
    const char *end = strchr(text, '}');
    if (!end) return wrong(t, *at, error, "the brace has no end");
    return translate_name(t, at, *at + 1, (size_t)(end - text) - 1, error);
  }
  if (is_letter(*text)) return translate_name(t, at, *at, name_size(text), error);
  if (*text == '=' && !compares(t->text, *at)) return wrong(t, *at, error, "expected a comparison (==), found =");
  if (!is_blank(*text) && !is_digit(*text) && !strchr(".+-*/^()<>=!&|?:,", *text))
    return wrong(t, *at, error, "there is a character that no expression has,");
  size_t size = is_digit(*text) || *text == '.' ? number_size(text) : 1;
  copy_part(t, text, size, *at);
  *at += size;
  return XP_OK;
}

static xp_status translate(translation *t, xp_error *error) {
  size_t length = strlen(t->text), room = (length + 1) * ALIAS_SIZE, at = 0;
  t->copy = malloc(room);
  t->origin = malloc(room * sizeof *t->origin);
  if (!t->copy || !t->origin) return xp_error_memory(error, "an expression");
  xp_status status = XP_OK;
  while (at < length && status == XP_OK) status = translate_next(t, &at, error);
  t->copy[t->size] = '\0';
  return status;
}

/* ---- muParser ---- */

/* What muParser, which has just read the copy, did not like. */
static xp_status unread(const translation *t, muParserHandle_t parser, xp_error *error) {
  int at = mupGetErrorPos(parser);
  if (at < 0 || (size_t)at >= t->size) return wrong(t, strlen(t->text), error, "it is not complete");
  int origin = t->origin[at];
  return xp_error_at(error, t->place, "expression \"%.200s\": it cannot go on with \"%.40s\" at character %d", t->text,
                     t->text + origin, origin + 1);
}

static xp_status compile(xp_expression *expression, const translation *t, xp_error *error) {
  muParserHandle_t parser = expression->parser;
  for (int i = 0; i < t->nnames; ++i) {
    char alias[ALIAS_SIZE];
    snprintf(alias, sizeof alias, "x%d", i);
    if (t->used[i]) mupDefineVar(parser, alias, &expression->values[i]);
  }
  int count = 0;
  mupSetExpr(parser, t->copy);
  if (!mupError(parser)) mupEvalMulti(parser, &count); /* reads it */
  if (mupError(parser)) return unread(t, parser, error);
  if (count == 1) return XP_OK;
  return xp_error_at(error, t->place, "expression \"%.200s\": expected one value, found %d", t->text, count);
}

xp_status xp_expression_new(xp_expression **expression, const char *text, const char *const *names, int nnames,
                            xp_place place, xp_error *error) {
  *expression = NULL;
  xp_expression *new = calloc(1, sizeof *new);
  if (!new) return xp_error_memory(error, "an expression");
  new->nnames = nnames;
  new->values = calloc((size_t)nnames + 1, sizeof *new->values);
  new->used = calloc((size_t)nnames + 1, sizeof *new->used);
  new->parser = mupCreate(muBASETYPE_FLOAT);
  translation t = {.text = text, .names = names, .nnames = nnames, .place = place, .used = new->used};
  xp_status status = new->values &&new->used &&new->parser ? XP_OK : xp_error_memory(error, "an expression");
  if (status == XP_OK) status = translate(&t, error);
  if (status == XP_OK) status = compile(new, &t, error);
  free(t.copy);
  free(t.origin);
  if (status == XP_OK)
    *expression = new;
  else
    xp_expression_free(new);
  return status;
}

double xp_expression_value(xp_expression *expression, const double *values) {
  if (expression->nnames) memcpy(expression->values, values, (size_t)expression->nnames * sizeof *values);
  double value = mupEval(expression->parser);
  if (mupError(expression->parser)) {
    mupErrorReset(expression->parser);
    return NAN;
  }
  return isfinite(value) ? value : NAN;
}

bool xp_expression_uses(const xp_expression *expression, int name) {
  return expression->used[name];
}

void xp_expression_free(xp_expression *expression) {
  if (!expression) return;
  if (expression->parser) mupRelease(expression->parser);
  free(expression->values);
  free(expression->used);
  free(expression);
}
