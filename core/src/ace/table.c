/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ace/table.h"

#include <stdlib.h>
#include <string.h>

/* Accuracy of an interpolated value and derivative against the exact function, relative to 1 + |function|. */
static const double VALUE_TOLERANCE = 1e-11;
static const double DERIVATIVE_TOLERANCE = 2e-9;

static const double WIDTH_START = 0.02; /* Angstrom: widest bin tried */
static const double WIDTH_END = 0.0012; /* narrowest */
static const double SPLIT_LENGTH = 0.1; /* longer pieces are halved before giving up on a table */

typedef struct builder {
  const xp_ace_radial *radial;
  xp_ace_table *table;
  xp_jet *scratch;
  xp_jet *jets;
  int nfunctions;
  double *bin; /* [6][row] of the bin under test */
  size_t node_capacity;
  xp_error *error;
} builder;

void xp_ace_table_clear(xp_ace_table *table) {
  free(table->segments);
  free(table->nodes);
}

static double *row_of(const builder *b, double *node, int derivative) {
  return node + derivative * b->table->row;
}

/* Exact values at r into a node of three rows. */
static void fill_node(const builder *b, double r, double branch, double width, double *node) {
  xp_ace_radial_evaluate(b->radial, r, branch, b->scratch, b->jets);
  for (int f = 0; f < b->nfunctions; ++f) {
    row_of(b, node, 0)[f] = b->jets[f].f;
    row_of(b, node, 1)[f] = width * b->jets[f].d;
    row_of(b, node, 2)[f] = width * width * b->jets[f].s;
  }
}

static bool close_enough(double found, double wanted, double tolerance) {
  return fabs(found - wanted) <= tolerance * (1.0 + fabs(wanted)); /* false for NaN */
}

/* Compares the bin [r, r + width] with exact functions where value and derivative are worst. */
static bool bin_accurate(const builder *b, double r, double branch, double width) {
  static const double places[] = {0.5, 0.25};
  fill_node(b, r, branch, width, b->bin);
  fill_node(b, r + width, branch, width, b->bin + 3 * b->table->row);
  for (int p = 0; p < 2; ++p) {
    double value[6], derivative[6];
    xp_ace_table_weights(places[p], width, value, derivative);
    xp_ace_radial_evaluate(b->radial, r + places[p] * width, branch, b->scratch, b->jets);
    for (int f = 0; f < b->nfunctions; ++f) {
      double v = 0.0, d = 0.0;
      for (int k = 0; k < 6; ++k) {
        v += value[k] * row_of(b, b->bin, k)[f];
        d += derivative[k] * row_of(b, b->bin, k)[f];
      }
      if (!close_enough(v, b->jets[f].f, VALUE_TOLERANCE) || !close_enough(d, b->jets[f].d, DERIVATIVE_TOLERANCE))
        return false;
    }
  }
  return true;
}

static bool piece_accurate(const builder *b, double begin, double end, int nbins) {
  double width = (end - begin) / nbins, branch = 0.5 * (begin + end);
  for (int bin = nbins - 1; bin >= 0; --bin)
    if (!bin_accurate(b, begin + bin * width, branch, width)) return false;
  return true;
}

static xp_status add_segment(builder *b, double begin, double end, int nbins) {
  xp_ace_table *table = b->table;
  xp_ace_segment *grown = realloc(table->segments, ((size_t)table->nsegments + 1) * sizeof *grown);
  if (!grown) return xp_error_memory(b->error, "radial tables");
  table->segments = grown;
  grown[table->nsegments++] = (xp_ace_segment){
      .begin = begin, .end = end, .width = (end - begin) / (nbins ? nbins : 1), .nbins = nbins, .node = table->nnodes};
  if (nbins) table->nnodes += (size_t)nbins + 1;
  return XP_OK;
}

/* Widest bins that are accurate; else two halves; else no table. */
static xp_status add_piece(builder *b, double begin, double end) {
  double length = end - begin;
  for (double width = WIDTH_START; width > WIDTH_END; width *= 0.5) {
    int nbins = (int)ceil(length / width);
    if (piece_accurate(b, begin, end, nbins)) return add_segment(b, begin, end, nbins);
  }
  if (length <= SPLIT_LENGTH) return add_segment(b, begin, end, 0);
  double middle = 0.5 * (begin + end);
  xp_status status = add_piece(b, begin, middle);
  return status ? status : add_piece(b, middle, end);
}

static xp_status add_pieces(builder *b) {
  const xp_ace_radial *radial = b->radial;
  double begin = fmin(XP_ACE_TABLE_START, radial->cutoff);
  xp_status status = add_segment(b, 0.0, begin, 0);
  for (int k = 0; k <= radial->nbreaks && !status; ++k) {
    double end = k < radial->nbreaks ? radial->breaks[k] : radial->cutoff;
    if (end <= begin) continue;
    status = add_piece(b, begin, end);
    begin = end;
  }
  return status;
}

static xp_status fill_nodes(builder *b) {
  xp_ace_table *table = b->table;
  size_t stride = 3 * (size_t)table->row, bytes = (table->nnodes + 1) * stride * sizeof(double);
  table->nodes = aligned_alloc(XP_ACE_ROW * sizeof(double), bytes);
  if (!table->nodes) return xp_error_memory(b->error, "radial tables");
  memset(table->nodes, 0, bytes);
  for (int s = 0; s < table->nsegments; ++s) {
    const xp_ace_segment *segment = &table->segments[s];
    double branch = 0.5 * (segment->begin + segment->end);
    for (int n = 0; n <= segment->nbins && segment->nbins; ++n)
      fill_node(b, segment->begin + n * segment->width, branch, segment->width,
                table->nodes + (segment->node + (size_t)n) * stride);
  }
  return XP_OK;
}

xp_status xp_ace_table_build(xp_ace_table *table, const xp_ace_radial *radial, xp_error *error) {
  int nfunctions = radial->ncontracted + 1;
  *table = (xp_ace_table){.row = (nfunctions + XP_ACE_ROW - 1) / XP_ACE_ROW * XP_ACE_ROW};
  builder b = {.radial = radial, .table = table, .nfunctions = nfunctions, .error = error};
  xp_status status = XP_ERROR_MEMORY;
  b.scratch = malloc((size_t)radial->nscratch * sizeof *b.scratch);
  b.jets = malloc((size_t)nfunctions * sizeof *b.jets);
  b.bin = calloc(6 * (size_t)table->row, sizeof *b.bin);
  if (!b.scratch || !b.jets || !b.bin) {
    xp_error_memory(error, "radial tables");
    goto done;
  }
  if ((status = add_pieces(&b))) goto done;
  status = fill_nodes(&b);
done:
  free(b.scratch);
  free(b.jets);
  free(b.bin);
  return status;
}
