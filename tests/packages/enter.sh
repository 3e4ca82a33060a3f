#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A fresh Debian to try README.md in: enter.sh 12, or 13, and a command if it is not to be a shell. The checkout is in
# /root/cfgblk. It has no more than the installer leaves behind, apt and the network; what is done there is gone
# afterwards. It is a tree and no machine: nothing can be loaded.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../rig/lib.sh"
. "$RIG_DIR/apt.sh"
. "$TOP_DIR/tests/packages/lib.sh"

main()
{
	local debian=${1:-} status=0

	[ -n "${SUITES[$debian]:-}" ] || die "usage: enter.sh 12|13 [COMMAND...]"
	trees_setup git
	need_root "$@"
	shift
	tree "$debian" fresh >/dev/null
	exec 9>&-
	LAYER=$(mktemp -d "$TREES/layer.XXXXXX")
	trap 'layer_down "$LAYER"; give_to_user' EXIT
	layer_up "$LAYER" "$debian" fresh
	copy_checkout "$LAYER/root/root/cfgblk"
	cp /etc/resolv.conf "$LAYER/root/etc/resolv.conf"
	say "reading the package lists there"
	quietly in_tree "$LAYER/root" apt-get update
	in_tree "$LAYER/root" sh -c 'cd /root/cfgblk && exec "$@"' sh "${@:-bash}" || status=$?
	exit "$status"
}

main "$@"
