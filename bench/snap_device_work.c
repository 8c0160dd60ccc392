/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snap_device_work.h"

/* Operations of the formulas in lammps-plugin/device, by hand. */
enum {
  OPERATIONS_SINE_COSINE = 37,            /* sine_cosine_pi */
  OPERATIONS_DISTANCE = 17,               /* snap_load_tile: difference, norm, angle, direction */
  OPERATIONS_SWITCH = 9,                  /* snap_switch, outer: besides sine and cosine */
  OPERATIONS_INNER = 13,                  /* snap_switch, inner: the same */
  OPERATIONS_PARAMETERS = 5,              /* snap_parameters */
  OPERATIONS_POWER = 6,                   /* snap_fill_powers: a power of a or b */
  OPERATIONS_POLYNOMIAL = 7,              /* snap_fill_polynomials: T_n and its slope; y takes as many */
  OPERATIONS_PRODUCT = 6,                 /* of complex numbers */
  OPERATIONS_SHARES = 3 + 3 + 4 + 10 + 6, /* snap_add_shares, after the sums over n */
  OPERATIONS_ADD_POWER = 10,              /* snap_add_power */
  OPERATIONS_TURN = 65,                   /* snap_turn, add, sum_own */
  OPERATIONS_DOT = 4                      /* snap_dot and its addition */
};

typedef struct context {
  const xp_snap_image *image;
  const xp_snap_image_centre *centre;
  const double *within, *tiled; /* neighbours by species */
  const xp_device_team *team;
  double real; /* bytes of a number in the kernel's precision */
} context;

static size_t largest(size_t a, size_t b) {
  return a > b ? a : b;
}

/* Factors of a neighbour: powers of a and of b, T_n, dT_n/dy. */
static size_t factors(const xp_snap_image *image) {
  return 4 * ((size_t)image->twojmax + 1) + 2 * ((size_t)image->twojmax / 2 + 1);
}

static int groups(const xp_snap_image *image, int workers) {
  int most = workers / XP_DEVICE_TILE < image->npowers ? workers / XP_DEVICE_TILE : image->npowers;
  return most > 1 ? most : 1;
}

static int parts(const xp_snap_image *image) {
  return image->quadratic ? image->ncomponents : XP_DEVICE_SNAP_ENERGY_PARTS;
}

xp_device_layout xp_snap_device_layout(const xp_snap_image *image, int workers) {
  size_t labels = (size_t)image->nlabels, tile = XP_DEVICE_TILE * factors(image),
         components = (size_t)image->ncomponents;
  size_t moments = labels * (size_t)image->nmoments, y = 2 * labels * (size_t)image->nentries;
  size_t first = largest(largest(2 * labels * (size_t)image->nu, moments), tile);
  size_t sums = image->quadratic ? first + largest(moments, y) : first;
  size_t links = largest(sums + 2 * (size_t)image->nsums, first + moments) + components;
  size_t shares = moments + tile + XP_DEVICE_TILE * (size_t)groups(image, workers) * XP_DEVICE_SNAP_SHARES;
  return (xp_device_layout){largest(links + (size_t)image->nlinks, shares),
                            XP_DEVICE_TILE * (XP_DEVICE_SNAP_FIELDS + 3) + (size_t)parts(image) + components +
                                XP_DEVICE_OWN_SUMS};
}

static void touch(xp_device_work *w, const context *c, double reals, double doubles) {
  xp_device_team_touch(c->team, w, reals, doubles);
}

static void stream(xp_device_work *w, const context *c, double requested, double distinct) {
  xp_device_team_stream(c->team, w, requested, distinct);
}

/* snap_load_tile */
static void count_angles(xp_device_work *w, const context *c, int s) {
  double operations = OPERATIONS_DISTANCE + OPERATIONS_SINE_COSINE;
  if (c->image->switchflag) operations += OPERATIONS_SWITCH + OPERATIONS_SINE_COSINE;
  if (c->image->switchinnerflag) operations += OPERATIONS_INNER + OPERATIONS_SINE_COSINE;
  w->exact += c->tiled[s] * operations;
  touch(w, c, 0.0, c->tiled[s] * XP_DEVICE_SNAP_FIELDS);
  xp_device_count_loads(w, c->within[s]);
}

/* snap_fill_factors: a, b and y are found three times. */
static void count_factors(xp_device_work *w, const context *c, int s) {
  double powers = c->image->twojmax + 1.0, polynomials = c->image->twojmax / 2 + 1.0;
  w->exact += 3.0 * c->tiled[s] * OPERATIONS_PARAMETERS;
  w->operations += c->tiled[s] * (2.0 * powers * OPERATIONS_POWER + (polynomials + 1.0) * OPERATIONS_POLYNOMIAL);
  touch(w, c, c->tiled[s] * (double)factors(c->image), 3.0 * 5.0 * c->tiled[s]);
}

