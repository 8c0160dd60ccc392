/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/yaml_tree.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

enum {
  DEPTH_MAX = 32,        /* nesting of lists; the formats need 6 */
  KEY_DISTANCE_MAX = 64, /* longest key for which a near one is looked for */
  EXCERPT = 40           /* characters of a wrong value that a message quotes */
};

struct xp_yaml_tree {
  char *name;
  xp_yaml_node *nodes;
  int nnodes, node_capacity;
  char *text;
  size_t text_size, text_capacity;
};

/* The collections that are open while events arrive. */
typedef struct builder {
  xp_yaml_tree *tree;
  int open[DEPTH_MAX]; /* node of each open collection */
  int last[DEPTH_MAX]; /* its last child so far, -1: none */
  int depth;
  int documents;
} builder;

void xp_yaml_free(xp_yaml_tree *tree) {
  if (!tree) return;
  free(tree->name);
  free(tree->nodes);
  free(tree->text);
  free(tree);
}

static bool grow(void **data, size_t capacity, size_t size) {
  void *grown = realloc(*data, capacity * size);
  if (grown) *data = grown;
  return grown != NULL;
}

static xp_place mark_place(const xp_yaml_tree *tree, yaml_mark_t mark) {
  return (xp_place){tree->name, (long)mark.line + 1, (long)mark.column + 1};
}

static xp_status add_text(xp_yaml_tree *tree, const yaml_event_t *event, xp_error *error) {
  size_t length = event->data.scalar.length;
  const char *value = (const char *)event->data.scalar.value;
  if (memchr(value, 0, length))
    return xp_error_at(error, mark_place(tree, event->start_mark),
                       "expected text, found a zero byte; is this file "
                       "damaged?");
  while (tree->text_size + length + 1 > tree->text_capacity) {
    size_t capacity = tree->text_capacity ? 2 * tree->text_capacity : 4096;
    if (!grow((void **)&tree->text, capacity, 1)) return xp_error_memory(error, "a YAML file");
    tree->text_capacity = capacity;
  }
  memcpy(tree->text + tree->text_size, value, length);
  tree->text[tree->text_size + length] = 0;
  tree->nodes[tree->nnodes - 1].text = tree->text_size;
  tree->text_size += length + 1;
  return XP_OK;
}

static xp_status add_node(builder *b, xp_yaml_type type, const yaml_event_t *event, xp_error *error) {
  xp_yaml_tree *tree = b->tree;
  if (tree->nnodes == tree->node_capacity) {
    if (tree->node_capacity > INT_MAX / 2) return xp_error_memory(error, "a YAML file of this size");
    int capacity = tree->node_capacity ? 2 * tree->node_capacity : 256;
    if (!grow((void **)&tree->nodes, (size_t)capacity, sizeof *tree->nodes))
      return xp_error_memory(error, "a YAML file");
    tree->node_capacity = capacity;
  }
  int node = tree->nnodes++;
  tree->nodes[node] = (xp_yaml_node){.type = type,
                                     .line = (int)event->start_mark.line + 1,
                                     .column = (int)event->start_mark.column + 1,
                                     .first = -1,
                                     .next = -1};
  if (b->depth > 0) {
    int *last = &b->last[b->depth - 1];
    xp_yaml_node *parent = &tree->nodes[b->open[b->depth - 1]];
    if (*last < 0)
      parent->first = node;
    else
      tree->nodes[*last].next = node;
    *last = node;
    parent->size++;
  }
  return XP_OK;
}

static xp_status open_collection(builder *b, xp_yaml_type type, const yaml_event_t *event, xp_error *error) {
  if (b->depth == DEPTH_MAX)
    return xp_error_at(error, mark_place(b->tree, event->start_mark),
                       "lists are nested deeper than %d levels, which no potential needs", DEPTH_MAX);
  xp_status status = add_node(b, type, event, error);
  if (status) return status;
  b->open[b->depth] = b->tree->nnodes - 1;
  b->last[b->depth++] = -1;
  return XP_OK;
}

static xp_status refuse_anchor(const builder *b, const yaml_event_t *event, xp_error *error) {
  return xp_error_at(error, mark_place(b->tree, event->start_mark),
                     "YAML anchors and aliases (& and *) are not supported here; write the value out");
}

static xp_status take_event(builder *b, const yaml_event_t *event, xp_error *error) {
  xp_status status = XP_OK;
  switch (event->type) {
  case YAML_DOCUMENT_START_EVENT:
    if (b->documents++)
      return xp_error_at(error, mark_place(b->tree, event->start_mark),
                         "expected the end of the file, found a second YAML document");
    return XP_OK;
  case YAML_ALIAS_EVENT:
    return refuse_anchor(b, event, error);
  case YAML_SCALAR_EVENT:
    if (event->data.scalar.anchor) return refuse_anchor(b, event, error);
    status = add_node(b, XP_YAML_SCALAR, event, error);
    return status ? status : add_text(b->tree, event, error);
  case YAML_SEQUENCE_START_EVENT:
    if (event->data.sequence_start.anchor) return refuse_anchor(b, event, error);
    return open_collection(b, XP_YAML_SEQUENCE, event, error);
  case YAML_MAPPING_START_EVENT:
    if (event->data.mapping_start.anchor) return refuse_anchor(b, event, error);
    return open_collection(b, XP_YAML_MAPPING, event, error);
  case YAML_SEQUENCE_END_EVENT:
  case YAML_MAPPING_END_EVENT:
    b->depth--;
    return XP_OK;
  default:
    return XP_OK;
  }
}

