# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# The host of make guest: cfgblk_pf, VFs, and a guest with each. Sourced by both.sh, and by the shell of the host.

# shellcheck source=/dev/null # initramfs.sh makes it
. /etc/functions
# shellcheck source=SCRIPTDIR/host.sh
. /send/host.sh

host_greet()
{
	echo "82576 PF at $PF (\$PF) with cfgblk_pf, $GUESTS VFs, each in a guest, where nothing is loaded yet."
	echo "guest 0 'modprobe cfgblk_vf && cfgblk show \$VF' runs that in guest 0. guest_up, guest_kill: see /send/host.sh."
}

# One after the other: each needs the one processor to itself.
host_start()
{
	modprobe cfgblk_pf || return
	echo 0 >"$SYS/$PF/sriov_drivers_autoprobe"
	echo "$GUESTS" >"$SYS/$PF/sriov_numvfs" || return
	n=0
	while [ "$n" -lt "$GUESTS" ]; do
		guest_up "$n" || return
		n=$((n + 1))
	done
}

# The shell sources this once more for each shell within it.
if [ -z "$HOST_STARTED" ]; then
	export HOST_STARTED=1
	[ -n "$QUIET" ] || echo "Starting $GUESTS guests, 10 seconds or so each ..."
	host_start
	# shellcheck disable=SC2034 # for both.sh
	HOST_STATUS=$?
	[ -n "$QUIET" ] || host_greet
fi