/* snap_add_moments: the products of a tile's powers stay in registers. */
static void count_moments(xp_device_work *w, const context *c, int s) {
  double tiles = c->tiled[s] / XP_DEVICE_TILE, record = sizeof(xp_snap_image_power);
  for (int p = 0; p < c->image->npowers; ++p)
    for (int part = 0; part < 4; ++part) {
      const xp_snap_image_power *power = &c->image->powers[p];
      stream(w, c, tiles * record, part == 0 ? tiles * record : 0.0);
      if (power->moments[part] < 0) continue;
      w->operations += c->tiled[s] * (1.0 + 2.0 * power->count);
      touch(w, c, tiles * (2.0 * XP_DEVICE_TILE + power->count * (XP_DEVICE_TILE + 2.0)), 0.0);
    }
}

static void count_clearing(xp_device_work *w, const context *c) {
  touch(w, c, (double)c->image->nlabels * c->image->nmoments, 0.0);
}

/* snap_sum_row */
static void count_row(xp_device_work *w, const context *c, const xp_snap_image_row *row) {
  double bytes = sizeof *row + row->count * (sizeof(int) + c->real), labels = c->image->nlabels;
  w->operations += labels * 2.0 * row->count;
  touch(w, c, labels * row->count, 0.0);
  stream(w, c, labels * bytes, bytes);
}

/* snap_expand */
static void count_expansion(xp_device_work *w, const context *c) {
  for (int r = 0; r < 2 * c->image->nentries; ++r) {
    const xp_snap_image_row *row = &c->image->expansion[r];
    const xp_snap_image_entry *entry = &c->image->entries[row->row / 2];
    double labels = c->image->nlabels, written = entry->mirror >= 0 ? 2.0 : 1.0;
    count_row(w, c, row);
    w->operations += labels * (written - 1.0);
    touch(w, c, labels * written, 0.0);
    stream(w, c, labels * sizeof *entry, sizeof *entry);
  }
}

/* snap_multiply */
static void count_products(xp_device_work *w, const context *c) {
  for (int k = c->centre->first_segment; k < c->centre->end_segment; ++k) {
    const xp_snap_image_segment *segment = &c->image->segments[k];
    double outputs = segment->noutputs, products = segment->nproducts;
    double bytes = sizeof *segment + outputs * sizeof(int) + products * (sizeof(int) + outputs * c->real);
    w->operations += products * (OPERATIONS_PRODUCT + 4.0 * outputs);
    touch(w, c, products * 4.0 + 2.0 * outputs, 0.0);
    stream(w, c, bytes, bytes);
  }
}

/* snap_finish_linear */
static void count_linear(xp_device_work *w, const context *c) {
  double entries = (double)c->image->nlabels * c->image->nentries;
  for (int k = c->centre->first_rest; k < c->centre->end_rest; ++k) {
    double count = c->image->rests[k].count, record = sizeof *c->image->rests;
    w->operations += 2.0 * count;
    touch(w, c, 2.0 * (count + 2.0), 0.0);
    stream(w, c, 2.0 * record, record);
  }
  w->exact += entries * OPERATIONS_DOT;
  touch(w, c, entries * 4.0, 2.0 * XP_DEVICE_SNAP_ENERGY_PARTS);
  stream(w, c, entries * sizeof(int), c->image->nentries * sizeof(xp_snap_image_entry));
}

/* snap_find_components, snap_fill_links */
static void count_components(xp_device_work *w, const context *c) {
  double count = c->image->ncomponents, terms = 0.0, matrix = count * count * sizeof(double);
  for (int k = 0; k < c->image->ncomponents; ++k) {
    w->exact += c->image->components[k].n * OPERATIONS_DOT;
    touch(w, c, c->image->components[k].n * 4.0, 0.0);
  }
  w->exact += count * (2.0 * count + 4.0);
  touch(w, c, count, count * (count + 4.0));
  stream(w, c, matrix, matrix);
  for (int k = 0; k < c->image->nlinks; ++k) terms += c->image->links[k].end - c->image->links[k].first;
  double bytes = c->image->nlinks * sizeof *c->image->links + terms * (sizeof(int) + c->real);
  w->operations += 2.0 * terms;
  touch(w, c, terms + c->image->nlinks, 0.0);
  stream(w, c, bytes, bytes);
}

