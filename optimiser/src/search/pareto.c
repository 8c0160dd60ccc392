/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "search/pareto.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "search/improvement.h"

static bool beaten(int count, const double *first, const double *second, int i) {
  for (int j = 0; j < count; ++j) {
    if (!(first[j] <= first[i] && second[j] <= second[i])) continue; /* also when j has a NaN */
    bool equal = first[j] == first[i] && second[j] == second[i];
    if (!equal || j < i) return true;
  }
  return false;
}

int xp_pareto_front(int count, const double *first, const double *second, int *indices) {
  int found = 0;
  for (int i = 0; i < count; ++i) {
    if (isnan(first[i]) || isnan(second[i]) || beaten(count, first, second, i)) continue;
    int place = found++;
    for (; place > 0 && first[indices[place - 1]] > first[i]; --place) indices[place] = indices[place - 1];
    indices[place] = i;
  }
  return found;
}

double xp_pareto_area(const xp_pareto *front) {
  double area = 0.0;
  for (int i = 0; i < front->count; ++i) {
    double right = i + 1 < front->count ? front->first[i + 1] : front->reference[0];
    area += (right - front->first[i]) * (front->reference[1] - front->second[i]);
  }
  return area;
}

/* A logarithm with its derivatives by a mean and a deviation. */
typedef struct term {
  double value, by_mean, by_deviation;
} term;

/* ln E[max(0, edge - y)]. */
static term gain(double edge, double mean, double deviation) {
  term t;
  t.value = xp_improvement_log(edge, mean, deviation, &t.by_mean, &t.by_deviation);
  return t;
}

/* ln(exp(upper) - exp(lower)), lower < upper. */
static term difference(term upper, term lower) {
  double ratio = exp(lower.value - upper.value), rest = -expm1(lower.value - upper.value);
  return (term){upper.value + log(rest), (upper.by_mean - ratio * lower.by_mean) / rest,
                (upper.by_deviation - ratio * lower.by_deviation) / rest};
}

/* The sum of exp(terms) as it grows, relative to the largest so far. */
typedef struct sum {
  double largest, total;
  double slopes[4]; /* sums of exp(terms) times the derivatives by both means, both deviations */
} sum;

static void sum_add(sum *s, term width, term height) {
  double value = width.value + height.value;
  if (!(value > -INFINITY)) return;
  if (value > s->largest) {
    double shrink = exp(s->largest - value);
    s->total *= shrink;
    for (int i = 0; i < 4; ++i) s->slopes[i] *= shrink;
    s->largest = value;
  }
  double share = exp(value - s->largest);
  s->total += share;
  s->slopes[0] += share * width.by_mean;
  s->slopes[1] += share * height.by_mean;
  s->slopes[2] += share * width.by_deviation;
  s->slopes[3] += share * height.by_deviation;
}

/* Between two neighbours of the front, a strip of the plane, the area grows by the part of the strip's width right of the
 * point's first objective times what the second lies below the front; both are independent, so the expectation of the
 * product is the product of expectations. */
double xp_pareto_log_growth(const xp_pareto *front, const double *means, const double *deviations, double *by_means,
                            double *by_deviations) {
  sum s = {.largest = -INFINITY};
  term left = {.value = -INFINITY};
  for (int strip = 0; strip <= front->count; ++strip) {
    double right_edge = strip < front->count ? front->first[strip] : front->reference[0];
    double top = strip > 0 ? front->second[strip - 1] : front->reference[1];
    term right = gain(right_edge, means[0], deviations[0]);
    if (right.value > left.value)
      sum_add(&s, strip > 0 ? difference(right, left) : right, gain(top, means[1], deviations[1]));
    left = right;
  }
  for (int i = 0; i < 2; ++i) {
    if (by_means) by_means[i] = s.slopes[i] / s.total;
    if (by_deviations) by_deviations[i] = s.slopes[2 + i] / s.total;
  }
  return s.largest + log(s.total);
}
