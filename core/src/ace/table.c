/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ace/quintic.h"

/* Accuracy of the quintic table relative to 1 + |function|: values against the file's cubics, derivatives against the
 * exact functions (the derivative of a cubic is 3000 times less accurate than its value). */
static const double VALUE_TOLERANCE = 1e-11;
static const double DERIVATIVE_TOLERANCE = 2e-9;

static const double TABLE_START = 0.5;  /* Angstrom: nothing is stored for closer neighbours */
static const double WIDTH_START = 0.01; /* Angstrom: widest bin tried */
static const double WIDTH_END = 0.004;  /* narrowest */
static const double SPLIT_LENGTH = 0.1; /* longer pieces are halved before giving up on a quintic table */
static const double STORED_MAX = 8e6;   /* doubles a table of file bins may take; more are computed when needed */
enum { BREAK_BINS = 2 };                /* file bins on either side of a kink that stay cubic */

typedef struct builder {
  const xp_ace_radial *radial;
  xp_ace_table *table;
  xp_jet *jets, *scratch;
  int nfunctions; /* of the table */
  const double *matrix;
  int ncontracted;
  double *found, *wanted; /* [nfunctions] of one distance */
  double *bin;            /* [6][row] of the bin under test */
  double *file;           /* [6][row] of the file's bin there */
  xp_error *error;
} builder;

void xp_ace_table_clear(xp_ace_table *table) {
  free(table->segments);
  free(table->nodes);
}

static void quintic_weights(double t, double width, double value[6], double derivative[6]) {
  XP_ACE_QUINTIC_VALUES(double, t, value);
  XP_ACE_QUINTIC_SLOPES(double, t, 1.0 / width, derivative);
}

/* Weights of cubic Hermite interpolation in the form of quintic.h; they do not use the rows of second derivatives. */
static void cubic_weights(double t, double width, double value[6], double derivative[6]) {
  double s = 1.0 - t, inverse = 1.0 / width;
  value[0] = s * s * (1.0 + 2.0 * t);
  value[1] = t * s * s;
  value[3] = t * t * (1.0 + 2.0 * s);
  value[4] = -s * t * t;
  derivative[0] = -6.0 * t * s * inverse;
  derivative[1] = s * (1.0 - 3.0 * t) * inverse;
  derivative[3] = -derivative[0];
  derivative[4] = t * (1.0 - 3.0 * s) * inverse;
  value[2] = value[5] = derivative[2] = derivative[5] = 0.0;
}

/* Exact values at r into a node of three rows. */
static void fill_node(const xp_ace_radial *radial, int row, double r, double branch, double width, xp_jet *scratch,
                      xp_jet *jets, double *node) {
  xp_ace_radial_evaluate(radial, r, branch, scratch, jets);
  for (int f = 0; f <= radial->nbase; ++f) {
    node[f] = jets[f].f;
    node[row + f] = width * jets[f].d;
    node[2 * row + f] = width * width * jets[f].s;
  }
}

/* Node q of the file's bins; the last one is the limit from inside the cutoff. */
static void fill_file_node(const xp_ace_table *table, const xp_ace_radial *radial, double q, xp_jet *scratch,
                           xp_jet *jets, double *node) {
  double r = fmin(q * table->file_width, nextafter(radial->cutoff, 0.0));
  fill_node(radial, table->row, r, r, table->file_width, scratch, jets, node);
}

static bool close_enough(double found, double wanted, double tolerance) {
  return fabs(found - wanted) <= tolerance * (1.0 + fabs(wanted)); /* false for NaN */
}

static double weighted(const double *rows, int row, int f, const double weights[6]) {
  double sum = 0.0;
  for (int k = 0; k < 6; ++k) sum += weights[k] * rows[k * row + f];
  return sum;
}