static xp_status syntax_error(const xp_yaml_tree *tree, const yaml_parser_t *parser, xp_error *error) {
  if (parser->error == YAML_MEMORY_ERROR) return xp_error_memory(error, "a YAML file");
  const char *context = parser->context ? parser->context : "";
  return xp_error_at(error, mark_place(tree, parser->problem_mark),
                     "not valid YAML: %s%s%s; is the file cut off or edited?",
                     parser->problem ? parser->problem : "unknown problem", *context ? " " : "", context);
}

static xp_status read_events(builder *b, yaml_parser_t *parser, xp_error *error) {
  for (bool more = true; more;) {
    yaml_event_t event;
    if (!yaml_parser_parse(parser, &event)) return syntax_error(b->tree, parser, error);
    more = event.type != YAML_STREAM_END_EVENT;
    xp_status status = take_event(b, &event, error);
    yaml_event_delete(&event);
    if (status) return status;
  }
  if (b->tree->nnodes == 0) return xp_error_at(error, (xp_place){b->tree->name, 1, 1}, "the file is empty");
  return XP_OK;
}

/* libyaml's read handler: 1 is success. */
static int read_source(void *data, unsigned char *buffer, size_t size, size_t *used) {
  const xp_yaml_source *source = data;
  *used = source->read(source->state, (char *)buffer, size);
  return 1;
}

xp_status xp_yaml_parse(xp_yaml_tree **tree, const xp_yaml_source *source, xp_error *error) {
  *tree = NULL;
  xp_status status = XP_ERROR_MEMORY;
  xp_yaml_source input = *source;
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) return xp_error_memory(error, "a YAML parser");
  builder b = {.tree = calloc(1, sizeof *b.tree)};
  if (b.tree) b.tree->name = strdup(source->name ? source->name : "");
  if (!b.tree || !b.tree->name) {
    xp_error_memory(error, "a YAML file");
    goto done;
  }
  yaml_parser_set_input(&parser, read_source, &input);
  status = read_events(&b, &parser, error);
done:
  yaml_parser_delete(&parser);
  if (status)
    xp_yaml_free(b.tree);
  else
    *tree = b.tree;
  return status;
}

const xp_yaml_node *xp_yaml_root(const xp_yaml_tree *tree) {
  return &tree->nodes[0];
}

const xp_yaml_node *xp_yaml_first(const xp_yaml_tree *tree, const xp_yaml_node *node) {
  return node->first < 0 ? NULL : &tree->nodes[node->first];
}

const xp_yaml_node *xp_yaml_next(const xp_yaml_tree *tree, const xp_yaml_node *node) {
  return node->next < 0 ? NULL : &tree->nodes[node->next];
}

const char *xp_yaml_text(const xp_yaml_tree *tree, const xp_yaml_node *node) {
  return tree->text + node->text;
}

xp_place xp_yaml_place(const xp_yaml_tree *tree, const xp_yaml_node *node) {
  return (xp_place){tree->name, node->line, node->column};
}

static const char *type_name(xp_yaml_type type) {
  switch (type) {
  case XP_YAML_SCALAR:
    return "a single value";
  case XP_YAML_SEQUENCE:
    return "a list";
  case XP_YAML_MAPPING:
    return "a mapping (key: value)";
  }
  return "";
}

xp_status xp_yaml_expect(const xp_yaml_tree *tree, const xp_yaml_node *node, xp_yaml_type type, const char *what,
                         xp_error *error) {
  if (node->type == type) return XP_OK;
  return xp_error_at(error, xp_yaml_place(tree, node), "%s: expected %s, found %s", what, type_name(type),
                     type_name(node->type));
}

xp_status xp_yaml_int(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, int *value,
                      xp_error *error) {
  xp_status status = xp_yaml_expect(tree, node, XP_YAML_SCALAR, what, error);
  if (status) return status;
  const char *text = xp_yaml_text(tree, node);
  char *end;
  errno = 0;
  long number = strtol(text, &end, 10);
  if (end == text || *end || errno || number < INT_MIN || number > INT_MAX)
    return xp_error_at(error, xp_yaml_place(tree, node), "%s: expected an integer, found \"%.*s\"", what, EXCERPT,
                       text);
  *value = (int)number;
  return XP_OK;
}

xp_status xp_yaml_double(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, double *value,
                         xp_error *error) {
  xp_status status = xp_yaml_expect(tree, node, XP_YAML_SCALAR, what, error);
  if (status) return status;
  const char *text = xp_yaml_text(tree, node);
  char *end;
  double number = strtod(text, &end);
  if (end == text || *end || !isfinite(number))
    return xp_error_at(error, xp_yaml_place(tree, node), "%s: expected a finite number, found \"%.*s\"", what, EXCERPT,
                       text);
  *value = number;
  return XP_OK;
}

