# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# What runs in a guest: takes commands from its host, one a line, and runs them one after the other. What it writes:
#
# "+ VF"      the guest is up, and its VF has that address
# " LINE"     a line of the command's output
# "= STATUS"  the command has ended
#
# A command that goes on in the background has to send its output elsewhere.

# shellcheck source=/dev/null # a suite sends it
[ ! -e /send/cases/lib.sh ] || . /send/cases/lib.sh

run()
{
	{ (eval "$1"); echo $? >/run/status; } </dev/null 2>&1 | awk '{ print " " $0; fflush() }'
	echo "= $(cat /run/status)"
}

# A new line, as the guest may have rebooted in the middle of one
printf '\n+ %s\n' "$VF"
while read -r command; do
	run "$command"
done </dev/ttyS1
