/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/option.h"

#include <math.h>
#include <string.h>

#include "config/config.h"
#include "xpot/snap.h"

/* Larger than any sensible weight or energy, and still safe to square. */
#define LIMIT 1e100

/* clang-format off */
const xp_option xp_options[] = {
    {"", "output", XP_OPTION_TEXT, 0, "", 0, 0, {0}, "\"tuned\"", "folder for everything that is written, beside the input file; made when absent", offsetof(xp_config, output)},
    {"", "name", XP_OPTION_TEXT, 0, "", 0, 0, {0}, "\"potential\"", "name of the potential files in it", offsetof(xp_config, name)},
    {"", "threads", XP_OPTION_INTEGER, 0, "", 0, 4096, {0}, "0", "threads to use; 0: all processors. The results do not depend on it", offsetof(xp_config, threads)},
    {"", "reference_energies", XP_OPTION_REAL, XP_OPTION_PER_ELEMENT | XP_OPTION_RESULT, "eV", -LIMIT, LIMIT, {0}, "0", "energy of an isolated atom, taken off the energies before the fit and put back in beta_0, so that the potential reproduces the energies of the data (minus FitSNAP's ESHIFT); ace: E0 to start from, kept with fit.constant false", offsetof(xp_config, reference_energies)},
    {"data", "train", XP_OPTION_TEXT, XP_OPTION_REQUIRED, "", 0, 0, {0}, "", "extended XYZ file to fit to; relative paths start in the folder of the input file", offsetof(xp_config, train)},
    {"data", "validate", XP_OPTION_TEXT, 0, "", 0, 0, {0}, "", "extended XYZ file on which the loss is computed; a search needs this, folds or holdout", offsetof(xp_config, validate)},
    {"data", "test", XP_OPTION_TEXT, 0, "", 0, 0, {0}, "", "extended XYZ file that is evaluated once, when the potential is there: its errors go into the card and guide nothing", offsetof(xp_config, test)},
    {"data", "folds", XP_OPTION_INTEGER, XP_OPTION_RESULT, "", 0, 1000, {0}, "0", "cross-validation: the loss is computed on train, each structure predicted by a fit to the other folds; dealt out by config_type and search.seed; 0: off", offsetof(xp_config, folds)},
    {"data", "holdout", XP_OPTION_REAL, XP_OPTION_RESULT, "", 0, 0.9, {0}, "0", "share of each config_type of train that is not fitted to, and on which the loss is computed; drawn by search.seed; 0: off", offsetof(xp_config, holdout)},
    {"data", "energy_key", XP_OPTION_TEXT, XP_OPTION_RESULT, "", 0, 0, {0}, "", "key of the energies; without it the usual names are tried", offsetof(xp_config, energy_key)},
    {"data", "forces_key", XP_OPTION_TEXT, XP_OPTION_RESULT, "", 0, 0, {0}, "", "key of the forces; without it the usual names are tried", offsetof(xp_config, forces_key)},
    {"data", "virial_key", XP_OPTION_TEXT, XP_OPTION_RESULT, "", 0, 0, {0}, "", "key of the virials; without it the usual names are tried", offsetof(xp_config, virial_key)},
    {"data", "stress_key", XP_OPTION_TEXT, XP_OPTION_RESULT, "", 0, 0, {0}, "", "key of the stresses; without it the usual names are tried", offsetof(xp_config, stress_key)},
    {"data", "config_type_key", XP_OPTION_TEXT, XP_OPTION_RESULT, "", 0, 0, {0}, "\"config_type\"", "key of the group names", offsetof(xp_config, config_type_key)},
    {"potential", "kind", XP_OPTION_WORD, XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, 3, {"snap", "qsnap", "ace", "external"}, "\"qsnap\"", "linear SNAP, quadratic SNAP, the atomic cluster expansion, or what another fitting code makes (sections parameters and external)", offsetof(xp_config, kind)},
    {"potential", "twojmax", XP_OPTION_INTEGER, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_SNAP, "", 0, XP_SNAP_TWOJMAX_LIMIT, {0}, "6", "2 J_max, the order of the bispectrum", offsetof(xp_config, twojmax)},
    {"potential", "rcutfac", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ABOVE | XP_OPTION_SNAP, "Angstrom with radelem 0.5", 0, 100, {0}, "4.0", "cutoff of a pair, times the sum of its radelem", offsetof(xp_config, rcutfac)},
    {"potential", "rfac0", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ABOVE | XP_OPTION_SNAP, "", 0, 2, {0}, "0.99363", "share of the half circle that the cutoff is mapped to; above 1 the potential jumps at some distance", offsetof(xp_config, rfac0)},
    {"potential", "rmin0", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_SNAP, "Angstrom", 0, 100, {0}, "0", "distance mapped to the pole, where switching starts", offsetof(xp_config, rmin0)},
    {"potential", "radelem", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_PER_ELEMENT | XP_OPTION_RESULT | XP_OPTION_ABOVE | XP_OPTION_SNAP, "", 0, 100, {0}, "0.5", "radius of an element in units of rcutfac", offsetof(xp_config, radelem)},
    {"potential", "wj", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_PER_ELEMENT | XP_OPTION_RESULT | XP_OPTION_SNAP, "", -1000, 1000, {0}, "1", "weight of a neighbour of an element", offsetof(xp_config, wj)},
    {"potential", "switchflag", XP_OPTION_FLAG, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_SNAP, "", 0, 1, {0}, "true", "let the density of a neighbour go to zero at the cutoff", offsetof(xp_config, switchflag)},
    {"potential", "bzeroflag", XP_OPTION_FLAG, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_SNAP, "", 0, 1, {0}, "true", "take the bispectrum of an isolated atom off", offsetof(xp_config, bzeroflag)},
    {"potential", "bnormflag", XP_OPTION_FLAG, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_SNAP, "", 0, 1, {0}, "false", "divide components by 2J+1; usual with chemflag", offsetof(xp_config, bnormflag)},
    {"potential", "chemflag", XP_OPTION_FLAG, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_SNAP, "", 0, 1, {0}, "false", "a density for each element: explicit multi-element SNAP", offsetof(xp_config, chemflag)},
    {"potential", "wselfallflag", XP_OPTION_FLAG, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_SNAP, "", 0, 1, {0}, "false", "with chemflag: every density holds the central atom", offsetof(xp_config, wselfallflag)},
    {"potential", "switchinnerflag", XP_OPTION_FLAG, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_SNAP, "", 0, 1, {0}, "false", "switch neighbours off at short distance; needs sinner and dinner", offsetof(xp_config, switchinnerflag)},
    {"potential", "sinner", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_PER_ELEMENT | XP_OPTION_RESULT | XP_OPTION_ABOVE | XP_OPTION_SNAP, "Angstrom", 0, 100, {0}, "", "middle of the inner switching region", offsetof(xp_config, sinner)},
    {"potential", "dinner", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_PER_ELEMENT | XP_OPTION_RESULT | XP_OPTION_ABOVE | XP_OPTION_SNAP, "Angstrom", 0, 100, {0}, "", "half width of the inner switching region", offsetof(xp_config, dinner)},
    {"potential", "delta_spline_bins", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ABOVE | XP_OPTION_ACE, "Angstrom", 0, 1, {0}, "0.001", "width of a bin of the tables of radial functions that other programs make", offsetof(xp_config, delta_spline_bins)},
    {"potential", "repulsion", XP_OPTION_WORD, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, 1, {"auto", "given"}, "\"auto\"", "auto: below the shortest distance of a pair in the training data (the sum of covalent radii where it does not occur) ZBL takes over within 0.1 Angstrom; given: what r_in, delta_in, core-repulsion and inner_cutoff_type of bonds say", offsetof(xp_config, repulsion)},
    {"embeddings", "npot", XP_OPTION_WORD, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, 1, {"FinnisSinclair", "FinnisSinclairShiftedScaled"}, "\"FinnisSinclairShiftedScaled\"", "embedding function of the densities", offsetof(xp_embedding_options, npot)},
    {"embeddings", "ndensity", XP_OPTION_INTEGER, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 1, 8, {0}, "1", "number of densities P", offsetof(xp_embedding_options, ndensity)},
    {"embeddings", "fs_parameters", XP_OPTION_REAL, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE | XP_OPTION_LIST, "", -1000, 1000, {0}, "", "prefactor and exponent of each density; without it [1, 1] for one density, [1, 1, 1, 0.5] for two", offsetof(xp_embedding_options, fs_parameters)},
    {"embeddings", "rho_core_cut", XP_OPTION_REAL, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE | XP_OPTION_ABOVE, "eV", 0, LIMIT, {0}, "100000", "core repulsion at which the densities are switched off", offsetof(xp_embedding_options, rho_core_cut)},
    {"embeddings", "drho_core_cut", XP_OPTION_REAL, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE | XP_OPTION_ABOVE, "eV", 0, LIMIT, {0}, "250", "width of that", offsetof(xp_embedding_options, drho_core_cut)},
    {"bonds", "radbase", XP_OPTION_WORD, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, 3, {"SBessel", "ChebExpCos", "ChebPow", "ChebLinear"}, "\"SBessel\"", "radial basis", offsetof(xp_bond_options, radbase)},
    {"bonds", "radparameters", XP_OPTION_REAL, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE | XP_OPTION_LIST, "", -1000, 1000, {0}, "[5.25]", "parameters of the radial basis, of which the first one acts; SBessel has none", offsetof(xp_bond_options, radparameters)},
    {"bonds", "rcut", XP_OPTION_REAL, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE | XP_OPTION_ABOVE, "Angstrom", 0, 100, {0}, "5", "cutoff", offsetof(xp_bond_options, rcut)},
    {"bonds", "dcut", XP_OPTION_REAL, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE | XP_OPTION_ABOVE, "Angstrom", 0, 100, {0}, "0.01", "width of the switching at the cutoff", offsetof(xp_bond_options, dcut)},
    {"bonds", "r_in", XP_OPTION_REAL, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "Angstrom", 0, 100, {0}, "0", "inner cutoff; with repulsion given", offsetof(xp_bond_options, r_in)},
    {"bonds", "delta_in", XP_OPTION_REAL, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "Angstrom", 0, 100, {0}, "0", "width of the switching at the inner cutoff; with repulsion given", offsetof(xp_bond_options, delta_in)},
    {"bonds", "core-repulsion", XP_OPTION_REAL, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE | XP_OPTION_LIST, "", 0, LIMIT, {0}, "[0, 0]", "prefactor (eV Angstrom; a plain factor for zbl) and exponent (1/Angstrom^2) of the core repulsion; with repulsion given", offsetof(xp_bond_options, core_repulsion)},
    {"bonds", "inner_cutoff_type", XP_OPTION_WORD, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, 2, {"density", "distance", "zbl"}, "\"distance\"", "what happens below the inner cutoff; with repulsion given", offsetof(xp_bond_options, inner_cutoff_type)},
    {"bonds", "nradbase", XP_OPTION_INTEGER, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 1, 100, {0}, "", "number of radial basis functions; without it what the functions need", offsetof(xp_bond_options, nradbase)},
    {"bonds", "nradmax", XP_OPTION_INTEGER, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 1, 100, {0}, "", "number of radial functions; without it what the functions need", offsetof(xp_bond_options, nradmax)},
    {"bonds", "lmax", XP_OPTION_INTEGER, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, 20, {0}, "", "largest angular momentum; without it what the functions need", offsetof(xp_bond_options, lmax)},
    {"functions", "number_of_functions_per_element", XP_OPTION_INTEGER, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 1, 1000000, {0}, "300", "functions, shared out to the blocks: each of nb blocks of S elements keeps the first floor(S/nb times this) by power order", offsetof(xp_config, number_of_functions_per_element)},
    {"functions", "nradmax_by_orders", XP_OPTION_INTEGER, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE | XP_OPTION_LIST, "", 1, 100, {0}, "[15, 6, 4, 3, 2]", "largest radial index of products of 1, 2, ... neighbours", offsetof(xp_function_options, nradmax_by_orders)},
    {"functions", "lmax_by_orders", XP_OPTION_INTEGER, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE | XP_OPTION_LIST, "", 0, 20, {0}, "[0, 5, 4, 2, 1]", "largest angular momentum of products of 1, 2, ... neighbours; the first is 0", offsetof(xp_function_options, lmax_by_orders)},
    {"functions", "number_of_functions", XP_OPTION_INTEGER, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, 1000000, {0}, "", "functions of the block in place of its share", offsetof(xp_function_options, number_of_functions)},
    {"weights", "eweight", XP_OPTION_REAL, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, LIMIT, {0}, "100", "factor of an energy row (error an atom, eV); for ace a factor relative to other groups, 1 when it is not given", offsetof(xp_group_weights, eweight)},
    {"weights", "fweight", XP_OPTION_REAL, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, LIMIT, {0}, "1", "factor of a force row (error of a component, eV/Angstrom); for ace a factor relative to other groups, 1 when it is not given", offsetof(xp_group_weights, fweight)},
    {"weights", "vweight", XP_OPTION_REAL, XP_OPTION_KEYED | XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, LIMIT, {0}, "0", "factor of a virial row (error of a pressure component, bar); 0: virials are not used; for ace a factor relative to other groups, 1 when it is not given", offsetof(xp_group_weights, vweight)},
    {"loss", "alpha", XP_OPTION_REAL, XP_OPTION_RESULT, "", 0, 1, {0}, "0.5", "share of the energy in the loss: alpha L_E + (1 - alpha) L_F", offsetof(xp_config, alpha)},
    {"loss", "energy_target", XP_OPTION_REAL, XP_OPTION_RESULT | XP_OPTION_ABOVE, "meV/atom", 0, LIMIT, {0}, "", "error of energies wanted; with force_target in place of alpha: both contribute evenly to the loss when both are reached", offsetof(xp_config, energy_target)},
    {"loss", "force_target", XP_OPTION_REAL, XP_OPTION_RESULT | XP_OPTION_ABOVE, "eV/Angstrom", 0, LIMIT, {0}, "", "error of force components wanted", offsetof(xp_config, force_target)},
    {"loss", "error", XP_OPTION_WORD, XP_OPTION_RESULT, "", 0, 2, {"rmse", "mae", "huber"}, "\"rmse\"", "what L_E and L_F are: root mean squares, mean absolute values, or root mean squares in which errors above huber_energy and huber_force count linearly", offsetof(xp_config, loss_error)},
    {"loss", "force", XP_OPTION_WORD, XP_OPTION_RESULT, "", 0, 1, {"vector", "component"}, "\"vector\"", "errors of forces are lengths of vectors (atoms count once), or components", offsetof(xp_config, loss_force)},
    {"loss", "huber_energy", XP_OPTION_REAL, XP_OPTION_RESULT | XP_OPTION_ABOVE, "eV", 0, LIMIT, {0}, "", "error of an energy over the square root of the number of atoms (with virial_weight: of a virial, too), above which it counts linearly; with error huber", offsetof(xp_config, loss_huber_energy)},
    {"loss", "huber_force", XP_OPTION_REAL, XP_OPTION_RESULT | XP_OPTION_ABOVE, "eV/Angstrom", 0, LIMIT, {0}, "", "error of a force above which it counts linearly; with error huber", offsetof(xp_config, loss_huber_force)},
    {"loss", "virial_weight", XP_OPTION_REAL, XP_OPTION_RESULT, "", 0, LIMIT, {0}, "0", "factor of a third term L_V, of the components of virials over the square root of the number of atoms, eV", offsetof(xp_config, loss_virial_weight)},
    {"loss", "expression", XP_OPTION_TEXT, XP_OPTION_RESULT, "", 0, 0, {0}, "", "the loss in place of that, over loss and the names of metrics, as \"force_rmse_ev_per_ang * (1 + us_per_atom / 100)\"; of a group: {energy_rmse_mev_per_atom:Elastic}", offsetof(xp_config, expression)},
    {"loss", "command", XP_OPTION_TEXT, XP_OPTION_RESULT, "", 0, 0, {0}, "", "the loss in place of that: the number that this shell command prints; it runs in the folder of the input, and its last argument is a JSON file of the trial's values and metrics", offsetof(xp_config, command)},
    {"cost", "structure", XP_OPTION_TEXT, 0, "", 0, 0, {0}, "", "extended XYZ file whose first structure is timed; without it the largest structure of data.train", offsetof(xp_config, cost_structure)},
    {"cost", "atoms", XP_OPTION_INTEGER, XP_OPTION_RESULT, "", 1, 1000000, {0}, "500", "the structure is repeated to at least so many atoms", offsetof(xp_config, cost_atoms)},
    {"survival", "runs", XP_OPTION_INTEGER, XP_OPTION_RESULT, "", 0, 1000, {0}, "0", "runs of molecular dynamics a trial; 0: off", offsetof(xp_config, survival_runs)},
    {"survival", "structures", XP_OPTION_TEXT, 0, "", 0, 0, {0}, "", "extended XYZ file of structures to start from; without it those of data.train", offsetof(xp_config, survival_structures)},
    {"survival", "atoms", XP_OPTION_INTEGER, XP_OPTION_RESULT, "", 1, 1000000, {0}, "200", "a structure is repeated to at least so many atoms", offsetof(xp_config, survival_atoms)},
    {"survival", "temperature", XP_OPTION_REAL, XP_OPTION_RESULT | XP_OPTION_ABOVE, "K", 0, LIMIT, {0}, "1000", "temperature at the start and of the thermostat", offsetof(xp_config, survival_temperature)},
    {"survival", "steps", XP_OPTION_INTEGER, XP_OPTION_RESULT, "", 1, 1000000000, {0}, "2000", "steps of a run", offsetof(xp_config, survival_steps)},
    {"survival", "timestep", XP_OPTION_REAL, XP_OPTION_RESULT | XP_OPTION_ABOVE, "ps", 0, 1, {0}, "0.001", "time step", offsetof(xp_config, survival_timestep)},
    {"survival", "explode", XP_OPTION_REAL, XP_OPTION_RESULT | XP_OPTION_ABOVE, "", 1, LIMIT, {0}, "3", "a run whose temperature is ever above this multiple of temperature has not survived", offsetof(xp_config, survival_explode)},
    {"survival", "lammps", XP_OPTION_TEXT, 0, "", 0, 0, {0}, "\"lmp\"", "shell command that runs LAMMPS; -in DECK is added", offsetof(xp_config, survival_lammps)},
    {"survival", "plugin", XP_OPTION_TEXT, 0, "", 0, 0, {0}, "", "xpotaceplugin.so; without it LAMMPS has pair_style xpotace built in or loads it by LAMMPS_PLUGIN_PATH", offsetof(xp_config, survival_plugin)},
    {"fit", "constant", XP_OPTION_FLAG, XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, 1, {0}, "true", "fit a constant energy for each element (beta_0, ace: E0); false: it is the reference energy", offsetof(xp_config, constant)},
    {"fit", "rcond", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT, "", 0, 0.1, {0}, "1e-13", "singular values below rcond times the largest one (columns scaled to norm 1) are taken for zero; ace: in linear solutions", offsetof(xp_config, rcond)},
    {"fit", "ridge", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_SNAP, "", 0, LIMIT, {0}, "0", "snap, qsnap: ridge penalty on coefficients, each in units of the norm of its column (ace: L2_coeffs)", offsetof(xp_config, ridge)},
    {"fit", "memory", XP_OPTION_REAL, XP_OPTION_ABOVE, "GB", 0, 1000000.0, {0}, "4", "refuse a fit whose estimate is above this", offsetof(xp_config, memory)},
    {"fit", "kappa", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_LIST | XP_OPTION_ACE, "", 0, 1, {"auto"}, "[0.8, 0.02]", "share of the forces in the loss of the fit, one number a stage; auto: var E / (var E + var |F|) of the training data, E an atom", offsetof(xp_config, kappa)},
    {"fit", "iterations", XP_OPTION_INTEGER, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_LIST | XP_OPTION_ACE, "", 1, 10000000, {0}, "[600, 300]", "largest number of iterations of each stage", offsetof(xp_config, iterations)},
    {"fit", "virial_weight", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, LIMIT, {0}, "0", "factor of the virials' part of the loss: squared errors an atom (eV), summed over six components; 0: virials are not used", offsetof(xp_config, virial_weight)},
    {"fit", "L1_coeffs", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, LIMIT, {0}, "0", "penalty on the sum of absolute values of function coefficients", offsetof(xp_config, L1_coeffs)},
    {"fit", "L2_coeffs", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, LIMIT, {0}, "1e-8", "penalty on the sum of squares of function coefficients", offsetof(xp_config, L2_coeffs)},
    {"fit", "w0_rad", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, LIMIT, {0}, "1e-8", "penalty on the radial functions: weight of the integral of r^2 |R| over rcut^2", offsetof(xp_config, w0_rad)},
    {"fit", "w1_rad", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, LIMIT, {0}, "1e-8", "penalty on the radial functions: weight of the integral of r^2 |dR/dr| over rcut^2", offsetof(xp_config, w1_rad)},
    {"fit", "w2_rad", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, LIMIT, {0}, "1e-8", "penalty on the radial functions: weight of the integral of r^2 |d2R/dr2| over rcut^2", offsetof(xp_config, w2_rad)},
    {"fit", "huber_energy", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "eV/atom", 0, LIMIT, {0}, "0", "errors of energies above this count linearly; 0: all count as squares", offsetof(xp_config, huber_energy)},
    {"fit", "huber_force", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "eV/Angstrom", 0, LIMIT, {0}, "0", "errors of forces above this count linearly; 0: all count as squares", offsetof(xp_config, huber_force)},
    {"fit", "weighting", XP_OPTION_WORD, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, 1, {"uniform", "energy"}, "\"uniform\"", "weights of structures and atoms: all equal, or larger for low energies (distance to the convex hull) and small forces", offsetof(xp_config, weighting)},
    {"fit", "DElow", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "eV/atom", 0, LIMIT, {0}, "1", "weighting energy: structures below this are the lower tier", offsetof(xp_config, DElow)},
    {"fit", "DEup", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ABOVE | XP_OPTION_ACE, "eV/atom", 0, LIMIT, {0}, "10", "weighting energy: structures from this up are left out", offsetof(xp_config, DEup)},
    {"fit", "DE", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ABOVE | XP_OPTION_ACE, "eV/atom", 0, LIMIT, {0}, "1", "weighting energy: a structure weighs 1/(energy + DE)^2", offsetof(xp_config, DE)},
    {"fit", "DF", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ABOVE | XP_OPTION_ACE, "(eV/Angstrom)^2", 0, LIMIT, {0}, "1", "weighting energy: an atom weighs as its structure, over (force^2 + DF)", offsetof(xp_config, DF)},
    {"fit", "DFup", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "eV/Angstrom", 0, LIMIT, {0}, "0", "weighting energy: structures with a larger force are left out; 0: none are", offsetof(xp_config, DFup)},
    {"fit", "wlow", XP_OPTION_REAL, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ABOVE | XP_OPTION_ACE, "", 0, 1, {0}, "", "weighting energy: total weight of the lower tier; without it as it comes", offsetof(xp_config, wlow)},
    {"fit", "nfit", XP_OPTION_INTEGER, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, 1e9, {0}, "0", "weighting energy: structures to fit to, the lower tier first, chosen at random by search.seed; 0: all", offsetof(xp_config, nfit)},
    {"fit", "solver", XP_OPTION_WORD, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, 2, {"lbfgs", "lm", "linear"}, "\"lbfgs\"", "how the loss is minimised: Gauss-Newton steps and L-BFGS; Gauss-Newton steps alone (Levenberg-Marquardt), which leave the radial functions as they are; or one linear solution (one density of exponent 1, fixed radial functions, the last kappa)", offsetof(xp_config, solver)},
    {"fit", "linear", XP_OPTION_WORD, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, 3, {"qr", "cholesky", "evidence", "ard"}, "\"qr\"", "with solver linear: orthogonal factors, normal equations, or Bayesian with one prior width (evidence) or one a coefficient (ard), in place of L2_coeffs", offsetof(xp_config, linear)},
    {"fit", "trainable", XP_OPTION_WORD, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, 1, {"all", "functions"}, "\"all\"", "with solver lbfgs: fit radial functions, too, or the coefficients of functions only", offsetof(xp_config, trainable)},
    {"fit", "ladder_step", XP_OPTION_REAL, XP_OPTION_ABOVE | XP_OPTION_LIST | XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, 1000000, {0}, "", "grow the basis: functions a block and step (a whole number), or a share of those there are (below 1), or a list of both, of which the larger counts; without it all at once", offsetof(xp_config, ladder_step)},
    {"fit", "ladder_type", XP_OPTION_WORD, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, 1, {"power_order", "body_order"}, "\"power_order\"", "order in which functions are added", offsetof(xp_config, ladder_type)},
    {"fit", "patience", XP_OPTION_INTEGER, XP_OPTION_TUNABLE | XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, 10000000, {0}, "0", "iterations without a better loss on the validation data that end a stage, which then goes back to the best point; 0: off", offsetof(xp_config, patience)},
    {"fit", "checkpoint", XP_OPTION_INTEGER, XP_OPTION_RESULT | XP_OPTION_ACE, "", 0, 10000000, {0}, "50", "iterations of a cycle, behind which the state is written; 0: cycles of 100, and none is written", offsetof(xp_config, checkpoint)},
    {"fit", "initial_potential", XP_OPTION_TEXT, XP_OPTION_ACE, "", 0, 0, {0}, "", ".yaml file of an ACE potential to start from, as xpot-opt upfit does; relative paths start in the folder of the input file", offsetof(xp_config, initial_potential)},
    {"fit", "active_set", XP_OPTION_WORD, 0, "", 0, 2, {"linear", "full", "none"}, "\"linear\"", "write the active set (.asi), by which atoms outside of the training data are known, beside the final potential: of what the energy is linear in apart from embeddings or products of the bispectrum (linear), or with them (full)", offsetof(xp_config, active_set)},
    {"external", "command", XP_OPTION_TEXT, XP_OPTION_RESULT | XP_OPTION_EXTERNAL, "", 0, 0, {0}, "", "the fit: a command line for the shell, run in the folder of the trial; {{NAME}} stands for a parameter", offsetof(xp_config, external_command)},
    {"external", "evaluate", XP_OPTION_TEXT, XP_OPTION_RESULT | XP_OPTION_EXTERNAL, "", 0, 0, {0}, "", "a second command, run when the first has succeeded", offsetof(xp_config, external_evaluate)},
    {"external", "predictions", XP_OPTION_TEXT, XP_OPTION_RESULT | XP_OPTION_EXTERNAL, "", 0, 0, {0}, "", "extended XYZ file that the commands leave: the structures of data.validate, in their order, with what the fitted potential says of them", offsetof(xp_config, external_predictions)},
    {"external", "energy_key", XP_OPTION_TEXT, XP_OPTION_RESULT | XP_OPTION_EXTERNAL, "", 0, 0, {0}, "", "key of the energies in predictions; without it the usual names are tried", offsetof(xp_config, external_energy_key)},
    {"external", "forces_key", XP_OPTION_TEXT, XP_OPTION_RESULT | XP_OPTION_EXTERNAL, "", 0, 0, {0}, "", "key of the forces in predictions; without it the usual names are tried", offsetof(xp_config, external_forces_key)},
    {"external", "virial_key", XP_OPTION_TEXT, XP_OPTION_RESULT | XP_OPTION_EXTERNAL, "", 0, 0, {0}, "", "key of the virials in predictions; without it the usual names are tried", offsetof(xp_config, external_virial_key)},
    {"external", "potential", XP_OPTION_TEXT, XP_OPTION_RESULT | XP_OPTION_EXTERNAL, "", 0, 0, {0}, "", "in place of predictions: the potential that the commands leave, a .yace or .yaml file, or a .snapcoeff and a .snapparam file with a blank between; xpot-opt evaluates it on data.validate", offsetof(xp_config, external_potential)},
    {"external", "hours", XP_OPTION_REAL, XP_OPTION_EXTERNAL, "h", 0, 1000000.0, {0}, "0", "a trial whose commands take longer fails; 0: no limit", offsetof(xp_config, external_hours)},
    {"external", "keep", XP_OPTION_WORD, XP_OPTION_EXTERNAL, "", 0, 1, {"best", "all"}, "\"best\"", "folders of trials that stay: that of the best trial and those of failed ones, or all", offsetof(xp_config, external_keep)},
    {"search", "trials", XP_OPTION_INTEGER, 0, "", 1, 1000000, {0}, "60", "trials to make, those of an interrupted run included", offsetof(xp_config, trials)},
    {"search", "initial", XP_OPTION_INTEGER, 0, "", 0, 1000000, {0}, "0", "trials of the design at the start; 0: two more than twice the number of dimensions, at most 30", offsetof(xp_config, initial)},
    {"search", "seed", XP_OPTION_INTEGER, 0, "", 0, 0x1p53, {0}, "42", "start of the random numbers", offsetof(xp_config, seed)},
    {"search", "design", XP_OPTION_WORD, 0, "", 0, 5, {"hammersley", "sobol", "latin", "halton", "random", "plain_hammersley"}, "\"hammersley\"", "how the initial trials are spread: sets of points that fill the space evenly, the first four at random so; plain_hammersley: as in scikit-optimize", offsetof(xp_config, design)},
    {"search", "kernel", XP_OPTION_WORD, 0, "", 0, 2, {"matern52", "matern32", "matern12"}, "\"matern52\"", "how smooth losses are taken to be: kernel of the Gaussian process", offsetof(xp_config, kernel)},
    {"search", "acquisition", XP_OPTION_WORD, 0, "", 0, 4, {"log_ei", "ei", "pi", "lcb", "hedge"}, "\"log_ei\"", "what the next trial has most of: expected improvement (its logarithm is the easier to climb), probability of improvement, lower confidence bound; hedge: drawn from the last three by what they would have gained so far", offsetof(xp_config, acquisition)},
    {"search", "xi", XP_OPTION_REAL, 0, "", 0, 1000, {0}, "0.1", "improvement that log_ei, ei and pi ask for in every other trial (any in the others), in standard deviations of the losses", offsetof(xp_config, xi)},
    {"search", "kappa", XP_OPTION_REAL, 0, "", 0, 1000, {0}, "1.96", "standard deviations that lcb goes below the mean", offsetof(xp_config, search_kappa)},
    {"search", "hours", XP_OPTION_REAL, 0, "h", 0, 1000000.0, {0}, "0", "stop after the trial that passes this time; 0: no limit", offsetof(xp_config, hours)},
    {"search", "target_loss", XP_OPTION_REAL, 0, "", 0, LIMIT, {0}, "0", "stop at this loss; 0: never", offsetof(xp_config, target_loss)},
    {"search", "plateau", XP_OPTION_INTEGER, 0, "", 0, 1000000, {0}, "0", "stop after so many trials without a better one; 0: never", offsetof(xp_config, plateau)},
    {"search", "parallel", XP_OPTION_INTEGER, 0, "", 1, 1024, {0}, "1", "trials at a time, on each process of MPI; they share the threads", offsetof(xp_config, parallel)},
    {"search", "trial_hours", XP_OPTION_REAL, 0, "h", 0, 1000000.0, {0}, "0", "stop a trial that takes longer, and record it as failed; 0: no limit", offsetof(xp_config, trial_hours)},
    {"search", "trial_memory", XP_OPTION_REAL, 0, "GB", 0, 1000000.0, {0}, "0", "stop a trial that holds more memory, with its data and with programs it runs, and record it as failed; 0: no limit", offsetof(xp_config, trial_memory)},
    {"search", "fidelity", XP_OPTION_REAL, XP_OPTION_ABOVE | XP_OPTION_LIST, "", 0, 1, {0}, "", "successive halving: shares of the data and iterations, ascending to 1, at which points are tried; the best search.keep of each share go on to the next; without it every trial is a whole one", offsetof(xp_config, fidelity)},
    {"search", "keep", XP_OPTION_REAL, XP_OPTION_ABOVE, "", 0, 0.9, {0}, "0.3333333333333333", "with fidelity: share of the trials that go on", offsetof(xp_config, keep)},
    {"search", "second", XP_OPTION_TEXT, 0, "", 0, 0, {0}, "", "metric that is minimised besides the loss, as us_per_atom (with a - before it: maximised): the trials look for the best trade-offs", offsetof(xp_config, second)},
    {"search", "transfer", XP_OPTION_TEXT, 0, "", 0, 0, {0}, "", "output folder or journal of an earlier search, of other data, elements or ranges, too: its best points are the first ones of this search", offsetof(xp_config, transfer)},
    {"search", "transfer_points", XP_OPTION_INTEGER, 0, "", 1, 1000, {0}, "4", "how many of them, all different", offsetof(xp_config, transfer_points)},
    {"limits", "min", XP_OPTION_REAL, XP_OPTION_KEYED, "", -LIMIT, LIMIT, {0}, "", "least value allowed", offsetof(xp_limit_options, least)},
    {"limits", "max", XP_OPTION_REAL, XP_OPTION_KEYED, "", -LIMIT, LIMIT, {0}, "", "largest value allowed", offsetof(xp_limit_options, most)},
};
/* clang-format on */
const int xp_noptions = sizeof xp_options / sizeof *xp_options;

