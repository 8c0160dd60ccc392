/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A YAML document as a tree that remembers where everything stood. Scalars stay text: nothing is ever guessed to be a
 * boolean, a date or a number, so the element symbols No, Y and N are safe. Anchors and aliases are refused. */
#ifndef XPOT_ACE_YAML_TREE_H
#define XPOT_ACE_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "xpot/error.h"

typedef enum xp_yaml_type { XP_YAML_SCALAR, XP_YAML_SEQUENCE, XP_YAML_MAPPING } xp_yaml_type;

typedef struct xp_yaml_node {
  xp_yaml_type type;
  int line, column; /* from 1 */
  int size;         /* children; a mapping has keys and values in turn */
  int first, next;  /* first child and next sibling, -1: none */
  size_t text;      /* offset of a scalar's text */
} xp_yaml_node;

typedef struct xp_yaml_tree xp_yaml_tree;

/* Where the text comes from. */
typedef struct xp_yaml_source {
  const char *name; /* of the file, for messages; borrowed */
  /* Fills the buffer with at most size bytes; 0 at the end. */
  size_t (*read)(void *state, char *buffer, size_t size);
  void *state;
} xp_yaml_source;

/* Parses the one document of a text. */
xp_status xp_yaml_parse(xp_yaml_tree **tree, const xp_yaml_source *source, xp_error *error);

/* NULL is allowed. */
void xp_yaml_free(xp_yaml_tree *tree);

const xp_yaml_node *xp_yaml_root(const xp_yaml_tree *tree);

/* NULL behind the last one. */
const xp_yaml_node *xp_yaml_first(const xp_yaml_tree *tree, const xp_yaml_node *node);
const xp_yaml_node *xp_yaml_next(const xp_yaml_tree *tree, const xp_yaml_node *node);

/* Text of a scalar. */
const char *xp_yaml_text(const xp_yaml_tree *tree, const xp_yaml_node *node);

xp_place xp_yaml_place(const xp_yaml_tree *tree, const xp_yaml_node *node);

/* Checked reading; what names the value in messages. */
xp_status xp_yaml_expect(const xp_yaml_tree *tree, const xp_yaml_node *node, xp_yaml_type type, const char *what,
                         xp_error *error);
xp_status xp_yaml_int(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, int *value,
                      xp_error *error);
/* Finite numbers only. */
xp_status xp_yaml_double(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, double *value,
                         xp_error *error);
/* Copies of the text and of a list; the caller frees. count < 0: any length. */
xp_status xp_yaml_string(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, char **value,
                         xp_error *error);
xp_status xp_yaml_doubles(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, long count,
                          double **values, xp_error *error);

/* A list and its length; count < 0: any. */
xp_status xp_yaml_expect_list(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, long count,
                              xp_error *error);
/* The entries of a list into an array that has room for them. */
xp_status xp_yaml_fill_ints(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, int *values,
                            xp_error *error);
xp_status xp_yaml_fill_doubles(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, double *values,
                               xp_error *error);

/* One key a mapping may have; node is filled, NULL when absent. */
typedef struct xp_yaml_field {
  const char *key;
  bool required;
  const xp_yaml_node *node;
} xp_yaml_field;

/* Finds the fields of a mapping; unknown, repeated and missing keys are errors. */
xp_status xp_yaml_fields(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, xp_yaml_field *fields,
                         int nfields, xp_error *error);

#endif
