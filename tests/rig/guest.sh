#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make guest: the PF in a host, and VFs in guests of it.
#
# RUN     script that runs once in the host, with ROLE=host and the PF in $PF, and at the same time once in each guest,
#         with ROLE=guest, the guest's number in $GUEST and its VF in $VF. Without it: a shell in the host.
# GUESTS  how many guests; 1 unless given. Guest N has VF N.
#
# In the host cfgblk_pf is loaded and has the VFs enabled: guests cannot start without one. In the guests nothing of
# ours is loaded. Lines of a guest begin with "guest N: ". Everything else is as vm.sh has it.
#
# Exit status: that of the host's script, if it is not 0; else that of the first guest that failed; 125 if one did not
# start, or ended before its script did. Each that failed is named.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

RUN=${RUN:-}
SEND=${SEND:-}
GUESTS=${GUESTS:-1}

# The 82576 has no more VFs, and each guest needs memory of the host.
GUESTS_MAX=7
GUEST_MEM=320

check_request()
{
	[[ $GUESTS =~ ^[1-$GUESTS_MAX]$ ]] ||
		die "GUESTS: '$GUESTS' is not a number from 1 to $GUESTS_MAX"
	if [ -z "$RUN" ] && ! [ -t 0 ]; then
		die "without RUN=script there is a shell in the host, and that needs a terminal"
	fi
	[ -z "$RUN" ] || [ -f "$RUN" ] || die "RUN: there is no file $RUN"
}

main()
{
	local work status=0

	DIE_STATUS=125 check_request
	export APPEND="${APPEND:-} GUESTS=$GUESTS" MEM=${MEM:-$((768 + GUESTS * GUEST_MEM))}
	if [ -z "$RUN" ]; then
		RUN='' START=$RIG_DIR/start.sh SEND="$SEND $RIG_DIR/start.sh" exec "$RIG_DIR/nested.sh"
	fi
	work=$(mktemp -d)
	# shellcheck disable=SC2064 # as it is now
	trap "rm -rf '$work'" EXIT
	mkdir "$work/run"
	cp "$RUN" "$work/run/"
	RUN=$RIG_DIR/both.sh SEND="$SEND $RIG_DIR/start.sh $work/run" "$RIG_DIR/nested.sh" || status=$?
	exit "$status"
}

main
