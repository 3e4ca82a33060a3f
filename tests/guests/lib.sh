# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# What every suite with guests shares. Sourced in the host, after which check and the like of cases/lib.sh are there,
# and guest and the like of rig/host.sh. The guests have cases/lib.sh, too.

. /send/cases/lib.sh
. /send/host.sh

# check, without which nothing else makes sense
needed()
{
	# shellcheck disable=SC2153 # of cases/lib.sh
	failed=$FAILED
	check "$@"
	[ "$FAILED" -eq "$failed" ] || end
}

# The PF's driver and N VFs, of which none is for the host
host_up()
{
	modprobe cfgblk_pf && echo 0 >"$SYS/$PF/sriov_drivers_autoprobe" && numvfs "$1"
}

# cfgblk_vf in guest N, and its link
# shellcheck disable=SC2016 # expanded in the guest
vf_up()
{
	guest "$1" 'modprobe cfgblk_vf && within 60 attached $VF'
}

publish()
{
	printf %s "$3" | cfgblk write "$PF" "$2" --vf "$1"
}

# What the host finds in block B of VF N: holds N B VALUE
holds()
{
	[ "$(cfgblk read "$PF" "$2" --vf "$1")" = "$3" ]
}

nothing_in()
{
	cfgblk read "$PF" "$2" --vf "$1" 2>&1 | grep -q ENODATA
}

resets()
{
	counter "$PF" resets --vf "$1"
}

# more_than N COMMAND...: it says a greater number
more_than()
{
	least=$1
	shift
	[ "$("$@")" -gt "$least" ]
}
