/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "xpot/ace_image.h"

#include <stdlib.h>
#include <string.h>

#include "ace/plan_data.h"
#include "image/centre_image.h"
#include "image/extend.h"
#include "image/network.h"
#include "image/radial_image.h"
#include "potential/compiled.h"

static xp_status reserve_pairs(xp_ace_image *image, const xp_ace_centre *centre, xp_error *error) {
  size_t segments = 0;
  for (int j = 0; j < image->nelements; ++j) segments += (size_t)xp_image_count_segments(&centre->pairs[j]);
  XP_IMAGE_EXTEND(segments, nsegments, segments);
  return XP_OK;
}

static xp_ace_image_centre rule_of(xp_image_store *store, const xp_ace_centre *centre, const xp_network *network) {
  const xp_ace_atom_rule *rule = &centre->rule;
  return (xp_ace_image_centre){.npoti = rule->npoti,
                               .inner = rule->inner,
                               .rho_core_cutoff = rule->rho_core_cutoff,
                               .drho_core_cutoff = rule->drho_core_cutoff,
                               .e0 = rule->e0,
                               .ndensity = rule->ndensity,
                               .parameters = xp_image_put_numbers(store, rule->parameters, 2 * (size_t)rule->ndensity),
                               .nbase_slots = centre->coupled.nbase,
                               .nslots = network->nslots};
}

static xp_status add_centre(xp_ace_image *image, xp_image_store *store, const xp_ace_plan *plan, int i,
                            xp_error *error) {
  const xp_ace_centre *centre = &plan->centres[i];
  xp_network network = {0};
  xp_status status = reserve_pairs(image, centre, error);
  for (int j = 0; j < plan->nelements && status == XP_OK; ++j)
    status = xp_image_add_pair(image, store, &centre->pairs[j], centre->rule.ndensity,
                               &image->pairs[i * plan->nelements + j], error);
  if (status == XP_OK) status = xp_network_new(&network, store, centre, plan->nelements, error);
  if (status == XP_OK) {
    image->centres[i] = rule_of(store, centre, &network);
    status = xp_image_add_network(image, store, &network, centre->rule.ndensity, &image->centres[i], error);
  }
  xp_network_clear(&network);
  return status;
}

static xp_status fill(xp_ace_image *image, xp_image_store *store, const xp_ace_plan *plan, xp_error *error) {
  size_t n = (size_t)plan->nelements, harmonics = (size_t)(plan->lmax + 1) * (size_t)(plan->lmax + 2);
  image->nelements = plan->nelements;
  image->lmax = plan->lmax;
  image->nearest_limit = plan->nearest_limit;
  image->centres = calloc(n, sizeof *image->centres);
  image->pairs = calloc(n * n, sizeof *image->pairs);
  image->recursion = xp_image_add_numbers(store, harmonics);
  if (!image->centres || !image->pairs || store->failed) return xp_error_memory(error, "an ACE image");
  for (size_t k = 0; k < harmonics; ++k) store->numbers[image->recursion + (int)k] = xp_real_at(&plan->recursion, k);
  for (int i = 0; i < plan->nelements; ++i) {
    xp_status status = add_centre(image, store, plan, i, error);
    if (status != XP_OK) return status;
  }
  return store->failed ? xp_error_memory(error, "an ACE image") : XP_OK;
}

xp_status xp_ace_image_new(xp_ace_image **result, const xp_plan *plan, xp_error *error) {
  *result = NULL;
  if (xp_plan_kind(plan) != XP_KIND_ACE)
    return xp_error_set(error, XP_ERROR_INPUT, "expected an ACE plan for an ACE image");
  xp_ace_image *image = calloc(1, sizeof *image);
  if (!image) return xp_error_memory(error, "an ACE image");
  xp_image_store store = {0};
  xp_status status = fill(image, &store, xp_plan_compiled(plan), error);
  image->nnumbers = store.nnumbers;
  image->nindices = store.nindices;
  image->numbers = store.numbers;
  image->indices = store.indices;
  if (status == XP_OK)
    *result = image;
  else
    xp_ace_image_free(image);
  return status;
}

void xp_ace_image_free(xp_ace_image *image) {
  if (!image) return;
  free(image->centres);
  free(image->pairs);
  free(image->segments);
  free(image->types);
  free(image->couplings);
  free(image->levels);
  free(image->nodes);
  free(image->gathers);
  free(image->sums);
  free(image->rows);
  free(image->numbers);
  free(image->indices);
  free(image);
}
