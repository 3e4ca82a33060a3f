#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The conversation that "make demo" shows. tests/demo.sh runs it in the test machine, under busybox sh.
#
# Each command is printed and then evaluated, and what it says is compared with what it should say: the text on the
# screen and the commands cannot drift apart, and the first surprise ends the demo.
#
# DEMO_COLOUR in the environment turns colours on.

# Longer output is folded; what is printed here stays below it.
WIDTH=100
# Seconds to wait for an event, on a busy host. What a command takes is bounded by vm.sh's TIMEOUT.
PATIENCE=30
KERNEL_TROUBLE='BUG:|WARNING:|Oops'

SYS=/sys/bus/pci/devices/$PF

set_colours()
{
	BOLD='' DIM='' CYAN='' PLAIN=''
	if [ -n "$DEMO_COLOUR" ]; then
		BOLD=$(printf '\033[1m')
		DIM=$(printf '\033[2m')
		CYAN=$(printf '\033[36m')
		PLAIN=$(printf '\033[0m')
	fi
}

# What the kernel said is of interest only now.
fail()
{
	printf '%sThe demo stops here: %s.%s\n' "$BOLD" "$*" "$PLAIN"
	echo "The kernel's last words about cfgblk:"
	dmesg | grep -E "cfgblk|$KERNEL_TROUBLE" | tail -n 8
	exit 1
}

heading()
{
	printf '%s%s%s\n' "$BOLD" "$*" "$PLAIN"
}

# prompt WHO TEXT, WHO with its sign; a comment in the text is for the reader only and steps back.
prompt()
{
	case $2 in
	*' # '*) printf '%s%-5s%s %s%s # %s%s\n' "$CYAN" "$1" "$PLAIN" "${2%% # *}" "$DIM" "${2#* # }" "$PLAIN" ;;
	*) printf '%s%-5s%s %s\n' "$CYAN" "$1" "$PLAIN" "$2" ;;
	esac
}

# evaluate WHO COMMAND: leaves what it said in OUTPUT and its status in STATUS.
evaluate()
{
	COMMAND=$2
	prompt "$1#" "$2"
	OUTPUT=$(eval "$2" 2>&1)
	STATUS=$?
	if [ -n "$OUTPUT" ]; then
		printf '%s\n' "$OUTPUT" | fold -s -w "$WIDTH" | sed 's/ $//'
	fi
}

# run WHO COMMAND [OUTPUT]: it has to succeed, and to say exactly that.
run()
{
	evaluate "$1" "$2"
	[ "$STATUS" -eq 0 ] || fail "this should have succeeded, and ended with status $STATUS: $COMMAND"
	[ $# -lt 3 ] || [ "$OUTPUT" = "$3" ] || fail "instead of '$3' this printed '$OUTPUT': $COMMAND"
}

# refused WHO COMMAND ERRNO: it has to fail, and for that reason.
refused()
{
	evaluate "$1" "$2"
	[ "$STATUS" -ne 0 ] || fail "this should have been refused, and succeeded: $COMMAND"
	case $OUTPUT in
	*"($3)"*) ;;
	*) fail "this should have been refused with $3, and the reason is another: $COMMAND" ;;
	esac
}

# poll WHAT COMMAND: waits until COMMAND succeeds; for what cannot be waited for in any other way.
poll()
{
	tries=$((PATIENCE * 10))
	until eval "$2"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || fail "after $PATIENCE seconds still not: $1"
		usleep 100000
	done
}

# start_watcher WHO COMMAND: in the background; hear takes its lines. Leaves its process id in WATCHER.
#
# The PF keeps no events for a watcher that is still to come, so it has to be watching before a VF writes. It does not
# say that it is; but it sleeps in poll(2) for the first time when it is.
start_watcher()
{
	prompt "$1#" "$2 &"
	mkfifo "/run/$1"
	# Opened for both, this waits for no writer; nor does the reader meet an end.
	case $1 in
	host) exec 3<>/run/host ;;
	vf0) exec 4<>/run/vf0 ;;
	esac
	eval "exec $2" >"/run/$1" 2>&1 3>&- 4>&- &
	WATCHER=$!
	poll "a watcher that watches: $2" "grep -q poll /proc/$WATCHER/wchan"
}

# hear WHO LINE: the next line of that watcher has to be this one.
# shellcheck disable=SC3045 # busybox has read -t
hear()
{
	case $1 in
	host) read -r -t "$PATIENCE" heard <&3 ;;
	vf0) read -r -t "$PATIENCE" heard <&4 ;;
	esac || fail "nothing came from the watcher of $1 within $PATIENCE seconds, instead of '$2'"
	prompt "$1>" "$heard"
	[ "$heard" = "$2" ] || fail "the watcher of $1 should have printed '$2'"
}

