/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "snap/snap_density.h"
#include "snap/snap_kernel.h"
#include "snap/snap_memory.h"
#include "snap/snap_order.h"
#include "snap/snap_plan_data.h"

struct xp_snap_workspace {
  xp_snap_density density;
  xp_order order;
  void *adjoint;      /* [nlabels][nu] complex lanes */
  double *bispectrum; /* [K'] lanes */
  void *effective;    /* [K'] lanes */
  double *energy;     /* lanes */
};

void xp_snap_workspace_free(xp_snap_workspace *workspace) {
  if (!workspace) return;
  xp_snap_density_free(&workspace->density);
  xp_order_clear(&workspace->order);
  free(workspace->adjoint);
  free(workspace->bispectrum);
  free(workspace->effective);
  free(workspace->energy);
  free(workspace);
}

xp_status xp_snap_workspace_new(xp_snap_workspace **workspace, const xp_snap_plan *plan, xp_error *error) {
  const xp_snap_tables *tables = plan->tables;
  *workspace = NULL;
  xp_snap_workspace *w = calloc(1, sizeof *w);
  if (!w) return xp_error_memory(error, "a SNAP workspace");
  xp_status status = xp_snap_density_new(&w->density, tables, !plan->folded, error);
  if (status != XP_OK) goto fail;
  w->adjoint = xp_snap_aligned((size_t)tables->nlabels * (size_t)tables->nu * 2);
  w->bispectrum = xp_snap_aligned((size_t)tables->ncomponents * XP_SNAP_DOUBLE_LANES);
  w->effective = xp_snap_aligned((size_t)tables->ncomponents);
  w->energy = xp_snap_aligned(XP_SNAP_DOUBLE_LANES);
  if (!w->adjoint || !w->bispectrum || !w->effective || !w->energy) {
    status = xp_error_memory(error, "a SNAP workspace");
    goto fail;
  }
  *workspace = w;
  return XP_OK;
fail:
  xp_snap_workspace_free(w);
  return status;
}

/* Y and the energies of a batch. */
static void batch_adjoint(const xp_snap_plan *plan, const xp_snap_kernel *kernel, xp_snap_workspace *w, int species) {
  const xp_snap_tables *tables = plan->tables;
  const xp_snap_terms *terms = &plan->terms[species];
  const void *u = w->density.u, *z = w->density.z;
  if (plan->folded) {
    kernel->products(&terms->folded, u, u, w->adjoint);
  } else {
    xp_snap_density_products(&w->density, tables, kernel);
    if (plan->quadratic) {
      kernel->bispectrum(tables, terms->zero, u, z, w->bispectrum);
      kernel->quadratic(tables->ncomponents, terms->beta, terms->alpha, w->bispectrum, w->effective, w->energy);
    } else {
      kernel->linear(tables->ncomponents, terms->beta, w->effective);
    }
    kernel->adjoint(tables, w->effective, z, w->density.scratch, w->adjoint);
  }
  if (plan->quadratic) return;
  kernel->contraction(tables, u, w->adjoint, w->energy);
  for (int lane = 0; lane < kernel->width; ++lane) w->energy[lane] = w->energy[lane] / 3.0 - terms->shift;
}

static void batch_gradient(const xp_snap_plan *plan, const xp_snap_kernel *kernel, xp_snap_workspace *w,
                           double (*gradient)[3]) {
  xp_snap_batch *batch = &w->density.batch;
  int width = kernel->width, first = 0;
  for (int label = 0; label < batch->nlabels; first = batch->end[label++])
    kernel->gradient(plan->tables, &plan->geometry, batch, first, batch->end[label], w->density.scratch,
                     (char *)w->adjoint + (size_t)label * (size_t)plan->tables->nu * 2 * kernel->bytes);
  for (int slot = 0; slot < batch->nslots; ++slot)
    for (int lane = 0; lane < width; ++lane) {
      size_t neighbour = batch->neighbours[(size_t)slot * width + lane];
      const double *fields = batch->fields + (size_t)slot * XP_SNAP_FIELDS * width + lane;
      if (neighbour == XP_SNAP_PADDING) continue;
      for (int d = 0; d < 3; ++d) gradient[neighbour][d] = fields[(XP_SNAP_GX + d) * width];
    }
}

static xp_status evaluate_batch(const xp_snap_plan *plan, const xp_snap_kernel *kernel, xp_snap_workspace *w,
                                const xp_neighbourhoods *neighbourhoods, const int *atoms, int count,
                                const xp_evaluation *out, xp_error *error) {
  int species = neighbourhoods->species[atoms[0]];
  xp_status status = xp_snap_density_centres(&w->density, plan->tables, &plan->geometry, kernel, neighbourhoods, atoms,
                                             w->order.counts, count, error);
  if (status != XP_OK) return status;
  batch_adjoint(plan, kernel, w, species);
  for (int lane = 0; lane < count && out->energy; ++lane)
    out->energy[atoms[lane]] = plan->terms[species].constant + w->energy[lane];
  if (out->gradient) batch_gradient(plan, kernel, w, out->gradient);
  return XP_OK;
}

xp_status xp_snap_evaluate(const xp_snap_plan *plan, xp_snap_workspace *w, const xp_neighbourhoods *neighbourhoods,
                           const xp_evaluation *out, xp_error *error) {
  const xp_snap_kernel *kernel = xp_snap_kernel_select(plan->precision);
  int natoms = neighbourhoods->natoms;
  if (natoms == 0) return XP_OK;
  if (out->gradient) memset(out->gradient, 0, neighbourhoods->first[natoms] * sizeof *out->gradient);
  for (int i = 0; i < natoms && out->core_factor; ++i) out->core_factor[i] = 0.0;
  xp_status status = xp_snap_order_atoms(&w->order, &plan->geometry, neighbourhoods, plan->tables->nlabels, error);
  for (int begin = 0, count; begin < natoms && status == XP_OK; begin += count) {
    count = xp_order_batch(&w->order, neighbourhoods, begin, kernel->width);
    status = evaluate_batch(plan, kernel, w, neighbourhoods, w->order.atoms + begin, count, out, error);
  }
  return status;
}