const xp_section xp_sections[] = {
    {.name = "", .help = "general"},
    {.name = "data", .help = "reference data"},
    {.name = "potential",
     .help = "the model; names and meaning as in LAMMPS's .snapparam and .snapcoeff files, and in pacemaker's input"},
    {"embeddings",
     "ace: an object for ALL elements, and for elements that have values of their own, as \"Si\", which come first",
     XP_KEYS_BLOCKS, sizeof(xp_embedding_options), 1, false},
    {"bonds",
     "ace: an object for ALL pairs, UNARY ones (of one element), BINARY ones, and for single pairs, as \"Si\" or "
     "\"SbTe\" (both orders); what is said later in this list comes first, key by key",
     XP_KEYS_BLOCKS, sizeof(xp_bond_options), 2, false},
    {"functions",
     "ace: an object for ALL blocks, UNARY, BINARY, TERNARY, QUATERNARY, QUINARY ones, and for single blocks, as "
     "\"SbTe\" (Sb is the centre); what is said later in this list comes first, key by key",
     XP_KEYS_BLOCKS, sizeof(xp_function_options), 0, true},
    {"weights",
     "an object for each config_type that has weights of its own, and \"default\" for all others; a weight that "
     "an object does not give is the one of \"default\"",
     XP_KEYS_GROUPS, sizeof(xp_group_weights), 0, false},
    {.name = "loss", .help = "what the search minimises, on the validation data"},
    {.name = "cost",
     .help =
         "the cell on which the time of energies and forces is measured: metric us_per_atom, microseconds an atom on "
         "one thread"},
    {.name = "survival",
     .help =
         "short molecular dynamics with each potential, by LAMMPS with pair_style xpotace: metric survival, the share "
         "of runs that neither fail nor lose atoms nor explode"},
    {.name = "fit",
     .help = "the fit: linear least squares for snap and qsnap; for ace the minimum of a loss, in stages"},
    {.name = "parameters",
     .help = "external: values with names of your own, numbers, text, true or false, each of which may be a range; "
             "{{NAME}} in a template or command stands for it. A range of whole numbers says \"whole\": true",
     .keys = XP_KEYS_FREE},
    {.name = "external",
     .help = "external: how another fitting code is called and where its results are. Besides: \"files\": {NAME: "
             "TEMPLATE, ...}, files of the folder of a trial and the templates they are made from; \"metrics\": {NAME: "
             "{\"file\", and \"pattern\", \"pointer\" or \"column\"}, ...}, numbers in files that the commands leave",
     .keys = XP_KEYS_FREE},
    {.name = "search", .help = "Bayesian optimisation of every value that is a range"},
    {"limits",
     "an object for each metric that must stay within limits, as \"us_per_atom\": {\"max\": 30}: the best trial is the "
     "best "
     "of those within all of them",
     XP_KEYS_GROUPS, sizeof(xp_limit_options), 0, false},
};
const int xp_nsections = sizeof xp_sections / sizeof *xp_sections;