xp_status xp_yaml_string(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, char **value,
                         xp_error *error) {
  xp_status status = xp_yaml_expect(tree, node, XP_YAML_SCALAR, what, error);
  if (status) return status;
  *value = strdup(xp_yaml_text(tree, node));
  return *value ? XP_OK : xp_error_memory(error, what);
}

xp_status xp_yaml_expect_list(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, long count,
                              xp_error *error) {
  xp_status status = xp_yaml_expect(tree, node, XP_YAML_SEQUENCE, what, error);
  if (status) return status;
  if (count >= 0 && node->size != count)
    return xp_error_at(error, xp_yaml_place(tree, node), "%s: expected %ld entries, found %d", what, count, node->size);
  return XP_OK;
}

xp_status xp_yaml_fill_ints(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, int *values,
                            xp_error *error) {
  xp_status status = XP_OK;
  for (const xp_yaml_node *item = xp_yaml_first(tree, node); item && !status; item = xp_yaml_next(tree, item))
    status = xp_yaml_int(tree, item, what, values++, error);
  return status;
}

xp_status xp_yaml_fill_doubles(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, double *values,
                               xp_error *error) {
  xp_status status = XP_OK;
  for (const xp_yaml_node *item = xp_yaml_first(tree, node); item && !status; item = xp_yaml_next(tree, item))
    status = xp_yaml_double(tree, item, what, values++, error);
  return status;
}

xp_status xp_yaml_doubles(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, long count,
                          double **values, xp_error *error) {
  xp_status status = xp_yaml_expect_list(tree, node, what, count, error);
  if (status) return status;
  *values = malloc(((size_t)node->size + 1) * sizeof **values);
  if (!*values) return xp_error_memory(error, what);
  return xp_yaml_fill_doubles(tree, node, what, *values, error);
}

/* Edit distance (insertions, deletions, replacements). */
static int distance(const char *a, const char *b) {
  int row[KEY_DISTANCE_MAX + 1];
  int n = (int)strlen(b);
  for (int j = 0; j <= n; ++j) row[j] = j;
  for (int i = 0; a[i]; ++i) {
    int diagonal = row[0];
    row[0] = i + 1;
    for (int j = 0; j < n; ++j) {
      int replace = diagonal + (a[i] != b[j]);
      int step = 1 + (row[j] < row[j + 1] ? row[j] : row[j + 1]);
      diagonal = row[j + 1];
      row[j + 1] = replace < step ? replace : step;
    }
  }
  return row[n];
}

static xp_status unknown_key(const xp_yaml_tree *tree, const xp_yaml_node *key, const char *what,
                             const xp_yaml_field *fields, int nfields, xp_error *error) {
  const char *text = xp_yaml_text(tree, key);
  const char *near = NULL;
  int best = 4; /* farther keys are no help */
  for (int i = 0; i < nfields && strlen(text) < KEY_DISTANCE_MAX; ++i) {
    int d = distance(text, fields[i].key);
    if (d < best) {
      best = d;
      near = fields[i].key;
    }
  }
  if (near)
    return xp_error_at(error, xp_yaml_place(tree, key), "%s: unknown key \"%.*s\"; did you mean \"%s\"?", what, EXCERPT,
                       text, near);
  return xp_error_at(error, xp_yaml_place(tree, key), "%s: unknown key \"%.*s\"", what, EXCERPT, text);
}

static xp_yaml_field *find_field(xp_yaml_field *fields, int nfields, const char *key) {
  for (int i = 0; i < nfields; ++i)
    if (strcmp(fields[i].key, key) == 0) return &fields[i];
  return NULL;
}

xp_status xp_yaml_fields(const xp_yaml_tree *tree, const xp_yaml_node *node, const char *what, xp_yaml_field *fields,
                         int nfields, xp_error *error) {
  xp_status status = xp_yaml_expect(tree, node, XP_YAML_MAPPING, what, error);
  if (status) return status;
  for (const xp_yaml_node *key = xp_yaml_first(tree, node); key;) {
    const xp_yaml_node *value = xp_yaml_next(tree, key);
    status = xp_yaml_expect(tree, key, XP_YAML_SCALAR, "key", error);
    if (status) return status;
    xp_yaml_field *field = find_field(fields, nfields, xp_yaml_text(tree, key));
    if (!field) return unknown_key(tree, key, what, fields, nfields, error);
    if (field->node)
      return xp_error_at(error, xp_yaml_place(tree, key), "%s: key \"%s\" appears twice, first in line %d", what,
                         field->key, field->node->line);
    field->node = value;
    key = xp_yaml_next(tree, value);
  }
  for (int i = 0; i < nfields; ++i)
    if (fields[i].required && !fields[i].node)
      return xp_error_at(error, xp_yaml_place(tree, node), "%s: key \"%s\" is missing", what, fields[i].key);
  return XP_OK;
}
