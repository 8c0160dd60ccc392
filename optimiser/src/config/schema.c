/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "config/parameter.h"

#define INFINITE_END 1e99

static void print_number(const xp_option *option, const char *indent, FILE *stream) {
  fprintf(stream, "%s\"type\": \"%s\"", indent, option->type == XP_OPTION_INTEGER ? "integer" : "number");
  if (option->low > -INFINITE_END)
    fprintf(stream, ", \"%s\": %.16g", option->traits & XP_OPTION_ABOVE ? "exclusiveMinimum" : "minimum", option->low);
  if (option->high < INFINITE_END) fprintf(stream, ", \"maximum\": %.16g", option->high);
}

static void print_plain(const xp_option *option, const char *indent, FILE *stream) {
  if (option->type == XP_OPTION_TEXT)
    fprintf(stream, "%s\"type\": \"string\", \"minLength\": 1", indent);
  else if (option->type == XP_OPTION_FLAG)
    fprintf(stream, "%s\"type\": \"boolean\"", indent);
  else if (option->type == XP_OPTION_WORD) {
    fprintf(stream, "%s\"enum\": [", indent);
    for (int i = 0; i < XP_OPTION_WORDS && option->words[i]; ++i)
      fprintf(stream, i ? ", \"%s\"" : "\"%s\"", option->words[i]);
    fprintf(stream, "]");
  } else
    print_number(option, indent, stream);
}

/* The alternatives for one value: plain, range, choices. */
static void print_value(const xp_option *option, FILE *stream) {
  fprintf(stream, "            {");
  print_plain(option, "", stream);
  fprintf(stream, "}");
  if (!(option->traits & XP_OPTION_TUNABLE)) return;
  if (option->type == XP_OPTION_INTEGER || option->type == XP_OPTION_REAL)
    fprintf(stream, ",\n            {\"$ref\": \"#/$defs/range\"}");
  fprintf(stream, ",\n            {\"$ref\": \"#/$defs/choices\"},\n            {\"$ref\": \"#/$defs/ordered\"}");
  if (xp_option_tune(option))
    fprintf(stream, ",\n            {\"const\": \"tune\"},\n            {\"$ref\": \"#/$defs/tune\"}");
}

/* Arrays of such values, and words that stand for one. */
static void print_list(const xp_option *option, FILE *stream) {
  fprintf(stream, ",\n            {\"type\": \"array\", \"minItems\": 1, \"maxItems\": %d, \"items\": {\"anyOf\": [\n",
          XP_LIST_MOST);
  print_value(option, stream);
  fprintf(stream, "]}}");
  if (option->words[0]) fprintf(stream, ",\n            {\"enum\": [\"%s\"]}", option->words[0]);
}

/* Inside the quotes of a JSON string. */
static void print_escaped(const char *text, FILE *stream) {
  for (const char *c = text; *c; ++c) fprintf(stream, *c == '"' ? "\\\"" : "%c", *c);
}

static void print_option(const xp_option *option, FILE *stream) {
  fprintf(stream, "        \"%s\": {\n          \"description\": \"", option->name);
  print_escaped(option->help, stream);
  fprintf(stream, "%s%s\",\n", option->unit[0] ? "; " : "", option->unit);
  if (option->standard[0]) fprintf(stream, "          \"default\": %s,\n", option->standard);
  if (!(option->traits & (XP_OPTION_PER_ELEMENT | XP_OPTION_TUNABLE | XP_OPTION_LIST))) {
    print_plain(option, "          ", stream);
    fprintf(stream, "\n        }");
    return;
  }
  fprintf(stream, "          \"anyOf\": [\n");
  print_value(option, stream);
  if (option->traits & XP_OPTION_LIST) print_list(option, stream);
  if (option->traits & XP_OPTION_PER_ELEMENT) {
    fprintf(stream, ",\n            {\"type\": \"object\", \"additionalProperties\": {\"anyOf\": [\n");
    print_value(option, stream);
    fprintf(stream, "]}}");
  }
  fprintf(stream, "\n          ]\n        }");
}

static void print_options(const char *section, int keyed, FILE *stream) {
  const char *separator = "";
  for (int i = 0; i < xp_noptions; ++i) {
    if (strcmp(xp_options[i].section, section) != 0 || (xp_options[i].traits & XP_OPTION_KEYED) != keyed) continue;
    fprintf(stream, "%s", separator);
    print_option(&xp_options[i], stream);
    separator = ",\n";
  }
}

