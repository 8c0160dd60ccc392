/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors and their derivatives. With G the adjoint of unit coefficients, a row a component, the derivatives of all
 * neighbours of an atom are products of G with the derivatives of their matrices. G has entries in at most three levels a
 * row, so rows are grouped by level (panels) and each group is a small dense product. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "snap/snap_density.h"
#include "snap/snap_memory.h"
#include "snap/snap_model.h"
#include "snap/snap_order.h"
#include "snap/snap_plan_data.h"

struct xp_snap_basis {
  xp_snap_geometry geometry;
  xp_snap_tables *tables;
  double *zero; /* [nelements][K'] */
  xp_snap_panel *panels;
  int npanels;
  int *panel_end; /* [nlabels] panels of a label end here */
  size_t packed;  /* doubles of all panels of an atom, whole cache lines */
};

struct xp_snap_scratch {
  xp_snap_density density;
  xp_order order;
  xp_snap_batch batch; /* neighbours of one centre */
  double *bispectrum;  /* [K'] lanes */
  double *packed;      /* [lanes][packed] */
  void *derivative;    /* [nu][2][3] lanes */
  double *sums;        /* [K'][3] lanes */
};

static xp_snap_panel *open_panel(xp_snap_basis *basis, int label, int j, int n) {
  xp_snap_panel *panel = &basis->panels[basis->npanels++];
  *panel = (xp_snap_panel){.label = label, .j = j, .n = n, .offset = basis->packed};
  for (int r = 0; r < XP_SNAP_ROWS; ++r) panel->components[r] = -1;
  basis->packed += (size_t)n * 2 * XP_SNAP_ROWS;
  return panel;
}

/* Terms of the adjoint sorted by label, then level. */
static xp_status make_panels(xp_snap_basis *basis, xp_error *error) {
  const xp_snap_tables *t = basis->tables;
  size_t most = (size_t)t->nslots + (size_t)t->nlabels * (size_t)(t->twojmax + 1);
  basis->panels = xp_snap_zeroed(most, sizeof *basis->panels);
  basis->panel_end = xp_snap_zeroed((size_t)t->nlabels, sizeof *basis->panel_end);
  if (!basis->panels || !basis->panel_end) return xp_error_memory(error, "SNAP descriptors");
  for (int label = 0; label < t->nlabels; ++label) {
    for (int j = 0; j <= t->twojmax; ++j) {
      xp_snap_panel *panel = NULL;
      int row = XP_SNAP_ROWS;
      for (int s = 0; s < t->nslots; ++s) {
        const xp_snap_slot *slot = &t->slots[s];
        if (slot->label != label || slot->j != j) continue;
        if (row == XP_SNAP_ROWS) {
          panel = open_panel(basis, label, j, slot->n);
          row = 0;
        }
        panel->components[row] = slot->component;
        panel->factors[row] = slot->factor;
        panel->z[row++] = slot->z;
      }
    }
    basis->panel_end[label] = basis->npanels;
  }
  return XP_OK;
}

static xp_status check_basis(const xp_snap_parameters *parameters, const double *radelem, const double *wj,
                             int nelements, xp_error *error) {
  if (nelements < 1) return xp_error_set(error, XP_ERROR_INPUT, "descriptors need at least one element");
  xp_status status = xp_snap_parameters_check(parameters, nelements, error);
  if (status == XP_OK && xp_snap_ncoeff(parameters, nelements) == INT_MAX)
    status = xp_error_set(error, XP_ERROR_INPUT, "chem-SNAP of %d elements with twojmax %d has too many components",
                          nelements, parameters->twojmax);
  for (int i = 0; i < nelements && status == XP_OK; ++i)
    if (!isfinite(radelem[i]) || !isfinite(wj[i]) || !(2.0 * radelem[i] * parameters->rcutfac > parameters->rmin0))
      status =
          xp_error_set(error, XP_ERROR_INPUT,
                       "element %d has radelem %g and wj %g: both must be finite and the cutoff, 2 radelem rcutfac "
                       "= %g Angstrom, above rmin0 = %g",
                       i + 1, radelem[i], wj[i], 2.0 * radelem[i] * parameters->rcutfac, parameters->rmin0);
  return status;
}

