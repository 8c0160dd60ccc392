/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Potentials and atoms for the tests of device kernels. */
#ifndef XPOT_TEST_DEVICE_MODELS_H
#define XPOT_TEST_DEVICE_MODELS_H

#include "xpot/neighbour.h"
#include "xpot/potential.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A potential and an isolated cluster. */
typedef struct device_model {
  const char *name;
  xp_plan *plan;
  xp_structure *structure;
  xp_neighbour_list *list; /* beyond the cutoff, too */
} device_model;

/* How many models there are, and one of them; no plan where its file is absent, which is said. Failures end the program with a
 * sentence. */
int device_models(void);
device_model device_model_make(int which);
void device_model_clear(device_model *model);

/* Energies [natoms] and gradients [neighbours][3] by the kernel of the host. */
void device_model_evaluate(const device_model *model, double *energies, double (*gradients)[3]);

#ifdef __cplusplus
}
#endif

#endif
