#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make deb: the Debian packages cfgblk-dkms and cfgblk-tools, built in a copy of the sources, into build/deb.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../tests/rig/lib.sh"
. "$RIG_DIR/apt.sh"

OUT=$TOP_DIR/build/deb
PACKAGES=(build-essential debhelper dh-dkms libjansson-dev pkg-config)
SOURCES=(Kbuild Makefile COPYING common pf vf include tools packaging)

setup()
{
	apt_need "to build Debian packages" "${PACKAGES[@]}"
}

# What was built in the checkout stays there.
copy_sources()
{
	rm -rf "$OUT"
	mkdir -p "$OUT/source"
	(cd "$TOP_DIR" && cp -r --preserve=timestamps "${SOURCES[@]}" "$OUT/source/")
	make -s -C "$OUT/source/tools" clean
	cp -r "$OUT/source/packaging/debian" "$OUT/source/debian"
}

build()
{
	(cd "$OUT/source" && dpkg-buildpackage --build=binary --no-sign) >"$OUT/log" 2>&1
}

main()
{
	setup
	copy_sources
	progress "dpkg-buildpackage ..."
	if ! build; then
		tail -n 40 "$OUT/log" >&2
		die "the packages were not built; all of it is in $OUT/log"
	fi
	progress_end
	printf '%s\n' "$OUT"/*.deb
}

main
