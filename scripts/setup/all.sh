# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
set -euo pipefail
SETUP_DIR=$(dirname "${BASH_SOURCE[0]}")
for part in common apt packages lammps options project; do
    . "$SETUP_DIR/$part.sh"
done