xp_status xp_snap_basis_new(xp_snap_basis **basis, const xp_snap_parameters *parameters, const double *radelem,
                            const double *wj, int nelements, xp_error *error) {
  *basis = NULL;
  xp_status status = check_basis(parameters, radelem, wj, nelements, error);
  if (status != XP_OK) return status;
  xp_snap_basis *b = calloc(1, sizeof *b);
  if (!b) return xp_error_memory(error, "SNAP descriptors");
  status = xp_snap_geometry_new(&b->geometry, parameters, radelem, wj, nelements, error);
  if (status == XP_OK) status = xp_snap_tables_new(&b->tables, parameters, nelements, error);
  if (status == XP_OK) status = make_panels(b, error);
  if (status == XP_OK) {
    b->zero = xp_snap_zeroed((size_t)nelements * (size_t)b->tables->ncomponents, sizeof(double));
    if (!b->zero) status = xp_error_memory(error, "SNAP descriptors");
  }
  if (status != XP_OK) {
    xp_snap_basis_free(b);
    return status;
  }
  for (int i = 0; i < nelements; ++i)
    xp_snap_tables_zero(b->tables, parameters, i, b->zero + (size_t)i * (size_t)b->tables->ncomponents);
  *basis = b;
  return XP_OK;
}

void xp_snap_basis_free(xp_snap_basis *basis) {
  if (!basis) return;
  xp_snap_geometry_free(&basis->geometry);
  xp_snap_tables_free(basis->tables);
  free(basis->zero);
  free(basis->panels);
  free(basis->panel_end);
  free(basis);
}

int xp_snap_basis_size(const xp_snap_basis *basis) {
  return basis->tables->ncomponents;
}

double xp_snap_basis_cutoff(const xp_snap_basis *basis) {
  double largest = 0.0;
  int n = basis->geometry.nelements;
  for (int pair = 0; pair < n * n; ++pair) largest = fmax(largest, basis->geometry.cutoff[pair]);
  return largest;
}

xp_status xp_snap_scratch_new(xp_snap_scratch **scratch, const xp_snap_basis *basis, xp_error *error) {
  const xp_snap_tables *t = basis->tables;
  *scratch = NULL;
  xp_snap_scratch *s = calloc(1, sizeof *s);
  if (!s) return xp_error_memory(error, "SNAP scratch space");
  xp_status status = xp_snap_density_new(&s->density, t, true, error);
  if (status == XP_OK) status = xp_snap_batch_new(&s->batch, t->nlabels, error);
  if (status != XP_OK) goto fail;
  s->bispectrum = xp_snap_aligned((size_t)t->ncomponents);
  s->packed = xp_snap_aligned(basis->packed);
  s->derivative = xp_snap_aligned((size_t)t->nu * 2 * 3);
  s->sums = xp_snap_aligned((size_t)t->ncomponents * 3);
  if (!s->bispectrum || !s->packed || !s->derivative || !s->sums) {
    status = xp_error_memory(error, "SNAP scratch space");
    goto fail;
  }
  *scratch = s;
  return XP_OK;
fail:
  xp_snap_scratch_free(s);
  return status;
}

void xp_snap_scratch_free(xp_snap_scratch *scratch) {
  if (!scratch) return;
  xp_snap_density_free(&scratch->density);
  xp_order_clear(&scratch->order);
  xp_snap_batch_free(&scratch->batch);
  free(scratch->bispectrum);
  free(scratch->packed);
  free(scratch->derivative);
  free(scratch->sums);
  free(scratch);
}

/* sums [K'][3] lanes to the rows of the neighbours in the lanes. */
static void scatter(const double *sums, int ncomponents, int width, const size_t *neighbours, double *derivatives) {
  for (int lane = 0; lane < width; ++lane) {
    if (neighbours[lane] == XP_SNAP_PADDING) continue;
    for (int d = 0; d < 3; ++d) {
      double *row = derivatives + (neighbours[lane] * 3 + (size_t)d) * (size_t)ncomponents;
      for (int k = 0; k < ncomponents; ++k) row[k] = sums[(size_t)(3 * k + d) * width + lane];
    }
  }
}