/* The objects behind the keys of a section. */
static void print_keyed(const xp_section *section, FILE *stream) {
  fprintf(stream, "      \"additionalProperties\": {\n      \"type\": \"object\",\n"
                  "      \"additionalProperties\": false,\n      \"properties\": {\n");
  print_options(section->name, XP_OPTION_KEYED, stream);
  fprintf(stream, "\n      }\n    },\n");
}

static void print_object(const xp_section *section, FILE *stream) {
  fprintf(stream, ",\n    \"%s\": {\n      \"description\": \"", section->name);
  print_escaped(section->help, stream);
  fprintf(stream, "\",\n      \"type\": \"object\",\n");
  if (section->keys == XP_KEYS_FREE)
    fprintf(stream, "      \"additionalProperties\": true,\n");
  else if (section->keys == XP_KEYS_NAMES)
    fprintf(stream, "      \"additionalProperties\": false,\n");
  else
    print_keyed(section, stream);
  fprintf(stream, "      \"properties\": {\n");
  print_options(section->name, 0, stream);
  fprintf(stream, "\n      }\n    }");
}

/* A kind of range: its own keys, and conditions. */
static void print_range(const char *name, const char *required, const char *properties, const char *end, FILE *stream) {
  fprintf(stream,
          "    \"%s\": {\n      \"type\": \"object\", \"additionalProperties\": false, \"required\": [%s],\n"
          "      \"properties\": {\n%s,\n"
          "        \"when\": {\"$ref\": \"#/$defs/when\"},\n"
          "        \"otherwise\": {\"type\": [\"number\", \"string\", \"boolean\"]}\n      }\n    }%s\n",
          name, required, properties, end);
}

static void print_ranges(FILE *stream) {
  print_range("range", "\"min\", \"max\"",
              "        \"min\": {\"type\": \"number\"},\n        \"max\": {\"type\": \"number\"},\n"
              "        \"scale\": {\"enum\": [\"linear\", \"log\"], \"default\": \"linear\"}",
              ",", stream);
  print_range("choices", "\"choices\"",
              "        \"choices\": {\"type\": \"array\", \"minItems\": 2, \"uniqueItems\": true}", ",", stream);
  print_range("ordered", "\"ordered\"",
              "        \"ordered\": {\"type\": \"array\", \"minItems\": 2, \"uniqueItems\": true}", ",", stream);
  print_range("tune", "\"tune\"", "        \"tune\": {\"const\": true}", ",", stream);
  fprintf(stream,
          "    \"when\": {\n"
          "      \"description\": \"names of other ranges, and the values for which this one is active\",\n"
          "      \"type\": \"object\", \"minProperties\": 1,\n"
          "      \"additionalProperties\": {\"type\": [\"array\", \"number\", \"string\", \"boolean\"]}\n    }\n");
}

static void print_points(FILE *stream) {
  fprintf(
      stream,
      "    \"constraints\": {\n      \"description\": \"expressions over names of ranges, true where a trial may "
      "be\",\n"
      "      \"type\": \"array\", \"items\": {\"type\": \"string\", \"minLength\": 1}\n    },\n"
      "    \"starts\": {\n      \"description\": \"points to begin a search with: values of ranges by name; the others "
      "are in their middle\",\n      \"type\": \"array\", \"items\": {\"type\": \"object\", "
      "\"additionalProperties\": {\"type\": [\"number\", \"string\", \"boolean\"]}}\n    },\n");
}

void xp_option_print_schema(FILE *stream) {
  fprintf(stream, "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
                  "  \"title\": \"Input file of xpot-opt\",\n  \"type\": \"object\",\n"
                  "  \"additionalProperties\": false,\n  \"required\": [\"elements\", \"data\"],\n"
                  "  \"properties\": {\n    \"$schema\": {\"type\": \"string\"},\n"
                  "    \"elements\": {\n      \"description\": \"element symbols, in the order of pair_coeff\",\n"
                  "      \"type\": \"array\", \"minItems\": 1, \"uniqueItems\": true,\n"
                  "      \"items\": {\"type\": \"string\", \"minLength\": 1, \"maxLength\": 7}\n    },\n");
  print_points(stream);
  print_options("", 0, stream);
  for (int s = 1; s < xp_nsections; ++s) print_object(&xp_sections[s], stream);
  fprintf(stream, "\n  },\n  \"$defs\": {\n");
  print_ranges(stream);
  fprintf(stream, "  }\n}\n");
}