/* Compares found and wanted, which are functions of the table, and all combinations of them. */
static bool all_agree(const builder *b, double tolerance) {
  int nbase = b->radial->nbase;
  for (int f = 0; f < b->nfunctions; ++f)
    if (!close_enough(b->found[f], b->wanted[f], tolerance)) return false;
  for (int c = 0; c < b->ncontracted; ++c) {
    const double *row = b->matrix + (size_t)c * (size_t)nbase;
    double found = 0.0, wanted = 0.0;
    for (int k = 0; k < nbase; ++k) {
      found += row[k] * b->found[k];
      wanted += row[k] * b->wanted[k];
    }
    if (!close_enough(found, wanted, tolerance)) return false;
  }
  return true;
}

/* Compares values in the middle of the bin, or of that file bin which is there. */
static bool values_agree(const builder *b, double r, double branch, double width) {
  int row = b->table->row;
  double wanted[6] = {1.0}, found[6], unused[6], h = b->table->file_width, middle = r + 0.5 * width;
  if (h > 0.0) {
    double q = floor(middle / h);
    middle = (q + 0.5) * h;
    cubic_weights(0.5, h, wanted, unused);
    fill_file_node(b->table, b->radial, q, b->scratch, b->jets, b->file);
    fill_file_node(b->table, b->radial, q + 1.0, b->scratch, b->jets, b->file + 3 * row);
  } else {
    fill_node(b->radial, row, middle, branch, 1.0, b->scratch, b->jets, b->file);
  }
  quintic_weights((middle - r) / width, width, found, unused);
  for (int f = 0; f < b->nfunctions; ++f) {
    b->found[f] = weighted(b->bin, row, f, found);
    b->wanted[f] = weighted(b->file, row, f, wanted);
  }
  return all_agree(b, VALUE_TOLERANCE);
}

/* Compares derivatives with the exact ones where they are worst. */
static bool derivatives_agree(const builder *b, double r, double branch, double width) {
  const double place = 0.25;
  double value[6], derivative[6];
  quintic_weights(place, width, value, derivative);
  xp_ace_radial_evaluate(b->radial, r + place * width, branch, b->scratch, b->jets);
  for (int f = 0; f < b->nfunctions; ++f) {
    b->found[f] = weighted(b->bin, b->table->row, f, derivative);
    b->wanted[f] = b->jets[f].d;
  }
  return all_agree(b, DERIVATIVE_TOLERANCE);
}

static bool quintic_agrees(const builder *b, double begin, double end, int nbins) {
  int row = b->table->row;
  double width = (end - begin) / nbins, branch = 0.5 * (begin + end);
  fill_node(b->radial, row, begin, branch, width, b->scratch, b->jets, b->bin + 3 * row);
  for (int n = 0; n < nbins; ++n) {
    memcpy(b->bin, b->bin + 3 * row, 3 * (size_t)row * sizeof *b->bin);
    fill_node(b->radial, row, begin + (n + 1) * width, branch, width, b->scratch, b->jets, b->bin + 3 * row);
    if (!values_agree(b, begin + n * width, branch, width) || !derivatives_agree(b, begin + n * width, branch, width))
      return false;
  }
  return true;
}

static xp_status add_segment(builder *b, xp_ace_segment_kind kind, double begin, double end, int nbins) {
  xp_ace_table *table = b->table;
  bool stored = kind == XP_ACE_SEGMENT_QUINTIC || kind == XP_ACE_SEGMENT_CUBIC;
  xp_ace_segment *grown = realloc(table->segments, ((size_t)table->nsegments + 1) * sizeof *grown);
  if (!grown) return xp_error_memory(b->error, "radial tables");
  table->segments = grown;
  grown[table->nsegments++] = (xp_ace_segment){.kind = kind,
                                               .begin = begin,
                                               .end = end,
                                               .width = (end - begin) / nbins,
                                               .inverse = nbins / (end - begin),
                                               .nbins = nbins,
                                               .node = table->nnodes};
  if (stored) table->nnodes += (size_t)nbins + 1;
  return XP_OK;
}

/* A piece for which only the file's bins will do; their ends are nodes of the file. */
static xp_status add_file_bins(builder *b, double begin, double end) {
  double h = b->table->file_width;
  if (h == 0.0) return add_segment(b, XP_ACE_SEGMENT_EXACT, begin, end, 1);
  int nbins = (int)lround((end - begin) / h);
  bool core = end <= b->radial->rcut_in || end <= TABLE_START;
  bool large = 3.0 * b->table->row * ((double)b->table->nnodes + nbins) > STORED_MAX;
  return add_segment(b, core || large ? XP_ACE_SEGMENT_COMPUTED : XP_ACE_SEGMENT_CUBIC, begin, end, nbins);
}

