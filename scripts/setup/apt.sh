# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A private apt view: this machine's own Debian archive with the suites trixie and sid beside its own, pinned so low
# that nothing comes from them unless asked for by name. The machine's apt configuration is read, never written.

APT_DIR=$XPOT_CACHE/apt

# debian_archive CODENAME: prints "ADDRESS KEYRING" of the archive this machine takes that suite from.
debian_archive() {
    awk -v suite="$1" '
        function report() { if (!done && match_suite && uri != "") { print uri, key; done = 1 } uri = key = ""; match_suite = 0 }
        /^[[:space:]]*#/ { next }
        /^$/ || FNR == 1 { report() }
        /^URIs:/ { uri = $2 }
        /^Signed-By:/ { key = $2 }
        /^Suites:/ { for (i = 2; i <= NF; i++) if ($i == suite) match_suite = 1 }
        /^deb / {
            line = $0
            if (line ~ /signed-by=/) { key = line; sub(/.*signed-by=/, "", key); sub(/[], ].*/, "", key) }
            sub(/^deb +(\[[^]]*\] +)?/, "", line)
            split(line, part, /[[:space:]]+/)
            if (part[2] == suite) { uri = part[1]; match_suite = 1; report() }
            uri = key = ""
        }
        END { report() }' $(ls /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null)
}

# apt_source SUITE ADDRESS KEYRING
apt_source() {
    printf 'Types: deb deb-src\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' \
        "$2" "$1" "${3:-/usr/share/keyrings/debian-archive-keyring.gpg}" >"$APT_DIR/sources/xpot-$1.sources"
}

private_apt_write() {
    local address keyring suite
    rm -rf "$APT_DIR/sources" "$APT_DIR/preferences"
    mkdir -p "$APT_DIR"/{sources,preferences,lists/partial,archives/partial}
    for suite in "$DEBIAN_SUITE" "$DEBIAN_SUITE-updates" "$DEBIAN_SUITE-security"; do
        read -r address keyring < <(debian_archive "$suite") || continue
        apt_source "$suite" "$address" "${keyring:-}"
    done
    read -r address keyring < <(debian_archive "$DEBIAN_SUITE") ||
        die "no Debian archive for '$DEBIAN_SUITE' in /etc/apt/sources.list or /etc/apt/sources.list.d;" \
            "build LAMMPS yourself and give -DLAMMPS_SOURCE_DIR and -DLAMMPS_BUILD_DIR to cmake (README, \"Other systems\")"
    apt_source trixie "$address" "${keyring:-}"
    apt_source sid "$address" "${keyring:-}"
    {
        [ "$DEBIAN_SUITE" = trixie ] || printf 'Package: *\nPin: release n=trixie\nPin-Priority: 200\n\n'
        printf 'Package: *\nPin: release n=sid\nPin-Priority: 100\n'
    } >"$APT_DIR/preferences/xpot"
    # sid's Release file on a mirror can be past its date: its signature is checked all the same.
    APT_OPTIONS=(-o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$APT_DIR/sources"
        -o "Dir::Etc::PreferencesParts=$APT_DIR/preferences" -o "Dir::State::Lists=$APT_DIR/lists"
        -o "Dir::Cache::Archives=$APT_DIR/archives" -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache="
        -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root -o Acquire::Retries=3)
}

# The lists are fetched once a day at most: a second run is quick and needs no network.
private_apt_update() {
    private_apt_write
    if [ -z "$(find "$APT_DIR/updated" -mmin -1440 2>/dev/null)" ]; then
        say "reading the package lists of Debian $DEBIAN_SUITE, trixie and sid (kept in $APT_DIR)"
        run_logged apt-update apt-get "${APT_OPTIONS[@]}" update --error-on=any
        touch "$APT_DIR/updated"
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt_install() {
    run_logged apt-install as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get "${APT_OPTIONS[@]}" install -y --no-remove --no-install-recommends "$@"
}