# ended WHO PID: a watcher that has heard all that it was to count ends by itself.
ended()
{
	wait "$2" || fail "the watcher of $1 ended with status $?"
}

vf_address()
{
	basename "$(readlink "$SYS/virtfn$1")"
}

links_up()
{
	[ "$(cfgblk list | grep -c 'link up$')" -eq 2 ]
}

# shellcheck disable=SC2016,SC2034 # here and below: printed as it is, expanded by eval
enable_vfs()
{
	heading "1. Load the driver of the PF (the whole card), enable 2 VFs (slices for guests), load theirs"
	run host 'modprobe cfgblk_pf && echo 2 > /sys/bus/pci/devices/$PF/sriov_numvfs'
	run host 'modprobe cfgblk_vf allow_parent=1 # both ends in one kernel; normally a VF is in a guest'
	VF0=$(vf_address 0)
	VF1=$(vf_address 1)
	poll "both links up" links_up
	run host 'cfgblk list'
}

# shellcheck disable=SC2016
publish()
{
	heading "2. The host defines blocks (up to 128 bytes, with a number) and publishes a setting for each VF"
	run host 'cfgblk define $PF 3 --all --access ro # what a VF may do: only read'
	run host 'echo vlan=100 | cfgblk write $PF 3 --vf 0'
	run host 'echo vlan=200 | cfgblk write $PF 3 --vf 1'
	run host 'cfgblk define $PF 5 --vf 0 # for VF 0 alone, which may also write it'
}

# shellcheck disable=SC2016
separate()
{
	heading "3. Each VF reads its own blocks and no others. VF 0 also watches: after vf0> is what it hears"
	start_watcher vf0 'cfgblk watch $VF0 --count 2'
	VF0_WATCHER=$WATCHER
	hear vf0 'invalidated 3'
	run vf0 'cfgblk read $VF0 3' vlan=100
	run vf1 'cfgblk read $VF1 3' vlan=200
	refused vf1 'cfgblk read $VF1 5' ENOENT
}

# shellcheck disable=SC2016
report_back()
{
	heading "4. VF 0 writes its status, and the host's watcher hears of it"
	start_watcher host 'cfgblk watch $PF --count 1'
	run vf0 'echo link=up | cfgblk write $VF0 5'
	hear host 'vf 0 wrote block 5 (8 bytes)'
	ended host "$WATCHER"
	run host 'cfgblk read $PF 5 --vf 0' link=up
}

# shellcheck disable=SC2016
change()
{
	heading "5. The host changes a setting; VF 0's watcher, still there, wakes, and VF 0 reads it again"
	run host 'echo vlan=101 | cfgblk write $PF 3 --vf 0'
	hear vf0 'invalidated 3'
	ended vf0 "$VF0_WATCHER"
	run vf0 'cfgblk read $VF0 3' vlan=101
}

# shellcheck disable=SC2016
measure()
{
	heading "6. How long bytes take from VF to PF and back, through the mailbox of the (emulated) card"
	run vf0 'cfgblk ping $VF0 --count 100'
}

# The command on the screen looks at the two places that a person would look at; this looks at the others.
check_nothing_left()
{
	for path in "$SYS/virtfn0" "$SYS/cfgblk" "$SYS/driver" /sys/class/cfgblk /sys/kernel/debug/cfgblk; do
		[ ! -e "$path" ] || fail "this should be gone, and is still there: $path"
	done
	if dmesg | grep -qE "$KERNEL_TROUBLE"; then
		fail "the kernel complained"
	fi
}

# shellcheck disable=SC2016
undo()
{
	heading "7. All of it undone"
	run host 'cfgblk undefine $PF 3 --all && cfgblk undefine $PF 5 --vf 0'
	run host 'echo 0 > /sys/bus/pci/devices/$PF/sriov_numvfs && rmmod cfgblk_vf cfgblk_pf cfgblk'
	run host '[ -e /dev/cfgblk ] || lsmod | grep cfgblk || echo no device node, no module: nothing is left' \
		'no device node, no module: nothing is left'
	check_nothing_left
}

main()
{
	set_colours
	# What the kernel said while it booted is not of our doing.
	dmesg -c >/dev/null
	[ -n "$PF" ] || fail "this machine has no 82576"
	heading "cfgblk on QEMU's Intel 82576 network card (\$PF is $PF) and Debian's $(uname -r)"
	enable_vfs
	publish
	separate
	report_back
	change
	measure
	undo
}

main
