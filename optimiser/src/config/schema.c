/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "config/option.h"

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
  fprintf(stream, ",\n            {\"$ref\": \"#/$defs/choices\"}");
}

static void print_option(const xp_option *option, FILE *stream) {
  fprintf(stream, "        \"%s\": {\n          \"description\": \"%s%s%s\",\n", option->name, option->help,
          option->unit[0] ? "; " : "", option->unit);
  if (option->standard[0]) fprintf(stream, "          \"default\": %s,\n", option->standard);
  bool map = option->traits & XP_OPTION_PER_ELEMENT;
  if (!map && !(option->traits & XP_OPTION_TUNABLE)) {
    print_plain(option, "          ", stream);
    fprintf(stream, "\n        }");
    return;
  }
  fprintf(stream, "          \"anyOf\": [\n");
  print_value(option, stream);
  if (map) {
    fprintf(stream, ",\n            {\"type\": \"object\", \"additionalProperties\": {\"anyOf\": [\n");
    print_value(option, stream);
    fprintf(stream, "]}}");
  }
  fprintf(stream, "\n          ]\n        }");
}

static void print_section(const char *section, FILE *stream) {
  const char *separator = "";
  for (int i = 0; i < xp_noptions; ++i) {
    if (strcmp(xp_options[i].section, section) != 0) continue;
    fprintf(stream, "%s", separator);
    print_option(&xp_options[i], stream);
    separator = ",\n";
  }
}

static void print_object(const xp_section *section, FILE *stream) {
  bool weights = strcmp(section->name, "weights") == 0;
  fprintf(stream, ",\n    \"%s\": {\n      \"description\": \"", section->name);
  for (const char *c = section->help; *c; ++c) fprintf(stream, *c == '"' ? "\\\"" : "%c", *c);
  fprintf(stream, "\",\n      \"type\": \"object\",\n");
  if (weights) fprintf(stream, "      \"additionalProperties\": {\n      \"type\": \"object\",\n");
  fprintf(stream, "      \"additionalProperties\": false,\n");
  if (strcmp(section->name, "data") == 0) fprintf(stream, "      \"required\": [\"train\"],\n");
  fprintf(stream, "      \"properties\": {\n");
  print_section(section->name, stream);
  fprintf(stream, "\n      }\n    }%s", weights ? "}" : "");
}

void xp_option_print_schema(FILE *stream) {
  fprintf(stream, "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
                  "  \"title\": \"Input file of xpot-opt\",\n  \"type\": \"object\",\n"
                  "  \"additionalProperties\": false,\n  \"required\": [\"elements\", \"data\"],\n"
                  "  \"properties\": {\n    \"$schema\": {\"type\": \"string\"},\n"
                  "    \"elements\": {\n      \"description\": \"element symbols, in the order of pair_coeff\",\n"
                  "      \"type\": \"array\", \"minItems\": 1, \"uniqueItems\": true,\n"
                  "      \"items\": {\"type\": \"string\", \"minLength\": 1, \"maxLength\": 7}\n    },\n");
  print_section("", stream);
  for (int s = 1; s < xp_nsections; ++s) print_object(&xp_sections[s], stream);
  fprintf(stream,
          "\n  },\n  \"$defs\": {\n"
          "    \"range\": {\n      \"type\": \"object\", \"additionalProperties\": false, \"required\": [\"min\", "
          "\"max\"],\n      \"properties\": {\n        \"min\": {\"type\": \"number\"},\n"
          "        \"max\": {\"type\": \"number\"},\n"
          "        \"scale\": {\"enum\": [\"linear\", \"log\"], \"default\": \"linear\"}\n      }\n    },\n"
          "    \"choices\": {\n      \"type\": \"object\", \"additionalProperties\": false, \"required\": "
          "[\"choices\"],\n      \"properties\": {\n        \"choices\": {\"type\": \"array\", \"minItems\": 2, "
          "\"uniqueItems\": true}\n      }\n    }\n  }\n}\n");
}