static xp_status describe_neighbours(const xp_snap_basis *basis, const xp_snap_kernel *kernel, xp_snap_scratch *s,
                                     const xp_neighbourhoods *neighbourhoods, int atom, const double *packed,
                                     double *derivatives, xp_error *error) {
  const xp_snap_tables *t = basis->tables;
  int width = kernel->width;
  xp_snap_batch *batch = &s->batch;
  xp_status status = xp_snap_batch_neighbours(batch, &basis->geometry, neighbourhoods, atom, width, error);
  if (status != XP_OK) return status;
  kernel->geometry(&basis->geometry, batch);
  for (int label = 0, slot = 0; label < t->nlabels; ++label) {
    int first = label ? basis->panel_end[label - 1] : 0;
    for (; slot < batch->end[label]; ++slot) {
      memset(s->sums, 0, (size_t)t->ncomponents * 3 * (size_t)width * sizeof(double));
      kernel->derivative(t, &basis->geometry, batch, slot, s->density.scratch, s->derivative);
      kernel->contract(t, basis->panels + first, basis->panel_end[label] - first, packed, s->derivative, s->sums);
      scatter(s->sums, t->ncomponents, width, batch->neighbours + (size_t)slot * width, derivatives);
    }
  }
  return XP_OK;
}

static xp_status describe_batch(const xp_snap_basis *basis, const xp_snap_kernel *kernel, xp_snap_scratch *s,
                                const xp_neighbourhoods *neighbourhoods, const int *atoms, int count,
                                double *descriptors, double *derivatives, xp_error *error) {
  const xp_snap_tables *t = basis->tables;
  size_t n = (size_t)t->ncomponents;
  const double *zero = basis->zero + (size_t)neighbourhoods->species[atoms[0]] * n;
  xp_status status = xp_snap_density_centres(&s->density, t, &basis->geometry, kernel, neighbourhoods, atoms,
                                             s->order.counts, count, error);
  if (status != XP_OK) return status;
  xp_snap_density_products(&s->density, t, kernel);
  kernel->bispectrum(t, zero, s->density.u, s->density.z, s->bispectrum);
  for (int lane = 0; lane < count; ++lane)
    for (size_t k = 0; k < n; ++k) descriptors[(size_t)atoms[lane] * n + k] = s->bispectrum[k * kernel->width + lane];
  if (!derivatives) return XP_OK;
  kernel->pack(basis->panels, basis->npanels, s->density.z, s->packed, basis->packed);
  for (int lane = 0; lane < count && status == XP_OK; ++lane)
    status = describe_neighbours(basis, kernel, s, neighbourhoods, atoms[lane],
                                 s->packed + (size_t)lane * basis->packed, derivatives, error);
  return status;
}

xp_status xp_snap_describe(const xp_snap_basis *basis, xp_snap_scratch *scratch,
                           const xp_neighbourhoods *neighbourhoods, double *descriptors, double *derivatives,
                           xp_error *error) {
  const xp_snap_kernel *kernel = xp_snap_kernel_select(XP_PRECISION_DOUBLE);
  int natoms = neighbourhoods->natoms;
  if (natoms == 0) return XP_OK;
  if (derivatives)
    memset(derivatives, 0,
           neighbourhoods->first[natoms] * 3 * (size_t)basis->tables->ncomponents * sizeof *derivatives);
  xp_status status =
      xp_snap_order_atoms(&scratch->order, &basis->geometry, neighbourhoods, basis->tables->nlabels, error);
  for (int begin = 0, count; begin < natoms && status == XP_OK; begin += count) {
    count = xp_order_batch(&scratch->order, neighbourhoods, begin, kernel->width);
    status = describe_batch(basis, kernel, scratch, neighbourhoods, scratch->order.atoms + begin, count, descriptors,
                            derivatives, error);
  }
  return status;
}