/* snap_link: every entry of Y runs through the links of its level. */
static void count_links(xp_device_work *w, const context *c) {
  const xp_snap_image *image = c->image;
  for (int label = 0; label < image->nlabels; ++label)
    for (int e = 0; e < image->nentries; ++e) {
      const xp_snap_image_level *level = &image->levels[label * (image->twojmax + 1) + image->entries[e].j];
      double links = level->end - level->first, record = sizeof *image->entries + sizeof *level;
      w->operations += 2.0 * 2.0 * links;
      touch(w, c, 2.0 * (2.0 * links + 1.0), 0.0);
      stream(w, c, 2.0 * (record + links * sizeof(int)), record);
    }
  stream(w, c, 0.0, image->nlinks * (double)sizeof *image->links);
}

static void count_energy(xp_device_work *w, const context *c) {
  if (c->image->quadratic) {
    count_components(w, c);
    count_links(w, c);
  } else {
    count_linear(w, c);
  }
}

/* snap_gather */
static void count_gathering(xp_device_work *w, const context *c) {
  for (int m = 0; m < c->image->nmoments; ++m) count_row(w, c, &c->image->gathering[m]);
  touch(w, c, (double)c->image->nlabels * c->image->nmoments, 0.0);
}

/* snap_find_shares */
static void count_shares(xp_device_work *w, const context *c, int s) {
  double record = sizeof(xp_snap_image_power), tiles = c->tiled[s] / XP_DEVICE_TILE;
  for (int p = 0; p < c->image->npowers; ++p) {
    const xp_snap_image_power *power = &c->image->powers[p];
    double sums = 0.0, below = (power->k > 0) + (power->l > 0);
    for (int part = 0; part < 4; ++part) sums += power->moments[part] < 0 ? 0.0 : power->count;
    w->operations += c->tiled[s] * (4.0 * sums + OPERATIONS_SHARES + below * OPERATIONS_ADD_POWER);
    touch(w, c, c->tiled[s] * (3.0 * sums + 4.0 + 2.0 * below), 0.0);
    stream(w, c, c->tiled[s] * record, tiles * record);
  }
  touch(w, c, c->tiled[s] * groups(c->image, c->team->workers) * XP_DEVICE_SNAP_SHARES, 0.0);
}

/* snap_finish_tile, sum_own */
static void count_gradients(xp_device_work *w, const context *c, int s) {
  double shares = groups(c->image, c->team->workers) * (double)XP_DEVICE_SNAP_SHARES;
  w->exact += c->tiled[s] * (OPERATIONS_TURN + shares);
  touch(w, c, c->tiled[s] * shares, c->tiled[s] * (5.0 + 8.0 + 3.0 + 3.0 + 3.0));
  w->requests += c->within[s] * XP_DEVICE_INDEX;
  w->atomics += 3.0 * c->within[s];
}

typedef void (*stage_of_neighbours)(xp_device_work *w, const context *c, int s);

/* A stage that is done for the neighbours of every species. */
static xp_device_work *over_species(xp_device_cost *cost, const char *name, const context *c,
                                    stage_of_neighbours count) {
  xp_device_work *w = xp_device_cost_stage(cost, name);
  for (int s = 0; s < c->image->nelements; ++s)
    if (c->within[s] > 0.0) count(w, c, s);
  return w;
}

static void count_centre(xp_device_cost *cost, const context *c) {
  over_species(cost, "forward: angles", c, count_angles);
  over_species(cost, "forward: powers, polynomials", c, count_factors);
  count_clearing(over_species(cost, "forward: moments", c, count_moments), c);
  count_expansion(xp_device_cost_stage(cost, "forward: U"), c);
  count_products(xp_device_cost_stage(cost, "forward: products"), c);
  count_energy(xp_device_cost_stage(cost, "forward: energy, Y"), c);
  count_gathering(xp_device_cost_stage(cost, "adjoint: moments"), c);
  over_species(cost, "neighbours: angles", c, count_angles);
  over_species(cost, "neighbours: powers, polynomials", c, count_factors);
  over_species(cost, "neighbours: sums over powers", c, count_shares);
  over_species(cost, "neighbours: gradients", c, count_gradients);
}

void xp_snap_device_count(xp_device_cost *cost, const xp_snap_image *image, const xp_device_neighbours *neighbours,
                          const xp_device_team *team) {
  int n = image->nelements;
  *cost = (xp_device_cost){0};
  for (int i = 0; i < n; ++i) {
    context c = {image, &image->centres[i],       neighbours->within + i * n, neighbours->tiled + i * n,
                 team,  xp_device_team_real(team)};
    xp_device_cost one = {0};
    xp_device_count_lists(xp_device_cost_stage(&one, "short lists"), neighbours, i);
    count_centre(&one, &c);
    xp_device_cost_add(cost, &one, neighbours->share[i]);
  }
}
