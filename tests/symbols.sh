#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the modules ask the kernel for, where the contract says what they must not.  Expects CFGBLK_MODULES from
# tests/build.sh.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/rig/lib.sh"

SRIOV='sriov|_iov_|num_vf|vfs_assigned'
QUEUES='netdev|napi|blk_mq|dma_alloc|dma_map'

# asks MODULE PATTERN: the symbols that it takes from elsewhere and that match. 1 if none does, 2 if nothing can be
# said.
asks()
{
	local symbols

	symbols=$(nm --undefined-only "$CFGBLK_MODULES/$1.ko" | awk '{ print $NF }') && [ -n "$symbols" ] || return 2
	grep -E "$2" <<<"$symbols"
}

check()
{
	local name=$1 found
	shift

	if found=$("$@"); then
		printf 'ok - symbols: %s\n' "$name"
	else
		printf 'not ok - symbols: %s\n' "$name"
		printf '%s' "$found" | sed 's/^/# /'
	fi
}

asks_not()
{
	local rc=0

	asks "$@" || rc=$?
	[ "$rc" -eq 1 ]
}

check "cfgblk_vf reads no SR-IOV setting" asks_not cfgblk_vf "$SRIOV"
check "cfgblk_vf offers no queue" asks_not cfgblk_vf "$QUEUES"
check "cfgblk_pf is seen to ask for SR-IOV" asks cfgblk_pf "$SRIOV"