int xp_section_find(const char *name) {
  for (int s = 0; s < xp_nsections; ++s)
    if (strcmp(xp_sections[s].name, name) == 0) return s;
  return -1;
}

const xp_option *xp_option_find(const char *section, const char *name, int keyed) {
  for (int i = 0; i < xp_noptions; ++i)
    if (strcmp(xp_options[i].section, section) == 0 && strcmp(xp_options[i].name, name) == 0 &&
        (xp_options[i].traits & XP_OPTION_KEYED) == keyed)
      return &xp_options[i];
  return NULL;
}

int xp_option_word(const xp_option *option, const char *word) {
  for (int i = 0; i < XP_OPTION_WORDS && option->words[i]; ++i)
    if (strcmp(option->words[i], word) == 0) return i;
  return -1;
}

static void words_range(const xp_option *option, char *text, int size) {
  int used = 0;
  for (int i = 0; i < XP_OPTION_WORDS && option->words[i] && used < size; ++i)
    used += snprintf(text + used, (size_t)(size - used), i ? " or \"%s\"" : "\"%s\"", option->words[i]);
}

void xp_option_range(const xp_option *option, char *text, int size) {
  const char *noun = option->type == XP_OPTION_INTEGER ? "a whole number" : "a number";
  const char *from = option->traits & XP_OPTION_ABOVE ? "above" : "from";
  if (option->type == XP_OPTION_TEXT)
    snprintf(text, (size_t)size, "text");
  else if (option->type == XP_OPTION_FLAG)
    snprintf(text, (size_t)size, "true or false");
  else if (option->type == XP_OPTION_WORD)
    words_range(option, text, size);
  else if (option->high < LIMIT)
    snprintf(text, (size_t)size, "%s %s %.16g to %.16g", noun, from, option->low, option->high);
  else if (option->low > -LIMIT)
    snprintf(text, (size_t)size, "%s %s %.16g", noun, from, option->low);
  else
    snprintf(text, (size_t)size, "%s", noun);
  if (option->traits & XP_OPTION_LIST && option->type != XP_OPTION_WORD && option->words[0]) {
    size_t used = strlen(text);
    snprintf(text + used, (size_t)size - used, " or \"%s\"", option->words[0]);
  }
}

