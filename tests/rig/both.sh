# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# The host of make guest RUN=: runs the script here and in each guest, at the same time, and says who failed.

# shellcheck disable=SC2034 # for start.sh
QUIET=1
# shellcheck source=SCRIPTDIR/start.sh
. /send/start.sh

# named WHO STATUS: the first failure is the exit status
named()
{
	if [ "$2" -ne 0 ]; then
		echo "$1: the script ended with status $2" >&2
		[ "$FAILED" -ne 0 ] || FAILED=$2
	fi
}

in_guest()
{
	# shellcheck disable=SC2034 # for guest
	PREFIX="guest $1: "
	guest "$1" "sh -c '. /etc/functions; . \"\$0\"' '$SCRIPT'"
}

FAILED=0
if [ "$HOST_STATUS" -ne 0 ]; then
	echo "the guests did not start" >&2
	exit 125
fi
SCRIPT=$(find /send/run -type f)
JOBS=
for n in $(seq 0 $((GUESTS - 1))); do
	in_guest "$n" &
	JOBS="$JOBS $n:$!"
done
# shellcheck disable=SC2016 # expanded by that shell, whose $0 is the script
sh -c '. /etc/functions; . "$0"' "$SCRIPT" </dev/null
named host $?
for job in $JOBS; do
	wait "${job#*:}"
	named "guest ${job%:*}" $?
done
exit "$FAILED"