/* A place moved to the nearest node of the file. */
static double snap(const builder *b, double r) {
  double h = b->table->file_width;
  return h > 0.0 ? h * round(r / h) : r;
}

/* Widest bins that are accurate; else two halves; else the file's. */
static xp_status add_piece(builder *b, double begin, double end) {
  double length = end - begin;
  if (begin >= TABLE_START)
    for (double width = WIDTH_START; width > WIDTH_END; width *= 0.5) {
      int nbins = (int)ceil(length / width);
      if (quintic_agrees(b, begin, end, nbins)) return add_segment(b, XP_ACE_SEGMENT_QUINTIC, begin, end, nbins);
    }
  double middle = snap(b, 0.5 * (begin + end));
  if (begin < TABLE_START || length <= SPLIT_LENGTH || middle <= begin || middle >= end)
    return add_file_bins(b, begin, end);
  xp_status status = add_piece(b, begin, middle);
  return status ? status : add_piece(b, middle, end);
}

/* The smooth piece up to a kink, then the file's bins around the kink. */
static xp_status add_up_to(builder *b, double *begin, double kink, double cutoff) {
  double h = b->table->file_width;
  double before = fmax(*begin, snap(b, kink) - BREAK_BINS * h), after = snap(b, kink) + BREAK_BINS * h;
  if (after > cutoff - 0.5 * h) after = cutoff;
  xp_status status = before > *begin ? add_piece(b, *begin, before) : XP_OK;
  if (!status && after > before) status = add_file_bins(b, before, after);
  *begin = fmax(*begin, after);
  return status;
}

static xp_status add_pieces(builder *b) {
  const xp_ace_radial *radial = b->radial;
  double cutoff = radial->cutoff, begin = fmin(snap(b, TABLE_START), cutoff);
  xp_status status = add_file_bins(b, 0.0, begin);
  for (int k = 0; k < radial->nbreaks && !status; ++k)
    if (radial->breaks[k] > begin) status = add_up_to(b, &begin, radial->breaks[k], cutoff);
  if (!status && begin < cutoff) status = add_up_to(b, &begin, cutoff, cutoff);
  return status;
}

/* Nodes of bins, with room for jets[row + nscratch] at jets. */
static void fill_bins(const xp_ace_table *table, const xp_ace_radial *radial, double begin, double width, int nbins,
                      bool cubic, xp_jet *scratch, xp_jet *jets, double *nodes) {
  double branch = begin + 0.5 * nbins * width, first = round(begin / table->file_width);
  for (int n = 0; n <= nbins; ++n, nodes += 3 * (size_t)table->row)
    if (cubic)
      fill_file_node(table, radial, first + n, scratch, jets, nodes);
    else
      fill_node(radial, table->row, begin + n * width, branch, width, scratch, jets, nodes);
}

xp_status xp_ace_table_nodes(const xp_ace_table *table, const xp_ace_radial *radial, double begin, double width,
                             int nbins, bool cubic, double *nodes, xp_error *error) {
  xp_jet *jets = malloc(((size_t)table->row + (size_t)radial->nscratch + 1) * sizeof *jets);
  if (!jets) return xp_error_memory(error, "radial tables");
  fill_bins(table, radial, begin, width, nbins, cubic, jets + table->row, jets, nodes);
  free(jets);
  return XP_OK;
}

static void fill_segment(const builder *b, const xp_ace_segment *s) {
  double *nodes = b->table->nodes + s->node * 3 * (size_t)b->table->row;
  fill_bins(b->table, b->radial, s->begin, s->width, s->nbins, s->kind == XP_ACE_SEGMENT_CUBIC, b->scratch, b->jets,
            nodes);
}