bool xp_option_allows(const xp_option *option, double value) {
  if (!isfinite(value) || value > option->high) return false;
  if (option->traits & XP_OPTION_ABOVE ? value <= option->low : value < option->low) return false;
  return option->type == XP_OPTION_REAL || value == floor(value);
}

/* Text in lines, the first one behind what is printed already, the others indented. */
static void print_wrapped(const char *text, FILE *stream) {
  enum { WIDTH = 150 };
  for (const char *indent = ""; *text; indent = "                       ") {
    int size = (int)strlen(text);
    if (size > WIDTH)
      for (size = WIDTH; size > 1 && text[size] != ' ';) --size;
    fprintf(stream, "%s%.*s\n", indent, size, text);
    text += size;
    while (*text == ' ') ++text;
  }
}

static void print_option(const xp_option *option, FILE *stream) {
  char range[128];
  xp_option_range(option, range, sizeof range);
  fprintf(stream, "    %-18s %s", option->name, range);
  if (option->unit[0]) fprintf(stream, ", %s", option->unit);
  if (option->traits & XP_OPTION_PER_ELEMENT) fprintf(stream, "; also {\"Si\": ...}");
  if (option->traits & XP_OPTION_LIST) fprintf(stream, "; also a list");
  if (option->traits & XP_OPTION_TUNABLE) fprintf(stream, "; tunable");
  if (xp_option_tune(option)) fprintf(stream, ", \"tune\": %s", xp_option_tune(option));
  if (option->traits & XP_OPTION_REQUIRED)
    fprintf(stream, "; required");
  else
    fprintf(stream, "; default %s", option->standard[0] ? option->standard : "none");
  fprintf(stream, "\n                       ");
  print_wrapped(option->help, stream);
}

