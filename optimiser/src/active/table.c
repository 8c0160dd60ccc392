/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "active/active.h"

void xp_active_summary_print(const xp_active_summary *summary, FILE *stream) {
  fprintf(stream, "%-8s %12s %10s %12s %12s %14s\n", "element", "descriptors", "atoms", "active atoms", "unexplored",
          "largest gamma");
  for (int e = 0; e < summary->nelements; ++e) {
    const xp_active_element *element = &summary->elements[e];
    fprintf(stream, "%-8s %12d %10ld %12d %12d %14.9f\n", element->symbol, element->descriptors, element->atoms,
            element->descriptors - element->unexplored, element->unexplored, element->largest);
  }
}

void xp_active_summary_warn(const xp_active_summary *summary, xp_report *report) {
  for (int e = 0; e < summary->nelements; ++e) {
    const xp_active_element *element = &summary->elements[e];
    if (element->atoms == 0)
      xp_report_message(report, "warning: the data have no atom of %s: every %s atom will be said to extrapolate",
                        element->symbol, element->symbol);
    else if (!summary->complete && element->largest > 1.0)
      xp_report_message(report, "warning: after %d passes the largest gamma of a %s atom of the data is %.8g, not 1",
                        summary->passes, element->symbol, element->largest);
  }
}