static xp_status fill_nodes(builder *b) {
  xp_ace_table *table = b->table;
  size_t bytes = (table->nnodes + 1) * 3 * (size_t)table->row * sizeof(double);
  table->nodes = aligned_alloc(XP_ACE_ROW * sizeof(double), bytes);
  if (!table->nodes) return xp_error_memory(b->error, "radial tables");
  memset(table->nodes, 0, bytes);
  for (const xp_ace_segment *s = table->segments; s < table->segments + table->nsegments; ++s)
    if (s->kind == XP_ACE_SEGMENT_QUINTIC || s->kind == XP_ACE_SEGMENT_CUBIC) fill_segment(b, s);
  return XP_OK;
}

xp_status xp_ace_table_build(xp_ace_table *table, const xp_ace_radial *radial, const double *matrix, int ncontracted,
                             double file_width, xp_error *error) {
  int nfunctions = radial->nbase + 1;
  *table = (xp_ace_table){.row = (nfunctions + XP_ACE_ROW - 1) / XP_ACE_ROW * XP_ACE_ROW, .file_width = file_width};
  builder b = {.radial = radial,
               .table = table,
               .nfunctions = nfunctions,
               .matrix = matrix,
               .ncontracted = ncontracted,
               .error = error};
  xp_status status = XP_ERROR_MEMORY;
  b.scratch = malloc(((size_t)radial->nscratch + 1) * sizeof *b.scratch);
  b.jets = malloc((size_t)nfunctions * sizeof *b.jets);
  b.bin = calloc(6 * (size_t)table->row, sizeof *b.bin);
  b.file = calloc(6 * (size_t)table->row, sizeof *b.file);
  b.found = malloc((size_t)nfunctions * sizeof *b.found);
  b.wanted = malloc((size_t)nfunctions * sizeof *b.wanted);
  if (!b.scratch || !b.jets || !b.bin || !b.file || !b.found || !b.wanted) {
    xp_error_memory(error, "radial tables");
    goto done;
  }
  if ((status = add_pieces(&b))) goto done;
  status = fill_nodes(&b);
done:
  free(b.scratch);
  free(b.jets);
  free(b.bin);
  free(b.file);
  free(b.found);
  free(b.wanted);
  return status;
}

static void look_up_exact(const xp_ace_table *table, const xp_ace_radial *radial, double r, double *own, xp_jet *jets,
                          xp_ace_lookup *look) {
  fill_node(radial, table->row, r, r, 1.0, jets + table->row, jets, own);
  memset(look->value, 0, sizeof look->value);
  memset(look->derivative, 0, sizeof look->derivative);
  look->value[0] = look->derivative[1] = 1.0;
  look->rows = own;
}

static void look_up_computed(const xp_ace_table *table, const xp_ace_radial *radial, double r, double *own,
                             xp_jet *jets, xp_ace_lookup *look) {
  double bin = floor(r / table->file_width);
  fill_file_node(table, radial, bin, jets + table->row, jets, own);
  fill_file_node(table, radial, bin + 1.0, jets + table->row, jets, own + 3 * table->row);
  cubic_weights(r / table->file_width - bin, table->file_width, look->value, look->derivative);
  look->rows = own;
}

void xp_ace_table_look_up(const xp_ace_table *table, const xp_ace_radial *radial, double r, double *own, xp_jet *jets,
                          xp_ace_lookup *look) {
  const xp_ace_segment *segment = xp_ace_table_segment(table, r);
  double place = (r - segment->begin) / segment->width;
  int bin = (int)place < segment->nbins ? (int)place : segment->nbins - 1;
  look->rows = table->nodes + (segment->node + (size_t)bin) * 3 * (size_t)table->row;
  switch (segment->kind) {
  case XP_ACE_SEGMENT_QUINTIC:
    quintic_weights(place - bin, segment->width, look->value, look->derivative);
    break;
  case XP_ACE_SEGMENT_CUBIC:
    cubic_weights(place - bin, segment->width, look->value, look->derivative);
    break;
  case XP_ACE_SEGMENT_COMPUTED:
    look_up_computed(table, radial, r, own, jets, look);
    break;
  case XP_ACE_SEGMENT_EXACT:
    look_up_exact(table, radial, r, own, jets, look);
    break;
  }
}