void xp_option_print_help(FILE *stream) {
  fprintf(
      stream,
      "Input file (JSON). \"elements\": list of element symbols, required; their order is that of pair_coeff for\n"
      "chem-SNAP. In place of a value marked tunable: {\"min\": 3, \"max\": 6}, with \"scale\": \"log\" where equal\n"
      "ratios should be equally likely, {\"choices\": [4, 6, 8]}, {\"ordered\": [...]} where neighbours in the list "
      "are\n"
      "alike, or \"tune\", a default range where one is listed. Beside these, \"when\": {\"potential.kind\": "
      "[\"ace\"]}\n"
      "(other ranges, and the values for which this one is active) and \"otherwise\" (the value elsewhere).\n"
      "\"constraints\": list of expressions over ranges, true where a trial may be: \"bonds.ALL.dcut < 0.2 *\n"
      "bonds.ALL.rcut\". \"starts\": list of points to begin with, [{\"potential.rcutfac\": 4.5}].\n");
  for (int s = 0; s < xp_nsections; ++s) {
    fprintf(stream, "\n  %s%s", xp_sections[s].name, xp_sections[s].name[0] ? ": " : "");
    print_wrapped(xp_sections[s].help, stream);
    for (int i = 0; i < xp_noptions; ++i)
      if (strcmp(xp_options[i].section, xp_sections[s].name) == 0) print_option(&xp_options[i], stream);
  }
}
