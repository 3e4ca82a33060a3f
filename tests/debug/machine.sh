# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# One suite of tests/cases in the test machine, then what the kernel's own checks have to say. tests/check-debug.sh puts
# SUITE=NAME in front of this.

. /send/watchers.sh

# Those of lib.sh, without its directory and its counters: the suite has its own
ok()
{
	echo "ok - $1"
}

not_ok()
{
	echo "not ok - $1"
	shift
	for line in "$@"; do
		echo "$line" | sed 's/^/# /'
	done
}

watchers_begin
# The suite ends in exit
# shellcheck disable=SC1090 # the suite of the day
(. "/send/cases/$SUITE.sh")
leaks_check
watchers_alive
echo 'end of checks'
