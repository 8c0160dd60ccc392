/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "structure/element.h"

#include <stddef.h>
#include <string.h>

#include "xpot/structure.h"

static const char *const symbols[] = {
    "H",  "He", "Li", "Be", "B",  "C",  "N",  "O",  "F",  "Ne", "Na", "Mg", "Al", "Si", "P",  "S",  "Cl", "Ar",
    "K",  "Ca", "Sc", "Ti", "V",  "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr",
    "Rb", "Sr", "Y",  "Zr", "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te", "I",  "Xe",
    "Cs", "Ba", "La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Hf",
    "Ta", "W",  "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl", "Pb", "Bi", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Th",
    "Pa", "U",  "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm", "Md", "No", "Lr"};

enum { SYMBOLS = sizeof symbols / sizeof *symbols };

int xp_element_number(const char *symbol) {
  for (int i = 0; i < SYMBOLS; ++i)
    if (strcmp(symbols[i], symbol) == 0) return i + 1;
  return 0;
}

const char *xp_element_symbol(int number) {
  return number >= 1 && number <= SYMBOLS ? symbols[number - 1] : NULL;
}

/* Picometres, by atomic number. */
static const short covalent_radii[] = {31,  28,  128, 96,  84,  76,  71,  66,  57,  58,  166, 141, 121, 111, 107, 105,
                                       102, 106, 203, 176, 170, 160, 153, 139, 139, 132, 126, 124, 132, 122, 122, 120,
                                       119, 120, 120, 116, 220, 195, 190, 175, 164, 154, 147, 146, 142, 139, 145, 144,
                                       142, 139, 139, 138, 139, 140, 244, 215, 207, 204, 203, 201, 199, 198, 198, 196,
                                       194, 192, 192, 189, 190, 187, 187, 175, 170, 162, 151, 144, 141, 136, 136, 132,
                                       145, 146, 148, 140, 150, 150, 260, 221, 215, 206, 200, 196, 190, 187, 180, 169};

double xp_covalent_radius(const char *symbol) {
  int number = xp_element_number(symbol), count = sizeof covalent_radii / sizeof *covalent_radii;
  return number >= 1 && number <= count ? 0.01 * covalent_radii[number - 1] : 0.0;
}
